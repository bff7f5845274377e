"""What a piece of text says that a value is: its kind, its limits, its decimals, its list, its form."""
# ruff: noqa: E501 - one pattern, one line

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from arraigo.apps.testplans.generator.model import Plain
from arraigo.apps.testplans.generator.understand.inputs import forms
from arraigo.apps.testplans.generator.understand.inputs.line import Line, N, Q
from arraigo.apps.testplans.generator.words import Token, fold, unit_of

Kind = Literal["", "integer", "number", "flag", "date", "time", "text", "email"]


@dataclass(slots=True)
class Limit:
    """`op` a figure; `length`: of the number of characters. `message`: what is told where it is not kept."""

    op: str
    value: Plain
    unit: str = ""
    length: bool = False
    message: str | None = None
    where: str = ""  # for which value of another field: "in a van"


@dataclass(slots=True)
class Spec:
    """All that one piece of text says of a value."""

    kind: Kind = ""
    limits: list[Limit] = field(default_factory=list)
    decimals: int | None = None
    values: list[Plain] = field(default_factory=list)
    step: Decimal | None = None
    step_unit: str = ""
    shape: str = ""  # a regular expression
    checked: str = ""  # how the shape's digits are checked
    besides: list[Plain] = field(default_factory=list)  # values with a meaning of their own: 999 if never
    required: bool | None = None
    asked: str = ""  # when it is required, in words
    message: str | None = None
    examples: list[str] = field(default_factory=list)
    read: int = 0  # words that were understood
    lost: int = 0  # words that were not
    end: int = 0  # where the scan stopped

    @property
    def says(self) -> bool:
        """Whether there is anything in it."""
        return bool(
            self.kind or self.limits or self.values or self.shape or self.step or self.decimals is not None
        )  # fmt: skip

    @property
    def plain(self) -> bool:
        """Whether it can be nothing else than what a value has to be: a kind, two limits, a form, a list."""
        several = len(self.limits) > 1 or len(self.values) > 1
        zero = any(limit.value == 0 or limit.length for limit in self.limits)
        return several or zero or self.kind not in {"", "number"} or bool(self.shape or self.step or self.decimals)

    @property
    def figures(self) -> bool:
        """Whether it is a list of figures."""
        return bool(self.values) and all(isinstance(value, Decimal) for value in self.values)

    @property
    def sure(self) -> bool:
        """Whether most of the words were understood."""
        return self.says and (
            self.kind == "email"
            or self.lost <= max(1, self.read // 3)
            or (len(self.limits) > 1 and bool(self.kind) and self.lost <= _FEW)
        )


_ART = r"(?:(?:the|an?|el|la|los|las|un|una|de|of) )*"
_NEG = r"(?:not?|never|cannot|nor|ni|nunca|tampoco|neither|without|sin)"
_BE = r"(?:(?:be|is|are|exceed|es|son|ser|sea|sean|puede|pueden|debe|deben|podra|may|can|must|have|has|more|go|lie|tener|contener|llevar|contain|include|pesar|weigh|durar|last|valer) )*"
_OPS = {
    ">=": "at least|minimum of|minimum|al menos|como minimo|por lo menos|minimo de|minimo|minima de|minima|"
    "mayor o igual (?:a|que|de)|igual o (?:mayor|superior) (?:a|que|de)|mayores o iguales (?:a|que)|"
    "superior o igual a|greater than or equal to|equal to or greater than|more than or equal to|>=|≥|"
    "from|desde|starting (?:at|from)|a partir de|a partir del",
    ">": "more than|greater than|larger than|higher than|longer than|older than|above|over|exceeds?|exceeding|"
    "mas de|mas que|mayor(?:es)? (?:que|a|de)|superior(?:es)? a|por encima de|super(?:a|e|ar|an)|"
    "exced(?:e|a|er|en)|sobrepas(?:a|e|ar)|pas(?:a|ar|e|en) de|>",
    "<=": "at most|no more than|up to and including|up to|hasta|maximum of|maximum|maximo de|maximo|maxima de|"
    "maxima|como maximo|como mucho|a lo sumo|menor o igual (?:a|que|de)|igual o (?:menor|inferior) (?:a|que|de)|"
    "menores o iguales (?:a|que)|inferior o igual a|less than or equal to|equal to or less than|fewer than or "
    "equal to|<=|≤|within|limited to|capped at|no later than|to",
    "<": "less than|fewer than|lower than|smaller than|shorter than|younger than|below|under|menos de|menos que|"
    "menor(?:es)? (?:que|a|de)|inferior(?:es)? a|por debajo de|before|antes de(?: las)?|<",
}
DAYS = (
    ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
_DAY = "|".join(f"{fold(name)}s?" for names in DAYS for name in names)
OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
_AFTER = {
    ">=": "or (?:more|older|above|over|higher|greater|longer|later|better|up)|and (?:above|over|up|more|older)|"
    "o (?:mas|superior(?:es)?|mayor(?:es)?)|y (?:mas|superiores)|en adelante|onwards|upwards|as a minimum|"
    "como minimo|minimum|minimo|at least|al menos|(?:años )?cumplidos o mas",
    "<=": "or (?:less|fewer|below|under|lower|shorter|earlier|younger)|and (?:below|under)|o (?:menos|inferior|"
    "menor|antes)|como maximo|as a maximum|maximum|maximo|at (?:the )?most|a lo sumo",
}
_KINDS: dict[Kind, str] = {
    "integer": r"(?:numero |numeros |valor )?enter[oa]s?(?: positiv[oa]s?)?|whole(?: \w+)?|integers?|sin decimales|"
    r"no decimals|(?:en )?anos cumplidos|full (?:years|days|hours|minutes|months)|(?:dias|meses|horas|minutos|"
    r"anos) complet[oa]s|int",
    "number": r"(?:puede|may|can) (?:tener|have|contener|llevar|contain) decimal(?:es|s)|decimal(?:es|s)? "
    r"(?:permitidos|allowed)|numeric[oa]?|amount|importe|monto|decimal|number|numero|sum|suma|money|dinero|float|"
    r"real|cantidad|currency|(?:con|with) decimal(?:es|s)",
    "flag": r"(?:yes|true|si|verdadero) (?:or|o|/|,|y|and) (?:no|false|falso)|booleano?|bool|flag|whether|si / no",
    "date": r"fechas?|dates?|yyyy - mm - dd|aaaa - mm - dd|dd / mm / (?:yyyy|aaaa)|iso 8601",
    "time": r"hh : mm|times? of day|hora del dia|24 - hour(?: clock| time)?|(?:en |in |de )?(?:formato de )?#\d+~(?:horas|hours)"
    r"(?: format)?(?= |$)|hora|time",
    "email": r"(?:valid |valida? )?(?:e-mail|email|correo)(?: electronico)?(?: address(?:es)?| valid[oa])?|"
    r"direccion de correo(?: electronico)?",
    "text": r"free text|texto libre|text|texto|strings?|cadena|alfanumeric[oa]|alphanumeric",
}
_OPTIONAL = (
    r"optional|opcional|not (?:required|mandatory)|no (?:es )?obligatori[oa]|(?:may|can) be (?:left out|omitted|"
    r"empty|left (?:empty|blank)|blank)|(?:se )?puede (?:omitir(?:se)?|dejarse? vaci[oa]|quedar vaci[oa]|faltar|ir vaci[oa])"
)
_REQUIRED = (
    r"required|mandatory|compulsory|obligatori[oa]s?|requerid[oa]s?|(?:must|may|can) ?not be (?:left out|empty|"
    r"blank|missing|omitted|null)|no (?:puede|debe|pueden|deben) (?:faltar|omitirse|quedar vaci[oa]s?|"
    r"estar vaci[oa]s?|ir vaci[oa]s?)|never empty|not empty|no vaci[oa]|must be (?:given|present|stated|entered)"
)
_DULL = (
    "the a an el la los las un una unos unas de del of in en y e and o or , ; . : to be is are es son must shall "
    "should may can debe deben puede pueden ser it its their su sus with con per por each cada as como format formato "
    "both inclusive included incluidos incluido ambos extremos value valor values valores valid valida validos that "
    "que which only solo digitado entered given number numero cents centavos pesos dollars euros se da dan have has "
    "tener tiene between entre from desde range rango also ademas but pero lie lies written escribe escriben long "
    "longitud length largo characters caracteres them ellos solo single allowed permitido permitidos admitidos ( ) "
    "porcentaje percentage percent comprendido comprendida comprendidos expresado exactly exactamente just fijo "
    "ranges goes va van oscila not no cannot positive such least most"
).split()
_FEW = 3
_RELATIVE = 9
_DULL_WORDS = frozenset(_DULL)


@dataclass(slots=True)
class Scan:
    """One piece of a line being read as a spec."""

    line: Line
    place: int
    end: int
    own: frozenset[str] = frozenset()
    spec: Spec = field(default_factory=Spec)
    said: int = 0  # where the limits begin that were said last

    def run(self) -> Spec:
        """Read it to its end."""
        text = self.line.text[: self.end]
        found = forms.read(self.line, self.place, self.end)
        if found is not None:
            self.spec.shape, self.spec.checked, start, stop = found
            self.spec.read += text[start:stop].count(" ") + 1
            before = Scan(self.line, self.place, start, self.own, self.spec)
            before._rest()
            self.place = stop
        self._rest()
        self.spec.end = self.place
        return self.spec

    def _rest(self) -> None:
        text = self.line.text[: self.end]
        while self.place < self.end:
            if text[self.place] == " ":
                self.place += 1
                continue
            for pattern, act in _RULES:
                match = pattern.match(text, self.place)
                if match is not None and match.end() > self.place:
                    before = len(self.spec.limits)
                    act(self, match)
                    self.said = before if len(self.spec.limits) > before else self.said
                    self._where(text, match.end())
                    self.spec.read += match.group().count(" ") + 1
                    self.place = match.end()
                    break
            else:
                self._word(text)

    def _where(self, text: str, place: int) -> None:
        """For "1 to 4 in a saloon", "hasta 5 (camión)"."""
        match = _PLACE.match(text, place) if self.said < len(self.spec.limits) else None
        for limit in self.spec.limits[self.said :] if match is not None else []:
            limit.where = limit.where or (self.line.raw(match.start("x"), match.end("x")) if match is not None else "")

    def _word(self, text: str) -> None:
        stop = text.find(" ", self.place)
        word = text[self.place : stop if stop >= 0 else self.end]
        self.place += len(word)
        if word not in _DULL_WORDS and word not in self.own and not unit_of(word):
            self.spec.lost += 1

    # -- what patterns do

    def limit(self, op: str, mark: str) -> None:
        """One bound; of the length where the unit is characters."""
        token = self.line.at(mark)
        length = token.unit in {"character", "digit"}
        after = self.line.text[self.line.starts[int(mark[1:].split("~", maxsplit=1)[0])] + len(mark) :]
        if re.match(r" (?:times|veces)\b", after) or (
            token.unit == "%" and re.match(r" (?:of|de|del|above|below|over|mas|more|por)\b", after)
        ):
            self.spec.lost += _RELATIVE  # of something else
        self.spec.limits.append(Limit(op, self.line.value(mark), "" if length else token.unit, length=length))

    def after(self, match: re.Match[str]) -> None:
        """For "18 or more"."""
        self.limit(">=" if match["least"] else "<=", match["n"])

    def before(self, match: re.Match[str]) -> None:
        """For "at least 18", "no puede superar 20"."""
        op = next(op for op, phrases in _OPS.items() if re.fullmatch(phrases, match["op"]))
        self.limit(OPPOSITE[op] if match["neg"] else op, match["n"])

    def range(self, match: re.Match[str]) -> None:
        """For "from 1 to 5"."""
        low, high = match["low"], match["high"]
        open_ = bool(match["open"])
        if not self.line.at(low).unit and (unit := self.line.at(high).unit) in {"character", "digit"}:
            self.spec.limits += [Limit(">=", self.line.value(low), length=True)]
            self.limit("<=", high)
            del unit
            return
        self.limit(">" if open_ else ">=", low)
        self.limit("<" if open_ or match["ends"] else "<=", high)
        low_unit = self.spec.limits[-2]
        low_unit.unit = low_unit.unit or self.spec.limits[-1].unit

    def kind(self, match: re.Match[str]) -> None:
        """The kind; the stricter of two stays."""
        kind: Kind = next(kind for kind, phrases in _KINDS.items() if re.fullmatch(phrases, match["kind"]))
        if not self.spec.kind or (self.spec.kind == "number" and kind == "integer"):
            self.spec.kind = kind

    def decimal(self, match: re.Match[str]) -> None:
        """How many decimals there may be."""
        value = self.line.value(match["n"]) if match["n"] else Decimal(1)
        self.spec.decimals = int(value) if isinstance(value, Decimal) else None
        self.spec.kind = "number"

    def unsigned(self, _: re.Match[str]) -> None:
        """For "not negative"."""
        self.spec.limits.append(Limit(">=", Decimal(0)))

    def sign(self, _: re.Match[str]) -> None:
        """For "positive"."""
        self.spec.limits.append(Limit(">", Decimal(0)))

    def list(self, match: re.Match[str]) -> None:
        """Figures or quotations with commas between them."""
        for mark in re.findall(rf"{N}|{Q}", match.group()):
            token: Token = self.line.at(mark)
            self.spec.values.append(token.raw if token.kind == "quote" else self.line.value(mark))

    def special(self, match: re.Match[str]) -> None:
        """For "999 if never"."""
        self.spec.besides.append(self.line.value(match["n"]))

    def told(self, match: re.Match[str]) -> None:
        """A message: of the limit on its side, of the last thing, or of all."""
        message = self.line.at(match["q"]).raw
        words = match.group()
        above = re.search(r"\b(more|mas|mayor|bigger|longer|above|over|later|higher)\b", words)
        below = re.search(r"\b(less|fewer|menos|menor|shorter|below|under|earlier|lower)\b", words)
        side = "<" if above else ">" if below else ""
        aside = words.startswith("(") and self.said < len(self.spec.limits)
        for limit in self.spec.limits if side else self.spec.limits[self.said :] if aside else []:
            if limit.op.startswith(side) and limit.message is None:
                limit.message = message
        if not side and not aside:
            self.spec.message = message

    def size(self, match: re.Match[str]) -> None:
        """For "exactly 8 characters"."""
        value = self.line.value(match["n"])
        self.spec.limits += [Limit(">=", value, length=True), Limit("<=", value, length=True)]

    def stepped(self, match: re.Match[str]) -> None:
        """For "every half hour", "multiple of 5", "in steps of 0.5"."""
        if mark := match["n"] or match["n2"]:
            value, self.spec.step_unit = self.line.value(mark), self.line.at(mark).unit
            self.spec.step = value if isinstance(value, Decimal) else None
            return
        half = "half" in match.group() or "media" in match.group()
        self.spec.step, self.spec.step_unit = Decimal("0.5") if half else Decimal(1), "hour"

    def days(self, match: re.Match[str]) -> None:
        """For "Monday to Friday": each of them, as the document spells them."""
        names = next(names for names in DAYS if match["first"] in map(fold, names))
        first, last = (list(map(fold, names)).index(match[one]) for one in ("first", "last"))
        count = (last - first) % 7
        upper = self.line.raw(match.start("first"), match.end("first"))[0].isupper()
        for n in range(count + 1):
            name = names[(first + n) % 7]
            self.spec.values.append(name.capitalize() if upper else name)

    def must(self, match: re.Match[str]) -> None:
        """Required or not."""
        self.spec.required = match["not"] is None

    def example(self, match: re.Match[str]) -> None:
        """What stands after "such as"."""
        self.spec.examples.append(self.line.raw(match.start("e"), match.end("e")))

    def skip(self, match: re.Match[str]) -> None:
        """Understood, and of no use here."""


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


_PLACE = re.compile(
    r" (?:\( ?|(?:in|for|on|with|en|para|con) (?:an?|the|un|una|el|la|los|las)? ?)(?P<x>(?!total|all|whole|decimal|one |un |entero)[a-z][a-z ]{2,30}?)(?= [,;.)]| and | y |$)"
)
_AN = r"(?:(?:the|el|la|los|las|las) )?"
_OPEN = r"exclusive|both excluded|exclusiv[oe]s?|sin incluir(?:los)?|excluid[oa]s|ambos excluidos|not included|no incluid[oa]s"
_RULES: list[tuple[re.Pattern[str], Callable[[Scan, re.Match[str]], None]]] = [
    (
        _pattern(
            rf"{_NEG} {_BE}(?:(?:\w+ ){{1,5}}(?:or|nor|o|ni) {_BE})?negativ[eoa]s?|(?:or|nor|ni|o) (?:be |ser )?negativ[eoa]s?|(?:or|nor|ni|o) (?:be |ser )?negativ[eoa]s?|non ?- ?negative"
        ),
        Scan.unsigned,
    ),
    (_pattern(rf"(?:{_BE})positiv(?:e|[oa]s?)(?= |$)"), Scan.sign),
    (
        _pattern(
            r"(?:(?P<q0>for example|for instance|e \. g \.|such as|por ejemplo|p \. ej \.|example :|ejemplo :|como(?! (?:minim|maxim|much|poco))|like) )"
            r"(?P<e>[^,;()]+?)(?= [,;)]| \.|$)"
        ),
        Scan.example,
    ),
    (_pattern(r"\( (?P<e>(?=[a-z-]*\d)[a-z][a-z0-9-]{4,}) \)"), Scan.example),
    (
        _pattern(
            rf"(?:\( )?(?:[^#@.;()]{{0,60}} )??(?:refused|rejected|rechaza\w*|rechace\w*|else|otherwise|"
            rf"si no|de lo contrario|message|mensaje|shows?|says?|muestra|informa|gets?|error|with|con|:) "
            rf"(?:[^#@.;()]{{0,40}} )?(?P<q>{Q})(?: otherwise)?(?: \))?"
        ),
        Scan.told,
    ),
    (_pattern(rf"\( (?P<q>{Q})(?: otherwise| si no)? \)"), Scan.told),
    (
        _pattern(
            rf"(?:(?:no more than|at most|up to|with|con|maximo|como maximo|hasta|max \.|a maximum of|not more than|exactly|"
            rf"exactamente|a single|one|un solo|un unico|maximum of|maximo de|no mas de|un maximo de) )*"
            rf"(?:(?P<n>{N}) |(?:a|un|solo|single|unico) )+(?:decimals?|decimales|decimal places?|cifras decimales|posicion(?:es)? decimal(?:es)?)"
        ),
        Scan.decimal,
    ),
    (
        _pattern(
            rf"(?:(?P<of>between|entre|from|desde|del?|de) )?{_AN}(?P<low>{N})(?: included| incluido)? "
            rf"(?:to|a|al|hasta|y hasta|and up to|up to|through|until|-|–|—|\. \.(?: \.)?|(?(of)and|zzz)|(?(of)y|zzz)) {_AN}"
            rf"(?P<high>{N})(?: \w+)??(?: \(? ?(?P<open>{_OPEN})(?: \))?)?(?: ?\( {N} (?P<ends>(?:is )?not included|no incluid[oa]|excluded|excluid[oa]) \))?"
        ),
        Scan.range,
    ),
    (
        _pattern(rf"(?:from |de )?(?P<first>{_DAY}) (?:to|a|through|-|–|hasta|until) (?:the )?(?P<last>{_DAY})(?= |$)"),
        Scan.days,
    ),
    (
        _pattern(rf"(?P<n>{N})(?: \w+){{0,3}}? (?:(?P<least>{_AFTER['>=']})|(?P<most>{_AFTER['<=']}))(?= |$)"),
        Scan.after,
    ),
    (_pattern(rf"(?P<n>{N}) (?:if|when|si|cuando|means|significa|for|para|=)(?= )[^;.)]*"), Scan.special),
    (_pattern(rf"(?:{N}|{Q})(?: , (?:{N}|{Q}))* ,? ?(?:or|o|u|and|y|e) (?:{N}|{Q})"), Scan.list),
    (_pattern(rf"(?:{N}|{Q})(?: [,/] (?:{N}|{Q}))+"), Scan.list),
    (_pattern(rf"(?P<neg>{_NEG} {_BE})?(?P<op>{'|'.join(_OPS.values())}) {_ART}(?P<n>{N})"), Scan.before),
    (
        _pattern(r"(?:exactly|exactamente|of|de|just)? ?(?P<n>#\d+~(?:characters?|caracter(?:es)?|chars))(?= |$)"),
        Scan.size,
    ),
    (
        _pattern(
            rf"(?:every|cada) (?:(?P<n>{N})|half hour|half an hour|media hora|hour|hora)|"
            rf"(?:a )?(?:multiples? of|multiplos? de|in steps of|en pasos de|divisible by|in increments of|de #?\d* ?en) (?P<n2>{N})"
        ),
        Scan.stepped,
    ),
    (_pattern(rf"(?P<not>{_OPTIONAL})(?= |$)|(?:{_REQUIRED})(?= |$)"), Scan.must),
    (_pattern(rf"(?P<kind>{'|'.join(f'(?:{p})' for p in _KINDS.values())})(?= |$)"), Scan.kind),
]


def spec(line: Line, start: int = 0, end: int | None = None, own: frozenset[str] = frozenset()) -> Spec:
    """What the line says between two places; `own` words are the field's."""
    made = Scan(line, start, len(line.text) if end is None else end, own).run()
    if any(limit.length for limit in made.limits) and made.kind in {"", "text"}:
        for limit in made.limits:
            limit.length = limit.length or not limit.unit
    return made
