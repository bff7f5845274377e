"""The store without await: the same names, generated from `arraigo.store` (see tools/generate.py)."""

from arraigo.sync.stores import Store, UserStore, open  # noqa: A004 - arraigo.sync.open() is the contract's name

__all__ = ["Store", "UserStore", "open"]
