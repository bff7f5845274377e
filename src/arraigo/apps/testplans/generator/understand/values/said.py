"""One thing that a document says of a quantity, before it is known which operation's answer it is a part of."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from arraigo.apps.testplans.generator.model import ALWAYS, Compare, Condition, Const, Every, Expression, Not, Ref


@dataclass(frozen=True, slots=True)
class Said:
    """Where `when` holds, `target` is set or changed (how: set add cut raise lower least most near up down)."""

    requirement: str
    target: str  # a quantity's name; empty: what the operation gives back
    how: str
    by: Expression
    when: Condition = ALWAYS
    operations: tuple[str, ...] = ()  # where it is said; empty: anywhere
    percent: bool = False  # set to so many percent
    extra: bool = False  # on top of what there is
    section: str = ""
    per: Expression | None = None  # what a rate is paid for, where no formula says it


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation gives back: a noun, or something that can be computed at once."""

    requirement: str
    operations: tuple[str, ...]
    noun: str
    by: Expression | None = None
    when: Condition = ALWAYS
    default: bool = False  # "0 if there is none"
    percent: bool = False
    section: str = ""
    words: tuple[str, ...] = field(default=())
    weak: bool = False  # told beside the requirements: counts where none of them says more


def conjoin(*conditions: Condition) -> Condition:
    """All of the conditions; those that always hold add nothing."""
    flat: list[Condition] = []
    for one in conditions:
        flat += [part for part in (one.parts if isinstance(one, Every) else (one,)) if part not in flat]
    return flat[0] if len(flat) == 1 else Every(tuple(flat))


def exclusive(said: list[Said]) -> list[Said]:
    """Steps of one scale, of which one counts at a time: "from 600 4 %, from 1,800 7 %"."""
    made = list(said)
    for i, one in enumerate(said):
        for other in said:
            mine, its = _bound(one.when), _bound(other.when)
            if one is other or mine is None or its is None or (one.target, one.how) != (other.target, other.how):
                continue
            (left, op, limit), (other_left, other_op, other_limit) = mine, its
            if left != other_left or op[0] != other_op[0] or _rest(one.when) != _rest(other.when):
                continue
            if (op[0] == ">" and other_limit > limit) or (op[0] == "<" and other_limit < limit):
                made[i] = replace(made[i], when=conjoin(made[i].when, Not(Compare(left, other_op, Const(other_limit)))))
    return made


def _bound(when: Condition) -> tuple[Expression, str, Decimal] | None:
    """The one comparison of a condition with a figure, where all else is no comparison."""
    parts = when.parts if isinstance(when, Every) else (when,)
    found = [part for part in parts if isinstance(part, Compare)]
    if len(found) != 1:
        return None
    match found[0]:
        case Compare(Ref() as left, op, Const(value)) if isinstance(value, Decimal) and op in {"<", "<=", ">", ">="}:
            return left, op, value
    return None


def _rest(when: Condition) -> tuple[Condition, ...]:
    parts = when.parts if isinstance(when, Every) else (when,)
    return tuple(part for part in parts if not isinstance(part, Compare))
