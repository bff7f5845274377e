"""A chat that survives the process.

    pip install 'arraigo[chainlit]'
    export CHAINLIT_AUTH_SECRET=$(python -c 'import secrets; print(secrets.token_hex(32))')
    chainlit run examples/chainlit/app.py

Sign in with any name and the password "casa", say something, stop the program, start it again: the chat is in the list
on the left and goes on where it was. Without DATABASE_URL it is kept in the embedded PostgreSQL.
"""

import chainlit as cl

from arraigo.integrations.chainlit import ArraigoDataLayer

MENU = {"arepas": "maíz, queso y mantequilla", "sancocho": "yuca, plátano, mazorca y paciencia"}


@cl.data_layer
def data_layer() -> ArraigoDataLayer:
    """Where Chainlit keeps users, threads, steps, files and feedback."""
    return ArraigoDataLayer()


@cl.password_auth_callback
async def sign_in(name: str, password: str) -> cl.User | None:
    """Anybody may come in who knows the house's word; put your own check here."""
    return cl.User(identifier=name) if password == "casa" else None  # noqa: S105 - an example's


@cl.on_chat_resume
async def resume(thread: cl.types.ThreadDict) -> None:
    """An old thread was opened: Chainlit has shown its messages again; the program's own memory comes from them."""
    asked = [step["output"] for step in thread["steps"] if step["type"] == "user_message"]
    cl.user_session.set("asked", asked)


@cl.step(type="tool", name="recetario")
async def look_up(question: str) -> str:
    """What the recipe book says: a step of its own in the thread."""
    found = [f"{dish}: {recipe}" for dish, recipe in MENU.items() if dish in question.lower()]
    return "; ".join(found) or "eso no está en el recetario"


@cl.on_message
async def answer(message: cl.Message) -> None:
    """Answer word by word, as a model would."""
    asked = [*(cl.user_session.get("asked") or []), message.content]
    cl.user_session.set("asked", asked)
    reply = cl.Message(content="")
    for word in f"{await look_up(message.content)} (van {len(asked)} preguntas) ☺".split(" "):
        await reply.stream_token(word + " ")
    await reply.send()
