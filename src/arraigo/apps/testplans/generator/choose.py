"""Which cases to give, the most valuable first, none twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from arraigo.apps.testplans.generator.evaluate import UNKNOWN
from arraigo.apps.testplans.generator.model import System
from arraigo.apps.testplans.generator.techniques.candidates import Candidate
from arraigo.apps.testplans.generator.techniques.worth import Ran, changes, notices, run

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


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate that the oracle can judge, with its outcomes and the requirements that it tests."""

    candidate: Candidate
    ran: Ran
    requirements: tuple[str, ...]

    @property
    def data(self) -> str:
        """The same for two cases that do the same."""
        return repr([(operation, sorted(inputs.items(), key=str)) for operation, inputs in self.ran.steps])


def tried(system: System, candidates: Sequence[Candidate], known: Sequence[str]) -> list[Tried]:
    """The candidates of which the oracle is sure, each data once."""
    made: list[Tried] = []
    seen: set[str] = set()
    for candidate in candidates:
        outcomes = run(system, candidate.steps)
        if any(outcome.accepted is UNKNOWN for outcome in outcomes):
            continue
        if candidate.note in {"invalid", "missing"} and outcomes[-1].accepted is True:
            continue  # nobody says that it is refused, nor that it is not
        decided = outcomes[-1].of
        named = [id_ for id_ in candidate.requirements if id_ in decided or outcomes[-1].accepted is True]
        requirements = tuple(id_ for id_ in dict.fromkeys([*named, *decided]) if id_ in known)
        if not requirements and candidate.technique == "scenario":
            requirements = tuple(known[:1])
        one = Tried(candidate, Ran(tuple(candidate.steps), outcomes), requirements)
        if requirements and one.data not in seen:
            seen.add(one.data)
            made.append(one)
    return made


def ordered(system: System, all_: Sequence[Tried], limit: int) -> list[Tried]:
    """Each requirement once, then what notices most, then the rest by technique; at most `limit`."""
    mutants = changes(system)
    seen = {id(one): _noticed(one, mutants) for one in all_}
    left = list(all_)
    chosen: list[Tried] = []
    open_mutants = set().union(*seen.values()) if seen else set()
    covered: set[str] = set()
    while left and len(chosen) < limit:
        best = max(
            left,
            key=lambda one: (
                bool(set(one.requirements[:1]) - covered),
                len(seen[id(one)] & open_mutants),
                -len(one.ran.steps),
                -_BY_TECHNIQUE.get(one.candidate.technique, 9),
            ),
        )
        left.remove(best)
        chosen.append(best)
        open_mutants -= seen[id(best)]
        covered |= set(best.requirements[:1])
        if not open_mutants and not any(set(one.requirements[:1]) - covered for one in left):
            break
    rest = sorted(left, key=lambda one: (_BY_TECHNIQUE.get(one.candidate.technique, 9), len(one.ran.steps)))
    return [*chosen, *rest][:limit]


def _noticed(one: Tried, mutants: list[tuple[System, tuple[str, ...]]]) -> set[int]:
    touched = {operation for operation, _ in one.ran.steps}
    return {
        n for n, (system, operations) in enumerate(mutants) if touched & set(operations) and notices(one.ran, system)
    }
