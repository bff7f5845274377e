"""Data that makes a condition hold or not, and the way to where an operation is taken."""

from collections import deque
from dataclasses import dataclass
from decimal import Decimal

from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Known, Scope, names_in
from arraigo.apps.testplans.generator.model import (
    STATE,
    Check,
    Compare,
    Condition,
    Const,
    Every,
    Length,
    Limit,
    Missing,
    Move,
    Multiple,
    Not,
    OneOf,
    Plain,
    Ref,
    Remember,
    Rule,
    Shape,
    Some,
    Strikes,
    System,
)
from arraigo.apps.testplans.generator.techniques.domains import Domain, domain
from arraigo.apps.testplans.generator.techniques.samples import misshaped, of_length, shaped
from arraigo.apps.testplans.generator.world import Machine, World

Step = tuple[str, dict[str, Plain]]
_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}


@dataclass(slots=True)
class Solver:
    """Finds data for one system."""

    system: System
    bases: dict[str, dict[str, Plain]]
    domains: dict[str, dict[str, Domain]]
    ways: dict[str, list[Step]]

    @classmethod
    def of(cls, system: System) -> "Solver":
        """Base data for each operation, and the way to where it is taken."""
        solver = cls(system, {}, {}, {})
        for operation, fields in system.operations.items():
            rules = solver.rules(operation)
            solver.domains[operation] = {name: domain(system, name, rules) for name in fields}
            solver.bases[operation] = solver._base(operation)
            solver._doubt(operation)
        for operation in system.operations:
            way = solver.way(operation)
            if way is not None:
                solver.ways[operation] = way
            elif Machine(system).run([(operation, solver.bases[operation])])[0].accepted is UNKNOWN:
                solver.ways[operation] = []  # what is refused can be tried all the same
        return solver

    def rules(self, operation: str) -> list[Rule]:
        """The rules of an operation."""
        return [rule for rule in self.system.rules if not rule.operations or operation in rule.operations]

    def _base(self, operation: str) -> dict[str, Plain]:
        domains = self.domains[operation]
        inputs: dict[str, Plain] = {name: own.values[0] if own.values else None for name, own in domains.items()}
        best = self._violated(operation, inputs)
        for _ in range(3):
            if not best:
                break
            for name, own in domains.items():
                for value in own.values:
                    count = self._violated(operation, {**inputs, name: value})
                    if count < best:
                        inputs, best = {**inputs, name: value}, count
        return inputs if not best else self._pairs(operation, inputs, best)

    def _doubt(self, operation: str) -> None:
        """Take out the checks that no data passes: they were surely misread."""
        for rule in self._against(operation, self.bases[operation], sure=True):
            self.system.rules.remove(rule)
            self.system.unread.setdefault(rule.requirement, "")

    def _pairs(self, operation: str, inputs: dict[str, Plain], best: int) -> dict[str, Plain]:
        domains = list(self.domains[operation].items())
        for i, (one, first) in enumerate(domains):
            for other, second in domains[i + 1 :]:
                for a in first.values[:6]:
                    for b in second.values[:6]:
                        count = self._violated(operation, {**inputs, one: a, other: b})
                        if count < best:
                            inputs, best = {**inputs, one: a, other: b}, count
        return inputs

    def _violated(self, operation: str, inputs: dict[str, Plain]) -> int:
        return len(self._against(operation, inputs))

    def _against(self, operation: str, inputs: dict[str, Plain], *, sure: bool = False) -> list[Check]:
        kept: dict[str, Plain] = {}
        for base in self.bases.values():
            kept.update(base)
        scope = Scope(self.system, operation, {**kept, **self.system.begin, **inputs, STATE: None})
        checks = [rule for rule in self.rules(operation) if isinstance(rule, Check)]
        held = [(rule, scope.holds(rule.when)) for rule in checks if not self._stateful(rule.when)]
        return [rule for rule, holds in held if holds is True or (holds is not False and not sure)]

    # -- ways

    def way(self, operation: str, state: str | None = None, *, taken: bool = True) -> list[Step] | None:
        """The shortest steps after which `operation` is taken with its base data (or the state is `state`)."""
        seen: set[str] = set()
        queue: deque[list[Step]] = deque([[]])
        tries = 0
        branches = self._branches()
        while queue and tries < 400:
            path = queue.popleft()
            tries += 1
            world = self.play(path) or (self._refused(path) if path else None)
            if world is None:
                continue
            mark = world.mark
            if mark in seen:
                continue
            seen.add(mark)
            if state is not None and world.state == state and not taken:
                return path
            if state is None and self.play([*path, (operation, self.bases[operation])]) is not None:
                return path
            if len(path) < 5:
                for name in self.system.operations:
                    if name in self.bases:
                        queue.append([*path, (name, self.bases[name])])
                queue.extend([*path, *steps] for steps in branches)
        return None

    def _branches(self) -> list[list[Step]]:
        """Steps with the data that conditional transitions, counters and kept quantities ask for."""
        made: list[list[Step]] = []
        for rule in self.system.rules:
            for operation in rule.operations:
                base = self.bases.get(operation, {})
                if isinstance(rule, Move) and rule.when != Every():
                    inputs = self.make(operation, rule.when, base, want=True)
                    made += [[(operation, inputs)]] if inputs is not None else []
                elif isinstance(rule, Strikes) and rule.when is not None:
                    inputs = self.make(operation, rule.when, base, want=True)
                    made += [[(operation, inputs)] * rule.count] if inputs is not None else []
                elif isinstance(rule, Remember):
                    for name in names_in(rule.by) & set(base):
                        figures = [v for v in self.domains[operation][name].values if isinstance(v, Decimal)]
                        made += [[(operation, {**base, name: max(figures)})]] if figures else []
        return made

    def _refused(self, path: list[Step]) -> World | None:
        """The world after a path whose last steps were refused and counted."""
        if path[-1][0] not in self._counting or len(path) < 2 or path[-1] != path[-2]:
            return None
        machine = Machine(self.system)
        world = machine.start()
        for operation, inputs in path:
            outcome, world = machine.step(world, operation, inputs)
            accepted = outcome.accepted
            if accepted is not True and not (accepted is False and operation in self._counting):
                return None
        return world

    def play(self, steps: list[Step]) -> World | None:
        """The world after the steps; None where one of them is not surely taken (or, before the last, counted)."""
        machine = Machine(self.system)
        world = machine.start()
        for n, (operation, inputs) in enumerate(steps, 1):
            outcome, world = machine.step(world, operation, inputs)
            accepted = outcome.accepted
            counted = accepted is False and n < len(steps) and operation in self._counting
            if accepted is not True and not counted:
                return None
        return world

    @property
    def _counting(self) -> set[str]:
        return {name for rule in self.system.rules if isinstance(rule, Strikes) for name in rule.operations}

    def _stateful(self, condition: Condition) -> bool:
        kept = {rule.target for rule in self.system.rules if isinstance(rule, Remember)} | set(self.system.begin)
        kept -= set(self.system.fields)
        return any(name == STATE or ":" in name or name in kept for name in names_in(condition))

    # -- conditions

    def make(
        self, operation: str, condition: Condition, inputs: dict[str, Plain], *, want: bool
    ) -> dict[str, Plain] | None:
        """`inputs` changed as little as can be so that the condition holds (or does not); None: no way was found."""
        for changed in self._ways(operation, condition, inputs, want=want):
            scope = Scope(self.system, operation, self._names(operation, changed))
            if scope.holds(condition) is want:
                return changed
        return None

    def _names(self, operation: str, inputs: dict[str, Plain]) -> dict[str, Known]:
        world = self.play(self.ways.get(operation, [])) or Machine(self.system).start()
        return {**world.kept, **inputs, STATE: world.state}

    def _ways(
        self, operation: str, condition: Condition, inputs: dict[str, Plain], *, want: bool
    ) -> list[dict[str, Plain]]:
        match condition:
            case Not(part):
                return self._ways(operation, part, inputs, want=not want)
            case Every(all_) | Some(all_):
                together = isinstance(condition, Every) == want
                if not together:
                    return [way for part in all_ for way in self._ways(operation, part, inputs, want=want)]
                ways = [inputs]
                for part in all_:
                    ways = [new for way in ways[:12] for new in self._ways(operation, part, way, want=want)]
                return ways
            case _:
                return self._leaf(operation, condition, inputs, want=want)

    def _leaf(self, operation: str, leaf: Condition, inputs: dict[str, Plain], *, want: bool) -> list[dict[str, Plain]]:
        scope = Scope(self.system, operation, self._names(operation, inputs))
        if scope.holds(leaf) is want:
            return [inputs]
        values: list[tuple[str, Plain]] = []
        match leaf:
            case Compare(Ref(name), op, Const(value)) if isinstance(value, Decimal) and name in inputs:
                own = self.domains[operation][name]
                within = [v for v in own.values if isinstance(v, Decimal)]
                values = [(name, v) for v in [*within, value, value + own.step, value - own.step]]
                del op
            case Compare(Length(name), op, Const(value)) if isinstance(value, Decimal) and name in inputs:
                wanted = op if want else _OPPOSITE[op]
                size = int(value) + {"<": -1, ">": 1, "!=": 1}.get(wanted, 0)
                values = [(name, of_length(str(inputs[name] or "A"), max(0, size)))]
            case OneOf(name, options) if name in inputs:
                known = self.domains[operation][name].values
                values = [(name, v) for v in (options if want else [v for v in known if v not in options])]
            case Missing(name) if name in inputs:
                values = [(name, None if want else (self.bases[operation].get(name)))]
            case Shape(name, pattern, _) if name in inputs:
                values = [(name, shaped(pattern))] if want else [(name, text) for text, _ in misshaped(pattern)]
            case Multiple(name, unit) if isinstance(number := inputs.get(name), Decimal):
                values = [(name, number + unit / 2)]
            case Compare(Ref(name), op, Ref(other)) if ":" in other and name in inputs:
                kept = scope.named(other)
                if isinstance(kept, str):
                    same = (op == "==") == want
                    values = [(name, kept if same else kept[:-1] + ("9" if kept[-1] != "9" else "8"))]
            case Compare(left, _, right):
                for name in inputs:
                    values += [(name, v) for v in self.domains[operation][name].values]
                del left, right
        return [{**inputs, name: value} for name, value in values]


__all__ = ["Limit", "Solver", "Step", "Strikes"]
