import arraigo


async def test_smoke(store: arraigo.Store) -> None:
    me = store.as_user("ana")
    talk = await me.conversations.create(title="x")
    assert (await me.messages.append(talk.id, role="user", content="hi")).sequence_number == 1
