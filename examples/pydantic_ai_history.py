"""An agent of pydantic-ai that remembers: `python examples/pydantic_ai_history.py`.

Wants the package: pip install 'arraigo[pydantic-ai]'.

The model is a function, so that no key is needed.
"""

import asyncio

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

import arraigo
from arraigo.integrations.pydantic_ai import MessageHistory


def count(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
    """Answer with how much is remembered."""
    return ModelResponse([TextPart(f"Recuerdo {len(messages) - 1} mensajes 🙂")])


async def main() -> None:
    """Have two turns, and look at them as the conversation that they are."""
    agent = Agent(FunctionModel(count))
    async with arraigo.open() as store:
        me = store.as_user("ana")
        history = MessageHistory(me, "thread-3")
        for question in ("Soy Ana.", "¿Cómo me llamo?"):
            result = await agent.run(question, message_history=await history.load())
            await history.append(result.new_messages())
        for message in await me.messages.list("thread-3"):
            print(message.sequence_number, message.role, message.content)


asyncio.run(main())
