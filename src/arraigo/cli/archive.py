r"""The script that pg_restore makes of an archive, read line by line: how many rows it gives each table.

In it, rows stand between `COPY table (columns) FROM stdin;` and a line with `\.` alone, each on a line of its own,
since COPY's text format writes a line end inside a value as `\n` (PostgreSQL's manual, COPY).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_NAME = rb'(?:"(?:[^"]|"")+"|[^\s."]+)'
_COPY = re.compile(rb"COPY (%b\.%b) \(.*\) FROM stdin;\n" % (_NAME, _NAME))
_END = b"\\.\n"
_VERSION_TABLE = "arraigo.schema_version"
# pg_restore 17 and newer say this to every server; older servers do not know it.
_NEWER = b"SET transaction_timeout = 0;\n"


@dataclass
class Contents:
    """What was read of a script.

    Attributes:
        rows: How many, by table, named as SQL wants it.
        version: The schema version that it brings; None: it is no Arraigo database.
    """

    rows: dict[str, int] = field(default_factory=dict)
    version: str | None = None

    def read(self, script: Iterable[bytes]) -> Iterator[bytes]:
        """The same lines, counted."""
        table = None
        for line in script:
            if table is None:
                if line == _NEWER:
                    continue
                if found := _COPY.fullmatch(line):
                    table = found[1].decode()
                    self.rows[table] = 0
            elif line == _END:
                table = None
            else:
                self.rows[table] += 1
                if table == _VERSION_TABLE:
                    self.version = line.decode().strip()
            yield line
