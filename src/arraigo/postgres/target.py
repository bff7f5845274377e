"""Where a database is and how to work there: from the settings, or the embedded server's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from psycopg.conninfo import make_conninfo

from arraigo.postgres import aws
from arraigo.postgres.embedded import EmbeddedServer, start
from arraigo.settings import Pool as Sizes
from arraigo.settings import Settings

APPLICATION_ROLE = "arraigo_app"
OWNER_ROLE = "arraigo_owner"
DATABASE = "arraigo"


@dataclass(frozen=True)
class Target:
    """One database, as one kind of user.

    Attributes:
        url: The address; it may hold a password, so that it never shows.
        sizes: The pool's limits.
        pooler: "transaction" behind PgBouncer or RDS Proxy: nothing may outlive a transaction there.
        iam_auth: Whether each connection signs in with a fresh AWS IAM token.
    """

    url: str = field(repr=False)
    sizes: Sizes = field(default_factory=Sizes)
    pooler: str = ""
    iam_auth: bool = False

    @property
    def where(self) -> str:
        """Host and port, or the socket's folder: what a message may show."""
        parts = urlsplit(self.url)
        host = parts.hostname or parse_qs(parts.query).get("host", ["localhost"])[0]
        return f"{unquote(host)}:{parts.port}" if parts.port else unquote(host)

    @property
    def database(self) -> str:
        """The database's name."""
        return unquote(urlsplit(self.url).path.lstrip("/"))

    def conninfo(self) -> str:
        """What libpq takes; asked before each connection, since a token expires."""
        options: dict[str, str | int] = {
            "connect_timeout": max(2, round(self.sizes.connect_timeout)),
            "application_name": "arraigo",
            "client_encoding": "utf8",
        }
        if self.pooler != "transaction":
            # Our statements do not depend on their parameters for a good plan: planning each anew took longer than
            # reading (docs/decisions/0005).
            options["options"] = "-c plan_cache_mode=force_generic_plan -c TimeZone=UTC"
        if self.iam_auth:
            options["password"] = aws.sign_in_token(self.url)
        return make_conninfo(self.url, **options)

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
        application = Target(settings.database_url, settings.pool, settings.pooler, settings.iam_auth)
        owner_url = settings.migration_url or settings.database_url
        return Targets(application, Target(owner_url, settings.pool, "", settings.iam_auth))
    server = start(settings.home, tell=tell)
    where = urlsplit(server.url).query
    return Targets(
        Target(f"postgresql://{APPLICATION_ROLE}@/{DATABASE}?{where}", settings.pool),
        Target(f"postgresql://postgres@/{DATABASE}?{where}", settings.pool),
        server,
    )
