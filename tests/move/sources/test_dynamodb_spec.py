"""What SOURCE says of DynamoDB."""

from pathlib import Path

import pytest

from arraigo.errors import InvalidInput
from arraigo.move.sources.spec import Source, parse


def test_one_place_has_one_name_however_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tables = parse("dynamodb://Sessions,Iterations?region=eu-west-1&endpoint_url=http://127.0.0.1:5000")
    assert tables == parse("dynamodb://Sessions,Iterations?endpoint_url=http%3A%2F%2F127.0.0.1%3A5000&region=eu-west-1")
    assert tables.location == "Sessions,Iterations"
    assert tables.options == {"region": "eu-west-1", "endpoint_url": "http://127.0.0.1:5000"}
    assert parse(str(tables)) == tables
    export = parse("dynamodb-export:old/?ttl=until&keys=a,b")
    assert export == Source("dynamodb-export", f"{tmp_path}/old", options={"keys": "a,b", "ttl": "until"})
    assert parse(str(export)) == export
    bucket = parse("dynamodb-export:s3://bucket/AWSDynamoDB/")
    assert bucket.location == "s3://bucket/AWSDynamoDB"
    assert parse(str(bucket)) == bucket


@pytest.mark.parametrize(
    "text",
    [
        *("dynamodb://", "dynamodb://T", "dynamodb://Table,Table", "dynamodb://Ta ble", "dynamodb://Table?"),
        *("dynamodb://Table?region=", "dynamodb://Table?keys=a", "dynamodb-export:", "dynamodb-export:s3://"),
        *("dynamodb://Table?endpoint_url=http://u:geheim@h", "dynamodb-export:x?shape=plans", "dynamodb-export:x?ttl="),
    ],
)
def test_what_names_no_table_and_no_export_is_refused_without_a_password(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"dynamodb|endpoint_url|there is:") as caught:
        parse(text)
    assert "geheim" not in str(caught.value)
