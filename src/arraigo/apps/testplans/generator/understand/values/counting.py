"""How many of a unit a price is paid for: "per kilo", "for each hour begun beyond the target", "por cada 100 g"."""

from dataclasses import dataclass, field
from decimal import Decimal

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.lexicon import at, has
from arraigo.apps.testplans.generator.model import Binary, Const, Count, Expression, Ref, Rounded
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.understand.operands import convert, mentioned, skip
from arraigo.apps.testplans.generator.understand.values.rounding import phrases
from arraigo.apps.testplans.generator.words import Token, stem, unit_of

ZERO, ONE = Decimal(0), Decimal(1)
_EACH = phrases(
    "per|for each|for every|each|every|por cada|cada|for any|for all|por todos los|por todas las|"
    "all further|any further|"
    "all additional|further|additional|los siguientes|las siguientes|los demas|las demas|all other"
)
_WEAK = phrases("por|a|an|el|la|al|the")  # "5 el kilo", "0.50 a minute"
_STARTED = frozenset(
    (
        "started begun commenced partial iniciada iniciado iniciadas iniciados comenzada comenzado empezada empezado "
        "fraccion fraction part parte begins"
    ).split()
)
_FULL = frozenset("full complete completed whole completa completo completas completos enteros enteras entero".split())
_MORE = frozenset(
    (
        "additional extra further adicional adicionales excedente excess beyond above over exceso exceeding siguiente "
        "siguientes posterior subsequent more"
    ).split()
)
_BEYOND = phrases(
    "beyond|above|over|exceeding|in excess of|que exceda de|que exceda|que supere|que sobrepase|por encima de|"
    "por encima del|mas alla de|mas alla del|after|a partir de|a partir del|sobre|despues de|que pase de|"
    "over and above|"
    "from|excedente de|que excedan de|que superen|que excedan"
)
_SHORT = frozenset("falta faltan falte missing short lacking remaining restante restantes left".split())
_FIRST = frozenset("first primer primero primera primeros primeras".split())
_ORDINALS = {
    word: Decimal(n)
    for n, line in enumerate(
        (
            "first primero primer",
            "second segundo",
            "third tercero tercer",
            "fourth cuarto",
            "fifth quinto",
            "sixth sexto",
            "seventh septimo",
            "eighth octavo",
            "ninth noveno",
            "tenth decimo",
            "eleventh undecimo",
            "twelfth duodecimo",
        ),
        1,
    )
    for word in line.split()
}
_GENERIC = frozenset(
    (
        "job order booking trip shipment parcel purchase ticket stay reservation ride hiring visit pedido envio "
        "reserva compra factura servicio solicitud viaje trabajo case expediente operation operacion one"
    ).split()
)
_BLOCKS = frozenset(
    "block blocks group groups bloque bloques grupo grupos tramo period periodo started lot lote".split()
)
_HOURS = {"minute": Decimal(1), "hour": Decimal(60), "second": Decimal(1) / 60}
_DAYS = {"day": Decimal(1), "night": Decimal(1), "week": Decimal(7)}
_SPANS = frozenset({"minute", "hour", "day", "night", "week", "month", "year"})
_SPAN_NAMES = frozenset(
    "duration term plazo period periodo duracion stay estancia estadia length tiempo nights".split()
)


