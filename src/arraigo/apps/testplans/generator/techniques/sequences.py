"""Candidates of several steps: every transition, every forbidden one, chains of them, counters and what frees them."""

from collections.abc import Iterator

from arraigo.apps.testplans.generator.model import Barred, Check, Limit, Move, Plain, Rule, Strikes
from arraigo.apps.testplans.generator.techniques.candidates import Candidate
from arraigo.apps.testplans.generator.techniques.solve import Solver, Step


def sequences(solver: Solver) -> Iterator[Candidate]:
    """All of them."""
    yield from _transitions(solver)
    for rule in solver.system.rules:
        if isinstance(rule, Limit):
            yield from _limit(solver, rule)
        elif isinstance(rule, Strikes):
            yield from _strikes(solver, rule)


def _transitions(solver: Solver) -> Iterator[Candidate]:
    system = solver.system
    moving = [
        name for name in system.operations if any(isinstance(rule, (Move, Barred)) for rule in solver.rules(name))
    ]
    if not moving:
        return
    ways: dict[str, list[Step]] = {}
    for state in system.states:
        way = solver.way(moving[0], state, taken=False)
        if way is not None:
            ways[state] = way
    for state, way in ways.items():
        for name in moving:
            steps = [*way, (name, solver.bases[name])]
            allowed = solver.play(steps) is not None
            yield Candidate("state_transition", steps, note="allowed" if allowed else "forbidden", value=state)
            for rule in solver.rules(name):
                if isinstance(rule, Move) and rule.when.__class__.__name__ != "Every":
                    for want in (True, False):
                        inputs = solver.make(name, rule.when, solver.bases[name], want=want)
                        if inputs is not None:
                            yield Candidate("state_transition", [*way, (name, inputs)], note="allowed", value=state)
            if not allowed:
                continue
            for second in moving:
                chain = [*steps, (second, solver.bases[second])]
                yield Candidate("state_transition", chain, note="sequence", value=state)


def _limit(solver: Solver, rule: Limit) -> Iterator[Candidate]:
    for operation in rule.operations:
        base = solver.bases[operation]
        way = solver.ways.get(operation)
        if way is None:
            continue
        of = (rule.requirement,)
        full = [*way, *((operation, _other(base, rule, k)) for k in range(rule.count))]
        yield Candidate("boundary_value_2", full, of, note="repeated", value=str(rule.count))
        over = (operation, _other(base, rule, rule.count))
        yield Candidate("boundary_value_2", [*full, over], of, note="repeated", value=str(rule.count + 1))
        for free in rule.frees:
            if free in solver.bases:
                back = {**solver.bases[free], **{k: v for k, v in full[-1][1].items() if k in solver.bases[free]}}
                yield Candidate("scenario", [*full, (free, back), over], of, note="freed")


def _other(base: dict[str, Plain], rule: Limit, k: int) -> dict[str, Plain]:
    """The same operation on another thing for the same person."""
    if not k or not (rule.frees or rule.same):
        return dict(base)
    changed = dict(base)
    for name, value in base.items():
        if isinstance(value, str) and name not in rule.same and value.startswith("A-"):
            changed[name] = f"A-{100 + k}"
    return changed


def _strikes(solver: Solver, rule: Strikes) -> Iterator[Candidate]:
    for operation in rule.operations:
        way, base = solver.ways.get(operation), solver.bases[operation]
        wrong = _wrong(solver, operation, rule)
        if way is None or wrong is None:
            continue
        bad, good, of = (operation, wrong), (operation, base), (rule.requirement,)
        yield Candidate("state_transition", [*way, *[bad] * (rule.count - 1), good], of, note="repeated")
        yield Candidate("state_transition", [*way, *[bad] * rule.count, good], of, note="repeated")
        if rule.resets:
            again = [*[bad] * (rule.count - 1), good]
            yield Candidate("state_transition", [*way, *again, *again], of, note="repeated")


def _wrong(solver: Solver, operation: str, strikes: Strikes) -> dict[str, Plain] | None:
    if strikes.when is not None:
        return solver.make(operation, strikes.when, solver.bases[operation], want=True)
    checks: list[Rule] = [rule for rule in solver.rules(operation) if isinstance(rule, Check)]
    for rule in checks:
        if isinstance(rule, Check):
            made = solver.make(operation, rule.when, solver.bases[operation], want=True)
            if made is not None:
                return made
    return None


def flows(solver: Solver) -> Iterator[Candidate]:
    """Flows across operations: each taken one after each other, and all in the order in which they can be done."""
    names = list(solver.ways)
    if len(names) < 2:
        return
    for name in names:
        way = [*solver.ways[name], (name, solver.bases[name])]
        for other in names:
            if other != name:
                yield Candidate("scenario", [*way, (other, solver.bases[other])], note="flow")
    whole: list[Step] = []
    for name in names:
        longer = [*whole, (name, solver.bases[name])]
        if solver.play(longer) is not None:
            whole = longer
    if len(whole) > 2:
        yield Candidate("scenario", whole, note="flow")
