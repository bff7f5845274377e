"""What a move of a database knows while it is at it."""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from arraigo.move.records.progress import Progress, Tell
from arraigo.move.relational.catalog import Catalog, Table
from arraigo.move.relational.copying import Slice
from arraigo.move.relational.fingerprints import Fingerprint
from arraigo.move.relational.formats import Format
from arraigo.move.relational.lanes import Lane
from arraigo.move.relational.plans import Options, Plan
from arraigo.move.relational.sessions import Connection
from arraigo.postgres.target import Target

_MOST_JOBS = 4


class Meter:
    """Adds up what several lanes do, and tells it."""

    def __init__(self, tell: Tell, unit: str) -> None:
        self._tell, self._unit = tell, unit
        self._lock = threading.Lock()
        self._phase, self._done, self._total, self._records = "copy", 0, 0, 0

    def begin(self, phase: str, total: int) -> None:
        """Another phase, of so many bytes."""
        with self._lock:
            self._phase, self._done, self._total, self._records = phase, 0, total, 0

    def add(self, size: int, records: int = 0) -> None:
        """So much more is done."""
        with self._lock:
            self._done += size
            self._records += records
            total = max(self._total, self._done)
            self._tell(Progress(self._phase, self._unit, self._done, total, self._records))


@dataclass(slots=True)
class Move:
    """One run that is being copied or proved.

    Attributes:
        home: The connection that holds the target for this run, and keeps its ledger.
        read: The connection that holds the source's snapshot.
        snapshot: Its name.
        whole: The catalog of the schemas that move, as it was in the snapshot.
        catalog: What of it moves.
        tables: Those of it whose rows are copied, by label.
        formats: How, by label.
        proofs: Of each unit, what both sides came to.
        proving: Whether comparing is all that is being done.
    """

    run_id: str
    source: Target
    target: Target
    home: Connection
    read: Connection
    snapshot: str
    options: Options
    plan: Plan
    whole: Catalog
    catalog: Catalog
    formats: Mapping[str, Format]
    meter: Meter
    proofs: dict[str, tuple[Fingerprint, Fingerprint]] = field(default_factory=dict)
    proving: bool = False

    @property
    def tables(self) -> dict[str, Table]:
        """The tables whose rows are copied; a partitioned one's are in its partitions."""
        return {label: table for label, table in self.catalog.tables.items() if table.kind == "r"}

    @property
    def filled(self) -> frozenset[str]:
        """The materialized views that have rows."""
        views = self.catalog.objects["views"]
        found = (label for label, table in self.catalog.tables.items() if table.kind == "m")
        return frozenset(label for label in found if "\nnot populated" not in views[label])

    def alike(self, slice_: Slice) -> bool:
        """Whether both sides of a unit are the same."""
        source, target = self.proofs[slice_.name]
        return source == target

    def lanes(self) -> list[Lane]:
        """Pairs of connections, as many as jobs were asked for."""
        jobs = self.options.jobs or min(_MOST_JOBS, max(2, os.cpu_count() or 2))
        return [Lane(self.source, self.target, f"arraigo move {self.run_id}", self.snapshot) for _ in range(jobs)]
