"""What kind of thing each field is, and its closed list of values, from all that the document says of it."""

import re
from collections.abc import Sequence

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.lexicon import (
    ARTICLES,
    BE,
    DOUBLED,
    FREE,
    HALVED,
    IF,
    MUST,
    NOT,
    OR,
    REFUSE,
    WHOLE,
    at,
    has,
)
from arraigo.apps.testplans.generator.model import Field, System
from arraigo.apps.testplans.generator.understand.clauses import sentences, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.names import ENOUGH, Mention, Names
from arraigo.apps.testplans.generator.words import Token, fold, stem, tokens, unit_of
from arraigo.apps.testplans.plan import Requirement

FLAG_PREFIX = frozenset(
    ("is has es con tiene with are was esta ha requires requiere needs wants accepts acepta allow allows").split()
)
_LISTS = tuple(
    tuple(phrase.split())
    for phrase in [
        "one of",
        "one of the following",
        "either",
        "uno de",
        "una de",
        "uno de los siguientes",
        "any of",
        "is",
        "can be",
        "must be",
        "may be",
        "puede ser",
        "debe ser",
        "pueden ser",
        "es",
        "are",
        "son",
        ":",
        "values",
        "valores",
        "takes",
        "admite",
        "acepta",
        "accepts",
        "toma",
        "has to be",
        "sera",
        "possible values",
        "can take",
        "tiene que ser",
        "deben ser",
        "shall be",
    ]
)
_STOP = frozenset(
    (
        "the a an el la los las un una that if when si cuando not no which que than de of for with by in to at and"
    ).split()
)


def flags(system: System) -> None:
    """Fields named as truths: is_member, con_seguro."""
    for field in system.fields.values():
        words_ = parts(field.name)
        if (len(words_) > 1 and words_[0] in FLAG_PREFIX) or any(
            word.startswith(("succe", "exito")) for word in words_
        ):
            field.kind = "flag"


def listed(tokens: list[Token], i: int, *, told: bool = False) -> tuple[list[str], int]:
    """The items of a list that begins at `i`: quoted, or of one to three plain words; empty where there is none."""
    items: list[str] = []
    run: list[Token] = []
    joined = False

    def close() -> bool:
        if not run or len(run) > 3 or (len(run) > 1 and any(token.kind == "quote" for token in run)):
            return False
        items.append(run[0].raw if run[0].kind == "quote" else " ".join(token.raw for token in run))
        run.clear()
        return True

    while i < len(tokens):
        token = tokens[i]
        if token.kind == "number" and not token.unit and len(run) == 1 and run[0].kind == "word":
            run.append(token)  # "tipo 2", "zone 3"
        elif token.kind == "quote" or (token.kind == "word" and token.text not in OR | {"and", "y", "e"}):
            if token.kind == "word" and (token.text in BE or token.text in MUST) and not token.raw.isupper():
                return [], i
            if token.kind == "quote" or token.text not in _STOP or (token.raw.isupper() and len(token.raw) > 1):
                run.append(token)
        elif token.text == "," or token.text in OR or token.text in {"and", "y", "e", "/"}:
            if run and not close():
                return [], i
            joined = joined or token.text in OR | {"and", "y", "e", "/"}
        elif token.text == "(":
            while i < len(tokens) and tokens[i].text != ")":
                i += 1
        elif token.text in {".", ";"}:
            break
        else:
            return [], i
        i += 1
    if run and not close():
        return [], i
    return (items, i) if len(items) >= 2 and (joined or told) else ([], i)


def closed_lists(tokens: list[Token], names: Names) -> None:
    """Learn values and states from "the zone is A, B or C" and "the states are draft, sent and closed"."""
    system, plain = names.system, words(tokens)
    for mention in names.mentions(tokens):
        if mention.sort != "field":
            continue
        field = system.fields[mention.name]
        if field.kind in {"flag", "number", "integer", "time", "date"}:
            continue
        start = mention.end
        while (
            start < len(tokens)
            and not tokens[start].raw.isupper()
            and (plain[start] in MUST | BE or at(plain, start, _LISTS))
        ):
            start += max(1, at(plain, start, _LISTS))
        if (
            start == mention.end
            and start + 2 < len(tokens)
            and plain[start] in {"of", "de"}
            and tokens[start + 1].kind == "word"
        ):
            start += 2
            while (
                start < len(tokens)
                and not tokens[start].raw.isupper()
                and (plain[start] in MUST | BE or at(plain, start, _LISTS))
            ):
                start += max(1, at(plain, start, _LISTS))
        if start == mention.end:
            if start < len(tokens) and tokens[start].kind == "quote":
                items, _ = listed(tokens, start)
                learn(field, items)
            if _given_as(plain, mention) and not field.kind:
                items, end = listed(tokens, start)
                fine = all(re.fullmatch(r"[^\W\d]+", item) for item in items)
                learn(field, items if fine and set(plain[end:]) <= {".", ";"} else [])
            if start < len(tokens) and plain[start] in {"(", "["}:
                close = next((k for k in range(start, len(plain)) if plain[k] in {")", "]"}), len(plain))
                items, _ = listed(tokens[start + 1 : close], 0)
                learn(field, items)
            continue
        told = bool({"of", "de", ":", "values", "valores", "following", "siguientes"} & set(plain[mention.end : start]))
        items, _ = listed(tokens, start, told=told)
        if items and not any(known.sort == "field" and known.start >= start for known in names.mentions(tokens)):
            learn(field, items)


