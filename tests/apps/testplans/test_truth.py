"""Whatever the application's role does in SQL: no change of a case without a line in the log, and coverage is true."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg import sql

from arraigo.settings import Settings
from support.testplans import Tester

_NEW_CASE = """
INSERT INTO arraigo.test_cases
       (conversation_id, id, test_plan_id, owner_id, testcase_number, position, test_case_name)
SELECT conversation_id, arraigo.uuid7(), id, owner_id, 'TC-9', 9, 'x' FROM arraigo.test_plans"""
_NEW_LINKS = """
INSERT INTO arraigo.test_case_requirements (conversation_id, test_case_id, requirement, owner_id)
SELECT conversation_id, id, 'RF-03', owner_id FROM arraigo.test_cases"""
# What six connections do to one plan, in any order.
ACTS = """
INSERT INTO arraigo.requirements (conversation_id, code, owner_id, position, statement, kind, language)
SELECT conversation_id, 'X-{n}', owner_id, 9, 'x', 'other', 'es' FROM arraigo.test_plans LIMIT 1 ON CONFLICT DO NOTHING;
DELETE FROM arraigo.requirements WHERE code = 'X-{n}';
INSERT INTO arraigo.test_cases
       (conversation_id, id, test_plan_id, owner_id, testcase_number, position, test_case_name)
SELECT conversation_id, arraigo.uuid7(), id, owner_id, 'N-' || arraigo.uuid7(), 9, 'x' FROM arraigo.test_plans LIMIT 1;
INSERT INTO arraigo.test_case_requirements (conversation_id, test_case_id, requirement, owner_id)
SELECT c.conversation_id, c.id, r.code, c.owner_id FROM arraigo.test_cases c, arraigo.requirements r
 ORDER BY random() LIMIT 2 ON CONFLICT DO NOTHING;
UPDATE arraigo.test_cases SET status = 'DISCARDED'
 WHERE id = (SELECT id FROM arraigo.test_cases ORDER BY random() LIMIT 1);
UPDATE arraigo.test_cases SET status = 'ACCEPTED'
 WHERE id = (SELECT id FROM arraigo.test_cases ORDER BY random() LIMIT 1);
