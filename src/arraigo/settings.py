"""The only reader of the environment: variables in, one frozen Settings out, or one sentence that says what is wrong.

The variables are those of `.env.example`, which a test holds equal to what is read here.
"""

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlencode, urlsplit

import platformdirs

from arraigo.errors import BadSetting

_LOCAL = {"", "localhost", "127.0.0.1", "::1"}
_MIB = 1024 * 1024
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.*'()=-]+)*/?")  # with a prefix
_MODEL = re.compile(r"[a-z][a-z0-9/-]{1,39}:[^\s]{1,255}")  # a name may have colons itself
_PRIVATE = re.compile(r"[a-z][a-z0-9_-]*")  # a host of a private network; no address, in whatever notation
_TLS = ("", "disable", "require", "verify-ca", "verify-full")
# A stray line end in these may belong to them.
_SECRETS = {
    "DB_PASSWORD",
    "RDS_PASSWORD",
    "AWS_RDS_PASSWORD",
    "ARRAIGO_JWT_SECRET",
    "ARRAIGO_JOURNAL_KEY",
    "ARRAIGO_METRICS_TOKEN",
}
# Where systems keep the authorities that they trust. libpq's own "system" asks the OpenSSL that it was built with, and
# the driver's wheel brings one that knows no such place.
_AUTHORITIES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")

# The spellings of one and the same connection that older deployments use, most explicit first.
_PARTS = {
    "host": ("DB_HOST", "RDS_HOST", "AWS_RDS_HOST"),
    "port": ("DB_PORT", "RDS_PORT", "AWS_RDS_PORT"),
    "name": ("DB_NAME", "RDS_DATABASE", "AWS_RDS_DATABASE"),
    "user": ("DB_USER", "RDS_USER", "AWS_RDS_USER"),
    "password": ("DB_PASSWORD", "RDS_PASSWORD", "AWS_RDS_PASSWORD"),
}


@dataclass(frozen=True)
class Pool:
    """The pool's sizes; times in seconds."""

    min_size: int = 2
    max_size: int = 10
    timeout: float = 30.0
    recycle: float = 3600.0
    idle: float = 600.0
    connect_timeout: float = 10.0


