"""What is said beyond a bound: "Fewer than 24: "Too late"", "Earlier: "Too early"", "A bigger party gets ..."."""
# ruff: noqa: E501 - one pattern, one line

import re
from dataclasses import dataclass
from decimal import Decimal

from arraigo.apps.testplans.generator.model import (
    Binary,
    Compare,
    Condition,
    Const,
    Every,
    Expression,
    Not,
    Number,
    Ref,
)
from arraigo.apps.testplans.generator.understand.inputs.line import Line, N, Q
from arraigo.apps.testplans.generator.understand.inputs.spec import OPPOSITE, Limit, spec

_TAIL = re.compile(rf"^(?P<bounds>[^@:]*#[^@:]*?) ?(?::|->|=>|→|-|—|–|,)? (?P<q>{Q})(?: \.)?$")
_ABOVE = r"bigger|larger|longer|higher|more|later|older|heavier|greater|farther|further|after that|above|over|beyond|mas|mayor(?:es)?|superior(?:es)?|despues|mas tarde|por encima"
_BELOW = r"smaller|shorter|lower|less|fewer|earlier|younger|lighter|nearer|before that|below|under|menos|menor(?:es)?|inferior(?:es)?|antes|mas temprano|por debajo"
_SIDE = re.compile(
    rf"^(?:(?:an?|any|the|with|if|if it is|if there are|whoever is|un[a]?|con|si es|si hay|si son|otr[oa]|cualquier) )*(?:\w+ )??(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))"
    rf"(?: [^@#:;.]{{0,40}})? ?(?::|,)? ?(?P<q>{Q})(?: \.)?$"
)
_REFUSING = re.compile(
    r"\b(?:too|not?|never|cannot|can't|only|missed|invalid|wrong|unknown|exceed\w*|limit|closed|expired|refused|rejected|denied|must|at least|at most|insufficient|"
    r"demasiad[oa]s?|muy|nunca|solo|invalid[oa]|incorrect[oa]|supera\w*|limite|cerrad[oa]|vencid[oa]|rechaza\w*|debe|insuficiente|fuera|excede\w*)\b"
)
_LAST = re.compile(
    rf"^(?:and |y )?(?:the |el |la )?(?:(?P<first>first|earliest|primer[oa]?)|last|latest|final|ultim[oa]) (?:\w+ ){{1,4}}?(?:is |es |begins |starts |empieza |sale )?(?:at |a las? )?"
    rf"(?P<n>{N})(?P<more>(?: (?:,|\(|and|y|but|pero|;) .*)?)(?: \.)?$"
)
_WHERE = re.compile(
    rf"(?:on|in|for|los|las|el|en|para) (?P<w>(?:the )?[a-z]+(?: (?:and|y|o|or) [a-z]+)?) (?:(?:is |es )?(?:at |a las? |until |hasta (?:las? )?))?(?P<n>{N})"
)
_WAYS = (
    frozenset("late lateness delay after tarde retraso despues demora tardanza".split()),
    frozenset("early earliness before ahead antes temprano adelanto anticipacion antelacion".split()),
)
_SIGNED = re.compile(
    rf"\b(?:(?P<most>up to|at most|no more than|not more than|hasta|como maximo|a lo sumo|maximo)|(?P<over>more than|over|mas de)|at least|al menos|(?:from|desde)) (?P<n>{N})(?: de)? (?P<way>"
    + "|".join(sorted(_WAYS[0] | _WAYS[1]))
    + r")\b"
)
_MIRROR = {"<=": ">=", ">=": "<=", ">": "<", "<": ">"}
_DIGITS = re.compile(
    r"\b(?:sum|suma|total) (?:of|de) (?:(?:all|its|the|their|sus|las|los|todas|todos|tod[oa]s sus) )*(?:\w+ )?(?:digits|digitos|cifras)(?: de \w+(?: \w+)?)? "
    rf"(?:is|equals?|gives|must be|has to be|es|da|sea|debe ser|tiene que ser|vale)(?: (?:equal to|igual a|exactly|exactamente))? (?P<multiple>(?:divisible (?:by|por|entre)|(?:an? |un )?multiplo? (?:of|de)|an? multiple of) )?(?P<n>{N})"
)
FINE = re.compile(
    r"\b(?:fine|accepted|allowed|permitted|ok|in order|acceptable|se acepta[n]?|se permite[n]?|se admite[n]?|esta bien|es valid[oa]|can|may|puede[n]?)\b"
)


@dataclass(frozen=True, slots=True)
class Tail:
    """Within these limits that message is told, and it sounds like a refusal."""

    limits: tuple[Limit, ...]
    message: str


def tail(line: Line) -> Tail | None:
    """A bound and a refusal's words, and nothing else: "Fewer than 24: "Too late for a refund"."""
    match = _TAIL.match(line.text)
    if match is None:
        return None
    message = line.at(match["q"])
    made = spec(line, 0, match.end("bounds"))
    sure = made.limits and not made.lost and not (made.values or made.kind or made.shape or made.step)
    if not sure or any(limit.length for limit in made.limits) or not _REFUSING.search(message.text):
        return None
    return Tail(tuple(made.limits), message.raw)


def side(line: Line) -> tuple[str, str]:
    """For "Earlier: ..." the side (">": above the bound, "<": below it) and the words that are told there."""
    match = _SIDE.match(line.text)
    if match is None:
        return "", ""
    return (">" if match["above"] else "<"), line.at(match["q"]).raw


def last(line: Line) -> tuple[str, str, list[tuple[int, int, str]]]:
    """For "the last entry is at 17:00, on Thursdays at 20:00": the comparison, its figure, and what differs where."""
    match = _LAST.match(line.text)
    if match is None:
        return "", "", []
    others = [
        (match.start("more") + one.start("w"), match.start("more") + one.end("w"), one["n"])
        for one in _WHERE.finditer(match["more"])
    ]
    return (">=" if match["first"] else "<="), match["n"], others


def signed(line: Line, words: frozenset[str]) -> list[tuple[str, Decimal]]:
    """For "up to 15 minutes early and up to 45 late" where a field is how late it is: x >= -15, x <= 45."""
    own = next((n for n, names in enumerate(_WAYS) if names & words), None)
    if own is None:
        return []
    made = []
    for match in _SIGNED.finditer(line.text):
        op = "<=" if match["most"] else ">" if match["over"] else ">="
        value, way = line.value(match["n"]), next(n for n, names in enumerate(_WAYS) if match["way"] in names)
        if isinstance(value, Decimal):
            made.append((op, value) if way == own else (_MIRROR[op], -value))
    return made if len({op[0] for op, _ in made}) > 1 else []


def digits(line: Line, name: str) -> Condition | None:
    """For "the key is right if the sum of its digits is 30", "la suma de sus cifras es múltiplo de 9"."""
    match = _DIGITS.search(line.text)
    value = line.value(match["n"]) if match is not None else None
    if match is None or not isinstance(value, Decimal):
        return None
    total: Expression = Number("digits", Ref(name))
    if match["multiple"]:
        return Compare(Binary("%", total, Const(value)), "==", Const(Decimal(0)))
    return Compare(total, "==", Const(value))


def beyond(when: Condition) -> str:
    """On which side of a bound a condition holds."""
    match when:
        case Every((*_, last)):
            return beyond(last)
        case Not(Compare(_, op, _)) if op in OPPOSITE:
            return OPPOSITE[op][0]
        case Compare(_, op, _) if op in OPPOSITE:
            return op[0]
    return ""
