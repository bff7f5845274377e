"""Keeping while the database is away: an append-only file, fsynced before anything is acknowledged, and its replay.

`entries` says what is written and `sealing` how a line of the file looks; `file` is the file, shared by the processes
of one home; `talks` and `states` are what this process has seen, for reading; `replay` brings the file into the
database; `keeper` knows which of all this is due, and `places` whether there is a journal at all.
"""

from arraigo.store.journal import results
from arraigo.store.journal.entries import Entry, Subject
from arraigo.store.journal.keeper import Journal

__all__ = ["Entry", "Journal", "Subject", "results"]