@dataclass(frozen=True)
class Settings:
    """Everything that can be set from outside. Secrets never show in its repr.

    Attributes:
        home: The folder of the embedded server, the journal, blobs and the generated secret.
        database_url: The application's connection; None means the embedded server.
        migration_url: The owner's connection, for schema versions and moves; None means the same.
        pooler: "transaction" behind PgBouncer or RDS Proxy, else "".
        jwt_secret: Signs and checks tokens (HS256); None means the one that is kept in `home`.
        journal: "on", "off", or "": as the kind of disk has it.
        journal_key: Encrypts the journal; None means that nothing does.
        blobs: Where documents' bytes go: a folder, or `s3://bucket/prefix`; None means `home/blobs`.
        s3_endpoint: Where the bucket's S3 answers; None means Amazon's.
        max_document: The most bytes that a document may have.
        model: The language model that is asked, `provider:name` as pydantic-ai has it; None means offline.
        interview_topics: A TOML file with topics of one's own for interviews.
        context_service: The base address of the service that knows the employees, without a slash at its end.
    """

    home: Path
    database_url: str | None = field(default=None, repr=False)
    migration_url: str | None = field(default=None, repr=False)
    iam_auth: bool = False
    pooler: str = ""
    pool: Pool = field(default_factory=Pool)
    jwt_secret: str | None = field(default=None, repr=False)
    jwks_url: str | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    metrics_token: str | None = field(default=None, repr=False)
    cors_origins: tuple[str, ...] = ()
    data_path: Path | None = None
    journal: str = ""
    journal_key: str | None = field(default=None, repr=False)
    blobs: str | None = None
    s3_endpoint: str | None = None
    max_document: int = 50 * _MIB
    model: str | None = None
    interview_topics: Path | None = None
    context_service: str | None = None

    @property
    def embedded(self) -> bool:
        """Whether the embedded server is meant."""
        return self.database_url is None

    @property
    def blob_place(self) -> str:
        """Where documents' bytes go, whether it was set or not."""
        return self.blobs or str(self.home / "blobs")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment.

    Raises:
        BadSetting: A variable has a bad value; the message names the variable, its form and an example.
    """
    env = {
        name: value if name in _SECRETS else value.strip()
        for name, value in (os.environ if environ is None else environ).items()
        if value.strip()
    }
    return Settings(
        home=_home(env),
        database_url=_database_url(env),
        migration_url=_url(env, "ARRAIGO_MIGRATION_URL"),
        iam_auth=_flag(env, "DB_IAM_AUTH"),
        pooler=_choice(env, "DB_POOLER", ("", "transaction")),
        pool=_pool(env),
        jwt_secret=_secret(env, "ARRAIGO_JWT_SECRET"),
        jwks_url=_jwks(env),
        jwt_issuer=env.get("ARRAIGO_JWT_ISSUER"),
        jwt_audience=env.get("ARRAIGO_JWT_AUDIENCE"),
        metrics_token=env.get("ARRAIGO_METRICS_TOKEN"),
        cors_origins=_origins(env),
        data_path=Path(env["DATA_PATH"]).expanduser() if "DATA_PATH" in env else None,
        journal=_choice(env, "ARRAIGO_JOURNAL", ("", "off", "on")),
        journal_key=_secret(env, "ARRAIGO_JOURNAL_KEY"),
        blobs=_blobs(env),
        s3_endpoint=_s3_endpoint(env),
        max_document=int(_number(env, "ARRAIGO_MAX_DOCUMENT_MB", 50, 0.001, 5000) * _MIB),
        model=_model(env),
        interview_topics=_file(env, "ARRAIGO_INTERVIEW_TOPICS"),
        context_service=_context_service(env),
    )


def _secret(env: Mapping[str, str], name: str) -> str | None:
    secret = env.get(name)
    if secret is not None and len(secret) < 32:  # noqa: PLR2004 - RFC 7518, 3.2: as long as the hash
        raise BadSetting(
            f"{name} is too short: it wants at least 32 characters", remedy="make one: openssl rand -hex 32"
        )
    return secret


def _home(env: Mapping[str, str]) -> Path:
    if "ARRAIGO_HOME" in env:
        return Path(env["ARRAIGO_HOME"]).expanduser().absolute()
    return Path(platformdirs.user_data_dir("arraigo", appauthor=False))


def _url(env: Mapping[str, str], name: str) -> str | None:
    if name not in env:
        return None
    parts = _split(env[name])
    if parts is None or parts.scheme not in {"postgresql", "postgres"}:
        raise BadSetting(
            f"{name} is not a PostgreSQL address",
            remedy="write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters as %XX",
        )
    return _with_tls(env, env[name], name)


def _split(url: str) -> SplitResult | None:
    """The address in parts, None when it is none; Python's own error may quote a password.

    A `#`, or an `@` behind the host, comes of a password that is not written as %XX: host and port would be wrong.
    """
    try:
        parts = urlsplit(url)
        good = (parts.port is None or parts.port > 0) and "#" not in url and "@" not in parts.path
    except ValueError:
        return None
    return parts if good and ("@" in parts.netloc or "@" not in parts.query) else None


def _with_tls(env: Mapping[str, str], url: str, name: str) -> str:
    """TLS is verified unless the server is on this machine or the address says otherwise itself."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
    mode = query.get("sslmode") or _choice(env, "DB_SSLMODE", _TLS) or _seed_tls(env)
    if mode not in {*_TLS, "allow", "prefer"}:
        raise BadSetting(f"{name} has an sslmode that there is not", remedy=f"take one of: {', '.join(_TLS[1:])}")
    if not mode:
        mode = "" if _local(parts.hostname or "", query) else "verify-full"
    extra = {"sslmode": mode} if mode and "sslmode" not in query else {}
    if mode == "verify-full" and "sslrootcert" not in query:
        extra["sslrootcert"] = env.get("PGSSLROOTCERT") or _authorities()
    elif mode == "verify-ca" and "sslrootcert" not in query and "PGSSLROOTCERT" in env:
        extra["sslrootcert"] = env["PGSSLROOTCERT"]
    return url + ("&" if parts.query else "?") * bool(extra) + urlencode(extra)


