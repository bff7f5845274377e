"""`arraigo serve`, `token` and `doctor`."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jwt
import psycopg

from support.commands import PROGRAM, Command, clean_environment
from support.s3 import ENVIRONMENT, S3


@contextmanager
def serving(environment: dict[str, str], *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a free port, and its address."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith("Arraigo is at ")), "")
        assert line
        yield process, line.removeprefix("Arraigo is at ").partition(";")[0]
    finally:
        process.kill()
        process.communicate()


def test_serve_answers_its_own_token_and_ends_well(arraigo: Command, environment: dict[str, str]) -> None:
    token = arraigo("token", "--user", "ana").stdout.strip()
    for number in (signal.SIGTERM, signal.SIGINT):
        with serving(environment) as (process, address):
            answer = httpx.get(f"{address}/conversations", headers={"Authorization": f"Bearer {token}"})
            assert (answer.status_code, answer.json()["conversations"]) == (200, [])
            process.send_signal(number)
            assert process.wait(30) == 0


def test_a_file_is_adopted_once_and_kept(arraigo: Command, environment: dict[str, str], conversations: Path) -> None:
    before = conversations.read_bytes()
    token = arraigo("token", "--user", "ana").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    adopt = ("--adopt", str(conversations), "--user", "ana")
    with serving(environment, *adopt) as (_, address):
        found = httpx.get(f"{address}/conversations?total=true", headers=headers).json()
        assert found["total"] == 2
        gone = found["conversations"][0]["id"]
        assert httpx.delete(f"{address}/conversations/{gone}", headers=headers).status_code == 204
    with serving(environment, *adopt) as (_, address):
        assert httpx.get(f"{address}/conversations?total=true", headers=headers).json()["total"] == 1
    assert conversations.read_bytes() == before


def test_what_cannot_be_adopted_whole_is_not_served(arraigo: Command, tmp_path: Path) -> None:
    path = tmp_path / "conversations.json"
    path.write_text('{"a": {"title": "x", "messages": [{"role": "boss", "content": "hola"}]}}')
    done = arraigo("serve", "--port", "0", "--adopt", path)
    assert done.returncode == 1
    assert "nothing is served" in done.stderr


def test_a_token_is_all_that_is_printed(arraigo: Command) -> None:
    done = arraigo(
        "token", "--user", "ana", "--employee", "01890a5d-ac96-774b-bcce-b302099a8057", "--role", "admin",
        "--role", "clinical", "--hours", "2", ARRAIGO_JWT_SECRET="x" * 32,
    )  # fmt: skip
    assert done.stderr == ""
    claims = jwt.decode(done.stdout.strip(), "x" * 32, algorithms=["HS256"])
    assert (claims["sub"], claims["roles"]) == ("ana", ["admin", "clinical"])
    assert claims["employee_id"] == "01890a5d-ac96-774b-bcce-b302099a8057"
    assert claims["exp"] - claims["iat"] == 7200


def test_with_jwks_alone_no_token_can_be_made(arraigo: Command) -> None:
    done = arraigo("token", "--user", "ana", ARRAIGO_JWKS_URL="https://login.example.com/jwks.json")
    assert (done.returncode, done.stdout) == (2, "")


def test_the_doctor_finds_nothing_wrong_before_anything_is_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = subprocess.run(
        [*PROGRAM, "doctor", "--json"],
        env=clean_environment() | {"ARRAIGO_HOME": str(home)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["ok"] is True
    assert not home.exists()


def test_the_doctor_sees_what_is_wrong(arraigo: Command, environment: dict[str, str]) -> None:
    assert arraigo("doctor").returncode == 0
    with psycopg.connect(environment["ARRAIGO_MIGRATION_URL"]) as connection:
        connection.execute("ALTER TABLE arraigo.messages NO FORCE ROW LEVEL SECURITY")
    done = arraigo("doctor", "--database", "--json")
    found = json.loads(done.stdout)
    wrong = {check["name"]: check["found"] for check in found["checks"] if check["ok"] is False}
    assert done.returncode == 1
    assert "messages" in wrong["isolation"]
    assert "fsync = off" in wrong["durability"]  # the tests' servers do not wait for the disk
    assert {role["name"] for role in found["roles"]} >= {"arraigo_app", "arraigo_owner"}
    assert found["settings"]["server_encoding"] == "UTF8"


def test_the_doctor_says_where_the_database_is_not(arraigo: Command) -> None:
    nowhere = {"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/d", "ARRAIGO_MIGRATION_URL": ""}
    done = arraigo("doctor", **nowhere)
    assert done.returncode == 3
    assert "nothing listens at 127.0.0.1:1" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr


def test_the_doctor_needs_no_owner_but_says_what_wants_one(arraigo: Command) -> None:
    done = arraigo("doctor", "--database", ARRAIGO_MIGRATION_URL="")
    assert done.returncode == 0, done.stdout
    assert "ARRAIGO_MIGRATION_URL" in done.stdout
    assert "row-level security binds arraigo\n" in done.stdout


def test_the_doctor_says_where_blobs_are_and_whether_they_can_be_written(
    arraigo: Command, tmp_path: Path, s3: S3
) -> None:
    def found(**changes: str) -> dict[str, Any]:
        done = arraigo("doctor", "--json", **changes)
        [check] = [check for check in json.loads(done.stdout)["checks"] if check["name"] == "blobs"]
        assert done.returncode == (0 if check["ok"] else 1)
        assert "hunter2" not in done.stdout + done.stderr
        return dict(check)

    folder = tmp_path / "blobs"
    assert found(ARRAIGO_BLOBS=str(folder))["found"] == f"{folder} (not made yet)"
    assert not folder.exists()
    folder.mkdir()
    assert found(ARRAIGO_BLOBS=str(folder))["found"] == f"{folder}, can be written"
    assert list(folder.iterdir()) == []
    file = tmp_path / "file"
    file.touch()
    for place in (file, file / "below"):
        assert found(ARRAIGO_BLOBS=str(place))["ok"] is False
    bucket = s3.bucket()
    there = {**ENVIRONMENT, "AWS_ENDPOINT": s3.endpoint}
    assert found(ARRAIGO_BLOBS=f"s3://{bucket}/x", **there)["found"] == f"s3://{bucket}/x, can be written"
    assert s3.keys(bucket) == []
    missing = found(ARRAIGO_BLOBS="s3://no-such-bucket", **there)
    assert (missing["ok"], missing["found"].endswith("S3 says NoSuchBucket")) == (False, True)
    away = found(ARRAIGO_BLOBS="s3://no-such-bucket", **there | {"AWS_ENDPOINT": "http://127.0.0.1:1"})
    assert (away["ok"], away["found"].endswith("nobody answers there")) == (False, True)
