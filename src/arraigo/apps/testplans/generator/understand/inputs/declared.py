"""Where a statement says what a field is: "the term is from 6 to 36", "a rating (1 to 5)", "minutes, a whole number"."""
# ruff: noqa: E501 - one pattern, one line

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.lexicon import ARTICLES, IF, REFUSE, has
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.fields import listed
from arraigo.apps.testplans.generator.understand.inputs.line import Line, N
from arraigo.apps.testplans.generator.understand.inputs.spec import OPPOSITE, Spec, spec
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.words import fold, stem

_MUST = (
    r"(?:(?:must|shall|should|may|can|will|cannot|has to|have to|needs? to|ought to|debe(?:n|ra|ran)?|puede[n]?|podra[n]?|tiene[n]? que|ha de|"
    r"always|siempre|only|solo|also|tambien|no|not|never|nunca|se) )*"
)
_BE = (
    r"(?:be|is|are|es|son|ser|sera[n]?|sea[n]?|estar|esta[n]?|estara[n]?|va[n]?|ir|ira[n]?|tendra[n]?|expresara[n]?|goes|go|ranges?|oscila[n]?|lies?|lie|has|have|"
    r"tiene[n]?|tener|consists? of|consta[n]? de|contains?|contiene[n]?|da[n]?|dar|escribe[n]?|escribir|given|written|"
    r"expresa[n]?|indica[n]?|named by|made of|made up of|compuest[oa]s? (?:de|por)|format(?:o)?|follows?|sigue[n]?|takes?|set|chosen|fijar|elegir|ajustar(?:se)?|"
    r"toma[n]?|admite[n]?|accepts?|acepta[n]?|exceed|superar?|exceder|pasar de|pasa de|(?:esta[n]? )?formed by|begins? with|starts? with|empieza con|comienza (?:con|por)|(?:esta[n]? )?formad[oa]s? por|:|=)"
)
_PREDICATE = re.compile(rf"(?: ?, (?:which|que|it) )?{_MUST}(?:{_BE} )+", re.IGNORECASE)
_HAS_TO = re.compile(r"\b(?:must|shall|has to|have to|debe[n]?|tiene[n]? que|ha de) (?:always |siempre )?(?:be|ser)\b")
_FIGURE = re.compile(rf"(?P<n>{N})(?: [,;].*)?")
_GIVING = re.compile(
    r"\b(?:give[sn]?|enters?|entered|entering|registra\w*|informa\w*|indica\w*|se piden?|se solicitan?|digita\w*|types?|"
    r"dice[sn]?|decir|dar|da|dan|say|says|sends?|receives?|recibe[n]?|provides?|states?|with|con|asked for|ingresa\w*|"
    r"diligencia\w*|anota\w*|captura\w*|records?|supplies|enviando|selecciona\w*|"
    r"picks?|chooses?|elige|escoge|fills? in|teclea\w*|suministra\w*|reporta\w*|declares?|declara\w*|takes?|consists? of|"
    r"califica\w*|specif\w+|submits?|passes|reads|mide|measures?|scans?|inserts?|added|adds|anade\w*|agrega\w*)\b"
)
_APART = re.compile(
    r"(?:that|which|who|que|for which|for|when|desde|since|transcurrid\w+|until|remain\w*|it|se|the|la|los|las|el|duro)\b[^,;(]*"
)
_OPENS = re.compile(
    rf"(?:, |: )?(?:(?:an?|un|una|the|el|las|los|como|as|in|en|con|with|always|siempre) )*(?:{N}|from |between |de {N}|de (?:uno|cero)|entre |desde |at least|"
    r"at most|up to|whole|enter[oa]|numero|number|integer|mandatory|optional|obligatori|opcional|positive|positiv|greater|mayor|"
    r"minimo|maximo|minimum|maximum|no mas|no more|not more|hasta|yes|si o no|si / no|text|texto|date|fecha|e-mail|email|"
    r"correo|hh : mm|yyyy|aaaa|one of|uno de|una de|either|lunes|monday|letras?|letters?|digits?|digitos|prefi|plus sign|signo mas|begins? with|starts? with|of at least|of at most|of (?:an?|between|from|"
    + N
    + r"))"
)
_NOUN = re.compile(
    r"(?:times?|periods?|durations?|numbers?|amounts?|address(?:es)?|values?|levels?|dates?|codes?|counts?|figures?|hours|minutes|days|"
    r"numeros?|tiempos?|valor(?:es)?|datos?|codigos?|niveles|nivel|entered|given|\w+[ai]d[oa]s?|\w{3,}ed) "
)
_GENERIC = re.compile(
    r"(?:numbers?|numeros?|values?|valor(?:es)?|figures?|amounts?|cantidades|cantidad|quantities|quantity|counts?|fields?|campos?|datos?|"
    r"it|they|both|ambos|ambas|all|todos|todas)"
)
_REFERRING = re.compile(
    r"(?:(?:the|an?|each|every|all|los|las|el|la|una?|cada|tod[oa]s|both|amb[oa]s|these|those|est[oa]s?|this|such|two|three|four|of|dos|"
    r"tres|cuatro|them) )*"
    r"(?P<noun>numbers?|numeros?|values?|valor(?:es)?|figures?|amounts?|cantidades|cantidad|quantities|quantity|counts?|fields?|campos?|"
    r"datos?|code|codigo|it|they|times?|horas?|dates?|fechas?|both|ambos|ambas|all|todos|todas)(?= )"
)
_WITHOUT = re.compile(
    r"\b(?:discount|descuento|surcharge|recargo|price|precio|pays?|pagan?|paga|costs?|cuesta|charged?|cobra\w*|fee|tarifa|"
    r"credit(?:ed)?|subsidio|multa|fine|bonus|commission|comision|free|gratis|"
    r"multiplied|divided|times|sum of|suma de|dividido|multiplicado|plus(?! sign)|product of|producto de)\b"
)


