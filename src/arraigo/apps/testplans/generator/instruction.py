"""What an instruction asks for, in Spanish or English; what is not understood is told, not guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from arraigo.apps.testplans.generator.words import fold, tokens
from arraigo.apps.testplans.plan import Priority, Technique

BOUNDARY: frozenset[Technique] = frozenset({"boundary_value_2", "boundary_value_3"})
_TECHNIQUES: tuple[tuple[str, frozenset[Technique]], ...] = (
    (r"\b(boundar(y|ies)|limits?|limites?|frontera|edge)\b", BOUNDARY),
    (r"\b(equivalence|equivalencia|classes|clases|particion\w*)\b", frozenset({"equivalence_partitioning"})),
    (r"\b(decision table|tablas? de decision|decision)\b", frozenset({"decision_table"})),
    (r"\b(state|states|transition\w*|estados?|transicion\w*)\b", frozenset({"state_transition"})),
    (r"\b(pairwise|pares|pairs|combination\w*|combinacion\w*)\b", frozenset({"pairwise"})),
    (r"\b(syntax|sintaxis|formatos?|formats?)\b", frozenset({"syntax"})),
    (r"\b(security|seguridad|injection|inyeccion)\b", frozenset({"security"})),
    (r"\b(scenarios?|escenarios?|happy|felices|positiv\w*)\b", frozenset({"scenario"})),
)
_PRIORITY: tuple[tuple[str, Priority], ...] = (
    (r"\b(high|alta|altas|critical|critic\w*)\b", "ALTA"),
    (r"\b(medium|media|medias)\b", "MEDIA"),
    (r"\b(low|baja|bajas)\b", "BAJA"),
)
_DUPLICATES = r"\b(duplicad\w*|duplicat\w*|repetid\w*|repeated)\b"
_NEGATIVE = r"\b(negativ\w*|invalid\w*|rechaz\w*|reject\w*|error(es|s)?)\b"
_AGAIN = r"\b(regener\w*|rehac\w*|rehaz|redo|again|de nuevo|otra vez|replace|reemplaz\w*|vuelve a generar)\b"
_ONLY = r"\b(only|just|solo|solamente|unicamente)\b"
_MORE = (
    r"\b(more|mas|add|anade\w*|agrega\w*|additional|adicional\w*|genera\w*|create|crea\w*|"
    r"incluye\w*|include|suma\w*|another)\b"
)
_FEWER = r"\b(fewer|less|menos|reduce\w*|reduc\w*|at most|maximo|como mucho)\b"
_FILLER = re.compile(
    r"\b(please|por favor|the|el|la|los|las|a|an|un|una|of|de|del|for|para|con|with|and|y|"
    r"cases?|casos?|tests?|pruebas?|test|de prueba|me|"
    r"priority|prioridad|quita\w*|remove|elimina\w*|delete|borra\w*|drop|that|que|all|todos|"
    r"todas|plan|generate|in|en|on|sobre|requirement|requisito|"
    r"requirements|requisitos|value|values|valor|valores|case|to|some|algunos|algunas|new|"
    r"nuevos|nuevas|it|lo|se|now|ahora|also|tambien|"
    r"give|dame|quiero|i want|want|need|necesito|hay|are|is|es|son|keep|deja\w*|than|por|rf|and)\b"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for; empty: everything as usual."""

    requirements: tuple[str, ...] = ()
    techniques: frozenset[Technique] = frozenset()
    priorities: frozenset[Priority] = frozenset()
    no_duplicates: bool = False
    negative: bool = False
    again: bool = False
    only: bool = False
    more: int | None = None
    at_most: int | None = None
    fewer: bool = False
    adds: bool = False
    unread: str = ""

    @property
    def narrows(self) -> bool:
        """Whether new cases are limited to some kind."""
        return bool(self.requirements or self.techniques or self.priorities or self.negative)

    @property
    def just_tidies(self) -> bool:
        """Whether nothing new is asked for."""
        return (self.no_duplicates or self.fewer) and not (self.narrows or self.adds or self.again or self.more)


def read(instruction: str, known: Sequence[str]) -> Wish:
    """The wish in an instruction; `known` are the requirements' ids."""
    text = fold(instruction)
    ids = tuple(id_ for id_ in known if re.search(rf"(?<![\w.-]){re.escape(fold(id_))}(?![\w-]|\.\d)", text))
    rest = text
    for id_ in ids:
        rest = rest.replace(fold(id_), " ")
    techniques: frozenset[Technique] = frozenset()
    for pattern, named in _TECHNIQUES:
        if re.search(pattern, rest):
            techniques |= named
            rest = re.sub(pattern, " ", rest)
    priorities: set[Priority] = set()
    if re.search(r"priorit|priorid|alta|high|critic", rest):
        for pattern, level in _PRIORITY:
            if re.search(pattern, rest):
                priorities.add(level)
                rest = re.sub(pattern, " ", rest)
    seen: dict[str, bool] = {}
    for name, pattern in (
        ("dup", _DUPLICATES),
        ("neg", _NEGATIVE),
        ("again", _AGAIN),
        ("only", _ONLY),
        ("fewer", _FEWER),
        ("more", _MORE),
    ):
        seen[name] = bool(re.search(pattern, rest))
        rest = re.sub(pattern, " ", rest)
    figures = [int(token.value) for token in tokens(rest, "en") if token.value is not None and token.value >= 1]
    rest = re.sub(r"\d+", " ", rest)
    left = re.sub(r"[\W_]+", " ", _FILLER.sub(" ", rest)).strip()
    count = figures[0] if figures else None
    return Wish(
        requirements=ids,
        techniques=techniques,
        priorities=frozenset(priorities),
        no_duplicates=seen["dup"],
        negative=seen["neg"],
        again=seen["again"],
        only=seen["only"],
        more=count if seen["more"] and not seen["fewer"] else None,
        at_most=count if seen["fewer"] or (seen["only"] and not seen["more"]) else None,
        fewer=seen["fewer"],
        adds=seen["more"],
        unread=left if len(left) > 2 else "",
    )
