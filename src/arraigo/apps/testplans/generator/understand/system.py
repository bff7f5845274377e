"""All requirements to one model, in two passes: what names mean, then what is said of them."""

import re
from collections.abc import Sequence

from arraigo.apps.testplans.generator.infer import glossary as inferred
from arraigo.apps.testplans.generator.lexicon import ARTICLES, BE, at
from arraigo.apps.testplans.generator.model import (
    Field,
    Move,
    Rule,
    System,
)
from arraigo.apps.testplans.generator.understand import balances
from arraigo.apps.testplans.generator.understand.clauses import sentences, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.fields import add_state, closed_lists, flags, truths
from arraigo.apps.testplans.generator.understand.inputs.reader import Inputs
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.passages import cells_of, passages
from arraigo.apps.testplans.generator.understand.prices import MONEY_WORDS, Prices
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.understand.sentences import Sentences
from arraigo.apps.testplans.generator.understand.settle import settle
from arraigo.apps.testplans.generator.understand.states import operation_of
from arraigo.apps.testplans.generator.understand.tables import Tables
from arraigo.apps.testplans.generator.words import Token, fold, inflected, stem, tokens
from arraigo.apps.testplans.plan import Glossary, Requirement

_DEFINED = tuple(
    tuple(p.split())
    for p in [
        "is the",
        "es el",
        "es la",
        "is calculated",
        "se calcula",
        "is computed",
        "=",
        "is the sum",
        "is the product",
        "es la suma",
        "es el producto",
        "es igual a",
        "equals",
        "se obtiene",
        "resulta de",
        "depends on",
        "depende",
        "is the difference",
        "es la diferencia",
        "is obtained",
        "is determined",
        "se determina",
        "is given by",
        "is equal to",
    ]
)


_FORMULA = frozenset(
    (
        "multiplied multiplicado multiplicada multiplicados plus minus menos times dividido dividida divided "
        "producto product suma sum diferencia difference × *"
    ).split()
)
_COMPUTED = tuple(
    tuple(p.split())
    for p in [
        "is calculated as",
        "se calcula como",
        "is the sum",
        "is the product",
        "es la suma",
        "es el producto",
        "is the difference",
        "es la diferencia",
        "is equal to",
        "es igual a",
        "se calcula",
        "is calculated",
        "resulta de",
        "se obtiene de",
    ]
)


def understand(requirements: Sequence[Requirement], glossary: Glossary | None) -> System:
    """The model of the system that the requirements describe, with the glossary's names or the document's own.

    All of the document is read, what stands beside a requirement under its id; only testable ones can stay unread.
    """
    read = passages(requirements)
    system = System()
    for operation, shape in (glossary or inferred(read)).operations.items():
        system.operations[operation] = shape.fields
        for name in shape.fields:
            system.fields.setdefault(name, Field(name))
    names = Names(system)
    flags(system)
    conditions = Conditions(names)
    scopes = Scopes(system, names)
    tables = Tables(system, names, conditions, scopes)
    inputs = Inputs(system, names, conditions, scopes)
    inputs.read(read)
    _learn(read, names, tables)
    truths(read, conditions)
    reader = Sentences(system, names, conditions, Prices(conditions), scopes)
    for n, requirement in enumerate(read):
        left = inputs.rest.get(n, requirement.text)
        rules = [*inputs.rules.get(n, []), *_rules(requirement, left, reader, tables)]
        if not rules and requirement.testable:
            system.unread[requirement.id] = requirement.text
        system.rules += rules
        scopes.moves += [rule for rule in rules if isinstance(rule, Move)]
    settle(system)
    inputs.settle()
    return system


def _rules(requirement: Requirement, text: str, reader: Sentences, tables: Tables) -> list[Rule]:
    """The rules of what is left of a requirement when its declarations were read."""
    if not text:
        return []
    cells = cells_of(requirement)
    if cells is None:
        return reader.read(requirement, text)
    tables.scopes.enter(requirement)
    tables.scopes.within(tokens(requirement.text, requirement.language))
    made = tables.read(requirement, cells)
    return reader.read(requirement, made) if isinstance(made, str) else made


def _learn(requirements: Sequence[Requirement], names: Names, tables: Tables) -> None:
    for requirement in requirements:
        cells = cells_of(requirement)
        if cells is not None:
            tables.learn(cells, requirement.language)
            continue
        for sentence in sentences(requirement.text):
            found = tokens(sentence, requirement.language)
            _quantity(found, names)
            balances.learn(found, names)
            closed_lists(found, names)
            _states(found, names)
            _participles(found, names)


def _quantity(found: list[Token], names: Names) -> None:
    """Learn "the monthly instalment" from "the monthly instalment is calculated as"."""
    plain = words(found)
    for i in range(1, len(plain)):
        if not at(plain, i, _DEFINED):
            continue
        start = i
        while start > 0 and found[start - 1].kind == "word" and i - start < 5 and plain[start - 1] not in ARTICLES:
            start -= 1
        phrase = plain[start:i]
        strong = at(plain, i, _COMPUTED)
        rest = set(plain[i + 1 :])
        strong = strong or bool(rest & _FORMULA)
        if phrase and (strong or {stem(word) for word in phrase} & MONEY_WORDS):
            mentioned = [m for m in names.mentions(found[start:i]) if m.sort == "field" and m.score > 0.9]
            if not mentioned:
                names.learn(" ".join(phrase))
                _operands(found[i:], names)
        return


