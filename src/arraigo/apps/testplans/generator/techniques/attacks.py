"""Hostile contents for text fields, where the model says that they are refused."""

from arraigo.apps.testplans.generator.techniques.candidates import Candidates
from arraigo.apps.testplans.generator.techniques.tree import Why

_HOSTILE = ("' OR '1'='1", "<script>alert(1)</script>", "../../etc/passwd", "A" * 10_000)


def attacks(all_: Candidates) -> None:
    """SQL, scripts, paths and very long texts in each text field; the oracle keeps those that the rules refuse."""
    for operation, home in all_.reach.homes.items():
        base = all_.reach.bases[operation]
        for name, own in all_.reach.searches[operation].domains.items():
            for text in _HOSTILE if not own.ordered and own.kind != "flag" else ():
                all_.tree.add(home, operation, {**base, name: text}, Why("security", "attack", name, text))
    all_.killing.judge()
