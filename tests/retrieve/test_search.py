"""What a search finds, in what order, and what it says when there is nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import arraigo
from arraigo import retrieve
from arraigo.errors import ArraigoError, InvalidInput, NotFound
from arraigo.retrieve import Found, index
from arraigo.retrieve import sync as without_await
from arraigo.retrieve.searching import _WORTH_INDEXING

Texts = Callable[[Found], list[str]]


def numbers(found: Found) -> list[int | None]:
    return [hit.sequence_number for hit in found.hits]


async def test_what_was_acknowledged_is_found_at_once_over_every_way(
    anybody: Callable[[], arraigo.UserStore], find: Any, texts: Texts
) -> None:
    """Without a worker: while nothing is indexed, when some of it is, and when all is."""
    me, you = anybody(), anybody()
    talk = await me.conversations.create(title="Cambio de dirección", external_id="t-1")
    await me.messages.append(talk.id, [("user", "Quiero cambiar mi dirección"), ("assistant", "¿Cuál es?")])
    await me.messages.append("t-1", [("user", f"relleno {n}") for n in range(_WORTH_INDEXING)])
    for step in range(3):
        assert texts(await find(me, "direcciones")) == ["Cambio de [dirección]", "Quiero cambiar mi [dirección]"]
        await me.messages.append(talk.id, role="user", content=f"paso número{step}")
        assert texts(await find(me, f"número{step}")) == [f"paso [número{step}]"]
        assert (await find(you, "dirección")).hits == []
        assert (await find(you, "direxión")).hits == []
    found = await find(me, "direccion", context=1, conversation="t-1", limit=1)
    assert found.next
    hit = (await find(me, "direccion", context=1, cursor=found.next)).hits[0]
    assert (hit.title, hit.external_id, hit.kind) == ("Cambio de dirección", "t-1", "chat")
    assert (hit.sequence_number, hit.role, hit.conversation_id) == (1, "user", talk.id)
    assert ([one.text for one in hit.before], [one.text for one in hit.after]) == ([], ["¿Cuál es?"])


@pytest.mark.parametrize("language", [None, "own"])
@pytest.mark.parametrize("indexed", ["indexed", ""])
@pytest.mark.parametrize(
    ("own", "said", "asked"),
    [
        ("es", "Las comunicaciones llegaron tarde", "comunicación"),
        ("es-CO", "La comunicación llegó tarde", "COMUNICACIONES"),
        ("es", "Cancelé la suscripción del año pasado", "cancelar ano"),
        ("en", "The invoices were wrong in the summary", "invoice summaries"),
        ("en_GB", "We were running behind the others", "run"),
        ("pt", "As informações não chegaram para o cliente", "informacao"),
        ("pt-BR", "Não tenho a informação do cliente", "informações"),
        ("de", "Die Rechnung für Müller liegt bei", "muller rechnung"),
        ("fr", "L'été est à Besançon", "ete besancon"),
        ("el", "Καλημέρα από την Αθήνα", "καλημερα"),
        ("ja", "住所変更のお願い", "住所変更のお願い"),
    ],
)
async def test_words_are_found_without_accents_in_every_form(
    store: arraigo.Store, me: arraigo.UserStore, language: str | None, indexed: str, own: str, said: str, asked: str
) -> None:
    talk = await me.conversations.create(title="x", language=own if language else None)
    await me.messages.append(talk.id, [("user", said), ("assistant", "nada más"), ("user", "nothing else")])
    if indexed:
        assert await index(store) == 4
    assert numbers(await retrieve.search(me, asked)) == [1]


async def test_decomposed_letters_and_capitals_are_the_same_word(me: arraigo.UserStore, texts: Texts) -> None:
    talk = await me.conversations.create(title="x")
    await me.messages.append(talk.id, [("user", "la DIRECCIO\u0301N nueva"), ("user", "y la dirección vieja")])
    for query in ("direccion", "Direcció\u0301n".replace("ó\u0301", "o\u0301"), "DIRECCIÓN"):
        assert sorted(texts(await retrieve.search(me, query))) == ["la [DIRECCIÓN] nueva", "y la [dirección] vieja"]


async def test_the_syntax_of_a_web_search(me: arraigo.UserStore) -> None:
    talk = await me.conversations.create(title="x", language="es")
    said = ["la factura vieja", "la factura nueva del pedido", "un pedido nuevo", "vieja la casa y la factura"]
    await me.messages.append(talk.id, [("user", one) for one in said])
    for query, expected in (
        ("factura", {1, 2, 4}),
        ("factura pedido", {2}),
        ("factura -pedido", {1, 4}),
        ('"factura vieja"', {1}),
        ('-"factura vieja" factura', {2, 4}),
        ("casa or pedido", {2, 3, 4}),
        ("casa OR pedido -factura", {3, 4}),
        ('factura "', {1, 2, 4}),
        ("factura'; DROP TABLE x; --", set()),
        ("factura & | ! ( ) : * < >", {1, 2, 4}),
    ):
        assert set(numbers(await retrieve.search(me, query))) == expected, query


async def test_codes_are_found_by_their_parts_and_words_in_spite_of_a_slip(
    me: arraigo.UserStore, texts: Texts, store: arraigo.Store
) -> None:
    talk = await me.conversations.create(title="x")
    said = [
        "el pedido QX-4711/B de ana@example.com",
        "la dirección nueva",
        "el vuelo AVA9381X",
        "the invoices",
        "住所変更のお願い",
    ]
    await me.messages.append(talk.id, [("user", one) for one in said])
    for _ in range(2):
        for query, number, similar in (
            ("QX-4711/B", 1, False),
            ("qx 4711", 1, False),
            ("4711", 1, False),
            ("ana@example.com", 1, False),
            ("471", 1, True),
            ("9381", 3, True),
            ("AVA9381Y", 3, True),
            ("direcion", 2, True),
            ("dirrección nueva", 2, True),
            ("la direccoin", 2, True),
            ("invioces", 4, True),
            ("所変更", 5, True),
        ):
            found = await retrieve.search(me, query)
            assert (numbers(found), found.similar) == ([number], similar), query
        assert (await retrieve.search(me, "zzzzz")).hits == []
        await index(store)
    assert texts(await retrieve.search(me, "direcion")) == ["la [dirección] nueva"]


async def test_html_and_code_are_words_like_any_other_and_come_back_as_they_were(
    me: arraigo.UserStore, texts: Texts
) -> None:
    talk = await me.conversations.create(title="x")
    await me.messages.append(
        talk.id, role="user", content="<script>alert('uno')</script> List<String> /var/log/app.log"
    )
    assert texts(await retrieve.search(me, "alert")) == [
        "<script>[alert]('uno')</script> List<String> /var/log/app.log"
    ]
    assert numbers(await retrieve.search(me, "string")) == [1]
    assert numbers(await retrieve.search(me, "app.log")) == [1]


async def test_an_edit_a_deletion_and_a_new_title_count_at_once(store: arraigo.Store, me: arraigo.UserStore) -> None:
    for indexed in (False, True):
        talk = await me.conversations.create(title="título viejo")
        await me.messages.append(talk.id, [("user", "palabra antigua"), ("user", "palabra borrada")])
        if indexed:
            await index(store)
        await me.messages.edit(talk.id, 1, content="palabra reciente")
        await me.messages.delete(talk.id, 2)
        await me.conversations.update(talk.id, title="título fresco")
        for gone in ("antigua", "borrada", "viejo"):
            assert (await retrieve.search(me, gone)).hits == [], gone
        assert numbers(await retrieve.search(me, "reciente")) == [1]
        assert numbers(await retrieve.search(me, "fresco")) == [None]
        await index(store)
        assert numbers(await retrieve.search(me, "reciente")) == [1]
        assert numbers(await retrieve.search(me, "fresco")) == [None]
        await me.conversations.delete(talk.id)
        assert (await retrieve.search(me, "reciente or fresco")).hits == []


async def test_nothing_of_what_was_deleted_is_left_in_the_index(
    store: arraigo.Store, me: arraigo.UserStore, superuser: Any
) -> None:
    talk = await me.conversations.create(title="x")
    await me.messages.append(talk.id, [("user", "secreto uno"), ("user", "secreto dos")])
    await index(store)
    await me.messages.delete(talk.id, 1)
    await me.messages.edit(talk.id, 2, content="otra cosa")
    assert superuser("SELECT count(*) FROM arraigo.message_search WHERE words::text LIKE '%secret%'") == [(0,)]
    await me.conversations.delete(talk.id)
    assert superuser("SELECT count(*) FROM arraigo.message_search") == [(0,)]
    assert superuser("SELECT count(*) FROM arraigo.search_progress") == [(0,)]


async def test_another_language_is_another_reading(store: arraigo.Store, me: arraigo.UserStore, superuser: Any) -> None:
    talk = await me.conversations.create(title="x", language="en")
    await me.messages.append(talk.id, [("user", "los pedidos que cancelaron")])
    await index(store)
    found = await retrieve.search(me, "canceló")
    assert found.similar or not found.hits
    await me.conversations.update(talk.id, language="es")
    for _ in range(2):
        found = await retrieve.search(me, "canceló")
        assert (numbers(found), found.similar) == ([1], False)
        await index(store)
    assert superuser("SELECT DISTINCT language::text FROM arraigo.message_search") == [("es",)]


async def test_filters_leave_out_what_they_say(me: arraigo.UserStore, superuser: Any) -> None:
    chat = await me.conversations.create(title="pedido", external_id="c")
    plan = await me.conversations.create(title="otro", kind="test_plan")
    await me.messages.append(chat.id, [("user", "un pedido"), ("assistant", "su pedido")])
    await me.messages.append(plan.id, [("user", "el pedido del plan")])
    superuser("UPDATE arraigo.messages SET created_at = '2026-01-01T00:00:00Z' WHERE role = 'assistant'")
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    options: list[tuple[dict[str, Any], int]] = [
        ({}, 4),
        ({"conversation": "c"}, 3),
        ({"conversation": plan.id}, 1),
        ({"kind": "test_plan"}, 1),
        ({"kind": "interview"}, 0),
        ({"role": "user"}, 2),
        ({"role": "assistant"}, 1),
        ({"until": new_year + timedelta(seconds=1)}, 1),
        ({"until": new_year}, 0),
        ({"since": new_year}, 4),
        ({"since": new_year + timedelta(seconds=1)}, 3),
        ({"since": new_year, "until": new_year + timedelta(days=1), "role": "assistant", "kind": "chat"}, 1),
    ]
    for chosen, count in options:
        assert len((await retrieve.search(me, "pedido", **chosen)).hits) == count, chosen


async def test_pages_have_everything_once_and_the_best_first(store: arraigo.Store, me: arraigo.UserStore) -> None:
    for number in range(3):
        talk = await me.conversations.create(title=f"charla {number}")
        said = [("user", "pedido " * (1 + n % 3) + "relleno " * (n % 5)) for n in range(12)]
        await me.messages.append(talk.id, said)
        if number == 1:
            await index(store)
    whole = await retrieve.search(me, "pedido", limit=100)
    assert len(whole.hits) == 36
    assert [hit.rank for hit in whole.hits] == sorted((hit.rank for hit in whole.hits), reverse=True)
    for query, similar in (("pedido", False), ("pwdido", True)):
        paged: list[retrieve.Hit] = []
        cursor = None
        while True:
            page = await retrieve.search(me, query, limit=5, cursor=cursor)
            assert page.similar == similar
            paged += page.hits
            cursor = page.next
            if cursor is None:
                break
        ids = [(hit.conversation_id, hit.sequence_number) for hit in paged]
        assert sorted(ids) == sorted((hit.conversation_id, hit.sequence_number) for hit in whole.hits)
        assert [hit.rank for hit in paged] == sorted((hit.rank for hit in paged), reverse=True)
        assert similar or paged == whole.hits


async def test_a_title_that_says_it_comes_before_a_message(me: arraigo.UserStore) -> None:
    other = await me.conversations.create(title="otra")
    await me.messages.append(other.id, role="user", content="pedido pedido pedido")
    talk = await me.conversations.create(title="El pedido que no llegó y lo que se hizo después")
    found = await retrieve.search(me, "pedido")
    assert [hit.conversation_id for hit in found.hits] == [talk.id, other.id]
    assert (found.hits[0].message_id, found.hits[0].role) == (None, None)


async def test_the_messages_beside_a_hit_come_with_it_without_those_deleted(me: arraigo.UserStore) -> None:
    talk = await me.conversations.create(title="x")
    await me.messages.append(talk.id, [("user", f"m{n}" if n != 4 else "aguja " + "y" * 600) for n in range(1, 8)])
    await me.messages.delete(talk.id, 3)
    hit = (await retrieve.search(me, "aguja", context=2)).hits[0]
    assert [one.sequence_number for one in hit.before] == [2]
    assert [(one.sequence_number, one.text) for one in hit.after] == [(5, "m5"), (6, "m6")]
    beside = (await retrieve.search(me, "m5", context=1)).hits[0].before[0]
    assert len(beside.text) == 500
    assert "aguja" not in repr(beside)


@pytest.mark.parametrize(
    ("query", "note"),
    [("de la", "Spanish"), ("the", "English"), ("no", "Spanish and English"), ("zzz", None)],
)
async def test_words_that_are_everywhere_are_said_to_be(me: arraigo.UserStore, query: str, note: str | None) -> None:
    talk = await me.conversations.create(title="x", language="es")
    await me.messages.append(talk.id, role="user", content="la casa de la abuela no tiene luz")
    found = await retrieve.search(me, query)
    assert found.hits == []
    assert (note or "") in (found.note or "")
    assert (found.note is None) == (note is None)


@pytest.mark.parametrize(
    "options",
    [
        {"query": ""},
        {"query": "  \n"},
        {"query": "¿?"},
        {"query": '""'},
        {"query": "-uno"},
        {"query": "uno or -dos"},
        {"query": "a\0b"},
        {"query": "\ud800"},
        {"query": "x" * 1001},
        {"query": "uno " * 33},
        {"limit": 0},
        {"limit": 101},
        {"context": -1},
        {"context": 6},
        {"kind": "x"},
        {"role": "x"},
        {"cursor": "x"},
        {"cursor": "AAAA" * 12},
        {"cursor": "_" * 56},
        {"since": datetime(2026, 1, 1)},  # noqa: DTZ001 - that is what is wrong with it
        {"conversation": ""},
    ],
)
async def test_what_makes_no_sense_is_one_sentence(me: arraigo.UserStore, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        await retrieve.search(me, **{"query": "uno", **options})
    assert "\n" not in str(caught.value)


async def test_a_conversation_of_nobodys_is_not_found(store: arraigo.Store, me: arraigo.UserStore) -> None:
    theirs = await store.as_user("bea").conversations.create(title="x")
    for ref in ("nope", theirs.id):
        with pytest.raises(NotFound):
            await retrieve.search(me, "x", conversation=ref)


async def test_a_long_message_is_found_by_what_stands_anywhere_in_it(
    store: arraigo.Store, me: arraigo.UserStore
) -> None:
    talk = await me.conversations.create(title="x")
    middle = " ".join(f"w{n:x}q" for n in range(60_000))
    await me.messages.append(talk.id, role="user", content=f"principio {middle} centro {middle} final")
    for _ in range(2):
        for word in ("principio", "centro", "final", "wea5fq", "principio final"):
            found = await retrieve.search(me, word)
            assert (numbers(found), found.similar) == ([1], False), word
        await index(store)
    assert any(part.hit for part in (await retrieve.search(me, "principio")).hits[0].snippet)


async def test_the_twin_finds_the_same(settings: arraigo.settings.Settings, me: arraigo.UserStore) -> None:
    talk = await me.conversations.create(title="x")
    await me.messages.append(talk.id, [("user", "uno dos"), ("user", "dos tres")])
    with arraigo.sync.open(settings) as store:
        assert without_await.search(store.as_user("ana"), "dos", context=1) == await retrieve.search(
            me, "dos", context=1
        )
        assert without_await.index(store) == 3
        assert without_await.search(store.as_user("ana"), "does not stand there") == Found()


async def test_an_error_never_says_what_was_looked_for(me: arraigo.UserStore) -> None:
    with pytest.raises(ArraigoError) as caught:
        await retrieve.search(me, "-" + "secreto" * 20)
    assert "secreto" not in str(caught.value)


async def test_what_shall_not_be_there_is_not_there_as_something_like_it_either(me: arraigo.UserStore) -> None:
    talk = await me.conversations.create(title="x", language="es")
    await me.messages.append(talk.id, role="user", content="la factura vieja del almacén")
    for query in ("factura -vieja", "factura -almacen", '"vieja factura"'):
        found = await retrieve.search(me, query)
        assert (found.hits, found.similar) == ([], False), query
    assert (await retrieve.search(me, "factvra")).similar
