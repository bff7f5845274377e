"""Which kinds of sources hold records: here, and in `sources.spec`, which says how they are written."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from arraigo.move.records.found import Found
from arraigo.move.records.progress import Tell
from arraigo.move.sources import jsonfile, localstorage
from arraigo.move.sources.spec import DYNAMODB, DYNAMODB_EXPORT, Source

FINDERS: Mapping[str, Callable[[Source], Found]] = {"json": jsonfile.find, "localstorage": localstorage.find}


def check(source: Source) -> None:
    """See that it is there, as far as that is quickly seen: before a server is started for it.

    Raises:
        InvalidInput: It is not there, or nothing in it can be moved.
        Unavailable: It does not answer.
    """
    if source.kind == DYNAMODB:
        from arraigo.move.sources.dynamodb import live  # noqa: PLC0415 - boto3 is an extra

        live.find(source)
    elif source.kind == DYNAMODB_EXPORT:
        from arraigo.move.sources.dynamodb import export  # noqa: PLC0415 - nobody else needs it

        export.find(source)
    else:
        FINDERS[source.kind](source)


@contextmanager
def opened(source: Source, tell: Tell) -> Iterator[Found]:
    """The units of records that a source holds, for as long as this lasts.

    Raises:
        InvalidInput: It is not there, is damaged, or nothing in it can be moved.
        Unavailable: It does not answer.
    """
    if source.kind == DYNAMODB:
        from arraigo.move.sources.dynamodb import live  # noqa: PLC0415 - boto3 is an extra

        with live.opened(source, tell) as found:
            yield found
    elif source.kind == DYNAMODB_EXPORT:
        from arraigo.move.sources.dynamodb import export  # noqa: PLC0415 - nobody else needs it

        with export.opened(source, tell) as found:
            yield found
    else:
        yield FINDERS[source.kind](source)
