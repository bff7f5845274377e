"""Blocks made ready to be read: plain words, sentences that a page or a formula parted made whole."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from arraigo.apps.testplans.requirements.blocks import Block, Item, Paragraph, Table
from arraigo.apps.testplans.requirements.words import sections as parts
from arraigo.apps.testplans.requirements.words.hyphens import joined
from arraigo.apps.testplans.requirements.words.marks import ends_a_sentence, is_leader
from arraigo.apps.testplans.requirements.words.mistakes import plain

_FORMULA = re.compile(r"\w{1,3} ?[=<>≤≥]")  # on a line of its own, in the middle of a sentence


def _plain(block: Block) -> Block:
    return block if isinstance(block, Table) else replace(block, text=plain(block.text))


def mended(blocks: Sequence[Block]) -> list[Block]:
    """The blocks in plain words; a sentence that goes on in the next paragraph whole; empty blocks left out."""
    made: list[Block] = []
    for block in map(_plain, blocks):
        last = made[-1] if made else None
        if not isinstance(block, Table) and (not block.text or is_leader(block.text)):
            continue
        if (
            isinstance(block, Paragraph)
            and isinstance(last, Paragraph | Item)
            and not ends_a_sentence(last.text)
            and (block.text[:1].islower() or _FORMULA.match(block.text))
            and not parts.is_caption(last.text)
        ):
            made[-1] = replace(last, text=joined([last.text, block.text], frozenset()))
        else:
            made.append(block)
    return made


def words_of(blocks: Sequence[Block]) -> Iterator[str]:
    """All words of the blocks, for what only wants to know the language."""
    for block in blocks:
        yield from (cell for row in block.rows for cell in row.cells) if isinstance(block, Table) else [block.text]
