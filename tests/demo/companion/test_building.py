"""The example is what its inventory says, on every server, and nothing in it is anybody's."""

import re
import tomllib
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from typing import Any

import psycopg
import pytest

from arraigo.demo.companion import VOLUMES, build, volumes
from arraigo.demo.companion.generate import tables
from arraigo.errors import Conflict

FOLDER = files("arraigo.demo.companion")


def expectation(name: str) -> dict[str, Any]:
    return tomllib.loads(FOLDER.joinpath(name).read_text(encoding="utf-8"))


def one(connection: psycopg.Connection, query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def found(connection: psycopg.Connection) -> dict[str, int]:
    kinds = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = "
    return {
        "tables": one(connection, f"{kinds} 'r'"),
        "views": one(connection, f"{kinds} 'v'"),
        "functions": one(connection, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"),
        "triggers": one(connection, "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"),
    }


def test_what_is_there_is_what_the_inventory_states(connection: psycopg.Connection) -> None:
    stated = expectation("expect.toml")
    assert stated["schemas"] == ["public"]
    assert {kind: stated[kind] for kind in ("tables", "views", "functions", "triggers")} == found(connection)
    for table, condition in stated["critical_rows"].items():
        total = one(connection, f"SELECT count(*) FROM public.{table}")
        assert 0 < one(connection, f"SELECT count(*) FROM public.{table} WHERE {condition}") < total


def test_the_other_inventory_differs_in_its_tables_only(connection: psycopg.Connection) -> None:
    stated = expectation("expect-53.toml")
    assert stated["tables"] == 53
    assert found(connection)["triggers"] >= int(stated["triggers"].removeprefix(">= "))
    assert expectation("expect.toml") | {"tables": 53, "triggers": ">= 15"} == stated


def test_every_table_has_the_documented_number_of_rows(connection: psycopg.Connection) -> None:
    assert len(VOLUMES) == 40
    assert {table: one(connection, f'SELECT count(*) FROM public."{table}"') for table in VOLUMES} == VOLUMES
    assert sum(VOLUMES.values()) == 75_117


def test_volumes_multiply_and_the_companion_does_not() -> None:
    assert volumes(3) == {t: n if t in {"ai_companions", "behavioral_codes"} else 3 * n for t, n in VOLUMES.items()}
    counted = {table.removeprefix("public."): sum(1 for _ in rows) for table, rows in tables(2, pgvector=False)}
    assert {table: counted[table] for table in VOLUMES} == volumes(2)


def test_the_same_rows_are_made_every_time() -> None:
    for (table, rows), again in zip(tables(1, pgvector=True), tables(1, pgvector=True), strict=True):
        assert again[0] == table
        assert all(repr(one) == repr(other) for one, other in zip(rows, again[1], strict=True))  # NaN equals nothing


def test_triggers_are_as_many_of_each_kind_as_documented(connection: psycopg.Connection) -> None:
    counted: dict[str, int] = dict(
        connection.execute(
            "SELECT p.proname, count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal GROUP BY 1"
        ).fetchall()
    )
    assert counted.pop("update_updated_at_column") >= 15
    assert counted == {
        "check_max_beneficiaries": 2,
        "notify_urgency": 2,
        "notify_wati_call_complete": 2,
        "create_callback_from_call": 1,
        "auto_update_medical_history": 1,
    }


def test_ids_and_vectors_are_what_the_server_can_do(connection: psycopg.Connection) -> None:
    older = connection.info.server_version < 160_000  # with contrib, without pgvector
    made = one(
        connection, "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'"
    )
    default = one(
        connection,
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'user_accounts'::regclass LIMIT 1",
    )
    kind = one(
        connection,
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = 'behavioral_codes'::regclass AND attname = 'embeddings_vector'",
    )
    if older:
        assert (made, default, kind) == ("uuid-ossp", "extensions.uuid_generate_v4()", "real[]")
    else:
        assert (made, default, kind) == ("vector", "gen_random_uuid()", "extensions.vector(1536)")


def test_the_sixteen_codes_speak_spanish_and_have_vectors(connection: psycopg.Connection) -> None:
    codes = connection.execute(
        "SELECT code, embeddings_vector IS NOT NULL, response_default FROM behavioral_codes ORDER BY code"
    ).fetchall()
    assert [code for code, *_ in codes] == [f"BC{number:03}" for number in range(1, 17)]
    assert all(vector and text for _, vector, text in codes)
    assert one(connection, "SELECT count(DISTINCT category) FROM behavioral_codes") == 16


def test_it_has_what_a_hosted_project_has(connection: psycopg.Connection) -> None:
    assert (
        one(connection, "SELECT count(*) FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
        == 12
    )
    assert one(connection, "SELECT count(*) FROM pg_policies WHERE schemaname = 'public'") >= 12
    assert one(connection, "SELECT count(*) FROM pg_event_trigger") == 2
    assert one(connection, "SELECT rolbypassrls FROM pg_roles WHERE rolname = 'service_role'") is True
    refers = (
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confrelid = 'auth.users'::regclass AND conrelid = "
    )
    assert one(connection, f"{refers} 'public.user_accounts'::regclass") == 1
    assert one(connection, "SELECT count(DISTINCT tableowner) FROM pg_tables WHERE schemaname = 'public'") == 1
    assert one(connection, "SELECT count(*) FROM pg_constraint WHERE NOT convalidated") == 0


def test_a_database_with_tables_is_refused(connection: psycopg.Connection) -> None:
    with pytest.raises(Conflict, match="needs an empty database"):
        build(connection, uuid_ossp=False)


def test_sequences_go_on_after_the_last_row(connection: psycopg.Connection) -> None:
    assert one(connection, "SELECT nextval('public.registrations_id_seq')") == 501
    assert one(connection, "SELECT nextval('public.ai_brain_metrics_id_seq')") == 10_001


def test_the_view_sums_what_families_saved(connection: psycopg.Connection) -> None:
    summed = one(connection, "SELECT sum(saved_on_services) FROM v_user_savings")
    assert summed == one(connection, "SELECT sum(ahorro) FROM service_usage WHERE status = 'completado'") > 0


# Digests of the words that name somebody, so that they do not stand here either.
REAL = {"f7c706e8e7dfb520", "58cd58b8353be897", "f72473bd7514d96d"}


@pytest.mark.parametrize("place", sorted(file.name for file in FOLDER.iterdir() if file.is_file()))
def test_nobody_real_is_named(place: str) -> None:
    text = FOLDER.joinpath(place).read_text(encoding="utf-8").lower()
    words = re.findall(r"[^\W\d_]+", text)
    told = {sha256(word.encode()).hexdigest()[:16] for word in (*words, *map("".join, pairwise(words)))}
    assert not told & REAL
    for name in ("supabase", "amazonaws"):
        assert name not in text
    assert not re.search(r"\+(?!57 300 000 )[1-9]\d* ?\d{3}", text)
    assert all(
        host.endswith("example.com") for host in re.findall(r"(?:https?://|@)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text)
    )
