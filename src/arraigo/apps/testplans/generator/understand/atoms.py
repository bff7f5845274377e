"""What a clause was read as: comparisons with the tokens that they were read from."""

from dataclasses import dataclass, field

from arraigo.apps.testplans.generator.model import (
    Condition,
    Every,
    Some,
)
from arraigo.apps.testplans.generator.understand.names import Mention


@dataclass(slots=True)
class Atom:
    """One comparison and the tokens it was read from."""

    condition: Condition
    start: int
    end: int
    subject: str
    joined: str = ""  # and, or: how it is joined to the one before


@dataclass(slots=True)
class Reading:
    """What a clause says."""

    atoms: list[Atom] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)  # places of numbers that belong to no comparison
    lost: list[int] = field(default_factory=list)  # places of comparisons that nobody knows the subject of
    subject: Mention | None = None

    @property
    def condition(self) -> Condition | None:
        """All atoms, joined: and binds closer than or."""
        if not self.atoms:
            return None
        groups: list[list[Condition]] = [[]]
        joints = [atom.joined for atom in self.atoms]
        for k in range(len(joints) - 1, 0, -1):  # "A, B or C": a comma joins as the next word does
            if joints[k] == ",":
                joints[k] = joints[k + 1] if k + 1 < len(joints) and joints[k + 1] in {"and", "or"} else "and"
        for atom, joint in zip(self.atoms, joints, strict=True):
            if joint == "or" and groups[-1]:
                groups.append([])
            groups[-1].append(atom.condition)
        made = [group[0] if len(group) == 1 else Every(tuple(group)) for group in groups]
        return made[0] if len(made) == 1 else Some(tuple(made))
