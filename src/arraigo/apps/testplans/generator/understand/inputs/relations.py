"""What must hold between two inputs: "the end must be after the start", "el descanso es menor que la duración"."""
# ruff: noqa: E501 - one pattern, one line

import re
from collections.abc import Mapping, Sequence

from arraigo.apps.testplans.generator.model import Binary, Compare, Condition, Count, Every, Expression, Field, Ref, num
from arraigo.apps.testplans.generator.understand.inputs.line import Line
from arraigo.apps.testplans.generator.understand.names import Mention

_OPS = {
    ">=": r"(?:the same (?:as|day)|on|at|equal to|igual|mismo) or (?:after|later|greater|more)|at or after|on or after|not (?:be )?(?:before|earlier than|less than|lower than|under|below|smaller than)|"
    r"no (?:\w+ ){0,2}?(?:anterior(?:es)? a|menor(?:es)? (?:que|a|de)|inferior(?:es)? a|antes de)|igual o (?:posterior|mayor|superior) (?:a|que|de)|mayor o igual (?:a|que)|greater than or equal to|at least",
    "<=": r"on or before|at or before|not (?:be )?(?:after|later than|more than|greater than|exceed|higher than|above|over|larger than)|no more than|at most|cannot exceed|may not exceed|must not exceed|never exceeds?|"
    r"no (?:\w+ ){0,2}?(?:posterior(?:es)? a|mayor(?:es)? (?:que|a|de)|superior(?:es)? a|superar|exceder|pasar(?: de)?|supera|excede|pasa de)|igual o (?:anterior|menor|inferior) (?:a|que|de)|menor o igual (?:a|que)|less than or equal to|as a maximum",
    ">": r"later than|after|posterior(?:es)? a|despues de|greater than|more than|higher than|longer than|larger than|above|over|mayor(?:es)? (?:que|a|de)|superior(?:es)? a|mas (?:de|que)|exceed|superar",
    "<": r"earlier than|before|anterior(?:es)? a|antes de|less than|fewer than|lower than|shorter than|smaller than|below|under|menor(?:es)? (?:que|a|de)|inferior(?:es)? a|menos (?:de|que)|mas cort[oa]s? que",
    "==": r"equal to|equals?|the same as|match(?:es)?|igual(?:es)? a|igual que|coincid\w+ con",
    "!=": r"different from|differ from|not (?:be )?(?:equal to|the same as)|distint[oa]s? (?:de|a)|diferentes? (?:de|a)|no (?:\w+ )?(?:igual(?:es)? a|coincid\w+ con)",
}
_MUST = re.compile(
    r"\b(?:must|shall|has to|have to|should|cannot|may not|can not|is|are|debe[n]?|deberan?|tiene[n]? que|es|son|no puede[n]?|ha de)\b"
)
_SOFT = r"(?:the|of|el|la|los|las|that|a|al|del|de|que|le|its|su|day|time|hour|date|hora|fecha|dia|number|numero| )*"
_LENGTH = re.compile(
    r"(?:duracion|duration|length|time that|tiempo que|(?:time|tiempo|minutes|minutos|hours|horas|interval\w*) (?:that (?:there )?(?:is|are) |que hay )?(?:between|entre))\b"
)


def related(line: Line, mentions: Sequence[Mention], fields: Mapping[str, Field]) -> Condition | None:
    """What has to hold between two of the fields that the line names; None: it says nothing of that kind."""
    text = line.text
    if len(mentions) < 1 or not _MUST.search(text):
        return None
    first = mentions[0]
    start = line.place(first.end)
    for op, phrases in _OPS.items():
        for match in re.finditer(rf"(?<= )(?:{phrases}) ?(?={_SOFT})", text[start - 1 :]):
            begin, end = start - 1 + match.start(), start - 1 + match.end()
            if (
                not _MUST.search(text[start - 1 : end])
                or len(re.split(r" [,;] ", text[start:begin])[-1].split()) > _NEAR
            ):
                continue
            other = _other(line, end, mentions[1:], first.name, fields)
            if other is not None:
                return Compare(Ref(first.name), op, other)
    return None


def accompanied(line: Line, mentions: Sequence[Mention], counted: Sequence[str]) -> Condition | None:
    """For "children are not let in without an adult": what is refused; None: it says nothing of that kind."""
    named = [m for m in mentions if m.name in counted]
    if len(named) < _TWO or named[0].name == named[1].name:
        return None
    between = line.text[line.place(named[0].end) : line.place(named[1].start)]
    if not _ALONE.search(between):
        return None
    return Every((Compare(Ref(named[0].name), ">", num(0)), Compare(Ref(named[1].name), "==", num(0))))


def together(counted: Sequence[str]) -> Expression:
    """All who are counted in several fields: adults plus children."""
    total: Expression = Ref(counted[0])
    for name in counted[1:]:
        total = Binary("+", total, Ref(name))
    return total


_TWO = 2
_ALONE = re.compile(
    r"\b(?:(?:not|no|never|cannot|nunca) .*\b(?:without|sin)|(?:only|solo) (?:with|con|together with|accompanied by)|"
    r"(?:must|need|have to|deben?) (?:be )?(?:accompanied by|with|acompañad\w+|acompanad\w+|ir con|estar con)|needs? (?:an?|one)|without|sin)\b"
)
_NEAR = 6  # words between the field and how it is compared


def _other(
    line: Line, place: int, mentions: Sequence[Mention], mine: str, fields: Mapping[str, Field]
) -> Expression | None:
    """What stands at a place: another field, or how long it is from one to the other."""
    soft = re.compile(_SOFT).match(line.text, place)
    after = soft.end() if soft is not None else place
    named = next((m for m in mentions if place <= line.place(m.start) <= after and m.name != mine), None)
    if named is not None:
        return Ref(named.name)
    moments = [name for name, field in fields.items() if field.kind in {"time", "date"}]
    if _LENGTH.match(line.text, after) and len(moments) == 2:
        return Binary("-", Count(moments[1]), Count(moments[0]))
    return None
