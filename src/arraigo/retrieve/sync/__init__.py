"""Find, without await: the same names on `arraigo.sync`, generated (see tools/generate.py)."""

from arraigo.retrieve.sync.searching import index, search

__all__ = ["index", "search"]
