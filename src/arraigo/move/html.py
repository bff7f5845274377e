"""The report of a move as one page for people, in Spanish and English: no script, nothing loaded, good on paper."""

from html import escape

from arraigo.move.reports import Report, Unit

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #2e7d32; --bad: #c62828; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } small { opacity: .7; font-weight: normal; }
.verdict { border-left: .4rem solid; padding: .5rem 1rem; font-size: 1.2rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code { overflow-wrap: anywhere; font-size: .85em; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } tr { break-inside: avoid; } }
"""
_PHASES = {
    "planned": ("en curso", "under way"),
    "copied": ("copiado", "copied"),
    "verified": ("comprobado", "verified"),
    "rolled_back": ("devuelto al origen", "rolled back"),
    "failed": ("con diferencias", "failed"),
}


def report_html(report: Report) -> str:
    """The whole page; whatever came from a source is escaped."""
    verdict = ("Todo está, y es igual", "Everything is there, and the same")
    if not report.ok:
        verdict = ("No está todo, o no es igual", "Something is missing, or not the same")
    sections = [
        f'<p class="verdict {_mark(report.ok)}">{_two(*verdict)}</p>',
        _facts(report),
        _units(report),
        _checks(report),
        _told(report),
        _rejects(report),
    ]
    title = f"Arraigo · {escape(report.run_id)}"
    return (
        '<!doctype html>\n<html lang="es"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{_two('Informe del traslado', 'Report of the move')}<br><code>{escape(report.run_id)}</code></h1>"
        f"{''.join(sections)}</body></html>\n"
    )


def _facts(report: Report) -> str:
    rows = [
        (_two("Origen", "Source"), _place(report.source)),
        (_two("Destino", "Target"), _place(report.target)),
        (_two("Fase", "Phase"), _two(*_PHASES.get(report.phase, (escape(report.phase),) * 2))),
        (_two("Comienzo", "Started"), escape(report.started_at)),
        (_two("Fin", "Finished"), escape(report.finished_at or "")),
        (
            _two("Perdidos, de más, cambiados", "Lost, extra, changed"),
            f"{report.lost}, {report.extra}, {report.changed}",
        ),
    ]
    return "<table>" + "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows) + "</table>"


def _units(report: Report) -> str:
    heads = [
        (_two("Unidad", "Unit"), ""),
        (_two("Registros en el origen", "Records in the source"), "number"),
        (_two("En el destino", "In the target"), "number"),
        (_two("Huella", "Fingerprint"), ""),
        ("MB", "number"),
        ("s", "number"),
    ]
    rows = [
        [
            escape(unit.name),
            f"{unit.source_rows:,}",
            f"{unit.target_rows:,}",
            _fingerprints(unit),
            f"{unit.bytes / 1e6:,.2f}",
            f"{unit.seconds:,.2f}",
        ]
        for unit in report.units
    ]
    return _table("Unidades", "Units", heads, rows)


def _fingerprints(unit: Unit) -> str:
    sign = f'<span class="{_mark(unit.match)}">{"=" if unit.match else "≠"}</span>'
    return f"{sign} <code>{escape(unit.source_fingerprint[:16])}<br>{escape(unit.target_fingerprint[:16])}</code>"


def _checks(report: Report) -> str:
    heads = [
        (_two("Comprobación", "Check"), ""),
        ("", ""),
        (_two("Esperado", "Expected"), ""),
        (_two("Hallado", "Found"), ""),
        (_two("Detalle", "Detail"), ""),
    ]
    rows = [
        [
            escape(check.name),
            f'<span class="{_mark(check.ok)}">{"✓" if check.ok else "✗"}</span>',
            _value(check.expected),
            _value(check.found),
            escape(check.detail),
        ]
        for check in report.checks
    ]
    return _table("Comprobaciones", "Checks", heads, rows)


def _told(report: Report) -> str:
    heads = [(_two("Qué", "What"), ""), (_two("Por qué", "Why"), ""), (_two("Veces", "Times"), "number")]
    rows = [[escape(told.what), escape(told.why), f"{told.count:,}"] for told in report.transformations]
    return _table("Decisiones y diferencias previstas", "Decisions and intended differences", heads, rows)


def _rejects(report: Report) -> str:
    heads = [
        (_two("Unidad", "Unit"), ""),
        (_two("Clave", "Key"), ""),
        (_two("Línea", "Line"), "number"),
        ("Byte", "number"),
        (_two("Motivo", "Reason"), ""),
    ]
    rows = [
        [escape(one.unit), escape(one.key or ""), str(one.line), str(one.byte), escape(one.reason)]
        for one in report.rejects
    ]
    return _table("Registros rechazados", "Rejected records", heads, rows)


def _table(spanish: str, english: str, heads: list[tuple[str, str]], rows: list[list[str]]) -> str:
    """A table under its heading; nothing where there is nothing to show. The cells are HTML already."""
    if not rows:
        return ""
    head = "".join(f'<th class="{kind}">{text}</th>' for text, kind in heads)
    body = "".join(
        "<tr>"
        + "".join(f'<td class="{kind}">{cell}</td>' for cell, (_, kind) in zip(row, heads, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<h2>{_two(spanish, english)}</h2><div class="wide"><table><tr>{head}</tr>{body}</table></div>'


def _place(place: dict[str, str]) -> str:
    return escape(" ".join(f"{value}" for value in place.values()))


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "<br>".join(f"{escape(str(name))}: {escape(str(count))}" for name, count in value.items())
    return escape(str(value))


def _two(spanish: str, english: str) -> str:
    return f"{spanish} <small>· {english}</small>"


def _mark(good: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return "good" if good else "bad"
