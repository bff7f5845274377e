"""States and transitions in sentences: where things begin, which operation leads where, what is forbidden."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from arraigo.apps.testplans.generator.creators import creator, parts
from arraigo.apps.testplans.generator.lexicon import ARTICLES, BE, NOT, REFUSE, at, has
from arraigo.apps.testplans.generator.model import ALWAYS, Barred, Condition, Move, Rule, System
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.words import Token, fold, stem


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


_TO = _phrases(
    "to|into|is in|are in|esta en|becomes|become|pasa a|pasa al|pasan a|pasara a|queda|"
    "quedan|quedara|cambia a|moves to|goes to|changes to|marked|marked as|"
    "set to|→|->|=>|returns to|vuelve a|vuelve al|enters|entra en|pasar a|hacia|turns|"
    "is then|leaves it|leaving it|dejandola|dejandolo|"
    "deja|leave|vuelve a quedar|quedar|quedan|leads to|takes it back to|quedando|makes it|"
    "remains|sigue|permanece|stays|a estado|al estado|puts it|becoming|back to|la deja|"
    "lo deja|as|como|is now"
)
_BEGINS = _phrases("starts|begins|initial|inicial|nace|comienza|inicia|empieza|initially")
_FROM = frozenset(["from", "desde", "del", "de"])
_INITIAL = _phrases(
    "starts|start|begins|initial|initially|inicial|inicialmente|nace|inicia|comienza|empieza|"
    "arranca|created|se crea|al crearse|at first|new|nuevo|nueva|starts as|beginning"
)
_PASSIVE = frozenset(("be ser been puede pueden podra puedan to se").split())
_SOFT = frozenset(("the a an in state status el la los las un una en estado ser be it como as lo al a").split())


@dataclass(slots=True)
class Seen:
    """The states and operations of one sentence, by their parts in it."""

    targets: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)  # operations that are named by a noun: "el envío", not "enviar"


def look(tokens: list[Token], names: Names) -> Seen:
    """What a sentence names, told apart as from where and to where."""
    system, plain, seen = names.system, words(tokens), Seen()
    mentions = names.mentions(tokens)
    for mention in mentions:
        if mention.sort == "operation":
            _add(seen.operations, mention.name)
            if (
                mention.start
                and plain[mention.start - 1] in ARTICLES
                and not plain[mention.start].endswith(("r", "rlo", "rla", "ing"))
            ):
                seen.nouns.add(mention.name)
    to = _phrases("into") if "into" in plain else _TO
    passive_: set[str] = set()
    for mention in (m for m in mentions if m.sort == "state"):
        state, i = str(mention.value), mention.start
        same = operation_of(system, state)
        before = i - 1
        while before >= 0 and plain[before] in _SOFT and plain[before] not in _PASSIVE | {"to", "as", "como"}:
            before -= 1
        if same and i > 0 and (plain[i - 1] in _PASSIVE or tokens[i].text != fold(state)) and tokens[i].kind == "word":
            passive = plain[i - 1] in _PASSIVE - {"to"} or has(plain[max(0, i - 3) : i], (("can",), ("may",)))
        else:
            passive = False
        if passive:
            _add(seen.operations, same)
            passive_.add(same)
            continue
        goes = any(
            (size := at(plain, k, to))
            and set(plain[k + size : i]) <= _SOFT | {"\0"}
            and not set(plain[k + size : i]) & _FROM
            for k in range(max(0, i - 6), i)
        )
        after = (
            plain[:1]
            and plain[0] in {"after", "once", "upon", "tras", "al", "despues"}
            and plain[i - 1] in BE | {"queda"}
        )
        _add(seen.targets if goes or after else seen.sources, state)
    no = next((i for i, word in enumerate(plain) if word in NOT), 0)
    later = [m.name for m in mentions if m.sort == "operation" and m.start > no]
    if no and (later or passive_) and set(plain) & {"cannot", "puede", "pueden", "podra", "may", "can"}:
        seen.operations = [name for name in seen.operations if name in later or name in passive_]
    modal = [m.name for m in mentions if m.sort == "operation" and set(plain[max(0, m.start - 2) : m.start]) & _MODALS]
    seen.operations.sort(key=lambda name: name not in modal)
    return seen


_MODALS = frozenset(("puede pueden podra podran can may be ser se cannot must debe").split())


def _add(to: list[str], name: str) -> None:
    if name not in to:
        to.append(name)


def operation_of(system: System, state: str) -> str:
    """The operation whose verb a state's name is the participle of."""
    roots = [stem(word) for word in fold(state).split()]
    for operation in system.operations:
        if any(alike(root, stem(part)) >= 0.95 for root in roots for part in parts(operation)[:1]):
            return operation
    return ""


