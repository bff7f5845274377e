"""A requirement's sentences as steps with their results."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from arraigo.apps.testplans.generator.checks.formats import samples
from arraigo.apps.testplans.generator.checks.limits import Bound, bounds, subject
from arraigo.apps.testplans.generator.checks.rounding import rounded
from arraigo.apps.testplans.generator.checks.said import parted, said, without_article
from arraigo.apps.testplans.generator.checks.texts import figure, listed, quoted, say, small, with_unit
from arraigo.apps.testplans.plan import Language, Technique

_I = re.IGNORECASE
_PERSON = re.compile(
    r"(?:usuari[oa]s?|clientes?|soci[oa]s?|administrador\w*|operador\w*|emplead[oa]s?|recepci\w+|t[ée]cnic[oa]s?|"
    r"estudiantes?|docentes?|profesor\w*|m[ée]dic[oa]s?|pacientes?|vendedor\w*|gerentes?|jef[ea]s?|supervisor\w*|"
    r"asesor\w*|persona\w*|users?|customers?|members?|administrators?|managers?|operators?|couriers?|students?|"
    r"teachers?|patients?|employees?|clerks?|agents?|visitors?|guests?|drivers?|readers?|owners?|staff|person|people|"
    r"sellers?|buyers?|supervisors?)\b",
    _I,
)
_OBLIGATORY = re.compile(r"\b(?:obligatori[oa]s?|requerid[oa]s?|required|mandatory)\b", _I)
_OPTIONAL = re.compile(r"\b(?:opcional(?:es)?|optional)\b", _I)
_LISTED = re.compile(r"(?P<lead>[^:]{4,90}):\s+(?P<values>[^.;:]{1,40}(?:;\s+[^.;:]{1,40})+)\.?")
_CLOSED = re.compile(r"\b(?:permitid\w+|v[áa]lid\w+|solo|[úu]nic\w+|allowed|valid|only|one of|possible|posibles)\b", _I)
_STANDARD = re.compile(
    r"\b(?:WCAG(?: \d(?:\.\d)?)?(?: (?:nivel|level) A{1,3})?|ISO(?:/IEC)? ?\d{3,5}|RFC ?\d{3,5}|OWASP\s?\w*|PCI[ -]DSS)"
)
_ELSE = re.compile(
    r"(?:en caso contrario|de lo contrario|en otro caso|si no(?: es as[íi]| se cumple)?(?=,)|otherwise|if not)"
    r"\s*[,:]?\s+(?P<then>.+)",
    _I,
)
_MESSAGE = re.compile(
    r"(?:mensaje|aviso|error|message|says?|dice|muestra|shows?|gets?)[^«“\"]{0,30}[«“\"](?P<text>[^»”\"]{3,200})[»”\"]",
    _I,
)
_AMOUNT = re.compile(
    r"\b(?:descuento|recargo|cobra|cuesta|paga|tarifa|precio|discount|surcharge|costs?|pays?|charged|fee|price)\b", _I
)
_TWO_LIMITS = re.compile(r"\s+(?:and|y)\s+(?=(?:the|el|la|los|las)\s)", _I)
_THEN_MOVES = re.compile(r"\s+(?:y|and)\s+(?=(?:pasa|queda|cambia|vuelve|becomes|moves|goes|changes)\b)", _I)
_SITUATION = re.compile(r"(?:despu[ée]s|tras|al|con|after|before|upon|with)\s", _I)
_HOURS = re.compile(r"(?P<low>\d{1,2}:\d{2})\s*(?:a|to|-|–|y|and)\s*(?:las\s+)?(?P<high>\d{1,2}:\d{2})")
_JOINT = re.compile(r" (?:for|of|in|within|por|en|durante|de)$")
_STRAY = re.compile(r"\b(debe|deber[áa]|puede|shall|must|may|cannot):\s+", _I)


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, and what has to come of it; empty: it only leads to the next one."""

    do: str
    result: str


@dataclass(slots=True)
class Steps:
    """The steps that a requirement comes to."""

    steps: list[Step] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    name: str = ""
    technique: Technique = "requirements_based"

    def add(self, do: str, result: str) -> None:
        """One more."""
        self.steps.append(Step("" if self.steps and self.steps[-1].do == do else do, result))

    def call(self, name: str, technique: Technique) -> None:
        """What the first thing that was found is called."""
        if not self.name:
            self.name, self.technique = name, technique


