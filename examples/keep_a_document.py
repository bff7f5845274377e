"""Keep a file beside a conversation, read it, hand it out: `python examples/keep_a_document.py`."""

import asyncio

import arraigo


async def main() -> None:
    """From adding it to its end."""
    async with arraigo.open() as store:
        me = store.as_user("ana")
        talk = await me.conversations.create(title="Direcciones")
        kept = await me.documents.add(talk.id, "Calle 10 # 4-21 🥑".encode(), filename="direcciones.txt")
        print(kept.processing_status, kept.file_size, kept.checksum[:8])

        content = await me.documents.read(kept.id)
        await me.documents.mark_processed(kept.id, content.decode())
        print((await me.documents.get(kept.id)).extracted_content)

        link = await me.documents.link(kept.id, expires=600)
        print(f"http://127.0.0.1:8080{link.path}, until {link.expires_at:%H:%M}")

        await me.conversations.delete(talk.id)  # the document goes with it, bytes and all


asyncio.run(main())
