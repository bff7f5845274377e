"""Records made in a process of their own (`helper`).

What comes back is what the database is given: lines of COPY.
"""

import gc
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import Any

from arraigo.move.records import batches as limits
from arraigo.move.records.batches import Batch, Item, Reject
from arraigo.move.records.items import ItemShape
from arraigo.move.records.ready import Making, Ready
from arraigo.move.records.shape import Context, item_shapes
from arraigo.move.records.window import Place
from arraigo.move.sources.dynamodb.helper import answer, asked
from arraigo.move.sources.dynamodb.spool import Part, Spool
from arraigo.move.sources.dynamodb.taking import Taking

WORTH_IT = 16_000_000
"""Bytes of records from which on a second process gains more than its start takes."""
_RARELY = 100_000  # objects between two looks for garbage: what is made here is no part of a cycle


def batches(spool: Spool, shape: ItemShape, context: Context) -> Generator[Batch]:
    """The records of a shape, in order, made ready.

    Raises:
        Unavailable: The process cannot be started, or ended before it was done.
    """
    again = _Again(spool, shape, context)
    given = replace(context, options=dict(context.options), expiry=dict(context.expiry))
    job = (spool.pieces, spool.tables, spool.parts[shape], shape.name, given, limits.BATCH_BYTES, limits.BATCH_RECORDS)
    for part, begin, first, records, size, ready, rejects in spool.helper.ask(job):
        yield Batch(
            [_read(one) for one in rejects],
            size,
            records,
            Ready(*ready),
            partial(again.items, part, begin, range(first, first + records)),
        )


class _Again:
    """Makes here what was made there, where somebody looks at it more closely."""

    def __init__(self, spool: Spool, shape: ItemShape, context: Context) -> None:
        self._spool, self._shape, self._context = spool, shape, context
        self._part, self._items = -1, list[Item]()

    def items(self, part: int, begin: int, positions: range) -> list[Item]:
        """The items at these positions; they are in this part of the spool, which begins at that."""
        if part != self._part:
            taking = Taking(self._spool, self._shape, self._context, begin)
            found = taking.taken(self._spool.parts[self._shape][part])
            self._part, self._items = part, [one for one in found if isinstance(one, Item)]
        return [item for item in self._items if item.position in positions]


def main() -> None:
    """What the other process does."""
    gc.freeze()
    gc.set_threshold(_RARELY)
    with suppress(BrokenPipeError, KeyboardInterrupt):
        for pieces, tables, parts, name, context, *most in asked():
            shape = item_shapes()[name]
            for made in _made(Taking(Spool(pieces, tables, {shape: parts}), shape, context), shape, parts, *most):
                answer(made)
            answer(None)


def _made(
    taking: Taking, shape: ItemShape, parts: Sequence[Part], most_bytes: int, most: int
) -> Iterator[tuple[Any, ...]]:
    """The answers: a batch each, and from where it can be made again."""
    for number, part in enumerate(parts):
        begin = taking.position
        records = taking.taken(part)
        while some := list(islice(records, 1)):
            first, size, rejects, making = taking.position, 0, list[Any](), Making(shape)
            for found in chain(some, records):
                size += found.size
                if isinstance(found, Item):
                    making.add(found)
                else:
                    rejects.append(_written(found))
                if size >= most_bytes or found.position - first + 1 >= most:
                    break
            yield number, begin, first, found.position - first + 1, size, tuple(making.done()), rejects


def _written(one: Reject) -> tuple[Any, ...]:
    return one.position, one.key, one.reason, one.place.line, one.place.byte, one.size, one.raw


def _read(one: tuple[Any, ...]) -> Reject:
    position, key, reason, line, byte, size, raw = one
    return Reject(position, key, reason, Place(line, byte), size, raw)
