"""Pairwise combinations of valid classes, by allpairspy."""

from collections.abc import Iterator

from arraigo.apps.testplans.generator.model import Plain
from arraigo.apps.testplans.generator.techniques.candidates import Candidates
from arraigo.apps.testplans.generator.techniques.tree import Why
from arraigo.errors import BadSetting

_MOST = 40  # combinations of one operation
_CLASSES = 5


def pairs(all_: Candidates) -> None:
    """Each two valid classes of each two fields together at least once."""
    for operation, home in all_.reach.homes.items():
        search, base = all_.reach.searches[operation], all_.reach.bases[operation]
        classes: dict[str, list[Plain]] = {}
        for name, own in search.domains.items():
            taken = (
                all_.tree.machine.step(home.after, operation, {**base, name: value})[0].accepted is True
                for value in own.values
            )
            good = [value for value, is_ in zip(own.values, taken, strict=True) if is_ and own.known][:_CLASSES]
            if len(good) > 1:
                classes[name] = good
        if len(classes) < 2:
            continue
        for n, combination in enumerate(_all_pairs(list(classes.values()))):
            if n >= _MOST:
                break
            inputs = {**base, **dict(zip(classes, combination, strict=True))}
            all_.tree.add(home, operation, inputs, Why("pairwise", "combination"))
    all_.killing.judge()


def _all_pairs(values: list[list[Plain]]) -> Iterator[list[Plain]]:
    try:
        from allpairspy import AllPairs  # type: ignore[import-untyped]  # noqa: PLC0415 - of the extra "documents"
    except ImportError:
        raise BadSetting(
            "allpairspy is not installed", safe="nothing was generated", remedy="run pip install arraigo[documents]"
        ) from None
    yield from AllPairs(values)
