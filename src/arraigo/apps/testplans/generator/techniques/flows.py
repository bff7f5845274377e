"""Flows across operations, for plans of integration."""

from arraigo.apps.testplans.generator.techniques.candidates import Candidates
from arraigo.apps.testplans.generator.techniques.tree import Why

_FLOW = Why("scenario", "flow")


def flows(all_: Candidates) -> None:
    """Each operation taken and then each other one, and all in the order in which they can be done."""
    reach, tree = all_.reach, all_.tree
    if len(reach.homes) < 2:
        return
    for name, home in reach.homes.items():
        node = tree.add(home, name, reach.bases[name], _FLOW)
        for other, base in reach.bases.items():
            if other != name:
                tree.add(node, other, base, _FLOW)
    whole = tree.root
    for name, base in reach.bases.items():
        if tree.machine.step(whole.after, name, base)[0].accepted is True:
            whole = tree.add(whole, name, base, _FLOW)
    all_.killing.judge()
