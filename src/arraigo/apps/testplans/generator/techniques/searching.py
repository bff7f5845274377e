"""Data for one operation: values that matter for each field, and inputs changed as little as can be until they fit."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations, pairwise, product

from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Scope, names_in
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    Binary,
    Check,
    Choose,
    Compare,
    Compute,
    Condition,
    Const,
    Every,
    Expression,
    Move,
    Not,
    Number,
    OneOf,
    Piece,
    Plain,
    Remember,
    Rounded,
    Rule,
    Some,
    Told,
)
from arraigo.apps.testplans.generator.techniques.domains import Domain, domain
from arraigo.apps.testplans.generator.techniques.tree import Why
from arraigo.apps.testplans.generator.world import Machine, World
from arraigo.apps.testplans.plan import Technique

_MOST_VALUES = 26
_MOST_FLIPS = 4  # of one comparison along one field
_MOST_TRIES = 4000
_NEAR = Decimal("0.001")


class Search:
    """Finds data for one operation of a machine."""

    def __init__(self, machine: Machine, operation: str) -> None:
        self.machine = machine
        self.operation = operation
        self.fields = machine.system.operations[operation]
        self.rules = [rule for rule in machine.system.rules if not rule.operations or operation in rule.operations]
        self.domains: dict[str, Domain] = {name: domain(machine.system, name, self.rules) for name in self.fields}
        self.leaves = list(dict.fromkeys(leaf for rule in self.rules for leaf in _compared(rule)))
        self.figures = sorted({figure for leaf in self.leaves for figure in _figures(leaf)})
        self.values: dict[str, list[tuple[Plain, Why]]] = {}
        self._hanging: dict[Rule, set[str]] = {}

    # -- what names hang on

    def closure(self, names: set[str]) -> set[str]:
        """The names, and all that they are computed from."""
        todo, seen = list(names), set(names)
        while todo:
            name = todo.pop()
            for rule in self.machine.own(self.operation).computes.get(name, ()):
                new = (names_in(rule.when) | names_in(rule.by)) - seen
                seen |= new
                todo += new
        return seen

    def hanging(self, rule: Rule) -> set[str]:
        """The names that a rule hangs on, in the end."""
        if rule not in self._hanging:
            names: set[str] = set()
            for part in ("when", "by", "key"):
                if (thing := getattr(rule, part, None)) is not None:
                    names |= names_in(thing)
            self._hanging[rule] = self.closure(names)
        return self._hanging[rule]

    def relevant(self, rule: Rule) -> list[str]:
        """The fields that a rule hangs on."""
        names = self.hanging(rule)
        return [name for name in self.fields if name in names]

    # -- inputs that fit

    def plausible(self) -> dict[str, Plain]:
        """The first value of each field."""
        return {name: own.values[0] if own.values else None for name, own in self.domains.items()}

    def against(self, world: World, inputs: dict[str, Plain], *, sure: bool = False) -> list[Check]:
        """The checks that refuse; those that may, too, unless `sure`."""
        own, scope = self.machine.own(self.operation), self.machine.scope(world, self.operation, inputs)
        made: list[Check] = []
        for check in own.checks:
            holds = scope.holds(check.when)
            if holds is True or (holds is UNKNOWN and not sure and not self._left_out(check.when, inputs)):
                made.append(check)
        return made

    def _left_out(self, when: Condition, inputs: dict[str, Plain]) -> bool:
        own = self.machine.own(self.operation)
        return any(inputs.get(name) is None and name in own.optional for name in own.names(when))

    def fitted(self, world: World, inputs: dict[str, Plain]) -> dict[str, Plain]:
        """Inputs with which as few checks refuse as can be found."""
        best = len(self.against(world, inputs))
        for size in (1, 1, 2):
            for names in combinations(self.fields, size):
                if not best:
                    return inputs
                for values in product(*(self.domains[name].values[: 40 // size**2] for name in names)):
                    other = {**inputs, **dict(zip(names, values, strict=True))}
                    count = len(self.against(world, other))
                    if count < best:
                        inputs, best = other, count
        return inputs

    def satisfied(self, world: World, inputs: dict[str, Plain], condition: Condition) -> dict[str, Plain] | None:
        """Accepted inputs with which a condition holds, one field changed after the other; None: none were found."""

        def far(other: dict[str, Plain]) -> Decimal:
            return distance(self.machine.scope(world, self.operation, other), condition)

        def refused(other: dict[str, Plain]) -> int:
            return len(self.against(world, other))

        ways: tuple[Callable[[dict[str, Plain]], tuple[Decimal, ...]], ...] = (
            lambda other: (far(other) + refused(other),),
            lambda other: (far(other), Decimal(refused(other))),  # first this, whatever is refused, then the rest
        )
        for way in ways:
            found = self._descended(inputs, way)
            if found is not None and self.machine.step(world, self.operation, found)[0].accepted is True:
                return found
        return None

    def _descended(
        self, inputs: dict[str, Plain], far: Callable[[dict[str, Plain]], tuple[Decimal, ...]]
    ) -> dict[str, Plain] | None:
        """The inputs with one field changed after the other until nothing is far."""
        best = far(inputs)
        for _ in range(len(self.fields) + 1):
            before = best
            for name in self.fields if any(best) else ():
                for value, _ in self.values.get(name, ()):
                    other = {**inputs, name: value}
                    if (new := far(other)) < best:
                        inputs, best = other, new
            if best == before:
                break
        return None if any(best) else inputs

    def special(self) -> list[Condition]:
        """The conditions under which something else is computed, kept, told or moved to."""
        made: list[Condition] = []
        for rule in self.rules:
            if isinstance(rule, (Compute, Remember)):
                made += [*_cases(rule.by), rule.when]
            elif isinstance(rule, (Move, Told)):
                made.append(rule.when)
        return [one for one in dict.fromkeys(made) if one != ALWAYS]

    def varied(
        self, inputs: dict[str, Plain], names: list[str], most: int = 2, tries: int = _MOST_TRIES
    ) -> Iterator[dict[str, Plain]]:
        """The inputs with one of the fields changed, then with two, to values that matter."""
        yield inputs
        count = 0
        for size in range(1, most + 1):
            for some in combinations(names, size):
                for values in product(*([value for value, _ in self.values.get(name, ())] for name in some)):
                    count += 1
                    if count > tries:
                        return
                    yield {**inputs, **dict(zip(some, values, strict=True))}

    def found(
        self,
        inputs: dict[str, Plain],
        names: list[str],
        wanted: Callable[[dict[str, Plain]], bool],
        most: int = 2,
        tries: int = _MOST_TRIES,
    ) -> dict[str, Plain] | None:
        """The first variation that is wanted."""
        return next((other for other in self.varied(inputs, names, most, tries) if wanted(other)), None)

    # -- values that matter

    def learn(self, world: World, base: dict[str, Plain]) -> None:
        """Work out the values that matter: classes, wrong ones, and where a comparison turns, other fields as given."""
        for name, own in self.domains.items():
            made: dict[str, tuple[Plain, Why]] = {}
            for leaf in self.leaves:
                for value, note in self._flips(world, base, own, leaf):
                    kind = Why("boundary_value_2", note, name, value)
                    made.setdefault(repr(value), (value, kind))
            for value in own.values if own.known else []:
                made.setdefault(repr(value), (value, Why("equivalence_partitioning", "valid", name, value)))
            for value in own.wrong:
                note = "missing" if value is None or value == "" else "invalid"
                technique: Technique = "syntax" if own.shapes and note == "invalid" else "equivalence_partitioning"
                made.setdefault(repr(value), (value, Why(technique, note, name, value)))
            self.values[name] = list(made.values())[:_MOST_VALUES]

    def _flips(self, world: World, base: dict[str, Plain], own: Domain, leaf: Condition) -> Iterator[tuple[Plain, str]]:
        """The neighbours between which a comparison turns along one field."""
        if not own.ordered or own.name not in self.closure(names_in(leaf)):
            return

        def holds(place: Decimal) -> object:
            value = own.at(place)
            return self.machine.scope(world, self.operation, {**base, own.name: value}).holds(leaf)

        found = 0
        truths = [(place, holds(place)) for place in own.scale(self.figures)]
        for (below, one), (above, other) in pairwise(truths):
            if UNKNOWN in (one, other) or one == other or found >= _MOST_FLIPS:
                continue
            low, high = _between(below, above, own.step if own.kind == "number" else Decimal(1), holds)
            found += 1
            yield own.at(low), "below"
            yield own.at(high), "limit"


def _between(low: Decimal, high: Decimal, step: Decimal, holds: Callable[[Decimal], object]) -> tuple[Decimal, Decimal]:
    """Two neighbours between which a truth turns as it does between `low` and `high`."""
    one = holds(low)
    while high - low > step:
        middle = low + ((high - low) / 2 / step).to_integral_value() * step
        if middle in (low, high):
            break
        if holds(middle) == one:
            low = middle
        else:
            high = middle
    return low, high


def _compared(rule: Rule) -> Iterator[Condition]:
    """All comparisons in a rule, also those hidden in greatest, least and cases."""
    match rule:
        case Check(when=when) | Move(when=when):
            yield from _leaves(when)
        case Compute(when=when, by=by) | Remember(when=when, by=by):
            yield from _leaves(when)
            yield from _inside(by)


def _leaves(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case Compare(left, _, right):
            yield condition
            yield from _inside(left)
            yield from _inside(right)
        case _:
            yield condition


def _inside(expression: Expression) -> Iterator[Condition]:
    match expression:
        case Binary(op, left, right):
            if op in {"max", "min"}:
                yield Compare(left, "<=", right)
            yield from _inside(left)
            yield from _inside(right)
        case Rounded(inner, _, _) | Number(_, inner) | Piece(inner, _, _):
            yield from _inside(inner)
        case Choose(cases, otherwise):
            for when, by in cases:
                yield from _leaves(when)
                yield from _inside(by)
            if otherwise is not None:
                yield from _inside(otherwise)


def _cases(expression: Expression) -> Iterator[Condition]:
    """The conditions of cases, and on which side of greatest and least it is."""
    match expression:
        case Binary(op, left, right):
            if op in {"max", "min"}:
                yield Compare(left, "<", right)
                yield Compare(left, ">", right)
            yield from _cases(left)
            yield from _cases(right)
        case Rounded(inner, _, _) | Number(_, inner) | Piece(inner, _, _):
            yield from _cases(inner)
        case Choose(cases, otherwise):
            for when, by in cases:
                yield when
                yield from _cases(by)
            if otherwise is not None:
                yield Not(Some(tuple(when for when, _ in cases)))
                yield from _cases(otherwise)


def distance(scope: Scope, condition: Condition) -> Decimal:
    """How far a condition is from holding, roughly: 0 where it does."""
    if scope.holds(condition) is True:
        return Decimal(0)
    match condition:
        case Every(parts):
            return sum((distance(scope, part) for part in parts), Decimal(0))
        case Some(parts) if parts:
            return min(distance(scope, part) for part in parts)
        case Compare(left, _, right):
            one, other = scope.value(left), scope.value(right)
            if isinstance(one, Decimal) and isinstance(other, Decimal):
                return _NEAR + abs(one - other) / (_NEAR + abs(one) + abs(other))
    return Decimal(1)


def _figures(leaf: Condition) -> Iterator[Decimal]:
    match leaf:
        case Compare(left, _, right):
            yield from _constants(left)
            yield from _constants(right)
        case OneOf(_, values):
            yield from (value for value in values if isinstance(value, Decimal))


def _constants(expression: Expression) -> Iterator[Decimal]:
    match expression:
        case Const(value) if isinstance(value, Decimal):
            yield value
        case Binary(_, left, right):
            yield from _constants(left)
            yield from _constants(right)
        case Rounded(inner, _, _):
            yield from _constants(inner)