_QUOTED = re.compile(
    r"(?:\b(?:to|from|becomes?|into|as|a|en|queda|pasa a|desde|vuelve a|de|state|status|"
    r"estado)|→|->)\s+(?:the |el |la |estado |state |status )*"
    r"[\"“«`'](?P<state>[^\"”»`']{3,25})[\"”»`']",
    re.IGNORECASE,
)
_PLUS = frozenset("plus minus mas menos + -".split())


def _operands(rest: list[Token], names: Names) -> None:
    """Learn "the shipping" from "the total is the subtotal plus the shipping"."""
    mentions = names.mentions(rest)
    for i, token in enumerate(rest[:-2]):
        if token.text not in _PLUS or rest[i + 1].text not in ARTICLES:
            continue
        noun, after = rest[i + 2], rest[i + 3].text if i + 3 < len(rest) else "."
        free = not any(m.start <= i + 2 < m.end and m.sort in {"field", "quantity"} for m in mentions)
        if noun.kind == "word" and free and (after in {".", ",", ")"} or after in _PLUS):
            names.learn(noun.text)


_BECOMES = re.compile(
    r"\b(?:(?:its |the )?state to|estado a|vuelve a quedar|takes it to|puts it in|becomes?|"
    r"pasa a(?:l estado)?|queda(?: en(?: estado)?)?|marked as|moves? to|changes? to|cambia a|"
    r"starts? as|starts? in|"
    r"into(?: an?)?|is in(?: an?)?|está en|turns?|vuelve a(?:l estado)?|returns? to|goes to|"
    r"set to|pasan a)\s+(?:the |el |la |estado |state |"
    r"status )*(?P<state>[\"“«`']?[a-záéíóúñü_]+[\"”»`']?)",
    re.IGNORECASE,
)


_MOVING = re.compile(
    r"\b(states?|status|estados?|becomes?|moves?|leads?|takes|changes|pasa|queda|vuelve|cambia|goes|turns)\b"
)


def _participles(found: list[Token], names: Names) -> None:
    """For "a cancelled subscription", "una membresía cancelada": the participle of an operation as a state."""
    for i, token in enumerate(found[:-1]):
        if token.kind != "word" or not token.text.endswith(("ed", "ado", "ada", "ido", "ida", "ados", "adas", "ed")):
            continue
        if not operation_of(names.system, token.text):
            continue
        before = found[i - 1].text if i else ""
        noun_first = (
            i > 1 and found[i - 2].text in _DETERMINERS and found[i - 1].kind == "word" and token.text[-1] != "d"
        )
        noun_next = (
            found[i + 1].kind == "word" and found[i + 1].text not in _AFTER_PARTICIPLE and before in _DETERMINERS
        )
        if (noun_first and found[i - 1].text not in BE | _DETERMINERS) or (noun_next and token.text.endswith("ed")):
            add_state(names.system, token.raw if token.text[-1] != "s" else token.raw[:-1])


_DETERMINERS = frozenset(("a an un una only solo unicamente any every each ningun ninguna already no").split())
_AFTER_PARTICIPLE = frozenset(("by with in to when if from for and or can is are").split())


_ADJECTIVE = re.compile(
    r"\bonly (?P<a>[a-z]+) \w+ (?:can|may)\b|\bnew \w+ is (?P<b>[a-z]+ed)\b|\bsolo (?:una? |"
    r"las? |los? )?\w+ (?P<c>[a-z]+[dt][oa]s?) puede"
    r"|^(?:after|once|upon|tras|despues de|al)\b.*\b(?:is|esta|queda)\s+(?P<d>[a-z]+)\W*$"
)


def _states(found: list[Token], names: Names) -> None:
    text = " ".join(f'"{t.raw}"' if t.kind == "quote" else t.raw for t in found)
    for match in _ADJECTIVE.finditer(fold(text)):
        word = match.group("a") or match.group("b") or match.group("c") or match.group("d")
        if (
            word.endswith(("ed", "do", "da", "to", "ta", "ive", "dos", "das", "ivo", "iva", "al"))
            and not any(m.sort in {"field", "value"} for m in names.mentions(tokens(word, "en")))
            and not any(inflected(word, fold(known)) for known in names.system.states)
        ):
            add_state(names.system, word.rstrip("s") if word.endswith(("os", "as")) else word)
    verbs = any(m.sort == "operation" for m in names.mentions(found)) or names.system.states
    for match in _QUOTED.finditer(text) if verbs and _MOVING.search(fold(text)) else []:
        state = match.group("state")
        if not any(m.sort in {"value", "field"} for m in names.mentions(tokens(f'"{state}"', "es"))):
            add_state(names.system, state)
    for match in _BECOMES.finditer(text):
        state = match.group("state").strip("\"“”«»`'")
        plain = fold(state)
        if plain in ARTICLES or len(plain) < 4:
            continue
        if any(m.sort in {"field", "value", "quantity"} for m in names.mentions(tokens(state, "es"))):
            continue
        if not any(inflected(plain, fold(known)) for known in names.system.states):
            quoted = match.group("state")[0] in "\"“«`'"
            verbal = plain.endswith(
                ("ed", "ado", "ada", "ido", "ida", "ive", "ing", "ente", "ivo", "iva", "erto", "erta", "to", "ta", "en")
            )
            after = text[match.end() :]
            ends = not re.match(r"\s*[\w\"“«]", after) or re.match(
                r"\s*(?:and|y|when|cuando|after|if|si|one|subscription|state)\b", after
            )
            if quoted or verbal or ends or state.isupper():
                add_state(names.system, state)