@dataclass(frozen=True, slots=True)
class _Clause:
    """What the readers get: a clause, what comes of a value that it does not allow, and where it stands."""

    text: str
    refusal: str
    section: str
    language: Language


def of_sentences(sentences: Sequence[str], section: str, language: Language) -> Steps:
    """The steps of a requirement's sentences; none where it says nothing to be done or seen."""
    made = Steps()
    plain = [_STRAY.sub(r"\1 ", one.strip()).rstrip(".;") for one in sentences]
    for at, sentence in enumerate(plain):
        if made.steps and _ELSE.fullmatch(sentence):
            continue  # taken by the one before it
        following = _ELSE.fullmatch(plain[at + 1]) if at + 1 < len(plain) else None
        refusal = _refusal(following["then"] if following else "", sentence, language)
        for part in [sentence] if _LISTED.fullmatch(sentence) else re.split(r";\s+(?![^(]*\))", sentence):
            _part(made, _Clause(part, refusal, section, language))
    return made


def _refusal(otherwise: str, sentence: str, language: Language) -> str:
    """What comes of a value that is not allowed."""
    message = _MESSAGE.search(otherwise) or _MESSAGE.search(sentence)
    if message:
        return say("message", language, result=say("rejected", language), message=message["text"].rstrip("."))
    return small(otherwise) if otherwise else say("rejected", language)


def _part(made: Steps, clause: _Clause) -> None:
    given, main = parted(clause.text, clause.language)
    if not given:
        lead, colon, rest = clause.text.partition(": ")  # "The discount depends on the month: if …"
        given, main = parted(rest, clause.language) if colon and len(lead.split()) > 1 else ("", clause.text)
    if not given:
        _read(made, clause)
        return
    key = "situation" if _SITUATION.match(given) else "set_up"
    do = say(key, clause.language, given=small(given))
    if said(main, clause.language).kind == "plain" and not _limits(Steps(), _Clause(main, "", "", clause.language)):
        before, *after = _THEN_MOVES.split(main)
        if after:
            _read(made, _Clause(before, clause.refusal, clause.section, clause.language))
            main = after[0]
        made.add(do, small(main))
        made.call(small(clause.text), "decision_table")
        return
    made.add(do, "")
    made.call(small(clause.text), "decision_table")
    _read(made, _Clause(main, clause.refusal, clause.section, clause.language))


def _read(made: Steps, clause: _Clause) -> None:
    for reader in _READERS:
        if reader(made, clause):
            return


def _round(made: Steps, clause: _Clause) -> bool:
    found = rounded(clause.text, clause.language)
    if found is None:
        return False
    exact, wanted = (listed([figure(one, clause.language) for one in values], clause.language) for values in found)
    made.add(say("round", clause.language, values=exact), say("rounded", clause.language, values=wanted))
    made.data.append(exact)
    made.call(small(clause.text), "boundary_value_3")
    return True


def _list(made: Steps, clause: _Clause) -> bool:
    found = _LISTED.fullmatch(clause.text)
    if not found:
        return False
    values = listed([quoted(one.strip(), clause.language) for one in found["values"].split(";")], clause.language)
    made.add(say("each", clause.language, values=values), say("each_accepted", clause.language))
    if _CLOSED.search(found["lead"]):
        made.add(say("other", clause.language), clause.refusal)
    made.data.append(values)
    made.call(small(found["lead"]), "equivalence_partitioning")
    return True


def _form(made: Steps, clause: _Clause) -> bool:
    text, language = _declared(clause.text), clause.language
    named, found = subject(text), samples(text)
    if found is None or not named:
        return False
    right, wrong = found
    bad = listed([quoted(one, language) for one in wrong], language)
    made.add(say("values", language, subject=small(named), values=quoted(right, language)), say("accepted", language))
    made.add(say("values", language, subject=small(named), values=bad), say("in_all", language, result=clause.refusal))
    made.data.append(f"{named}: {right}; {', '.join(wrong)}")
    _emptied(made, text, named, clause)
    made.call(say("form_of", language, subject=small(named)), "syntax")
    return True


def _declared(text: str) -> str:
    """For an entry of a list ("… the following: phone: required, 7 to 15 digits"): the entry."""
    parts = text.split(": ")
    return ": ".join(parts[-2:]) if len(parts) > 2 else text


