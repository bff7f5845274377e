"""Candidate cases by technique: everything that is worth trying on the model; the choice is made elsewhere.

Classes and limits of each field alone, each operation in each state, each in each world of other kept quantities; then,
for each fault of the model that nothing notices yet, data and sequences that would.
"""

from dataclasses import dataclass

from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.model import Check, Plain, Remember, System
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
        """What is refused can be tried where nothing is known of how to get it taken."""
        for operation, search in self.reach.searches.items():
            if operation not in self.reach.homes:
                self.tree.add(self.tree.root, operation, search.plausible(), Why("state_transition", "forbidden"))

    def _of(self, operation: str) -> tuple[Search, dict[str, Plain], Node]:
        return self.reach.searches[operation], self.reach.bases[operation], self.reach.homes[operation]

    # -- worlds in which an operation behaves differently

    def _contexts(self, operation: str) -> list[Node]:
        """Nearest first, one for each way in which what the operation hangs on may stand."""
        search, _, home = self._of(operation)
        names: set[str] = set()
        for rule in search.rules:
            for part in ("when", "by", "key"):
                if (thing := getattr(rule, part, None)) is not None:
                    names |= names_in(thing)
        kept = self.reach.kept_names(search.closure(names) - set(search.fields))
        for parent in self._variants(operation, home, kept):
            self.reach.worlds.setdefault(parent.after.mark, parent)
        seen: dict[str, Node] = {}
        for node in sorted(self.reach.worlds.values(), key=lambda node: (node.depth, node.number)):
            if self.reach._open(node, operation):  # noqa: SLF001 - one thing in two files
                seen.setdefault(self._standing(node.after, kept), node)
        nodes = list(seen.values())
        return nodes if len(nodes) <= _MOST_CONTEXTS * 2 else [*nodes[:_MOST_CONTEXTS], *nodes[-_MOST_CONTEXTS:]]

    @staticmethod
    def _standing(world: World, kept: set[str]) -> str:
        own = [(name, value) for name, value in world.kept.items() if name.split("[")[0] in kept]
        return repr((world.state, world.strikes, world.taken, sorted(own, key=str)))

    def _variants(self, operation: str, home: Node, kept: set[str]) -> list[Node]:
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
        """For each fault that lives: data with which it shows, at home first, then elsewhere."""
        search, base, home = self._of(operation)
        for n in [n for n in self.killing.of.get(operation, ()) if not self.killing.killers[n]]:
            fault = self.killing.faults[n]
            if self.killing.killers[n] or operation not in (fault.was.operations or (operation,)):
                continue
            names = search.relevant(fault.was)
            if fault.rule is not None:
                names = [name for name in search.fields if name in {*names, *search.relevant(fault.rule)}]
            for node in [home, *(one for one in self.contexts[operation] if one is not home)]:
                tries = 2500 if node is home else 60
                if self._shows(n, fault, node, search, base, names, tries):
                    self.killing.judge()
                    break

    def _shows(
        self, n: int, fault: Fault, node: Node, search: Search, base: dict[str, Plain], names: list[str], tries: int
    ) -> bool:
        """Add a step after `node` with which the fault shows; False: none was found."""
        machine, operation = self.reach.machine, search.operation
        other = self.killing.machine(n)
        hidden = 0
        for inputs in search.varied(base, names, 2 if tries > 100 else 1, tries):
            scope = machine.scope(node.after, operation, inputs)
            if local(fault.rule, scope, node.after, operation) == local(fault.was, scope, node.after, operation):
                continue
            outcome, after = machine.step(node.after, operation, inputs, scope)
            outcome2, after2 = other.step(node.after, operation, inputs)
            if notices(outcome, outcome2):
                changed = [name for name in inputs if inputs[name] != base[name]]
                self.tree.add(node, operation, inputs, self._why(changed, inputs, node, search))
                return True
            if after2 != after and outcome.accepted is not None and hidden < 2:
                hidden += 1
                self.tree.add(node, operation, inputs, Why("state_transition", "sequence"))
        return False

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
        actions = [*self.reach.actions(), *self._exposing(targets)]
        for start in sorted(starts, key=lambda node: (node.depth, node.number))[:6]:
            layer = [(start, self.killing.astray[start.number][n])]
            for _ in range(_FAR):
                fresh: list[tuple[Node, World]] = []
                for node, world in layer:
                    for operation, inputs in actions:
                        outcome, after = machine.step(node.after, operation, inputs)
                        outcome2, world2 = other.step(world, operation, inputs)
                        if notices(outcome, outcome2):
                            self.tree.add(node, operation, inputs, Why("state_transition", "sequence"))
                            self.killing.judge()
                            return
                        if outcome.accepted is True and len(fresh) < 12 and world2 != after:
                            new = self.tree.add(node, operation, inputs, Why("state_transition", "sequence"))
                            fresh.append((new, world2))
                layer = fresh

    def _exposing(self, targets: set[str]) -> list[Step]:
        """Steps with data that matter of the operations whose rules hang on these quantities."""
        made: list[Step] = []
        for operation in self.reach.homes:
            search, base, _ = self._of(operation)
            hanging = [rule for rule in search.rules if isinstance(rule, Check) or hasattr(rule, "by")]
            names = search.closure(
                {
                    name
                    for rule in hanging
                    for part in ("when", "by")
                    if (thing := getattr(rule, part, None)) is not None
                    for name in names_in(thing)
                }
            )
            if names & targets:
                made += [
                    (operation, {**base, name: value})
                    for name in search.fields
                    for value, _ in search.values[name][:10]
                ]
        return made
