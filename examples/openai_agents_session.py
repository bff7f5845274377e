"""An agent of the OpenAI Agents SDK that remembers: `python examples/openai_agents_session.py`.

Wants the package: pip install 'arraigo[openai-agents]'.

The model is scripted, so that no key is needed; with a real one, leave `model=` out.
"""

import asyncio

from agents import Agent, RunConfig, Runner
from agents.testing import ScriptedModel
from openai.types.responses import ResponseOutputMessage, ResponseOutputText

import arraigo
from arraigo.integrations.openai_agents import ArraigoSession


def answer(text: str) -> ResponseOutputMessage:
    """What a model says."""
    content = ResponseOutputText(text=text, type="output_text", annotations=[])
    return ResponseOutputMessage(id="m", type="message", role="assistant", status="completed", content=[content])


async def main() -> None:
    """Have two turns, and look at them as the conversation that they are."""
    model = ScriptedModel()
    model.enqueue([answer("¡Hola, Ana!")])
    model.enqueue([answer("Te llamas Ana 🙂")])
    agent = Agent(name="Asistente", instructions="Be brief.", model=model)
    async with arraigo.open() as store:
        me = store.as_user("ana")
        for question in ("Soy Ana.", "¿Cómo me llamo?"):
            session = ArraigoSession(me, "thread-1")  # another process would find it by this name
            result = await Runner.run(agent, question, session=session, run_config=RunConfig(tracing_disabled=True))
            print(result.final_output)
        for message in await me.messages.list("thread-1"):
            print(message.sequence_number, message.role, message.content)


asyncio.run(main())
