"""The environment: every spelling, TLS by default, and a sentence without the value for what is bad."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.errors import BadSetting
from arraigo.postgres.target import Target, find
from arraigo.settings import Pool, Settings, load

MARKER = "m4rk3r"
URL = "postgresql://ana:secret@db.example.com:5433/house"


def tls(settings: Settings) -> tuple[str | None, str | None]:
    """The mode and the authorities' file of the application's address."""
    query = parse_qs(urlsplit(settings.database_url or "").query)
    return query.get("sslmode", [None])[0], query.get("sslrootcert", [None])[0]


def test_nothing_means_the_embedded_server() -> None:
    settings = load({})
    assert settings.embedded
    assert settings.pool == Pool()
    assert settings.home.is_absolute()
    assert (settings.migration_url, settings.jwt_secret, settings.cors_origins) == (None, None, ())


def test_what_is_empty_is_absent() -> None:
    names = ["DATABASE_URL", "DB_HOST", "DB_PORT", "DB_POOL_SIZE", "DB_POOLER", "DB_IAM_AUTH", "DB_SSLMODE"]
    assert load(dict.fromkeys(names, "")) == load(dict.fromkeys(names, " \n")) == load({})


def test_space_around_a_value_is_not_part_of_it() -> None:
    assert load({"DATABASE_URL": f" {URL}\n", "DB_POOLER": "transaction\n"}) == load(
        {"DATABASE_URL": URL, "DB_POOLER": "transaction"}
    )


@pytest.mark.parametrize("names", ["DB_{} NAME", "RDS_{} DATABASE", "AWS_RDS_{} DATABASE"])
def test_each_spelling_of_the_parts_is_the_same_address(names: str) -> None:
    pattern, database = names.split()
    environment = {
        pattern.format("HOST"): "db.example.com",
        pattern.format("PORT"): "5433",
        pattern.format(database): "hou/se",
        pattern.format("USER"): "ana@home",
        pattern.format("PASSWORD"): "p:a/s@s?w#o%r d",
    }
    parts = urlsplit(load(environment).database_url or "")
    assert (parts.hostname, parts.port, unquote(parts.path)) == ("db.example.com", 5433, "/hou/se")
    assert (unquote(parts.username or ""), unquote(parts.password or "")) == ("ana@home", "p:a/s@s?w#o%r d")


def test_spellings_go_from_the_plainest_to_the_longest_and_the_url_goes_first() -> None:
    environment = {"RDS_HOST": "b.example.com", "AWS_RDS_HOST": "c.example.com", "DB_NAME": "x", "RDS_USER": "ana"}
    assert "@b.example.com:5432/x" in str(load(environment).database_url)
    assert "@a.example.com:5432/x" in str(load({**environment, "DB_HOST": "a.example.com"}).database_url)
    assert str(load({**environment, "DATABASE_URL": URL}).database_url).startswith(URL)


def test_a_host_can_be_an_address_or_a_folder() -> None:
    common = {"DB_NAME": "x", "DB_USER": "ana"}
    assert load({**common, "DB_HOST": "::1"}).database_url == "postgresql://ana@[::1]:5432/x"
    assert load({**common, "DB_HOST": "/run/pg"}).database_url == "postgresql://ana@%2Frun%2Fpg:5432/x"
    for host in ("::1", "/run/pg", "localhost", "127.0.0.1"):
        Target(str(load({**common, "DB_HOST": host}).database_url)).conninfo()


@pytest.mark.parametrize("given", ["DB_NAME", "DB_USER", "DB_PASSWORD", "DB_PORT", "RDS_USER", "AWS_RDS_PASSWORD"])
def test_parts_without_a_host_do_not_mean_the_embedded_server(given: str) -> None:
    with pytest.raises(BadSetting, match=rf"{given} is set, but none of DB_HOST, RDS_HOST, AWS_RDS_HOST is"):
        load({given: "5432"})


def test_a_host_without_a_name_or_a_user_is_not_enough() -> None:
    with pytest.raises(BadSetting, match="RDS_HOST is set, but none of DB_NAME"):
        load({"RDS_HOST": "db.example.com", "DB_USER": "ana"})
    with pytest.raises(BadSetting, match="RDS_HOST is set, but none of DB_USER"):
        load({"RDS_HOST": "db.example.com", "DB_NAME": "x"})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:x@localhost/x",
        "postgresql://ana:x@LOCALHOST:5433/x",
        "postgresql://ana:x@127.0.0.1/x",
        "postgresql://ana:x@[::1]/x",
        "postgresql:///x",
        "postgresql://ana@/x?host=/run/pg&port=5433",
        "postgresql://ana@%2Frun%2Fpg/x",
    ],
)
def test_on_this_machine_tls_is_not_asked_for(url: str) -> None:
    assert load({"DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:x@db.example.com/x",
        "postgres://ana:x@192.0.2.1/x?application_name=sslmode%3Ddisable",
        "postgresql://ana:x@/x?host=db.example.com",
        "postgresql://ana:x@localhost/x?host=db.example.com",
        "postgresql://ana:x@localhost/x?hostaddr=192.0.2.1",
        "postgresql://ana:x@/x?host=localhost,db.example.com",
        "postgresql://ana:x@localhost.example.com/x?xsslmode=disable",
    ],
)
def test_any_other_host_is_verified(url: str) -> None:
    mode, authorities = tls(load({"DATABASE_URL": url}))
    assert mode == "verify-full"
    assert authorities == "system" or Path(str(authorities)).exists()
    assert tls(load({"DATABASE_URL": url, "PGSSLROOTCERT": "/etc/rds.pem"})) == ("verify-full", "/etc/rds.pem")


def test_the_mode_can_be_set_and_the_address_goes_first() -> None:
    for mode in ("disable", "require", "verify-ca"):
        assert tls(load({"DATABASE_URL": URL, "DB_SSLMODE": mode})) == (mode, None)
        assert tls(load({"DATABASE_URL": f"{URL}?sslmode={mode}", "DB_SSLMODE": "verify-full"})) == (mode, None)
    assert tls(load({"DATABASE_URL": "postgresql://localhost/x", "DB_SSLMODE": "verify-full"}))[0] == "verify-full"
    ca = {"DB_SSLMODE": "verify-ca", "PGSSLROOTCERT": "/etc/rds.pem"}
    assert tls(load({"DATABASE_URL": URL, **ca})) == ("verify-ca", "/etc/rds.pem")
    assert tls(load({"DATABASE_URL": f"{URL}?sslmode=verify-full&sslrootcert=/own.pem"})) == (
        "verify-full",
        "/own.pem",
    )
    assert tls(load({"DATABASE_URL": f"{URL}?sslmode=verify-full"}))[1] is not None


def test_the_other_spelling_of_tls() -> None:
    common = {"AWS_RDS_HOST": "db.example.com", "AWS_RDS_DATABASE": "x", "AWS_RDS_USER": "ana"}
    assert tls(load({**common, "AWS_RDS_SSL": "true"}))[0] == "verify-full"
    assert tls(load({**common, "AWS_RDS_SSL": "false"}))[0] == "disable"
    assert tls(load({**common, "AWS_RDS_SSL_MODE": "require"}))[0] == "require"
    assert tls(load({**common, "AWS_RDS_SSL": "false", "AWS_RDS_SSL_MODE": "verify-full"}))[0] == "verify-full"
    assert tls(load({**common, "AWS_RDS_SSL": "false", "DB_SSLMODE": "require"}))[0] == "require"


def test_the_owners_address_is_verified_too() -> None:
    settings = load({"ARRAIGO_MIGRATION_URL": URL})
    assert "sslmode=verify-full" in str(settings.migration_url)


def test_the_pool_in_both_spellings() -> None:
    assert load({"DB_POOL_SIZE": "5", "DB_MAX_OVERFLOW": "3"}).pool == Pool(min_size=2, max_size=8)
    assert load({"DB_MAX_OVERFLOW": "3"}).pool == Pool(max_size=13)
    assert load({"DB_POOL_SIZE": "1"}).pool == Pool(min_size=1, max_size=1)
    assert load({"DB_POOL_TIMEOUT": "1.5", "DB_POOL_RECYCLE": "60"}).pool == Pool(timeout=1.5, recycle=60)
    aws = {
        "AWS_RDS_MAX_CONNECTIONS": "20",
        "AWS_RDS_MIN_CONNECTIONS": "4",
        "AWS_RDS_IDLE_TIMEOUT": "30000",
        "AWS_RDS_CONNECTION_TIMEOUT": "2500",
    }
    assert load(aws).pool == Pool(min_size=4, max_size=20, idle=30, connect_timeout=2.5)
    assert load({**aws, "DB_POOL_SIZE": "6"}).pool.max_size == 6


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("DATABASE_URL", ["mysql://ana:{}@host/x", "{}", "postgresql://ana:{}@host:port/x", "postgresql://[::1/{}"]),
        ("DATABASE_URL", ["postgresql://ana:{}\u2100@host/x", "postgresql://ana:{}#x@host/x", "host=x password={}"]),
        ("DATABASE_URL", ["postgresql://ana:1/{}@host/x", "postgresql://ana:1?{}@host/x", "postgresql://host:0/{}"]),
        ("DATABASE_URL", ["postgresql://ana:{}@host/x?sslmode=no-verify"]),
        ("ARRAIGO_MIGRATION_URL", ["http://{}@host/x"]),
        ("DB_SSLMODE", ["no-verify", "on", "{}"]),
        ("AWS_RDS_SSL_MODE", ["no-verify", "{}"]),
        ("AWS_RDS_SSL", ["maybe", "{}"]),
        ("DB_IAM_AUTH", ["2", "{}"]),
        ("DB_POOLER", ["session", "{}"]),
        ("DB_POOL_SIZE", ["0", "-1", "many", "nan", "inf", "1001", "{}"]),
        ("DB_MAX_OVERFLOW", ["-1", "{}"]),
        ("DB_POOL_TIMEOUT", ["0", "{}"]),
        ("DB_POOL_RECYCLE", ["0", "{}"]),
        ("AWS_RDS_MAX_CONNECTIONS", ["0", "{}"]),
        ("AWS_RDS_MIN_CONNECTIONS", ["-1", "11", "{}"]),
        ("AWS_RDS_IDLE_TIMEOUT", ["0", "{}"]),
        ("AWS_RDS_CONNECTION_TIMEOUT", ["0", "{}"]),
        ("ARRAIGO_BLOBS", ["gs://bucket/{}", "s3://", "s3://{}@bucket/x", "s3://bucket//x", "file:///x"]),
        ("ARRAIGO_BLOBS", ["s3://Bucket/x", "s3://bucket/../x", "s3://bucket?region={}", "s3://bucket/a b"]),
        ("ARRAIGO_MAX_DOCUMENT_MB", ["0", "-1", "5001", "much", "{}"]),
        ("ARRAIGO_JWT_SECRET", ["{}", "short"]),
        ("ARRAIGO_JWKS_URL", ["http://login.example.com/{}", "{}", "https://", "https://[{}", "ftp://x/{}"]),
        ("ARRAIGO_CORS_ORIGINS", ["*", "{}", "https://a.example.com/{}", "https://x, https://ana:{}@b.example.com"]),
        (
            "ARRAIGO_MODEL",
            ["{}", "gpt", "openai:", ":{}", "openai: {}", "OpenAI:{}", "openai:a {}", "openai:" + "x" * 256],
        ),
        ("CONTEXT_SERVICE_URL", ["{}", "http://context.example.com/{}", "ftp://context/{}", "https://", "https://[{}"]),
        ("CONTEXT_SERVICE_URL", ["https://ana:{}@context.example.com", "https://context.example.com/?key={}"]),
        ("CONTEXT_SERVICE_URL", ["http://134744072/{}", "http://[2001:db8::1]/{}", "https://a b/{}", "http://:80/{}"]),
        ("CONTEXT_SERVICE_URL", ["https://context.example.com/#{}", "http://localhost.example.com/{}"]),
    ],
)
def test_a_bad_value_is_named_and_never_shown(name: str, values: list[str]) -> None:
    environment = {"AWS_RDS_HOST": "db.example.com", "DB_NAME": "x", "DB_USER": "ana"}
    for value in values:
        with pytest.raises(BadSetting) as caught:
            load({**environment, name: value.format(MARKER)})
        said = str(caught.value)
        assert name in said
        assert caught.value.remedy
        assert "\n" not in said
        assert MARKER not in "".join(traceback.format_exception(caught.value))
        assert caught.value.__context__ is None


@pytest.mark.parametrize("name", ["DB_PORT", "RDS_PORT", "AWS_RDS_PORT"])
def test_a_bad_port_is_named_as_it_was_given(name: str) -> None:
    for port in ("0", "65536", "x", "5432x", "\u0665", "-1", MARKER):
        with pytest.raises(BadSetting, match=rf"^{name} is not a port") as caught:
            load({"DB_HOST": "db.example.com", "DB_NAME": "x", "DB_USER": "ana", name: port})
        assert MARKER not in str(caught.value)


def test_tokens_and_origins() -> None:
    settings = load(
        {
            "ARRAIGO_JWT_SECRET": "x" * 32,
            "ARRAIGO_JWKS_URL": "https://login.example.com/keys",
            "ARRAIGO_JWT_ISSUER": "https://login.example.com",
            "ARRAIGO_JWT_AUDIENCE": "arraigo",
            "ARRAIGO_CORS_ORIGINS": "https://a.example.com, http://localhost:3000,",
            "ARRAIGO_METRICS_TOKEN": "y",
            "DATA_PATH": "~/old",
            "ARRAIGO_HOME": "~/home",
        }
    )
    assert settings.cors_origins == ("https://a.example.com", "http://localhost:3000")
    assert (settings.home, settings.data_path) == (Path.home() / "home", Path.home() / "old")
    assert settings.jwks_url == "https://login.example.com/keys"
    assert load({"ARRAIGO_JWKS_URL": "http://127.0.0.1:8000/keys"}).jwks_url is not None


FORMS = [
    "postgresql://ana:{}@db.example.com/x",
    "postgresql://ana:{}@localhost:5433/x",
    "postgresql://ana@/x?host=/run/pg&password={}",
    "postgres://{}@db.example.com:5432/x",
    "host=db.example.com password={}",
    "{}",
]


@given(st.sampled_from(FORMS), st.text(max_size=5), st.text(max_size=5), st.sampled_from(["url", "owner", "parts"]))
def test_no_password_is_ever_printed(form: str, before: str, after: str, where: str) -> None:
    """Whatever stands around it and whether or not it can be read."""
    password = before + MARKER + after
    environment = {
        "url": {"DATABASE_URL": form.format(password)},
        "owner": {"DATABASE_URL": URL, "ARRAIGO_MIGRATION_URL": form.format(password)},
        "parts": {"DB_HOST": "db.example.com", "DB_NAME": "x", "DB_USER": "ana", "DB_PASSWORD": password},
    }[where]
    printed: list[Any] = []
    with suppress(BadSetting), noted(printed):
        settings = load(environment)
        printed += [settings, str(settings)]
        if MARKER not in (urlsplit(settings.database_url or "").hostname or ""):
            targets = find(settings)
            printed += [targets, targets.application, targets.owner]
            for target in (targets.application, targets.owner):
                assert target.conninfo()
    assert MARKER not in "".join(map(repr, printed))


@contextmanager
def noted(printed: list[Any]) -> Iterator[None]:
    """What could be printed of an error, and of what it came of."""
    try:
        yield
    except Exception as error:
        printed += ["".join(traceback.format_exception(error)), error, str(error), error.__context__]
        raise


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_any_user_name_and_password_reaches_the_server_as_it_is(text: str) -> None:
    if not text.strip():
        return
    settings = load({"DB_HOST": "localhost", "DB_NAME": "x", "DB_USER": f"a{text}z", "DB_PASSWORD": text})
    from psycopg.conninfo import conninfo_to_dict

    found = conninfo_to_dict(Target(str(settings.database_url)).conninfo())
    assert (found["user"], found["password"]) == (f"a{text}z", text)


def test_blobs_are_in_the_home_or_where_they_are_said_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert load({"ARRAIGO_HOME": "/srv/home"}).blob_place == "/srv/home/blobs"
    assert load({"ARRAIGO_BLOBS": "/srv/blobs"}).blob_place == "/srv/blobs"
    monkeypatch.chdir(tmp_path)
    assert load({"ARRAIGO_BLOBS": "some/blobs"}).blob_place == f"{tmp_path}/some/blobs"
    for place in ("s3://my-bucket", "s3://my.bucket/a/b_c", "s3://my-bucket/a/"):
        assert load({"ARRAIGO_BLOBS": place}).blob_place == place.rstrip("/")


def test_a_document_has_a_limit() -> None:
    assert load({}).max_document == Settings(home=Path("x")).max_document == 50 * 1024 * 1024
    assert load({"ARRAIGO_MAX_DOCUMENT_MB": "0.5"}).max_document == 512 * 1024


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"])
def test_an_s3_of_ones_own_is_asked_over_tls_unless_it_is_here(name: str) -> None:
    bucket = {"ARRAIGO_BLOBS": "s3://my-bucket"}
    for address in ("https://s3.example.com", "http://127.0.0.1:9000/"):
        assert load({**bucket, name: address}).s3_endpoint == address.rstrip("/")
    plain = {**bucket, name: "http://minio:9000"}
    with pytest.raises(BadSetting, match=f"{name} is not an https address"):
        load(plain)
    assert load({**plain, "AWS_ALLOW_HTTP": "true"}).s3_endpoint == "http://minio:9000"
    for bad in (f"{MARKER}", f"ftp://{MARKER}", "https://", f"http://[{MARKER}"):
        with pytest.raises(BadSetting) as caught:
            load({**bucket, name: bad, "AWS_ALLOW_HTTP": "true"})
        assert MARKER not in str(caught.value)
    assert load({name: "nonsense of another program"}).s3_endpoint is None


def test_a_model_is_a_provider_and_a_name_and_nothing_means_none() -> None:
    assert load({}).model is load({"ARRAIGO_MODEL": "Offline"}).model is None
    for model in ("openai:gpt-5-mini", "bedrock:anthropic.claude-sonnet-4-5-20250929-v1:0", "openai-chat:org/model"):
        assert load({"ARRAIGO_MODEL": model}).model == model


def test_topics_of_ones_own_are_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert load({"ARRAIGO_INTERVIEW_TOPICS": "topics.toml"}).interview_topics == tmp_path / "topics.toml"
    assert load({}).interview_topics is None


@pytest.mark.parametrize(
    "address",
    [
        "https://context.example.com/v1/",
        "http://127.0.0.1:8080",
        "http://[::1]:80/",
        "http://localhost",
        "http://my_context:80",
    ],
)
def test_the_context_service_is_asked_over_tls_unless_it_is_near(address: str) -> None:
    assert load({"CONTEXT_SERVICE_URL": address}).context_service == address.rstrip("/")
