"""What SOURCE on the command line says."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from arraigo.errors import InvalidInput
from arraigo.postgres.programs import parted
from arraigo.postgres.target import Target

FORMS = "postgresql://USER@HOST:5432/DATABASE, json:FILE, json:FOLDER or json:FILE?shape=NAME"
POSTGRESQL = "postgresql"
_SCHEMES = ("postgresql://", "postgres://")
_LATER = ("dynamodb:", "dynamodb-export:", "localstorage:")


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from.

    Attributes:
        kind: What sort of place it is.
        location: Where that is, the same however it was written; of an address, without its password.
        shape: The shape that was asked for; empty: it is recognised.
    """

    kind: str
    location: str
    shape: str = ""

    def __str__(self) -> str:
        if self.kind == POSTGRESQL:
            return self.location
        return f"{self.kind}:{self.location}" + (f"?shape={self.shape}" if self.shape else "")


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
    if kind != "json" or not rest:
        # Not the text itself here either, where it may be an address.
        raise InvalidInput(f"{f'{kind}:' if '://' in text else text!r} is no source", remedy=f"give {FORMS}")
    path, asks, query = rest.partition("?") if not Path(rest).exists() else (rest, "", "")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if set(options) - {"shape"} or (asks and not options.get("shape")):
        raise InvalidInput(f"{query!r} is no option of json:", remedy="the one there is: ?shape=NAME")
    return Source("json", str(Path(path).expanduser().resolve()), options.get("shape", ""))


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
