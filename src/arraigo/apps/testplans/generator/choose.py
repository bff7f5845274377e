"""Which cases to give, the most valuable first, none twice.

Each round is a greedy cover of the faults of the model and of the requirements: the case first that notices most that
no case before it noticed, a longer script counting a little less, since each step is one more that may be wrong. A
second and a third round notice all of it once more with other data, as far as there is room. Where there is no room for
the first round, what is refused and changes nothing is tried in a row, in one case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    path: tuple[int, ...] = (0,)  # the numbers of the steps, from the beginning of all
    joined: tuple[int, ...] = ()  # after which of these steps of others are tried
    idle: bool = False  # whether the last step is refused and changes nothing

    @property
    def data(self) -> str:
        """The same for two cases that do the same."""
        return repr([(operation, sorted(inputs.items(), key=str)) for operation, inputs in self.ran.steps])


def tried(all_: Candidates, known: Sequence[str]) -> list[Tried]:
    """The candidates of which the oracle is sure, each data once."""
    made: list[Tried] = []
    for node in all_.tree.nodes[1:]:
        if not node.sure or node.parent is None:
            continue
        if node.why.note == "invalid" and node.outcome.accepted is True:
            continue  # nobody says that it is refused, nor that it is not
        requirements = _tested(node, all_, known)
        if not requirements:
            continue
        path = node.path
        why = node.why
        steps = [(one.operation, one.inputs) for one in path]
        candidate = Candidate(why.technique, steps, (), why.field, why.value, why.note)
        bits = sum(1 << n for n in all_.killing.kills.get(node.number, ()))
        ran = Ran(tuple(steps), tuple(one.outcome for one in path))
        idle = node.outcome.accepted is False and node.after is node.parent.after
        made.append(Tried(candidate, ran, requirements, bits, (0, *(one.number for one in path)), (), idle))
    return made


def _tested(node: Node, all_: Candidates, known: Sequence[str]) -> tuple[str, ...]:
    """The requirements that the last step tests: most of its faults first, then those that decide what it gives."""
    before = all_.killing.kills.get(node.parent.number, set()) if node.parent else set()
    counts: dict[str, int] = dict.fromkeys(node.outcome.of, 1)
    for n in all_.killing.kills.get(node.number, set()) - before:
        of = all_.killing.faults[n].was.requirement
        counts[of] = counts.get(of, 0) + 1
    ranked = sorted((one for one in counts if one in known), key=lambda one: (-counts[one], known.index(one)))
    return tuple(ranked[:_MOST_NAMED])


def ordered(all_: Sequence[Tried], room: int) -> list[Tried]:
    """All of them, those first that notice most together; `room`: for how many there is, so that none is left out."""
    left = sorted(all_, key=lambda one: (len(one.ran.steps), _BY_TECHNIQUE.get(one.candidate.technique, 9)))
    chosen: list[Tried] = []
    for turn in range(_ROUNDS):
        picked = _round(left, new=not turn)
        chosen += picked if turn else _tight(picked, room)
        taken = {id(one) for one in picked}
        left = [one for one in left if id(one) not in taken]
    return [*chosen, *sorted(left, key=lambda one: _BY_TECHNIQUE.get(one.candidate.technique, 9))]


def _round(left: Sequence[Tried], *, new: bool) -> list[Tried]:
    """A cover of all that can be noticed; `new`: and of all requirements."""
    ids = list(dict.fromkeys(one.requirements[0] for one in left)) if new else []
    named = [1 << ids.index(one.requirements[0]) if new else 0 for one in left]
    open_ = (1 << len(ids)) - 1
    alive = 0
    for one in left:
        alive |= one.faults
    rest = list(zip(left, named, strict=True))
    picked: list[Tried] = []
    while rest:
        best = max(rest, key=lambda pair: _worth(pair[0], alive, pair[1] & open_))
        if not _worth(best[0], alive, best[1] & open_):
            break
        rest.remove(best)
        picked.append(best[0])
        alive &= ~best[0].faults
        open_ &= ~best[1]
    return picked


def _tight(picked: list[Tried], room: int) -> list[Tried]:
    """The same in as many cases as there is room for, if it can be, by what notices least.

    What another case does on its way needs no case of its own; what is refused and changes nothing can be tried on the
    way of another.
    """
    made = list(picked)
    for one in reversed(picked):
        if len(made) > room and any(one is not other and one.path == other.path[: len(one.path)] for other in made):
            made.remove(one)
    for most in (1, 2, 4):
        for one in [one for one in reversed(made) if one.idle and not one.joined]:
            if len(made) <= room:
                return made
            if not any(one is other for other in made):
                continue
            hosts = (other for other in made if other is not one and _takes(other, one, most))
            host = next(hosts, None)
            if host is not None:
                made[made.index(host)] = _joined(host, one)
                made.remove(one)
    return made


def _takes(host: Tried, one: Tried, most: int) -> bool:
    """Whether a case comes by where the other tries its last step, with few such steps on its way."""
    return one.path[-2] in host.path[:-1] and len(host.joined) < most


def _joined(host: Tried, one: Tried) -> Tried:
    """The one's last step on the way of the host."""
    place = host.path.index(one.path[-2])
    at = place + sum(other <= place for other in host.joined)
    steps = (*host.ran.steps[:at], one.ran.steps[-1], *host.ran.steps[at:])
    outcomes = (*host.ran.outcomes[:at], one.ran.outcomes[-1], *host.ran.outcomes[at:])
    return replace(
        host,
        candidate=replace(host.candidate, steps=list(steps), note="refusals"),
        ran=Ran(steps, outcomes),
        requirements=tuple(dict.fromkeys([*host.requirements, *one.requirements])),
        faults=host.faults | one.faults,
        joined=(*host.joined, place),
    )


def _worth(one: Tried, alive: int, open_: int) -> float:
    new = (one.faults & alive).bit_count() + _OF_REQUIREMENT * open_.bit_count()
    return float(new * _SURE ** len(one.ran.steps))
