"""Every check of a relational move's report, by page 3's names: both sides' facts, compared without a database."""

from collections.abc import Collection, Iterable, Mapping

from arraigo.move.relational.catalog import Catalog, Sequence
from arraigo.move.relational.differences import difference
from arraigo.move.relational.fingerprints import Fingerprint
from arraigo.move.relational.integrity import Behind, Matching
from arraigo.move.relational.names import quoted
from arraigo.move.reports import Check

NAMES = (
    "tables", "rows", "fingerprints", "foreign_keys", "orphans", "indexes", "constraints", "sequences", "triggers",
    "functions", "views", "extensions", "policies", "types", "grants", "critical_rows",
)  # fmt: skip
"""The checks in the order of a report."""

_TOLD = 20


def compare(
    expected: Catalog,
    found: Catalog,
    *,
    allowed: Collection[tuple[str, str]] = (),
    behind: Iterable[Behind] = (),
    positions: bool = True,
) -> list[Check]:
    """The checks that compare definitions, and where the sequences stand.

    Args:
        expected: The source's catalog, with `Changes` applied and settled in the target's words.
        found: The target's.
        allowed: Checks' names, each with the name of what the target may have beyond what is expected; it may have
            extensions of its own in any case.
        behind: The target's sequences that would give a number that is taken.
        positions: Whether the target's sequences must be as far as the source's, or further.
    """
    checks = []
    for check in (name for name in NAMES if name in expected.objects or name in found.objects):
        was, now = expected.objects.get(check, {}), found.objects.get(check, {})
        missing = [f"missing: {name}" for name in sorted(was.keys() - now.keys())]
        extra = [f"extra: {name}" for name in sorted(now.keys() - was.keys()) if (check, name) not in allowed]
        changed = [
            f"changed: {name}: {difference(was[name], now[name])}"
            for name in sorted(was.keys() & now.keys())
            if was[name] != now[name]
        ]
        faults, notes = [*missing, *changed], []
        if check == "extensions":
            notes = [*extra, *_versions(expected, found)]
        else:
            faults += extra
        if check == "sequences":
            faults += [
                *(
                    f"behind its table: {one.sequence}: next {one.next}, {one.column} has {one.highest}"
                    for one in behind
                ),
                *(_positions(expected, found) if positions else ()),
            ]
        checks.append(Check(check, not faults, len(was), len(now), _told([*faults, *notes])))
    return checks


def of_rows(figures: Mapping[str, tuple[Fingerprint | None, Fingerprint | None]]) -> list[Check]:
    """`rows` and `fingerprints`, from each table's on both sides; None is one that is not known, and a fault.

    Not one row in all is a fault too: nothing has been proved.
    """
    expected = sum(source.rows for source, _ in figures.values() if source)
    found = sum(target.rows for _, target in figures.values() if target)
    rows, hashes = [], []
    for name, (source, target) in sorted(figures.items()):
        if source is None or target is None:
            side = "source" if source is None else "target"
            rows.append(f"not known: {name} on the {side}")
            hashes.append(f"not known: {name} on the {side}")
        elif source.rows != target.rows:
            rows.append(f"{name}: {source.rows} expected, {target.rows} found")
            hashes.append(f"changed: {name}: not as many rows")
        elif source.hash != target.hash:
            hashes.append(f"changed: {name}: {source.hash} expected, {target.hash} found")
    same = len(figures) - len(hashes)
    if not expected:
        rows.append("there is not one row")
    return [
        Check("rows", not rows, expected, found, _told(rows)),
        Check("fingerprints", bool(figures) and not hashes, len(figures), same, _told(hashes)),
    ]


def of_orphans(found: Catalog, source: Mapping[str, int], target: Mapping[str, int]) -> Check:
    """Rows without the row that they refer to: none, but as many as in the source where a key has not been validated.

    Args:
        found: The target's catalog.
        source: By each foreign key's name (`public.calls.calls_person_fkey`), how many.
        target: The same there.
    """
    valid = {f"{key.table}.{quoted(key.name)}" for key in found.foreign_keys if key.valid}
    faults = []
    for name in sorted(source.keys() | target.keys()):
        was, now = source.get(name), target.get(name)
        if was is None or now is None:
            faults.append(f"not known: {name} on the {'source' if was is None else 'target'}")
        elif was != now or (now and name in valid):
            faults.append(f"{name}: {now} rows without a parent, {was} in the source")
    faults += [f"not known: {name}" for name in sorted(found.objects["foreign_keys"].keys() - target.keys())]
    return Check("orphans", not faults, sum(source.values()), sum(target.values()), _told(faults))


def of_critical_rows(source: Mapping[str, Matching], target: Mapping[str, Matching]) -> Check:
    """Of the tables that somebody named, all rows and those that a condition holds for."""
    faults = [
        f"{name}: {_counted(source.get(name))} expected, {_counted(target.get(name))} found"
        for name in sorted(source.keys() | target.keys())
        if source.get(name) != target.get(name)
    ]
    faults += [f"{name}: there is not one row" for name, one in sorted(source.items()) if not one.rows]
    expected = {name: _counted(one) for name, one in sorted(source.items())}
    found = {name: _counted(one) for name, one in sorted(target.items())}
    return Check("critical_rows", not faults, expected, found, _told(faults))


def _counted(one: Matching | None) -> str:
    return f"{one.matching} of {one.rows}" if one else "not known"


def _positions(expected: Catalog, found: Catalog) -> list[str]:
    return [
        f"behind the source: {name}: next {_next(found.sequences[name])}, {_next(was)} in the source"
        for name, was in sorted(expected.sequences.items())
        if name in found.sequences and not _as_far(was, found.sequences[name])
    ]


def _as_far(source: Sequence, target: Sequence) -> bool:
    ahead = _next(target) - _next(source)
    return ahead >= 0 if source.increment > 0 else ahead <= 0


def _next(sequence: Sequence) -> int:
    return sequence.last_value + (sequence.increment if sequence.is_called else 0)


def _versions(expected: Catalog, found: Catalog) -> list[str]:
    return [
        f"{name} is {found.extensions[name]}, {version} in the source"
        for name, version in sorted(expected.extensions.items())
        if found.extensions.get(name, version) != version
    ]


def _told(lines: list[str]) -> str:
    more = len(lines) - _TOLD
    return "\n".join([*lines[:_TOLD], *([f"and {more} more, {len(lines)} in all"] if more > 0 else [])])
