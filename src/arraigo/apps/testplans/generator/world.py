"""The oracle: what the model says that each step of a script gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from arraigo.apps.testplans.generator.creators import creator
from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Known, Scope, Truth, names_in
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    STATE,
    VALUE,
    Barred,
    Check,
    Compute,
    Condition,
    Limit,
    Move,
    Plain,
    Remember,
    Rule,
    Strikes,
    System,
    Told,
)

Inputs = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one step gives; `reasons` are the rules that decided it, `of` the requirements behind them."""

    accepted: Truth
    value: Known = UNKNOWN
    state: str | None = None
    message: str | None = None
    reasons: tuple[Rule, ...] = ()

    @property
    def of(self) -> tuple[str, ...]:
        """The requirements that decided it, in order."""
        return tuple(dict.fromkeys(rule.requirement for rule in self.reasons))


@dataclass(slots=True)
class World:
    """A fresh instance of the modelled system: run steps one after another."""

    system: System
    state: str | None = None
    begun: bool = False  # whether the thing has been made that the other operations work on
    kept: dict[str, Plain] = field(default_factory=dict)
    strikes: dict[int, int] = field(default_factory=dict)
    taken: dict[tuple[int, tuple[Plain, ...]], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = self.system.initial
        self.kept.update(self.system.begin)

    def step(self, operation: str, inputs: Inputs) -> Outcome:
        """Do one operation: what it gives, and what it changes here."""
        rules = [rule for rule in self.system.rules if not rule.operations or operation in rule.operations]
        scope = Scope(self.system, operation, {**self.kept, **inputs, STATE: self.state})
        outcome = self._decide(rules, scope, inputs)
        if outcome.accepted is True:
            self._apply(rules, scope, operation, inputs)
            returned = self.system.returns.get(operation, "")
            if any(isinstance(rule, Remember) and rule.target == returned for rule in self.system.rules):
                outcome = replace(outcome, value=self.kept.get(returned, UNKNOWN))
            self.begun = self.begun or operation == creator(self.system)
            outcome = self._counted(rules, scope, outcome)
        elif outcome.accepted is False:
            self._strike(rules, scope, outcome)
        return outcome

    def _counted(self, rules: list[Rule], scope: Scope, outcome: Outcome) -> Outcome:
        """What counts without being refused: "after two failed charges it is suspended"."""
        for rule in rules:
            if not isinstance(rule, Strikes) or rule.when is None:
                continue
            if scope.holds(rule.when) is not True:
                continue
            self.strikes[rule.count] = self.strikes.get(rule.count, 0) + 1
            if self.strikes[rule.count] >= rule.count and rule.target:
                self.state = rule.target
                outcome = replace(outcome, state=rule.target, reasons=(rule, *outcome.reasons))
        return outcome

    def _decide(self, rules: list[Rule], scope: Scope, inputs: Inputs) -> Outcome:
        refusals: list[tuple[Rule, str | None]] = []
        doubt = False
        for rule in rules:
            if isinstance(rule, Check):
                holds = scope.holds(rule.when)
                if self._absent(rule.when, inputs):
                    holds = False
                doubt = doubt or holds is UNKNOWN
                if holds is True:
                    refusals.append((rule, rule.message))
            elif (isinstance(rule, Barred) and self.state in rule.sources) or (
                isinstance(rule, Limit) and self.taken.get(self._key(rule, inputs), 0) >= rule.count
            ):
                refusals.append((rule, rule.message))
        moves = [rule for rule in rules if isinstance(rule, Move)]
        closed = [move for move in moves if move.sources]
        fits = [move for move in moves if not move.sources or self.state in move.sources]
        counted = any(isinstance(rule, Strikes) and rule.when is not None for rule in rules)
        if closed and not fits and counted and not refusals:
            return Outcome(UNKNOWN)
        if closed and not fits and not any(isinstance(rule, Barred) for rule, _ in refusals):
            refusals.append((closed[0], next((move.message for move in closed if move.message), None)))
        if refusals:
            messages = {message for _, message in refusals}
            told = messages.pop() if len(messages) == 1 else None
            return Outcome(False, message=told, reasons=tuple(rule for rule, _ in refusals))
        if doubt or scope.operation in self.system.wary or self._odd(scope.operation, rules, moves):
            return Outcome(UNKNOWN)
        return self._taken(rules, fits, scope)

    @staticmethod
    def _told(state: str | None) -> str | None:
        """The state as the document names it, if it does."""
        return None if state is None or state.startswith("@") else state

    def _odd(self, operation: str, rules: list[Rule], moves: list[Move]) -> bool:
        """Whether nobody says what happens: before there is anything, or made a second time."""
        maker = creator(self.system)
        if maker and operation != maker and not self.begun and self.system.initial is None:
            return True
        free = [move for move in moves if not move.sources and move.target and move.when == ALWAYS]
        if not free or len(free) < len(moves) or self.system.initial is not None:
            return False
        limited = any(isinstance(rule, Limit) for rule in rules)
        if operation == maker:
            return self.state is not None and not limited
        first = {r.target for r in self.system.rules if isinstance(r, Move) and maker in r.operations}
        return (
            self.state is None
            or any(move.target == self.state for move in free)
            or bool(first and self.state not in first)
        )

    def _absent(self, when: Condition, inputs: Inputs) -> bool:
        """Whether a check is about an optional field that was left out."""
        return any(
            name in inputs and inputs[name] is None and self.system.fields[name].required is False
            for name in names_in(when)
        )

    def _taken(self, rules: list[Rule], fits: list[Move], scope: Scope) -> Outcome:
        holding = [(move, scope.holds(move.when)) for move in fits if move.target]
        if any(holds is UNKNOWN for _, holds in holding):
            return Outcome(UNKNOWN)
        taken = [move for move, holds in holding if holds]
        if holding and not taken and all(move.sources for move, _ in holding):
            return Outcome(UNKNOWN)
        targets = {move.target for move in taken if move.when != ALWAYS} or {move.target for move in taken}
        told = [rule for rule in rules if isinstance(rule, Told) and scope.holds(rule.when) is True]
        messages = {rule.message for rule in told}
        value: Known = UNKNOWN
        if scope.operation not in self.system.doubtful:
            value = scope.named(self.system.returns.get(scope.operation, VALUE))
        used = [rule for rule in rules if isinstance(rule, Compute) and scope.holds(rule.when) is True]
        return Outcome(
            True,
            value,
            self._told(targets.pop()) if len(targets) == 1 else None,
            messages.pop() if len(messages) == 1 else None,
            (*taken, *used, *told),
        )

    def _apply(self, rules: list[Rule], scope: Scope, operation: str, inputs: Inputs) -> None:
        for rule in rules:
            if isinstance(rule, Limit):
                key = self._key(rule, inputs)
                self.taken[key] = self.taken.get(key, 0) + 1
            elif isinstance(rule, Strikes) and rule.resets and (rule.when is None or scope.holds(rule.when) is False):
                self.strikes.pop(rule.count, None)
        changes: dict[str, Plain] = {}
        for rule in rules:
            if isinstance(rule, Remember) and scope.holds(rule.when) is True:
                by, before = scope.value(rule.by), self.kept.get(rule.target)
                if by is UNKNOWN:
                    continue
                if isinstance(by, Decimal) and isinstance(before, Decimal):
                    by = {"plus": before + by, "minus": before - by}.get(rule.how, by)
                changes[rule.target] = by
        fits = [rule for rule in rules if isinstance(rule, Move) and (not rule.sources or self.state in rule.sources)]
        moves = [move for move in fits if move.target and scope.holds(move.when) is True]
        special = [move for move in moves if move.when != ALWAYS] or moves
        if special:
            self.state = special[-1].target
        for name, value in inputs.items():
            if value is not None:
                self.kept[name] = value
                self.kept[f"{operation}:{name}"] = value
        self.kept.update(changes)
        for rule in self.system.rules:
            if isinstance(rule, Limit) and operation in rule.frees:
                key = self._key(rule, inputs)
                self.taken[key] = max(0, self.taken.get(key, 0) - 1)

    def _strike(self, rules: list[Rule], scope: Scope, outcome: Outcome) -> None:
        if not all(isinstance(reason, Check) for reason in outcome.reasons):
            return
        for rule in rules:
            if isinstance(rule, Strikes) and (rule.when is None or scope.holds(rule.when) is True):
                self.strikes[rule.count] = self.strikes.get(rule.count, 0) + 1
                if self.strikes[rule.count] >= rule.count and rule.target:
                    self.state = rule.target

    def _key(self, rule: Limit, inputs: Inputs) -> tuple[int, tuple[Plain, ...]]:
        return self.system.rules.index(rule), tuple(inputs.get(name) for name in rule.same)
