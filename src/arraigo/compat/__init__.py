"""For code that comes from the old way: what it kept in a dict, a Map, a Set or a `ConversationStore` is kept here.

contexts = DurableDict("contexts", user="bot", ttl=3600)
contexts["573000000000"] = {"text": "…"}
"""

from arraigo.compat.async_durable import AsyncDurableDict, AsyncDurableSet
from arraigo.compat.conversation_store import ConversationStore
from arraigo.compat.durable import DurableDict, DurableSet

__all__ = ["AsyncDurableDict", "AsyncDurableSet", "ConversationStore", "DurableDict", "DurableSet"]
