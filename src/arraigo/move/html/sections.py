"""The sections of the page, in their order."""

from html import escape

from arraigo.move.html import words
from arraigo.move.html.parts import bar as drawn
from arraigo.move.html.parts import both, lines, mark, sign, table, two, value
from arraigo.move.reports import Check, Report, Transformation, Unit

_DIGITS = 16  # of a fingerprint
_PLACES = {name: place for place, name in enumerate(words.CHECKS)}


def figures(report: Report) -> str:
    """What it came to, at a glance."""
    pause = next((check for check in report.checks if check.name == "pause"), None)
    wrong = sum(not check.ok for check in report.checks)
    differing = (report.lost, report.extra, report.changed)
    told = [
        (("Tablas", "Tables") if _of_database(report) else ("Unidades", "Units"), f"{len(report.units):,}", ""),
        (("Filas", "Rows"), f"{sum(unit.source_rows for unit in report.units):,}", ""),
        (("Tamaño", "Size"), _size(sum(unit.bytes for unit in report.units)), ""),
        (("Comprobaciones con fallo", "Checks that failed"), f"{wrong} / {len(report.checks)}", mark(not wrong)),
        (
            ("Perdidos, de más, cambiados", "Lost, extra, changed"),
            ", ".join(f"{count:,}" for count in differing),
            mark(not any(differing)),
        ),
    ]
    if pause is not None:
        told.append((("Pausa de escritura", "Writes refused for"), str(pause.found), ""))
    cells = (f'<div><dt>{two(*name)}</dt><dd class="{kind}">{escape(text)}</dd></div>' for name, text, kind in told)
    return f'<dl class="figures">{"".join(cells)}</dl>'


def places(report: Report) -> str:
    """From where to where, and when."""
    rows = [
        (two("Origen", "Source"), _place(report.source)),
        (two("Destino", "Target"), _place(report.target)),
        (two("Fase", "Phase"), two(*words.PHASES.get(report.phase, (report.phase, report.phase)))),
        (two("Comienzo", "Started"), escape(report.started_at)),
        (two("Fin", "Finished"), escape(report.finished_at or "")),
    ]
    return "<table>" + "".join(f"<tr><th>{name}</th><td>{text}</td></tr>" for name, text in rows) + "</table>"


def checks(report: Report) -> str:
    """Each check with what it means; those that failed come first."""
    heads = [
        ("", "sign"),
        (two("Comprobación", "Check"), "meaning"),
        (two("Esperado", "Expected"), "number"),
        (two("Hallado", "Found"), "number"),
        (two("Detalle", "Detail"), "detail"),
    ]
    ordered = sorted(report.checks, key=lambda check: (check.ok, _PLACES.get(check.name, len(_PLACES))))
    rows = [[sign(one.ok), _meaning(one), *_sides(one)] for one in ordered]
    return table(("Comprobaciones", "Checks"), heads, rows, faulty=[not one.ok for one in ordered])


def losses(report: Report) -> str:
    """What stays behind because somebody said so."""
    return _told(("Lo que se dejó atrás, aceptado", "What was left behind, accepted"), [
        one for one in report.transformations if one.accepted
    ])  # fmt: skip


def told(report: Report) -> str:
    """What is meant to differ."""
    return _told(("Decisiones y diferencias previstas", "Decisions and intended differences"), [
        one for one in report.transformations if not one.accepted and not one.of_going_back
    ])  # fmt: skip


def way_back(report: Report) -> str:
    """How to go back, and what cannot."""
    if not _of_database(report) or report.phase not in words.BACK:
        return ""
    command = f"arraigo move rollback {report.run_id}"
    shown = f"<p><code>{escape(command)}</code></p>" if report.phase in {"following", "cut_over"} else ""
    notes = "\n".join(f"{one.what}: {one.why}" for one in report.transformations if one.of_going_back)
    return f"<h2>{two('El camino de vuelta', 'The way back')}</h2><p>{both(words.BACK[report.phase])}</p>" + (
        shown + lines(notes)
    )


def units(report: Report) -> str:
    """Both sides of each table or file; what differs first, then the largest."""
    database = _of_database(report)
    heads = [
        (two("Tabla", "Table") if database else two("Unidad", "Unit"), ""),
        (two("Filas, origen", "Rows, source"), "number"),
        (two("Destino", "Target"), "number"),
        (two("Huellas", "Fingerprints"), "mono"),
        (two("Tamaño", "Size"), "number"),
        ("s", "number"),
    ]
    ordered = sorted(report.units, key=lambda unit: (unit.match, -unit.bytes)) if database else list(report.units)
    most = max((unit.bytes for unit in ordered), default=0) or 1
    rows = [
        [
            escape(unit.name),
            f"{unit.source_rows:,}",
            f"{unit.target_rows:,}",
            _fingerprints(unit),
            escape(_size(unit.bytes)) + drawn(unit.bytes / most),
            f"{unit.seconds:,.2f}",
        ]
        for unit in ordered
    ]
    title = ("Tablas", "Tables") if database else ("Unidades", "Units")
    return table(title, heads, rows, kind="units", faulty=[not unit.match for unit in ordered])


def rejects(report: Report) -> str:
    """Records that were not moved."""
    heads = [
        (two("Unidad", "Unit"), ""),
        (two("Clave", "Key"), ""),
        (two("Línea", "Line"), "number"),
        ("Byte", "number"),
        (two("Motivo", "Reason"), ""),
    ]
    rows = [
        [escape(one.unit), escape(one.key or ""), str(one.line), str(one.byte), escape(one.reason)]
        for one in report.rejects
    ]
    return table(("Registros rechazados", "Rejected records"), heads, rows)


def _told(title: words.Two, found: list[Transformation]) -> str:
    heads = [(two("Qué", "What"), ""), (two("Por qué", "Why"), ""), (two("Veces", "Times"), "number")]
    return table(title, heads, [[escape(one.what), escape(one.why), f"{one.count:,}"] for one in found])


def _meaning(check: Check) -> str:
    means = words.CHECKS.get(check.name)
    about = f'<small class="what">{escape(means[0])}<br>{escape(means[1])}</small>' if means else ""
    return f"<b>{escape(check.name)}</b>{about}"


def _sides(check: Check) -> tuple[str, str, str]:
    """What was expected and found; of several things one below the other, in the detail."""
    expected, found = check.expected, check.found
    if not isinstance(expected, dict) or not isinstance(found, dict):
        return value(expected), value(found), lines(check.detail)
    names = sorted(expected.keys() | found.keys())
    alike = [name for name in names if expected.get(name) == found.get(name)]
    told = [
        f"{name}: {expected[name]}" if name in alike else f"{name}: {expected.get(name)} ≠ {found.get(name)}"
        for name in names
    ]
    return value(len(names)), value(len(alike)), lines("\n".join([*told, check.detail]))


def _fingerprints(unit: Unit) -> str:
    one, other = unit.source_fingerprint[:_DIGITS], unit.target_fingerprint[:_DIGITS]
    shown = escape(one) if one == other else f"{escape(one)}<br>{escape(other)}"
    return f"{sign(unit.match, '=', '≠')} <code>{shown}</code>"


def _of_database(report: Report) -> bool:
    return report.source.get("kind") == "postgresql"


def _place(place: dict[str, str]) -> str:
    if "database" not in place:
        return escape(" ".join(place.values()))
    version = f" <small>PostgreSQL {escape(place.get('version', ''))}</small>" if place.get("version") else ""
    return f"<b>{escape(place['database'])}</b> <code>{escape(place['location'])}</code>{version}"


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"  # noqa: PLR2004 - 0.1 MB
