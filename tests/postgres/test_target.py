"""Where a database is: what libpq is told, and what a message may show."""

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from arraigo.errors import BadSetting
from arraigo.postgres import aws
from arraigo.postgres.target import Target, find
from arraigo.settings import Pool, load

URL = "postgresql://ana:secret@db.example.com:5433/my%20house"


def told(url: str, **more: object) -> dict[str, object]:
    return dict(conninfo_to_dict(Target(url, **more).conninfo()))  # type: ignore[arg-type]


def test_libpq_is_told_what_the_address_says_and_how_we_work() -> None:
    found = told(URL, sizes=Pool(connect_timeout=7))
    assert {name: found[name] for name in ("host", "port", "user", "password", "dbname")} == {
        "host": "db.example.com",
        "port": "5433",
        "user": "ana",
        "password": "secret",
        "dbname": "my house",
    }
    assert (found["connect_timeout"], found["application_name"], found["client_encoding"]) == ("7", "arraigo", "utf8")
    assert "TimeZone=UTC" in str(found["options"])


def test_what_the_address_says_itself_goes_first() -> None:
    found = told(f"{URL}?application_name=mine&connect_timeout=3&options=-c%20lock_timeout%3D5s&sslmode=require")
    assert (found["application_name"], found["connect_timeout"], found["sslmode"]) == ("mine", "3", "require")
    assert str(found["options"]).endswith("-c lock_timeout=5s")
    assert "TimeZone=UTC" in str(found["options"])


def test_a_pooler_in_transaction_mode_gets_no_start_up_options() -> None:
    assert "options" not in told(URL, pooler="transaction")


def test_a_message_shows_host_and_port_only() -> None:
    assert Target(URL).where == "db.example.com:5433"
    assert Target("postgresql://ana:secret@db.example.com/x").where == "db.example.com"
    assert Target("postgresql://ana@/x?host=%2Frun%2Fpg&port=1").where == "/run/pg"
    assert Target("postgresql://ana@%2Frun%2Fpg:5432/x").where == "/run/pg:5432"
    assert Target("postgresql:///x").where == "localhost"
    assert "secret" not in repr(Target(URL))


def test_the_same_address_with_another_database() -> None:
    other = Target(f"{URL}?sslmode=require").as_database("postgres")
    assert other == "postgresql://ana:secret@db.example.com:5433/postgres?sslmode=require"
    assert Target(URL).database == "my house"


def test_the_owners_way_in_is_the_migration_url_or_the_same() -> None:
    both = find(load({"DATABASE_URL": "postgresql://a@/x", "ARRAIGO_MIGRATION_URL": "postgresql://o@/x"}))
    assert (both.application.url, both.owner.url) == ("postgresql://a@/x", "postgresql://o@/x")
    pooled = {"DATABASE_URL": "postgresql://a@/x", "DB_POOLER": "transaction"}
    assert find(load(pooled)).owner.pooler == "transaction"
    assert find(load({**pooled, "ARRAIGO_MIGRATION_URL": "postgresql://o@/x"})).owner.pooler == ""


def test_an_iam_token_takes_the_place_of_the_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Signed here, with made-up keys: AWS is not asked."""
    pytest.importorskip("boto3", reason="boto3 is not installed (the extra aws)")
    _no_aws(monkeypatch, tmp_path)
    for name, value in (("ACCESS_KEY_ID", "AKIAEXAMPLE"), ("SECRET_ACCESS_KEY", "x"), ("DEFAULT_REGION", "eu-west-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    token = str(told(URL, iam_auth=True)["password"])
    assert token.startswith("db.example.com:5433/?Action=connect&DBUser=ana&")
    assert "X-Amz-Signature=" in token
    assert aws.sign_in_token("db.example.com", 5433, "ana").startswith("db.example.com:5433/")


def test_without_credentials_or_a_region_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("boto3", reason="boto3 is not installed (the extra aws)")
    _no_aws(monkeypatch, tmp_path)
    with pytest.raises(BadSetting, match=r"DB_IAM_AUTH is on, but AWS gives no token \(NoRegionError\)"):
        told(URL, iam_auth=True)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with pytest.raises(BadSetting, match=r"AWS gives no token \(NoCredentialsError\)"):
        told(URL, iam_auth=True)


def test_without_the_extra_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    with pytest.raises(BadSetting, match=r"wants the extra aws; run: pip install 'arraigo\[aws\]'"):
        told(URL, iam_auth=True)


def _no_aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PROFILE", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "DEFAULT_REGION", "REGION"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    for name in ("CONFIG_FILE", "SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(f"AWS_{name}", str(tmp_path / "nothing"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    boto3 = __import__("boto3")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
