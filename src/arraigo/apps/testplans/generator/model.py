"""The small model of a system that requirements are understood as: expressions, conditions, rules, operations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """`left op right`; op is one of + - * / ^ max min."""

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
    """A clock time in minutes since midnight, or a date in days: `Count("end") - Count("start")` is how long it took."""

    name: str


@dataclass(frozen=True, slots=True)
class Choose:
    """The expression of the first case whose condition holds, else `otherwise` (None: nobody has said).

    "3.20 for a saloon and 4.80 for a van": `Choose(((OneOf("vehicle", ("saloon",)), Const(3.20)), ...))`.
    """

    cases: tuple[tuple["Condition", "Expression"], ...]
    otherwise: "Expression | None" = None


Expression: TypeAlias = Const | Ref | Binary | Rounded | Length | Count | Choose


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
    """A field is a whole multiple of `unit`; a clock time counts in minutes."""

    name: str
    unit: Decimal


@dataclass(frozen=True, slots=True)
class Missing:
    """A field is empty or absent."""

    name: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A text field has a format: a regular expression, with a name for people.

    `digits` is what holds for its digits beside: "" nothing, "sum=30" their sum, "last=sum" the last one is the last
    digit of the sum of the others, "luhn".
    """

    name: str
    pattern: str
    called: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A field's value is of a kind: number, text, flag, time (HH:MM) or date (2026-03-16); so is no value at all."""

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


@dataclass(frozen=True, slots=True)
class Rule:
    """What a requirement says of operations (none named: of all that have its fields)."""

    requirement: str
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check(Rule):
    """Where `when` holds, the operation is refused."""

    when: Condition
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Told(Rule):
    """Where `when` holds and the operation is taken, this message is told."""

    when: Condition
    message: str


@dataclass(frozen=True, slots=True)
class Compute(Rule):
    """Where `when` holds, `target` is set or changed; `how` is one of set, add, cut, raise, least, most, round."""

    target: str
    when: Condition
    how: str
    by: Expression
    noun: str = ""  # what the sentence calls it: two nouns are two things
    extra: bool = False  # "a fee of 3 is charged": comes on top where there is a price already
    alone: bool = False  # "regardless of": nothing else changes it


@dataclass(frozen=True, slots=True)
class Move(Rule):
    """A transition: from any of `sources` (none: from any) to `target` (none: the state stays), if `when`."""

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
    """After `count` refusals by a check in a row the state is `target`; a taken one begins anew if `resets`."""

    count: int
    target: str | None
    resets: bool = True
    message: str | None = None
    when: Condition | None = None  # the refusals that count; none: by any check


@dataclass(frozen=True, slots=True)
class Remember(Rule):
    """After the operation is taken, a kept quantity changes: set to, plus or minus `by`."""

    target: str
    how: str
    by: Expression
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
    wary: set[str] = field(default_factory=set)  # operations that something unread forbids at times
    doubtful: set[str] = field(default_factory=set)  # operations whose value is not sure
    returns: Mapping[str, str] = field(default_factory=dict)  # operation: the quantity that it gives back
    labels: dict[str, str] = field(default_factory=dict)  # operation: the document's words
