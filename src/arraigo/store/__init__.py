"""Keep: users, projects, conversations, messages, documents, state."""

from arraigo.store.stores import Store, UserStore, open  # noqa: A004 - arraigo.open() is the contract's name

__all__ = ["Store", "UserStore", "open"]
