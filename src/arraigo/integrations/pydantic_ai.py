"""pydantic-ai: the message history of an agent kept in a conversation.

from arraigo.integrations.pydantic_ai import MessageHistory

history = MessageHistory(store.as_user("ana"), "thread-1")
result = await agent.run("Hola", message_history=await history.load())
await history.append(result.new_messages())
"""

from collections.abc import Sequence

from arraigo.integrations.history import AsyncHistory
from arraigo.integrations.model_messages import INTEGRATION, ModelMessage, from_found, to_items
from arraigo.store.stores import UserStore


class MessageHistory:
    """The model messages of one conversation; `arraigo.integrations.sync.pydantic_ai` has it without await.

    Args:
        me: Whose.
        name: The external id of the conversation, which is made at the first message; or the id of one that is there.
        title: For people; the first words that the user says, when not given.
    """

    def __init__(self, me: UserStore, name: str, *, title: str | None = None) -> None:
        self._history = AsyncHistory(me, name, INTEGRATION, title)

    async def load(self, last: int | None = None) -> list[ModelMessage]:
        """All messages, oldest first, or the last so many: what `message_history=` takes.

        What was said in the conversation in another way is among them. A model may refuse a history that begins with
        the answer of a tool: so be careful with `last`.
        """
        return from_found(await self._history.read(last))

    async def append(self, new: Sequence[ModelMessage]) -> None:
        """Keep what is new, `result.new_messages()`, in one step: all of it or none.

        Raises:
            InvalidInput: A message has a value that JSON cannot hold; TooLarge: more than 1,000 messages.
        """
        await self._history.add(to_items(new))

    async def clear(self) -> None:
        """Take all of it away; the conversation too, if a history made it."""
        await self._history.clear()
