"""What stands at the beginning of a line or a block: numbers, bullets, ids."""
# ruff: noqa: RUF001 - signs and dashes as documents write them

import re

BULLET = re.compile(r"(?:[-–—*•▪◦‣·●○■□➢✓⁃]|o(?=\s+[A-ZÁÉÍÓÚÑ¿]))\s+")
MARKER = re.compile(
    rf"(?:{BULLET.pattern}|\(?(?:[a-zA-Z]|[ivx]{{1,4}}|\d{{1,2}})\)\s+|(?:[a-z]|[ivx]{{2,4}}|\d{{1,2}})\.\s+(?=\S))"
)
HEADING_NUMBER = re.compile(
    r"(?:(?:cap[íi]tulo|secci[óo]n|section|chapter|anexo|annex|appendix)\s+)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,5})(?:\.|\)|\s*[-–—:])?\s+(?=[^\W\d_]|[¿\"«“(])",
    re.IGNORECASE,
)

# Prefixes that are ids without a hyphen too: "RNF 5", "HU7", "R1".
_KNOWN = (
    r"RFN?|RNF|RNS|RN|REQ|RQ|RQF|RQNF|RS|RU|RI|RC|RT|FR|NFR|BR|SR|UR|HU|US|UC|CU|CA|AC|SRS|SYS|FUN|NF|R|RB|RD|"
    r"Req|Regla|Requisito|Requerimiento|Requirement|Rule|Story|Historia|"
    r"Art(?:[íi]culo|icle|\.)?|Cl[áa]usula|Clause|§"
)
# What looks like an id and is the name of something else.
_NAMES = (
    r"UTF|ISO|SHA|COVID|AES|RFC|RSA|TLS|SSL|HTTP|IEEE|ANSI|ASCII|MD|MP|PCI|CVE|OWASP|WCAG|GDPR|IPV|IVA|USB|EN|UTC|GMT"
)
_FIGURES = r"\d{1,5}(?:[.\-_]\d{1,4}){0,4}[a-z]?"
IDENTIFIED = re.compile(
    rf"[\[(«*_]*(?P<id>(?!(?:{_NAMES})[-_ ]?\d)(?:"
    rf"(?:{_KNOWN})(?:[-_. ]|\s?[#º]\s?)?{_FIGURES}"
    rf"|[A-Z]{{1,6}}(?:[-_][A-Z0-9]{{1,8}}){{0,3}}[-_]{_FIGURES}"
    rf"|(?:[A-Z]\.)?\d{{1,3}}(?:\.\d{{1,3}}){{1,5}}(?=[.):]?\s)|[A-Z]\.\d{{1,3}}(?=[.):]?\s)"
    rf"))[\])»*_]*(?:\s*[:.)–—|]\s*|\s+-\s+|\s+|$)"
)
_LEADS = re.compile(
    r"(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,6})?\s*$|(?:…\s?){2,}\s*\d{0,4}\s*$|(?:·\s?){4,}\s*\d{0,4}\s*$"
)
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]*_]*$")
_MOST_WORDS = 14


def is_leader(text: str) -> bool:
    """A line of a table of contents: dots that lead to a page number."""
    return bool(_LEADS.search(text))


def ends_a_sentence(text: str) -> bool:
    """It ends in a full stop or the like."""
    return bool(_SENTENCE_END.search(text.rstrip()))


def looks_like_a_title(text: str) -> bool:
    """Short, begins with a capital, does not end as a sentence does, and says nothing of what must be."""
    inner = HEADING_NUMBER.sub("", text, count=1).strip()
    if not inner or ends_a_sentence(inner) or inner.endswith((",", "-")) or len(inner.split()) > _MOST_WORDS:
        return False
    first = inner.lstrip('¿¡"«“([*_')[:1]
    return (first.isupper() or first.isdigit()) and not _SAYS.search(inner)


_SAYS = re.compile(
    r"\b(?:debe(?:n|r[áa]n?)?|puede[n]?|podr[áa]n?|tiene[n]? que|must|shall|should|will|may|cannot|can)\b",
    re.IGNORECASE,
)
