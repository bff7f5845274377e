"""Exports of ChatGPT and Claude accounts, made up and always the same: branches, tools, images, thoughts, nulls."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from arraigo.move.records.shape import Row, Rows
from support.legacy_files import WORDS

NOBODY = "00000000-0000-4000-8000-000000000000"
_BEGIN = 1_737_972_672.123456


def ident(*parts: object) -> str:
    """An id like theirs."""
    return str(UUID(bytes=hashlib.sha256(repr(parts).encode()).digest()[:16], version=4))


class Mapping:
    """A tree of nodes that grows as people talk, edit and ask again."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.nodes: dict[str, Any] = {}
        self.leaf = self._node(None, None)

    def _node(self, message: dict[str, Any] | None, parent: str | None) -> str:
        name = message["id"] if message else ident("root", self.number)
        self.nodes[name] = {"id": name, "message": message, "parent": parent, "children": []}
        if parent:
            self.nodes[parent]["children"].append(name)
        return name

    def say(self, role: str, content: dict[str, Any] | str, *, after: str | None = None, **other: Any) -> str:
        """One more message, behind the last or behind another; the conversation stands there then."""
        place = len(self.nodes)
        if isinstance(content, str):
            content = {"content_type": "text", "parts": [content]}
        message = {
            "id": ident(self.number, place),
            "author": {"role": role, "name": None, "metadata": {}},
            "create_time": round(_BEGIN + self.number * 86_400 + place * 7.25, 6),
            "update_time": None,
            "content": content,
            "status": "finished_successfully",
            "end_turn": True if role == "assistant" else None,
            "weight": 1.0,
            "metadata": {"request_id": f"r-{self.number}-{place}", "model_slug": "m-4"} if role == "assistant" else {},
            "recipient": "all",
            "channel": None,
        }
        self.leaf = self._node(message | other, after or self.leaf)
        return self.leaf


def _ordinary(talk: Mapping, turns: int) -> None:
    talk.say("system", "", create_time=None, weight=0.0, metadata={"is_visually_hidden_from_conversation": True})
    for turn in range(turns):
        talk.say("user", f"{WORDS[(talk.number + turn) % len(WORDS)]} {turn}?")
        talk.say("assistant", f"{WORDS[(talk.number + turn + 3) % len(WORDS)]} {turn}.")


def _edited(talk: Mapping) -> None:
    """The second question was edited twice, and the last answer asked for again."""
    talk.say("user", "hola")
    answer = talk.say("assistant", "¿qué tal?")
    for wording in ("bien", "bien, gracias", "muy bien, gracias"):
        question = talk.say("user", wording, after=answer)
        talk.say("assistant", f"me alegro: {wording}")
    talk.say("assistant", "¡qué bien! 😀", after=question)


def _tools(talk: Mapping) -> None:
    talk.say("user", "Suma 2 y 2 con un programa")
    thoughts = [{"summary": "Adding", "content": "Two and two.", "chunks": ["Two", "and two."], "finished": True}]
    talk.say("assistant", {"content_type": "thoughts", "thoughts": thoughts, "source_analysis_msg_id": ident("t")})
    code = {"content_type": "code", "language": "python", "response_format_name": None, "text": "print(2 + 2)"}
    talk.say("assistant", code, recipient="python", end_turn=False)
    tool = {"role": "tool", "name": "python", "metadata": {}}
    talk.say("tool", {"content_type": "execution_output", "text": "4\n"}, author=tool)
    talk.say("assistant", {"content_type": "reasoning_recap", "content": "Thought for 3 seconds"})
    quote = {"content_type": "tether_quote", "url": "https://example.com", "domain": "example.com", "text": "Cuatro"}
    talk.say("tool", quote | {"title": "Números", "tether_id": None}, author=tool | {"name": "browser"})
    talk.say("assistant", "Son 4.", update_time=_BEGIN + 99.5)


