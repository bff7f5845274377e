"""The report of a move as one page for people, in Spanish and English: no script, nothing loaded, good on paper."""

from html import escape
from importlib.resources import files

from arraigo.move.html import sections, words
from arraigo.move.html.parts import both, mark, two
from arraigo.move.reports import Report


def report_html(report: Report) -> str:
    """The whole page; whatever came from a source is escaped."""
    said = words.RIGHT.get(report.phase, words.SAME) if report.ok else words.NOT_SAME
    parts = [
        f'<p class="verdict {mark(report.ok)}">{both(said)}</p>',
        sections.figures(report),
        sections.places(report),
        sections.checks(report),
        sections.losses(report),
        sections.told(report),
        sections.way_back(report),
        sections.units(report),
        sections.rejects(report),
    ]
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="es"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Arraigo · {escape(report.run_id)}</title><style>{style}</style></head><body>"
        f"<h1>{two('Informe del traslado', 'Report of the move')}</h1><code>{escape(report.run_id)}</code>"
        f"{''.join(parts)}</body></html>\n"
    )
