"""The small model of a system that requirements are understood as: operations, their fields, and rules about them.

What is compared and computed is in `terms` (its names are these names too). How to say things:

    a number between 1 and 5            Check(id, ops, Not(Typed("n", "integer"))), Check(id, ops, Compare(Ref("n"),
                                        "<", num(1)), "Too few"), Check(id, ops, Compare(Ref("n"), ">", num(5)))
    all data are mandatory              Field.required = True, or Check(id, ops, Missing("n"), message)
    "the level is checked first"        Check(..., rank=1) and Check(..., rank=2): of several that refuse the lowest
                                        rank tells its message; 0: nobody has said
    refused, and the state changes      Check(..., target="suspended")
    opened -> closed, if the door is shutMove(id, ops, ("opened",), "closed", when, message): from all other states the
                                        operation is refused with the message
    allowed there, and the state stays  Move(id, ops, ("opened",), SAME); target None: nobody has said
    sold if it is the last, else on saleMove(..., "sold", when=last) and Move(..., "on sale"): one without a condition
                                        holds where none with one does
    what is paid in all                 System.begin["paid"] = Decimal(0) (there from the start);
                                        Remember(id, ops, "paid", "plus", Ref("total")), Ref("paid")
    a stock for each slot               System.begin["stock"] = Decimal(5); Remember(id, ops, "stock", "minus", num(1),
                                        key=Ref("slot")), At("stock", Ref("slot"))
    each day once (a set of days)       System.begin["used"] = False; Remember(id, ops, "used", "set", Const(True),
                                        key=Ref("day")), Check(id, ops, Compare(At("used", Ref("day")), "==",
                                        Const(True)), "Already there")
    a counter with a reset              Remember("asked", "plus", num(1)) of one operation, Remember("asked", "set",
                                        num(0)) of another; conditions see what was kept before the step
    counted though it is refused        Remember(..., refused=True): where a check refuses and `when` holds
    third wrong code in a row blocks    Strikes(id, ops, 3, "blocked", when=wrong, freed=("reset",))
    what the system answers with        Compute(id, ops, VALUE, ALWAYS, "set", expression); several steps of a
                                        computation: Compute of names of your own, and Ref to them
    a price, then 10 % off              Compute(id, ops, "price", ALWAYS, "set", ...), Compute(..., "price", member,
                                        "lower", num(10)): in the order of the rules; System.returns[op] = "price"
    a sentence that was not understood  Vague(id, ops, frozenset({"value"}), when): where `when` may hold, that part of
                                        the answer is not stated; "accepted" leaves the case out
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from arraigo.apps.testplans.generator.terms import (
    ALWAYS,
    STATE,
    VALUE,
    At,
    Binary,
    Choose,
    Compare,
    Condition,
    Const,
    Count,
    Every,
    Expression,
    Length,
    Missing,
    Multiple,
    Not,
    Number,
    OneOf,
    Piece,
    Plain,
    Ref,
    Rounded,
    Shape,
    Some,
    Typed,
    Unread,
    num,
)

SAME = "@same"  # the target of a transition that stays where it is


@dataclass(frozen=True, slots=True)
class Rule:
    """What a requirement says of operations (none named: of all that have its fields)."""

    requirement: str
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check(Rule):
    """Where `when` holds, the operation is refused; `target`: the state is that afterwards."""

    when: Condition
    message: str | None = None
    rank: int = 0  # which check comes first, where it is said; 0: it is not
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Told(Rule):
    """Where `when` holds and the operation is taken, this message is told."""

    when: Condition
    message: str


@dataclass(frozen=True, slots=True)
class Compute(Rule):
    """Where `when` holds, `target` is set or changed, in the order of the rules.

    `how` is one of set, add, cut, raise and lower (by so many percent), least, most, near, up, down (to a multiple).
    `Ref(target)` in a rule is what it came to so far. Where nothing sets it, it begins with 0 if something is added.
    """

    target: str
    when: Condition
    how: str
    by: Expression


@dataclass(frozen=True, slots=True)
class Move(Rule):
    """A transition: from any of `sources` (none: from any) to `target` (SAME: it stays; none: not said), if `when`."""

    sources: tuple[str, ...]
    target: str | None
    when: Condition = ALWAYS
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Barred(Rule):
    """A transition that is refused from these states."""

    sources: tuple[str, ...]
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Limit(Rule):
    """An operation is taken at most `count` times; `frees` names operations that give one back."""

    count: int
    frees: tuple[str, ...] = ()
    same: tuple[str, ...] = ()  # fields that name whom the limit is for
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Strikes(Rule):
    """After `count` refusals by a check the state is `target`; one that is taken begins anew if `resets`."""

    count: int
    target: str | None
    resets: bool = True
    message: str | None = None
    when: Condition | None = None  # the refusals that count; none: by any check
    freed: tuple[str, ...] = ()  # operations that, taken, begin anew
    floor: int = 0  # where it begins


@dataclass(frozen=True, slots=True)
class Remember(Rule):
    """After the operation is taken, a kept quantity (with a `key`: that of the key) is set to, plus or minus `by`."""

    target: str
    how: str
    by: Expression
    when: Condition = ALWAYS
    key: Expression | None = None
    refused: bool = False  # after it is refused by a check, instead


@dataclass(frozen=True, slots=True)
class Vague(Rule):
    """Something was not understood: where `when` may hold, it may touch accepted, value, state or message."""

    touches: frozenset[str]
    when: Condition = ALWAYS


@dataclass(slots=True)
class Field:
    """What is known of one field."""

    name: str
    kind: str = ""  # number, integer, text, choice, flag, date, time
    values: list[Plain] = field(default_factory=list)
    label: str = ""  # the document's words for it
    required: bool | None = None
    unit: str = ""
    default: Plain = None


@dataclass(slots=True)
class System:
    """All that was understood."""

    operations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    initial: str | None = None
    begin: dict[str, Plain] = field(default_factory=dict)  # kept quantities at the start
    otherwise: tuple[str, str | None] | None = None  # what refuses the transitions nobody named
    unread: dict[str, str] = field(default_factory=dict)  # requirement: what was not understood
    doubtful: set[str] = field(default_factory=set)  # operations whose value is not sure
    returns: Mapping[str, str] = field(default_factory=dict)  # operation: the quantity that it gives back
    labels: dict[str, str] = field(default_factory=dict)  # operation: the document's words


__all__ = [
    "ALWAYS",
    "SAME",
    "STATE",
    "VALUE",
    "At",
    "Barred",
    "Binary",
    "Check",
    "Choose",
    "Compare",
    "Compute",
    "Condition",
    "Const",
    "Count",
    "Every",
    "Expression",
    "Field",
    "Length",
    "Limit",
    "Missing",
    "Move",
    "Multiple",
    "Not",
    "Number",
    "OneOf",
    "Piece",
    "Plain",
    "Ref",
    "Remember",
    "Rounded",
    "Rule",
    "Shape",
    "Some",
    "Strikes",
    "System",
    "Told",
    "Typed",
    "Unread",
    "Vague",
    "num",
]
