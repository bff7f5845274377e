"""What main clauses compute, as rules: prices set and changed, bounds, rounding, formulas, results in words."""

from dataclasses import dataclass
from decimal import Decimal

from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.lexicon import (
    ALONE,
    FIRST,
    FREE,
    LEAST,
    MOST,
    REFUSE,
    at,
    has,
)
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    VALUE,
    Binary,
    Compare,
    Compute,
    Condition,
    Const,
    Every,
    Expression,
    OneOf,
    Ref,
    Rule,
    System,
)
from arraigo.apps.testplans.generator.understand import bounds, prices
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.conditions import Atom, Conditions, Reading
from arraigo.apps.testplans.generator.understand.formulas import DEFINES, formula
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.prices import MONEY_WORDS, Prices, rounding
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.words import Token, stem

_CAPS = frozenset(
    ("cap caps capped tope limit maximum minimum minimo maximo never nunca least most charged cobrara cobra").split()
)


@dataclass(slots=True)
class Pricing:
    """Reads what is computed; keeps the condition that "otherwise" refers back to."""

    system: System
    names: Names
    conditions: Conditions
    prices: Prices
    scopes: Scopes
    previous: Condition = ALWAYS

    def unsure(self, id_: str, plain: list[str]) -> list[Rule]:
        """A sentence whose comparison was not understood: what it computes makes the value doubtful."""
        if not has(plain, REFUSE) and {stem(word) for word in plain} & MONEY_WORDS:
            self.system.doubtful.update(self.scopes.explicit or self.system.operations)
        self.system.unread[id_] = " ".join(plain)
        return []

    def cap(self, id_: str, atom: Atom, plain: list[str], when: Condition) -> Rule | None:
        """For "The fine never exceeds 20": a bound on what is computed, not a refusal."""
        condition = atom.condition
        if not isinstance(condition, Compare) or not isinstance(condition.left, Ref):
            return None
        if condition.left.name in self.system.fields or not (isinstance(condition.right, Const) or set(plain) & _CAPS):
            return None
        if condition.left.name in self.names.kept:
            return None
        how = {"<=": "most", "<": "most", ">=": "least", ">": "least"}.get(condition.op)
        if how is None:
            return None
        return Compute(id_, self.scopes.operations_of(when), condition.left.name, when, how, condition.right)

    def priced(
        self, id_: str, main: list[Token], when: Condition, body: Reading, fields: tuple[str, ...]
    ) -> list[Rule]:
        """The rules of what one clause computes."""
        made: list[Rule] = []
        if first := self._first(id_, main, when, fields):
            return first
        pieces = bounds.split(main)
        if len(pieces) > 1:
            main = pieces[0]
            body = self.conditions.read(main, fields, equal=False)
        compared = {atom.subject for atom in body.atoms}
        own = [m.name for m in self.names.mentions(main, fields) if m.sort == "quantity"]
        target = next((name for name in own if name not in compared), VALUE)
        if rounded := rounding(main):
            how, unit = rounded
            cut = next((i for i, t in enumerate(main) if t.text.startswith(("round", "redond", "trunc", "aprox"))), 0)
            target = target if cut > 0 else VALUE
            made.append(Compute(id_, self.scopes.operations_of(when), target, when, how, Const(unit)))
            main = main[:cut]
            while main and main[-1].text in {",", "is", "se", "y", "and", "es", "result", "resultado", "el", "the"}:
                main = main[:-1]
            body = self.conditions.read(main, fields, equal=False)
        if defined := self._formula(id_, main, when, target, fields):
            return [defined, *made]
        cond = when
        for atom in body.atoms:
            if not body.loose and (cap := self.cap(id_, atom, [*words(main), "cap"], when)):
                made.append(cap)
            else:
                cond = conjoin(cond, atom.condition)
        self.prices.note(cond)
        self.prices.first(main, fields)
        if named := self._named(id_, main, own, cond):
            return named
        parts = prices.pieces(main, body)
        if len(parts) > 1:
            return self._several(id_, main, parts, when, fields)
        if change := self.prices.effect(main, body, fields):
            return [*self._changed(id_, main, target, when, cond, change, body, pieces[1:]), *made]
        if not made and any(main[i].unit in {"$", "%"} for i in body.loose):
            self.unsure(id_, words(main))
        return made

    def _named(self, id_: str, main: list[Token], own: list[str], cond: Condition) -> list[Rule]:
        """A quantity that is a word: "the grade is F"."""
        for name in own:
            said = [token.raw for token in main if token.raw in self.names.results.get(name, [])]
            if len(said) == 1 and token_of(main, said[0]) > 0:
                rest = self._unless_compared(cond, name)
                whole = has(words(main), ALONE)
                operations = self.scopes.operations_of(rest)
                return [Compute(id_, operations, name, rest, "set", Const(said[0]), "", False, whole)]
        return []

    def _several(
        self, id_: str, main: list[Token], parts: list[list[Token]], when: Condition, fields: tuple[str, ...]
    ) -> list[Rule]:
        """Several prices in one clause, each read by itself; "every hour" holds for all of them."""
        each = [word for word in words(main) if word in {"each", "every", "cada", "per"}]
        tail = prices.each_of(main) if each else []
        parts = [part if not tail or each[0] in words(part) else [*part, *tail] for part in parts]
        found = [
            self.priced(id_, part, when, self.conditions.read(part, fields, equal=False), fields) for part in parts
        ]
        return [rule for some in found for rule in some] if all(found) else self.unsure(id_, words(main))

    def _changed(
        self,
        id_: str,
        main: list[Token],
        target: str,
        when: Condition,
        cond: Condition,
        change: tuple[str, Expression],
        body: Reading,
        pieces: list[list[Token]],
    ) -> list[Rule]:
        """The rule of one change of a price, and of the bounds that the clause ends with."""
        how, by = change
        own = how == "set" or (how == "add" and isinstance(by, Binary))  # of this part, not of the whole
        ends = [found for piece in pieces if (found := bounds.read(piece)) is not None]
        for kind, bound in ends if own else []:
            by = Binary("min" if kind == "most" else "max", by, bound)
        made: list[Rule] = [
            Compute(id_, self.scopes.operations_of(cond), target, cond, *end) for end in ends if not own
        ]
        if how == "set" and when == ALWAYS and not body.atoms and (side := set(words(main)) & (LEAST | MOST)):
            how = "least" if side & LEAST else "most"
        noun = prices.noun(main)
        rule = Compute(
            id_,
            self.scopes.operations_of(Every((cond, Compare(by, "==", by)))),
            target,
            cond,
            how,
            by,
            noun,
            prices.on_top(main) or (self._flagged(cond) and not noun),
            has(words(main), ALONE),
        )
        self._scale(rule, main, body)
        self.prices.carried = how
        self.previous = cond if cond != ALWAYS else self.previous
        return [rule, *made]

    def _scale(self, rule: Compute, main: list[Token], body: Reading) -> None:
        """A share that is given back bare: 50 or 0.5? Nobody has said, unless it is called a percentage."""
        bare = rule.how == "set" and isinstance(rule.by, Const) and any(main[i].unit == "%" for i in body.loose)
        if bare and rule.target == VALUE and not {"porcentaje", "percentage"} & set(self.prices.told):
            self.system.doubtful.update(rule.operations)

    def _flagged(self, cond: Condition) -> bool:
        """Whether a price hangs on a truth alone: "breakfast costs 12" comes on top."""
        return isinstance(cond, OneOf) and cond.values == (True,)

    @staticmethod
    def _unless_compared(cond: Condition, name: str) -> Condition:
        """The condition without comparisons of the quantity that is set."""
        parts_ = cond.parts if isinstance(cond, Every) else (cond,)
        kept = tuple(part for part in parts_ if name not in names_in(part))
        return kept[0] if len(kept) == 1 else Every(kept)

    def _first(self, id_: str, main: list[Token], when: Condition, fields: tuple[str, ...]) -> list[Rule]:
        """For "The first 15 minutes are free": nothing up to there, and "after that" counts from there."""
        plain = words(main)
        for i, token in enumerate(main):
            if token.kind == "number" and token.value is not None and i and plain[i - 1] in FIRST and has(plain, FREE):
                reading = self.conditions.read([*main[:i], Token("mark", "<=", "<=", 0, 0), *main[i:]], fields)
                atoms = [atom for atom in reading.atoms if isinstance(atom.condition, Compare)]
                if len(atoms) != 1:
                    return []
                cond = conjoin(when, atoms[0].condition)
                self.prices.note(cond)
                self.prices.free.add(atoms[0].subject)
                return [Compute(id_, self.scopes.operations_of(cond), VALUE, cond, "set", Const(Decimal(0)))]
        return []

    def _formula(
        self, id_: str, main: list[Token], when: Condition, target: str, fields: tuple[str, ...]
    ) -> Rule | None:
        plain = words(main)
        for i in range(len(main)):
            size = at(plain, i, DEFINES)
            if not size:
                continue
            rest = main[i + size :]
            mentions = [m for m in self.names.mentions(rest, fields) if m.sort in {"field", "quantity"}]
            by = formula(rest, mentions)
            if by is not None and not isinstance(by, Const) and by != Ref(target):
                subject = [m for m in self.names.mentions(main[:i], fields) if m.sort == "quantity"]
                name = subject[0].name if subject else VALUE
                if name == VALUE and not {t.stem for t in main[:i]} & MONEY_WORDS:
                    continue
                whole = conjoin(when, Compare(by, "==", by))
                return Compute(id_, self.scopes.operations_of(whole), name, when, "set", by)
        return None


def conjoin(one: Condition, other: Condition) -> Condition:
    """Both conditions; one that always holds adds nothing."""
    if one == ALWAYS:
        return other
    if other == ALWAYS:
        return one
    left = one.parts if isinstance(one, Every) else (one,)
    return Every((*left, other))


def token_of(main: list[Token], raw: str) -> int:
    """Where a word stands."""
    return next((i for i, token in enumerate(main) if token.raw == raw), -1)
