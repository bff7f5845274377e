"""What SOURCE on the command line says."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from arraigo.errors import InvalidInput

FORMS = "json:FILE, json:FOLDER or json:FILE?shape=NAME"
_LATER = ("postgresql:", "postgres:", "dynamodb:", "dynamodb-export:", "localstorage:")


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from.

    Attributes:
        kind: What sort of place it is.
        location: Where that is, the same however it was written.
        shape: The shape that was asked for; empty: it is recognised.
    """

    kind: str
    location: str
    shape: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.location}" + (f"?shape={self.shape}" if self.shape else "")


def parse(text: str) -> Source:
    """Read a SOURCE.

    Raises:
        InvalidInput: It has none of the forms that work, or an option that there is not.
    """
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
