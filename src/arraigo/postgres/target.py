"""Where a database is and how to work there: from the settings, or the embedded server's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from arraigo.errors import BadSetting, Unavailable
from arraigo.postgres import aws
from arraigo.postgres.embedded import EmbeddedServer, start
from arraigo.settings import Pool as Sizes
from arraigo.settings import Settings

APPLICATION_ROLE = "arraigo_app"
OWNER_ROLE = "arraigo_owner"
DATABASE = "arraigo"
_PATIENCE = 60  # seconds; what a program asks for is done in milliseconds, or stuck
_NOTHING_CHANGED = "nothing was changed"


@dataclass(frozen=True)
class Target:
    """One database, as one kind of user.

    Attributes:
        url: The address; it may hold a password, so that it never shows.
        sizes: The pool's limits.
        pooler: "transaction" behind PgBouncer or RDS Proxy: nothing may outlive a transaction there.
        iam_auth: Whether each connection signs in with a fresh AWS IAM token.
        patience: Seconds that one statement may take, a lock's wait included; None: as long as it takes.
        revive: Starts the server again if it has died: ours, for nobody else would.
    """

    url: str = field(repr=False)
    sizes: Sizes = field(default_factory=Sizes)
    pooler: str = ""
    iam_auth: bool = False
    patience: int | None = None
    revive: Callable[[], None] | None = field(default=None, repr=False, compare=False)

    @property
    def where(self) -> str:
        """Host and port, or the socket's folder: what a message may show."""
        parts = urlsplit(self.url)
        host = parse_qs(parts.query).get("host", [parts.hostname or "localhost"])[0]
        return f"{unquote(host)}:{parts.port}" if parts.port else unquote(host)

    @property
    def database(self) -> str:
        """The database's name."""
        return unquote(urlsplit(self.url).path.lstrip("/"))

    def conninfo(self) -> str:
        """What libpq takes; asked before each connection, since a token expires. What the address says goes first.

        Raises:
            BadSetting: libpq cannot read the address.
        """
        given = _read(self.url)
        options: dict[str, Any] = {
            "connect_timeout": max(2, round(self.sizes.connect_timeout)),
            "application_name": "arraigo",
            # A network that swallows packets is noticed within half a minute, not within two hours.
            "keepalives_idle": 15,
            "keepalives_interval": 5,
            "tcp_user_timeout": 30_000,
            **given,
            "client_encoding": "utf8",
        }
        if self.pooler != "transaction":
            # Our statements do not depend on their parameters for a good plan: planning each anew took longer than
            # reading (docs/decisions/0005).
            ours = "-c plan_cache_mode=force_generic_plan -c TimeZone=UTC"
            if self.patience:
                ours += f" -c statement_timeout={self.patience}s"
            options["options"] = f"{ours} {given.get('options') or ''}".strip()
        if self.iam_auth:
            host, port, user = (str(given.get(part) or "") for part in ("host", "port", "user"))
            options["password"] = aws.sign_in_token(host or "localhost", int(port or 5432), user)
        return make_conninfo(**options)

    def direct(self) -> Self:
        """This target, for work that outlives a transaction: locks, roles, schema versions.

        Raises:
            Unavailable: It is behind a pooler in transaction mode.
        """
        if self.pooler == "transaction":
            raise Unavailable(
                f"{self.where} is a pooler, and this wants a connection of its own to the server",
                safe=_NOTHING_CHANGED,
                remedy="set ARRAIGO_MIGRATION_URL to the server's own address",
            )
        return self

    def as_database(self, name: str) -> str:
        """The same address with another database."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))


@dataclass(frozen=True)
class Targets:
    """The two ways into one database: as the application, and as the owner of its schema."""

    application: Target
    owner: Target
    server: EmbeddedServer | None = None

    def close(self) -> None:
        """Let go of the embedded server; the last to let go stops it."""
        if self.server is not None:
            self.server.close()


def find(settings: Settings, *, tell: Callable[[str], None] | None = None) -> Targets:
    """The database that the settings name; without one, the embedded server, started if need be."""
    if settings.database_url is not None:
        application = Target(settings.database_url, settings.pool, settings.pooler, settings.iam_auth, _PATIENCE)
        owner_url = settings.migration_url or settings.database_url
        owner_pooler = "" if settings.migration_url else settings.pooler
        return Targets(application, Target(owner_url, settings.pool, owner_pooler, settings.iam_auth))
    server = start(settings.home, tell=tell)
    where = urlsplit(server.url).query
    return Targets(
        Target(
            f"postgresql://{APPLICATION_ROLE}@/{DATABASE}?{where}",
            settings.pool,
            patience=_PATIENCE,
            revive=server.revive,
        ),
        Target(f"postgresql://postgres@/{DATABASE}?{where}", settings.pool),
        server,
    )


def _read(url: str) -> dict[str, Any]:
    """The address in libpq's own parts; libpq's complaint may quote the password, so that it goes no further."""
    try:
        return conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        pass
    raise BadSetting(
        "the database's address is none that PostgreSQL's library can read",
        remedy="write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters as %XX",
    )
