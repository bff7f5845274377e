"""What was said of quantities, in the document's order, to rules for what each operation gives back."""

from dataclasses import replace
from decimal import Decimal

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    Binary,
    Compute,
    Const,
    Every,
    Expression,
    OneOf,
    Ref,
    Rule,
    System,
)
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.values.money import MONEY_WORDS
from arraigo.apps.testplans.generator.understand.values.said import Answer, Said
from arraigo.apps.testplans.generator.words import stem

_CHANGE = frozenset("change cambio vuelto vueltas vuelta devuelta".split())
_PAID = frozenset(
    stem(w) for w in "amount paid cash monto valor pago pagado importe efectivo tendered entregado".split()
)
_ROUND = frozenset({"near", "up", "down"})
_RATES = frozenset(
    stem(w)
    for w in "rate tasa porcentaje percentage percent discount descuento tax iva impuesto interest interes".split()
)


def assemble(
    system: System,
    names: Names,
    said: list[Said],
    answers: list[Answer],
    doubts: list[tuple[tuple[str, ...], str]],
) -> list[Rule]:
    """The rules that compute; what each operation returns, and what is not sure, is noted in the system."""
    del names
    for operations, _ in doubts:
        system.doubtful.update(operations)
    strong = {name for answer in answers if not answer.weak for name in answer.operations}
    answers = [answer for answer in answers if not answer.weak or not strong & set(answer.operations)]
    returns: dict[str, str] = dict(system.returns)
    made: list[Rule] = []
    mains: dict[str, str] = {}
    for operation in system.operations:
        own = [answer for answer in answers if operation in answer.operations]
        main = _main(operation, own, said, system, answered=bool(answers))
        if main is None:
            continue
        mains[operation] = main
        returns[operation] = main
    system.returns = returns
    said = _based(system, said, mains)
    placed = _placed(system, said, mains, answers)
    for operation in system.operations:
        own = [answer for answer in answers if operation in answer.operations]
        made += _given(operation, own, mains.get(operation, ""), placed, system)
    made += _ordered(placed)
    system.returns = returns
    made = _defaults(made, answers, mains)
    for operation, main in returns.items():
        if _contrary(
            [rule for rule in made if isinstance(rule, Compute) and rule.target == main and _of(rule, operation)]
        ):
            system.doubtful.add(operation)
    return made


def _main(operation: str, own: list[Answer], said: list[Said], system: System, *, answered: bool) -> str | None:
    """The quantity that an operation gives back."""
    nouns = list(dict.fromkeys(answer.noun for answer in own if answer.noun))
    if len(nouns) == 1 and all(answer.by is None for answer in own) and not {*nouns[0].split()} & _CHANGE:
        return nouns[0]
    if own:
        return f"answer of {operation}"
    if answered:
        return None  # the document says what is given back; here nothing
    used = {name for one in said for name in names_in(one.by) | names_in(one.when) if name != one.target}
    sinks = [
        one.target
        for one in said
        if one.target
        and one.target not in used
        and (operation in one.operations or not one.operations)
        and {stem(word) for word in one.target.split()} & MONEY_WORDS
    ]
    sinks = list(dict.fromkeys(sinks))
    if len(sinks) == 1:
        return sinks[0]
    if len(sinks) > 1:
        system.doubtful.add(operation)
        return None
    bare = [one for one in said if not one.target and operation in one.operations]
    return f"answer of {operation}" if bare else None


def _placed(system: System, said: list[Said], mains: dict[str, str], answers: list[Answer]) -> list[Said]:
    """Each statement at the quantity that it is about; a sum of its parts where an answer has no formula."""
    made: list[Said] = []
    for one in said:
        if one.target:
            made.append(one)
            continue
        targets = {mains[name] for name in one.operations if name in mains}
        if not targets:
            targets = {mains[name] for answer in answers if answer.section == one.section for name in answer.operations}
        if len(targets) == 1:
            made.append(replace(one, target=targets.pop()))
        else:
            system.doubtful.update(one.operations)
    return _linked(made, mains, system)


def _linked(said: list[Said], mains: dict[str, str], system: System) -> list[Said]:
    """For an answer that nothing sets: the quantity of its operation that nothing else uses, or the sum of these."""
    made = list(said)
    for operation, main in mains.items():
        if main in system.fields or any(one.target == main and one.how == "set" for one in made):
            continue
        used = {name for one in made for name in names_in(one.by) | names_in(one.when)}
        parts = [
            one.target
            for one in made
            if one.how == "set"
            and one.target not in used | set(mains.values())
            and (operation in one.operations or not one.operations)
        ]
        parts = list(dict.fromkeys(parts))
        if len(parts) == 1:
            made = [replace(_paid(one), target=main) if one.target == parts[0] else one for one in made]
        elif parts:
            total: Expression = Ref(parts[0])
            made = [_paid(one) if one.target in parts else one for one in made]
            for part in parts[1:]:
                total = Binary("+", total, Ref(part))
            first = next(i for i, one in enumerate(made) if one.target == main or one.target in parts)
            made.insert(first, Said(made[first].requirement, main, "set", total))
    return made


