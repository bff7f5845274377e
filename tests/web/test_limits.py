import contextlib
import json
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from arraigo.web import limits
from arraigo.web.limits import MAX_BODY_BYTES, MAX_DEPTH, parse_json

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | texts
    | st.floats(allow_nan=False).filter(lambda x: abs(x) != float("inf"))
)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=20)


@given(values)
def test_what_can_be_kept_comes_through_unchanged(value: Any) -> None:
    assert parse_json(orjson.dumps(value)) == value
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary())
def test_any_bytes_are_json_or_a_clean_refusal(data: bytes) -> None:
    with contextlib.suppress(HTTPException):
        parse_json(data)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"{", 400),
        (b"[1,]", 400),
        (b"NaN", 400),
        (b"-Infinity", 400),
        (b"1e400", 400),
        (b'"\xff"', 400),
        (b'\xef\xbb\xbf"bom"', 400),
        (b'"\x01"', 400),
        (b'{"a": "\\ud800"}', 422),
        (b'{"a": "\\udc00\\ud800"}', 422),
        (b'{"a": "\\u0000"}', 422),
        (b'{"\\u0000": 1}', 422),
        (b'[[["x\\u0000"]]]', 422),
        (b"[18446744073709551616]", 422),
        (b"[-9223372036854775809]", 422),
        (b"[" + b"9" * 5000 + b"]", 400),
        (nested(MAX_DEPTH + 2), 413),
        (nested(5000), 413),
        (b'{"a":' * 60 + b"1" + b"}" * 60, 413),
    ],
)
def test_what_cannot_be_kept_is_refused(data: bytes, status: int) -> None:
    with pytest.raises(HTTPException) as caught:
        parse_json(data)
    assert caught.value.status_code == status


@pytest.mark.parametrize(
    "data", [nested(MAX_DEPTH), b'"\\\\u0000"', b"18446744073709551615", b"1e300", b"[1e19]", '"\U0001f600"'.encode()]
)
def test_what_only_looks_dangerous_is_taken(data: bytes) -> None:
    assert parse_json(data) == json.loads(data)


async def test_a_body_that_says_it_is_too_long_is_413(client: httpx.AsyncClient) -> None:
    answer = await client.post("/conversations", content=b"x" * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert answer.json()["type"] == "/docs#content-too-large"
    assert answer.headers["connection"] == "close"


async def test_a_body_that_grows_too_long_is_413(client: httpx.AsyncClient) -> None:
    async def chunks() -> Any:
        for _ in range(40):
            yield b" " * 65536

    answer = await client.post("/conversations", content=chunks(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_what_is_not_declared_as_plain_json_is_415(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.post("/conversations", content=b'{"title": "x"}', headers=headers)
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "kind", ["application/json", "APPLICATION/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
async def test_json_may_be_declared_in_any_usual_way(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.post("/conversations", content=b'{"title": "x"}', headers={"Content-Type": kind})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/conversations/a%00b", 422),
        ("/conversations?cursor=%00", 422),
        ("/conversations/" + "x" * 9000, 414),
        ("/conversations/" + "x" * 256, 422),
        ("/conversations/%ff%fe", 404),
    ],
)
async def test_an_address_that_nothing_can_have_is_refused(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_headers_beyond_their_limit_are_431(client: httpx.AsyncClient) -> None:
    assert (await client.get("/conversations", headers={"X-Long": "x" * 40_000})).status_code == 431


def test_however_many_large_numbers_there_are_the_text_is_read_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(limits, "_refuse_long_integers", read.append)
    assert parse_json(b"[" + b"1e300," * 1000 + b"[[1e300, 1e300]]]")[0] == 1e300
    assert len(read) == 1
