import asyncio
from typing import Any

import httpx
import pytest

from arraigo.store.checks import MAX_CONTENT


async def made(client: httpx.AsyncClient, **values: Any) -> dict[str, Any]:
    answer = await client.post("/conversations", json={"title": "Direcciones"} | values)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def said(client: httpx.AsyncClient, talk: dict[str, Any], count: int) -> None:
    messages = [{"role": "user", "content": f"m{n}"} for n in range(1, count + 1)]
    answer = await client.post(f"/conversations/{talk['id']}/messages", json={"messages": messages})
    assert answer.status_code == 201


def numbers(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [message["sequence_number"] for message in answer.json()["messages"]]


async def test_a_conversation_is_found_by_both_of_its_names(client: httpx.AsyncClient) -> None:
    talk = await made(client, external_id="caso 12/b".replace("/", "-"))
    by_id = await client.get(f"/conversations/{talk['id']}")
    by_name = await client.get("/conversations/caso 12-b")
    assert by_id.json() == by_name.json()
    assert by_id.json()["conversation_id"] == "caso 12-b"  # as the client that made it calls it
    nameless = await made(client)
    assert nameless["conversation_id"] == nameless["id"]


async def test_the_answer_to_a_new_conversation_says_where_it_is(client: httpx.AsyncClient) -> None:
    answer = await client.post("/conversations", json={"title": "x"})
    assert (await client.get(answer.headers["location"])).json()["id"] == answer.json()["id"]


async def test_an_external_id_that_is_taken_is_a_409_that_names_the_conversation(client: httpx.AsyncClient) -> None:
    talk = await made(client, external_id="t-1")
    again = await client.post("/conversations", json={"title": "other", "external_id": "t-1"})
    assert again.status_code == 409
    assert talk["id"] in again.json()["detail"]


async def test_the_same_idempotency_key_stores_once(client: httpx.AsyncClient) -> None:
    talk = await made(client, external_id="t-1")
    body = {"messages": [{"role": "user", "content": "Hola"}, {"role": "assistant", "content": "Hola"}]}
    answers = await asyncio.gather(
        *(
            client.post(f"/conversations/{name}/messages", json=body, headers={"Idempotency-Key": "k-1"})
            for name in [talk["id"], "t-1"] * 4
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert numbers(await client.get(f"/conversations/{talk['id']}/messages")) == [1, 2]


async def test_the_same_key_or_id_with_other_words_is_a_409(client: httpx.AsyncClient) -> None:
    talk = await made(client)
    path = f"/conversations/{talk['id']}/messages"
    message = {"role": "user", "content": "Hola"}
    identified = message | {"id": "0199a3c8-5120-7c3a-9d52-7b1e8f6a4c01"}
    for body, headers in ((message, {"Idempotency-Key": "k"}), (identified, {})):
        assert (await client.post(path, json=body, headers=headers)).status_code == 201
        assert (await client.post(path, json=body, headers=headers)).status_code == 201
        changed = await client.post(path, json=body | {"content": "Adiós"}, headers=headers)
        assert changed.status_code == 409
        assert "Hola" not in changed.text
        assert "Adiós" not in changed.text
    assert numbers(await client.get(path)) == [1, 2]


async def test_another_key_or_another_conversation_is_another_message(client: httpx.AsyncClient) -> None:
    first, second = await made(client), await made(client)
    for talk, key in ((first, "a"), (first, "b"), (second, "a")):
        await client.post(
            f"/conversations/{talk['id']}/messages",
            json={"role": "user", "content": "x"},
            headers={"Idempotency-Key": key},
        )
    assert numbers(await client.get(f"/conversations/{first['id']}/messages")) == [1, 2]
    assert numbers(await client.get(f"/conversations/{second['id']}/messages")) == [1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", list(range(11, 61))),
        ("?last=3", [58, 59, 60]),
        ("?after=57", [58, 59, 60]),
        ("?after=0&limit=2", [1, 2]),
        ("?after=60", []),
        ("?after=9223372036854775807", []),
        ("?before=4", [1, 2, 3]),
        ("?before=4&limit=2", [2, 3]),
        ("?before=1", []),
        ("?before=61&limit=2", [59, 60]),
        ("?before=9223372036854775807&limit=2", [59, 60]),
    ],
)
async def test_messages_are_read_from_either_end(client: httpx.AsyncClient, query: str, found: list[int]) -> None:
    talk = await made(client)
    await said(client, talk, 60)
    assert numbers(await client.get(f"/conversations/{talk['id']}/messages{query}")) == found


@pytest.mark.parametrize(
    "query",
    [
        "?last=1&after=1",
        "?after=1&before=1",
        "?limit=5",
        "?last=5&limit=5",
        "?last=0",
        "?last=1001",
        "?after=-1",
        "?x=1",
    ],
)
async def test_a_reading_that_makes_no_sense_is_refused(client: httpx.AsyncClient, query: str) -> None:
    talk = await made(client)
    assert (await client.get(f"/conversations/{talk['id']}/messages{query}")).status_code == 422


async def test_an_empty_conversation_reads_as_empty(client: httpx.AsyncClient) -> None:
    talk = await made(client)
    for query in ("", "?after=0", "?before=5", "?last=5"):
        assert numbers(await client.get(f"/conversations/{talk['id']}/messages{query}")) == []
    whole = (await client.get(f"/conversations/{talk['id']}")).json()
    assert (whole["messages"], whole["cursor"]) == ([], None)


async def test_a_long_conversation_is_read_backwards_by_its_cursor(client: httpx.AsyncClient) -> None:
    talk = await made(client)
    for _ in range(3):
        await said(client, talk, 700)
    whole = (await client.get(f"/conversations/{talk['id']}")).json()
    read = [message["sequence_number"] for message in whole["messages"]]
    assert read == list(range(1101, 2101))
    cursor = whole["cursor"]
    while cursor and cursor > 1:
        part = numbers(await client.get(f"/conversations/{talk['id']}/messages?before={cursor}&limit=1000"))
        read = part + read
        cursor = part[0]
    assert read == list(range(1, 2101))


async def test_listing_goes_through_all_pages(client: httpx.AsyncClient) -> None:
    ids = {(await made(client, kind="chat" if n % 2 else "messaging"))["id"] for n in range(7)}
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await client.get(f"/conversations?limit=3{cursor}&total=true")).json()
        assert page["total"] == 7
        seen += [talk["id"] for talk in page["conversations"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == 7
    assert set(seen) == ids
    only = (await client.get("/conversations?kind=messaging&total=true")).json()
    assert (len(only["conversations"]), only["total"]) == (4, 4)
    assert "total" not in (await client.get("/conversations")).json()
    assert (await client.get("/conversations?cursor=bad")).status_code == 422


async def test_a_change_changes_what_it_names(client: httpx.AsyncClient) -> None:
    talk = await made(client, language="es", metadata={"a": 1}, settings={"b": 2})
    path = f"/conversations/{talk['id']}"
    changed = (await client.patch(path, json={"language": None, "metadata": {}})).json()
    assert (changed["language"], changed["metadata"], changed["settings"]) == (None, {}, {"b": 2})
    assert changed["title"] == talk["title"]
    done = (await client.patch(path, json={"status": "completed"})).json()
    assert done["completed_at"] is not None
    assert (await client.patch(path, json={"status": "active"})).json()["completed_at"] is None


@pytest.mark.parametrize(
    "body",
    [{}, {"title": None}, {"status": None}, {"status": "gone"}, {"metadata": None}, {"kind": "chat"}, {"id": "x"}],
)
async def test_a_change_that_cannot_be_is_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    talk = await made(client)
    assert (await client.patch(f"/conversations/{talk['id']}", json=body)).status_code == 422


async def test_an_edited_message_says_so_and_a_deleted_one_keeps_its_number(client: httpx.AsyncClient) -> None:
    talk = await made(client)
    await said(client, talk, 3)
    path = f"/conversations/{talk['id']}/messages"
    edited = (await client.patch(f"{path}/2", json={"content": "otra cosa", "metadata": {"why": "typo"}})).json()
    assert (edited["content"], edited["metadata"]) == ("otra cosa", {"why": "typo"})
    assert edited["edited_at"] is not None
    assert (await client.delete(f"{path}/2")).status_code == 204
    tombstone = (await client.get(path)).json()["messages"][1]
    assert (tombstone["sequence_number"], tombstone["content"], tombstone["metadata"]) == (2, "", {})
    assert tombstone["deleted_at"] is not None
    assert (await client.patch(f"{path}/2", json={"content": "x"})).status_code == 409
    assert (await client.delete(f"{path}/2")).status_code == 409
    assert (await client.delete(f"{path}/4")).status_code == 404
    assert (await client.patch(f"{path}/4", json={"content": "x"})).status_code == 404
    for odd in ("0", "-1", "x", "9223372036854775808"):
        assert (await client.delete(f"{path}/{odd}")).status_code == 422


async def test_what_is_deleted_is_gone(client: httpx.AsyncClient) -> None:
    talk = await made(client)
    assert (await client.delete(f"/conversations/{talk['id']}")).status_code == 204
    assert (await client.delete(f"/conversations/{talk['id']}")).status_code == 404
    assert (await client.get(f"/conversations/{talk['id']}")).status_code == 404


async def test_a_message_beyond_its_limit_is_413_and_one_within_is_kept(client: httpx.AsyncClient) -> None:
    talk = await made(client)
    path = f"/conversations/{talk['id']}/messages"
    whole = "ñ" * (MAX_CONTENT // 2)
    assert (await client.post(path, json={"role": "user", "content": whole})).status_code == 201
    assert (await client.get(path)).json()["messages"][0]["content"] == whole
    assert (await client.post(path, json={"role": "user", "content": whole + "ññ"})).status_code == 413
    big = {"role": "user", "content": "x", "metadata": {"a": "x" * 70_000}}
    assert (await client.post(path, json=big)).status_code == 413
    many = {"messages": [{"role": "user", "content": "x"}] * 1001}
    assert (await client.post(path, json=many)).status_code == 422
    assert numbers(await client.get(path)) == [1]


async def test_words_come_back_as_they_went_in(client: httpx.AsyncClient) -> None:
    talk = await made(client)
    path = f"/conversations/{talk['id']}/messages"
    words = 'ñandú "\\" \u202e \U0001f469\u200d\U0001f33e \r\n\t \\u0000 \ufffd é e\u0301 <script>'
    metadata = {"n": 18446744073709551615, "f": 0.1, "deep": [[{"x": None}]], "": ""}
    await client.post(path, json={"role": "tool", "content": words, "metadata": metadata})
    [message] = (await client.get(path)).json()["messages"]
    assert (message["content"], message["metadata"], message["role"]) == (words, metadata, "tool")


@pytest.mark.parametrize("number", [1e300, -2.4e217, 1e19, 5e-324, 0.1, 2**64 - 1, -(2**63), -0.0])
async def test_a_number_comes_back_as_it_went_in(client: httpx.AsyncClient, number: float) -> None:
    talk = await made(client, metadata={"n": number})
    found = (await client.get(f"/conversations/{talk['id']}")).json()
    assert float(found["metadata"]["n"]) == float(number)
    assert found["id"] == talk["id"]
    assert found["created_at"] == talk["created_at"]


async def test_many_writers_at_once_leave_no_gap(client: httpx.AsyncClient) -> None:
    talk = await made(client)
    path = f"/conversations/{talk['id']}/messages"
    answers = await asyncio.gather(*(client.post(path, json={"role": "user", "content": str(n)}) for n in range(100)))
    got = sorted(answer.json()["messages"][0]["sequence_number"] for answer in answers)
    assert got == list(range(1, 101))