def _emptied(made: Steps, text: str, named: str, clause: _Clause) -> None:
    do = say("empty", clause.language, subject=small(named))
    if _OBLIGATORY.search(text):
        made.add(do, clause.refusal)
    elif _OPTIONAL.search(text):
        made.add(do, say("accepted", clause.language))


def _limits(made: Steps, clause: _Clause) -> bool:
    halves = _TWO_LIMITS.split(clause.text)
    if len(halves) > 1 and all(subject(half) and bounds(half, clause.language) for half in halves):
        for half in halves:
            _limits(made, _Clause(half, clause.refusal, "", clause.language))
        return True
    text, language = _declared(clause.text), clause.language
    found = bounds(text, language)
    named = subject(text, found[0].at) if found else ""
    if not named or _PERSON.match(without_article(named)) or _AMOUNT.search(text.partition(named)[2]):
        return False
    inside, outside = [one.within for one in found], [one.beyond for one in found]
    many = len(outside) > 1
    bare = _JOINT.sub("", named)
    key = "values_of" if bare != named else "values"
    made.add(
        say(key, language, subject=small(named), values=_values(inside, language)),
        say("in_all", language, result=say("accepted", language)) if many else say("accepted", language),
    )
    made.add(
        say(key, language, subject=small(named), values=_values(outside, language)),
        say("in_all", language, result=clause.refusal) if many else clause.refusal,
    )
    made.data.append(f"{bare}: {_values([value for one in found for value in _sides(one)], language)}")
    _emptied(made, text, bare, clause)
    made.call(say("limits", language, subject=small(bare)), "boundary_value_2")
    return True


def _sides(one: Bound) -> list[tuple[Decimal, str]]:
    return [one.beyond, one.within] if one.side == "low" else [one.within, one.beyond]


def _values(values: Sequence[tuple[Decimal, str]], language: Language) -> str:
    return listed(list(dict.fromkeys(with_unit(value, unit, language) for value, unit in values)), language)


def _opening(made: Steps, clause: _Clause) -> bool:
    """Clock times: a minute inside and outside of each range."""
    ranges = [(_minutes(one["low"]), _minutes(one["high"])) for one in _HOURS.finditer(clause.text)]
    if not ranges:
        return False
    inside = [_clock(time) for low, high in ranges for time in (low, high - 1)]
    outside = [_clock(time) for low, high in ranges for time in (low - 1, high + 1)]
    language = clause.language
    made.add(say("times", language, values=listed(inside, language)), small(clause.text))
    made.add(
        say("times", language, values=listed(outside, language)), say("outside", language, text=small(clause.text))
    )
    made.data.append(", ".join([*inside, *outside]))
    made.call(small(clause.text), "boundary_value_2")
    return True


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02d}"


def _inspected(made: Steps, clause: _Clause) -> bool:
    found = _STANDARD.search(clause.text)
    if not found:
        return False
    named = subject(clause.text) or ("la interfaz" if clause.language == "es" else "the interface")
    do = say("inspect", clause.language, subject=small(named), standard=found.group(0))
    made.add(do, small(clause.text))
    made.call(small(clause.text), "requirements_based")
    return True


def _told(made: Steps, clause: _Clause) -> bool:
    language, one = clause.language, said(clause.text, clause.language)
    if one.kind in {"refused", "allowed"}:
        made.add(_tried(one.who, one.act, refused=one.kind == "refused", language=language), say(one.kind, language))
    elif one.kind == "has":
        made.add(say("let", language, act=one.act), say("allowed", language))
    elif one.kind == "turned_away":
        made.add(say("submit", language, who=small(one.who)), clause.refusal)
    else:
        key = "use" if clause.section else "use_plain"
        made.add(say(key, language, section=clause.section), small(one.then))
    made.call(small(clause.text), "scenario" if one.kind == "has" else "requirements_based")
    return True


def _tried(who: str, act: str, *, refused: bool, language: Language) -> str:
    key = "try" if refused else "do"
    if not who:
        return say("try", language, act=act)
    if _PERSON.match(without_article(who)):
        return say(f"{key}_who", language, who=without_article(who) if language == "es" else small(who), act=act)
    return say(f"{key}_thing", language, who=small(who), act=act)


_READERS: tuple[Callable[[Steps, _Clause], bool], ...] = (_round, _list, _form, _opening, _limits, _inspected, _told)
