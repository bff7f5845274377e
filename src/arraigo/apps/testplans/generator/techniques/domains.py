"""Concrete values for fields: plausible ones, one for each class, wrong ones, and a scale to look for limits on."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.evaluate import Scope, leaves, names_in
from arraigo.apps.testplans.generator.model import (
    Compare,
    Condition,
    Const,
    Count,
    Expression,
    Length,
    Multiple,
    OneOf,
    Plain,
    Ref,
    Rule,
    Shape,
    System,
    Typed,
)
from arraigo.apps.testplans.generator.synonyms import MONEY_NAMES, alike
from arraigo.apps.testplans.generator.techniques.samples import misshaped, of_length, renumbered, sample, shaped
from arraigo.apps.testplans.generator.understand.settle import conditions_of
from arraigo.apps.testplans.generator.words import fold, stem, unit_of

_WHOLE = {
    stem(fold(word))
    for word in (
        "age edad quantity cantidad count number numero units unidades people personas passengers pasajeros "
        "guests days dias nights noches month months mes meses years anos year hour hours hora horas minute "
        "minutes minutos minuto weeks semanas children ninos items points puntos seats attempts intentos "
        "floor copies copias participants asistentes adults seniority antiguedad plazo term score puntaje "
        "renewals installments cuotas year day dia week seats asientos puestos"
    ).split()
}
_NUMBERS = frozenset({"number", "integer"})
_MIDNIGHT = 1440
_FIRST_DAY = date(2026, 3, 16)


@dataclass(slots=True)
class Domain:
    """The values worth trying for one field of one operation."""

    name: str
    kind: str
    step: Decimal = Decimal(1)
    cuts: list[Decimal] = field(default_factory=list)
    values: list[Plain] = field(default_factory=list)  # one for each class, the most plausible first
    wrong: list[Plain] = field(default_factory=list)  # of another type or form, or none at all
    closed: bool = False  # a closed list of figures: what lies between them is no class
    lengths: list[int] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """Whether the rules say anything of its values; without it any other value is a guess."""
        return bool(self.cuts) or self.kind not in _NUMBERS

    @property
    def ordered(self) -> bool:
        """Whether its values lie on a scale."""
        return self.kind in _NUMBERS or self.kind in {"time", "date"}

    def place(self, value: Plain) -> Decimal | None:
        """Where a value lies on the scale: the number, minutes, days."""
        if isinstance(value, Decimal) and self.kind in _NUMBERS:
            return value
        if self.kind == "time" and isinstance(value, str) and len(value) == len("10:00"):
            return Decimal(int(value[:2]) * 60 + int(value[3:]))
        if self.kind == "date" and isinstance(value, str):
            return Decimal(date.fromisoformat(value).toordinal())
        return None

    def at(self, place: Decimal) -> Plain:
        """The value at a place of the scale; None: there is none."""
        if self.kind in _NUMBERS:
            return place
        if self.kind == "time":
            return f"{int(place) // 60:02d}:{int(place) % 60:02d}" if 0 <= place < _MIDNIGHT else None
        return date.fromordinal(int(place)).isoformat()

    def scale(self, figures: Sequence[Decimal]) -> list[Decimal]:
        """Places between which a limit may lie, `figures` being those of the rules."""
        if self.kind == "time":
            return [Decimal(n) for n in sorted({*range(0, _MIDNIGHT, 60), *map(int, self.cuts), _MIDNIGHT - 1})]
        if self.kind == "date":
            first = _FIRST_DAY.toordinal()
            return [Decimal(first + n) for n in sorted({*range(-60, 61, 5), 0, 365, -365})]
        most = max([abs(figure) for figure in (*figures, *self.cuts)], default=Decimal(10))
        powers = [Decimal(10) ** k for k in range(10) if Decimal(10) ** k <= most * 10]
        near = {figure for figure in (*figures, *self.cuts) if figure % self.step == 0}
        return sorted({Decimal(-1), Decimal(0), *powers, *near, *(-one for one in self.cuts), most * 2})


def leaves_of(rules: list[Rule]) -> list[Condition]:
    """All comparisons in the rules."""
    return [leaf for rule in rules for condition in conditions_of(rule) for leaf in leaves(condition)]


def guess(system: System, name: str) -> str:
    """The kind of a field: as the document shows, else by its name."""
    known = system.fields[name].kind
    roots = [stem(part) for part in parts(name)]
    if known == "number" or (
        not known
        and any(root in _WHOLE | MONEY_NAMES or unit_of(part) for root, part in zip(roots, parts(name), strict=True))
    ):
        units = {unit_of(part) for part in parts(name)} | {system.fields[name].unit}
        whole = any(root in _WHOLE for root in roots) or bool(
            units & {"month", "day", "year", "hour", "minute", "week"}
        )
        return "integer" if whole and not set(roots) & MONEY_NAMES else "number"
    if known:
        return known
    return "date" if any(alike(root, stem("fecha")) for root in roots) else "text"


def domain(system: System, name: str, rules: list[Rule]) -> Domain:
    """What to try for a field, given the rules of its operation."""
    own = Domain(name, guess(system, name))
    listed: list[Plain] = []
    for leaf in leaves_of(rules):
        match leaf:
            case Compare(Ref(n) | Count(n), _, other) | Compare(other, _, Ref(n) | Count(n)) if n == name:
                own.cuts += _places(own, other)
            case Compare(Length(n), _, Const(value)) if n == name and isinstance(value, Decimal):
                own.lengths.append(int(value))
            case Multiple(n, unit) if n == name:
                own.step = unit
            case Typed(n, kind) if n == name:
                own.kind = "choice" if own.kind == "choice" and kind == "text" else kind
            case OneOf(n, values) if n == name:
                own.cuts += [value for value in values if isinstance(value, Decimal)]
                own.closed = own.closed or len(values) > 2
                listed += values
            case Shape(n, _, _) if n == name:
                own.shapes.append(leaf)
    own.cuts = sorted(set(own.cuts)) if own.ordered else []
    if own.kind == "number" and own.step == 1:
        own.step = _fine(own)
    own.values = _classes(system, own, listed)
    own.values = [*_numbered(system, own, rules), *own.values]
    whole = any(isinstance(leaf, (Typed, Multiple)) and leaf.name == name for leaf in leaves_of(rules))
    own.wrong = [value for value in _wrong(own) if whole or not isinstance(value, Decimal)]  # whole by its name alone?
    return own


def _numbered(system: System, own: Domain, rules: list[Rule]) -> list[Plain]:
    """For a text whose digits have to come to something: one that is right, and one that is not."""
    about = [leaf for leaf in leaves_of(rules) if isinstance(leaf, Compare) and names_in(leaf) == {own.name}]
    figured = [leaf for leaf in about if "Number(" in repr(leaf)]
    if not figured or not own.shapes:
        return []

    def right(text: str) -> bool:
        scope = Scope(system, "", {own.name: text}, {})
        return all(scope.holds(leaf) is True for leaf in figured)

    return [*renumbered(str(own.values[0]), right)]


def _places(own: Domain, other: Expression) -> list[Decimal]:
    if not isinstance(other, Const) or isinstance(other.value, bool):
        return []
    if isinstance(other.value, Decimal):
        return [other.value]
    try:
        place = own.place(other.value)
    except ValueError:
        return []
    return [place] if place is not None else []


def _fine(own: Domain) -> Decimal:
    """The step of a number with decimals."""
    fine = any(cut != cut.to_integral_value() for cut in own.cuts)
    if own.cuts and max(own.cuts) >= 1000 and not fine:
        return Decimal(1)
    cents = fine or set(map(stem, parts(own.name))) & MONEY_NAMES
    return Decimal("0.01") if cents else Decimal("0.1")


def _classes(system: System, own: Domain, listed: list[Plain]) -> list[Plain]:
    if own.kind == "flag":
        return [False, True]
    known = [value for value in system.fields[own.name].values if not isinstance(value, Decimal)]
    if own.kind == "choice":
        return list(dict.fromkeys([*known, *listed]))
    if own.kind in _NUMBERS:
        return _numbers(own)
    if own.kind == "time":
        return ["10:00", "12:00", "16:00", "18:00", "20:00", "22:00", "23:30", "06:00", "00:00"]
    if own.kind == "date":
        return [(_FIRST_DAY + timedelta(days=n)).isoformat() for n in (0, 1, 3, 7, 10, 30, -1)]
    absent: list[Plain] = [None] if system.fields[own.name].required is False else []
    lengths = sorted(set(own.lengths))
    texts = [sample(own.name, own.shapes, lengths)]
    if own.shapes and not texts[0].count("@"):
        pattern = own.shapes[0].pattern
        texts += [shaped(pattern, turn) for turn in range(10)]
        texts += [texts[0][:-1] + last for last in "0123456789"]
    texts += [of_length(texts[0], size + by) for size in lengths for by in (0, -1, 1) if size + by > 0]
    return [*dict.fromkeys(texts), *absent, *(value for value in [*known, *listed] if isinstance(value, str))]


def _wrong(own: Domain) -> list[Plain]:
    """One value of each wrong class, and none."""
    middle = next((value for value in own.values if isinstance(value, Decimal)), Decimal(1))
    match own.kind:
        case "integer":
            return [middle + Decimal("0.5"), "abc", None]
        case "number":
            return ["abc", None]
        case "flag":
            return ["abc", None]
        case "time":
            return ["25:00", "10:60", "abc", None]
        case "date":
            return ["2026-02-30", "abc", None]
        case "choice":
            return ["xyz", None]
    return [*(text for shape in own.shapes for text in misshaped(shape.pattern)), None, ""]


def _numbers(own: Domain) -> list[Plain]:
    cuts = own.cuts
    if not cuts:
        powers = (0, 1, 2, 3, 5) if own.kind == "integer" else (1, 2, 0, 3, 5, 7, 9)
        return [Decimal(10) ** k for k in powers]
    found: list[Decimal] = list(cuts) if own.closed else []
    for low, high in itertools.pairwise(cuts):
        middle = (low + high) / 2
        found.append(_round(middle, low, high, own.step))
    found.append(_round(cuts[-1] + max(abs(cuts[-1]) / 2, own.step * 4), cuts[-1], None, own.step))
    if cuts[0] > 0:
        found.append(_round(cuts[0] / 2, Decimal(0), cuts[0], own.step))
    else:
        found.append(cuts[0] - max(own.step * 4, abs(cuts[0]) / 2).quantize(own.step))
    return list(dict.fromkeys([*found, *cuts]))


def _round(value: Decimal, low: Decimal, high: Decimal | None, step: Decimal) -> Decimal:
    """A round figure near `value`, between the two."""
    for size in (Decimal(10) ** k for k in range(max(0, value.adjusted()), -3, -1)):
        unit = max(size, step)
        near = (value / unit).to_integral_value() * unit
        if low < near and (high is None or near < high):
            return near
    return (value / step).to_integral_value() * step


__all__ = ["Domain", "domain", "guess", "leaves_of"]
