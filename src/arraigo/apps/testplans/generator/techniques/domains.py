"""Concrete values for fields: plausible ones, one for each class, and the neighbours of each figure in the rules."""

import itertools
import re
from dataclasses import dataclass, field
from decimal import Decimal

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.evaluate import Scope, names_in
from arraigo.apps.testplans.generator.model import (
    STATE,
    Compare,
    Condition,
    Const,
    Length,
    Missing,
    Multiple,
    OneOf,
    Plain,
    Ref,
    Rule,
    Shape,
    System,
)
from arraigo.apps.testplans.generator.synonyms import MONEY_NAMES, alike
from arraigo.apps.testplans.generator.techniques.samples import renumbered, sample
from arraigo.apps.testplans.generator.understand.settle import conditions_of, leaves
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


_TIMES = ("10:00", "14:00", "08:00", "18:00", "12:30", "21:30", "23:30", "03:00")
_DATES = ("2026-03-16", "2026-03-20", "2026-04-06", "2026-07-15", "2026-12-20")


@dataclass(slots=True)
class Domain:
    """The values worth trying for one field of one operation."""

    name: str
    kind: str
    step: Decimal = Decimal(1)
    cuts: list[Decimal] = field(default_factory=list)
    values: list[Plain] = field(default_factory=list)  # one for each class, the most plausible first
    closed: bool = False  # a closed list of figures: what lies between them is no class
    lengths: list[int] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)  # times and dates that it is compared with
    shapes: list[Shape] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """Whether the rules say anything of its values; without it any other value is a guess."""
        return bool(self.cuts) or self.kind not in {"number", "integer"}


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
    kind = guess(system, name)
    own = Domain(name, kind)
    for leaf in leaves_of(rules):
        match leaf:
            case Compare(Ref(n), _, Const(value)) if n == name and isinstance(value, Decimal):
                own.cuts.append(value)
            case Compare(Ref(n), _, Const(str() as moment)) if n == name and kind in {"time", "date"}:
                own.moments.append(moment)
            case Compare(Length(n), _, Const(value)) if n == name and isinstance(value, Decimal):
                own.lengths.append(int(value))
            case Multiple(n, unit) if n == name:
                own.step = unit
            case OneOf(n, values) if n == name and kind in {"number", "integer"}:
                own.cuts += [value for value in values if isinstance(value, Decimal)]
                own.closed = own.closed or len(values) > 2
            case Shape(n, _, _) if n == name:
                own.shapes.append(leaf)
    own.cuts = sorted(set(own.cuts))
    if kind == "number" and own.step == 1:
        fine = any(cut != cut.to_integral_value() for cut in own.cuts)
        large = own.cuts and max(own.cuts) >= 1000 and not fine
        own.step = (
            Decimal(1)
            if large
            else Decimal("0.01")
            if fine or set(map(stem, parts(name))) & MONEY_NAMES
            else Decimal("0.1")
        )
    own.values = _classes(system, own)
    figured = [leaf for leaf in leaves_of(rules) if isinstance(leaf, Compare) and _of_digits(leaf, name)]
    if figured and own.shapes:
        text = str(own.values[0])

        def right(tried: str) -> bool:
            scope = Scope(system, "", {name: tried}, {})
            return all(scope.holds(leaf) is True for leaf in figured)

        own.values = [*renumbered(text, right), *own.values[1:]]
    return own


def _of_digits(leaf: Compare, name: str) -> bool:
    """Whether a comparison is about the digits of a text."""
    return names_in(leaf) == {name} and "Number(" in repr(leaf)


def _classes(system: System, own: Domain) -> list[Plain]:
    if own.kind == "flag":
        return [False, True]
    if own.kind == "choice":
        return list(system.fields[own.name].values)
    if own.kind in {"number", "integer"}:
        return _numbers(own)
    if own.kind in {"time", "date"}:
        return [*(_TIMES if own.kind == "time" else _DATES), *own.moments]
    lengths = sorted(set(own.lengths))
    known = [value for value in system.fields[own.name].values if isinstance(value, str)]
    absent: list[Plain] = [None] if system.fields[own.name].required is False else []
    return [sample(own.name, own.shapes, lengths), *absent, *known]


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


def fits(text: str, pattern: str) -> bool:
    """Whether a text has a shape."""
    return re.fullmatch(pattern, text) is not None


__all__ = ["STATE", "Domain", "Missing", "domain", "fits", "guess", "leaves_of"]