def _local(host: str, query: Mapping[str, str]) -> bool:
    """Whether all hosts that libpq may connect to are this machine: those of the query go before the address's."""
    hosts = [*query.get("host", unquote(host)).split(","), *query.get("hostaddr", "").split(",")]
    return all(host.lower() in _LOCAL or host.startswith(("/", "@")) for host in hosts)


def _authorities() -> str:
    found = ssl.get_default_verify_paths().cafile, *_AUTHORITIES
    return next((file for file in found if file and Path(file).exists()), "system")


def _seed_tls(env: Mapping[str, str]) -> str:
    """AWS_RDS_SSL and AWS_RDS_SSL_MODE; "no-verify" is not on offer (docs/decisions/0004)."""
    mode = _choice(env, "AWS_RDS_SSL_MODE", _TLS)
    if mode:
        return mode
    if "AWS_RDS_SSL" in env:
        return "verify-full" if _flag(env, "AWS_RDS_SSL") else "disable"
    return ""


def _database_url(env: Mapping[str, str]) -> str | None:
    if "DATABASE_URL" in env:
        return _url(env, "DATABASE_URL")
    given = {part: next((name for name in names if name in env), None) for part, names in _PARTS.items()}
    if not any(given.values()):
        return None
    for part in ("host", "name", "user"):
        if given[part] is None:
            there = next(name for name in given.values() if name)
            raise BadSetting(
                f"{there} is set, but none of {', '.join(_PARTS[part])} is",
                remedy=f"set {_PARTS[part][0]}, or DATABASE_URL instead of the parts",
            )
    found = {part: env[name] for part, name in given.items() if name}
    port = found.get("port", "5432")
    if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:  # noqa: PLR2004 - TCP
        raise BadSetting(f"{given['port']} is not a port: a number from 1 to 65535", remedy="for example DB_PORT=5432")
    host, user, name = found["host"], found["user"], found["name"]
    password = f":{quote(found['password'], safe='')}" if "password" in found else ""
    where = f"[{host}]" if ":" in host else quote(host, safe="")
    url = f"postgresql://{quote(user, safe='')}{password}@{where}:{port}/{quote(name, safe='')}"
    return _with_tls(env, url, str(given["host"]))


def _pool(env: Mapping[str, str]) -> Pool:
    standard = Pool()
    most = _number(env, "AWS_RDS_MAX_CONNECTIONS", standard.max_size, 1, 1000)
    size = _number(env, "DB_POOL_SIZE", most, 1, 1000)
    least = _number(env, "AWS_RDS_MIN_CONNECTIONS", min(standard.min_size, int(size)), 0, 1000)
    most = size + _number(env, "DB_MAX_OVERFLOW", 0, 0, 1000)
    if least > most:
        raise BadSetting(
            f"AWS_RDS_MIN_CONNECTIONS is more than the most that are allowed, {most:g}",
            remedy="for example AWS_RDS_MIN_CONNECTIONS=2 and AWS_RDS_MAX_CONNECTIONS=10",
        )
    return Pool(
        min_size=int(least),
        max_size=int(most),
        timeout=_number(env, "DB_POOL_TIMEOUT", standard.timeout, 0.1, 3600),
        recycle=_number(env, "DB_POOL_RECYCLE", standard.recycle, 1, 10**6),
        idle=_number(env, "AWS_RDS_IDLE_TIMEOUT", standard.idle * 1000, 1, 10**9) / 1000,
        connect_timeout=_number(env, "AWS_RDS_CONNECTION_TIMEOUT", standard.connect_timeout * 1000, 1, 10**7) / 1000,
    )


def _number(env: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    if name not in env:
        return default
    try:
        value = float(env[name])
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise BadSetting(
            f"{name} is not a number from {least:g} to {most:g}",
            remedy=f"for example {name}={default or most:g}",
        )
    return value


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "false").strip().lower()
    if value not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
        raise BadSetting(f"{name} is neither true nor false", remedy=f"for example {name}=true")
    return value in {"true", "1", "yes", "on"}


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, "").strip().lower()
    if value not in allowed:
        known = ", ".join(word for word in allowed if word)
        raise BadSetting(f"{name} is none of: {known}", remedy=f"for example {name}={allowed[-1]}")
    return value


