"""The tokens of a clause from left to right: comparisons, ranges, lists of values, flags and states."""

from decimal import Decimal

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.lexicon import (
    AFTER,
    AND,
    BE,
    COMPARE,
    EMPTY,
    EXCLUSIVE,
    FILLERS,
    INVERSE,
    LEAST,
    MOST,
    NEGATIVE,
    NOT,
    OR,
    POSITIVE,
    at,
    has,
)
from arraigo.apps.testplans.generator.model import (
    VALUE,
    Binary,
    Compare,
    Condition,
    Const,
    Every,
    Expression,
    Length,
    Missing,
    Multiple,
    Not,
    OneOf,
    Plain,
    Ref,
    Some,
)
from arraigo.apps.testplans.generator.synonyms import PRICE_NAMES, alike
from arraigo.apps.testplans.generator.understand.atoms import Atom, Reading
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.understand.operands import Operand, convert, convertible, mentioned, operand, skip
from arraigo.apps.testplans.generator.understand.vocabulary import Vocabulary
from arraigo.apps.testplans.generator.words import Token, fold, stem, unit_of

_HINTS = {
    **dict.fromkeys(["longer", "shorter", "largo", "largos"], "length"),
    **dict.fromkeys(["older", "younger", "mayores", "menores"], "age"),
    **dict.fromkeys(["cumplido", "cumplidos", "turned"], "age"),
    **dict.fromkeys(
        ("heavier lighter pesados pesado weigh weighs weighing pesa pesan pese pesen").split(),
        "weight",
    ),
    **dict.fromkeys(["taller", "alto", "altos"], "height"),
    **dict.fromkeys(["warmer", "colder"], "temperature"),
}
_BELOW = tuple(
    tuple(p.split()) for p in ["below", "under", "less than", "por debajo de", "por debajo del", "menos que", "bajo"]
)
_ABOVE = tuple(
    tuple(p.split()) for p in ["above", "over", "more than", "por encima de", "por encima del", "mas que", "sobre"]
)
_AGES = (
    *(
        (tuple(p.split()), ">=")
        for p in ["mayor de edad", "mayores de edad", "of legal age", "of age", "over the legal age"]
    ),
    *((tuple(p.split()), "<") for p in ["menor de edad", "menores de edad", "a minor", "under age", "underage"]),
)
_FAILED = frozenset(
    ("failed fails fail declined unsuccessful fallido fallida fallidos fallidas falla rechazado rechazada").split()
)
_SUCCEEDED = frozenset(["successful", "succeeds", "succeeded", "exitoso", "exitosa", "exitosos", "exitosas"])
_SUCCESS = ("succe", "exito", "success", "ok", "aprobad", "approv", "efectiv")
_PEOPLE = frozenset(
    (
        "children kids adults seniors people persons person passengers anyone applicants drivers customers "
        "members visitors students child adult ninos menores mayores adultos personas persona pasajeros "
        "solicitantes conductores clientes visitantes menor minors guests elderly"
    ).split()
)
_FROM = frozenset(["de", "desde", "hasta", "within", "to", "del"])  # "from the distance" compares nothing
_ONWARDS = frozenset(["on", "onwards", "upwards", "onward", "adelante"])


