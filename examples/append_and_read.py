"""Keep a conversation and read it again: `python examples/append_and_read.py`.

Without DATABASE_URL it works on the embedded PostgreSQL, which it starts.
"""

import asyncio

import arraigo


async def main() -> None:
    """Have a short conversation."""
    async with arraigo.open() as store:
        me = store.as_user("ana")
        talk = await me.conversations.create(title="Direcciones")
        await me.messages.append(talk.id, role="user", content="Hola, ¿dónde queda el mirador?")
        await me.messages.append(talk.id, [("assistant", "Arriba, pasando el olmo."), ("user", "¡Gracias! 🙂")])
        for message in await me.messages.list(talk.id, last=50):
            print(message.sequence_number, message.role, message.content)


asyncio.run(main())
