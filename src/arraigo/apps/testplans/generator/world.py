"""The oracle: what the model says that each step of a script gives. What it is not sure of it does not say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from arraigo.apps.testplans.generator.creators import creator
from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Known, Scope, Truth, is_of, keyed, leaves, names_in
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    SAME,
    STATE,
    VALUE,
    Barred,
    Check,
    Compute,
    Condition,
    Every,
    Limit,
    Missing,
    Move,
    OneOf,
    Plain,
    Remember,
    Rule,
    Some,
    Strikes,
    System,
    Told,
    Vague,
)
from arraigo.apps.testplans.generator.techniques.samples import familiar

Inputs = Mapping[str, Plain]
_KINDS = frozenset({"number", "integer", "flag", "time", "date"})
Step = tuple[str, dict[str, Plain]]


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


@dataclass(frozen=True, slots=True)
class World:
    """All that the system keeps between two steps."""

    state: str | None = None
    begun: bool = False  # whether the thing has been made that the other operations work on
    lost: bool = False  # whether the state is not sure any more
    kept: Mapping[str, Known] = field(default_factory=dict)
    strikes: Mapping[int, int] = field(default_factory=dict)  # by the place of the rule
    taken: Mapping[tuple[int, tuple[Plain, ...]], int] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """The same for worlds in which the same happens."""
        strikes = {place: count for place, count in self.strikes.items() if count}
        parts = [sorted(one.items(), key=str) for one in (self.kept, strikes, self.taken)]
        return repr((self.state, self.begun, self.lost, parts))


class Machine:
    """The modelled system, ready to run."""

    def __init__(self, system: System, changed: tuple[int, Rule | None] | None = None) -> None:
        """Run a system; `changed`: with another rule at this place, or none."""
        self.system = system
        rules = list(enumerate(system.rules))
        if changed is not None:
            place, rule = changed
            rules[place : place + 1] = [] if rule is None else [(place, rule)]
        self._all: list[tuple[int, Rule]] = rules
        self._own: dict[str, _Own] = {}

    @cached_property
    def maker(self) -> str:
        """The operation that makes the thing that the others work on."""
        return creator(self.system)

    def own(self, operation: str) -> "_Own":
        """The rules of an operation."""
        if operation not in self._own:
            rules = [(n, rule) for n, rule in self._all if not rule.operations or operation in rule.operations]
            frees = [
                (n, rule)
                for n, rule in self._all
                if isinstance(rule, (Limit, Strikes))
                and operation in (rule.frees if isinstance(rule, Limit) else rule.freed)
            ]
            self._own[operation] = _Own(self.system, operation, rules, frees)
        return self._own[operation]

    def sharing(self, other: "Machine", operations: Sequence[str]) -> "Machine":
        """This machine, with what `other` has worked out for all operations but these."""
        self._own = {name: own for name, own in other._own.items() if name not in operations}  # noqa: SLF001 - its own kind
        return self

    def start(self) -> World:
        """Before any step."""
        return World(self.system.initial, kept=dict(self.system.begin))

    def scope(self, world: World, operation: str, inputs: Inputs) -> Scope:
        """What names stand for in a step."""
        names = {**world.kept, **inputs, STATE: UNKNOWN if world.lost else world.state}
        return Scope(self.system, operation, names, self.own(operation).computes)

    def step(self, world: World, operation: str, inputs: Inputs, scope: Scope | None = None) -> tuple[Outcome, World]:
        """Do one operation: what it gives, and the world afterwards."""
        own, scope = self.own(operation), scope or self.scope(world, operation, inputs)
        outcome = _Deciding(self, own, scope, world, inputs).outcome()
        if outcome.accepted is True:
            after = _applied(own, scope, world, operation, inputs)
            after = replace(after, begun=after.begun or operation == self.maker)
            returned = self.system.returns.get(operation, "")
            if returned in own.remembered and outcome.value is not UNKNOWN:
                outcome = replace(outcome, value=after.kept.get(returned, UNKNOWN))
            return _counted(own, scope, after, outcome)
        if outcome.accepted is False and all(isinstance(reason, Check) for reason in outcome.reasons):
            return _refused(own, scope, world, outcome)
        return outcome, world

    def run(self, steps: Sequence[tuple[str, Inputs]]) -> tuple[Outcome, ...]:
        """What each step gives, from the start."""
        world, made = self.start(), []
        for operation, inputs in steps:
            outcome, world = self.step(world, operation, inputs)
            made.append(outcome)
        return tuple(made)


class _Own:
    """The rules of one operation by their kind, each with its place in the system."""

    def __init__(
        self, system: System, operation: str, rules: list[tuple[int, Rule]], frees: list[tuple[int, Limit | Strikes]]
    ) -> None:
        self.checks = [rule for _, rule in rules if isinstance(rule, Check)]
        self.barred = [rule for _, rule in rules if isinstance(rule, Barred)]
        self.by_state = [check for check in self.checks if _of_state(check.when)]
        self.limits = [(n, rule) for n, rule in rules if isinstance(rule, Limit)]
        self.moves = [rule for _, rule in rules if isinstance(rule, Move)]
        self.strikes = [(n, rule) for n, rule in rules if isinstance(rule, Strikes)]
        self.remembers = [rule for _, rule in rules if isinstance(rule, Remember)]
        self.told = [rule for _, rule in rules if isinstance(rule, Told)]
        self.vague = [rule for _, rule in rules if isinstance(rule, Vague)]
        self.frees = frees
        self.fields = system.operations.get(operation, ())
        self.required = [name for name in self.fields if system.fields[name].required is True]
        self.optional = {name for name in self.fields if system.fields[name].required is False}
        self.known = {name: system.fields[name] for name in self.fields}
        self.asked = {leaf.name for rule in self.checks for leaf in leaves(rule.when) if isinstance(leaf, Missing)}
        self.spoken = {name for rule in self.checks for name in names_in(rule.when)}
        self.remembered = {rule.target for rule in system.rules if isinstance(rule, Remember)}
        self.computes: dict[str, list[Compute]] = {}
        for _, rule in rules:
            if isinstance(rule, Compute):
                self.computes.setdefault(rule.target, []).append(rule)
        self.of: dict[Condition, frozenset[str]] = {}

    def strange(self, name: str, value: Plain) -> bool:
        """Whether nobody has said that such a value is taken: left out, or of another kind."""
        known = self.known[name]
        if value is None:
            return known.required is None and name not in self.asked
        if not known.kind and not known.values and isinstance(value, str):
            return name not in self.spoken and not familiar(name)
        if known.kind == "choice":
            return bool(known.values) and not isinstance(value, Decimal) and value not in known.values
        return known.kind in _KINDS and not is_of(known.kind, value)

    def names(self, when: Condition) -> frozenset[str]:
        """The fields that a condition is about."""
        if when not in self.of:
            self.of[when] = frozenset(names_in(when)) & frozenset(self.fields)
        return self.of[when]


@dataclass(frozen=True, slots=True)
class _Deciding:
    """One step: is it refused, and if not, what does it give?"""

    machine: Machine
    own: _Own
    scope: Scope
    world: World
    inputs: Inputs

    def outcome(self) -> Outcome:
        own, world = self.own, self.world
        doubt = False
        refusals: list[tuple[Rule, str | None, int]] = []
        for check in own.checks:
            holds = self.scope.holds(check.when)
            if holds is True:
                refusals.append((check, check.message, check.rank))
            elif holds is UNKNOWN and not self._not_asked(check.when):
                doubt = True
        doubt = doubt or any(own.strange(name, self.inputs.get(name)) for name in own.fields)
        if any(self.inputs.get(name) is None for name in own.required):
            missing = next(name for name in own.required if self.inputs.get(name) is None)
            if not any(missing in own.names(rule.when) for rule, _, _ in refusals if isinstance(rule, Check)):
                refusals.append((Check("", (), ALWAYS), None, 0))
        for n, limit in own.limits:
            if world.taken.get(_key(n, limit, self.inputs), 0) >= limit.count:
                refusals.append((limit, limit.message, 0))
        fits = own.moves
        if world.lost:
            doubt = doubt or bool(own.barred) or any(move.sources for move in own.moves)
        else:
            refusals += [(rule, rule.message, 0) for rule in own.barred if world.state in rule.sources]
            closed = [move for move in own.moves if move.sources]
            fits = [move for move in own.moves if not move.sources or world.state in move.sources]
            told = any(isinstance(rule, Barred) or rule in own.by_state for rule, _, _ in refusals)
            if closed and not fits and not told:
                refusals.append((closed[0], next((move.message for move in closed if move.message), None), 0))
        if refusals:
            return self._refusal(refusals)
        if doubt or self._vague("accepted") or self._odd():
            return Outcome(UNKNOWN)
        return self._taken(fits)

    def _not_asked(self, when: Condition) -> bool:
        """Whether a check is about an optional field that was left out."""
        return any(self.inputs.get(name) is None and name in self.own.optional for name in self.own.names(when))

    def _vague(self, what: str) -> bool:
        return any(what in rule.touches and self.scope.holds(rule.when) is not False for rule in self.own.vague)

    def _refusal(self, refusals: list[tuple[Rule, str | None, int]]) -> Outcome:
        """Of several reasons the message is told on which they agree, or of the one that is said to come first."""
        if all(rank for _, _, rank in refusals):
            first = min(rank for _, _, rank in refusals)
            refusals = [one for one in refusals if one[2] == first]
        messages = {message for _, message, _ in refusals}
        hidden = self._vague("message") or (self.world.lost and bool(self.own.moves or self.own.barred))
        told = messages.pop() if len(messages) == 1 and not hidden else None
        return Outcome(False, message=told, reasons=tuple(rule for rule, _, _ in refusals))

    def _odd(self) -> bool:
        """Whether nobody says what happens: before there is anything, or made a second time."""
        system, world, operation = self.machine.system, self.world, self.scope.operation
        if system.initial is not None:
            return False
        maker, moves = self.machine.maker, self.own.moves
        if maker and operation != maker and not world.begun:
            return True
        free = [move for move in moves if not move.sources and move.target and move.when == ALWAYS]
        if not free or len(free) < len(moves):
            return False
        if operation == maker:
            return world.state is not None and not self.own.limits
        first = {rule.target for rule in system.rules if isinstance(rule, Move) and maker in rule.operations}
        return (
            world.state is None
            or any(move.target == world.state for move in free)
            or bool(first and world.state not in first)
        )

    def _taken(self, fits: list[Move]) -> Outcome:
        holding = [(move, self.scope.holds(move.when)) for move in fits if move.target]
        taken = [move for move, holds in holding if holds is True]
        state: str | None = None
        if holding and all(holds is False and move.sources for move, holds in holding):
            return Outcome(UNKNOWN)  # no transition for this data: refused, or nothing changes?
        special = [move for move in taken if move.when != ALWAYS] or taken
        targets = {move.target for move in special}
        if len(targets) == 1 and not any(holds is UNKNOWN for _, holds in holding) and not self._vague("state"):
            target = targets.pop()
            state = self.world.state if target == SAME else target
        told = [rule for rule in self.own.told if self.scope.holds(rule.when) is True]
        messages = {rule.message for rule in told}
        sure = self.scope.operation not in self.machine.system.doubtful and not self._vague("value")
        value = self.scope.named(self.machine.system.returns.get(self.scope.operation, VALUE)) if sure else UNKNOWN
        used = [rule for rules in self.own.computes.values() for rule in rules if self.scope.holds(rule.when) is True]
        message = messages.pop() if len(messages) == 1 and not self._vague("message") else None
        return Outcome(True, value, _named(state), message, (*special, *used, *told))


def _of_state(when: Condition) -> bool:
    """Whether a check is there for some states."""
    parts = when.parts if isinstance(when, Every) else (when,)
    return any(isinstance(part, OneOf) and part.name == STATE for part in parts)


def _named(state: str | None) -> str | None:
    """The state as the document names it, if it does."""
    return None if state is None or state.startswith("@") else state


def _applied(own: _Own, scope: Scope, world: World, operation: str, inputs: Inputs) -> World:
    """What a step that is taken changes."""
    kept = dict(world.kept)
    for name, value in inputs.items():
        if value is not None:
            kept[name] = value
            kept[f"{operation}:{name}"] = value
    kept.update(_remembered([rule for rule in own.remembers if not rule.refused], scope, world))
    taken = dict(world.taken)
    for n, limit in own.limits:
        key = _key(n, limit, inputs)
        taken[key] = taken.get(key, 0) + 1
    strikes = dict(world.strikes)
    for n, rule in own.strikes:
        if rule.resets and (rule.when is None or scope.holds(rule.when) is False):
            strikes[n] = rule.floor
    for n, freed in own.frees:
        if isinstance(freed, Limit):
            key = _key(n, freed, inputs)
            taken[key] = max(0, taken.get(key, 0) - 1)
        else:
            strikes[n] = freed.floor
    state, lost = _moved(own, scope, world)
    return replace(world, state=state, lost=lost, kept=kept, taken=taken, strikes=strikes)


def _moved(own: _Own, scope: Scope, world: World) -> tuple[str | None, bool]:
    """The state afterwards, and whether it is not sure."""
    vague = any("state" in rule.touches and scope.holds(rule.when) is not False for rule in own.vague)
    if world.lost or vague:
        only = {move.target for move in own.moves if move.target not in {None, SAME}}
        always = any(move.when == ALWAYS and not move.sources for move in own.moves)
        return (only.pop(), False) if always and len(only) == 1 and not vague else (world.state, True)
    fits = [move for move in own.moves if not move.sources or world.state in move.sources]
    holding = [(move, scope.holds(move.when)) for move in fits if move.target]
    moves = [move for move, holds in holding if holds is True]
    special = [move for move in moves if move.when != ALWAYS] or moves
    targets = {move.target for move in special} - {SAME}
    if any(holds is UNKNOWN for _, holds in holding) or len(targets) > 1:
        return world.state, True
    return (targets.pop() if targets else world.state), False


def _remembered(rules: list[Remember], scope: Scope, world: World) -> dict[str, Known]:
    """The kept quantities that change; all see what was kept before."""
    changes: dict[str, Known] = {}
    for rule in rules:
        holds = scope.holds(rule.when)
        if holds is False:
            continue
        by, name = scope.value(rule.by), rule.target
        before = world.kept.get(name, UNKNOWN)
        if rule.key is not None:
            key = scope.value(rule.key)
            if key is UNKNOWN:
                continue
            before, name = scope.kept(name, key), keyed(name, key)
        if rule.how in {"plus", "minus"}:
            if isinstance(by, Decimal) and isinstance(before, Decimal):
                by = before + by if rule.how == "plus" else before - by
            else:
                by = UNKNOWN
        changes[name] = by if holds is True else UNKNOWN
    return changes


def _refused(own: _Own, scope: Scope, world: World, outcome: Outcome) -> tuple[Outcome, World]:
    """What a step changes that a check refuses: what is counted, and the state where that is said.

    Where several checks refuse and not all of them have it as a consequence, it is not sure.
    """
    checks = [reason for reason in outcome.reasons if isinstance(reason, Check)]
    changes: dict[str, Known] = {}
    for change in own.remembers:
        if change.refused:
            new = _remembered([change], scope, world)
            changes |= new if _follows(change.when, checks) else dict.fromkeys(new, UNKNOWN)
    strikes, state, lost = dict(world.strikes), world.state, world.lost
    reasons: list[Rule] = []
    for n, rule in own.strikes:
        if rule.when is None or scope.holds(rule.when) is True:
            lost = lost or not _follows(rule.when, checks)
            strikes[n] = strikes.get(n, 0) + 1
            if strikes[n] >= rule.count and rule.target:
                state = rule.target
                reasons.append(rule)
    targets = {check.target for check in checks}
    if targets != {None}:
        lost = lost or len(targets) > 1
        state = targets.pop() if len(targets) == 1 else state
    if not changes and strikes == world.strikes and (state, lost) == (world.state, world.lost):
        return outcome, world
    after = replace(world, state=state, lost=lost, strikes=strikes, kept={**world.kept, **changes})
    if state != world.state and not lost:
        outcome = replace(outcome, state=_named(state), reasons=(*outcome.reasons, *reasons))
    return outcome, after


def _follows(effect: Condition | None, checks: list[Check]) -> bool:
    """Whether each check that refuses is one of those that have this effect."""
    if effect is None or len(checks) == 1:
        return True
    parts = {effect, *(effect.parts if isinstance(effect, Some) else ())}
    return all(parts & {check.when, *(check.when.parts if isinstance(check.when, Every) else ())} for check in checks)


def _counted(own: _Own, scope: Scope, world: World, outcome: Outcome) -> tuple[Outcome, World]:
    """What counts without being refused: "after two failed charges it is suspended"."""
    strikes = dict(world.strikes)
    for n, rule in own.strikes:
        if rule.when is None or scope.holds(rule.when) is not True:
            continue
        strikes[n] = strikes.get(n, 0) + 1
        world = replace(world, strikes=strikes)
        if strikes[n] >= rule.count and rule.target:
            world = replace(world, state=rule.target, lost=False)
            outcome = replace(outcome, state=_named(rule.target), reasons=(rule, *outcome.reasons))
    return outcome, world


def _key(place: int, rule: Limit, inputs: Inputs) -> tuple[int, tuple[Plain, ...]]:
    return place, tuple(inputs.get(name) for name in rule.same)


__all__ = ["Inputs", "Machine", "Outcome", "Step", "World"]
