"""The report of a move: what a program reads, and what a person is shown, come from this one form."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from arraigo.move.records.proving import Proof


@dataclass(frozen=True, slots=True)
class Unit:
    """One file, on both sides: its records and their fingerprints; the seconds that copying took, the file's bytes."""

    name: str
    source_rows: int
    target_rows: int
    source_fingerprint: str
    target_fingerprint: str
    match: bool
    seconds: float
    bytes: int
    shape: str = ""
    outcome: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what should be, and what is."""

    name: str
    ok: bool
    expected: Any
    found: Any
    detail: str = ""


_SAID = {"since_read": "written since it was read (run the same move again)"}
ACCEPTED = "accepted with --accept"
"""How the reason ends of what stayed behind because somebody said so."""
DISCARDED = "given up with --discard: written on the target after the cut-over"
WAY_BACK = "the way back"
CLOSED = "the target refuses writes"


@dataclass(frozen=True, slots=True)
class Transformation:
    """What is meant to differ, or had to be decided."""

    what: str
    why: str
    count: int

    @property
    def accepted(self) -> bool:
        """Whether it is a loss that somebody accepted."""
        return self.why.endswith(ACCEPTED)

    @property
    def of_going_back(self) -> bool:
        """Whether it says how to go back, or what that came to."""
        return self.what in {WAY_BACK, CLOSED} or self.why == DISCARDED


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that was not moved; its bytes are in the ledger."""

    unit: str
    key: str | None
    line: int
    byte: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a move came to.

    Attributes:
        ok: Whether everything is there and the same. Nothing else is a success.
        rejects: The first records that were not moved; the check `rejected` has their number.
    """

    run_id: str
    source: dict[str, str]
    target: dict[str, str]
    phase: str
    started_at: str
    finished_at: str | None
    ok: bool
    lost: int = 0
    extra: int = 0
    changed: int = 0
    units: tuple[Unit, ...] = ()
    checks: tuple[Check, ...] = ()
    transformations: tuple[Transformation, ...] = ()
    rejects: tuple[Rejected, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As `--report` writes it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Report":
        """From what `to_json` gave."""
        parts: dict[str, type[Any]] = {
            "units": Unit, "checks": Check, "transformations": Transformation, "rejects": Rejected,
        }  # fmt: skip
        lists = {name: tuple(part(**item) for item in value[name]) for name, part in parts.items()}
        return cls(**{**value, **lists})

    def with_phase(self, phase: str) -> "Report":
        """The same, further on."""
        return replace(self, phase=phase)


def checks_of(proofs: Mapping[str, Proof], *, allow_rejects: bool) -> tuple[Check, ...]:
    """The four checks of a move of records, over all its units."""
    total, rejected, kept = (sum(getattr(p, name) for p in proofs.values()) for name in ("records", "rejected", "kept"))
    there = sum(p.target.rows for p in proofs.values())
    expected, found = _rows(proofs, "expected"), _rows(proofs, "found")
    since = sum(p.since for p in proofs.values())
    alike = sum(1 for p in proofs.values() if p.match)
    there += sum(p.expired for p in proofs.values())
    records_ok = total > 0 and there + rejected == total and not any(p.extra.count for p in proofs.values())
    rejected_ok = rejected == kept and (allow_rejects or not rejected)
    return (
        Check("records", records_ok, total, there + rejected, _names(proofs, "lost", "extra", "since_read")),
        Check("rows", expected == found, expected, found, f"{since} added since, not counted" if since else ""),
        Check("fingerprints", alike == len(proofs), len(proofs), alike, _names(proofs, "changed", "grown")),
        Check("rejected", rejected_ok, kept if allow_rejects else 0, rejected, _word(rejected, kept)),
    )


def transformations_of(
    notes: Counter[str], outcome: Counter[str], ignored: Mapping[str, str]
) -> tuple[Transformation, ...]:
    """What had to be decided, and what else there is to know."""
    told = [Transformation(what, "the source does not say it", count) for what, count in sorted(notes.items())]
    if outcome["updated"]:
        told.append(
            Transformation(
                "records were updated", "they changed in the source since they were moved", outcome["updated"]
            )
        )
    told += [Transformation(f"{name} was left out", why, 1) for name, why in ignored.items()]
    return tuple(told)


def moment(value: datetime | None) -> str | None:
    """A date as reports have it."""
    return value.isoformat(timespec="milliseconds") if value else None


def _rows(proofs: Mapping[str, Proof], side: str) -> dict[str, int]:
    total: Counter[str] = Counter()
    for proof in proofs.values():
        total.update(getattr(proof, side))
    return dict(sorted(total.items()))


def _names(proofs: Mapping[str, Proof], *kinds: str) -> str:
    told = [
        f"{_SAID.get(kind, kind)} in {unit}: {getattr(proof, kind)}"
        for unit, proof in proofs.items()
        for kind in kinds
        if getattr(proof, kind).count
    ]
    return "; ".join(told)


def _word(rejected: int, kept: int) -> str:
    if rejected == kept:
        return "kept in arraigo_move.rejected" if rejected else ""
    return f"{kept} are kept in arraigo_move.rejected: the source changed since, run the move again"