@dataclass(slots=True)
class Counting:
    """Reads counts in one vocabulary; remembers from where on units are paid for."""

    conditions: Conditions
    own: tuple[str, ...] = ()  # the fields of the operation in question
    free: dict[str, Expression] = field(default_factory=dict)  # "the first 2 minutes are free"

    def count(
        self, tokens: list[Token], i: int, mentions: list[Mention], fields: tuple[str, ...], *, weak: bool = True
    ) -> tuple[Expression, int] | None:
        """What a number before token `i` is multiplied by, and where that ends."""
        plain = words(tokens)
        strong = at(plain, i, _EACH)
        size = strong or (at(plain, i, _WEAK) if weak else 0)
        if not size:
            return None
        j, said = i + size, set(plain[i : i + size]) & _MORE
        while j < len(tokens) and (
            tokens[j].text in _STARTED | _FULL | _MORE | _BLOCKS or (said and tokens[j].text in {"of", "de"})
        ):
            said.add(tokens[j].text)
            j += 1
        most, j = self._among(tokens, j)
        found = self._unit(tokens, j, mentions, fields)
        if found is None:
            return None
        base, end, name, step = found
        if not strong and end - j > 2:
            return None
        tail = end
        while tail < min(len(tokens), end + 5) and tokens[tail].kind == "word":
            if at(plain, tail, _BEYOND):
                break
            if tokens[tail].text in _STARTED | _FULL | _MORE | _SHORT:
                said.add(tokens[tail].text)
                end = tail + 1
            tail += 1
        limit, after = self._beyond(tokens, tail, mentions, fields, name)
        if most is not None:
            base = Binary("min", base, Const(most))
        elif said & _SHORT:
            limit = self.free.get(f"{name} short")
            if limit is None:
                return None
            base = Binary("-", limit, base)
        elif limit is not None:
            end = after
            base = _over(base, limit)
        elif name in self.free:
            base = _over(base, self.free[name])
        elif said & _MORE:
            return None  # additional to what? nobody has said
        if step != 1:
            base = Binary("/", base, Const(step))
        if said & _STARTED:
            base = Rounded(base, "up", ONE)
        elif said & _FULL or (step != 1 and has(plain[i:end], phrases("full|complete|completo|completos"))):
            base = Rounded(base, "down", ONE)
        return base, end

    @staticmethod
    def _among(tokens: list[Token], j: int) -> tuple[Decimal | None, int]:
        """For "each of the first 10 days": how many at most, and where the noun begins."""
        ahead = j
        while (
            ahead < len(tokens)
            and tokens[ahead].text in {"one", "uno", "una", "of", "de", "the", "los", "las"} | _FIRST
        ):
            ahead += 1
        if ahead == j or ahead >= len(tokens) or tokens[ahead].kind != "number":
            return None, j
        value = tokens[ahead].value
        if any(token.text in _FIRST for token in tokens[j : ahead + 3]):
            unit = tokens[ahead].unit
            rest = ahead + 1
            while rest < len(tokens) and tokens[rest].text in _FIRST:
                rest += 1
            if unit not in {"", "$", "%"}:
                tokens[ahead] = Token("word", unit, unit, 0, 0)
                return value, ahead
            return value, rest
        return None, j

    def _unit(
        self, tokens: list[Token], j: int, mentions: list[Mention], fields: tuple[str, ...]
    ) -> tuple[Expression, int, str, Decimal] | None:
        """The field, its end, its name, and how many of its unit make one."""
        if j >= len(tokens):
            return None
        step, unit = ONE, ""
        if tokens[j].kind == "number" and tokens[j].value:
            step, unit = tokens[j].value or ONE, tokens[j].unit
            j += 1
            if unit in {"", "$"}:
                named = mentioned(mentions, skip(tokens, j), "field", "quantity")
                if named is None or not self.numeric(named):
                    return None
                return Ref(named.name), named.end, named.name, step
        else:
            named = mentioned(mentions, j, "field", "quantity")
            if named is not None and self.numeric(named):
                return Ref(named.name), named.end, named.name, step
            unit = unit_of(tokens[j].text) if tokens[j].kind == "word" else ""
            if not unit:
                name = self.counted(tokens[j], fields)
                return (Ref(name), j + 1, name, step) if name else None
            j += 1
        base = self.in_unit(unit, fields)
        if base is None:
            return None
        after = skip(tokens, j)  # "each kilogram of weight"
        named = mentioned(mentions, after, "field") if after > j else None
        name = base.name if isinstance(base, Ref) else unit
        if named is not None and named.name == name:
            j = named.end
        own = self.conditions.unit(name) if isinstance(base, Ref) else unit
        return base, j, name, convert(step, unit, own)

    def in_unit(self, unit: str, fields: tuple[str, ...]) -> Expression | None:
        """What is counted in this unit: a field, or the time between two of them."""
        name = self.of_unit(unit, fields)
        if name is not None and self.conditions.system.fields[name].kind not in {"choice", "text", "time", "date"}:
            return Ref(name)
        return self.between(unit)

    def of_unit(self, unit: str, fields: tuple[str, ...]) -> str | None:
        """The field that is counted in a unit: of the operation in question, else of any."""
        named = self.conditions.by_unit(unit, self.own) if self.own else None
        near = [name for name in self.own if unit in _SPANS and set(parts(name)) & _SPAN_NAMES]
        if named is None and len(near) == 1:
            return near[0]
        return named or self.conditions.by_unit(unit, fields)

    def counted(self, token: Token, fields: tuple[str, ...]) -> str | None:
        """The field that a noun counts: "each adult" where there is a number of adults."""
        near = [
            name
            for name in fields
            if self.conditions.system.fields[name].kind not in {"choice", "text", "flag", "time", "date"}
            and any(alike(token.stem, stem(part)) >= 0.8 for part in parts(name))
        ]
        if len(near) == 1:
            return near[0]
        roots = {stem(part) for operation in self.conditions.system.operations for part in parts(operation)[1:]}
        if any(alike(token.stem, root) >= 0.95 for root in roots):
            return self.conditions.hinted("quantity", fields)
        return None

    def between(self, unit: str) -> Expression | None:
        """The time between the two clock times or dates that there are."""
        system = self.conditions.system
        kind = "time" if unit in _HOURS else "date" if unit in _DAYS else ""
        found = [name for name, one in system.fields.items() if kind and _moment(name, one.kind) == kind]
        if len(found) != 2:
            return None
        gap: Expression = Binary("-", Count(found[1]), Count(found[0]))
        size = _HOURS.get(unit) or _DAYS[unit]
        return gap if size == 1 else Binary("/", gap, Const(size))

    def _beyond(
        self, tokens: list[Token], i: int, mentions: list[Mention], fields: tuple[str, ...], name: str
    ) -> tuple[Expression | None, int]:
        size = at(words(tokens), i, _BEYOND)
        if not size:
            return None, i
        j = skip(tokens, i + size)
        while j < len(tokens) and tokens[j].text in _FIRST:
            j += 1
        if j >= len(tokens):
            return None, i
        if tokens[j].text in _ORDINALS:
            return Const(_ORDINALS[tokens[j].text] - 1), j + 1
        if tokens[j].kind == "number" and tokens[j].value is not None:
            if tokens[j].unit in {"$", "%"}:
                return None, i
            value = convert(tokens[j].value or ZERO, tokens[j].unit, self.conditions.unit(name))
            return Const(value), j + 1
        named = mentioned(mentions, j, "quantity", "field")
        del fields
        return (Ref(named.name), named.end) if named is not None and self.numeric(named) else (None, i)

    def asks(self, tokens: list[Token]) -> bool:
        """Whether an amount is said to be for each of something."""
        plain = words(tokens)
        each = [i for i in range(len(plain)) if at(plain, i, _EACH)]
        return any(
            i + 1 < len(plain) and plain[i + 1] != "ciento" and not set(plain[i + 1 : i + 3]) & _GENERIC for i in each
        )

    def firsts(self, tokens: list[Token], fields: tuple[str, ...]) -> Expression | None:
        """For "the first 20 tablets cost 0.85 each": as many as there are, no more than these."""
        for i, token in enumerate(tokens[:-2]):
            after = tokens[i + 1]
            if token.text not in _FIRST or after.kind != "number" or not after.value:
                continue
            noun = next((m for m in self.conditions.names.mentions(tokens) if m.start == i + 2), None)
            base: Expression | None = Ref(noun.name) if noun is not None and self.numeric(noun) else None
            if base is None:
                name = self.counted(tokens[i + 2], fields)
                base = self.in_unit(after.unit, fields) if after.unit else Ref(name) if name else None
            if base is not None:
                return Binary("min", base, Const(after.value))
        return None

    def numeric(self, mention: Mention) -> bool:
        """Whether one can compute with it."""
        if mention.sort == "quantity":
            return True
        known = self.conditions.system.fields[mention.name]
        texts = any(isinstance(value, str) for value in known.values)
        return known.kind not in {"choice", "text", "flag"} and not texts

    def first(self, tokens: list[Token], fields: tuple[str, ...]) -> None:
        """For "after the first 2 minutes", "it includes the first kilometre": where units begin to be paid for."""
        for i, token in enumerate(tokens):
            if token.text not in _FIRST or i + 1 >= len(tokens):
                continue
            after = tokens[i + 1]
            number = after.kind == "number"
            value = after.value if number and after.value is not None else ONE
            unit = after.unit if number else unit_of(after.text)
            if number and not unit and i + 2 < len(tokens):
                named = mentioned(self.conditions.names.mentions(tokens), i + 2, "quantity")
                name = named.name if named is not None else self.counted(tokens[i + 2], fields)
            else:
                name = self.of_unit(unit, fields) if unit else None
            if name is not None:
                self.free[name] = Const(convert(value, unit, self.conditions.unit(name)))
            elif unit and self.between(unit) is not None:
                self.free[unit] = Const(value)


def _moment(name: str, kind: str) -> str:
    if kind in {"time", "date"}:
        return kind
    roots = set(parts(name))
    if kind or not roots & {"fecha", "date", "hora", "time", "arrival", "departure"}:
        return ""
    return "time" if roots & {"hora", "time"} else "date"


def _over(base: Expression, limit: Expression) -> Expression:
    return Binary("max", Const(ZERO), Binary("-", base, limit))
