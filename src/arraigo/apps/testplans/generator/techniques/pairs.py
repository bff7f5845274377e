"""Pairwise combinations of valid classes, by allpairspy."""

from collections.abc import Iterator

from arraigo.apps.testplans.generator.model import Plain
from arraigo.apps.testplans.generator.techniques.candidates import Candidate
from arraigo.apps.testplans.generator.techniques.solve import Solver
from arraigo.errors import BadSetting

_MOST = 40  # combinations of one operation


def pairs(solver: Solver) -> Iterator[Candidate]:
    """Each two valid classes of each two fields together at least once."""
    for operation, way in solver.ways.items():
        base = solver.bases[operation]
        classes: dict[str, list[Plain]] = {}
        for name, own in solver.domains[operation].items():
            good = [
                v
                for v in (own.values if own.known else [])
                if solver.play([*way, (operation, {**base, name: v})]) is not None
            ][:5]
            if len(good) > 1:
                classes[name] = good
        if len(classes) < 2:
            continue
        for n, combination in enumerate(_all_pairs(list(classes.values()))):
            if n >= _MOST:
                break
            inputs = {**base, **dict(zip(classes, combination, strict=True))}
            yield Candidate("pairwise", [*way, (operation, inputs)], note="combination")


def _all_pairs(values: list[list[Plain]]) -> Iterator[list[Plain]]:
    try:
        from allpairspy import AllPairs  # type: ignore[import-untyped]  # noqa: PLC0415 - of the extra "documents"
    except ImportError:
        raise BadSetting(
            "allpairspy is not installed", safe="nothing was generated", remedy="run pip install arraigo[documents]"
        ) from None
    yield from AllPairs(values)