def transitions(
    requirement: str,
    tokens: list[Token],
    names: Names,
    when: Condition,
    message: str | None,
    *,
    asked: list[str],
    condition: Sequence[Token] = (),
) -> list[Rule] | None:
    """The rules that one sentence states about states; None: it is not about states.

    `asked` are the operations where the sentence itself names none.
    """
    system, plain = names.system, words(tokens)
    seen = look(tokens, names)
    if not seen.targets and not seen.sources:
        return None
    negative = bool(set(plain) & NOT) or has(plain, REFUSE)
    begins = has(plain, _INITIAL) and system.initial is None and len({*seen.targets, *seen.sources}) == 1
    if begins and not negative and (not seen.operations or when == ALWAYS):
        state = (seen.targets + seen.sources)[0]
        maker = creator(system)
        if maker or (seen.operations and not has(plain, _BEGINS)):
            return [Move(requirement, (maker or seen.operations[0],), (), state, ALWAYS, message)]
        system.initial = state
        return []
    if len(seen.targets) > 1:
        return _each(requirement, tokens, names, when, message, asked=asked)
    own = [name for state in seen.targets if (name := operation_of(system, state))]
    operations = tuple(seen.operations or own or asked)
    if negative and not seen.operations and not seen.targets:
        named = {m.name for m in names.mentions(tokens) if m.sort == "field"}
        operations = tuple(name for name, fields in system.operations.items() if named & set(fields))
    if not operations and seen.targets and when == ALWAYS and not negative and (maker := creator(system)):
        operations = (maker,)
    if not operations:
        return None
    if not seen.targets and not seen.operations:
        return None if not negative else [Barred(requirement, operations, tuple(seen.sources), message)]
    if condition and set(words(list(condition))) & NOT and seen.sources and seen.operations:
        made: list[Rule] = [Barred(requirement, operations, tuple(seen.sources), message)]
        return [*made, *[Move(requirement, operations, (), target, when) for target in seen.targets[:1]]]
    if negative and seen.sources and not seen.targets:
        only = {"only", "solo", "solamente", "unicamente"} & set(plain)
        if not only:
            return [Barred(requirement, operations, tuple(seen.sources), message)]
    target = seen.targets[0] if seen.targets else None
    return [Move(requirement, operations, tuple(seen.sources), target, when, message)]


def _each(
    requirement: str, tokens: list[Token], names: Names, when: Condition, message: str | None, *, asked: list[str]
) -> list[Rule]:
    """A sentence with several transitions: each part between commas that has an operation and a target."""
    made: list[Rule] = []
    piece: list[Token] = []
    sources: list[str] = []
    carried: list[str] = []
    for token in [*tokens, None]:
        if token is not None and token.text not in {",", ":", "and", "y", "while", "mientras"}:
            piece.append(token)
            continue
        if piece:
            seen = look(piece, names)
            own = [name for state in seen.targets if (name := operation_of(names.system, state))]
            if len(seen.targets) == 1 and (seen.operations or own):
                of = tuple(seen.sources or sources) if seen.operations else ()
                made.append(Move(requirement, tuple(seen.operations or own), of, seen.targets[0], when, message))
            elif len(seen.targets) == 1 and carried:
                made.append(Move(requirement, tuple(carried), tuple(sources), seen.targets[0], when, message))
            elif seen.sources and not seen.targets:
                sources = seen.sources
            carried = seen.operations if not seen.targets else []
        piece = []
    del asked
    return made
