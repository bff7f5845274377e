"""A paragraph's sentences: which state something, which belong to another one, which lead to what follows."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from arraigo.apps.testplans.requirements.blocks import Block, Item, Paragraph
from arraigo.apps.testplans.requirements.words.marks import ends_a_sentence
from arraigo.apps.testplans.requirements.words.sections import begins_an_example
from arraigo.apps.testplans.requirements.words.sentences import sentences_of
from arraigo.apps.testplans.requirements.words.statements import depends, is_about, strength

_ONLY_A_TITLE = 2  # words: "Example 1."
_SHORT = 12  # words
_STEM = 5  # letters


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence that leads to a list or a table, the id that it stands under, and where it is."""

    text: str
    id: str
    block: Paragraph

    @classmethod
    def of(cls, said: list[str], identity: str, block: Paragraph, following: Block | None) -> "Lead | None":
        """The last of these sentences, which it takes away, where it ends in a colon or a list goes on with it."""
        if said and (said[-1].endswith(":") or (isinstance(following, Item) and not ends_a_sentence(said[-1]))):
            return cls(f"{said.pop().rstrip(' :')}:", identity, block)
        return None


def parted(text: str) -> tuple[list[str], list[str]]:
    """The sentences of a paragraph, and the examples among them."""
    said: list[str] = []
    examples: list[str] = []
    title = False
    for sentence in sentences_of(text):
        if title:
            examples[-1] += f" {sentence}"
            title = False
        elif begins_an_example(sentence):
            examples.append(sentence)
            title = len(sentence.split()) <= _ONLY_A_TITLE
        else:
            said.append(sentence)
    return said, examples


def whole_of(said: Sequence[str]) -> tuple[list[str], str]:
    """What only leads to a statement, and the statement with all that goes on with it."""
    first = next((at for at, one in enumerate(said) if strength(one) or depends(one)), len(said))
    if 0 < first < len(said) and depends(said[first]) and not is_about(said[first - 1]):
        first -= 1
    rest = said[first:]
    return [*said[:first], *filter(is_about, rest)], " ".join(one for one in rest if not is_about(one))


def ordered(said: Sequence[str], counts: Callable[[str], bool], *, joins: bool) -> Iterator[tuple[str, bool]]:
    """The statements of a paragraph and, with False, what stands beside them, in their order.

    Args:
        said: The sentences.
        counts: Whether a sentence states something.
        joins: A sentence that states nothing by itself belongs to the statement before it.
    """
    statement, before = "", ""
    for sentence in said:
        counted = counts(sentence)
        if is_about(sentence):
            yield from _shown(statement, before)
            yield sentence, False
            statement = before = ""
        elif statement and (
            (counted and depends(sentence)) or (joins and not counted and _goes_on(statement, sentence))
        ):
            statement = f"{statement} {sentence}"
        elif counted and depends(sentence) and before and joins:
            statement, before = f"{before} {sentence}", ""
        elif counted:
            yield from _shown(statement, before)
            statement, before = sentence, ""
        else:
            yield from _shown(statement, before)
            statement, before = "", sentence
    yield from _shown(statement, before)


def _goes_on(statement: str, sentence: str) -> bool:
    """Short, or about the same thing."""
    return len(sentence.split()) <= _SHORT or bool(_nouns(statement) & _nouns(sentence))


def _nouns(text: str) -> set[str]:
    return {word[:_STEM] for word in re.findall(r"[^\W\d_]+", text.lower()) if len(word) >= _STEM}


def _shown(statement: str, before: str) -> Iterator[tuple[str, bool]]:
    if before:
        yield before, False
    if statement:
        yield statement, True
