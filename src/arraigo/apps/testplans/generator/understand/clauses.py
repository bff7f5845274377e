"""A requirement's text to sentences, and a sentence to its condition, its main clause and the message it quotes."""

import re
from dataclasses import dataclass
from typing import Literal

from arraigo.apps.testplans.generator.lexicon import (
    ELSE,
    FREE,
    IF,
    LOWER,
    MESSAGE,
    MUST,
    ONLY_IF,
    RAISE,
    REFUSE,
    THEN,
    UNLESS,
    at,
    has,
)
from arraigo.apps.testplans.generator.words import Token, fold

How = Literal["", "if", "unless", "only", "else"]
_PRICE = frozenset(
    (
        "cost costs price rate fee charge charged pays pay cuesta cuestan cobra cobran precio tarifa paga "
        "pagan becomes pasa queda total fine multa aplica applies applied is are es son sera seran gets "
        "recibe receives value valor calcula"
    ).split()
)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”»]?\s+(?=[\"“«¿¡A-ZÁÉÍÓÚÑ0-9`])|;\s+|\n+")
_ELSE_INSIDE = re.compile(
    r"[,;]\s+(?:y\s+|and\s+)?(?=(?:otherwise|else|de lo contrario|en caso contrario|en otro caso|si no,)\b)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\b(e\.g|i\.e|p\. ?ej|etc|vs|no|art|núm|máx|mín|max|min|approx)\.\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence taken apart."""

    how: How
    condition: list[Token]
    main: list[Token]
    message: str | None
    words: list[str]  # of the whole sentence, folded


def sentences(text: str) -> list[str]:
    """The sentences of a requirement."""
    guarded = _SHORT.sub(lambda m: m.group(1) + "\u2024 ", _ASIDE.sub("", text))
    pieces = [piece for part in _SENTENCE.split(guarded) for piece in _ELSE_INSIDE.split(part)]
    return [piece.replace("\u2024", ".").strip(" ;") for piece in pieces if piece.strip(" ;.")]


def words(tokens: list[Token]) -> list[str]:
    """The folded words; numbers and quotations as something no phrase has."""
    return [token.text if token.kind in {"word", "mark"} else "\0" for token in tokens]


_STATED = frozenset("queda quedan quedara deja becomes pasa vuelve".split())  # before a state in quotation marks


def take_message(tokens: list[Token], known: set[str]) -> tuple[list[Token], str | None]:
    """The quoted message of a sentence, and the sentence without it."""
    plain = words(tokens)
    for i, token in enumerate(tokens):
        if token.kind != "quote" or token.text in known or _STATED & set(plain[max(0, i - 2) : i]):
            continue
        before = plain[max(0, i - 7) : i]
        if has(before, MESSAGE) or " " in token.raw or token.raw.endswith((".", "!")):
            start = i
            for k in range(max(0, i - 7), i):
                if has(plain[k : k + 1], MESSAGE):
                    start = k
                    break
            while start > 0 and plain[start - 1] in {
                "the",
                "el",
                "with",
                "con",
                "a",
                "un",
                "and",
                "y",
                "se",
                ",",
                "de",
                ":",
            }:
                start -= 1
            return tokens[:start] + tokens[i + 1 :], token.raw
    return tokens, None


_ASIDE = re.compile(r"\s*\((?![^)]*(?:exclu|incluid|inclusive))[^\d(),;\"“`]{1,40}\)")


def clause(tokens: list[Token], known: set[str]) -> Clause:
    """Take one sentence apart; `known` are folded quotations that are values, not messages."""
    everything = words(tokens)
    tokens, message = take_message(tokens, known)
    plain = words(tokens)
    if size := at(plain, 0, ELSE):
        return Clause("else", [], tokens[size:], message, everything)
    for i in range(len(plain)):
        how: How = ""
        if size := at(plain, i, ONLY_IF):
            how = "only"
        elif size := at(plain, i, UNLESS):
            how = "unless"
        elif size := at(plain, i, IF) or _done(plain, i):
            how = "if"
        if how == "only" and i <= 2:
            how = "if" if plain[i] not in {"only", "solo", "solamente", "unicamente"} else "only"
        if how == "if" and plain[i] == "once" and i and plain[i - 1] == "at":
            how = ""
        if how == "if" and i > 2 and {"only", "solo", "solamente", "unicamente"} & set(plain[:i]):
            how = "only"
        if not how or (plain[i] == "si" and i and plain[i - 1] in {":", "|"}):
            continue
        if how == "if" and plain[i] in {"where", "once", "except"} and i > 2 and plain[i] != "once":
            continue
        start = i + size
        if i <= 2 or (i and plain[i - 1] == "," and _comma(plain, start) < len(plain)):
            split = _comma(plain, start)
            head = tokens[:i] if i > 2 else []
            return Clause(how, tokens[start:split], head + tokens[split:], message, everything)
        stop = len(plain)
        return Clause(how, tokens[start:stop], tokens[:i], message, everything)
    return Clause("", [], tokens, message, everything)


def _done(plain: list[str], i: int) -> int:
    """For "una vez registrado, ..." and "una vez que se registra, ..." at the beginning."""
    if i > 2 or plain[i : i + 2] != ["una", "vez"] or i + 2 >= len(plain):
        return 0
    after = plain[i + 2]
    return (
        3
        if after == "que"
        else 2
        if after.endswith(("ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas"))
        else 0
    )


def _comma(plain: list[str], start: int) -> int:
    """Where the condition that begins at `start` ends and the main clause begins."""
    for i in range(start, len(plain)):
        if size := at(plain, i, THEN):
            return i + size
    free = next((i for i in range(start + 2, len(plain)) if _begins(plain, i)), len(plain))
    if "," not in plain[start:free] and free < len(plain):
        return free
    commas = [i for i in range(start, len(plain)) if plain[i] in {",", ":"}]
    for k, comma in enumerate(commas):
        end = commas[k + 1] if k + 1 < len(commas) else len(plain)
        segment = plain[comma + 1 : end]
        last = k + 1 == len(commas)
        joined = segment[:1] and segment[0] in {"and", "y", "or", "o", "e", "u"}
        if (last and not joined) or _strong(segment, joined=bool(joined)):
            return comma + 1
    return len(plain) if not commas else commas[-1] + 1


def _begins(plain: list[str], i: int) -> bool:
    """Whether a main clause begins at `i` without a comma: "... 30 días se cobra una multa"."""
    if tuple(plain[i : i + 2]) in {("no", "hay"), ("no", "se"), ("no", "genera"), ("no", "tiene")}:
        return True
    return plain[i] == "se" and i + 1 < len(plain) and plain[i + 1].startswith(_EFFECTS)


_EFFECTS = (
    "aplic",
    "cobr",
    "sum",
    "rechaz",
    "descuent",
    "permit",
    "muestr",
    "anad",
    "agreg",
    "respond",
    "inform",
    "redond",
    "otorg",
    "reduc",
    "increment",
)


def _strong(segment: list[str], *, joined: bool) -> bool:
    """Whether a piece between commas says what happens, not one more condition."""
    if has(segment, REFUSE):
        return True
    if joined:
        return False
    first = segment[:1]
    return bool(
        has(segment, LOWER)
        or has(segment, RAISE)
        or has(segment, FREE)
        or set(segment) & (MUST | _PRICE)
        or first == ["se"]
    )


def quoted(text: str) -> str:
    """A cell or value without quotation marks and code marks."""
    return text.strip().strip("`\"'“”«»‘’*").strip()


def key(text: str) -> str:
    """For comparing heads and cells."""
    return fold(quoted(text))