def _given_as(plain: list[str], mention: Mention) -> bool:
    """For "with the decision clear or sanction"."""
    before = [word for word in plain[max(0, mention.start - 2) : mention.start] if word not in ARTICLES]
    return before[-1:] in (["with"], ["con"])


def learn(field: Field, items: list[str]) -> None:
    """Add to a closed list, each value once."""
    for item in items:
        if item and fold(item) not in {fold(str(value)) for value in field.values}:
            field.values.append(item)
    if items:
        field.kind = "choice"


def add_state(system: System, state: str) -> None:
    """A state, once."""
    if state and fold(state) not in {fold(known) for known in system.states} and len(state) < 40:
        system.states.append(state)


def _within(tokens: list[Token], mention: Mention) -> bool:
    """For "in a school zone": a place or time that one is in or not."""
    before = {token.text for token in tokens[max(0, mention.start - 2) : mention.start]}
    after = tokens[mention.end].text if mention.end < len(tokens) else ""
    return bool(before & {"in", "en", "during", "durante", "within"}) and after not in BE | {"of", "de", ":", "a"}


_NOT_TRUTHS = frozenset(
    stem(word)
    for word in (
        "name email code id date fecha nombre correo codigo title description comment reason address phone "
        "plate document user customer client cliente usuario lector reader patient paciente book libro "
        "product item type category kind mode zone method password key token agent employee member tipo "
        "categoria modo zona clave motivo direccion telefono placa documento titulo destino origen "
        "destination origin hour hora time city country age edad quantity cantidad count number days dias "
        "months meses years amount monto price precio income ingreso total balance saldo weight peso percent "
        "percentage rate tasa score puntaje minutes hours nights people points temperature distance length "
        "width height speed plan level status coupon cupon voucher guests attendance percent quota reading "
        "meter kilometers hours cards estado ciudad pais resolution resolucion message mensaje note texto "
        "room habitacion floor piso slot seat asiento table mesa locker casillero sku dish plato "
        "importe nota mark grade resultado result valor value cuota fee potencia power energia energy consumo volumen "
        "volume superficie area renta certificado certificate licencia licence license matricula tarjeta card "
        "text channel canal role rol size talla color currency moneda account cuenta"
    ).split()
)


def truths(requirements: Sequence[Requirement], conditions: Conditions) -> None:
    """Fields that never meet a figure or a list, but on which prices and refusals hang, are truths: urgent."""
    system, names = conditions.system, conditions.names
    hanging: set[str] = set()
    whole: set[str] = set()
    quoted: set[str] = set()
    for requirement in requirements:
        for sentence in sentences(requirement.text):
            found = tokens(sentence, requirement.language)
            conditions.read(found)
            plain = words(found)
            if has(plain, WHOLE):
                conditions.numbers |= {m.name for m in names.mentions(found) if m.sort == "field"}
            whole |= {
                m.name
                for m in names.mentions(found)
                if m.sort == "field" and m.score > 0.99 and m.end - m.start > 1 and _within(found, m)
            }
            for m in names.mentions(found):
                near = found[max(0, m.start - 1) : m.start] + found[m.end : m.end + 1]
                if m.sort == "field" and m.score > 0.9 and any(token.kind in {"number", "quote"} for token in near):
                    conditions.numbers |= {m.name} if near[-1].kind != "quote" else set()
                    quoted |= {m.name} if any(token.kind == "quote" for token in near) else set()
            numbers = any(token.kind == "number" for token in found)
            if (
                numbers
                or has(plain, REFUSE)
                or has(plain, IF)
                or has(plain, DOUBLED)
                or has(plain, HALVED)
                or has(plain, FREE)
                or set(plain) & NOT
            ):
                hanging |= {m.name for m in names.mentions(found) if m.sort == "field" and m.score >= ENOUGH}
    for name in hanging:
        field = system.fields[name]
        roots = [stem(part) for part in parts(name)]
        heads = {roots[0], roots[-1]}
        if (
            not field.kind
            and not field.values
            and name not in conditions.numbers | quoted
            and (name in whole or not (heads & _NOT_TRUTHS or any(unit_of(part) for part in parts(name))))
        ):
            field.kind = "flag"
