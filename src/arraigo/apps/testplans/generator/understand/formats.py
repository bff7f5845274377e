"""Formats of text fields: e-mail addresses, so many digits, letters followed by digits, a first character."""

import re

from arraigo.apps.testplans.generator.lexicon import at
from arraigo.apps.testplans.generator.model import ALWAYS, Check, Condition, Every, Not, Rule, Shape
from arraigo.apps.testplans.generator.understand.clauses import Clause, words
from arraigo.apps.testplans.generator.understand.names import Mention, Names
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.words import Token, fold

EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_CHARACTERS = {
    **dict.fromkeys(["digit", "digits", "digito", "digitos", "numbers", "numeros", "cifras"], "[0-9]"),
    **dict.fromkeys(["letters", "letter", "letra", "letras", "mayusculas"], "[A-Za-z]"),
}
_FOLLOWED = tuple(
    tuple(p.split())
    for p in [
        "followed by",
        "seguido de",
        "seguida de",
        "seguidos de",
        "seguidas de",
        "and",
        "y",
        "then",
        "luego",
        "mas",
        "plus",
        ",",
        "-",
    ]
)


def read(
    requirement: str, clause: Clause, names: Names, scopes: Scopes, when: Condition, fields: tuple[str, ...]
) -> list[Rule]:
    """The format checks of one sentence."""
    subject = next((m for m in names.mentions(clause.main, fields) if m.sort == "field"), None)
    if subject is None:
        return []
    shape = _shape(clause.main[subject.end :], subject)
    if shape is None:
        return []
    field = names.system.fields[subject.name]
    field.kind = field.kind or "text"
    condition: Condition = Not(shape) if when == ALWAYS else Every((when, Not(shape)))
    return [Check(requirement, scopes.holding(subject.name), condition, clause.message)]


def _shape(rest: list[Token], subject: Mention) -> Shape | None:
    plain = words(rest)
    text = " ".join(plain)
    if re.search(r"\b(valid|valido|valida|format|formato)\b", text) and re.search(
        r"email|correo|mail", text + fold(subject.name)
    ):
        return Shape(subject.name, EMAIL, "e-mail")
    if "@" in plain and re.search(r"contain|contener|incluir|include|have|tener", text):
        return Shape(subject.name, r"[^@]+@[^@]+", "@")
    pieces: list[tuple[int, str]] = []
    pattern, i = "", 0
    while i < len(rest):
        token = rest[i]
        if token.kind == "number" and token.value is not None and token.value == int(token.value):
            count, of = int(token.value), ""
            if token.unit == "digit":
                of = "[0-9]"
            elif token.unit == "character" and re.search(r"letter|letra", rest[i].raw + text):
                of = "[A-Za-z]"
            elif i + 1 < len(rest):
                of = _CHARACTERS.get(rest[i + 1].text, "")
            if of:
                if {"mayusculas", "uppercase", "capital"} & set(plain[i : i + 4]) and of == "[A-Za-z]":
                    of = "[A-Z]"
                pieces.append((count, of))
                pattern += f"{of}{{{count}}}"
            elif pieces:
                return None
        elif token.text in {"hyphen", "guion", "dash"} and pieces:
            pattern += "-"
        i += 1
    if not pieces or has_bounds(plain):
        return None
    return Shape(subject.name, pattern, " ".join(f"{n}×{of}" for n, of in pieces))


def has_bounds(plain: list[str]) -> bool:
    """Whether the counts are bounds, not a shape: "at least 8 characters"."""
    return bool(
        {
            "between",
            "entre",
            "least",
            "most",
            "minimo",
            "maximo",
            "menos",
            "mas",
            "more",
            "minimum",
            "maximum",
            "up",
            "hasta",
            "a",
            "to",
        }
        & set(plain)
    ) or any(at(plain, i, (("or", "more"),)) for i in range(len(plain)))


__all__ = ["EMAIL", "read"]
