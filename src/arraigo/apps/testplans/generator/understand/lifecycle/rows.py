"""Rows of tables of transitions, whatever their columns are called."""

import re
from collections.abc import Sequence

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.lexicon import REFUSE, has
from arraigo.apps.testplans.generator.model import ALWAYS, Barred, Condition, Move, Rule, Strikes, System, Unread
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.clauses import key, quoted, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.lifecycle.phrases import ORDINALS
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.words import fold, inflected, stem, tokens
from arraigo.apps.testplans.plan import Language

NOTHING = frozenset({"", "-", "—", "–", "n/a", "no aplica", "none", "ninguno", "ninguna", "x", "✗"})
_EVERY = re.compile(r"(any|cualquiera|cualquier estado|todos|todas|all|every|\*)( .*)?")
_BUT = re.compile(r"\b(?:except|but|other than|salvo|excepto|menos)\b(?P<rest>.*)")
_SPLIT = re.compile(r"\s*(?:,|/|;|\bo\b|\bor\b|\bu\b|\by\b|\band\b)\s*")
_FINE = re.compile(r"\b(valid[oa]?s?|correct[oa]?s?|right|ok|complet[oa]?s?|complete)\b")
_RIGHT = 0.6


def states_in(cell: str, system: System) -> tuple[str, ...]:
    """The states that a cell names, each as the system calls it; "any" is all of them."""
    plain = fold(quoted(cell))
    if _EVERY.fullmatch(plain):
        but = _BUT.search(plain)
        left_out = states_in(but["rest"], system) if but else ()
        return tuple(state for state in system.states if state not in left_out)
    found = [
        next((known for known in system.states if fold(known) == piece or inflected(piece, fold(known))), "")
        for piece in ([plain] if plain in map(fold, system.states) else map(quoted, _SPLIT.split(plain)))
    ]
    return tuple(dict.fromkeys(state for state in found if state))


def events_in(cell: str, names: Names, language: Language) -> tuple[str, ...]:
    """The operations that a cell names: in words, by the glossary's name, several at once."""
    found = tokens(cell, language)
    named = tuple(dict.fromkeys(m.name for m in names.mentions(found) if m.sort == "operation"))
    if named:
        return named
    made: list[str] = []
    for piece in _SPLIT.split(fold(quoted(cell))):
        roots = [stem(word) for word in re.findall(r"\w+", piece)]
        scored = [(_likeness(roots, operation), operation) for operation in names.system.operations]
        best = max((score for score, _ in scored), default=0)
        top = [operation for score, operation in scored if score == best]
        made += top if best >= _RIGHT and len(top) == 1 else []
    return tuple(dict.fromkeys(made))


def _likeness(roots: Sequence[str], operation: str) -> float:
    own = [stem(part) for part in parts(operation)]
    return sum(max((alike(root, part) for root in roots), default=0.0) for part in own) / len(own)


def read(
    id_: str, cells: dict[str, str], by: dict[str, str], names: Names, conditions: Conditions, message: str | None
) -> list[Rule]:
    """The transitions of one row; `by` has the head of the columns from, event and to."""
    system = names.system
    language: Language = "es"
    operations = events_in(cells.get(by.get("event", ""), ""), names, language)
    if not operations:
        return []
    sources = states_in(cells.get(by.get("from", ""), ""), system)
    target = cells.get(by["to"], "")
    plain = words(tokens(target, language))
    targets = states_in(target, system)
    if not targets and (has(plain, REFUSE) or key(target) in NOTHING):
        return [Barred(id_, operations, sources, message)] if sources else []
    when, count = _guard(cells, conditions, language)
    if count and len(targets) == 1:
        counted = None if isinstance(when, Unread) or when == ALWAYS else when
        return [Strikes(id_, operations, count, targets[0], True, message, counted)]
    if len(targets) > 1:
        return [Move(id_, operations, sources, one, Unread("or"), message) for one in targets]
    return [Move(id_, operations, sources, one, when, message) for one in targets]


def _guard(cells: dict[str, str], conditions: Conditions, language: Language) -> tuple[Condition, int]:
    """The condition of a row, and how often it has to hold where it is an ordinal: "third wrong code"."""
    for head, cell in cells.items():
        if not re.match(r"cond|guard|requisito|regla|rule|si\b|if\b|when|cuando|provided", key(head)):
            continue
        if key(cell) in NOTHING:
            continue
        found = tokens(cell, language)
        count = next((ORDINALS[token.text] for token in found if token.text in ORDINALS), 0)
        rest = [token for token in found if token.text not in ORDINALS]
        if not count and _FINE.search(fold(cell)):
            return ALWAYS, 0  # what is not so is refused by its own rule
        reading = conditions.read(rest)
        return reading.condition or Unread(cell), count
    return ALWAYS, 0
