"""Candidate cases by technique: everything that is worth trying on the model; the choice is made elsewhere.

Classes and limits of each field alone, each operation in each state, each in each world of other kept quantities; then,
for each fault of the model that nothing notices yet, data and sequences that would.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from arraigo.apps.testplans.generator.evaluate import Scope
from arraigo.apps.testplans.generator.model import Plain, Remember, System
from arraigo.apps.testplans.generator.techniques.faults import Fault, faults
from arraigo.apps.testplans.generator.techniques.killing import Killing, local, notices
from arraigo.apps.testplans.generator.techniques.reaching import Reach
from arraigo.apps.testplans.generator.techniques.searching import Search
from arraigo.apps.testplans.generator.techniques.tree import Node, Why
from arraigo.apps.testplans.generator.world import Step, World
from arraigo.apps.testplans.plan import Technique

_MOST_CONTEXTS = 24
_VARIANTS = 24
_FAR = 3
_WIDE = 6
_MOST_STARTS = 4
_MOST_TRIES = 1500
_MOST_PLACES = 16
_MOST_MASKED = 50  # data for which a rule does something else, and nobody sees it


@dataclass(slots=True)
class Candidate:
    """Steps, the technique, and what is varied: `field` with `value` (both empty: nothing)."""

    technique: Technique
    steps: list[Step]
    requirements: tuple[str, ...] = ()
    field: str = ""
    value: Plain = None
    note: str = ""


class Candidates:
    """All candidates of one system, and the faults that each notices."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.reach = Reach(system)
        self.tree = self.reach.tree
        self.killing = Killing(self.tree, faults(system))
        self.contexts: dict[str, list[Node]] = {}
        self._scopes: dict[tuple[int, str, str], Scope] = {}
        order = sorted(self.reach.homes, key=lambda name: self.reach.homes[name].depth)
        for operation in order:
            self.contexts[operation] = self._contexts(operation)
            self._probe(operation)
            self.killing.judge()
            self._hunt(operation)
        self._everywhere()
        self._unreached()
        self.killing.judge()
        for n in self.killing.alive():
            self._observe(n)
        self.killing.judge()

    # -- plain probes

    def _probe(self, operation: str) -> None:
        """At home: base data, then each value that matters of each field alone."""
        search, base, home = self._of(operation)
        self.tree.add(home, operation, base, Why("scenario", "valid"))
        for inputs in self.reach.starts[operation]:
            self.tree.add(home, operation, inputs, Why("decision_table", "combination"))
        for name in search.fields:
            for value, why in search.values[name]:
                if value != base[name]:
                    self.tree.add(home, operation, {**base, name: value}, why)

    def _everywhere(self) -> None:
        """Each operation in each state, and in worlds with other kept quantities."""
        states: dict[str | None, Node] = {}
        for node in sorted(self.reach.worlds.values(), key=lambda node: node.depth):
            states.setdefault(node.after.state, node)
        for state, node in states.items():
            for operation, base in self.reach.bases.items():
                allowed = self.reach.machine.step(node.after, operation, base)[0].accepted
                note = "allowed" if allowed is True else "forbidden"
                self.tree.add(node, operation, base, Why("state_transition", note, value=state or ""))
        for operation, contexts in self.contexts.items():
            for node in contexts:
                self.tree.add(node, operation, self.reach.bases[operation], Why("state_transition", "sequence"))

    def _unreached(self) -> None:
        """What is refused can be tried where nobody has said all that it takes to be accepted."""
        for operation, search in self.reach.searches.items():
            if operation in self.reach.homes:
                continue
            node = self.reach.nearest(operation)
            base = search.fitted(node.after, search.plausible())
            search.learn(node.after, base)
            self.tree.add(node, operation, base, Why("state_transition", "forbidden", value=node.after.state or ""))
            for name in search.fields:
                for value, why in search.values[name]:
                    self.tree.add(node, operation, {**base, name: value}, why)

    def _of(self, operation: str) -> tuple[Search, dict[str, Plain], Node]:
        return self.reach.searches[operation], self.reach.bases[operation], self.reach.homes[operation]

    # -- worlds in which an operation behaves differently

    def _contexts(self, operation: str) -> list[Node]:
        """Nearest first, one for each way in which what the operation hangs on may stand."""
        search, _, home = self._of(operation)
        names = {name for rule in search.rules for name in search.hanging(rule)}
        kept = self.reach.kept_names(names - set(search.fields))
        for parent in self._variants(home, kept):
            self.reach.worlds.setdefault(parent.after.mark, parent)
        seen: dict[str, Node] = {}
        for node in sorted(self.reach.worlds.values(), key=lambda node: (node.depth, node.number)):
            if self.reach._open(node.after, operation):  # noqa: SLF001 - one thing in two files
                seen.setdefault(self._standing(node.after, kept), node)
        nodes = list(seen.values())
        return nodes if len(nodes) <= _MOST_CONTEXTS * 2 else [*nodes[:_MOST_CONTEXTS], *nodes[-_MOST_CONTEXTS:]]

    @staticmethod
    def _standing(world: World, kept: set[str]) -> str:
        own = [(name, value) for name, value in world.kept.items() if name.split("[")[0] in kept]
        return repr((world.state, world.strikes, world.taken, sorted(own, key=str)))

    def _variants(self, home: Node, kept: set[str]) -> list[Node]:
        """The way home with other data in the steps that set what the operation hangs on."""
        made: list[Node] = []
        path = home.path
        for i, step in enumerate(path):
            if step.operation not in self.reach.providers(kept) or step.parent is None:
                continue
            others = [node for node in step.parent.children if node.operation == step.operation]
            count = 0
            for other in others:
                if other.outcome.accepted is not True or other is step or count >= _VARIANTS:
                    continue
                node = other
                for later in path[i + 1 :]:
                    node = self.tree.add(node, later.operation, later.inputs, Why("state_transition", "sequence"))
                if node.sure and node.outcome.accepted is True:
                    made.append(node)
                    count += 1
        return made

    # -- what nothing notices yet

    def _hunt(self, operation: str) -> None:
        """For each fault that lives: data with which it shows, at home first, then where what it hangs on differs."""
        search, base, home = self._of(operation)
        for n in self.killing.of.get(operation, ()):
            fault = self.killing.faults[n]
            if self.killing.killers[n] or operation not in (fault.was.operations or (operation,)):
                continue
            rules = [rule for rule in (fault.was, fault.rule) if rule is not None]
            names = [name for name in search.fields if any(name in search.relevant(rule) for rule in rules)]
            kept = self.reach.kept_names({name for rule in rules for name in search.hanging(rule)} - set(search.fields))
            places = {self._standing(home.after, kept): home}
            for node in self.contexts[operation] if kept else ():
                places.setdefault(self._standing(node.after, kept), node)
            if any(self._shows(n, fault, node, search, base, names) for node in [*places.values()][:_MOST_PLACES]):
                self.killing.judge()

    def _shows(
        self, n: int, fault: Fault, node: Node, search: Search, base: dict[str, Plain], names: list[str]
    ) -> bool:
        """Add a step after `node` with which the fault shows; False: none was found."""
        other, operation = self.killing.machine(n), search.operation
        home = node is self.reach.homes[operation]
        hidden, masked = 0, 0
        for inputs in self._trials(search, names, home=home):
            scope = self._scope(node, operation, inputs)
            if local(fault.rule, scope, node.after, operation) == local(fault.was, scope, node.after, operation):
                continue
            masked += 1
            if masked > _MOST_MASKED:
                break
            outcome, after = self.reach.machine.step(node.after, operation, inputs, scope)
            outcome2, after2 = other.step(node.after, operation, inputs)
            if notices(outcome, outcome2):
                changed = [name for name in inputs if inputs[name] != base[name]]
                self.tree.add(node, operation, inputs, self._why(changed, inputs, node, search))
                return True
            if after2 != after and outcome.accepted is True and hidden < 2:
                hidden += 1
                self.tree.add(node, operation, inputs, Why("state_transition", "sequence"))
        return False

    def _trials(self, search: Search, names: list[str], *, home: bool) -> Iterator[dict[str, Plain]]:
        """At home all starts with one of the fields changed, and base data with two; elsewhere base data with one."""
        starts = self.reach.starts[search.operation]
        for start in starts if home else starts[:4]:
            yield from search.varied(start, names, 1)
        if home:
            yield from search.varied(starts[0], names, 2, _MOST_TRIES)

    def _scope(self, node: Node, operation: str, inputs: dict[str, Plain]) -> Scope:
        key = (node.number, operation, repr(inputs))
        if key not in self._scopes:
            self._scopes[key] = self.reach.machine.scope(node.after, operation, inputs)
        return self._scopes[key]

    @staticmethod
    def _why(changed: list[str], inputs: dict[str, Plain], node: Node, search: Search) -> Why:
        if len(changed) == 1:
            known = {repr(value): why for value, why in search.values[changed[0]]}
            return known.get(repr(inputs[changed[0]]), Why("decision_table", "combination"))
        if changed:
            return Why("decision_table", "combination")
        return Why("state_transition", "sequence") if node.depth else Why("scenario", "valid")

    def _observe(self, n: int) -> None:
        """For a fault that changed the world unnoticed: go on until somebody would see it."""
        fault = self.killing.faults[n]
        starts = [node for node in self.tree.nodes if n in self.killing.astray.get(node.number, ())]
        other, machine = self.killing.machine(n), self.reach.machine
        targets = {fault.was.target} if isinstance(fault.was, Remember) else set()
        actions, exposing = list(self.reach.actions()), self._exposing(targets)
        for start in sorted(starts, key=lambda node: (node.depth, node.number))[:_MOST_STARTS]:
            layer = [(start, self.killing.astray[start.number][n])]
            for far in range(_FAR):
                fresh: list[tuple[Node, World]] = []
                for node, world in layer:
                    for operation, inputs in [*actions, *exposing] if far < _FAR - 1 else actions:
                        outcome, after = machine.step(node.after, operation, inputs)
                        outcome2, world2 = other.step(world, operation, inputs)
                        if notices(outcome, outcome2):
                            self.tree.add(node, operation, inputs, Why("state_transition", "sequence"))
                            self.killing.judge()
                            return
                        if outcome.accepted is True and len(fresh) < _WIDE and world2 != after:
                            new = self.tree.add(node, operation, inputs, Why("state_transition", "sequence"))
                            fresh.append((new, world2))
                layer = fresh

    def _exposing(self, targets: set[str]) -> list[Step]:
        """Steps with data that matter, of the operations whose rules hang on these quantities."""
        made: list[Step] = []
        for operation in self.reach.homes:
            search, base, _ = self._of(operation)
            if {name for rule in search.rules for name in search.hanging(rule)} & targets:
                for name in search.fields:
                    made += [(operation, {**base, name: value}) for value, _ in search.values[name][:10]]
        return made
