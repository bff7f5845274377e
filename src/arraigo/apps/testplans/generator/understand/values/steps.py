"""Steps of a scale in words: "one step higher than in the matrix", "P1 becomes P2"."""

import re
from itertools import pairwise

from arraigo.apps.testplans.generator.lexicon import at
from arraigo.apps.testplans.generator.model import Choose, Condition, Const, OneOf, Ref
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.names import Mention, Names
from arraigo.apps.testplans.generator.understand.values.rounding import phrases
from arraigo.apps.testplans.generator.understand.values.said import Said, conjoin
from arraigo.apps.testplans.generator.words import Token

_BECOMES = phrases(
    "becomes|become|is raised to|is lowered to|counts as|turns into|pasa a ser|pasa a|se convierte en|queda en|"
    "cuenta como|sube a|baja a|->|→"
)
_STEP = re.compile(
    r"\b(?:one|a|un|una|1|two|dos|2) (?:step|level|grade|class|category|nivel|grado|escalon|categoria|clase|paso)s? "
    r"(?:mas )?(?P<way>higher|up|above|better|lower|down|below|worse|alt[oa]|superior|arriba|baj[oa]|"
    r"inferior|abajo)\b"
)
_UP = frozenset("higher up above better alto alta superior arriba".split())


def read(id_: str, tokens: list[Token], names: Names, condition: Condition) -> list[Said]:
    """What a sentence says of the steps of a quantity that is a word."""
    plain = words(tokens)
    values = [m for m in names.mentions(tokens) if m.sort == "value" and m.name in names.results]
    pairs = [
        (one, other)
        for one, other in pairwise(values)
        if one.name == other.name and at(plain, one.end, _BECOMES) == other.start - one.end
    ]
    text = " ".join(token.text for token in tokens)
    if found := _STEP.search(text):
        quantity = next(
            (m.name for m in names.mentions(tokens) if m.sort == "quantity" and m.name in names.results), ""
        )
        if not quantity:
            return []
        far = 2 if re.match(r"two|dos|2", found[0]) else 1
        shift = _direction(pairs, names.results[quantity], found["way"]) * far
        return [Said(id_, quantity, "set", _shifted(quantity, sorted(names.results[quantity]), shift), condition)]
    return [
        Said(id_, one.name, "set", Const(other.value), conjoin(condition, OneOf(one.name, (one.value,))))
        for one, other in pairs
    ]


def _direction(pairs: list[tuple[Mention, Mention]], known: list[str], way: str) -> int:
    """Whether a step goes to the next or to the last value of the sorted list: by the example, else by the figures."""
    order = sorted(known)
    for one, other in pairs:
        if one.value in order and other.value in order and one.value != other.value:
            return 1 if order.index(str(other.value)) > order.index(str(one.value)) else -1
    return -1 if way in _UP else 1  # P1 is above P2, A above B


def _shifted(name: str, order: list[str], shift: int) -> Choose:
    last = len(order) - 1
    return Choose(
        tuple((OneOf(name, (value,)), Const(order[min(max(n + shift, 0), last)])) for n, value in enumerate(order)),
        Ref(name),
    )
