"""Hostile contents for text fields, where the model says that they are refused."""

from collections.abc import Iterator

from arraigo.apps.testplans.generator.techniques.candidates import Candidate
from arraigo.apps.testplans.generator.techniques.solve import Solver

_HOSTILE = ("' OR '1'='1", "<script>alert(1)</script>", "../../etc/passwd", "A" * 10_000)


def attacks(solver: Solver) -> Iterator[Candidate]:
    """SQL, scripts, paths and very long texts in each text field; the oracle keeps those that the rules refuse."""
    for operation, way in solver.ways.items():
        base = solver.bases[operation]
        for name, own in solver.domains[operation].items():
            if own.kind not in {"text", "choice", "date", "time"}:
                continue
            for text in _HOSTILE:
                yield Candidate(
                    "security", [*way, (operation, {**base, name: text})], field=name, value=text, note="attack"
                )
