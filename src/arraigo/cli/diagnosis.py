"""Looks at an installation; changes nothing."""

import os
import platform
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import arraigo
from arraigo.cli.output import counted, megabytes
from arraigo.cli.places import database as opened
from arraigo.errors import ArraigoError, Unavailable
from arraigo.postgres import schema
from arraigo.postgres.queries import load as load_queries
from arraigo.postgres.sync.database import Database
from arraigo.postgres.target import Targets
from arraigo.settings import Settings, load
from arraigo.store.access import QUERIES as STORE
from arraigo.store.journal.places import decide, pending
from arraigo.sync.blobs import Blobs

_QUERIES = load_queries("arraigo.cli")
_ENOUGH_DISK = 1_000_000_000
# Without these, what was acknowledged may be gone after a crash.
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_BLOBS_REMEDY = "look at the bucket's name, AWS_REGION, the credentials and AWS_ENDPOINT_URL_S3"
_ROLES = {"arraigo_owner", "arraigo_app", "arraigo_admin", "arraigo_clinical"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `ok` None: nothing to judge."""

    name: str
    ok: bool | None
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Role:
    """One of the server's roles; `bypass`: row-level security does not bind it."""

    name: str
    login: bool
    superuser: bool
    bypass: bool


@dataclass(frozen=True)
class Extension:
    """One of the server's extensions, by version."""

    name: str
    available: str
    installed: str | None


@dataclass
class Facts:
    """What was found."""

    checks: list[Check] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    reachable: bool = True

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return all(check.ok is not False for check in self.checks)


def examine(*, database: bool) -> Facts:
    """Look at everything; with `database`, into the server too.

    Raises:
        BadSetting: A variable has a bad value.
    """
    settings = load()
    facts = Facts()
    facts.checks += [
        Check("arraigo", None, arraigo.__version__),
        Check("python", None, f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        Check("home", None, f"{settings.home}{'' if settings.home.is_dir() else ' (not made yet)'}"),
        _disk(settings.home),
        _tokens(settings),
        _blobs(settings),
        *_journal(settings),
    ]
    if settings.embedded and not _made(settings.home):
        facts.checks.append(Check("database", None, "embedded, not made yet: the first command that needs it makes it"))
        return facts
    try:
        with opened(current=False) as targets:
            _database(targets, facts, deep=database)
    except Unavailable as error:
        facts.reachable = False
        facts.checks.append(Check("database", False, error.what, error.remedy))
    return facts


def _made(home: Path) -> bool:
    return any(home.glob("postgres*"))


def _disk(home: Path) -> Check:
    there = next(folder for folder in (home, *home.parents) if folder.is_dir())
    free = shutil.disk_usage(there).free
    return Check("disk", free >= _ENOUGH_DISK, f"{megabytes(free)} free", "free some space")


def _tokens(settings: Settings) -> Check:
    secret = settings.home / "jwt-secret"
    if settings.jwks_url:
        return Check("tokens", None, f"from the issuer of {settings.jwks_url}")
    if settings.jwt_secret:
        return Check("tokens", None, "signed with ARRAIGO_JWT_SECRET")
    if not secret.exists():
        return Check("tokens", None, "signed with a secret that is made in the home at first use")
    closed = not secret.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    found = f"signed with the secret in {secret}" + ("" if closed else ", which others can read")
    return Check("tokens", closed, found, f"run: chmod 600 {secret}")


def _journal(settings: Settings) -> list[Check]:
    decision = decide(settings)
    checks = [Check("journal", None, f"{'on' if decision.on else 'off'}: {decision.why}")]
    for found in pending(settings):
        remedy = "they come in as soon as a program that opens the store, such as arraigo worker, reaches the database"
        checks.append(Check("pending", False, f"{counted(found.entries, 'change')} in {found.folder}", remedy))
        if found.damaged:
            remedy = "what can be read of them stands there; move the file away when it has been looked at"
            checks.append(
                Check("damaged", False, f"{counted(found.damaged, 'line')} in {found.folder / 'damaged'}", remedy)
            )
    return checks


def _quarantine(targets: Targets) -> list[Check]:
    with suppress(ArraigoError), Database(targets.application) as application:  # isolation has said what is wrong
        [count] = application.fetch(STORE.quarantine_count, {}, lambda row: int(row[0]))
        found = f"{counted(count, 'change')} of the journal that the database refused"
        return [Check("quarantine", not count, found if count else "empty", "run: arraigo journal list")]
    return []


def _blobs(settings: Settings) -> Check:
    """Where documents' bytes are, and whether they can be written; a folder that is not made yet is not made."""
    place = settings.blob_place
    folder = None if place.startswith("s3://") else Path(place)
    if folder is not None and not folder.exists():
        there = next(parent for parent in folder.parents if parent.exists())
        can = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
        found = "not made yet" if can else f"cannot be made in {there}"
        return Check("blobs", can, f"{place} ({found})", "set ARRAIGO_BLOBS to a folder that can be written")
    try:
        Blobs(place, settings.s3_endpoint).probe()
    except Unavailable as error:
        return Check("blobs", False, error.what, _BLOBS_REMEDY if folder is None else f"make {place} writable")
    return Check("blobs", True, f"{place}, can be written")


def _database(targets: Targets, facts: Facts, *, deep: bool) -> None:
    embedded = targets.server is not None
    # Of another server the application's user is what counts: it need not be allowed to work as the owner.
    status = schema.status(targets.owner if embedded else targets.application)
    facts.checks += [Check("database", True, _where(targets)), _schema(status, embedded=embedded)]
    if status.found is None:
        return
    open_tables: list[str] | None
    try:
        with schema.owner_connection(targets.owner) as connection:
            version, size, user = connection.execute(_QUERIES.server.sql).fetchone() or ("", 0, "")
            facts.checks.append(Check("server", None, f"PostgreSQL {version}, {megabytes(size)}, owned as {user}"))
            open_tables = [name for (name,) in connection.execute(_QUERIES.unprotected.sql)]
            if deep:
                _look_deeper(connection, facts)
    except Unavailable as error:
        remedy = "for db, move, export and journal, set ARRAIGO_MIGRATION_URL to the owner's address"
        facts.checks.append(Check("owner", None, error.what, remedy))
        open_tables = None
    facts.checks.append(_isolation(targets, open_tables))
    if status.current:
        facts.checks += _quarantine(targets)


def _where(targets: Targets) -> str:
    return f"{'embedded' if targets.server else targets.owner.database} at {targets.owner.where}"


def _schema(status: schema.Status, *, embedded: bool) -> Check:
    if status.current:
        return Check("schema", True, f"version {status.found}")
    if status.found is None:
        return Check("schema", embedded, "none", "run: arraigo db upgrade")
    if not status.pending:
        return Check("schema", False, f"version {status.found}, newer than this program", "run a newer arraigo")
    found = f"version {status.found}; this program wants {status.newest}"
    return Check("schema", embedded, found, "run: arraigo db upgrade")


def _isolation(targets: Targets, open_tables: list[str] | None) -> Check:
    """Whether row-level security binds the user that `serve` works as, and holds every table; None: nobody looked."""
    try:
        with Database(targets.application) as application:
            bound = application.fetch(STORE.isolation, {}, lambda row: bool(row[0]))[0]
    except ArraigoError as error:
        return Check("isolation", False, error.what, error.remedy)
    if not bound:
        return Check("isolation", False, "row-level security is passed by", "connect as arraigo_app")
    if open_tables:
        return Check(
            "isolation", False, f"no row-level security on {', '.join(open_tables)}", "run: arraigo db upgrade"
        )
    everywhere = "" if open_tables is None else ", in force on every table of somebody's"
    return Check("isolation", True, f"row-level security binds arraigo{everywhere}")


def _look_deeper(connection: Any, facts: Facts) -> None:
    facts.settings = dict(connection.execute(_QUERIES.server_settings.sql).fetchall())
    facts.roles = [Role(*row) for row in connection.execute(_QUERIES.roles.sql)]
    facts.extensions = [Extension(*row) for row in connection.execute(_QUERIES.extensions.sql)]
    risky = [f"{name} = {facts.settings[name]}" for name, safe in _DURABLE.items() if facts.settings[name] != safe]
    missing = sorted(_ROLES - {role.name for role in facts.roles})
    facts.checks += [
        Check("durability", not risky, ", ".join(risky) or "a commit is on the disk", "set them to on"),
        Check("roles", not missing, f"missing: {', '.join(missing)}" if missing else "all there", "arraigo db upgrade"),
    ]
