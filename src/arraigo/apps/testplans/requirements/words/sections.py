"""Which parts of a document hold no requirements, by their headings, captions and column heads."""
# ruff: noqa: RUF001 - signs and dashes as documents write them

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

# Left out whole; "informative": only what is plainly said to be so counts; "": requirements.
Part: TypeAlias = Literal["contents", "glossary", "history", "example", "reference", "outside", "informative", ""]

_OF = r"(?:\s+(?:de|del|of)\s+.*)?"
_TERMS = r"(?:glosario|definiciones|acr[óo]nimos|abreviaturas|siglas|terminolog[íi]a|t[ée]rminos)"
_TERMS_TOO = r"(?:glossary|definitions|acronyms|abbreviations|terminology|terms)"
_PARTS: dict[Part, tuple[str, ...]] = {
    "contents": (
        r"(?:[íi]ndice|(?:tabla de )?contenidos?|sumario)(?:\s+(?:general|de .*))?",
        r"(?:table of )?contents|(?:list of|lista de) (?:tables|figures|tablas|figuras)",
    ),
    "glossary": (
        rf"{_TERMS}(?:(?:,| y| e)\s+{_TERMS})*(?:\s+de (?:t[ée]rminos|negocio|siglas))?",
        rf"{_TERMS_TOO}(?:(?:,| and|, and)\s+{_TERMS_TOO})*(?: of terms)?",
    ),
    "history": (
        r"(?:historial|historia|control|registro)\s+(?:de\s+|del\s+)?(?:las\s+)?(?:revisiones|cambios|versiones|documento)",
        r"(?:revision|document|version|change)s?\s+(?:history|control|log|record)|changelog|(?:lista de )?revisiones",
        rf"(?:aprobaci[óo]n|aprobaciones|firmas|approvals?|sign-?offs?){_OF}",
    ),
    "example": (
        r"(?:ejemplos?|casos? de ejemplo|ejemplificaci[óo]n)\b.*",
        r"(?:worked examples?|examples?)\b.*",
    ),
    "reference": (
        r"(?:documentos de )?referencias?(?:\s+(?:normativas|bibliogr[áa]ficas))?|bibliograf[íi]a",
        r"(?:normative |related )?(?:references|documents)|bibliography|further reading|documentos relacionados",
        r"(?:matriz de )?trazabilidad|(?:requirements )?traceability(?: matrix)?",
    ),
    "outside": (
        r"fuera (?:de|del) alcance|exclusiones|lo que no (?:cubre|incluye).*",
        r"(?:fuera|no (?:hace|incluid[oa]s?)|para otra|pr[óo]xim[oa]) .*(?:versi[óo]n|entrega|fase|sprint)",
        (
            r"out of scope|exclusions|non-goals|not in (?:scope|this (?:release|version|phase))|(?:future|later) "
            r"(?:work|releases?|versions?)|ideas? for later"
        ),
        r"(?:preguntas|cuestiones|puntos|temas|asuntos) (?:abiert[oa]s|pendientes|por (?:definir|resolver))|pendientes",
        r"open (?:questions|issues|points|items)|to be (?:decided|discussed)",
    ),
    "informative": (
        rf"(?:introducci[óo]n|prop[óo]sito|objetivos?|alcance|contexto|antecedentes|audiencia|resumen|supuestos){_OF}",
        rf"(?:descripci[óo]n general|panorama|visi[óo]n general|convenciones|justificaci[óo]n){_OF}",
        rf"(?:introduction|purpose|scope|background|overview|audience|summary|objectives?|goals?|context){_OF}",
        rf"(?:assumptions|conventions){_OF}",
    ),
}
_COMPILED = tuple(
    (part, re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)) for part, patterns in _PARTS.items()
)
_NUMBER = re.compile(
    r"^(?:(?:anexo|annex|appendix|ap[ée]ndice|cap[íi]tulo|secci[óo]n|section|chapter)\b\s*)?(?:\d+(?:\.\d+)*|"
    r"[A-Z]|[IVX]+)?\s*[.):–—-]*\s+",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:tabla|table|cuadro|figura|figure|fig\.?)\s*\d+(?:\.\d+)*\s*[.:–—-]?\s*", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"(?:\(?\s*(?:por ejemplo|ejemplos?(?=\s*(?:\d+\s*)?(?:[:.,(]|de\b))|p\.\s?ej\.|a modo de ejemplo|como ejemplo|"
    r"for example|for instance|examples?(?=\s*(?:\d+\s*)?[:.,(])|e\.g\.|as an example|sup[óo]ngase|supongamos|"
    r"suppose|worked example))",
    re.IGNORECASE,
)


def part_of(heading: str) -> Part:
    """What kind of part that heading opens."""
    for text in (heading.strip(), _NUMBER.sub("", heading.strip(), count=1)):
        bare = text.strip(" .:")
        for part, pattern in _COMPILED:
            if pattern.fullmatch(bare):
                return part
    return ""


def without_number(heading: str) -> str:
    """A heading without "3.2" or "Annex A"."""
    return _NUMBER.sub("", heading.strip(), count=1)


def is_caption(text: str) -> bool:
    """The words under or over a table or a figure."""
    return bool(_CAPTION.match(text))


def uncaptioned(text: str) -> str:
    """A caption without "Table 3"."""
    return _CAPTION.sub("", text, count=1).strip()


def begins_an_example(text: str) -> bool:
    """It says that an example follows."""
    return bool(_EXAMPLE.match(text.strip()))


# By what the heads of the columns say, each of them somewhere in the head.
_TABLES: tuple[tuple[Part, tuple[str, ...]], ...] = (
    (
        "history",
        (
            r"versi[óo]n|version|rev(?:isi[óo]n|ision)?\.?|edici[óo]n|issue|edition|draft|release",
            r"fecha|date",
            (
                r"autor(?:es|a)?|author|responsable|by|cambios?|changes?|descripci[óo]n.*|description.*|"
                r"comentarios?|comments?|notas?|notes?|observaciones|what .*|qu[ée] .*"
            ),
        ),
    ),
    ("contents", (r"secci[óo]n|section|cap[íi]tulo|chapter|t[íi]tulo|title|contenido", r"p[áa]g(?:ina)?\.?|page")),
    (
        "history",
        (r"nombre|name|aprobado por|approved by", r"cargo|role|position", r"firma|signature|fecha|date"),
    ),
    ("reference", (r"requisito|requirement|id|rf|req", r"casos? de prueba|test cases?|prueba|test")),
)
_GLOSSARY = (
    r"t[ée]rmino|term|sigla|acr[óo]nimo|acronym|abreviatura|abbreviation|concepto",
    r"definici[óo]n|definition|significado|meaning|descripci[óo]n|description",
)


def part_of_table(heads: Sequence[str]) -> Part:
    """What kind of table has those heads of columns."""
    for part, wanted in _TABLES:
        if all(any(re.fullmatch(one, head.strip(), re.IGNORECASE) for head in heads) for one in wanted):
            return part
    two = [head.strip() for head in heads if head.strip()]
    if len(two) == len(_GLOSSARY) and all(
        re.fullmatch(one, head, re.IGNORECASE) for one, head in zip(_GLOSSARY, two, strict=True)
    ):
        return "glossary"
    return ""
