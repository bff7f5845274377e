"""What SOURCE on the command line says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from arraigo.errors import InvalidInput
from arraigo.postgres.programs import parted
from arraigo.postgres.target import Target

POSTGRESQL = "postgresql"
_SCHEMES = ("postgresql://", "postgres://")
DYNAMODB, DYNAMODB_EXPORT = "dynamodb", "dynamodb-export"
_TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}")  # as AWS has it
_ENDPOINT = {"region": "REGION", "endpoint_url": "http://HOST:PORT"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of place with records in it (`records.opening` says who finds them there).

    Attributes:
        form: How it is written.
        options: What may stand behind the `?`, each with what it is.
    """

    form: str
    options: Mapping[str, str]


KINDS: Mapping[str, Kind] = {
    "json": Kind("json:FILE, json:FOLDER or json:FILE?shape=NAME", {"shape": "NAME"}),
    "localstorage": Kind("localstorage:PATH or localstorage:PATH?employee=UUID", {"employee": "UUID"}),
    DYNAMODB: Kind("dynamodb://TABLE,TABLE?region=REGION", _ENDPOINT),
    DYNAMODB_EXPORT: Kind(
        "dynamodb-export:FOLDER or dynamodb-export:s3://BUCKET/PREFIX",
        _ENDPOINT | {"keys": "ATTRIBUTE,ATTRIBUTE", "ttl": "ATTRIBUTE"},
    ),
}
FORMS = ", ".join(["postgresql://USER@HOST:5432/DATABASE", *(kind.form for kind in KINDS.values())])


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from.

    Attributes:
        kind: What sort of place it is.
        location: Where that is, the same however it was written; of an address, without its password.
        shape: The shape that was asked for; empty: it is recognised.
        options: What else was said of it.
    """

    kind: str
    location: str
    shape: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        if self.kind == POSTGRESQL:
            return self.location
        asked = dict(self.options) | ({"shape": self.shape} if self.shape else {})
        begin = f"{self.kind}://" if self.kind == DYNAMODB else f"{self.kind}:"
        return f"{begin}{self.location}" + (f"?{urlencode(asked)}" if asked else "")


def is_database(text: str) -> bool:
    """Whether it is the address of a PostgreSQL."""
    return text.startswith(_SCHEMES)


def parse(text: str) -> Source:
    """Read a SOURCE.

    Raises:
        InvalidInput: It has none of the forms that work, or an option that there is not.
    """
    if is_database(text):
        return Source(POSTGRESQL, _shown(text))
    kind, _, rest = text.partition(":")
    if kind not in KINDS or not rest:
        # Not the text itself here either, where it may be an address.
        raise InvalidInput(f"{f'{kind}:' if '://' in text else text!r} is no source", remedy=f"give {FORMS}")
    path, asks, query = rest.partition("?") if not Path(rest).exists() else (rest, "", "")
    options = dict(parse_qsl(query, keep_blank_values=True))
    known = KINDS[kind].options
    if set(options) - set(known) or (asks and not all(options.values())) or bool(asks) > bool(options):
        there = ", ".join(f"?{name}={value}" for name, value in known.items())
        raise InvalidInput(f"{_bare(query)!r} is no option of {kind}:", remedy=f"there is: {there}")
    return Source(kind, _place(kind, path), options.pop("shape", ""), _checked(options))


def _place(kind: str, path: str) -> str:
    """Where it is, in the one form that this has."""
    if kind == DYNAMODB:
        tables = path.removeprefix("//").rstrip("/").split(",")
        if not all(map(_TABLE.fullmatch, tables)) or len(tables) != len(set(tables)):
            raise InvalidInput(f"{path!r} names no tables, each once", remedy=f"write {KINDS[kind].form}")
        return ",".join(tables)
    if kind == DYNAMODB_EXPORT and path.startswith("s3://"):
        if not path.removeprefix("s3://").strip("/"):
            raise InvalidInput(f"{path!r} names no bucket", remedy=f"write {KINDS[kind].form}")
        return path.rstrip("/")
    return str(Path(path).expanduser().resolve())


def _bare(query: str) -> str:
    """Options as a message may show them: an address in them may hold a password."""
    return "&".join(f"{part.partition('=')[0]}=…" if ":" in part else part for part in query.split("&"))


def _checked(options: dict[str, str]) -> dict[str, str]:
    """The options, in the one form that each has."""
    if "endpoint_url" in options:
        found = urlsplit(options["endpoint_url"])
        if found.scheme not in {"http", "https"} or not found.hostname or found.username or found.password:
            raise InvalidInput("the endpoint_url is no address", remedy="write it as ?endpoint_url=http://HOST:PORT")
    try:
        return {name: str(UUID(value)) if name == "employee" else value for name, value in options.items()}
    except ValueError:
        raise InvalidInput(
            f"the employee {options['employee']!r:.80} is no UUID", remedy="write it as ?employee=UUID"
        ) from None


def _shown(url: str) -> str:
    """An address as the ledger and reports have it, without its password."""
    try:
        address, _ = parted(Target(url))
    except ValueError:
        address = ""
    # Not the text itself: it may hold a password.
    if not address.startswith(_SCHEMES) or not Target(address).database:
        raise InvalidInput(
            "the source's address names no database", remedy="write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE"
        )
    return f"{POSTGRESQL}://{address.partition('://')[2]}"
