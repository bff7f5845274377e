"""Which cases to give, the most valuable first, none twice.

Each round is a greedy cover of the faults of the model and of the requirements: the case first that notices most that no
case before it noticed, a longer script counting a little less, since each step is one more that may be wrong. A second
and a third round notice all of it once more with other data, as far as there is room.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from arraigo.apps.testplans.generator.evaluate import UNKNOWN
from arraigo.apps.testplans.generator.techniques.candidates import Candidate, Candidates
from arraigo.apps.testplans.generator.techniques.tree import Node
from arraigo.apps.testplans.generator.world import Outcome, Step

_BY_TECHNIQUE = {
    "boundary_value_2": 0,
    "state_transition": 1,
    "decision_table": 2,
    "boundary_value_3": 3,
    "equivalence_partitioning": 4,
    "syntax": 4,
    "scenario": 5,
    "pairwise": 6,
}
_SURE = 0.97  # how sure one step is
_ROUNDS = 3
_OF_REQUIREMENT = 4  # how many faults a requirement is worth that no case tests yet
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Ran:
    """A script with what the model says of each step."""

    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate that the oracle can judge, with its outcomes, the requirements that it tests, and its faults."""

    candidate: Candidate
    ran: Ran
    requirements: tuple[str, ...]
    faults: int = 0  # a bit for each

    @property
    def data(self) -> str:
        """The same for two cases that do the same."""
        return repr([(operation, sorted(inputs.items(), key=str)) for operation, inputs in self.ran.steps])


def tried(all_: Candidates, known: Sequence[str]) -> list[Tried]:
    """The candidates of which the oracle is sure, each data once."""
    made: list[Tried] = []
    for node in all_.tree.nodes[1:]:
        if not node.sure or node.outcome.accepted is UNKNOWN:
            continue
        requirements = _tested(node, all_, known)
        if not requirements:
            continue
        path = node.path
        why = node.why
        steps = [(one.operation, one.inputs) for one in path]
        candidate = Candidate(why.technique, steps, (), why.field, why.value, why.note)
        bits = sum(1 << n for n in all_.killing.kills.get(node.number, ()))
        made.append(Tried(candidate, Ran(tuple(steps), tuple(one.outcome for one in path)), requirements, bits))
    return made


def _tested(node: Node, all_: Candidates, known: Sequence[str]) -> tuple[str, ...]:
    """The requirements that the last step tests: most of its faults first, then those that decide what it gives."""
    assert node.parent is not None
    before = all_.killing.kills.get(node.parent.number, set())
    counts: dict[str, int] = dict.fromkeys(node.outcome.of, 1)
    for n in all_.killing.kills.get(node.number, set()) - before:
        of = all_.killing.faults[n].was.requirement
        counts[of] = counts.get(of, 0) + 1
    ranked = sorted((one for one in counts if one in known), key=lambda one: (-counts[one], known.index(one)))
    return tuple(ranked[:_MOST_NAMED])


def ordered(all_: Sequence[Tried]) -> list[Tried]:
    """All of them, those first that notice most together."""
    left = sorted(all_, key=lambda one: (len(one.ran.steps), _BY_TECHNIQUE.get(one.candidate.technique, 9)))
    ids = list(dict.fromkeys(id_ for one in left for id_ in one.requirements))
    named = {id(one): sum(1 << ids.index(id_) for id_ in one.requirements) for one in left}
    chosen: list[Tried] = []
    for _ in range(_ROUNDS):
        alive = 0
        for one in left:
            alive |= one.faults
        open_ = (1 << len(ids)) - 1 if not chosen else 0
        while left:
            best = max(left, key=lambda one: _worth(one, alive, named[id(one)] & open_))
            if not _worth(best, alive, named[id(best)] & open_):
                break
            left.remove(best)
            chosen.append(best)
            alive &= ~best.faults
            open_ &= ~named[id(best)]
    return [*chosen, *sorted(left, key=lambda one: _BY_TECHNIQUE.get(one.candidate.technique, 9))]


def _worth(one: Tried, alive: int, open_: int) -> float:
    new = (one.faults & alive).bit_count() + _OF_REQUIREMENT * open_.bit_count()
    return float(new * _SURE ** len(one.ran.steps))
