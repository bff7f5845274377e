"""States and transitions in sentences: where things begin, which operation leads where, what is forbidden from where."""

from dataclasses import dataclass, field

from arraigo.apps.testplans.generator.lexicon import NOT, REFUSE, at, has
from arraigo.apps.testplans.generator.model import ALWAYS, Barred, Condition, Move, Rule, System
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.names import Names, parts
from arraigo.apps.testplans.generator.words import Token, fold, stem


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


_TO = _phrases(
    "to|into|becomes|become|pasa a|pasa al|pasan a|pasara a|queda|quedan|quedara|cambia a|moves to|goes to|changes to|marked|marked as|"
    "set to|→|->|=>|returns to|vuelve a|vuelve al|enters|entra en|pasar a|hacia|turns|is then|leaves it|leaving it|dejandola|dejandolo|"
    "deja|leave|quedando|makes it|remains|sigue|permanece|stays|a estado|al estado|puts it|becoming|back to|la deja|lo deja|as|como|is now"
)
_FROM = frozenset("from desde del de".split())
_INITIAL = _phrases(
    "starts|start|begins|initial|initially|inicial|inicialmente|nace|inicia|comienza|empieza|arranca|created|se crea|al crearse|at first|new|nuevo|nueva|starts as|beginning"
)
_PASSIVE = frozenset("be ser been puede pueden podra puedan to se".split())
_SOFT = frozenset("the a an in state status el la los las un una en estado ser be it como as lo al a".split())


@dataclass(slots=True)
class Seen:
    """The states and operations of one sentence, by their parts in it."""

    targets: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)


def inflected(text: str, word: str) -> bool:
    """Whether two folded words differ at most in gender and number."""

    def bare(one: str) -> str:
        one = one[:-2] if one.endswith("es") and len(one) > 5 else one.rstrip("s") if len(one) > 3 else one
        return one[:-1] if len(one) > 4 and one[-1] in "aoe" else one

    return text == word or bare(text) == bare(word)


def look(tokens: list[Token], names: Names) -> Seen:
    """What a sentence names, told apart as from where and to where."""
    system, plain, seen = names.system, words(tokens), Seen()
    mentions = names.mentions(tokens)
    taken: set[int] = set()
    for mention in mentions:
        if mention.sort == "operation":
            _add(seen.operations, mention.name)
    for mention in (m for m in mentions if m.sort == "state"):
        state, i = str(mention.value), mention.start
        same = _operation(system, state)
        before = i - 1
        while before >= 0 and plain[before] in _SOFT and plain[before] not in _PASSIVE | {"to", "as", "como"}:
            before -= 1
        if same and i > 0 and (plain[i - 1] in _PASSIVE or tokens[i].text != fold(state)) and tokens[i].kind == "word":
            if plain[i - 1] in _PASSIVE - {"to"} or has(plain[max(0, i - 3) : i], (("can",), ("may",))):
                _add(seen.operations, same)
                taken.add(i)
                continue
        window = plain[max(0, i - 5) : i]
        goes = any(
            (size := at(plain, k, _TO)) and set(plain[k + size : i]) <= _SOFT | {"\0"} and not set(plain[k + size : i]) & _FROM
            for k in range(max(0, i - 6), i)
        )
        del window
        _add(seen.targets if goes else seen.sources, state)
    return seen


def _add(to: list[str], name: str) -> None:
    if name not in to:
        to.append(name)


def _operation(system: System, state: str) -> str:
    """The operation whose verb a state's name is the participle of."""
    roots = [stem(word) for word in fold(state).split()]
    for operation in system.operations:
        if any(alike(root, stem(part)) >= 0.95 for root in roots for part in parts(operation)[:1]):
            return operation
    return ""


def transitions(
    requirement: str, tokens: list[Token], names: Names, when: Condition, message: str | None, *, asked: list[str]
) -> list[Rule]:
    """The rules that one sentence states about states; `asked`: operations where the sentence itself names none."""
    system, plain = names.system, words(tokens)
    seen = look(tokens, names)
    if not seen.targets and not seen.sources:
        return []
    negative = bool(set(plain) & NOT) or has(plain, REFUSE)
    if has(plain, _INITIAL) and system.initial is None and not negative and len(seen.targets + seen.sources) == 1:
        if not seen.operations or when == ALWAYS:
            state = (seen.targets + seen.sources)[0]
            creators = seen.operations
            if creators and not has(plain, _phrases("starts|begins|initial|inicial|nace|comienza|inicia|empieza|initially")):
                return [Move(requirement, (creators[0],), (), state, when, message)]
            system.initial = state
            return []
    operations = tuple(seen.operations or asked)
    if not operations:
        return []
    if negative and seen.sources and not seen.targets:
        only = {"only", "solo", "solamente", "unicamente"} & set(plain)
        if not only:
            return [Barred(requirement, operations, tuple(seen.sources), message)]
    if len(seen.targets) > 1:
        return []
    target = seen.targets[0] if seen.targets else None
    return [Move(requirement, operations, tuple(seen.sources), target, when, message)]