_LED = re.compile(r"^(?:with|con|for|without|sin) ")
_TRUTH = re.compile(
    r"(?:(?<=, )|(?<= and )|(?<= y )|(?<=: )|(?<= e )|(?<=say )|(?<=says )|(?<=decir )|(?<=dice )|(?<=indica )|(?<=informa ))(?:if|si)(?= )|\bwhether\b"
)
_WHOLE = re.compile(
    r"\b(?:how many|in|the|of|number of) whole\b|\b(?:horas|dias|meses|minutos|anos) (?:enter|complet)[oa]s\b"
)
_CODE = re.compile(r"(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*\b")
_OPEN_ON = re.compile(
    r"\b(?:open|opens|abre|abiert[oa]|atiende|funciona|available|disponible|works?|served|operates?|presta|runs)\b"
)
_ACCEPTING = re.compile(
    r"\b(?:(?<!no )se (?:acepta|admite|recibe|atiende|permite)n?|(?:is|are|be) (?:accepted|admitted|allowed|permitted)|"
    r"(?:can|may|pueden|puede|podran) (?:be |ser )?(?:apply|postular\w*|inscribir\w*|register|acept\w+|admit\w+|join|book|participa\w*|"
    r"solicita\w*|donate|donar|enter|accepted))\b"
)


@dataclass(slots=True)
class Said:
    """What one place of a statement says of fields; `start` and `end` are places of the line."""

    fields: list[str]
    spec: Spec
    start: int
    end: int
    whole: bool = False  # the whole statement is that
    predicate: bool = False  # it is what is said of a subject


