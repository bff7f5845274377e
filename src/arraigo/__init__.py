"""One durable home in PostgreSQL for what AI assistants remember, and the proved move into it.

    async with arraigo.open() as store:
        me = store.as_user("ana")
        talk = await me.conversations.create(title="Directions")
        await me.messages.append(talk.id, role="user", content="Hello")

`arraigo.sync` has the same names without await.
"""

from arraigo import errors, sync
from arraigo.errors import ArraigoError
from arraigo.store import Store, UserStore, open  # noqa: A004 - arraigo.open() is the contract's name
from arraigo.store.types import Conversation, Document, Entry, Link, Message, NewMessage, Page, Project, Revision, User

__version__ = "0.1.0"
__all__ = [
    "ArraigoError",
    "Conversation",
    "Document",
    "Entry",
    "Link",
    "Message",
    "NewMessage",
    "Page",
    "Project",
    "Revision",
    "Store",
    "User",
    "UserStore",
    "errors",
    "open",
    "sync",
]
