"""Steps that were tried on the model, as a tree: what many scripts begin with is done once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Scope
from arraigo.apps.testplans.generator.model import Plain
from arraigo.apps.testplans.generator.world import Inputs, Machine, Outcome, Step, World
from arraigo.apps.testplans.plan import Technique


@dataclass(frozen=True, slots=True)
class Why:
    """What a last step is there for: the technique, what is varied, and a note.

    Notes: valid, invalid, limit, below, above, missing, forbidden, allowed, sequence, combination, repeated.
    """

    technique: Technique
    note: str
    field: str = ""
    value: Plain = None


@dataclass(slots=True, eq=False)
class Node:
    """One step after those of its parent; the root is none."""

    number: int
    parent: "Node | None"
    operation: str
    inputs: dict[str, Plain]
    outcome: Outcome
    after: World
    depth: int
    sure: bool  # whether it is known of each step so far if it is taken
    why: Why
    scope: Scope | None = None
    children: "list[Node]" = field(default_factory=list)

    @property
    def path(self) -> "list[Node]":
        """From the first step to this one."""
        made: list[Node] = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            made.append(node)
            node = node.parent
        return made[::-1]

    @property
    def steps(self) -> list[Step]:
        """As a script."""
        return [(node.operation, node.inputs) for node in self.path]


class Tree:
    """All steps tried."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        start = machine.start()
        self.root = Node(0, None, "", {}, Outcome(UNKNOWN), start, 0, sure=True, why=Why("scenario", "valid"))
        self.nodes: list[Node] = [self.root]
        self._index: dict[tuple[int, str, str], Node] = {}

    def add(self, parent: Node, operation: str, inputs: Inputs, why: Why) -> Node:
        """One more step; the same as before where it was done before."""
        key = (parent.number, operation, repr(sorted(inputs.items())))
        known = self._index.get(key)
        if known is not None:
            return known
        scope = self.machine.scope(parent.after, operation, inputs)
        outcome, after = self.machine.step(parent.after, operation, inputs, scope)
        node = Node(
            len(self.nodes),
            parent,
            operation,
            dict(inputs),
            outcome,
            after,
            parent.depth + 1,
            parent.sure and outcome.accepted is not UNKNOWN,
            why,
            scope,
        )
        self._index[key] = node
        self.nodes.append(node)
        parent.children.append(node)
        return node

    def of(self, operation: str) -> Iterator[Node]:
        """Its steps."""
        return (node for node in self.nodes if node.operation == operation)
