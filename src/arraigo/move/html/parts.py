"""The pieces that the page is made of. Text comes in as text, and is escaped here; cells are HTML already."""

from collections.abc import Iterable, Sequence
from html import escape

from arraigo.move.html.words import Two

Head = tuple[str, str]  # HTML, and the class of its column


def two(spanish: str, english: str) -> str:
    """A heading or a word in both languages."""
    return f"{escape(spanish)} <small>· {escape(english)}</small>"


def both(words: Two) -> str:
    """A sentence in both languages, one below the other."""
    return f'{escape(words[0])} <small class="what">{escape(words[1])}</small>'


def mark(good: bool) -> str:  # noqa: FBT001 - the one thing it is about
    """The class of what is right or wrong."""
    return "good" if good else "bad"


def sign(good: bool, yes: str = "✓", no: str = "✗") -> str:  # noqa: FBT001 - the one thing it is about
    """A mark that is told apart by its shape too."""
    return f'<span class="{mark(good)}">{yes if good else no}</span>'


def lines(text: str) -> str:
    """Each line on its own."""
    found = [f"<li>{escape(line)}</li>" for line in text.splitlines() if line.strip()]
    return f'<ul class="lines">{"".join(found)}</ul>' if found else ""


def value(found: object) -> str:
    """What a check expected or found."""
    return f"{found:,}" if isinstance(found, int) else escape(str(found))


def bar(share: float) -> str:
    """How large something is beside the largest, as a picture."""
    width = max(1.0, min(100.0, 100 * share))
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="rest" width="100" height="8"/><rect width="{width:.0f}" height="8"/></svg>'
    )


def table(
    title: Two, heads: Sequence[Head], rows: Iterable[Sequence[str]], *, kind: str = "", faulty: Sequence[bool] = ()
) -> str:
    """A table under its heading; nothing where there is nothing to show."""
    bodies = list(rows)
    if not bodies:
        return ""
    wrong = faulty or [False] * len(bodies)
    head = "".join(f'<th class="{of}">{text}</th>' for text, of in heads)
    body = "".join(
        f'<tr class="{"faulty" if bad else ""}">'
        + "".join(f'<td class="{of}">{cell}</td>' for cell, (_, of) in zip(row, heads, strict=True))
        + "</tr>"
        for row, bad in zip(bodies, wrong, strict=True)
    )
    return (
        f'<h2>{two(*title)}</h2><div class="wide"><table class="{kind}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