def _based(system: System, said: list[Said], mains: dict[str, str]) -> list[Said]:
    """For an operation that only changes what one before it came to: "more than 40 minutes: 10 % off"."""
    made = list(said)
    order = list(system.operations)
    for operation, main in mains.items():
        own = [one for one in said if one.target in {"", main} and operation in one.operations]
        changes = [one for one in own if one.how in {"lower", "raise", "cut", "most", "least"}]
        if not changes or any(one.how == "set" and one.when == ALWAYS for one in own):
            continue
        before = [
            mains[other]
            for other in order[: order.index(operation)]
            if other in mains and mains[other] != main and {stem(w) for w in mains[other].split()} & MONEY_WORDS
        ]
        if before:
            base = Said(changes[0].requirement, main, "set", Ref(before[-1]), ALWAYS, (operation,))
            made.insert(made.index(own[0]), base)
    return made


def _paid(one: Said) -> Said:
    """A rate that nothing multiplies is paid for each of its unit."""
    return one if one.per is None or one.how != "set" else replace(one, by=Binary("*", one.by, one.per), per=None)


def _given(operation: str, own: list[Answer], main: str, placed: list[Said], system: System) -> list[Rule]:
    """The rules that an answer itself makes: a field, a figure, another operation's quantity, case by case."""
    if not own or not main:
        return []
    if main in system.fields:
        name = f"answer of {operation}"
        system.returns = {**system.returns, operation: name}
        return []
    if not main.startswith("answer of"):
        return []
    made: list[Rule] = []
    for answer in own:
        if answer.noun == main:
            continue
        by: Expression | None = answer.by or (Ref(answer.noun) if answer.noun else None)
        if {*answer.noun.split()} & _CHANGE:
            by = _change(operation, system)
        if by is not None:
            made.append(Compute(answer.requirement, (operation,), main, answer.when, "set", by))
    del placed
    return made


def _of(rule: Rule, operation: str) -> bool:
    return not rule.operations or operation in rule.operations


def _contrary(rules: list[Compute]) -> bool:
    """Whether a quantity is set once and for all after it was set before: nobody has said which counts."""
    sets = [rule for rule in rules if rule.how == "set"]
    if sets and len(rules) == 1 and _zero(sets):
        return True  # 0 if there is none; what there can be was not understood
    changed = next((n for n, rule in enumerate(rules) if rule.how in {"add", "cut", "raise", "lower"}), len(rules))
    late = [rule for rule in rules[changed:] if rule.how == "set" and isinstance(rule.by, Const)]
    if any(rule.by != Const(Decimal(0)) and any(_meet(one, rule) for one in sets if one is not rule) for rule in late):
        return True  # a part, or the whole instead? nobody has said
    return any(
        rule.when == ALWAYS and n and rule.target not in names_in(rule.by) and not _zero(sets[:n])
        for n, rule in enumerate(sets)
    )


def _meet(one: Compute, other: Compute) -> bool:
    """Whether both can hold: not where each is for other values of a field."""

    def chosen(rule: Compute) -> dict[str, set[object]]:
        parts_ = rule.when.parts if isinstance(rule.when, Every) else (rule.when,)
        return {part.name: set(part.values) for part in parts_ if isinstance(part, OneOf)}

    mine, its = chosen(one), chosen(other)
    return not any(name in its and not values & its[name] for name, values in mine.items())


def _zero(rules: list[Compute]) -> bool:
    return all(rule.by == Const(Decimal(0)) and rule.when == ALWAYS for rule in rules)


def _change(operation: str, system: System) -> Expression | None:
    """What is given back of what was paid: the field of the payment less what another operation has answered."""
    paid = [name for name in system.operations[operation] if {stem(part) for part in parts(name)} & _PAID]
    due = [
        noun
        for other, noun in system.returns.items()
        if other != operation and {stem(word) for word in noun.split()} & MONEY_WORDS
    ]
    if len(paid) != 1 or not due:
        system.doubtful.add(operation)
        return None
    return Binary("-", Ref(paid[0]), Ref(due[-1]))


def _ordered(said: list[Said]) -> list[Rule]:
    """In the order of the document; a final rounding last."""
    made: list[Rule] = []
    for late in (False, True):
        made += [
            Compute(one.requirement, (), one.target, one.when, one.how, one.by)
            for one in said
            if (one.how in _ROUND) == late
        ]
    return made


def _defaults(rules: list[Rule], answers: list[Answer], mains: dict[str, str]) -> list[Rule]:
    """For "0 if there is none": what holds where no case does."""
    made: list[Rule] = []
    for answer in answers:
        if answer.default:
            own = {mains[name] for name in answer.operations if name in mains}
            made += [Compute(answer.requirement, (), main, ALWAYS, "set", Const(Decimal(0))) for main in sorted(own)]
    return [*made, *rules]
