"""Which states and operations a clause names, and each state's part in it: from where, to where, where it is."""

from dataclasses import dataclass, field

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.lexicon import ARTICLES, NOT
from arraigo.apps.testplans.generator.model import STATE, System
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.lifecycle.phrases import (
    BECOMES,
    BEING,
    CAN,
    LINKS,
    MAKES,
    RELATIVE,
    STAYS,
    between,
)
from arraigo.apps.testplans.generator.understand.names import Mention, Names
from arraigo.apps.testplans.generator.words import Token, fold, stem

_LONGEST = max(len(phrase) for phrase in BECOMES)
_JOINED = frozenset({",", "o", "or", "u", "y", "and", "e", "en", "in", "con", "with", "either", "ni", "nor"}) | ARTICLES
_CUTS = frozenset({",", ";", ":", ".", "(", ")", "and", "y", "but", "pero", "e", "o", "or"})


_AGENTS = frozenset("by to from por a".split())  # "is assigned to an agent" is what is done
_PASSES = frozenset("pasa pasan cambia cambian change changes moves move goes passes va".split())
_ANSWERING = frozenset(["sistema", "system"])  # "el sistema devuelve" is no operation devolver
IRREGULAR = {
    "sent": "send", "sold": "sell", "paid": "pay", "bought": "buy", "lent": "lend", "held": "hold", "kept": "keep",
    "left": "leave", "lost": "lose", "made": "make", "built": "build", "taken": "take", "given": "give",
    "begun": "begin", "withdrawn": "withdraw", "chosen": "choose", "frozen": "freeze", "written": "write",
    "abierto": "abrir", "abierta": "abrir", "devuelto": "devolver", "devuelta": "devolver", "resuelto": "resolver",
    "resuelta": "resolver", "escrito": "escribir", "impuesto": "imponer", "puesto": "poner", "hecho": "hacer",
    "dispuesto": "disponer", "inscrito": "inscribir", "inscrita": "inscribir", "suspenso": "suspender",
}  # fmt: skip
_NOUNS = ("cion", "ciones", "miento", "mientos", "tion", "ment")
_INFINITIVES = ("ar", "er", "ir")
_STANDS = frozenset("esta estan este esten estaba estando".split())
_DONE = ("ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas", "erto", "erta", "uelto", "uelta")


@dataclass(slots=True)
class Seen:
    """The states and operations of one clause."""

    targets: list[str] = field(default_factory=list)  # "becomes sent"
    are: list[str] = field(default_factory=list)  # "the order is sent", in a main clause
    sources: list[str] = field(default_factory=list)  # "a sent order", "if it is sent"
    absent: list[str] = field(default_factory=list)  # "an order that is not sent"
    stays: list[str] = field(default_factory=list)  # "stays sent"
    operations: list[str] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)  # operations that are named by a noun: "el envío", not "enviar"
    places: dict[str, int] = field(default_factory=dict)  # where each name begins

    @property
    def states(self) -> list[str]:
        """All of them."""
        return [*self.targets, *self.are, *self.sources, *self.absent, *self.stays]


def look(found: list[Token], names: Names, *, given: bool = False) -> Seen:
    """What a clause names; `given`: it is a condition, so that "it is sent" says where one is, not where one gets."""
    plain, seen = words(found), Seen()
    mentions = names.mentions(found)
    for mention in mentions:
        told = set(plain[max(0, mention.start - 2) : mention.start]) & _ANSWERING
        with_ = plain[mention.end : mention.end + 1] in (["with"], ["con"]) and mention.score < 1
        if mention.sort == "operation" and not told and not with_:
            _operation(seen, mention, plain)
    role, last = "", 0
    for mention in [*(m for m in mentions if m.sort == "state"), *_explicit(found, mentions, names)]:
        state = str(mention.value)
        same = operation_of(names.system, state)
        if same and found[mention.start].kind == "word" and _passive(plain, mention.start):
            _add(seen.operations, same)
            seen.places.setdefault(same, mention.start)
            continue
        if any(m.sort == "field" and m.end == mention.start and not _agrees(found, mention) for m in mentions):
            continue  # "las plazas reservadas", where the state is "reservado": what describes a field
        gap = plain[last : mention.start] if role else ["?"]
        role = role if set(gap) <= _JOINED else _role(plain, mention.start, given=given)
        last = mention.end
        if role == "are" and same and plain[last : last + 1] and plain[last] in _AGENTS:
            _add(seen.operations, same)
            continue
        _add(getattr(seen, role), state)
        seen.places.setdefault(state, mention.start)
    _from_to(plain, seen)
    taken = {n for m in mentions if m.sort in {"value", "state", "operation"} for n in range(m.start, m.end)}
    _scattered(found, names, seen, taken)
    modal = [m.name for m in mentions if m.sort == "operation" and set(plain[max(0, m.start - 2) : m.start]) & CAN]
    seen.operations.sort(key=lambda name: name not in modal)
    return seen


def _from_to(plain: list[str], seen: Seen) -> None:
    """For "pasa de nuevo a presentado", "changes from empty to active"."""
    for n, word in enumerate(plain):
        if word not in {"from", "de", "desde"} or not n or plain[n - 1] not in _PASSES:
            continue
        here = sorted((place, state) for state, place in seen.places.items() if state in seen.states and place > n)
        if len(here) > 1 and {"to", "a", "al"} & set(plain[here[0][0] : here[1][0]]):
            (_, source), (_, target) = here[:2]
            for role in (seen.targets, seen.are, seen.sources):
                role[:] = [state for state in role if state not in {source, target}]
            seen.sources.append(source)
            seen.targets.append(target)


