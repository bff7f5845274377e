"""Which steps of the tree would notice which faults of the model."""

from collections.abc import Hashable
from dataclasses import replace

from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Scope
from arraigo.apps.testplans.generator.model import (
    Barred,
    Check,
    Compute,
    Limit,
    Move,
    Remember,
    Rule,
    Strikes,
    Told,
)
from arraigo.apps.testplans.generator.techniques.faults import Begin, Fault
from arraigo.apps.testplans.generator.techniques.tree import Node, Tree
from arraigo.apps.testplans.generator.world import Machine, Outcome, World

_ENOUGH = 2  # steps that notice a fault later than where it is: others are not looked for
_MOST_ASTRAY = 16  # steps after which the world differs unnoticed, by fault


class Killing:
    """Faults against steps; steps may be added, and each is judged once."""

    def __init__(self, tree: Tree, faults: list[Fault]) -> None:
        self.tree = tree
        self.faults = faults
        self.of: dict[str, list[int]] = {}
        for n, fault in enumerate(faults):
            for operation in fault.operations:
                self.of.setdefault(operation, []).append(n)
        self.machines: dict[int, Machine] = {}
        self.killers: list[list[Node]] = [[] for _ in faults]  # by fault: the steps that notice it
        self.kills: dict[int, set[int]] = {}  # by step: the faults that it or one before it notices
        self.astray: dict[int, dict[int, World]] = {tree.root.number: {}}  # by step: unnoticed, but the world differs
        for n, fault in enumerate(faults):
            if isinstance(fault.rule, Begin):
                world = tree.root.after
                other = replace(world, kept={**world.kept, fault.rule.name: fault.rule.value})
                self.astray[tree.root.number][n] = other
        self.strays: dict[int, int] = {}  # by fault: how many steps it led astray
        self._judged = 1

    def judge(self) -> None:
        """All steps that are new."""
        for node in self.tree.nodes[self._judged :]:
            self._judge(node)
        self._judged = len(self.tree.nodes)

    def alive(self) -> list[int]:
        """The faults that no step notices."""
        return [n for n, killers in enumerate(self.killers) if not killers]

    def _judge(self, node: Node) -> None:
        if node.parent is None:
            return
        before = self.kills.get(node.parent.number, set())
        found = set(before)
        astray = self.astray[node.parent.number]
        differing: dict[int, World] = {}
        for n, world in astray.items():
            if len(self.killers[n]) >= _ENOUGH:
                continue
            outcome, after = self.machine(n).step(world, node.operation, node.inputs)
            self._note(n, node, outcome, after, found, differing)
        was: dict[int, Hashable] = {}
        for n in self.of.get(node.operation, ()):
            if n in astray or n in before:
                continue
            fault = self.faults[n]
            if fault.place not in was:
                was[fault.place] = self._local(fault.was, node)
            if self._local(fault.rule, node) == was[fault.place]:
                continue
            outcome, after = self.machine(n).step(node.parent.after, node.operation, node.inputs)
            self._note(n, node, outcome, after, found, differing)
        self.kills[node.number] = found
        self.astray[node.number] = differing

    def _note(
        self, n: int, node: Node, outcome: Outcome, after: World, found: set[int], differing: dict[int, World]
    ) -> None:
        if notices(node.outcome, outcome):
            if node.sure:
                found.add(n)
                self.killers[n].append(node)
        elif after is not node.after and after != node.after and self.strays.get(n, 0) < _MOST_ASTRAY:
            self.strays[n] = self.strays.get(n, 0) + 1
            differing[n] = after

    def machine(self, n: int) -> Machine:
        """The one with this fault."""
        fault = self.faults[n]
        if isinstance(fault.rule, Begin):
            begin = {**self.tree.machine.system.begin, fault.rule.name: fault.rule.value}
            self.machines[n] = Machine(replace(self.tree.machine.system, begin=begin))
        if n not in self.machines:
            changed = Machine(self.tree.machine.system, (fault.place, fault.rule))
            self.machines[n] = changed.sharing(self.tree.machine, fault.operations)
        return self.machines[n]

    def differs(self, n: int, node: Node) -> bool:
        """Whether the fault makes a difference in this step's own rule."""
        fault = self.faults[n]
        return self._local(fault.rule, node) != self._local(fault.was, node)

    @staticmethod
    def _local(rule: Rule | None, node: Node) -> Hashable:
        if node.parent is None or node.scope is None:
            return None
        return local(rule, node.scope, node.parent.after, node.operation)


def local(rule: Rule | None, scope: Scope, world: World, operation: str) -> Hashable:
    """What a rule does in a step: two rules for which it is the same do the same there."""
    if rule is None:
        return False
    if rule.operations and operation not in rule.operations:
        return ("freed", getattr(rule, "frees", ()), getattr(rule, "freed", ()))
    match rule:
        case Check():
            holds = scope.holds(rule.when)
            return holds if holds is False else (holds, rule.message, rule.target, rule.rank)
        case Told():
            holds = scope.holds(rule.when)
            return holds if holds is False else (holds, rule.message)
        case Compute():
            holds = scope.holds(rule.when)
            return holds if holds is False else (holds, scope.value(rule.by), rule.how)
        case Remember():
            holds = scope.holds(rule.when)
            key = scope.value(rule.key) if rule.key is not None else None
            return holds if holds is False else (holds, scope.value(rule.by), rule.how, key, rule.refused)
        case Move():
            if rule.sources and world.state not in rule.sources:
                return ("closed", rule.message)
            return (scope.holds(rule.when), rule.target, rule.message, bool(rule.sources))
        case Barred():
            return False if world.state not in rule.sources else (True, rule.message)
        case Limit():
            return (rule.count, rule.frees, rule.same, rule.message)
        case Strikes():
            holds = True if rule.when is None else scope.holds(rule.when)
            return (holds, rule.count, rule.target, rule.resets, rule.freed, rule.floor)
    return rule


def notices(said: Outcome, other: Outcome) -> bool:
    """Whether somebody who expects the one sees that it is the other."""
    if said.accepted is UNKNOWN:
        return False
    if other.accepted != said.accepted:
        return True
    if said.accepted is True and said.value is not UNKNOWN and other.value != said.value:
        return True
    if said.state is not None and other.state != said.state:
        return True
    return said.message is not None and other.message != said.message