class Scan:
    """One clause being read."""

    hint = ""

    def __init__(
        self,
        home: Vocabulary,
        tokens: list[Token],
        fields: tuple[str, ...] | None,
        subject: Mention | None,
        *,
        equal: bool,
    ) -> None:
        self.home, self.tokens, self.fields, self.equal = home, tokens, fields, equal
        self.words = [token.text if token.kind in {"word", "mark"} else "\0" for token in tokens]
        self.mentions = home.names.mentions(tokens, fields)
        self.out = Reading(subject=subject)
        self.negated = False
        self.joint = ""
        self.flagged: Mention | None = None
        self.be = False
        self.pending = ""  # "the minimum age is": how the number to come is compared
        self.last_negated = False

    def run(self) -> Reading:
        """Read it all."""
        i = 0
        while i < len(self.tokens):
            i = self._one(i)
        self._flush()
        return self.out

    def _one(self, i: int) -> int:
        word = self.words[i]
        if end := self._than(i) or self._adult(i) or self._outcome(i) or self._compared(i) or self._range(i):
            return end
        if mention := mentioned(self.mentions, i, "value", "state"):
            return self._valued(mention)
        if mention := mentioned(self.mentions, i, "field", "quantity"):
            self._flush()
            self.out.subject = mention
            if self._quoted(mention):
                return mention.end + 1
            if mention.sort == "field" and self.home.flag(mention) and mention.score >= self.home.enough(mention.name):
                self.flagged = mention
            return mention.end
        if self.tokens[i].kind == "number":
            return self._numbered(i)
        if size := at(self.words, i, EMPTY):
            if self.out.subject is not None and self.out.subject.sort == "field" and self.equal:
                self._add(Missing(self.out.subject.name), i, i + size)
            return i + size
        if word in NEGATIVE | POSITIVE and self.out.subject is not None:
            self._add(
                Compare(Ref(self.out.subject.name), "<" if word in NEGATIVE else ">", Const(Decimal(0))), i, i + 1
            )
        elif word in LEAST | MOST:
            self.pending = ">=" if word in LEAST else "<="
        elif word in {"ni", "nor"} and not self.last_negated:
            self.joint = "or"
        elif word in NOT:
            self.negated = True
        elif word == ":":
            self.pending = ""
        elif word in {"only", "solo", "solamente", "unicamente"}:
            self._flush()  # "sin factura solo ...": what it bounds is another thing
            self.negated = self.negated and self.words[i - 1 : i] in (["not"], ["no"])
        elif word in AND or word in OR or word == ",":
            self._flush()
            self.joint = "or" if word in OR else "and" if word in AND else self.joint or ","
            self.be = False
        elif word in BE:
            self.be = True
        return i + 1

    def _flush(self) -> None:
        if self.flagged is not None:
            flagged, self.flagged = self.flagged, None
            self._add(OneOf(flagged.name, (True,)), flagged.start, flagged.end, flagged.name)

    def _add(self, condition: Condition, start: int, end: int, subject: str = "") -> None:
        if self.negated and isinstance(condition, Compare):
            condition = Compare(condition.left, INVERSE[condition.op], condition.right)
        elif self.negated:
            condition = Not(condition)
        self.last_negated, self.negated = self.negated, False
        if not isinstance(condition, (OneOf, Not, Missing)) or (
            isinstance(condition, OneOf) and isinstance(condition.values[0], Decimal)
        ):
            self.home.numbers |= names_in(condition)
        name = subject or (self.out.subject.name if self.out.subject else "")
        self.out.atoms.append(Atom(condition, start, end, name, self.joint if self.out.atoms else ""))
        self.joint, self.flagged = "", None

    def _adult(self, i: int) -> int:
        for phrase, op in _AGES:
            if tuple(self.words[i : i + len(phrase)]) == phrase and (name := self.home.hinted("age", self.fields)):
                self._add(Compare(Ref(name), op, Const(Decimal(18))), i, i + len(phrase), name)
                return i + len(phrase)
        return 0

    def _outcome(self, i: int) -> int:
        """For "a failed charge" where a field says whether it succeeded."""
        word = self.words[i]
        if word not in _FAILED | _SUCCEEDED:
            return 0
        within = [
            n
            for n, f in self.home.system.fields.items()
            if f.kind == "flag" and (self.fields is None or n in self.fields)
        ]
        named = [n for n in within if any(stem(part).startswith(_SUCCESS) for part in parts(n))]
        if len(named) != 1:
            return 0
        self._add(OneOf(named[0], (word in _SUCCEEDED,)), i, i + 1, named[0])
        return i + 1

    # -- comparisons

    def _compared(self, i: int) -> int:
        for op, phrases in COMPARE.items():
            size = at(self.words, i, phrases)
            if size and all(at(self.words, i, others) <= size for others in COMPARE.values()):
                right = operand(self.tokens, i + size, self.mentions)
                if right is None or right.end - i > 14:
                    return 0
                right = self._counted(right)
                if self.words[i + size - 1] in LEAST | MOST | _FROM and isinstance(right.expression, Ref):
                    return 0
                if made := self._apart(i, op, right):
                    return made
                self.hint = next((h for w in self.words[max(0, i - 1) : i + size] if (h := _HINTS.get(w))), "")
                early = op == "<=" and self.words[right.end : right.end + 1] in (["before"], ["antes"])
                return self._finish(">=" if early else op, right, i)  # "up to 2 hours before"
        return 0

    def _counted(self, right: Operand) -> Operand:
        """For "after semester 10": the field's name stands before its figure."""
        i = right.end
        if not isinstance(right.expression, Ref) or i >= len(self.tokens) or self.tokens[i].kind != "number":
            return right
        named = next((m for m in self.mentions if m.end == i and m.name == right.expression.name), None)
        if named is None or named.sort != "field":
            return right
        self.out.subject = named
        return Operand(Const(self.tokens[i].value), i + 1, self.tokens[i].unit)

    def _apart(self, i: int, op: str, right: Operand) -> int:
        """For "more than 1 degree below the target": how far two things are apart."""
        below = at(self.words, right.end, _BELOW)
        above = at(self.words, right.end, _ABOVE)
        subject = self.out.subject
        other = operand(self.tokens, right.end + (below or above), self.mentions) if below or above else None
        if subject is None or other is None or not isinstance(other.expression, Ref):
            return 0
        mine: Expression = Ref(subject.name)
        gap = Binary("-", other.expression, mine) if below else Binary("-", mine, other.expression)
        self._add(Compare(gap, op, right.expression), i, other.end, subject.name)
        return other.end

    def _than(self, i: int) -> int:
        """For "more points than are available"."""
        if self.words[i] not in {"more", "fewer", "less", "mas", "menos"}:
            return 0
        one = mentioned(self.mentions, i + 1, "field", "quantity")
        if one is None or one.end >= len(self.tokens) or self.words[one.end] not in {"than", "que", "de"}:
            return 0
        j = one.end + 1
        while j < len(self.tokens) and (self.words[j] in BE or self.words[j] in {"los", "las", "la", "el", "the"}):
            j += 1
        other = mentioned(self.mentions, j, "field", "quantity")
        if other is None or other.name == one.name:
            return 0
        op = ">" if self.words[i] in {"more", "mas"} else "<"
        self._add(Compare(Ref(one.name), op, Ref(other.name)), i, other.end, one.name)
        return other.end

    def _finish(self, op: str, right: Operand, start: int) -> int:
        left, end = self._subject(right)
        if left is None:
            self.out.lost.append(start)
            return right.end
        expression = self._in_unit(left, right)
        if op == "multiple":
            if isinstance(expression, Const) and isinstance(expression.value, Decimal) and isinstance(left, Ref):
                self._add(Multiple(left.name, expression.value), start, end, left.name)
        else:
            self._add(Compare(left, op, expression), start, end, _name(left))
        return end

    def _subject(self, right: Operand) -> tuple[Expression | None, int]:
        """What is compared: named before, or by the number's unit, or by the noun after it."""
        end, subject = right.end, self.out.subject
        if right.unit in {"character", "digit"}:
            return (Length(subject.name), end) if subject is not None and subject.sort == "field" else (None, end)
        after = skip(self.tokens, end)
        if self.hint and (name := self.home.hinted(self.hint, self.fields)):
            return Ref(name), end
        of = mentioned(self.mentions, after, "field") if isinstance(right.expression, Const) else None
        if of is not None and self.home.unit(of.name) not in {"", right.unit}:
            of = None
        if of is not None and right.unit and after == end + 1 and self.tokens[end].text in {"de", "of"}:
            return Ref(of.name), of.end  # "15 years of seniority"
        if of is not None and right.unit and after == end and of.end - of.start > 1:
            return Ref(of.name), of.end  # "2 or more days of notice"
        if subject is None and right.unit and (name := self.home.by_unit(right.unit, self.fields)):
            return Ref(name), end
        noun = mentioned(self.mentions, after, "field") if isinstance(right.expression, Const) else None
        if noun is not None and after - end <= 1 and (subject is None or not right.unit):
            known = self.home.unit(noun.name)
            numeric = self.home.system.fields[noun.name].kind not in {"choice", "text", "flag"}
            if subject is None or (numeric and not known and after == end):
                return Ref(noun.name), noun.end
        if subject is not None and subject.sort == "field" and right.unit:
            other = self.home.by_unit(right.unit, self.fields)
            mine = self.home.unit(subject.name)
            if other and other != subject.name and not (mine and convertible(right.unit, mine)) and self._odd(subject):
                return Ref(other), end
        if subject is not None and not (self._texts(subject) and _figure(right)):
            return Ref(subject.name), end
        if name := self._things(end):
            return Ref(name), end
        computed = names_in(Compare(right.expression, "==", right.expression)) & set(self.home.names.quantities)
        if computed and (name := self.home.only_number("", self.fields)):
            return Ref(name), end  # "cash must be at least the fare": what is paid
        if self._money(end):
            return Ref(VALUE), end
        people = set(self.words[max(0, end - 8) : end]) & _PEOPLE
        if people and not right.unit and (name := self.home.hinted("age", self.fields)):
            return Ref(name), end
        if isinstance(right.expression, Const) and (name := self.home.only_number(right.unit, self.fields)):
            return Ref(name), end
        return None, end

    def _things(self, end: int) -> str | None:
        """For "20 tickets" where the operation is buy_tickets and has a quantity."""
        if end >= len(self.tokens) or self.tokens[end].kind != "word":
            return None
        noun = self.tokens[end].stem
        objects = {stem(part) for operation in self.home.system.operations for part in parts(operation)[1:]}
        return self.home.hinted("quantity", self.fields) if any(alike(noun, one) >= 0.95 for one in objects) else None

    def _money(self, end: int) -> bool:
        """Whether a clause speaks of what is computed: "the fee never exceeds 18"."""
        return any(token.kind == "word" and token.stem in PRICE_NAMES for token in self.tokens[max(0, end - 8) : end])

    def _texts(self, subject: Mention) -> bool:
        return subject.sort == "field" and self.home.system.fields[subject.name].kind in {"choice", "flag"}

    def _odd(self, subject: Mention) -> bool:
        """Whether a field is unlikely to be compared with a number that has a unit."""
        kind = self.home.system.fields[subject.name].kind
        return kind in {"choice", "text", "flag"} or subject.score < 0.75

    def _in_unit(self, left: Expression, right: Operand) -> Expression:
        if (
            isinstance(right.expression, Const)
            and isinstance(right.expression.value, Decimal)
            and isinstance(left, Ref)
        ):
            unit = self.home.unit(left.name) if left.name in self.home.system.fields else ""
            return Const(convert(right.expression.value, right.unit, unit))
        return right.expression

    def _range(self, i: int) -> int:
        word = self.words[i]
        opened = word in {"between", "entre", "from", "desde", "de", "del"}
        if not opened and self.tokens[i].kind not in {"number", "time", "date"}:
            return 0
        low = operand(self.tokens, i + opened, self.mentions)
        if low is not None and word in {"from", "desde"} and set(self.words[low.end : low.end + 2]) & _ONWARDS:
            return self._finish(">=", low, i)
        if low is None or low.end >= len(self.tokens) or low.end - i > 5:
            return 0
        glue = {"between": {"and"}, "entre": {"y", "e"}}.get(
            word, {"to", "-", "–", "—", "a", "al", "hasta", "through", "until"}
        )
        if self.words[low.end] not in glue or (self.words[low.end] == "a" and low.end + 1 >= len(self.tokens)):
            return 0
        high = operand(self.tokens, low.end + 1, self.mentions)
        if (
            high is None
            or high.end - low.end > 5
            or not (opened or self.tokens[high.end - 1].kind == self.tokens[i].kind)
        ):
            return 0
        if type(low.expression) is not type(high.expression) and not isinstance(high.expression, Const):
            return 0
        low = Operand(low.expression, low.end, low.unit or high.unit)
        left, end = self._subject(Operand(high.expression, high.end, high.unit or low.unit))
        if left is None:
            self.out.lost.append(i)
            return high.end
        strict = has(self.words[end : end + 6], EXCLUSIVE)
        again = strict and any(t.raw == self.tokens[high.end - 1].raw for t in self.tokens[end : end + 3])
        least = Compare(left, ">" if strict and not again else ">=", self._in_unit(left, low))
        most = Compare(left, "<" if strict else "<=", self._in_unit(left, high))
        condition: Condition = Every((least, most))
        match low.expression, high.expression:
            case Const(str(first)), Const(str(last)) if first > last and len(first) == len(last) == len("23:00"):
                condition = Some((least, most))  # past midnight
        self._add(condition, i, end, _name(left))
        return end

    def _numbered(self, i: int) -> int:
        token = self.tokens[i]
        for op, phrases in AFTER.items():
            for gap in (0, 1, 2, 3):  # "5 kg or more", "18 years of age or older"
                start = i + 1 + gap
                if any(w in OR or w in {",", "and", "y"} for w in self.words[i + 1 : start]):
                    break
                if size := at(self.words, start, phrases):
                    unit = token.unit or unit_of(self.words[start + size] if start + size < len(self.words) else "")
                    noun = mentioned(self.mentions, i + 1, "field")
                    right = Operand(Const(token.value), i + 1 if noun is not None else start + size, unit)
                    self.hint = next((h for w in self.words[start : start + size] if (h := _HINTS.get(w))), "")
                    self._finish(op, right, i)
                    self.hint = ""
                    if self.out.atoms and self.out.atoms[-1].start == i:
                        self.out.atoms[-1].end = start + size
                    return start + size
        if made := self._ahead(i):
            return made
        subject = self.out.subject
        if self.pending and subject is not None:
            op, self.pending = self.pending, ""
            return self._finish(op, Operand(Const(token.value), i + 1, token.unit), i)
        if subject is not None and subject.sort == "field" and (made := self._listed(i, subject)):
            return made
        bare = subject is not None and subject.sort == "field" and subject.end == i
        bare = bare and (not token.unit or token.unit == unit_of(self.words[i - 1]))
        if bare and subject is not None and (made := self._figures(i, subject)):
            return made
        if self.equal and subject is not None and (self.be or self._follows(i, subject)):
            known = self.home.system.fields.get(subject.name)
            if known is None or known.kind not in {"choice", "text", "flag"}:
                right = Operand(Const(token.value), i + 1, token.unit)
                left, end = self._subject(right)
                if isinstance(left, Ref):
                    self._add(Compare(left, "==", self._in_unit(left, right)), i, end, left.name)
                    return end
        self.out.loose.append(i)
        return i + 1

    def _ahead(self, i: int) -> int:
        """For "250 g paper": a figure with its unit right before the field that it is one of."""
        noun, unit = mentioned(self.mentions, i + 1, "field"), self.tokens[i].unit
        if noun is None or unit in {"", "%", "$"} or self.words[i - 1 : i] in (["to"], ["-"], ["a"], ["y"], ["and"]):
            return 0
        mine, known = self.home.unit(noun.name), self.home.system.fields[noun.name]
        if known.kind not in {"number", "integer"} or (mine and not convertible(unit, mine)):
            return 0
        value = self.tokens[i].value
        self._add(OneOf(noun.name, (None if value is None else convert(value, unit, mine),)), i, noun.end, noun.name)
        return noun.end

    def _quoted(self, mention: Mention) -> bool:
        """For "with the coupon "SAVE20"": a field with the one text that it has."""
        i = mention.end
        if i >= len(self.tokens) or self.tokens[i].kind != "quote" or " " in self.tokens[i].raw:
            return False
        field = self.home.system.fields.get(mention.name)
        if field is None or field.kind in {"flag", "number", "integer"} or self.tokens[i].raw in field.values:
            return False
        self._add(OneOf(mention.name, (self.tokens[i].raw,)), mention.start, i + 1, mention.name)
        return True

    def _listed(self, i: int, subject: Mention) -> int:
        """For "12, 24, 36 or 48 months": a closed list of figures."""
        places = [i]
        end = i + 1
        while end + 1 < len(self.tokens) and self.words[end] in OR | {",", "y", "and"}:
            step = 2 if self.tokens[end + 1].kind == "number" else 3
            last = end + step - 1
            if (
                last >= len(self.tokens)
                or self.tokens[last].kind != "number"
                or (step == 3 and self.words[end + 1] not in OR | {"and", "y"})
            ):
                break
            places.append(last)
            end = last + 1
        unit = self.tokens[places[-1]].unit
        if len(places) < 3 or unit == "%" or self.home.system.fields[subject.name].kind in {"choice", "flag"}:
            return 0
        mine = self.home.unit(subject.name)
        values = [convert(v, unit, mine) for k in places if (v := self.tokens[k].value) is not None]
        self._add(OneOf(subject.name, tuple(values)), i, end, subject.name)
        return end

    def _figures(self, i: int, subject: Mention) -> int:
        """For "stratum 1 or 2": a field with the figures that it has."""
        if self.home.system.fields[subject.name].kind in {"choice", "text", "flag"}:
            return 0
        values: list[Plain] = [self.tokens[i].value]
        end = i + 1
        while end + 1 < len(self.tokens) and self.words[end] in OR | {",", "y", "and"}:
            follower = self.tokens[end + 1]
            if follower.kind != "number" or follower.unit:
                break
            values.append(follower.value)
            end += 2
        if end < len(self.tokens) and self.words[end] in {"to", "a", "-", "–"}:
            return 0
        self._add(OneOf(subject.name, tuple(values)), i, end, subject.name)
        return end

    def _follows(self, i: int, subject: Mention) -> bool:
        return all(token.text in FILLERS or token.text == "=" for token in self.tokens[subject.end : i])

    # -- values of closed lists

    def _run(self, name: str, first: Plain, last: Plain) -> list[Plain]:
        """All values from one to another: "Tuesday to Friday"."""
        known = self.home.system.fields[name].values if name in self.home.system.fields else []
        for week in _WEEKS:
            if fold(str(first)) in week and fold(str(last)) in week:
                span = week[week.index(fold(str(first))) : week.index(fold(str(last))) + 1]
                return [value for value in known if fold(str(value)) in span]
        return []

    def _valued(self, mention: Mention) -> int:
        values: list[Plain] = [mention.value]
        name = mention.name
        subject = self.out.subject
        known = self.home.system.fields.get(subject.name) if subject is not None else None
        if known is not None and mention.value in known.values:
            name = known.name
        end = mention.end
        while True:  # "A, B or C"
            after = end
            while after < len(self.tokens) and (self.words[after] in OR or self.words[after] in {",", "and", "y", "/"}):
                after += 1
            after = skip(self.tokens, after) if after > end else after
            following = mentioned(self.mentions, after, "value", "state") if after > end else None
            if following is None or following.name != mention.name:
                break
            values.append(following.value)
            end = following.end
        after = skip(self.tokens, end + 1) if self.words[end : end + 1] and self.words[end] in _THROUGH else 0
        last = mentioned(self.mentions, after, "value") if after else None
        if (
            last is not None
            and last.name == name
            and len(values) == 1
            and (run := self._run(name, values[0], last.value))
        ):
            values, end = run, last.end
        if self.flagged is not None and self.flagged.name != name:
            self._flush()
        self.flagged = None
        self._add(OneOf(name, tuple(values)), mention.start, end, name)
        return end


_THROUGH = frozenset({"to", "a", "through", "-", "–", "until", "hasta"})
_WEEKS = (
    "monday tuesday wednesday thursday friday saturday sunday".split(),
    "lunes martes miercoles jueves viernes sabado domingo".split(),
)


def _figure(right: Operand) -> bool:
    return isinstance(right.expression, Const) and isinstance(right.expression.value, Decimal)


def _name(expression: Expression) -> str:
    return expression.name if isinstance(expression, (Ref, Length)) else ""
