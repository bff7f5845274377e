"""The example's triggers do what they are documented to do, and its policies hide what they should."""

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest


def row(connection: psycopg.Connection, query: str, *values: Any) -> tuple[Any, ...]:
    found = connection.execute(query.encode(), values or None).fetchone()
    assert found is not None
    return found


def new_call(connection: psycopg.Connection, **values: Any) -> tuple[Any, Any]:
    """A call to the first beneficiary; its id and the beneficiary's."""
    person, family = row(connection, "SELECT id, registration_id FROM beneficiaries ORDER BY id LIMIT 1")
    given = {"beneficiary_id": person, "registration_id": family, "call_type": "manual"} | values
    names, slots = ", ".join(given), ", ".join(["%s"] * len(given))
    query = f"INSERT INTO companion_calls ({names}) VALUES ({slots}) RETURNING id"
    return row(connection, query, *given.values())[0], person


def test_a_family_has_at_most_four_active_beneficiaries(connection: psycopg.Connection) -> None:
    connection.execute("UPDATE beneficiaries SET is_active = true WHERE registration_id = 1 AND NOT is_active")
    with pytest.raises(psycopg.errors.CheckViolation, match="ya tiene 4 personas activas en beneficiaries"):
        connection.execute(
            "INSERT INTO beneficiaries (registration_id, nombre, apellido_paterno, fecha_nacimiento, whatsapp,"
            " parentesco, orden_beneficiario)"
            " VALUES (1, 'Ñuño', 'Saucedal', '1950-01-01', '+57 300 000 9999', 'otro', 4)"
        )


def test_the_same_holds_for_dependents(connection: psycopg.Connection) -> None:
    add = "INSERT INTO dependents (registration_id, nombre, parentesco) VALUES (1, 'Perla', 'hija')"
    connection.execute("DELETE FROM dependents WHERE registration_id = 1")
    for _ in range(4):
        connection.execute(add.encode())
    with pytest.raises(psycopg.errors.CheckViolation, match="en dependents"):
        connection.execute(add.encode())


def test_a_call_that_asks_for_it_makes_a_callback_once(connection: psycopg.Connection) -> None:
    asked = "2026-01-10 09:00:00+00"
    call, person = new_call(connection, callback_requested=True, callback_requested_at=asked, callback_delay_minutes=45)
    connection.execute("UPDATE companion_calls SET callback_requested = true WHERE id = %s", [call])
    made = connection.execute(
        "SELECT beneficiary_id, callback_at - requested_at, status FROM scheduled_callbacks WHERE call_id = %s", [call]
    ).fetchall()
    assert made == [(person, timedelta(minutes=45), "pending")]


@pytest.mark.parametrize(("urgency", "expected"), [(3, []), (4, [["whatsapp"]]), (5, [["whatsapp", "llamada"]])])
def test_an_urgent_call_leaves_a_notification(connection: psycopg.Connection, urgency: int, expected: Any) -> None:
    call, _ = new_call(connection, urgency_level=urgency)
    made = connection.execute("SELECT channels::text[] FROM urgent_notifications WHERE call_id = %s", [call]).fetchall()
    assert [channels for (channels,) in made] == expected


def test_a_finished_service_with_a_diagnosis_goes_into_the_medical_history(connection: psycopg.Connection) -> None:
    _, person = new_call(connection)
    connection.execute(
        "INSERT INTO service_usage (registration_id, beneficiary_id, service_type, service_date, diagnosis, status)"
        " SELECT registration_id, id, 'receta_electronica', '2026-01-09', 'Migraña nueva', 'en_proceso'"
        " FROM beneficiaries WHERE id = %s",
        [person],
    )
    written = "SELECT count(*) FROM medical_history WHERE beneficiary_id = %s AND titulo = 'Migraña nueva'"
    assert row(connection, written, person) == (0,)
    connection.execute("UPDATE service_usage SET status = 'completado' WHERE diagnosis = 'Migraña nueva'")
    assert row(connection, written + " AND record_type = 'receta' AND source = 'service_usage'", person) == (1,)


def test_a_change_touches_updated_at_everywhere(connection: psycopg.Connection) -> None:
    tables = connection.execute(
        b"SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_updated_at'"
    ).fetchall()
    assert len(tables) == 18
    for (table,) in tables:
        some = f"ctid IN (SELECT ctid FROM {table} LIMIT 1)"
        updated = row(
            connection, f"UPDATE {table} SET updated_at = '2001-01-01' WHERE {some} RETURNING updated_at = now()"
        )
        assert updated == (True,)


def test_who_listens_hears_of_urgencies_and_of_finished_calls(copied: str) -> None:
    with psycopg.connect(copied, autocommit=True) as connection:
        connection.execute("LISTEN urgencias")
        connection.execute("LISTEN llamada_terminada")
        call, person = new_call(connection, urgency_level=5)
        connection.execute("UPDATE companion_calls SET status = 'completed' WHERE id = %s", [call])
        heard = {note.channel: json.loads(note.payload) for note in connection.notifies(timeout=5, stop_after=2)}
    assert heard["urgencias"] == {"call": str(call), "beneficiary": str(person), "level": 5}
    assert heard["llamada_terminada"] == {"table": "companion_calls", "id": str(call), "status": "completed"}


def test_a_person_who_logs_in_sees_her_own_family_and_nobody_else_anything(connection: psycopg.Connection) -> None:
    user, family = row(
        connection, "SELECT auth_user_id, registration_id FROM user_accounts WHERE auth_user_id IS NOT NULL LIMIT 1"
    )
    active = row(connection, "SELECT count(*) FROM beneficiaries WHERE is_active AND registration_id = %s", family)
    connection.execute("SELECT set_config('request.jwt.claims', %s, true)", [json.dumps({"sub": str(user)})])
    connection.execute("SET LOCAL ROLE authenticated")
    assert row(connection, "SELECT count(*) FROM beneficiaries") == active
    assert row(connection, "SELECT count(*) FROM v_user_savings") == (1,)
    connection.execute("SELECT set_config('request.jwt.claims', '', true)")
    assert row(connection, "SELECT count(*) FROM medical_history") == (0,)
    connection.execute("SET LOCAL ROLE anon")
    assert row(connection, "SELECT count(*) FROM medication_catalog") == (1000,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT 1 FROM medical_history")


def test_a_new_table_in_public_gets_row_security(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE public.later (id int)")
    assert row(connection, "SELECT relrowsecurity FROM pg_class WHERE relname = 'later'") == (True,)
