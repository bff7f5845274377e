"""What SOURCE on the command line says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from arraigo.errors import InvalidInput
from arraigo.postgres.programs import parted
from arraigo.postgres.target import Target

POSTGRESQL = "postgresql"
_SCHEMES = ("postgresql://", "postgres://")
_LATER = ("dynamodb:", "dynamodb-export:")


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
        return f"{self.kind}:{self.location}" + (f"?{urlencode(asked)}" if asked else "")


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
    if text.startswith(_LATER):
        # Not the text itself: an address may hold a password.
        raise InvalidInput(f"moving from {kind}: does not work yet", remedy=f"what works is {FORMS}")
    if kind not in KINDS or not rest:
        # Not the text itself here either, where it may be an address.
        raise InvalidInput(f"{f'{kind}:' if '://' in text else text!r} is no source", remedy=f"give {FORMS}")
    path, asks, query = rest.partition("?") if not Path(rest).exists() else (rest, "", "")
    options = dict(parse_qsl(query, keep_blank_values=True))
    known = KINDS[kind].options
    if set(options) - set(known) or (asks and not all(options.values())) or bool(asks) > bool(options):
        there = ", ".join(f"?{name}={value}" for name, value in known.items())
        raise InvalidInput(f"{query!r} is no option of {kind}:", remedy=f"the one there is: {there}")
    return Source(kind, str(Path(path).expanduser().resolve()), options.pop("shape", ""), _checked(options))


def _checked(options: dict[str, str]) -> dict[str, str]:
    """The options, in the one form that each has."""
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
