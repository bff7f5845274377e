"""`conversations.json` as a chat in Python writes it: conversations by id, with everything that years leave in them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from arraigo.demo.phrases import Voice, phrases

Record = dict[str, Any]
_FIRST_DAY = datetime(2025, 1, 27, 8, tzinfo=UTC)


def conversations(count: int) -> dict[str, Record]:
    """That many conversations by id. The first so many are the same however many are asked for."""
    return dict(_conversation(number) for number in range(1, count + 1))


def _conversation(number: int) -> tuple[str, Record]:
    voice = Voice(f"conversation {number}")
    topic = voice.chance.choice(phrases()["topics"])
    key = f"{voice.chance.getrandbits(128):032x}" if number % 10 else f"chat-{number}-ñ"
    start = _FIRST_DAY + timedelta(hours=7.3 * number, seconds=voice.chance.random() * 3600)
    title = voice.one(topic["titles"])
    messages = _messages(voice, topic, start)
    record: Record = {
        "conversation_id": key,
        "title": title,
        "created_at": _date(number, start),
        "updated_at": _date(number, start + timedelta(minutes=len(messages))),
        "messages": messages,
        "settings": _settings(voice),
    }
    _leave_traces(voice, number, record)
    return key, record


def _messages(voice: Voice, topic: dict[str, Any], start: datetime) -> list[Record]:
    dated = voice.happens(0.7)  # older versions of the program did not write the time
    messages: list[Record] = []
    if voice.happens(0.3):
        messages.append({"role": "system", "content": "Responde en el idioma de la pregunta. / Answer in kind."})
    for turn in range(min(120, 2 + int(voice.chance.expovariate(1 / 12)))):
        asked: Record = {"role": "user", "content": _question(voice, topic, first=turn == 0)}
        answered: Record = {"role": "assistant", "content": _answer(voice, topic)}
        if voice.happens(0.15):  # some answers cite what they were made from
            page, score = voice.chance.randint(1, 90), voice.chance.random()
            answered["sources"] = [{"document": "manual.pdf", "page": page, "score": score}]
        for step, message in enumerate((asked, answered)):
            if dated:
                message["timestamp"] = (start + timedelta(minutes=2 * turn, seconds=20 * step)).isoformat()
            messages.append(message)
    return messages


def _question(voice: Voice, topic: dict[str, Any], *, first: bool) -> str:
    if voice.happens(0.02):
        return voice.odd_text()
    if voice.happens(0.01):
        return voice.long_text(topic["language"])
    return voice.one(topic["questions"] if first else topic["follow_ups"])


def _answer(voice: Voice, topic: dict[str, Any]) -> str:
    return "\n\n".join(voice.fill(text) for text in voice.chance.sample(topic["answers"], voice.chance.randint(1, 2)))


def _settings(voice: Voice) -> Record | None:
    if voice.happens(0.2):
        return None
    return {
        "model": voice.chance.choice(["offline-1", "offline-2"]),
        "temperature": voice.chance.choice([0, 0.0, 0.2, 0.7, 1.0]),
        "top_k": voice.chance.randint(3, 20),
        "use_documents": voice.happens(0.5),
        "stop": None,
    }


def _date(number: int, moment: datetime) -> str:
    """As four versions of the program wrote it."""
    if number % 23 == 0:
        return moment.date().isoformat()
    if number % 7 == 0:
        return moment.isoformat().replace("+00:00", "Z")
    if number % 11 == 0:
        return (moment - timedelta(hours=5)).replace(tzinfo=None).isoformat(timespec="seconds") + "-05:00"
    return moment.replace(tzinfo=None).isoformat()


def _leave_traces(voice: Voice, number: int, record: Record) -> None:
    """Fields that only some have, empty ones, and ones that came later."""
    if number % 13 == 0:
        record["pinned"] = True
    if number % 17 == 0:
        record["tags"] = [voice.chance.choice(["trabajo", "casa", "ñ"]), None]
    if number % 19 == 0:
        del record["settings"]
    if number % 29 == 0:
        record["usage"] = {"tokens": voice.chance.randint(10**3, 10**6), "cost": voice.chance.random() / 10}
    if number % 31 == 0:
        record["title"] = ""
    if number % 47 == 0:
        record["messages"] = []