def _images(talk: Mapping) -> None:
    image = {
        "content_type": "image_asset_pointer",
        "asset_pointer": "sediment://file_0000000012",
        "size_bytes": 48_029,
        "width": 1024,
        "height": 768,
        "fovea": None,
        "metadata": {"dalle": None, "sanitized": True},
    }
    spoken = {"content_type": "audio_transcription", "text": "¿Qué se ve aquí?", "direction": "in", "decoding_id": None}
    heard = {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_3", "format": "wav"}
    talk.say("user", {"content_type": "multimodal_text", "parts": [image, "¿Qué es esto?", "Gracias"]})
    talk.say("assistant", "Una flor.")
    talk.say("user", {"content_type": "multimodal_text", "parts": [spoken, heard]})
    talk.say("tool", {"content_type": "multimodal_text", "parts": [image, ""]}, author={"role": "tool", "name": "img"})
    context = {"content_type": "user_editable_context", "user_profile": "Me llamo Ana", "user_instructions": "Breve"}
    talk.say("user", context, metadata={"is_user_system_message": True})


def chatgpt_conversation(number: int) -> dict[str, Any]:
    """One of six kinds by turns; the sixth is empty and has no title."""
    talk = Mapping(number)
    kind = number % 6
    if kind in {0, 4}:
        _ordinary(talk, number % 5 + 1)
    elif kind < 4:
        (_edited, _tools, _images)[kind - 1](talk)
    identity = ident("talk", number)
    return {
        "title": None if kind == 5 else f"Charla {number} {WORDS[number % len(WORDS)]}",
        "create_time": round(_BEGIN + number * 86_400, 6),
        "update_time": _BEGIN + number * 86_400 + 600.0000001 * (number % 2),
        "mapping": talk.nodes,
        "moderation_results": [],
        "current_node": talk.leaf,
        "plugin_ids": None,
        "conversation_id": identity,
        "conversation_template_id": None,
        "gizmo_id": None,
        "is_archived": number % 7 == 3,
        "safe_urls": ["https://example.com"] if kind == 2 else [],
        "default_model_slug": "m-4",
        "id": identity,
    }


def chatgpt(count: int) -> list[dict[str, Any]]:
    """A whole account."""
    return [chatgpt_conversation(number) for number in range(count)]


def deep(count: int) -> dict[str, Any]:
    """One conversation of so many messages, each an answer to the one before."""
    talk = Mapping(0)
    for number in range(count):
        talk.say(("user", "assistant")[number % 2], f"mensaje {number}")
    return chatgpt_conversation(0) | {"mapping": talk.nodes, "current_node": talk.leaf}


def moment(seconds: float) -> str:
    """A date as these exports write it."""
    return (datetime(2025, 1, 27, 10, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def _said(number: int, place: int, sender: str, blocks: Sequence[dict[str, Any]], **other: Any) -> dict[str, Any]:
    at = moment(number * 3600 + place * 7.25)
    dated = [
        {"start_timestamp": at, "stop_timestamp": at, "flags": None} | block if number % 3 else block
        for block in blocks
    ]
    return {
        "uuid": ident("claude", number, place),
        "text": "\n\n".join(block["text"] for block in blocks if "text" in block),
        "content": dated,
        "sender": sender,
        "created_at": at,
        "updated_at": at,
        "attachments": [],
        "files": [],
    } | other


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "citations": []}


def claude_messages(number: int) -> list[dict[str, Any]]:
    """One of six kinds by turns; the sixth is empty."""

    def say(place: int, sender: str, *blocks: dict[str, Any], **other: Any) -> dict[str, Any]:
        return _said(number, place, sender, blocks, **other)

    kind = number % 6
    if kind == 0:
        return [
            say(turn, ("human", "assistant")[turn % 2], {"type": "text", "text": f"{WORDS[turn]} {number}"})
            for turn in range(number % 5 + 2)
        ]
    if kind == 1:
        call = {"type": "tool_use", "name": "web_search", "input": {"query": "clima"}, "message": None}
        result = {"type": "tool_result", "name": "web_search", "content": [{"type": "text", "text": "Sol"}]}
        thinking = {"type": "thinking", "thinking": "Hay que buscar.", "summaries": [{"summary": "Buscar"}]}
        both = [_text("Voy a buscar."), call, result, _text("Hace sol.")]
        shown = "Voy a buscar.\n```\nThis block is not supported.\n```\n\nHace sol."
        return [
            say(0, "human", _text("¿Qué tiempo hace?")),
            say(1, "assistant", thinking, *both, {"type": "token_budget", "remaining": 9}, text=shown),
            say(2, "human", _text("Gracias")),
            say(3, "assistant", _text("De nada."), _text("¡Hasta luego!")),
        ]
    if kind == 2:
        pasted = {"file_name": "paste.txt", "file_size": 12, "file_type": "txt", "extracted_content": "una lista\n"}
        return [
            say(0, "human", _text(""), attachments=[pasted], files=[{"file_name": "foto.png"}]),
            say(1, "assistant", _text("Una lista y una foto."), updated_at=moment(99.5)),
            say(2, "human", _text("¿Seguro?"), files=[{"file_name": "foto.png"}]),
        ]
    if kind == 3:
        names = [ident("claude", number, place) for place in range(5)]
        parents = [NOBODY, names[0], names[1], names[1], names[3]]  # the third was edited: the fourth
        return [
            say(place, ("human", "assistant", "human", "human", "assistant")[place], _text(f"{WORDS[place]} {place}"))
            | {"parent_message_uuid": parent}
            for place, parent in enumerate(parents)
        ]
    if kind == 4:
        old = [say(place, ("human", "assistant")[place % 2], text=f"antes {place}") for place in range(3)]
        return [{name: value for name, value in message.items() if name != "content"} for message in old]
    return []


def claude_conversation(number: int) -> dict[str, Any]:
    """A conversation with such messages."""
    return {
        "uuid": ident("claude", number),
        "name": "" if number % 6 == 5 else f"Charla {number} {WORDS[number % len(WORDS)]}",
        "summary": "",
        "created_at": moment(number * 3600),
        "updated_at": moment(number * 3600 + 60.5),
        "account": {"uuid": ident("account")},
        "chat_messages": claude_messages(number),
    }


def claude(count: int) -> list[dict[str, Any]]:
    """A whole account."""
    return [claude_conversation(number) for number in range(count)]


# What else lies in the folder of an export.
CHATGPT_OTHERS: dict[str, Any] = {
    "user.json": {"id": "user-1", "email": "ana@example.com", "chatgpt_plus_user": False, "phone_number": "+573000000"},
    "message_feedback.json": [{"id": ident("f"), "conversation_id": ident("talk", 1), "rating": "thumbs_up"}],
    "model_comparisons.json": [{"id": ident("m"), "user_id": "user-1", "input": {"id": "x"}, "output": {}}],
    "shared_conversations.json": [{"id": ident("s"), "conversation_id": ident("talk", 1), "title": "Charla"}],
    "group_chats.json": {"chats": []},
    "shopping.json": [],
    "sora.json": {},
}
CLAUDE_OTHERS: dict[str, Any] = {
    "users.json": [{"uuid": ident("account"), "full_name": "Ana", "email_address": "ana@example.com"}],
    "projects.json": [{"uuid": ident("p"), "name": "Viaje", "description": "", "docs": [], "creator": {"uuid": "x"}}],
    "memories.json": [{"conversations_memory": "Le gusta el mar.", "account_uuid": ident("account")}],
}


def appended(rows: Rows, content: str, **other: Any) -> Row:
    """A row as the store appends it."""
    conversation, messages = rows["conversations"][0], rows["messages"]
    conversation["last_sequence"] += 1
    number = conversation["last_sequence"]
    row: Row = {**messages[-1], "sequence_number": number, "role": "user", "metadata": None, "content": content}
    row |= {"id": UUID(ident("new", number))} | other
    messages.append(row)
    return row
