"""Many of a kind in one line: what stands in the way of thirteen tables is said once, with their names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from arraigo.move import Hindrance

_MANY = 4  # from here on they are said together
_NAMED = 3
_QUOTED = re.compile(r'"[^"]*"')
_NEEDED = re.compile(r" \(needed by .*\)$")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The first of a kind, and the names of the others."""

    first: Hindrance
    others: tuple[str, ...] = ()

    @property
    def likewise(self) -> str:
        """What is to be said of the others; empty: there are none."""
        if not self.others:
            return ""
        more = len(self.others) - _NAMED
        named = ", ".join(self.others[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        return f"likewise {named} ({len(self.others) + 1:,} in all; --json names them)"


def gathered(found: Iterable[Hindrance], tables: Sequence[str] = ()) -> list[Gathered]:
    """Those of a kind together, in the order in which each kind comes first.

    Args:
        found: What stands in the way.
        tables: The labels that a sentence may begin with instead of naming an object.
    """
    labels = set(tables)
    kinds: dict[tuple[str, ...], list[tuple[str, Hindrance]]] = {}
    for one in found:
        label = one.what.partition(" ")[0]
        name = label if label in labels else one.what
        # A policy is one of its kind, whatever it is called.
        rest = label if name == one.what else one.what.removeprefix(name)
        kind = (rest, _QUOTED.sub("", _NEEDED.sub("", one.why)), one.remedy.replace(name, "…"))
        kinds.setdefault(kind, []).append((name, one))
    told = []
    for same in kinds.values():
        if len(same) < _MANY:
            told += [Gathered(one) for _, one in same]
        else:
            told.append(Gathered(same[0][1], tuple(name for name, _ in same[1:])))
    return told
