"""What stands on pages and belongs to none of their sentences: heads and feet that repeat, page numbers, footnotes."""
# ruff: noqa: RUF001 - dashes as documents write them

import re
from collections import Counter
from collections.abc import Sequence

from arraigo.apps.testplans.requirements.reading.lines import Line
from arraigo.apps.testplans.requirements.words.marks import MARKER

_SMALL = 0.88  # times the body's size: a footnote
_NOTE = re.compile(r"(?:\^\{)?(?:\d{1,2}|[*†‡])\}?\.?\s?(?=[^\W\d_])")


def without_running_heads(pages: Sequence[Sequence[Line]], zone: int = 3) -> list[list[Line]]:
    """The pages without the lines that repeat at their tops and feet, and without page numbers.

    Args:
        pages: Lines by page, in the order of reading.
        zone: How many lines at either end may be repeated ones.
    """
    seen = Counter[str]()
    for page in pages:
        seen.update({_repeating(line.text) for line in _ends(page, zone)})
    least = 2 if len(pages) <= 4 else 3  # noqa: PLR2004 - a short document repeats less
    return [
        [line for line in page if not (line in _ends(page, zone) and _is_running(line.text, seen, least, len(pages)))]
        for page in pages
    ]


def _ends(page: Sequence[Line], zone: int) -> Sequence[Line]:
    return page if len(page) <= 2 * zone else [*page[:zone], *page[-zone:]]


def without_footnotes(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without the small lines at their feet that begin with a note's mark, and what follows them."""
    weights = Counter[float]()
    for page in pages:
        for line in page:
            weights[line.size] += len(line.text)
    body = weights.most_common(1)[0][0] if weights else 0
    made = []
    for page in pages:
        end = len(page)
        while end and page[end - 1].size < body * _SMALL:
            end -= 1
        notes = next((at for at in range(end, len(page)) if _NOTE.match(page[at].text)), len(page))
        made.append(list(page[: notes if end else len(page)]))
    return made


def _repeating(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", text.lower()).strip()


PAGE_OF = re.compile(
    r"[-–—|\s]*(?:p[áa]gina|p[áa]g\.?|page)\s+\d{1,4}(?:\s*(?:de|of|/)\s*\d{1,4})?[-–—|\s.]*", re.IGNORECASE
)
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:p[áa]g(?:ina)?|page|hoja|folio)\.?\s*)?(?:\d{1,4}|[ivxlc]{1,6})"
    r"(?:\s*(?:de|of|/|\|)\s*\d{1,4})?[-–—|\s.]*",
    re.IGNORECASE,
)


def _is_running(text: str, seen: Counter[str], least: int, pages: int) -> bool:
    if pages > 1 and _PAGE_NUMBER.fullmatch(text):
        return True
    return seen[_repeating(text)] >= least and not MARKER.match(text)
