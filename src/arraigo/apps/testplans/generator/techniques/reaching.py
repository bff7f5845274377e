"""How to get to where an operation can be tried: base data, ways, all states, counters run to their ends."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from itertools import combinations

from arraigo.apps.testplans.generator.evaluate import UNKNOWN, names_in
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    Check,
    Condition,
    Every,
    Limit,
    Move,
    Not,
    Plain,
    Remember,
    Rule,
    Strikes,
    System,
)
from arraigo.apps.testplans.generator.techniques.searching import Search, distance
from arraigo.apps.testplans.generator.techniques.tree import Node, Tree, Why
from arraigo.apps.testplans.generator.world import Machine, Step, World

_PLAIN = Why("scenario", "valid")
_MOST_WORLDS = 160
_DEEPEST = 10
_ROUNDS = 5
_MOST_TURNS = 12
_MOST_SPECIAL = 16
_MOST_PAIRS = 60
_MOST_STARTS = 6
_FAR = 4
_WIDE = 16


class Reach:
    """Base data for each operation, and the shortest steps after which it is taken."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.doubted: list[Check] = []
        self._begin()
        for _ in range(len(system.rules)):
            if not self._doubt():
                break
            self._begin()
        self.explore()

    def _begin(self) -> None:
        self.machine = Machine(self.system)
        for operation in self.system.operations:
            self.machine.own(operation)
        self.tree = Tree(self.machine)
        self.searches = {operation: Search(self.machine, operation) for operation in self.system.operations}
        self.bases: dict[str, dict[str, Plain]] = {}
        self.homes: dict[str, Node] = {}  # after which an operation is taken
        self.turns: dict[str, list[dict[str, Plain]]] = {}  # other data that lead elsewhere
        self.worlds: dict[str, Node] = {self.tree.root.after.mark: self.tree.root}
        for _ in range(_ROUNDS):
            before = len(self.homes), len(self.worlds)
            self._fit()
            self._spread(60)
            if (len(self.homes), len(self.worlds)) == before:
                break

    # -- base data

    def _fit(self) -> None:
        for operation, search in self.searches.items():
            if operation in self.homes:
                continue
            start = search.plausible()
            for node in list(self.worlds.values())[:40]:
                if not self._open(node.after, operation):
                    continue
                inputs = search.fitted(node.after, start)
                if self.machine.step(node.after, operation, inputs)[0].accepted is True:
                    self.bases[operation], self.homes[operation] = inputs, node
                    search.learn(node.after, inputs)
                    self.turns[operation] = list(self._turning(operation, node))
                    break

    def _open(self, world: World, operation: str) -> bool:
        """Whether the state lets an operation be taken."""
        own, state = self.machine.own(operation), world.state
        if any(state in rule.sources for rule in own.barred):
            return False
        closed = [move for move in own.moves if move.sources]
        return not closed or any(not move.sources or state in move.sources for move in own.moves)

    def nearest(self, operation: str) -> Node:
        """The nearest world whose state lets an operation be taken, if there is one."""
        nodes = sorted(self.worlds.values(), key=lambda node: (node.depth, node.number))
        return next((node for node in nodes if self._open(node.after, operation)), self.tree.root)

    def _doubt(self) -> bool:
        """Take out the checks that no data passes: they were surely misread."""
        for operation, search in self.searches.items():
            if operation in self.homes:
                continue
            world = self.nearest(operation).after
            inputs = search.fitted(world, search.plausible())
            for check in search.against(world, inputs, sure=True):
                if names_in(check.when) <= set(search.fields) | {
                    name for own in search.machine.own(operation).computes for name in (own,)
                }:
                    self.system.rules.remove(check)
                    self.system.unread.setdefault(check.requirement, "")
                    return True
        return False

    def _turning(self, operation: str, home: Node) -> Iterator[dict[str, Plain]]:
        """Data that conditional transitions, counters and kept quantities ask for."""
        search, base = self.searches[operation], self.bases[operation]
        for rule in search.rules:
            match rule:
                case Move(when=when) if when != ALWAYS:
                    wanted: list[tuple[Condition, bool]] = [(when, True), (Not(when), True)]
                case Remember(when=when, refused=refused) if when != ALWAYS:
                    wanted = [(when, not refused)]
                case Check(when=when, target=str()):
                    wanted = [(when, False)]
                case Strikes(when=when) if when is not None:
                    wanted = [(when, False), (when, True)]
                case _:
                    continue
            for condition, taken in wanted:
                turns = partial(self._turns, home, operation, condition, taken=taken)
                found = search.found(base, search.relevant(rule), turns)
                if found is not None and found != base:
                    yield found

    def _turns(
        self, home: Node, operation: str, condition: Condition, inputs: dict[str, Plain], *, taken: bool
    ) -> bool:
        """Whether a condition holds of data that is taken (or refused)."""
        if self.machine.scope(home.after, operation, inputs).holds(condition) is not True:
            return False
        return self.machine.step(home.after, operation, inputs)[0].accepted is taken

    # -- ways

    def actions(self) -> list[tuple[str, dict[str, Plain]]]:
        """Each operation with its base data, then with data that lead elsewhere."""
        plain = list(self.bases.items())
        return [*plain, *((operation, inputs) for operation, some in self.turns.items() for inputs in some)]

    def _spread(self, most: int) -> None:
        """Go on from all worlds known, nearest first, until there are so many."""
        queue = deque(sorted(self.worlds.values(), key=lambda node: node.depth))
        while queue and len(self.worlds) < most:
            node = queue.popleft()
            if node.depth >= _DEEPEST:
                continue
            for operation, inputs in self.actions():
                outcome, after = self.machine.step(node.after, operation, inputs)
                if outcome.accepted is UNKNOWN or after is node.after or after.mark in self.worlds:
                    continue
                new = self.tree.add(node, operation, inputs, Why("state_transition", "sequence"))
                self.worlds[after.mark] = new
                queue.append(new)

    def explore(self) -> None:
        """Find all states, and run to their ends the conditions that hang on what is kept."""
        self._spread(_MOST_WORLDS)
        self.starts = {operation: self._starts(operation) for operation in self.homes}
        for operation, search in self.searches.items():
            if operation not in self.homes:
                continue
            for rule in search.rules:
                if isinstance(rule, (Check, Move, Limit)) or (isinstance(rule, Remember) and rule.when != ALWAYS):
                    self._ratchet(operation, rule)

    def _starts(self, operation: str) -> list[dict[str, Plain]]:
        """Base data, data for each special condition, and for each two of them: the rows of a decision table."""
        search, base, world = self.searches[operation], self.bases[operation], self.homes[operation].after
        special = search.special()[:_MOST_SPECIAL]
        pairs = [Every(two) for two in combinations(special, 2)][:_MOST_PAIRS]
        made = [base]
        for condition in [*special, *pairs]:
            inputs = search.satisfied(world, base, condition)
            if inputs is not None and inputs not in made:
                made.append(inputs)
        return made

    def _ratchet(self, operation: str, rule: Rule) -> None:
        """Steps, each of which brings a condition on kept quantities nearer to where it holds."""
        when = getattr(rule, "when", ALWAYS)
        search, base = self.searches[operation], self.bases[operation]
        kept = self.kept_names(search.closure(names_in(when)) - set(search.fields))
        if not kept:
            return

        def far(world: World) -> Decimal:
            return distance(self.machine.scope(world, operation, base), when)

        best = min(self.worlds.values(), key=lambda node: (far(node.after), node.depth))
        closed = partial(self._closed, operation, far)
        for _ in range(_MOST_TURNS):
            if not self._open(best.after, operation):
                self._onward(best, lambda _: self.actions(), closed, closed(best.after))
            nearer = self._onward(best, partial(self._moves, kept), far, far(best.after))
            if nearer is None:
                break
            best = nearer

    def _closed(self, operation: str, far: Callable[[World], Decimal], world: World) -> Decimal:
        return far(world) + (0 if self._open(world, operation) else 100)

    def _onward(
        self,
        start: Node,
        moves: Callable[[Node], Iterable[Step]],
        far: Callable[[World], Decimal],
        now: Decimal,
    ) -> Node | None:
        """Go on to what is nearest of the first worlds from here that are nearer than now; steps to it are kept."""
        layer: list[tuple[World, list[Step]]] = [(start.after, [])]
        seen = {start.after.mark}
        for _ in range(_FAR if now else 0):
            fresh: list[tuple[Decimal, World, list[Step]]] = []
            for world, steps in layer:
                for operation, inputs in moves(start):
                    outcome, after = self.machine.step(world, operation, inputs)
                    if outcome.accepted is True and after.mark not in seen:
                        seen.add(after.mark)
                        fresh.append((far(after), after, [*steps, (operation, inputs)]))
            fresh.sort(key=lambda one: one[0])
            if fresh and fresh[0][0] < now:
                return self._kept(start, fresh[0][2])
            layer = [(world, steps) for _, world, steps in fresh[:_WIDE]]
        return None

    def _kept(self, node: Node, steps: list[Step]) -> Node:
        for operation, inputs in steps:
            node = self.tree.add(node, operation, inputs, Why("state_transition", "sequence"))
            self.worlds.setdefault(node.after.mark, node)
        return node

    def _moves(self, kept: set[str], node: Node) -> Iterator[Step]:
        """What may change these quantities: base data, all that matter, and the last step with one field changed."""
        yield from self.actions()
        for name in self.providers(kept):
            search = self.searches[name]
            starts = [*self.starts[name][:_MOST_STARTS], *([node.inputs] if node.operation == name else [])]
            for start in starts:
                for field in search.fields:
                    for value, _ in search.values.get(field, ())[:12]:
                        yield name, {**start, field: value}

    def providers(self, kept: set[str]) -> list[str]:
        """The operations that change these quantities."""
        found: list[str] = []
        for name in self.bases:
            sets = {rule.target for rule in self.searches[name].rules if isinstance(rule, Remember)}
            sets |= {field for one in self.system.operations[name] for field in (one, f"{name}:{one}")}
            if sets & kept:
                found.append(name)
        return found

    def kept_names(self, names: set[str]) -> set[str]:
        """Those of the names that are kept between steps."""
        known = {rule.target for rule in self.system.rules if isinstance(rule, Remember)} | set(self.system.begin)
        return {name for name in names if name in known or ":" in name or name in self.system.fields}