def _jwks(env: Mapping[str, str]) -> str | None:
    url = env.get("ARRAIGO_JWKS_URL")
    if url is None:
        return None
    parts = _split(url)
    good = parts is not None and (
        (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and parts.hostname in _LOCAL)
    )
    if not good:
        raise BadSetting(
            "ARRAIGO_JWKS_URL is not an https address",
            remedy="for example https://login.example.com/.well-known/jwks.json",
        )
    return url


def _origins(env: Mapping[str, str]) -> tuple[str, ...]:
    origins = tuple(origin.strip() for origin in env.get("ARRAIGO_CORS_ORIGINS", "").split(",") if origin.strip())
    for place, origin in enumerate(origins, start=1):
        if not re.fullmatch(r"https?://[^/\s*@]+", origin):
            raise BadSetting(
                f"number {place} of ARRAIGO_CORS_ORIGINS is not an origin",
                remedy="write them as https://app.example.com, separated by commas",
            )
    return origins


def _blobs(env: Mapping[str, str]) -> str | None:
    """A folder as an absolute path, a bucket without a slash at its end."""
    place = env.get("ARRAIGO_BLOBS")
    if place is None:
        return None
    scheme, is_address, rest = place.partition("://")
    if not is_address and not place.lower().startswith("s3:"):
        return str(Path(place).expanduser().absolute())
    if not is_address or scheme != "s3" or not _BUCKET.fullmatch(rest) or {".", ".."} & set(rest.split("/")):
        raise BadSetting(
            "ARRAIGO_BLOBS is neither a folder nor a bucket",
            remedy="for example ARRAIGO_BLOBS=/srv/arraigo/blobs or ARRAIGO_BLOBS=s3://my-bucket/arraigo",
        )
    return place.rstrip("/")


def _s3_endpoint(env: Mapping[str, str]) -> str | None:
    """Without TLS only on this machine, or where that is asked for in so many words."""
    name = next((name for name in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT") if name in env), None)
    if name is None or not env.get("ARRAIGO_BLOBS", "").startswith("s3://"):
        return None  # other programs' own affair
    parts = _split(env[name])
    plain = parts is not None and (parts.hostname in _LOCAL or _flag(env, "AWS_ALLOW_HTTP"))
    if parts is None or not parts.hostname or parts.scheme not in ({"http", "https"} if plain else {"https"}):
        raise BadSetting(
            f"{name} is not an https address",
            remedy="write it as https://s3.example.com; for http on a private network, set AWS_ALLOW_HTTP=true",
        )
    return env[name].rstrip("/")


def _model(env: Mapping[str, str]) -> str | None:
    """The form alone: whether there is such a model, `arraigo.llm` knows."""
    model = env.get("ARRAIGO_MODEL", "offline")
    if model.lower() == "offline":
        return None
    if not _MODEL.fullmatch(model):
        raise BadSetting(
            "ARRAIGO_MODEL is neither offline nor of the form provider:name",
            remedy="for example ARRAIGO_MODEL=anthropic:claude-sonnet-4-5",
        )
    return model


def _file(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]).expanduser().absolute() if name in env else None


def _context_service(env: Mapping[str, str]) -> str | None:
    """Without TLS only on this machine and by the short names of a private network, as compose gives them."""
    url = env.get("CONTEXT_SERVICE_URL")
    if url is None:
        return None
    parts = _split(url)
    host = (parts.hostname if parts else None) or ""
    schemes = {"http", "https"} if host in _LOCAL or _PRIVATE.fullmatch(host) else {"https"}
    good = parts is not None and parts.scheme in schemes and "@" not in parts.netloc and not parts.query
    if not good or not host or re.search(r"\s", url):
        raise BadSetting(
            "CONTEXT_SERVICE_URL is not the https address of a service, without a password or a query",
            remedy="for example https://context.example.com, or http://context:8080 on a private network",
        )
    return url.rstrip("/")
