"""Which kinds of sources hold records: here, and in `sources.spec`, which says how they are written."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType

from arraigo.move.records.found import Found
from arraigo.move.records.progress import Tell
from arraigo.move.sources import jsonfile, localstorage
from arraigo.move.sources.spec import DYNAMODB, DYNAMODB_EXPORT, Source

FINDERS: Mapping[str, Callable[[Source], Found]] = {"json": jsonfile.find, "localstorage": localstorage.find}
"""Of files, which are there as long as they are read."""


def _live() -> ModuleType:
    from arraigo.move.sources.dynamodb import live  # noqa: PLC0415 - boto3 is an extra

    return live


def _export() -> ModuleType:
    from arraigo.move.sources.dynamodb import export  # noqa: PLC0415 - nobody else needs it

    return export


ITEMS: Mapping[str, Callable[[], ModuleType]] = {DYNAMODB: _live, DYNAMODB_EXPORT: _export}
"""Of what is fetched and sorted first."""


def check(source: Source) -> None:
    """See that it is there, as far as that is quickly seen: before a server is started for it.

    Raises:
        InvalidInput: It is not there, or nothing in it can be moved.
        Unavailable: It does not answer.
    """
    if source.kind in ITEMS:
        ITEMS[source.kind]().find(source)
    else:
        FINDERS[source.kind](source)


@contextmanager
def opened(source: Source, tell: Tell) -> Iterator[Found]:
    """The units of records that a source holds, for as long as this lasts.

    Raises:
        InvalidInput: It is not there, is damaged, or nothing in it can be moved.
        Unavailable: It does not answer.
    """
    if source.kind in ITEMS:
        with ITEMS[source.kind]().opened(source, tell) as found:
            yield found
    else:
        yield FINDERS[source.kind](source)
