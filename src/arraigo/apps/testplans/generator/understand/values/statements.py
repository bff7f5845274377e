"""One clause to what it says of a quantity: a figure, a formula, a change, a bound, rounding, with its condition."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.lexicon import (
    AFTER,
    ARTICLES,
    BE,
    COMPARE,
    DOUBLED,
    FREE,
    HALVED,
    LOWER,
    RAISE,
    at,
    has,
)
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    STATE,
    Binary,
    Compare,
    Condition,
    Const,
    Every,
    Expression,
    Ref,
)
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.conditions import Conditions, Reading
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.understand.values.counting import ZERO, Counting
from arraigo.apps.testplans.generator.understand.values.expressions import HUNDRED, Expressions, Found
from arraigo.apps.testplans.generator.understand.values.money import MONEY_WORDS
from arraigo.apps.testplans.generator.understand.values.rounding import bounds, phrases, rounding, trimmed
from arraigo.apps.testplans.generator.understand.values.said import Said, conjoin, exclusive
from arraigo.apps.testplans.generator.understand.values.terms import Terms
from arraigo.apps.testplans.generator.words import Token

DEFINES = phrases(
    "is calculated as|is computed as|is calculated by|is computed by|is worked out as|is equal to|equals|is the|is a|"
    "es igual a|se calcula como|se calcula|es el|es la|resulta de|is obtained by|se obtiene de|is calculated|=|"
    "corresponde al|corresponde a|corresponde|is|es|are|son|se obtiene|will be|sera|es de|is given by|costs|cost|"
    "cuesta|cuestan|vale|valen|pays|pay|paga|pagan|pagaria|pagara|debe pagar|would pay|will pay|owes|"
    "becomes|queda en|asciende a|amounts to|:"
)
_BASE = phrases("start with|begin with|se parte de|comenzar con|empezar con|se toma|take the|se comienza con")
_MAKE = phrases(
    "make it|set it to|it becomes|se deja en|se lleva a|queda en|it is raised to|se cobra|se cobran|counts as"
)
_LEADS = frozenset("queda quedan becomes become pasa pasan vuelve puesto moves then entonces".split())
_ON_TOP = frozenset(
    (
        "fee charge surcharge deposit supplement cargo recargo tasa seguro multa penalty fine costo tarifa suplemento"
    ).split()
)
_FIRST_UNITS = phrases("first|primer|primero|primera|primeros|primeras")
_RAISE = (*RAISE, *phrases("raise|raised|raises|sube|suba|elevado|higher|sumar|anadir|agregar|aumentar|incrementar"))
_LOWER = (
    *LOWER,
    *phrases("reducir|reducira|descontar|reduce|subtract|deduct|lower|deducted|rest|quitar|se quita|se resta"),
)
_TOTALS = frozenset("total result resultado it this fare amount whole todo".split())
_ALSO = frozenset("besides additionally moreover ademas plus adicionalmente adicional extra also tambien".split())
_JOINTS = frozenset({",", ";", "and", "y", "e", "or", "o", "but", "pero", "while", "mientras"})


@dataclass(slots=True)
class Statements:
    """Reads clauses in one vocabulary."""

    conditions: Conditions
    counting: Counting
    terms: Terms
    fields: tuple[str, ...] = ()
    carried: Said | None = None  # the piece before, whose verb and count this one shares
    count: Expression | None = None
    unread: bool = False  # whether the clause holds an amount that was not understood
    subject: Mention | None = None
    context: list[str] = field(default_factory=list)  # the words of the whole sentence

    def read(self, id_: str, main: list[Token], when: Condition, target: str) -> list[Said]:
        """What a main clause says; `unread` where it says more than that."""
        self.carried, self.count, self.unread = None, None, False
        self.context = words(main)
        self.counting.first(main, self.fields)
        rounded = rounding(main)
        if rounded is not None:
            how, unit, cut = rounded
            whole = main
            main = trimmed(main[:cut])
            about = self._target(whole[:cut], target)
            ended = [Said(id_, about, how, Const(unit), when)]
            while main and main[-1].text in ARTICLES | _TOTALS | {"amount", "cantidad", "importe", "valor"}:
                main = trimmed(main[:-1])
        else:
            ended = []
        main, ends = bounds(main)
        made: list[Said] = []
        for piece in self._pieces(main):
            found = self._piece(id_, piece, when, target)
            if found is None:
                self.unread = self.unread or self.amounts(piece)
            elif found.how != "none":
                made.append(found)
                self.carried = found
                target = found.target or target
        made = exclusive(made)
        return [*self._bounded(id_, main, made, ends, when, target), *ended]

    def _bounded(
        self,
        id_: str,
        main: list[Token],
        made: list[Said],
        ends: list[tuple[str, list[Token]]],
        when: Condition,
        target: str,
    ) -> list[Said]:
        """With the bounds that the clause ends with: of the part where there is one, else of the whole."""
        for kind, tokens in ends:
            found = self._expression(tokens, 0)
            if found is None:
                self.unread = True
                continue
            if len(made) == 1 and (made[0].how == "set" or isinstance(made[0].by, Binary)) and not found.counted:
                made = [replace(made[0], by=Binary("min" if kind == "most" else "max", made[0].by, found.by))]
            else:
                made = [*made, Said(id_, self._target(main, target), kind, found.by, when)]
        return made

    def _pieces(self, main: list[Token]) -> list[list[Token]]:
        """The clause where a comma or an "and" parts two amounts."""
        pieces: list[list[Token]] = []
        plain = words(main)
        start = 0
        for i, token in enumerate(main):
            if token.text not in _JOINTS or i <= start or any(at(plain, i, after) for after in AFTER.values()):
                continue
            if self._priced(main[start:i]) and self._priced(main[i + 1 :], near=True):
                pieces.append(main[start:i])
                start = i + 1
        pieces.append(main[start:])
        return [piece for piece in pieces if piece]

    def _priced(self, tokens: list[Token], *, near: bool = False) -> bool:
        """Whether there is an amount that no comparison uses."""
        if near:
            stop = next((i for i, t in enumerate(tokens) if t.text in {",", ";"} and i > 1), len(tokens))
            tokens = tokens[: stop + 4]
        loose = self._loose(tokens)
        return bool(loose) and not self._counted_only(tokens, loose)

    def _counted_only(self, tokens: list[Token], loose: list[int]) -> bool:
        """Whether the only figure is one of "per 100 g"."""
        plain = words(tokens)
        each = phrases("per|for each|for every|each|every|por cada|cada|first|primeros|primeras|primer")
        return all(i and any(at(plain, k, each) for k in range(max(0, i - 2), i)) for i in loose)

    def _loose(self, tokens: list[Token]) -> list[int]:
        reading = self.conditions.read(tokens, self.fields or None, self.subject, equal=False)
        loose = [i for i in reading.loose if tokens[i].value is not None]
        return loose or [i for i, token in enumerate(tokens) if token.kind == "number" and token.unit in {"$", "%"}]

    def amounts(self, tokens: list[Token]) -> bool:
        """Whether a clause states an amount or a change."""
        plain = words(tokens)
        if plain and plain[0] in {"add", "subtract", "sumar", "restar", "multiply", "divide"}:
            return True
        worked = {"times", "multiplied", "multiplicado", "dividido", "divided", "plus", "minus"}
        if worked & set(plain) and any(m.sort != "operation" for m in self.conditions.names.mentions(tokens)):
            return True
        loose = [tokens[i] for i in self._loose(tokens) if tokens[i].raw[:1].isdigit() or tokens[i].raw[:1] == "-"]
        if any(token.unit in {"$", "%"} for token in loose):
            return True
        money = bool({token.stem for token in tokens if token.kind == "word"} & MONEY_WORDS)
        told = has(plain, DEFINES) or has(plain, _LOWER) or has(plain, _RAISE)
        return (bool(loose) and told and money) or (money and has(plain, HALVED))

    # -- one piece

    def _piece(self, id_: str, piece: list[Token], when: Condition, target: str) -> Said | None:
        plain = words(piece)
        if (least := self._at_the_least(piece)) is not None:
            return Said(id_, self._target(piece, target), "least", Const(least), when)
        place = self._place(piece)
        if place is None:
            return self._unpriced(id_, piece, when, target)
        found = self._expression(piece, place)
        if found is None:
            return None
        by = found.by
        if has(plain, FREE) and has(plain, _FIRST_UNITS):
            return Said(id_, "", "none", by)
        before = self._before(piece, place) if not found.counted and isinstance(by, Const) else None
        if before is None and isinstance(by, Const):
            before = self.counting.firsts(piece, self.fields)
        if before is not None:
            by = Binary("*", by, before)
            self.count = None
        elif isinstance(by, Const) and (
            (not found.counted and self.counting.asks(piece)) or not self._stated(piece, place, found, target)
        ):
            return None
        if (
            before is None
            and not found.counted
            and self.count is not None
            and isinstance(by, Const)
            and not self._verb(plain)
        ):
            by = Binary("*", by, self.count)
        elif found.counted and isinstance(found.by, Binary):
            self.count = found.by.right
        left = [*piece[:place], Token("mark", "#", "#", 0, 0), *piece[found.end :]]
        if self._left_over(left):
            return None
        condition = self._condition(left, when, target)
        about = self._target(piece[:place], target)
        if before is not None and about in names_in(before):
            about = target if target != about else ""  # what is counted is not what it costs
        how, extra = self._how(left, found, by)
        of = _part_of(found.by) if any(t.unit == "%" for t in piece[place : found.end]) else None
        if how in {"cut", "add", "lower", "raise"} and of is not None and of[1] not in self.conditions.system.fields:
            how = {"cut": "lower", "add": "raise"}.get(how, how)
            return Said(id_, of[1], how, Const(of[0]), condition)
        if how in {"lower", "raise"} and not found.percent:
            how = "cut" if how == "lower" else "add"
        if found.percent and how == "set" and self.carried is not None and self.carried.how in {"lower", "raise"}:
            how = self.carried.how
        if how == "set" and self._goes_on(by, condition, about):
            how = "add"
        how, by = self._least(how, by, condition, about)
        if how in {"least", "most"}:
            condition = when if when == ALWAYS or self._self(when, about) is None else ALWAYS
        return Said(id_, about, how, by, condition, percent=found.percent and how == "set", extra=extra)

    @staticmethod
    def _at_the_least(piece: list[Token]) -> Decimal | None:
        """For "a job of less than 25.00 is charged 25.00"."""
        plain = words(piece)
        figures = [(i, t.value) for i, t in enumerate(piece) if t.kind == "number" and t.value is not None]
        if len(figures) != 2 or figures[0][1] != figures[1][1]:
            return None
        first = figures[0][0]
        below = any(at(plain, k, COMPARE["<"]) == first - k for k in range(max(0, first - 3), first))
        return figures[0][1] if below else None

    def _before(self, piece: list[Token], place: int) -> Expression | None:
        """For "every further minute adds 0.45", "each kilo costs 3": what the amount is for stands before it."""
        mentions = self.conditions.names.mentions(piece)
        for i in range(place):
            count = self.counting.count(piece, i, mentions, self.fields, weak=False)
            if count is not None and count[1] <= place:
                return count[0]
        return None

    def _left_over(self, tokens: list[Token]) -> bool:
        """Whether there is a figure that neither the amount nor a comparison uses."""
        loose = [i for i in self._reading(tokens).loose if tokens[i].value is not None and tokens[i].raw[:1].isdigit()]
        firsts = [i for i in loose if i and tokens[i - 1].text in {"first", "primeros", "primeras"}]
        return bool(set(loose) - set(firsts)) and not self._counted_only(tokens, loose)

    def _reading(self, tokens: list[Token]) -> Reading:
        """The comparisons of a clause beside its amount; "paper of 130 g" is one where nothing else uses the figure."""
        found = _at_least(tokens)
        plain = self.conditions.read(found, self.fields or None, self.subject, equal=False)
        if not any(tokens[i].value is not None for i in plain.loose):
            return plain
        equal = self.conditions.read(found, self.fields or None, self.subject, equal=True)
        return equal if len(equal.loose) < len(plain.loose) else plain

    def _stated(self, piece: list[Token], place: int, found: Found, target: str) -> bool:
        """Whether a bare figure is an amount: in figures, with a unit, or of something that is known by name."""
        token = next((t for t in piece[place : found.end] if t.kind == "number"), None)
        if token is None:
            return True
        if not token.raw[:1].isdigit() and not token.raw.startswith("-"):
            return False
        money = {t.stem for t in piece if t.kind == "word"} & MONEY_WORDS
        plain = words(piece)
        verb = set(plain) & BE or has(plain, DEFINES) or has(plain, _LOWER) or has(plain, _RAISE)
        if not (found.unit or verb or self.carried is not None or "." in token.raw):
            return False
        named = target or any(m.sort == "quantity" for m in self.conditions.names.mentions(piece[:place]))
        return bool(found.unit in {"$", "%"} or money or named or self.carried is not None)

    def _place(self, piece: list[Token]) -> int | None:
        """Where the expression of a piece begins: after "is" and the like, or at its first amount."""
        plain = words(piece)
        for phrase_ in (_BASE, _MAKE):
            for i in range(len(piece)):
                if (size := at(plain, i, phrase_)) and self._expression(piece, i + size) is not None:
                    return i + size
        for i in range(len(piece)):
            size = at(plain, i, DEFINES)
            if not size:
                continue
            found = self._expression(piece, i + size)
            if found is not None and not isinstance(found.by, (Const, Ref)):
                return i + size
            if found is not None and isinstance(found.by, Ref) and found.end >= len(trimmed(piece)):
                return i + size
        loose = self._loose(piece)
        loose = [i for i in loose if not self._counted_only(piece, [i])] or loose
        best = [i for i in loose if piece[i].unit in {"$", "%"}] or loose
        if not best:
            for i in range(len(piece)):  # "add the tolls"
                if plain[i] in {"add", "sumar", "subtract", "restar", "adding"} or at(
                    plain, i, phrases("se suma|se suman")
                ):
                    start = i + 1 + (plain[i] == "se")
                    if plain[start : start + 1] in (["a"], ["al"], ["to"]) or self._expression(piece, start) is None:
                        return None
                    return start
            return None
        i = best[0]
        for k in range(i):
            wide = self._expression(piece, k)
            if wide is not None and wide.end > i and isinstance(wide.by, Binary) and self._starts(piece, k):
                return k
        while i and (plain[i - 1] in {"(", "-"}):
            i -= 1
        return i

    def _starts(self, piece: list[Token], k: int) -> bool:
        """Whether a name may begin a formula here: not in the middle of a longer one."""
        mentions = self.conditions.names.mentions(piece)
        return any(m.start == k and m.sort in {"field", "quantity"} for m in mentions)

    def _expression(self, tokens: list[Token], i: int) -> Found | None:
        mentions = self.conditions.names.mentions(tokens)
        return Expressions(self.counting, tokens, mentions, self.fields).read(i)

    def _unpriced(self, id_: str, piece: list[Token], when: Condition, target: str) -> Said | None:
        """Free, half, double: a change without a figure."""
        plain = words(piece)
        about = self._target(piece, target)
        condition = self._condition(piece, when, target)
        if has(plain, HALVED):
            return Said(id_, about, "lower", Const(Decimal(50)), condition)
        if has(plain, DOUBLED):
            return Said(id_, about, "raise", Const(HUNDRED), condition)
        if has(plain, FREE) and not any(token.kind == "number" for token in piece):
            return Said(id_, about, "set", Const(ZERO), condition)
        return None

    def _condition(self, tokens: list[Token], when: Condition, target: str) -> Condition:
        reading = self._reading(tokens)
        if reading.subject is not None and reading.subject.sort == "field":
            self.subject = reading.subject
        compared = [a.subject for a in reading.atoms if a.subject in self.conditions.system.fields]
        if compared:
            self.subject = Mention(0, 0, "field", compared[-1])
        plain = set(words(tokens))
        atoms = [a for a in reading.atoms if a.subject != target or not target]
        if plain & _LEADS:
            atoms = [a for a in atoms if a.subject != STATE]
        joined = Reading(atoms=atoms).condition
        term = self.terms.read(tokens)
        parts = [one for one in (joined, term) if one is not None]
        return conjoin(when, *parts)

    def _target(self, tokens: list[Token], target: str) -> str:
        """The quantity that the words before an amount name, else that of the sentence."""
        named = [m for m in self.conditions.names.mentions(tokens) if m.sort == "quantity"]
        return named[0].name if named else target

    def _verb(self, plain: list[str]) -> bool:
        return bool(set(plain) & BE) or has(plain, LOWER) or has(plain, RAISE)

    def _how(self, left: list[Token], found: Found, by: Expression) -> tuple[str, bool]:
        """How the quantity changes, by the words about the amount; and whether that comes on top."""
        plain = self._masked(left)
        place = plain.index("#") if "#" in plain else next(i for i, t in enumerate(left) if t.text == "#")
        near = plain[max(0, place - 12) : place + 9]
        based = any(at(plain, i, _BASE) for i in range(len(plain)))
        lower, higher = has(near, _LOWER), has(near, _RAISE)
        if based:
            return "set", False
        if higher and not lower:
            return ("raise" if found.percent else "add"), True
        if lower and not higher:
            return ("lower" if found.percent else "cut"), True
        if lower and higher:
            first = next(w for w in near if has([w], _LOWER) or has([w], _RAISE))
            return ("lower" if has([first], _LOWER) else "raise"), True
        if self.carried is not None and not (set(plain) & BE) and self.carried.how in {"add", "cut", "raise", "lower"}:
            return self.carried.how, True
        del by
        before = left[max(0, place - 6) : place]
        article = any(t.text in {"a", "an", "un", "una"} for t in before) and {t.text for t in before} & _ON_TOP
        also = set(self.context) & _ALSO and {t.stem for t in left} & MONEY_WORDS
        return ("add", True) if article or also else ("set", False)

    def _goes_on(self, by: Expression, condition: Condition, about: str) -> bool:
        """For "the first 20 cost 0.85 each, all further ones 0.60 each": both are paid."""
        before = self.carried
        if before is None or before.how not in {"set", "add"} or before.when != condition or before.target != about:
            return False
        return isinstance(by, Binary) and isinstance(before.by, Binary) and by.op == before.by.op == "*"

    def _masked(self, tokens: list[Token]) -> list[str]:
        """The words without those of comparisons: the "more" of "500 or more" raises nothing."""
        plain = words(tokens)
        reading = self.conditions.read(_at_least(tokens), self.fields or None, self.subject, equal=False)
        for atom in reading.atoms:
            for i in range(atom.start, min(atom.end, len(plain))):
                plain[i] = "\0" if tokens[i].text != "#" else plain[i]
        return plain

    def _least(self, how: str, by: Expression, condition: Condition, about: str) -> tuple[str, Expression]:
        """For "if it is less than 6.00, make it 6.00": a bound, not a case."""
        bound = self._self(condition, about)
        if how == "set" and bound is not None and bound.right == by:
            return ("least" if bound.op.startswith("<") else "most"), by
        return how, by

    @staticmethod
    def _self(condition: Condition, about: str) -> Compare | None:
        parts = condition.parts if isinstance(condition, Every) else (condition,)
        return next((p for p in parts if isinstance(p, Compare) and p.left == Ref(about)), None)


def _part_of(by: Expression) -> tuple[Decimal, str] | None:
    """So many percent, and of which quantity: "10 % of the total"."""
    match by:
        case Binary("*", Const(share), Ref(name)) if isinstance(share, Decimal):
            return share * HUNDRED, name
    return None


_RANGES = frozenset({"to", "until", "through", "hasta", "a", "al", "-", "–"})


def _at_least(tokens: list[Token]) -> list[Token]:
    """With "from 600 pieces" as "at least 600 pieces", where no range follows."""
    made = list(tokens)
    for i, token in enumerate(tokens[:-1]):
        if token.text in {"from", "desde"} and tokens[i + 1].kind == "number":
            joints = [k for k in range(i + 2, min(i + 4, len(tokens) - 1)) if tokens[k].text in _RANGES]
            if not any(tokens[k + 1].kind == "number" for k in joints):
                made[i] = Token("mark", ">=", ">=", token.start, token.end)
    return made
