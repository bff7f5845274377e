"""What requirements compare and compute: expressions and conditions over fields, kept quantities and the state.

Names stand for the fields of the step, else for what is kept, else for what is computed (`Compute`). `STATE` is the
state, `open:size` what the last taken `open` was given as its size.

    adults at 14 each and children at 5      Binary("+", Binary("*", Ref("adults"), num(14)), Binary("*", ...))
    half of it on Thursdays from 17:30       Choose(((Every((OneOf("weekday", ("Thursday",)),
                                               Compare(Ref("entry_time"), ">=", Const("17:30")))), half),), whole)
    a matrix of impact and urgency           Choose(((Every((OneOf("impact", ("company",)), OneOf("urgency",
                                               ("high",)))), num(1)), ...)): a row of a table is a case of a Choose
    minutes between two times, days of dates Binary("-", Count("end"), Count("start"))
    a check digit, the last of the sum       Compare(Binary("%", Number("digits", Piece(Ref("code"), 1, 7)), num(10)),
                                               "==", Number("value", Piece(Ref("code"), 7, 8)))
    stock of this slot, by slot              At("stock", Ref("slot")): see `Remember.key`; a set of days already used is
                                               At("used", Ref("day")) == True
    "P" and the priority                     Binary("&", Const("P"), Ref("priority"))
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Plain: TypeAlias = str | Decimal | bool | None
STATE = "@state"  # the pseudo-field that holds the state
VALUE = "@value"  # the quantity that an operation gives back


@dataclass(frozen=True, slots=True)
class Const:
    """A number, a text, a truth."""

    value: Plain


@dataclass(frozen=True, slots=True)
class Ref:
    """A field or a computed quantity by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Binary:
    """`left op right`; op is one of + - * / % ^ max min, and & to join texts."""

    op: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Rounded:
    """`inner` rounded to a multiple of `unit`: near (half up), up, or down."""

    inner: "Expression"
    how: Literal["near", "up", "down"]
    unit: Decimal


@dataclass(frozen=True, slots=True)
class Length:
    """The number of characters of a text field."""

    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """A clock time in minutes since midnight, or a date in days: `Count("end") - Count("start")`: how long it took."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number out of a text: the weekday of a date (Monday 0), the sum of digits, the value of digits."""

    how: Literal["weekday", "digits", "value"]
    of: "Expression"


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a text, from `start` to before `end`, counted from 0 (negative: from its end)."""

    of: "Expression"
    start: int
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """The expression of the first case whose condition holds, else `otherwise` (None: nobody has said).

    Tiers, tables, matrices, exceptions. "3.20 for a saloon and 4.80 for a van":
    `Choose(((OneOf("vehicle", ("saloon",)), Const(3.20)), ...))`.
    """

    cases: tuple[tuple["Condition", "Expression"], ...]
    otherwise: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class At:
    """What is kept under a name for this key; `System.begin` of the name where nothing is."""

    name: str
    key: "Expression"


Expression: TypeAlias = Const | Ref | Binary | Rounded | Length | Count | Number | Piece | Choose | At


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`; op is one of < <= > >= == !=."""

    left: Expression
    op: str
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field has one of the values."""

    name: str
    values: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Multiple:
    """A field is a whole multiple of `unit`."""

    name: str
    unit: Decimal


@dataclass(frozen=True, slots=True)
class Missing:
    """A field is empty or absent."""

    name: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A text field has a format: a regular expression, with a name for people."""

    name: str
    pattern: str
    called: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A field, where it is given, is of a kind: integer, number, text, flag, time (HH:MM), date (YYYY-MM-DD)."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts hold (none: always)."""

    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """One of the parts holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Unread:
    """A condition that was not understood."""

    text: str


Condition: TypeAlias = Compare | OneOf | Multiple | Missing | Shape | Typed | Every | Some | Not | Unread
ALWAYS = Every()


def num(value: int | str) -> Const:
    """A number as an expression."""
    return Const(Decimal(value))
