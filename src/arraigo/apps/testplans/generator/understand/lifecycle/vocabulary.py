"""Which words of a document are states: what is listed, quoted, or said again and again of the thing itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.lexicon import ARTICLES, IF, NOT, REFUSE, at, has
from arraigo.apps.testplans.generator.understand.clauses import quoted, sentences, words
from arraigo.apps.testplans.generator.understand.fields import add_state
from arraigo.apps.testplans.generator.understand.lifecycle.phrases import (
    BECOMES,
    BEGINS,
    BEING,
    MAKES,
    RELATIVE,
    STAYS,
    between,
)
from arraigo.apps.testplans.generator.understand.lifecycle.roles import operation_of
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.words import Token, fold, inflected, stem, tokens
from arraigo.apps.testplans.plan import Language, Requirement

ENOUGH = 2
_LIST = re.compile(
    r"(?P<head>(?:[\w ]{0,40}?\b)?(?:(?:estados|states|statuses)\b[^.:;]{0,50}?(?::|\bson\b|\bare\b)|"
    r"(?:estado|state|status)\b[^.:;]{0,30}?(?::|\bone of\b|\bes uno de\b|\bpuede ser\b|\bcan be\b)))"
    r"\s*(?P<items>[^.:;]+(?:\([^)]*\)[^.:;]*)*)",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"^(?:con|with|si|if|for|para)\b[^,.]{3,45}, [«\"“](?P<state>[^»\"”]{3,25})[»\"”]\W*$", re.IGNORECASE
)
# "The locker is available, rented or blocked": what a thing may be, one after the other.
_MAY_BE = re.compile(
    r"(?:^|[.;:]\s+)(?P<head>[^.;:,]{0,60}?)\b(?P<verb>pueden? (?:estar|encontrarse|hallarse)|est[aá]n?(?: siempre)?|"
    r"se encuentra|can be|may be|is always|is|are)\s+(?P<items>[^.;:()]+,?\s+(?:o|u|or)\s+[^.;:,()]+)"
    r"(?=[.;:]|$)",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"(?:^|; )(?P<head>estado|state|status|resultado|result|outcome|decisi[oó]n): (?P<cell>[^;:.]+)", re.IGNORECASE
)
CALLED = re.compile(
    r"\b(?:before that|until then|antes de eso|hasta entonces|before)\b[^.]{0,90}\b"
    r"(?:calls?|called|llama\w*|denomina\w*)\s+(?:that |it |this |eso |esto )?[«\"“*]*"
    r"(?P<state>[\w ]{2,25}?)[»\"”*]*\s*(?:[.;,]|$)",
    re.IGNORECASE,
)
FROM_TO = re.compile(
    r"\b(?:pasa|cambia|changes?|moves?|goes|passes|va)\s+(?:de|del?\s+estado|from)\s+"
    r"(?:the |state |estado |the state )?(?P<a>[«\"“*]?[\w ]{2,24}?[»\"”*]?)\s+(?:a|al?\s+estado|to)\s+"
    r"(?:the |state |estado )?"
    r"(?P<b>[«\"“*]?[\w]+(?: [\w]+)??[»\"”*]?)(?=\s*(?:[.,;]|$| when\b| cuando\b| and\b| y\b| if\b| si\b))",
    re.IGNORECASE,
)
_SAME = re.compile(r"(?:^|[.;]\s+)(?P<a>[\w ]{3,20}) (?:is|es|means) (?P=a)\b", re.IGNORECASE)
_SPLIT = re.compile(r"\s*,\s*(?:y |e |and |o |or |u )?|\s+(?:y|e|and|o|or|u)\s+")
_MOST_WORDS = 4
_OPENED = 3  # words of a state that is listed in a sentence
_ENDS = (
    *("ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas", "ed", "ive", "ivo", "iva", "ente", "ante", "able"),
    *("ible", "ing", "ent", "ant", "erto", "erta", "echo", "echa", "esto", "esta", "uelto", "uelta", "ito", "ita"),
    *(
        "ando",
        "iendo",
        "oso",
        "osa",
        "ivos",
        "ivas",
        "uesto",
        "uesta",
        "icto",
        "al",
        "ended",
        "ten",
        "ken",
        "wn",
        "sent",
        "lost",
    ),
)
_KNOWN = frozenset(
    (
        "open closed idle free busy empty full ready new active valid void vacant due late low normal high off on "
        "draft "
        "sent out gone sold paid held lost broken hidden live locked libre lleno llena vacio vacia listo lista nuevo "
        "nueva borrador apto apta completo completa pendiente vigente alarma abierto abierta roto rota inicial"
    ).split()
)
_NEVER = frozenset(
    (
        "nada nothing none nadie nobody todo all ella ello ellos ellas eso esto it them zero cero pagar cobrado "
        "refused rejected accepted required mandatory optional possible impossible allowed permitted needed necessary "
        "shown displayed returned rounded calculated computed counted included excluded asked checked told given "
        "entered added used-up reduced multiplied divided raised lowered charged based limited called named said "
        "written spelt copied different same equal enough wrong right correct incorrect true false known unknown "
        "responsible important present absent missing greater less more fewer higher lower above below important "
        "rechazado rechazada aceptado aceptada obligatorio obligatoria opcional necesario necesaria permitido "
        "permitida calculado calculada redondeado redondeada incluido incluida mostrado igual mayor menor correcto "
        "correcta incorrecto incorrecta distinto distinta diferente posible imposible suficiente gratis "
        "posterior anterior siguiente mensual anual constante followed numbered identified described specified "
        "made done met created proposed"
    ).split()
)
_STOP = frozenset(
    (
        "with con when if si cuando until hasta by por for para at of than que that as because after before "
        "then again once and y or o e but pero while mientras unless salvo since desde from to sin without no not "
        "is are was es esta son inmediatamente now ya nuevamente only solo otra further de"
    ).split()
)
_OPENERS = frozenset("en al a fuera in out under sin on awaiting por".split())


@dataclass(slots=True)
class _Found:
    """How surely a word is a state; `kinds` are the ways in which it was said."""

    raw: str
    score: int = 0
    kinds: set[str] = field(default_factory=set)


def learn(requirements: Sequence[Requirement], names: Names) -> None:
    """Add the states that the document speaks of to the system, in the order in which they come up."""
    gathering = _Gathering(names)
    said = [tokens(sentence, one.language) for one in requirements if not _row(one) for sentence in sentences(one.text)]
    for one in requirements:
        gathering.lists(one.text)
        gathering.may_be(one.text, one.language)
        gathering.results(one.text)
    for found in said:
        gathering.sentence(found)
    for found in said:
        gathering.described(found)
    for key, found_ in gathering.found.items():
        if (
            found_.score >= ENOUGH
            and found_.kinds != {"adjective"}
            and not any(inflected(key, fold(known)) for known in names.system.states)
        ):
            add_state(names.system, found_.raw)
    known = {fold(state) for state in names.system.states}
    for own in names.system.fields.values():  # "the order is sent" says nothing of order_time
        if {stem(part) for part in parts(own.name)} & gathering.things:
            own.values = [value for value in own.values if fold(str(value)) not in known]
            own.kind = "" if own.kind == "choice" and not own.values else own.kind


def _row(one: Requirement) -> bool:
    return bool(re.match(r"[^:;.]{1,40}: [^;]*; [^:;.]{1,40}: ", one.text))


class _Gathering:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.found: dict[str, _Found] = {}
        objects = {stem(part) for name in names.system.operations for part in parts(name)[1:]}
        fields = [parts(name) for name in names.system.fields]
        inputs = {stem(own[0]) for own in fields if len(own) == 1}
        self.things = {root for root in objects if root not in inputs} | {stem(word) for word in _THINGS}

    def lists(self, text: str) -> None:
        """For "Estados: nuevo, en curso y cerrado" and "The other states are sent and paid"."""
        for match in CALLED.finditer(text):
            self._add(match["state"].strip(), "called", 2)
        for match in FROM_TO.finditer(text):
            for state in (match["a"], match["b"]):
                bare = quoted(state)
                if bare[:1] != state[:1] or self._adjective(fold(bare).split()[-1]):
                    self._add(bare, "from to", 2)
        for sentence in sentences(text):
            if told := _ELSE.match(sentence):
                self._add(told["state"], "else", 2)
        for match in _SAME.finditer(text):
            self._add(match["a"].strip().lower(), "the same", 2)
        for match in _LIST.finditer(text):
            things = [stem(fold(word)) for word in re.findall(r"\w+", match["head"])]
            items = [quoted(re.sub(r"\([^)]*\)", "", one)).strip(' *_«»"“”') for one in _SPLIT.split(match["items"])]
            fine = [one for one in items if one and len(one.split()) <= _MOST_WORDS and not re.search(r"\d", one)]
            if len(fine) < ENOUGH or len(fine) < len([one for one in items if one]) or any(map(_clausal, fine)):
                continue
            self.things |= {root for root in things if len(root) > 3 and root not in {"estad", "stat", "state"}}
            for one in fine:
                self._add(one, "listed", 2)

    def may_be(self, text: str, language: Language) -> None:
        """For "the locker is available, rented or blocked", «puede estar libre, en curso o cerrado»."""
        for match in _MAY_BE.finditer(text):
            head = tokens(match["head"], language)
            stative = fold(match["verb"]).startswith(("puede", "esta", "se encuentra"))
            if any(m.sort == "field" for m in self.names.mentions(head)) and not (head and self._thing(head[-1])):
                continue
            items = [quoted(one).strip("«»") for one in _SPLIT.split(match["items"])]
            items = [self._bare(one) for one in items if one]
            fit = [one for one in items if self._adjective(fold(one).split()[-1]) or fold(one).split()[0] in _OPENERS]
            fine = all(len(one.split()) <= _OPENED and not re.search(r"\d", one) for one in items)
            if not fine or any(map(_clausal, items)) or len(items) <= ENOUGH - stative or len(fit) < len(items) - 1:
                continue
            if head and head[-1].kind == "word":
                self.things.add(head[-1].stem)
            for one in items:
                self._add(one, "listed", 2)

    def _bare(self, item: str) -> str:
        """«en reservada» is reservada; «en muelle» is itself."""
        rest = item.partition(" ")[2]
        return rest if re.match(r"(?:en|in) \w+$", item, re.IGNORECASE) and self._adjective(fold(rest)) else item

    def results(self, text: str) -> None:
        """The cells of a column of results may be states: whether they are, sentences must say."""
        for match in _RESULT.finditer(text):
            fine = not re.search(r"\d", match["cell"]) and len(match["cell"].split()) <= _MOST_WORDS
            if fine and len(match["cell"]) > ENOUGH:
                self._add(match["cell"].strip(), "column", 2 if match["head"].lower() in _STATE else 1)

    def sentence(self, found: list[Token]) -> None:
        """What something becomes, stays, begins as."""
        plain = words(found)
        for i in range(len(found)):
            if to := between(plain, i):
                self._candidate(found[:to], plain[:to], i + 2, "becomes")
                self._candidate(found, plain, to + 1, "becomes")
                continue
            size = max(at(plain, i, BECOMES), at(plain, i, BEGINS), plain[i] in STAYS, plain[i] in MAKES)
            if not size or self._figure(found, i):
                continue
            start = i + size
            if at(plain, i, BEGINS):  # "al principio está en ...", "at first the order is ..."
                be = next((k for k in range(start, min(start + 4, len(found))) if plain[k] in BEING), None)
                start = start if be is None or set(plain[start:be]) & {",", ";"} else be + 1
            if plain[i] in MAKES:
                start = next((k for k in range(start, min(start + 6, len(found))) if found[k].kind == "quote"), start)
                start = self._past_thing(found, start)
            self._candidate(found, plain, start, "becomes")

    def described(self, found: list[Token]) -> None:
        """For "the order is open", "a sent order", "un reclamo cotizado"."""
        plain = words(found)
        for i, token in enumerate(found):
            if token.kind != "word":
                continue
            if plain[i] in BEING - {"been"} and i and (self._thing(found[i - 1]) or plain[i - 1] in {"it", *RELATIVE}):
                given = plain[i - 1] in RELATIVE
                follows = found[i + 1].text if i + 1 < len(found) else ""
                if plain[i] in {"es", "son", "fue"} and operation_of(self.names.system, follows):
                    continue  # "es autorizada" is what is done; "queda autorizada" were a state
                self._candidate(found, plain, i + 1, "given" if given else "is", relative=given)
            before = found[i - 1] if i else None
            after = found[i + 1] if i + 1 < len(found) else None
            fit = self._adjective(token.text)
            if after is not None and fit and self._thing(after) and before is not None and _determiner(before.text):
                self._add(token.raw, "adjective", 1)
            elif before is not None and fit and before.text in {"los", "las", "quien", "quienes"}:
                self._add(token.raw.removesuffix("s"), "adjective", 1)
            elif before is not None and fit and self._thing(before) and i > 1 and _determiner(found[i - 2].text):
                self._add(token.raw, "adjective", 1)

    def _candidate(self, found: list[Token], plain: list[str], i: int, kind: str, *, relative: bool = False) -> None:
        while i < len(found) and plain[i] in _SKIPPED:
            i += 1
        named = next((k for k in range(i, min(i + 3, len(found))) if plain[k] in _STATE), None)
        explicit = named is not None and set(plain[i:named]) <= ARTICLES | {"in", "en"}
        i = named + 1 if named is not None and explicit else i
        if found[i + 1 : i + 2] and found[i + 1].kind == "quote" and plain[i] in _OPENERS:
            i += 1
        if i >= len(found):
            return
        if found[i].kind == "quote":
            fine = len(found[i].raw.split()) <= _MOST_WORDS and not found[i].raw.endswith((".", "!"))
            fine = fine and not (found[i].raw[:1].isupper() and " " in found[i].raw and plain[i - 1] in {",", ":"})
            if fine and not self._message(plain, i):
                self._add(found[i].raw, "quoted", 2)
                if (
                    found[i + 2 : i + 3]
                    and plain[i + 1] in {"or", "o", ",", "and", "y"}
                    and found[i + 2].kind == "quote"
                ):
                    self._candidate(found, plain, i + 2, kind)
            return
        run = list(_run(found, plain, i))
        if not run or any(token.kind != "word" for token in run) or len(run) > 3:
            return
        text = " ".join(token.text for token in run)
        core = [token for token in run if token.text not in _OPENERS]
        if not core or any(token.text in _NEVER | ARTICLES | NOT for token in run):
            return
        own = len(run) == 1 and (run[0].text in _KNOWN or bool(operation_of(self.names.system, run[0].text)))
        mentioned = {m.sort for m in self.names.mentions(run)} - ({"value"} if own else set())
        if mentioned & {"field", "value", "quantity"} and not explicit:
            return
        after = i + len(run)
        if kind in {"is", "given"} and after < len(found) and plain[after] in _COMPLEMENTS:
            return
        fit = self._adjective(core[-1].text) or (len(run) > 1 and run[0].text in _OPENERS)
        sure = explicit or (fit and kind == "becomes") or (own and not relative)
        done = i and plain[i - 1] in _PASSIVE and core[-1].text.endswith(("ado", "ada", "ados", "adas", "ido", "ida"))
        if kind == "is" and done:
            return  # "es autorizada": what is done to it
        if fit or explicit or not relative:
            self._add(text if run[0].raw[:1].isupper() else " ".join(t.raw for t in run), kind, 2 if sure else 1)

    def _add(self, raw: str, kind: str, score: int) -> None:
        raw = self._bare(raw)
        key = next((known for known in self.found if inflected(known, fold(raw))), fold(raw))
        one = self.found.setdefault(key, _Found(raw))
        if kind not in one.kinds or kind == "adjective":
            one.score += score
        one.kinds.add(kind)

    def _figure(self, found: list[Token], i: int) -> bool:
        """Whether what becomes something is a figure or a value, not the thing."""
        near = found[max(0, i - 4) : i]
        if near and self._thing(near[-1]):
            return False
        return any(m.sort in {"field", "quantity", "value"} and m.end >= len(near) for m in self.names.mentions(near))

    def _past_thing(self, found: list[Token], i: int) -> int:
        """Past "the meter", "al donante", "it"."""
        if i < len(found) and found[i].kind == "word" and found[i].text in ARTICLES | {"it", "al"}:
            i += 1 if found[i].text == "it" else 2
        return i

    def _thing(self, token: Token) -> bool:
        return token.kind == "word" and token.stem in self.things

    @staticmethod
    def _adjective(word: str) -> bool:
        return (word in _KNOWN or (word.endswith(_ENDS) and len(word) > 3)) and word not in _NEVER

    @staticmethod
    def _message(plain: list[str], i: int) -> bool:
        told = (k for k in range(max(0, i - 5), i) if plain[k] in _TELLS)
        return any(not (k and _determiner(plain[k - 1])) or plain[max(0, k - 2)] in {"con", "with"} for k in told)


_PASSIVE = frozenset("es son sera seran fue fueron sea sean".split())
_COMPLEMENTS = frozenset("by to for from with at of de por para con as como than que".split())
_STATE = frozenset(["state", "status", "estado"])
_TELLS = frozenset(
    "mensaje message aviso notice warning says say muestra shows told informa error texto text responde with".split()
)
_SKIPPED = frozenset("then now again as como ser estar quedar entonces ahora ya".split())
_THINGS = (
    "account cuenta order pedido request solicitud application ticket claim reclamo session sesion loan prestamo "
    "subscription suscripcion reservation reserva booking machine maquina device equipo expediente caso case contract "
    "contrato invoice factura policy poliza job trabajo visita visit file document documento item safe caja door puerta"
).split()


def _clausal(item: str) -> bool:
    """Whether an item of a list cannot be a state's name: "is rejected", "the state stays as it is"."""
    found = fold(item).split()
    refused = len(found) > 1 and has(found, REFUSE)
    return refused or bool({*found[:1]} & ARTICLES or {"se", "que", "that", "which", "not"} & set(found))


def _determiner(word: str) -> bool:
    return word in ARTICLES or word in {
        "only",
        "solo",
        "another",
        "otro",
        "otra",
        "ningun",
        "ninguna",
        "no",
        "al",
        "del",
    }


def _run(found: list[Token], plain: list[str], i: int) -> Iterator[Token]:
    """The words of a state's name that may begin at `i`."""
    for k in range(i, min(i + 5, len(found))):
        opens = k == i and plain[k] in _OPENERS
        inside = k == i + 1 and plain[k] == "de" and plain[i] == "fuera"
        if (plain[k] in _STOP and not opens and not inside) or found[k].kind == "mark" or at(plain, k, IF):
            return
        yield found[k]
