"""Row-level security itself, behind the store's back: SQL that forgets its WHERE, on the application's role.

What the application's role can do, by design: act as any user (it sets `arraigo.user_id`), make users, and within one
user's own rows change what the store's queries change, the conversation's `last_sequence` and a message's number when
it is inserted included. It can do none of that to two users in one statement, nor to anybody without naming them.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

import arraigo
from arraigo import retrieve
from arraigo.errors import Unavailable
from arraigo.postgres.database import AsyncDatabase
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.postgres.target import Target
from arraigo.store.blobs import Blobs
from support import plan_rows
from support.databases import address

Connection = psycopg.Connection[tuple[Any, ...]]

# No right, or a rule of the table's: of one's own rows, that is.
REFUSALS = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ForeignKeyViolation,
    psycopg.errors.ObjectNotInPrerequisiteState,
    psycopg.errors.GeneratedAlways,
)
# A thread of LangGraph's with one of everything, and an item of its store.
LANGGRAPH = """
INSERT INTO arraigo.langgraph_threads (id, owner_id, name) VALUES (%(thread)s, %(owner)s, 't');
INSERT INTO arraigo.langgraph_pieces (thread_id, id, owner_id, type, body)
VALUES (%(thread)s, %(thread)s, %(owner)s, 'null', '');
INSERT INTO arraigo.langgraph_checkpoints (thread_id, namespace, id, owner_id, type, body, metadata, pieces)
VALUES (%(thread)s, '', '1', %(owner)s, 'null', '', '{"run_id": "r"}', ARRAY[%(thread)s]::uuid[]);
INSERT INTO arraigo.langgraph_writes
       (thread_id, namespace, checkpoint_id, task_id, place, owner_id, task_path, channel, type, body)