def _explicit(found: list[Token], mentions: list[Mention], names: Names) -> list[Mention]:
    """For "in the state credit" where the credit is a quantity too."""
    made: list[Mention] = []
    taken = {n for m in mentions if m.sort == "state" for n in range(m.start, m.end)}
    for n, token in enumerate(found[1:], 1):
        if found[n - 1].text not in {"state", "status", "estado"} or n in taken:
            continue
        made += [Mention(n, n + 1, "state", STATE, state) for state in names.system.states if fold(state) == token.text]
    return made


def _scattered(found: list[Token], names: Names, seen: Seen, taken: set[int]) -> None:
    """Operations whose verb and object stand apart: "guides can be added" of add_audio_guides."""
    for operation in names.system.operations:
        verb, *rest = parts(operation)
        if operation in seen.operations:
            continue
        words_ = [(n, token) for n, token in enumerate(found) if token.kind == "word" and n not in taken]
        places = [n for n, token in words_ if _form(token, verb)]
        objects = [token for token in found if token.kind == "word" and token.stem in {stem(part) for part in rest}]
        places = [n for n in places if not {"sistema", "system"} & {one.text for one in found[max(0, n - 2) : n]}]
        fit = objects if rest else verb.endswith(_INFINITIVES)
        if places and fit and not set(seen.places.values()) & set(places):
            _add(seen.operations, operation)
            seen.places.setdefault(operation, places[0])


def _form(token: Token, verb: str) -> bool:
    """Whether a word is a form of a verb: libera of liberar, added of add."""
    root = verb[:-2] if verb.endswith(_INFINITIVES) and len(verb) > 5 else ""
    near = bool(root) and token.text.startswith(root) and len(token.text) - len(root) <= 5
    near = near and not token.text.endswith(_NOUNS)
    return near or IRREGULAR.get(token.text) == verb or alike(token.stem, stem(verb)) >= 0.95


def operation_of(system: System, state: str) -> str:
    """The operation whose verb a state's name is the participle of: cancelled of cancel_order."""
    for word in fold(state).split():
        for operation in system.operations:
            if IRREGULAR.get(word) == parts(operation)[0] or alike(stem(word), stem(parts(operation)[0])) >= 0.95:
                return operation
    return ""


def _operation(seen: Seen, mention: Mention, plain: list[str]) -> None:
    if mention.start and plain[mention.start - 1] in _STANDS and plain[mention.start].endswith(_DONE):
        return  # "está reservada": where it is, not what is done
    _add(seen.operations, mention.name)
    seen.places.setdefault(mention.name, mention.start)
    noun = mention.start and plain[mention.start - 1] in ARTICLES
    if noun and not plain[mention.start].endswith(("r", "rlo", "rla", "ing")):
        seen.nouns.add(mention.name)


def _agrees(found: list[Token], mention: Mention) -> bool:
    """Whether the words stand there as the state's name is spelt, so that the thing itself may be meant."""
    return found[mention.start].text == fold(str(mention.value)).partition(" ")[0]


def _passive(plain: list[str], i: int) -> bool:
    """For "can be cancelled": what is done, not a state."""
    before = [word for word in plain[max(0, i - 5) : i] if word not in {"also", "only", "tambien", "not", "solo", "\0"}]
    return (
        before[-1:] in (["be"], ["ser"], ["been"])
        or before[-2:-1] == ["be"]
        or bool(before[-1:] == ["se"] and set(before) & CAN)
    )


def _role(plain: list[str], i: int, *, given: bool) -> str:
    for j in range(max(0, i - 8), i):
        if to := between(plain, j):
            return "targets" if i > to else "sources"
    k = i - 1
    while k >= 0 and plain[k] in LINKS and not _ends(plain, k):
        k -= 1
    near = set(plain[max(k - 2, i - 5, 0) : i])
    negative = bool(near & (NOT - {"without", "sin"}))
    if k >= 0 and plain[k] in STAYS:
        return "stays"
    if size := _ends(plain, k):
        return "sources" if given and plain[k - size + 1 : k + 1] == ["ends"] else "targets"
    if any(plain[j] in MAKES and not set(plain[j + 1 : i]) & _CUTS for j in range(i - 1, max(-1, i - 7), -1)):
        return "targets"
    be = k if k >= 0 and plain[k] in BEING else next((j for j in range(i - 1, k, -1) if plain[j] in BEING), -1)
    if be >= 0:
        if negative or (be and plain[be - 1] in NOT - {"without", "sin"}):
            return "absent"
        start = next((j + 1 for j in range(be - 1, -1, -1) if plain[j] in {",", ";", ":", "."}), 0)
        return "sources" if given or set(plain[start:be]) & RELATIVE else "are"
    return "absent" if negative and plain[i - 1] in NOT else "sources"


def _ends(plain: list[str], k: int) -> int:
    """How many words a phrase of becoming that ends at `k` has."""
    sizes = range(min(_LONGEST, k + 1), 0, -1)
    return next((size for size in sizes if tuple(plain[k - size + 1 : k + 1]) in BECOMES_SET), 0)


BECOMES_SET = frozenset(BECOMES)


def _add(to: list[str], name: str) -> None:
    if name not in to:
        to.append(name)
