"""The same without await: `python examples/append_and_read_sync.py`."""

import arraigo


def main() -> None:
    """Have a short conversation, and find it again by a name of one's own."""
    with arraigo.sync.open() as store:
        me = store.as_user("ana")
        page = me.conversations.list(limit=1)
        print(len(page.items), "conversation before")
        talk = me.conversations.create(title="Recetas")
        me.messages.append(talk.id, [("user", "¿Qué hago con dos aguacates?"), ("assistant", "Guacamole 🥑")])
        last = me.messages.list(talk.id, last=1)[0]
        print(last.sequence_number, last.role, last.content)


main()
