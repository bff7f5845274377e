"""Find what was said: in every form, without accents, in spite of a slip, whoever spelled it how.

python examples/search.py
"""

import asyncio

import arraigo
from arraigo import retrieve

SAID = [
    ("user", "Quiero cambiar mi dirección de envío 🙂"),
    ("assistant", "Con gusto. ¿Me da el código del pedido?"),
    ("user", "Es el QX-4711/B, y son dos direcciones"),
]


async def main() -> None:
    """Say something, then look for it."""
    async with arraigo.open() as store:
        me = store.as_user("ana of the search example")
        talk = await me.conversations.create(title="Cambio de dirección")
        await me.messages.append(talk.id, SAID)
        for query in ("direccion", '"direccion de envio"', "4711", "pedido -gusto", "direcion"):
            found = await retrieve.search(me, query, conversation=talk.id)
            print(f"{query}{' (spelled nearly so)' if found.similar else ''}")
            for hit in found.hits:
                marked = "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in hit.snippet)
                print(f"  {hit.role or 'title'}: {marked}")
        await me.conversations.delete(talk.id)


if __name__ == "__main__":
    asyncio.run(main())
