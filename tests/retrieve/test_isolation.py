"""Whose hits: what the functions that pass row-level security by give to whom."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

import arraigo
from arraigo import retrieve
from arraigo.postgres.embedded import EmbeddedServer
from support.databases import address

SEARCH = "SELECT piece FROM arraigo.search('secreto'" + ", NULL" * 10 + ", 10)"
LIKE = "SELECT arraigo.search_like('secretoo')"
# Two users whose ids end alike have the same mark in the index.
TWINS = (UUID("0199a3c8-0000-7000-8000-0000deadbeef"), UUID("0199a3c8-0000-7000-8000-0001deadbeef"))


@pytest.fixture
def application(server: EmbeddedServer, database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(address(server, "arraigo_app", database), autocommit=True) as connection:
        yield connection


def asked(application: psycopg.Connection[Any], who: UUID | None, statement: str) -> list[tuple[Any, ...]]:
    with application.transaction():
        if who is not None:
            application.execute(f"SET LOCAL arraigo.user_id = '{who}'".encode())
        return application.execute(statement.encode()).fetchall()


@pytest.fixture(params=["indexed", "not indexed"])
async def people(store: arraigo.Store, superuser: Any, request: pytest.FixtureRequest) -> dict[str, UUID]:
    for name, identity in zip(("ana", "bea"), TWINS, strict=True):
        superuser("INSERT INTO arraigo.users (id, username) VALUES (%s, %s)", identity, name)
    bea = store.for_user(TWINS[1])
    talk = await bea.conversations.create(title="secreto de Bea")
    await bea.messages.append(talk.id, [("user", "el secreto es 4711-XY")])
    if request.param == "indexed":
        await retrieve.index(store)
    return dict(zip(("ana", "bea"), TWINS, strict=True))


async def test_nobody_finds_what_is_somebody_elses(
    store: arraigo.Store, people: dict[str, UUID], application: psycopg.Connection[Any]
) -> None:
    for query in ("secreto", "secretoo", "4711", "471", "Bea", "secreto or x"):
        assert (await retrieve.search(store.for_user(people["ana"]), query)).hits == [], query
        assert (await retrieve.search(store.for_user(people["bea"]), query)).hits, query
    for who in (people["ana"], None):
        assert asked(application, who, SEARCH) == []
        assert asked(application, who, LIKE) == [([],)]
    assert len(asked(application, people["bea"], SEARCH)) == 2
    assert asked(application, people["bea"], LIKE) != [([],)]


def test_an_identity_ends_with_its_transaction(application: psycopg.Connection[Any], people: dict[str, UUID]) -> None:
    assert asked(application, people["bea"], SEARCH)
    assert application.execute(SEARCH.encode()).fetchall() == []
    assert application.execute(LIKE.encode()).fetchall() == [([],)]


@pytest.mark.parametrize("people", ["not indexed"], indirect=True)
def test_nobody_indexes_for_somebody_else(
    application: psycopg.Connection[Any], people: dict[str, UUID], superuser: Any
) -> None:
    for who in (people["ana"], None):
        assert asked(application, who, "SELECT arraigo.search_index(true, 0, 100)") == [(0,)]
    assert superuser("SELECT count(*) FROM arraigo.message_search") == [(0,)]
    assert asked(application, people["bea"], "SELECT arraigo.search_index(false, 0, 100)") == [(2,)]


def test_what_takes_an_owner_as_a_parameter_is_not_for_the_application(
    application: psycopg.Connection[Any], people: dict[str, UUID], superuser: Any
) -> None:
    for function in ("search_backlog(%s, true)", "search_tail(%s)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked(application, people["ana"], f"SELECT arraigo.{function % repr(str(people['bea']))}")
    allowed = superuser(
        "SELECT proname::text, pg_get_function_arguments(oid) FROM pg_proc WHERE proname LIKE 'search%%'"
        " AND pronamespace = 'arraigo'::regnamespace AND has_function_privilege('arraigo_app', oid, 'EXECUTE')"
        " AND %s ORDER BY 1",
        True,
    )
    assert [name for name, _ in allowed] == [
        *("search", "search_heard", "search_index", "search_like", "search_look", "search_owners_behind")
    ]
    assert "owner" not in "".join(arguments for _, arguments in allowed)


def test_nobody_has_somebody_elses_conversation_looked_at(
    application: psycopg.Connection[Any], people: dict[str, UUID], superuser: Any
) -> None:
    superuser("UPDATE arraigo.search_progress SET behind = false")
    for who, looked_at in ((None, 0), (people["ana"], 0), (people["bea"], 1)):
        asked(
            application, who, f"SELECT arraigo.search_look('{superuser('SELECT id FROM arraigo.conversations')[0][0]}')"
        )
        assert superuser("SELECT count(*) FROM arraigo.search_progress WHERE behind") == [(looked_at,)]


def test_the_index_is_not_for_writing(application: psycopg.Connection[Any], people: dict[str, UUID]) -> None:
    for table in ("message_search", "search_progress", "search_owners"):
        for statement in (f"DELETE FROM arraigo.{table}", f"UPDATE arraigo.{table} SET owner_id = owner_id"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                asked(application, people["bea"], statement)
