"""Candidate cases by technique: only data and where it comes from; the oracle decides what they have to give."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Scope, names_in
from arraigo.apps.testplans.generator.model import (
    STATE,
    Check,
    Compare,
    Compute,
    Condition,
    Const,
    Every,
    Length,
    Limit,
    Missing,
    Multiple,
    Not,
    OneOf,
    Plain,
    Ref,
    Rule,
    Shape,
    Some,
    Strikes,
    System,
)
from arraigo.apps.testplans.generator.techniques.samples import misshaped, of_length, shaped
from arraigo.apps.testplans.generator.techniques.solve import Solver, Step
from arraigo.apps.testplans.generator.understand.settle import conditions_of, leaves
from arraigo.apps.testplans.plan import Technique

_FAR = Decimal(10) ** 9


@dataclass(slots=True)
class Candidate:
    """Steps, the technique, and what is varied: `field` with `value` (both empty: nothing)."""

    technique: Technique
    steps: list[Step]
    requirements: tuple[str, ...] = ()
    field: str = ""
    value: Plain = None
    note: str = ""  # valid, invalid, limit, below, above, missing, forbidden, sequence, combination, repeated, freed


class Candidates:
    """All candidates of one system."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.solver = Solver.of(system)

    def all(self) -> list[Candidate]:
        """In the order in which a person would try them."""
        made: list[Candidate] = []
        for operation in self.system.operations:
            if operation in self.solver.ways:
                made += self._of(operation)
        return made

    def _of(self, operation: str) -> list[Candidate]:
        base = self.solver.bases[operation]
        made = [self._case(operation, "scenario", base, note="valid")]
        for rule in self.solver.rules(operation):
            for condition in conditions_of(rule):
                for way in self._contexts(operation, condition):
                    before, self.solver.ways[operation] = self.solver.ways[operation], way
                    made += self._leaves(operation, rule, condition)
                    made += self._table(operation, rule, condition)
                    self.solver.ways[operation] = before
            if isinstance(rule, Compute):
                made += self._computed(operation, rule)
        made += self._classes(operation)
        made += self._together(operation)
        return made

    def _contexts(self, operation: str, condition: Condition) -> list[list[Step]]:
        """Ways to the operation, with what other operations have to set for the condition to hang on this one."""
        way = self.solver.ways[operation]
        ways = [way]
        foreign = [name for name in sorted(names_in(condition)) if name in self.system.fields]
        for name in foreign:
            if name in self.solver.bases[operation]:
                continue
            for other, base in self.solver.bases.items():
                if name not in base or other == operation:
                    continue
                for value in self.solver.domains[other][name].values[:4]:
                    step: Step = (other, {**base, name: value})
                    ways += [longer for one in ways[:4] if self.solver.play(longer := [*one, step]) is not None][:4]
        return ways[:13]

    def _case(
        self,
        operation: str,
        technique: Technique,
        inputs: dict[str, Plain],
        *,
        requirements: tuple[str, ...] = (),
        field: str = "",
        value: Plain = None,
        note: str = "",
    ) -> Candidate:
        steps = [*self.solver.ways[operation], (operation, dict(inputs))]
        return Candidate(technique, steps, requirements, field, value, note)

    # -- one comparison at a time

    def _leaves(self, operation: str, rule: Rule, condition: Condition) -> Iterator[Candidate]:
        for leaf in leaves(condition):
            base = self._sensitive(operation, condition, leaf)
            if base is None:
                continue
            of = (rule.requirement,)
            for technique, name, value, note in self._values(operation, leaf, base):
                yield self._case(
                    operation, technique, {**base, name: value}, requirements=of, field=name, value=value, note=note
                )

    def _sensitive(self, operation: str, condition: Condition, leaf: Condition) -> dict[str, Plain] | None:
        """Base data with which the whole condition hangs on this comparison alone."""
        base = self.solver.bases[operation]
        if condition == leaf or condition == Not(leaf):
            return base
        others = _others(condition, leaf)
        if others is None:
            return base
        return self.solver.make(operation, others, base, want=True)

    def _values(
        self, operation: str, leaf: Condition, base: dict[str, Plain]
    ) -> Iterator[tuple[Technique, str, Plain, str]]:
        match leaf:
            case Compare(Ref(name), _, Const(value)) if isinstance(value, Decimal) and name in base:
                step = self.solver.domains[operation][name].step
                for number, note in ((value, "limit"), (value - step, "below"), (value + step, "above")):
                    yield ("boundary_value_2" if note == "limit" else "boundary_value_3"), name, number, note
            case Compare(Length(name), _, Const(value)) if isinstance(value, Decimal) and name in base:
                for size, note in ((int(value), "limit"), (int(value) - 1, "below"), (int(value) + 1, "above")):
                    if size >= 0:
                        yield "boundary_value_3", name, of_length(str(base[name] or "A"), size), note
            case Compare(Ref(name), _, Const(value)) if isinstance(value, str) and name in base:
                for text, note in ((value, "limit"), (_shift(value, -1), "below"), (_shift(value, 1), "above")):
                    yield "boundary_value_3", name, text, note
            case Compare(left, _, right):
                yield from self._flips(operation, Compare(left, leaf.op, right), base)
            case OneOf(name, values) if name in base:
                known = self.solver.domains[operation][name].values
                for value in dict.fromkeys([*values, *known]):
                    yield "equivalence_partitioning", name, value, "valid"
                if values and all(isinstance(value, str) for value in values):
                    yield "equivalence_partitioning", name, "xyz", "invalid"
                elif values and all(isinstance(value, Decimal) for value in values):
                    for value in values:
                        if isinstance(value, Decimal):
                            yield (
                                "equivalence_partitioning",
                                name,
                                value + self.solver.domains[operation][name].step,
                                "invalid",
                            )
            case Missing(name) if name in base:
                yield "equivalence_partitioning", name, None, "missing"
                if isinstance(base[name], str):
                    yield "equivalence_partitioning", name, "", "missing"
            case Shape(name, pattern, _) if name in base:
                yield "syntax", name, shaped(pattern), "valid"
                for text, _ in misshaped(pattern):
                    yield "syntax", name, text, "invalid"
            case Multiple(name, unit) if isinstance(held := base.get(name), Decimal):
                for shift in (unit / 2, Decimal(1), Decimal(-1)):
                    if shift % unit:
                        yield "equivalence_partitioning", name, held + shift, "invalid"
                yield "equivalence_partitioning", name, held + unit, "valid"

    def _flips(
        self, operation: str, leaf: Compare, base: dict[str, Plain]
    ) -> Iterator[tuple[Technique, str, Plain, str]]:
        """The neighbours between which a comparison of computed things turns, for each number that it hangs on."""
        for name, own in self.solver.domains[operation].items():
            if own.kind not in {"number", "integer"} or not isinstance(base[name], Decimal):
                continue
            points = sorted(
                {v for v in [*own.values, *own.cuts, base[name]] if isinstance(v, Decimal) and v % own.step == 0}
            )
            truths = [(point, self._holds(operation, leaf, {**base, name: point})) for point in points]
            for (low, one), (high, other) in pairwise(truths):
                if UNKNOWN in (one, other) or one == other:
                    continue
                a, b = low, high
                while b - a > own.step:
                    middle = a + ((b - a) / 2 / own.step).to_integral_value() * own.step
                    if middle in (a, b):
                        break
                    if self._holds(operation, leaf, {**base, name: middle}) == one:
                        a = middle
                    else:
                        b = middle
                yield "boundary_value_2", name, a, "below"
                yield "boundary_value_2", name, b, "limit"
                yield "boundary_value_3", name, b + own.step, "above"

    def _holds(self, operation: str, condition: Condition, inputs: dict[str, Plain]) -> object:
        return Scope(self.system, operation, self.solver._names(operation, inputs)).holds(condition)  # noqa: SLF001 - its own

    # -- rules as wholes

    def _table(self, operation: str, rule: Rule, condition: Condition) -> Iterator[Candidate]:
        base = self.solver.bases[operation]
        for want in (True, False):
            inputs = self.solver.make(operation, condition, base, want=want)
            if inputs is not None:
                yield self._case(
                    operation, "decision_table", inputs, requirements=(rule.requirement,), note="combination"
                )
        parts = leaves(condition)
        for leaf in parts if len(parts) > 1 else []:
            others = _others(condition, leaf)
            if others is None:
                continue
            wanted = self.solver.make(operation, Every((others, Not(leaf))), base, want=True)
            if wanted is not None:
                yield self._case(
                    operation, "decision_table", wanted, requirements=(rule.requirement,), note="combination"
                )

    def _together(self, operation: str) -> Iterator[Candidate]:
        """Each two rules that compute or refuse, both of them holding."""
        rules = [
            (rule, rule.when)
            for rule in self.solver.rules(operation)
            if isinstance(rule, (Check, Compute)) and rule.when != Every()
        ]
        base = self.solver.bases[operation]
        for (one, first), (other, second) in combinations(rules, 2):
            if isinstance(one, Check) or isinstance(other, Check):
                continue
            inputs = self.solver.make(operation, Every((first, second)), base, want=True)
            if inputs is not None:
                of = (one.requirement, other.requirement)
                yield self._case(operation, "decision_table", inputs, requirements=of, note="combination")

    def _computed(self, operation: str, rule: Compute) -> Iterator[Candidate]:
        """A price per unit: with several counts."""
        base = self.solver.make(operation, rule.when, self.solver.bases[operation], want=True)
        if base is None:
            return
        for name, own in self.solver.domains[operation].items():
            if own.kind not in {"number", "integer"} or name not in repr(rule.by):
                continue
            for value in own.values if own.known else own.values[:2]:
                yield self._case(
                    operation,
                    "equivalence_partitioning",
                    {**base, name: value},
                    requirements=(rule.requirement,),
                    field=name,
                    value=value,
                    note="valid",
                )
            for cut in own.cuts:
                for shift in (own.step, Decimal(1), Decimal("1.5") if own.kind == "number" else Decimal(2)):
                    value = cut + shift
                    yield self._case(
                        operation,
                        "boundary_value_3",
                        {**base, name: value},
                        requirements=(rule.requirement,),
                        field=name,
                        value=value,
                        note="above",
                    )

    def _classes(self, operation: str) -> Iterator[Candidate]:
        base = self.solver.bases[operation]
        for name, own in self.solver.domains[operation].items():
            for value in own.values if own.known else []:
                yield self._case(
                    operation, "equivalence_partitioning", {**base, name: value}, field=name, value=value, note="valid"
                )


def _others(condition: Condition, leaf: Condition) -> Condition | None:
    """What has to hold so that the truth of the whole is that of the leaf (or its contrary)."""
    match condition:
        case Not(part):
            return _others(part, leaf)
        case Every(parts) | Some(parts):
            mine = [part for part in parts if leaf in leaves(part)]
            if not mine:
                return None
            rest = [part if isinstance(condition, Every) else Not(part) for part in parts if part is not mine[0]]
            inner = _others(mine[0], leaf)
            return Every((*rest, *([inner] if inner is not None else [])))
    return None


def _shift(text: str, by: int) -> str:
    """A time a minute, or a date a day, later or earlier."""
    if len(text) == 5:
        minutes = (int(text[:2]) * 60 + int(text[3:]) + by) % 1440
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return (date.fromisoformat(text) + timedelta(days=by)).isoformat()


__all__ = ["STATE", "Candidate", "Candidates", "Limit", "Strikes"]
