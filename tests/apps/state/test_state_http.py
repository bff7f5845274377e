import asyncio
from typing import Any
from urllib.parse import quote

import httpx
import pytest

PATH = "/state/n/k"


async def put(client: httpx.AsyncClient, value: Any, path: str = PATH, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): header for name, header in headers.items()}
    return await client.put(path, json={"value": value}, headers=named)


async def test_a_value_is_kept_read_and_deleted(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH)).status_code == 404
    values: list[Any] = [None, 0, "", [], {"speed": 1.2, "ñ": [None]}, 2**64 - 1, 1e300]
    for value in values:
        kept = await put(client, value)
        assert (kept.status_code, kept.content) == (204, b"")
        found = await client.get(PATH)
        assert found.json() == {"value": value, "expires_at": None}
        assert found.headers["etag"] == kept.headers["etag"]
    assert (await client.delete(PATH)).status_code == 204
    assert (await client.delete(PATH)).status_code == 404
    assert (await client.get(PATH)).status_code == 404


async def test_what_has_expired_is_404(client: httpx.AsyncClient) -> None:
    kept = await client.put(PATH, json={"value": 1, "ttl_seconds": 0.001})
    await asyncio.sleep(0.02)
    assert kept.status_code == 204
    assert (await client.get(PATH)).status_code == 404
    assert (await client.delete(PATH)).status_code == 404
    assert (await client.get("/state/n")).json()["entries"] == []
    await client.put(PATH, json={"value": 1, "ttl_seconds": 60})
    assert (await client.get(PATH)).json()["expires_at"] is not None
    await put(client, 2)
    assert (await client.get(PATH)).json() == {"value": 2, "expires_at": None}


async def test_what_has_changed_since_is_not_overwritten(client: httpx.AsyncClient) -> None:
    first = (await put(client, 1)).headers["etag"]
    second = (await put(client, 2, if_match=first)).headers["etag"]
    assert second != first
    assert (await put(client, 3, if_match=first)).status_code == 412
    assert (await put(client, 3, if_none_match="*")).status_code == 412
    assert (await client.delete(PATH, headers={"If-Match": first})).status_code == 412
    assert (await client.get(PATH)).json()["value"] == 2
    assert (await client.delete(PATH, headers={"If-Match": second})).status_code == 204
    assert (await put(client, 3, if_match=second)).status_code == 412
    assert (await client.delete(PATH, headers={"If-Match": second})).status_code == 412
    assert (await put(client, 3, if_none_match="*")).status_code == 204


async def test_of_those_who_make_it_at_once_one_does(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(put(client, number, if_none_match="*") for number in range(8)))
    assert sorted(answer.status_code for answer in answers) == [204] + [412] * 7


async def test_any_key_can_stand_in_an_address(client: httpx.AsyncClient) -> None:
    keys = ["573000000000@s.whatsapp.net", "a b", "a/b", "a//b/", "/", "ñ🏠", "?x=1#y", "100%", "%2F", "x" * 255]
    for key in keys:
        assert (await put(client, key, f"/state/n%20ñ/{quote(key, safe='')}")).status_code == 204
        assert (await client.get(f"/state/n%20ñ/{quote(key, safe='')}")).json()["value"] == key
    found = (await client.get("/state/n%20ñ")).json()["entries"]
    assert [entry["key"] for entry in found] == sorted(keys)


async def test_a_namespace_is_listed_in_pages(client: httpx.AsyncClient) -> None:
    for number in range(7):
        await put(client, number, f"/state/n/k{number}")
    await put(client, 0, "/state/n/other")
    seen: list[Any] = []
    cursor = ""
    while True:
        page = (await client.get(f"/state/n?prefix=k&limit=3{cursor}")).json()
        seen += [(entry["key"], entry["value"]) for entry in page["entries"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [(f"k{number}", number) for number in range(7)]
    entry = page["entries"][0]
    assert (await put(client, 9, "/state/n/k6", if_match=f'"{entry["version"]}"')).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"value": 1, "ttl_seconds": 0},
        {"value": 1, "ttl_seconds": -1},
        {"value": 1, "ttl_seconds": "60"},
        {"value": 1, "ttl_seconds": True},
        {"value": 1, "ttl_seconds": 1e12},
        {"value": 1, "ttl": 60},
        {"value": "\0"},
        [1],
    ],
)
async def test_what_cannot_be_kept_is_refused(client: httpx.AsyncClient, body: Any) -> None:
    assert (await client.put(PATH, json=body)).status_code == 422
    assert (await client.get(PATH)).status_code == 404


async def test_what_is_beyond_a_limit_is_refused(client: httpx.AsyncClient) -> None:
    assert (await put(client, "x" * 262_142)).status_code == 204
    assert (await put(client, "x" * 262_143)).status_code == 413
    for path in ("/state/n/", f"/state/n/{'x' * 256}", f"/state/{'x' * 256}/k", "/state/n/a%00"):
        assert (await put(client, 1, path)).status_code == 422
    for query in ("limit=0", "limit=201", "cursor=no", f"prefix={'x' * 256}", "x=1"):
        assert (await client.get(f"/state/n?{query}")).status_code == 422


@pytest.mark.parametrize("tag", ["*", "5", 'W/"5"', '"a"', '"1", "2"', '"0"', f'"{"9" * 19}"', ""])
async def test_an_if_match_that_none_of_ours_can_be_changes_nothing(client: httpx.AsyncClient, tag: str) -> None:
    await put(client, 1)
    assert (await put(client, 2, if_match=tag)).status_code == 422
    assert (await client.delete(PATH, headers={"If-Match": tag})).status_code == 422
    assert (await client.get(PATH)).json()["value"] == 1


async def test_both_conditions_at_once_are_refused(client: httpx.AsyncClient) -> None:
    etag = (await put(client, 1)).headers["etag"]
    assert (await put(client, 2, if_match=etag, if_none_match="*")).status_code == 422


async def test_what_an_address_takes_stands_in_allow(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET, HEAD, PUT")