@dataclass(slots=True)
class Declarations:
    """One statement being searched."""

    line: Line
    mentions: list[Mention]  # of fields
    acting: bool  # whether the statement names what somebody does: an operation
    subjects: list[str]  # what the statement before was about
    by_unit: Callable[[str], str | None]  # the field that is counted in a unit
    counted: frozenset[str] = frozenset()  # fields that are "numbers of" something
    weekday: str = ""  # the one field that is a day of the week
    alone: str = ""  # the one field that the operation has
    out: list[Said] = field(default_factory=list)

    def run(self) -> list[Said]:
        """All that the statement declares, from left to right."""
        text, plain = self.line.text, words(self.line.found)
        giving = _GIVING.search(text) is not None
        conditional = (has(plain, IF) and not giving) or _LED.match(text) is not None
        refusing = has(_untold(self.line), REFUSE)
        money = _WITHOUT.search(self._unnamed()) is not None
        self._aside(refusing=refusing or money)
        if giving:
            self._truths()
        if refusing or money:
            return self._sorted()
        for k, mention in enumerate(self.mentions):
            begin, stop = self.line.place(mention.end), self._stop(k)
            if any(said.start <= begin < said.end for said in self.out):
                continue
            if not conditional and (self._predicate([mention.name], mention, begin, stop) or self._ahead(mention)):
                continue
            if not _LED.match(text):
                self._beside(mention, begin, stop)
        if not self.out and not conditional and not self._referring() and not self._days():
            self._accepting()
        return self._sorted()

    def _unnamed(self) -> str:
        """The words that name no field."""
        own = {i for m in self.mentions for i in range(m.start, m.end)}
        return " ".join(token.text for i, token in enumerate(self.line.found) if i not in own)

    def _sorted(self) -> list[Said]:
        return sorted(self.out, key=lambda said: said.start)

    def _truths(self) -> None:
        """For "and whether it is a holiday" in a list of what is given."""
        for match in _TRUTH.finditer(self.line.text):
            end = re.compile(r" ,| and | y | e (?:si|if)|$|\(").search(self.line.text, match.end())
            stop = end.start() if end is not None else len(self.line.text)
            names = [m.name for m in self.mentions if match.end() <= self.line.place(m.start) < stop]
            if names and not any(names[-1] in said.fields for said in self.out):
                self._add(names[-1:], Spec(kind="flag", read=1), stop, stop)

    def _ahead(self, mention: Mention) -> bool:
        """For "students of second to ninth semester", "1 to 20 guests": the figures before the field."""
        before = self.line.text[: self.line.place(mention.start)].rstrip()
        if (
            glued := re.search(
                r"(?:\w+-(?:digits?|letters?|characters?)|#\d+ ?[-~] ?(?:digits?|letters?|character))$", before
            )
        ) is not None:
            made = self._spec(glued.start(), glued.end(), "")
            if made.shape:
                self._add([mention.name], made, glued.start(), glued.end())
                return True
        match = re.search(rf"(?:(?:from|between|de|entre|desde) )?{N} (?:to|a|and|y|-) {N}(?: of| de)?$", before)
        if match is None or not (self.acting or _GIVING.search(before) or _ACCEPTING.search(self.line.text)):
            return False
        made = self._spec(match.start(), match.end(), mention.name)
        self._add([mention.name], made, match.start(), self.line.place(mention.end) - 1)
        return True

    def _days(self) -> bool:
        """For "open from Tuesday to Sunday": the field that is a day of the week."""
        if not _OPEN_ON.search(self.line.text) or not self.weekday:
            return False
        made = self._spec(0, len(self.line.text), self.weekday)
        days = [value for value in made.values if isinstance(value, str)]
        if len(days) < len(made.values) or not days or made.limits:
            return False
        self._add(
            [self.weekday], Spec(values=list(made.values), message=made.message), 0, len(self.line.text), whole=True
        )
        return True

    def _accepting(self) -> bool:
        """For "only applicants from 18 to 65 years are accepted": the field that is counted in the unit."""
        if not _ACCEPTING.search(self.line.text):
            return False
        made = self._spec(0, len(self.line.text), "")
        units = {limit.unit for limit in made.limits if limit.unit}
        name = self.by_unit(units.pop()) if len(units) == 1 else None
        if name is None or made.lost > 3:
            return False
        self._add([name], made, 0, len(self.line.text), whole=True)
        return True

    def _stop(self, k: int) -> int:
        """Where what is said of the k-th mention ends: before the next field, its articles and its "and"."""
        later = [m for m in self.mentions[k + 1 :] if m.name != self.mentions[k].name]
        if not later:
            return len(self.line.text)
        i = later[0].start
        while i > 0 and self._leads(i - 1):
            i -= 1
        return max(self.line.place(i) - 1, 0)

    def _leads(self, i: int) -> bool:
        """Whether a token belongs to the field that follows: an article, "and", "the number of"."""
        text, after = self.line.found[i].text, self.line.found[i + 1].text
        if text in _COUNTS:
            return after in {"of", "de"}
        return text in ARTICLES | {"and", "y", "e", ",", "of", "de", "for", "con", "with", "if", "si", "whether"}

    # -- the ways of saying it

    def _aside(self, *, refusing: bool) -> None:
        """For "(a whole number)" after a field, or anywhere if there is one field only."""
        for match in re.finditer(r"\( (?P<in>[^()]*) \)", self.line.text):
            before = [m for m in self.mentions if self.line.place(m.end) <= match.start() + 1]
            _, made = self._longest(match.start("in"), match.end("in"), before[-1].name if before else "")
            if not made.sure or not made.plain or (refusing and not made.kind and not made.shape):
                continue
            if made.kind in {"", "number"} and made.decimals is None and _WHOLE.search(self.line.text[: match.start()]):
                made.kind = "integer"
            near = [m.name for m in before[-1:] if ", " not in self.line.text[self.line.place(m.end) : match.start()]]
            names = near or ([self.alone] if self.alone else [m.name for m in before[-1:]])
            if names and (names[0] == self.alone or near):
                self._add(names, made, match.start(), match.end())

    def _predicate(self, names: list[str], mention: Mention | None, begin: int, stop: int) -> bool:
        """For "the term is from 6 to 36 months"."""
        text = self.line.text
        noun = _NOUN.match(text, begin)
        match = _PREDICATE.match(text, noun.end() if noun is not None else begin)
        if match is None:
            apart = _APART.match(text, begin)
            match = _PREDICATE.match(text, apart.end()) if apart is not None and apart.end() < stop else None
        if match is None or (mention is not None and not self._subject(mention)):
            return False
        start = match.end()
        if re.search(r"\b(?:not?|never|cannot|nunca)\b", match.group()):
            start = begin
        stop, made = self._longest(start, stop, names[0])
        figure = _FIGURE.fullmatch(text, start, stop) if _HAS_TO.search(match.group()) else None
        if figure is not None and not made.says:
            made = Spec(values=[self.line.value(figure["n"])], read=1, end=stop)
        items = self._items(start, stop)
        if (
            items
            and not made.limits
            and not made.figures
            and not made.shape
            and not made.step
            and made.kind in {"", "text"}
        ):
            made = Spec(values=list(items), message=made.message, read=len(items), end=stop)
        if not made.sure:
            return False
        if (
            mention is not None
            and mention.start
            and self.line.found[mention.start - 1].text in {"no", "ningun", "ninguna"}
        ):
            for limit in made.limits:
                limit.op = OPPOSITE[limit.op]
        whole = begin == 0 or mention is None or self._first(mention)
        self._add(names, made, begin, stop, whole=whole and stop >= len(text) - 2)
        return True

    def _beside(self, mention: Mention, begin: int, stop: int) -> None:
        """For "a rating from 1 to 5, a whole number", "los minutos que duró, un entero de 1 a 60"."""
        text = self.line.text
        giving = self.acting or bool(_GIVING.search(text))
        code = (
            _CODE.match(self.line.source, self.line.span(begin, begin + 1)[0]) if giving and begin < len(text) else None
        )
        if code is not None:
            self._add([mention.name], Spec(values=[code.group()], read=1), begin, begin)
            return
        place = begin
        if not _OPENS.match(text, place):
            comma = re.compile(r"[^,;()#]*(?=, )").match(text, begin)
            if comma is None or comma.end() >= stop:
                return
            place = comma.end()
        if not giving or not _OPENS.match(text, place) or place >= stop:
            return
        end, made = self._longest(place, stop, mention.name)
        if made.sure and made.plain:
            self._add([mention.name], made, place, end)

    def _referring(self) -> bool:
        """For "The number is 0 or more", "Both are whole", "A number may be 0": what the sentence before was about."""
        text = self.line.text
        match = _REFERRING.match(text)
        if match is None:
            return False
        several = bool(
            re.match(
                r"(?:all|each|every|both|they|these|those|any|l[oa]s|tod\w+|cada|amb\w+|est[oa]s|an? (?:number|amount|quantity|value))\b",
                text,
            )
        )
        several = several or match["noun"].endswith("s")
        if not _GENERIC.fullmatch(match["noun"]):
            alikes = [n for n in self.subjects if any(alike(stem(match["noun"]), stem(p)) >= _SAME for p in parts(n))]
            alikes = alikes if several else alikes[:1] if len(alikes) == 1 else []
            return bool(alikes) and self._predicate(alikes, None, match.end() + 1, len(text))
        counts = [name for name in self.subjects if name in self.counted]
        numbers = (
            counts if counts and re.match("number|numero|quantit|cantidad|count", match["noun"]) else self.subjects
        )
        names = numbers if several else numbers[-1:]
        return bool(names) and self._predicate(names, None, match.end() + 1, len(text))

    # -- help

    def _subject(self, mention: Mention) -> bool:
        """Whether the mention can be what its clause is about: nothing before it but articles and "number of"."""
        i = mention.start
        found = self.line.found
        while i > 0 and found[i - 1].kind == "word" and found[i - 1].text in _BEFORE:
            i -= 1
        return i == 0 or found[i - 1].kind == "mark" or found[i - 1].text in _JOINS

    def _first(self, mention: Mention) -> bool:
        return all(token.text in _BEFORE for token in self.line.found[: mention.start])

    def _longest(self, start: int, stop: int, name: str) -> tuple[int, Spec]:
        """As much of what follows as can be understood: all, or up to a comma."""
        stop = self._sentence(start, stop)
        whole = self._spec(start, stop, name)
        commas = [m.start() for m in re.finditer(r" [,;(] ", self.line.text[:stop]) if m.start() > start]
        for end in [] if whole.sure else reversed(commas):
            made = self._spec(start, end, name)
            if made.sure:
                return end, made
        return stop, whole

    def _sentence(self, start: int, stop: int) -> int:
        """Up to the end of what is said, without a last full stop."""
        text = self.line.text[start:stop].rstrip(" .")
        return start + len(text)

    def _spec(self, start: int, end: int, name: str) -> Spec:
        own = {stem(part) for part in parts(name)} if name else set()
        near = frozenset(token.text for token in self.line.found if token.kind == "word" and token.stem in own)
        return spec(self.line, start, end, near)

    def _items(self, start: int, stop: int) -> list[str]:
        """The items of a list of words: "company, team, person", «leve, moderada o grave»."""
        first, last = self.line.index(start), self.line.index(max(start, stop - 1))
        found = self.line.found[first : last + 1]
        told = bool(
            re.search(
                r"(?:one|any|uno|una) (?:of|de)|:|values?|valores|following|siguientes", self.line.text[: start + 20]
            )
        )
        while found and (
            found[0].text
            in {"one", "of", "uno", "una", "de", "either", "any", ":", "the", "following", "los", "las", "siguientes"}
        ):
            found = found[1:]
        items, end = listed(found, 0, told=told)
        if not items and told and found:
            pieces = re.split(
                r"\s*,\s*(?:(?:or|o|and|y)\s+)?|\s+(?:or|o|and|y)\s+",
                self.line.source[found[0].start : found[-1].end].strip(" ."),
            )
            items, end = (
                (pieces, len(found))
                if len(pieces) > 1 and all(0 < len(p.split()) <= _WORDS for p in pieces)
                else ([], 0)
            )
        rest = " ".join(token.text for token in found[end:])
        return (
            items
            if items and len(rest.split()) <= 1 and not any(set(fold(one).split()) & _NOT_VALUES for one in items)
            else []
        )

    def _add(self, names: list[str], made: Spec, start: int, end: int, *, whole: bool | None = None) -> None:
        self.out.append(Said(list(names), made, start, end, bool(whole), whole is not None))


_JOINS = frozenset("and y that que but pero so thus therefore entonces".split())
_SAME = 0.95  # how near two stems have to be for one word
_COUNTS = frozenset("number numero numbers cantidad count numeros cantidades".split())
_BEFORE = (
    ARTICLES
    | frozenset("field campo dato input parameter parametro entry".split())
    | frozenset("no ningun ninguna of de del number numero cantidad the his her value valor in en for with for".split())
)
_WORDS = 3  # of a value at most
_NOT_VALUES = frozenset(
    "following siguientes limits limites limit included incluidos within both ambos mandatory required obligatorio obligatorios obligatoria necessary valid valido".split()
)


def _untold(line: Line) -> list[str]:
    """The words outside of brackets and of what follows "otherwise"."""
    text = re.sub(r"\([^()]*\)", "", line.text)
    text = re.split(r"[,:;] (?:otherwise|else|si no|de lo contrario|more are|others? are|any other)\b", text)[0]
    return text.split()