DELETE FROM arraigo.test_cases WHERE id = (SELECT id FROM arraigo.test_cases ORDER BY random() LIMIT 1);
DELETE FROM arraigo.test_case_requirements WHERE requirement = 'X-{n}';
INSERT INTO arraigo.test_plans (conversation_id, id, owner_id, title, plan_type, target_coverage)
SELECT conversation_id, arraigo.uuid7(), owner_id, 'x', 'UNITARIAS', 80 FROM arraigo.test_plans LIMIT 1
""".strip().split(";\n")


@pytest.fixture
async def made(ana: Tester) -> Any:
    return await ana.planned()


@pytest.fixture
def as_ana(settings: Settings, made: Any, superuser: Any) -> Iterator[psycopg.Connection[Any]]:
    """SQL as the application's role, in Ana's name."""
    [(owner,)] = superuser("SELECT owner_id FROM arraigo.conversations WHERE id = %s", made["conversation_id"])
    with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        connection.execute(sql.SQL("SET arraigo.user_id = {}").format(str(owner)))
        yield connection


def lines(superuser: Any) -> int:
    found: int = superuser("SELECT count(*) FROM arraigo.test_case_modifications")[0][0]
    return found


@pytest.mark.parametrize(
    ("statement", "written"),
    [
        ("UPDATE arraigo.test_cases SET status = 'ACCEPTED', priority = 'ALTA'", 4),
        ("UPDATE arraigo.test_cases SET test_case_name = 'x' WHERE testcase_number = 'TC-001'", 1),
        ("UPDATE arraigo.test_cases SET test_steps = '[]', script = '[]', custom_fields = '{\"a\": 1}'", 6),
        ("DELETE FROM arraigo.test_cases", 2),
        ("DELETE FROM arraigo.test_case_requirements", 2),
        ("DELETE FROM arraigo.requirements", 2),
        ("DELETE FROM arraigo.documents", 2),
        ("UPDATE arraigo.requirements SET code = code || 'x'", 2),
        (_NEW_CASE, 1),
        (_NEW_LINKS, 2),
    ],
)
def test_every_statement_that_changes_cases_is_in_the_log(
    as_ana: psycopg.Connection[Any], superuser: Any, statement: str, written: int
) -> None:
    before = lines(superuser)
    as_ana.execute(statement)
    assert lines(superuser) - before == written
    true(superuser)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM arraigo.test_case_modifications",
        "UPDATE arraigo.test_case_modifications SET new_value = 'x'",
        "INSERT INTO arraigo.test_case_modifications SELECT * FROM arraigo.test_case_modifications",
        "TRUNCATE arraigo.test_case_modifications",
        "TRUNCATE arraigo.test_cases CASCADE",
        "ALTER TABLE arraigo.test_cases DISABLE TRIGGER ALL",
        "DROP TRIGGER log_case ON arraigo.test_cases",
        "SET session_replication_role = replica",
        "UPDATE arraigo.test_cases SET version = 1",
        "UPDATE arraigo.test_cases SET testcase_number = 'x'",
        "UPDATE arraigo.test_plans SET covered_requirements = 3",
        "UPDATE arraigo.test_plans SET actual_coverage = 100",
        "UPDATE arraigo.plan_coverage SET covered_requirements = 3",
        "SELECT arraigo.recount('{}')",
    ],
)
def test_the_log_the_version_and_the_figures_cannot_be_written(
    as_ana: psycopg.Connection[Any], superuser: Any, statement: str
) -> None:
    before = lines(superuser)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_ana.execute(statement)
    assert lines(superuser) == before


def test_a_made_up_coverage_of_a_new_plan_is_put_right(as_ana: psycopg.Connection[Any], superuser: Any) -> None:
    as_ana.execute(
        "INSERT INTO arraigo.test_plans (conversation_id, id, owner_id, title, plan_type, target_coverage, "
        "total_requirements, covered_requirements, actual_coverage) "
        "SELECT conversation_id, arraigo.uuid7(), owner_id, 'x', plan_type, 80, 3, 0, 99 FROM arraigo.test_plans"
    )
    true(superuser)


async def test_nobody_links_or_changes_somebody_elses_cases(
    ana: Tester, made: Any, settings: Settings, superuser: Any
) -> None:
    [(bea,)] = superuser("SELECT user_id FROM arraigo.ensure_user('arraigo', 'bea', 'bea')")
    before = lines(superuser)
    with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        connection.execute(sql.SQL("SET arraigo.user_id = {}").format(str(bea)))
        case = made["generated_cases"][0]["id"]
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(
                "INSERT INTO arraigo.test_case_requirements VALUES (%s, %s, 'RF-03', %s)",
                [made["conversation_id"], case, bea],
            )
        assert connection.execute("UPDATE arraigo.test_cases SET status = 'DISCARDED'").rowcount == 0
        assert connection.execute("DELETE FROM arraigo.test_cases").rowcount == 0
        assert connection.execute("SELECT count(*) FROM arraigo.test_case_modifications").fetchone() == (0,)
    assert lines(superuser) == before
    assert len((await ana.ask("GET", f"/api/plans/{made['plan_id']}"))["test_cases"]) == 2


def test_coverage_is_true_after_anything_at_once(
    as_ana: psycopg.Connection[Any], superuser: Any, settings: Settings
) -> None:
    """Six connections do what they like for a while; what is rolled back does not count."""
    owner = as_ana.execute("SHOW arraigo.user_id").fetchone()

    def work(seed: int) -> int:
        chance, done = random.Random(seed), 0  # noqa: S311
        with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
            connection.execute(sql.SQL("SET arraigo.user_id = {}").format(str(owner[0] if owner else "")))
            for _ in range(40):
                statement = chance.choice(ACTS).replace("{n}", str(chance.randrange(6)))
                try:
                    connection.execute(statement)
                    done += 1
                except (psycopg.errors.OperationalError, psycopg.errors.IntegrityError):  # deadlocks; what is gone
                    continue
        return done

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(6))) > 100
    true(superuser)


def true(superuser: Any) -> None:
    """The figures of every plan are what counting says."""
    wrong = superuser("""
        SELECT p.id, p.total_requirements, t.total, p.covered_requirements, t.covered, p.actual_coverage
          FROM arraigo.test_plans p CROSS JOIN LATERAL (
            SELECT (SELECT count(*) FROM arraigo.requirements r WHERE r.conversation_id = p.conversation_id) AS total,
                   (SELECT count(DISTINCT l.requirement) FROM arraigo.test_case_requirements l JOIN arraigo.test_cases c
                        ON c.conversation_id = l.conversation_id AND c.id = l.test_case_id
                     WHERE c.test_plan_id = p.id AND c.status <> 'DISCARDED') AS covered) AS t
         WHERE (p.total_requirements, p.covered_requirements) IS DISTINCT FROM (t.total::int, t.covered::int)
            OR p.actual_coverage <> CASE WHEN t.total = 0 THEN 0 ELSE round(100.0 * t.covered / t.total, 2) END""")
    assert wrong == []
