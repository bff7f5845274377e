"""A sentence as a tester takes it: what has to be so before, what is done, what has to come of it."""

import re
from dataclasses import dataclass
from typing import Literal

from arraigo.apps.testplans.plan import Language

Kind = Literal["refused", "allowed", "has", "turned_away", "plain"]
_I = re.IGNORECASE
_ARTICLE = r"(?:el|la|los|las|un|una|the|an?)\s+"


@dataclass(frozen=True, slots=True)
class Said:
    """A clause taken apart; what it does not say is empty.

    Attributes:
        kind: `refused`: `act` must not be possible; `allowed`: it must; `has`: somebody is let do `act`; `turned_away`:
            `who` is; `plain`: `then` holds.
        who: Who or what it is about.
    """

    kind: Kind
    who: str = ""
    act: str = ""
    then: str = ""


_BEFORE = {
    "es": re.compile(
        r"(?P<word>si|cuando|siempre que|mientras|en caso de que|una vez que?|despu[ée]s de|tras|al)\s+(?P<given>[^,]+"
        r"(?:, (?:y|o) [^,]+)?),\s*(?:entonces\s+)?(?P<main>.+)",
        _I,
    ),
    "en": re.compile(
        r"(?P<word>if|when|whenever|while|once|as soon as|after|unless|before|upon)\s+(?P<given>[^,]+"
        r"(?:, (?:and|or) [^,]+)?),\s*(?:then\s+)?(?P<main>.+)",
        _I,
    ),
}
# "After three wrong codes the compartment is locked": no comma, but an article begins the other half.
_BEFORE_TOO = {
    "es": re.compile(r"(?P<word>despu[ée]s de|tras|con)\s+(?P<given>.+?)\s+(?P<main>(?:el|la|los|las|se)\s.+)", _I),
    "en": re.compile(r"(?P<word>after|with)\s+(?P<given>.+?)\s+(?P<main>(?:the|an?|it|nothing|no)\s.+)", _I),
}
_AFTER = {
    "es": re.compile(
        r"(?P<main>.{12,}?),?\s+(?P<word>solo si|solo cuando|cuando|siempre que|salvo que|si)\s+(?P<given>.{6,})", _I
    ),
    "en": re.compile(
        r"(?P<main>.{12,}?),?\s+(?P<word>only if|only when|when|whenever|unless|once|as long as|if)\s+(?P<given>.{6,})",
        _I,
    ),
}
_REFUSED = {
    "es": re.compile(
        r"(?:(?P<who>.+?)\s+)?no\s+(?:se\s+)?(?:puede[n]?|podr[áa]n?|debe[n]?|permite[n]?|admite[n]?|acepta[n]?)"
        r"(?:\s+que)?:?\s+(?P<act>.+)",
        _I,
    ),
    "en": re.compile(
        r"(?P<who>.+?)\s+(?:cannot|can't|can not|may not|must not|shall not)(?: be able to)?:?\s+(?P<act>.+)", _I
    ),
}
_ALLOWED = {
    "es": re.compile(
        r"(?:(?:el|la) (?:sistema|aplicaci[óo]n) (?:debe(?:r[áa])? )?permit\w+ que (?P<that>.+)"
        r"|(?:el|la) (?:sistema|aplicaci[óo]n) (?:debe(?:r[áa])? )?permit\w+ (?:al? (?P<to>\w+(?: de \w+)?) )?"
        r"(?P<verb>\w+(?:ar|er|ir)\b.+)"
        r"|(?P<who>(?:el|la|los|las|un|una|cada)\s.{2,60}?)\s+(?:puede[n]?|podr[áa]n?)\s+(?P<act>\w+(?:ar|er|ir|arse|erse|irse)\b.+))",
        _I,
    ),
    "en": re.compile(
        r"(?:(?:the) (?:system|application|app) (?:must|shall|should|will)? ?(?:let|allows?) (?P<that>.+)"
        r"|(?P<who>(?:the|an?|each|every|all)\s.{2,60}?)\s+(?:can|may)\s+(?P<act>(?!not\b).+))",
        _I,
    ),
}
_TURNED_AWAY = re.compile(
    r"(?P<who>[^,]{3,60}?)\s+(?:se\s+(?:rechaza|deniega)n?|(?:is|are|shall be|must be)\s+(?:refused|rejected|denied))",
    _I,
)
# "In all other cases there is no discount."
_REST = {
    "es": re.compile(
        r"(?P<word>en)\s+(?P<given>(?:los dem[áa]s|todos los otros|cualquier otro) casos?),?\s+(?P<main>.+)", _I
    ),
    "en": re.compile(r"(?P<word>in)\s+(?P<given>(?:all other|any other|other) cases?),?\s+(?P<main>.+)", _I),
}
_PASSIVE = re.compile(r"be\s+(?P<done>\w+)(?P<rest>.*)", _I)


def said(text: str, language: Language) -> Said:
    """A clause without a condition taken apart."""
    text = text.strip().rstrip(".;")
    refused = _REFUSED[language].fullmatch(text)
    if refused:
        return Said("refused", who=_plain(refused["who"]), act=_active(refused["act"], language))
    allowed = _ALLOWED[language].fullmatch(text)
    if allowed:
        named = {name: found for name, found in allowed.groupdict().items() if found}
        if "that" in named:
            return Said("has", act=named["that"])
        return Said("allowed", who=_plain(named.get("who") or named.get("to")), act=named.get("act") or named["verb"])
    turned = _TURNED_AWAY.fullmatch(text)
    if turned:
        return Said("turned_away", who=turned["who"])
    return Said("plain", then=text)


def parted(text: str, language: Language) -> tuple[str, str]:
    """A sentence's condition, ready to follow "a case in which", and the rest; no condition: empty."""
    for patterns in (_REST, _BEFORE, _BEFORE_TOO, _AFTER):
        found = patterns[language].fullmatch(text)
        if found and not found["main"].endswith(":") and _balanced(found["given"]) and _balanced(found["main"]):
            word, given = found["word"].lower(), found["given"].strip()
            return _given(word, given, language), found["main"].strip()
    return "", text


def _balanced(text: str) -> bool:
    return (
        text.count("(") == text.count(")")
        and all(text.count(one) % 2 == 0 for one in '"')
        and (text.count("«") == text.count("»") and text.count("“") == text.count("”"))
    )


def _given(word: str, given: str, language: Language) -> str:
    if word in {"en", "in"}:
        return "no se da ninguna de las otras condiciones" if language == "es" else "none of the other conditions holds"
    if word in {"unless", "salvo que"}:
        return f"no se cumple que {given}" if language == "es" else f"it is not so that {given}"
    if word in {"después de", "despues de", "tras", "al", "con", "after", "before", "upon", "with"}:
        return f"{word} {given}"
    return given


def _plain(who: str | None) -> str:
    return (who or "").strip()


def _active(act: str, language: Language) -> str:
    """For "be removed": get it removed."""
    passive = _PASSIVE.fullmatch(act) if language == "en" else None
    return f"get it {passive['done']}{passive['rest']}" if passive else act


def without_article(who: str) -> str:
    """The name alone."""
    return re.sub(rf"^{_ARTICLE}", "", who, flags=_I)
