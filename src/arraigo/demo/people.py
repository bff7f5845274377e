"""`threads-data.json` and `guest-memory.json` as a messaging bot in JavaScript writes them: people by number."""

import string
from datetime import UTC, datetime, timedelta
from typing import Any

from arraigo.demo.phrases import Voice, phrases

Record = dict[str, Any]
_LETTERS = string.ascii_letters + string.digits
_FIRST_DAY = datetime(2025, 1, 27, 13, tzinfo=UTC)


def threads(count: int) -> dict[str, Record]:
    """The thread that a language model's service keeps for each number. Every ninth has none."""
    return {_phone(person): _thread(person) for person in range(1, count + 1) if person % 9}


def guests(count: int) -> dict[str, Record]:
    """What the bot remembers of each number. Every seventh it has forgotten."""
    return {_phone(person): _guest(person) for person in range(1, count + 1) if person % 7}


def _phone(person: int) -> str:
    """A number that nobody has."""
    return f"57300000{person:04}"


def _name(person: int) -> str:
    voice = Voice(f"name {person}")
    name = voice.fill("{{given}} {{family}}")
    if person % 15 == 0:
        return voice.fill(name + " {{emoji}}")
    return name.upper() if person % 21 == 0 else name


def _thread(person: int) -> Record:
    voice = Voice(f"thread {person}")
    record: Record = {
        "threadId": "thread_" + "".join(voice.chance.choices(_LETTERS, k=24)),
        "chatId": f"{_phone(person)}@chat.example.com",
        "userName": None if person % 12 == 0 else _name(person),
    }
    if person % 20 == 0:
        record["lastMessageId"] = f"{voice.chance.getrandbits(64):016X}"
    return record


def _guest(person: int) -> Record:
    voice = Voice(f"guest {person}")
    seen = _FIRST_DAY + timedelta(hours=voice.chance.randint(0, 9000), milliseconds=voice.chance.randint(0, 10**6))
    labels = voice.chance.sample(phrases()["odd"]["labels"], voice.chance.randint(0, 3))
    record: Record = {
        "name": _name(person),
        "labels": None if person % 25 == 0 else labels,
        "lastInteraction": _date(person, seen),
    }
    if person % 33 == 0:
        record["notes"] = voice.fill("prefiere que le escriban {{dia}} {{emoji}}")
    return record


def _date(person: int, moment: datetime) -> str | int | None:
    """As the bot's versions wrote it: a day, an instant as JavaScript has it, milliseconds, nothing."""
    if person % 40 == 0:
        return None
    if person % 10 == 0:
        return round(moment.timestamp() * 1000)
    if person % 3 == 0:
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return moment.date().isoformat()
