"""Counters: "at most three books at a time", "after three failed attempts the account is locked"."""

from decimal import Decimal

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.lexicon import COMPARE, NOT, at, has
from arraigo.apps.testplans.generator.model import Check, Limit, OneOf, Rule, Strikes
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.clauses import Clause, words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.lifecycle.roles import look
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.words import Token, stem

ONE = Decimal(1)
_ORDINAL = {
    **dict.fromkeys(["second", "segundo", "segunda"], 2),
    **dict.fromkeys(["third", "tercer", "tercero", "tercera"], 3),
    **dict.fromkeys(["fourth", "cuarto", "cuarta"], 4),
    **dict.fromkeys(["fifth", "quinto", "quinta"], 5),
}


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


_FAILED = _phrases(
    "failed|wrong|incorrect|unsuccessful|invalid|fallido|fallidos|incorrecto|incorrectos|"
    "incorrecta|incorrectas|erroneos|erroneas|errado|errados|"
    "fallidas|fallida|rechazados|rejected|invalidos|erroneo|declined"
)
_TOGETHER = _phrases(
    "at the same time|at a time|at once|simultaneously|simultaneous|a la vez|al mismo tiempo|"
    "simultaneos|simultaneas|simultaneamente|"
    "per day|por dia|al dia|diarios|diarias|daily|in total|en total|per customer|por cliente|"
    "per user|por usuario|concurrent|on loan|prestados|"
    "times|veces|activas|activos|active|open|abiertas|vigentes|per reader|por lector|"
    "per member|por socio|per person|por persona|per patient|por paciente"
)


def read(
    requirement: str, clause: Clause, names: Names, scopes: Scopes, made: list[Rule], conditions: Conditions
) -> list[Rule]:
    """The counting rules of one sentence."""
    everything = [*clause.condition, *clause.main]
    plain = words(everything)
    return _strikes(requirement, everything, plain, names, scopes, made, conditions) or _limit(
        requirement, clause, everything, plain, names, scopes
    )


def _count(tokens: list[Token]) -> int | None:
    for token in tokens:
        if token.kind == "number" and token.value is not None and not token.unit and token.value == int(token.value):
            return int(token.value)
        if token.text in _ORDINAL:
            return _ORDINAL[token.text]
    return None


def _strikes(
    requirement: str,
    everything: list[Token],
    plain: list[str],
    names: Names,
    scopes: Scopes,
    made: list[Rule],
    conditions: Conditions,
) -> list[Rule]:
    count = _count(everything)
    if not has(plain, _FAILED) or count is None or not 2 <= count <= 10:
        return []
    seen = look(everything, names)
    states = seen.targets + seen.sources
    checks = [rule for rule in made if isinstance(rule, Check)]
    operations = checks[-1].operations if checks else scopes.explicit
    if len(states) != 1 or not operations:
        return []
    known = [rule for rule in names.system.rules if isinstance(rule, Check) and set(rule.operations) & set(operations)]
    wrong = [rule for rule in known if any(":" in name for name in names_in(rule.when))]
    checks = checks or wrong
    counted = checks[-1].when if checks else None
    flags = [atom.condition for atom in conditions.read(everything).atoms]
    flagged = [one for one in flags if isinstance(one, OneOf) and one.values == (False,)]
    if flagged and not checks:
        counted = flagged[0]
    return [Strikes(requirement, operations, count, states[0], True, None, counted)]


def _limit(
    requirement: str,
    clause: Clause,
    everything: list[Token],
    plain: list[str],
    names: Names,
    scopes: Scopes,
) -> list[Rule]:
    count = _count(everything)
    if not has(plain, _TOGETHER) or count is None or not 1 <= count <= 12:
        return []
    most = any(at(plain, i, COMPARE["<="]) for i in range(len(plain)))
    over = any(at(plain, i, COMPARE[">"]) for i in range(len(plain))) and bool(set(plain) & NOT)
    if not (most or over):
        return []
    operations = scopes.explicit[:1]
    if not operations:
        return []
    mentions = names.mentions(everything)
    whom = [m.name for m in mentions if m.sort == "field" and m.name in names.system.operations[operations[0]]]
    identity = [name for name in whom if _person(name)]
    held = not {"times", "veces", "dia", "day", "daily", "diarios", "diarias"} & set(plain)
    frees = tuple(name for name in names.system.operations if held and name not in operations and _gives_back(name))
    return [Limit(requirement, operations, count, frees, tuple(dict.fromkeys(identity)), clause.message)]


def _person(name: str) -> bool:
    people = (
        "customer",
        "user",
        "member",
        "patient",
        "student",
        "employee",
        "reader",
        "lector",
        "person",
        "account",
        "client",
    )
    return any(alike(stem(part), stem(person)) >= 0.8 for part in parts(name) for person in people)


def _gives_back(operation: str) -> bool:
    verbs = ("return", "cancel", "release", "liberar", "close", "remove")
    return any(alike(stem(part), stem(verb)) >= 0.8 for part in parts(operation)[:1] for verb in verbs)