VALUES (%(thread)s, '', '1', 't', 0, %(owner)s, '', 'c', 'null', '');
INSERT INTO arraigo.langgraph_items (owner_id, namespace, key, value, ttl, expires_at)
VALUES (%(owner)s, 'n', 'k', '{}', 1, now());
"""
# Not under an owner: nothing of anybody's stands in them.
SHARED = {"installation", "schema_version", "journals"}


def thread_of(user: UUID) -> UUID:
    return UUID(int=user.int ^ 1)


def langgraph_put(thread: UUID, owner: UUID) -> str:
    values = "'t', '', '1', NULL, 'x', 'x', '{}', '{}', '{}', '{}', '{}', '{}'"
    return f"SELECT arraigo.langgraph_put('{thread}', '{owner}', {values})"


@pytest.fixture
async def people(store: arraigo.Store, superuser: Any) -> dict[str, UUID]:
    """Ana and Bea, each with a row in every table."""
    found = {}
    for name in ("ana", "bea"):
        user = store.as_user(name)
        found[name] = await user.id()
        project = await user.projects.create(name="p")
        talk = await user.conversations.create(title=name, project_id=project.id)
        await user.messages.append(talk.id, [("user", "uno"), ("assistant", "dos")])
        await user.messages.edit(talk.id, 1, content="tres")
        await user.state.set("n", "k", name, ttl=0.001)
        superuser(
            "INSERT INTO arraigo.quarantine (owner_id, kind, entry, written_at, reason)"
            " VALUES (%s, '', '1', now(), '')",
            found[name],
        )
        superuser(
            "INSERT INTO arraigo.chainlit_parts (conversation_id, kind, id, owner_id, value)"
            " VALUES (%s, 'feedback', 'f', %s, '{}')",
            talk.id,
            found[name],
        )
        await user.documents.add(talk.id, b"x", filename=name)
        superuser(
            "INSERT INTO arraigo.blob_removals (conversation_id, document_id, owner_id, due_at)"
            " VALUES (%s, %s, %s, now())",
            *(talk.id, uuid4(), found[name]),
        )
        superuser(
            "INSERT INTO arraigo.interviews (conversation_id, owner_id, employee_id, language, technical_level)"
            " VALUES (%s, %s, %s, 'es', 'basic')",
            *(talk.id, found[name], uuid4()),
        )
        superuser("UPDATE arraigo.conversations SET guarded = false")  # to see what else binds
        plan_rows.make(superuser, found[name], talk.id)
        await retrieve.index(store)
        superuser("INSERT INTO arraigo.bot_users (user_id) VALUES (%s)", found[name])
        superuser("INSERT INTO arraigo.bot_threads (thread_id, user_id) VALUES (%s, %s)", name, found[name])
        values = {"thread": thread_of(found[name]), "owner": found[name]}
        for statement in LANGGRAPH.split(";")[:-1]:
            superuser(
                statement.replace("%(thread)s", f"'{values['thread']}'").replace("%(owner)s", f"'{values['owner']}'")
            )
    return found


@pytest.fixture
def application(server: EmbeddedServer, database: str) -> Iterator[Connection]:
    with psycopg.connect(address(server, "arraigo_app", database), autocommit=True) as connection:
        yield connection


@pytest.fixture
def tables(superuser: Any) -> list[str]:
    return [
        name
        for (name,) in superuser(
            "SELECT relname FROM pg_class WHERE relnamespace = 'arraigo'::regnamespace AND relkind IN ('r', 'p')"
        )
        if name not in SHARED
    ]


def owner_column(superuser: Any, table: str) -> str:
    columns = {
        name
        for (name,) in superuser(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", f"arraigo.{table}"
        )
    }
    return next(name for name in ("owner_id", "user_id", "created_by", "id") if name in columns)


def attempts(superuser: Any, table: str) -> list[sql.Composed]:
    """Statements on every row of a table, the most harmful last."""
    whole = sql.Identifier("arraigo", table)
    columns = superuser(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        f"arraigo.{table}",
    )
    return [
        sql.SQL("SELECT * FROM {} FOR UPDATE").format(whole),
        *(
            sql.SQL("UPDATE {} SET {column} = {column}").format(whole, column=sql.Identifier(name))
            for (name,) in columns
        ),
        sql.SQL("DELETE FROM {}").format(whole),
    ]


def run_as(application: Connection, user: UUID, statement: str) -> None:
    with application.transaction():
        application.execute(f"SET LOCAL arraigo.user_id = '{user}'")
        application.execute(statement.encode())


def forged_message(conversation: UUID, owner: UUID) -> str:
    return (
        "INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content)"
        f" VALUES ('{conversation}', 3, '{uuid4()}', '{owner}', now(), 'user', 'x')"
    )


def forged_document(conversation: UUID, owner: UUID) -> str:
    return (
        "INSERT INTO arraigo.documents (conversation_id, id, owner_id, filename, file_size, content_type, checksum)"
        f" VALUES ('{conversation}', '{uuid4()}', '{owner}', 'x', 1, 'a/b', '{'0' * 64}')"
    )


def forged_removal(conversation: UUID, owner: UUID) -> str:
    return (
        "INSERT INTO arraigo.blob_removals (conversation_id, document_id, owner_id, due_at)"
        f" VALUES ('{conversation}', '{uuid4()}', '{owner}', now())"
    )


def test_every_table_is_tried(tables: list[str], people: dict[str, UUID], superuser: Any) -> None:
    assert people
    assert len(tables) >= 8
    for table in tables:
        assert superuser(f"SELECT count(*) FROM arraigo.{table}")[0][0] >= 2, f"{table} has no rows in this test"


def test_sql_without_a_where_reaches_own_rows_only(
    application: Connection, tables: list[str], people: dict[str, UUID], superuser: Any
) -> None:
    def rows(table: str, whose: str) -> Any:
        column = owner_column(superuser, table)
        return superuser(f"SELECT * FROM arraigo.{table} WHERE {column} = %s ORDER BY {table}::text", people[whose])

    before = {table: rows(table, "bea") for table in tables}
    for table in tables:
        with application.transaction():
            application.execute(f"SET LOCAL arraigo.user_id = '{people['ana']}'")
            seen = application.execute(f"SELECT {owner_column(superuser, table)} FROM arraigo.{table}").fetchall()
        assert {row[0] for row in seen} == {people["ana"]}, table
    for statement in sorted(
        (statement.as_string() for table in tables for statement in attempts(superuser, table)), reverse=True
    ):
        with suppress(*REFUSALS), application.transaction():
            application.execute(f"SET LOCAL arraigo.user_id = '{people['ana']}'")
            application.execute(statement)
    assert {table: rows(table, "bea") for table in tables} == before
    assert rows("conversations", "ana") == [], "these statements do reach one's own rows"


def test_without_an_identity_there_is_nothing(
    application: Connection, tables: list[str], people: dict[str, UUID], superuser: Any
) -> None:
    def nothing() -> None:
        for table in tables:
            assert application.execute(f"SELECT FROM arraigo.{table}").fetchall() == [], table
            for statement in attempts(superuser, table):
                with suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.GeneratedAlways):
                    assert application.execute(statement).rowcount == 0

    nothing()
    with application.transaction():
        application.execute(f"SET LOCAL arraigo.user_id = '{people['ana']}'")
    assert application.execute("SELECT current_setting('arraigo.user_id', true)").fetchone() == ("",)
    nothing()


def test_rows_cannot_be_given_to_or_taken_from_somebody(
    application: Connection, people: dict[str, UUID], superuser: Any
) -> None:
    ana, bea = people["ana"], people["bea"]
    theirs = superuser("SELECT id FROM arraigo.conversations WHERE owner_id = %s", bea)[0][0]
    forged = [
        f"INSERT INTO arraigo.conversations (owner_id, title) VALUES ('{bea}', 'x')",
        f"UPDATE arraigo.conversations SET owner_id = '{bea}'",
        f"INSERT INTO arraigo.projects (name, created_by) VALUES ('x', '{bea}')",
        f"UPDATE arraigo.projects SET created_by = '{bea}'",
        f"INSERT INTO arraigo.bot_users (user_id) VALUES ('{bea}')",
        f"INSERT INTO arraigo.states (user_id, namespace, key, value) VALUES ('{bea}', 'n', 'l', '1')",
        f"UPDATE arraigo.states SET user_id = '{bea}'",
        f"INSERT INTO arraigo.langgraph_threads (id, owner_id, name) VALUES ('{uuid4()}', '{bea}', 't')",
        f"UPDATE arraigo.langgraph_threads SET owner_id = '{bea}'",
        f"UPDATE arraigo.langgraph_items SET owner_id = '{bea}'",
        f"UPDATE arraigo.langgraph_checkpoints SET thread_id = '{thread_of(bea)}'",
        f"UPDATE arraigo.langgraph_writes SET thread_id = '{thread_of(bea)}'",
        "UPDATE arraigo.langgraph_pieces SET body = 'x'",
        langgraph_put(uuid4(), bea),
        langgraph_put(thread_of(bea), ana),
        f"INSERT INTO arraigo.langgraph_writes VALUES ('{thread_of(bea)}', '', '1', 'u', 0, '{ana}', '', 'c', '', '')",
        f"UPDATE arraigo.documents SET owner_id = '{bea}'",
        "UPDATE arraigo.documents SET checksum = ''",
        f"UPDATE arraigo.blob_removals SET owner_id = '{bea}'",
        forged_document(theirs, ana),
        forged_document(theirs, bea),
        forged_removal(theirs, bea),
        f"INSERT INTO arraigo.user_identities (provider, subject, user_id) VALUES ('x', 'y', '{ana}')",
        "UPDATE arraigo.users SET role = 'admin'",
        "INSERT INTO arraigo.users (username) VALUES ('x')",
        "DELETE FROM arraigo.messages",
        "DELETE FROM arraigo.message_revisions",
        "UPDATE arraigo.messages SET sequence_number = 9",
        "UPDATE arraigo.messages SET edited_at = NULL",
        forged_message(theirs, ana),
        forged_message(theirs, bea),
        "UPDATE arraigo.schema_version SET version_num = 'x'",
        "UPDATE arraigo.installation SET id_key = 'x'",
        "SELECT * FROM arraigo_move.rejected",
        "SELECT * FROM arraigo_move.runs",
        "CREATE TABLE arraigo.mine ()",
        "DROP TABLE arraigo.messages",
        "ALTER TABLE arraigo.messages DISABLE ROW LEVEL SECURITY",
        "SET ROLE arraigo_owner",
        "SET ROLE arraigo_admin",
    ]
    for statement in forged:
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ForeignKeyViolation)):
            run_as(application, ana, statement)


def test_functions_of_langgraph_do_nothing_to_somebody_else(
    application: Connection, people: dict[str, UUID], superuser: Any
) -> None:
    def rows() -> Any:
        tables = ("threads", "checkpoints", "pieces", "writes")
        return [superuser(f"SELECT * FROM arraigo.langgraph_{table} ORDER BY owner_id") for table in tables]

    ana, bea = people["ana"], people["bea"]
    before = rows()
    for statement in (
        f"SELECT arraigo.langgraph_keep('{thread_of(bea)}', '{{}}', '{{}}', '{{}}')",
        f"SELECT arraigo.langgraph_sweep('{thread_of(bea)}')",
        f"SELECT arraigo.langgraph_forget_runs('{bea}', '{{r}}')",
    ):
        run_as(application, ana, statement)
    assert rows() == before


async def test_somebody_elses_conversation_cannot_be_written_to_by_sql(
    application: Connection, store: arraigo.Store, people: dict[str, UUID]
) -> None:
    """A foreign key is checked past row-level security: it has to name the owner, or numbers could be taken."""
    bea = store.for_user(people["bea"])
    theirs = (await bea.conversations.list()).items[0]
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        run_as(application, people["ana"], forged_message(theirs.id, people["ana"]))
    assert (await bea.messages.append(theirs.id, role="user", content="x")).sequence_number == 3


def test_a_type_of_ones_own_does_not_run_as_the_owner(application: Connection) -> None:
    """With `search_path = pg_catalog` alone, the caller's temporary types go before PostgreSQL's own."""
    application.execute(
        "CREATE FUNCTION pg_temp.spy(text) RETURNS boolean LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'ran as %', current_user; END $$"
    )
    application.execute("CREATE DOMAIN pg_temp.uuid AS text CHECK (pg_temp.spy(VALUE))")
    application.execute("CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (pg_temp.spy(VALUE))")
    with application.transaction():
        application.execute(f"SET LOCAL arraigo.user_id = '{uuid4()}'")
        found = application.execute(
            "SELECT arraigo.access('conversation'::pg_catalog.text, gen_random_uuid())::pg_catalog.text"
        ).fetchone()
    assert found == ("none",)


def test_every_table_under_an_owner_is_forced_and_has_its_policies(superuser: Any, tables: list[str]) -> None:
    for table in tables:
        (forced,) = superuser(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", f"arraigo.{table}"
        )[0]
        assert forced, table
        policies = superuser(
            "SELECT roles::text[], qual, with_check FROM pg_policies"
            " WHERE schemaname = 'arraigo' AND tablename = %s AND permissive = 'PERMISSIVE'",
            table,
        )
        by_role = {tuple(roles): qual for roles, qual, _ in policies}
        assert by_role.pop(("arraigo_owner",)) == "true", table
        assert "current_setting('arraigo.user_id'" in by_role.pop(("arraigo_app",)), table
        assert "SELECT" not in "".join(by_role.values()), f"a subquery in a policy of {table}"
        assert by_role == {}, table


def test_the_applications_role_owns_nothing_and_is_bound(superuser: Any) -> None:
    assert superuser("SELECT count(*) FROM pg_shdepend WHERE refobjid = 'arraigo_app'::regrole AND deptype = 'o'") == [
        (0,)
    ]
    assert superuser(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'arraigo_app'"
    ) == [(False, False, False, False)]
    assert superuser("SELECT count(*) FROM pg_auth_members WHERE member = 'arraigo_app'::regrole") == [(0,)]
    for schema in ("arraigo", "arraigo_move", "arraigo_jobs"):
        assert superuser("SELECT has_schema_privilege('arraigo_app', %s, 'CREATE')", schema) == [(False,)]
    assert superuser("SELECT has_schema_privilege('arraigo_app', 'arraigo_move', 'USAGE')") == [(False,)]


def test_everything_belongs_to_the_owners_role(superuser: Any) -> None:
    strangers = superuser(
        "SELECT relname::text FROM pg_class WHERE relnamespace::regnamespace::text LIKE 'arraigo%'"
        " AND relowner <> 'arraigo_owner'::regrole UNION ALL "
        "SELECT proname::text FROM pg_proc WHERE pronamespace::regnamespace::text LIKE 'arraigo%'"
        " AND proowner <> 'arraigo_owner'::regrole"
    )
    assert strangers == []


def test_no_function_is_everybodys(superuser: Any) -> None:
    """Granted by name; PUBLIC (no grantee) has none, and NULL would mean the default, which is everybody."""
    everybodys = superuser(
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace::regnamespace::text LIKE 'arraigo%'"
        " AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))"
    )
    assert everybodys == []


def test_functions_with_the_owners_rights_pin_their_path(superuser: Any) -> None:
    """pg_temp is named last: unnamed it would be searched first, and anybody can put a type into it."""
    found = superuser(
        "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'arraigo'::regnamespace AND prosecdef"
    )
    assert len(found) >= 3
    for name, config in found:
        assert config == ["search_path=pg_catalog, pg_temp"], name


async def test_an_email_that_somebody_has_is_left_out_and_the_name_is_kept(
    store: arraigo.Store, superuser: Any
) -> None:
    for subject, username, email in (("1", "ana", "a@example.com"), ("2", "bea", "a@example.com"), ("3", "ana", None)):
        await store.sign_in(provider="p", subject=subject, username=username, email=email)
    await store.sign_in(provider="p", subject="4", username="ana", email="c@example.com")
    people = superuser("SELECT username, email FROM arraigo.users ORDER BY created_at")
    assert people[:2] == [("ana", "a@example.com"), ("bea", None)]
    assert all(name.startswith("ana ") for name, _ in people[2:])
    assert people[3][1] == "c@example.com"


async def test_first_sign_ins_at_once_make_one_user(store: arraigo.Store, superuser: Any) -> None:
    found = await asyncio.gather(*(store.sign_in(provider="p", subject="s", username="ana") for _ in range(10)))
    assert len(set(found)) == 1
    assert superuser("SELECT count(*) FROM arraigo.users") == [(1,)]


async def test_a_deactivated_user_stays_out(store: arraigo.Store, superuser: Any) -> None:
    await store.as_user("ana").id()
    superuser("UPDATE arraigo.users SET is_active = false")
    with pytest.raises(arraigo.errors.AccessDenied, match="not active"):
        await store.as_user("ana").conversations.list()
    assert (await store.sign_in(provider="arraigo", subject="ana")).is_active is False


async def test_a_user_who_may_not_become_the_application_is_told(
    server: EmbeddedServer, database: str, superuser: Any
) -> None:
    superuser(f"CREATE ROLE stranger_{database} LOGIN")
    try:
        async with AsyncDatabase(Target(address(server, f"stranger_{database}", database))) as found:
            with pytest.raises(Unavailable, match="no right"):
                await arraigo.Store(found, b"key", Blobs("nowhere"), 1).check_isolation()
    finally:
        superuser(f"DROP ROLE stranger_{database}")
