"""What differs between two texts, in few words: the changed character is there to be found, the rest is left out."""

from difflib import SequenceMatcher
from itertools import zip_longest

_AROUND = 30  # characters shown on both sides of a change
_MOST = 200  # characters of a change that are shown
_HUNKS = 5


def difference(was: str, now: str) -> str:
    """The lines that differ, and where in them: `line 3, character 17: was '…rice * 2…', is '…rice * 3…'`."""
    before, after = was.split("\n"), now.split("\n")
    told: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for n, (old, new) in enumerate(zip_longest(before[a:b], after[c:d])):
            if old is None:
                told.append(f"line {c + n + 1}: added {_shown(new)}")
            elif new is None:
                told.append(f"line {a + n + 1}: lacking {_shown(old)}")
            else:
                told.append(f"line {a + n + 1}{_in_line(old, new)}")
    more = len(told) - _HUNKS
    return "; ".join(told[:_HUNKS]) + (f"; and {more} more lines" if more > 0 else "")


def _in_line(old: str, new: str) -> str:
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    most = min(len(old), len(new)) - start
    end = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    return f", character {start + 1}: was {_part(old, start, end)}, is {_part(new, start, end)}"


def _part(line: str, start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), min(len(line), len(line) - end + _AROUND)
    return _shown(line[first:last], "…" * (first > 0), "…" * (last < len(line)))


def _shown(text: str, before: str = "", after: str = "") -> str:
    """In quotes, what does not print as an escape."""
    if len(text) > _MOST:
        text, after = text[:_MOST], "…"
    escaped = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"'{before}{escaped}{after}'"
