"""The application that writes while its database moves: what it remembers is what the database was told."""

from collections.abc import Callable

import psycopg
import pytest

from arraigo.demo.companion import Application
from arraigo.postgres.target import Target

CLOSE = """
CREATE FUNCTION public.closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING ERRCODE = 'read_only_sql_transaction'; END $$;
CREATE TRIGGER closed BEFORE INSERT OR UPDATE ON public.companion_calls EXECUTE FUNCTION public.closed();
CREATE TRIGGER closed BEFORE INSERT OR UPDATE ON public.call_extracted_info EXECUTE FUNCTION public.closed();
CREATE TRIGGER closed BEFORE INSERT OR UPDATE ON public.alma_conversations EXECUTE FUNCTION public.closed()"""
AGAIN = """
INSERT INTO public.scheduled_callbacks (call_id, beneficiary_id, requested_at, callback_at, status)
SELECT id, beneficiary_id, now(), now(), 'done' FROM public.companion_calls WHERE vapi_call_id = 'app-1'"""
OPEN = "DROP FUNCTION public.closed CASCADE"


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def written(copied: str) -> Application:
    with Application(Target(copied)) as application:
        application.write(24)
    return application


def test_every_write_that_was_acknowledged_is_found_and_nothing_else(copied: str, written: Application) -> None:
    assert written.made >= 24
    assert written.missing(Target(copied)) == (0, 0)


@pytest.mark.parametrize(
    ("harm", "lost", "extra"),
    [
        ("DELETE FROM public.call_extracted_info WHERE payload = '{\"app\": 6}'", 1, 0),
        ("UPDATE public.companion_calls SET notes = '2' WHERE vapi_call_id = 'app-1'", 1, 1),
        ("UPDATE public.alma_conversations SET summary = NULL WHERE summary = 'app 8'", 1, 0),
        (AGAIN, 0, 1),
    ],
    ids=["a row is gone", "an update is gone", "another update is gone", "what a trigger made is there twice"],
)
def test_a_write_that_is_lost_or_doubled_is_found(
    copied: str, written: Application, harm: str, lost: int, extra: int
) -> None:
    execute(copied, harm)
    assert written.missing(Target(copied)) == (lost, extra)


def test_a_write_that_is_refused_is_tried_again_until_it_is_taken(copied: str) -> None:
    with Application(Target(copied)) as application:
        application.write(4)
        execute(copied, CLOSE)
        while application.refused < 3:
            pass
        stood = application.made
        execute(copied, OPEN)
        application.write(8)
    assert application.made >= stood + 8
    assert application.missing(Target(copied)) == (0, 0)


def test_another_error_ends_the_application_and_is_raised(copied: str) -> None:
    def work(harm: Callable[[], None]) -> None:
        with Application(Target(copied)) as application:
            application.write(4)
            harm()
            application.write(10)

    with pytest.raises(Exception, match=r"public.call_extracted_info|lacks a table"):
        work(lambda: execute(copied, "DROP TABLE public.call_extracted_info"))
