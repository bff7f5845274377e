"""Which kinds of sources hold records: here, and in `sources.spec`, which says how they are written."""

from collections.abc import Callable, Mapping

from arraigo.move.records.files import Found
from arraigo.move.sources import jsonfile, localstorage
from arraigo.move.sources.spec import Source

FINDERS: Mapping[str, Callable[[Source], Found]] = {"json": jsonfile.find, "localstorage": localstorage.find}


def find(source: Source) -> Found:
    """The files of records that a source names.

    Raises:
        InvalidInput: There is no such file, or nothing in it can be moved.
    """
    return FINDERS[source.kind](source)
