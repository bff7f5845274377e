"""Small legacy files, made up and always the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = ["hola", "niño", "¿cuándo?", "😀", "the invoice", 'una "cita"', "línea\nnueva", "\\", "\u2028", "mañana"]


def conversations(count: int, *, messages: int = 4) -> dict[str, Any]:
    """Conversations by id; their messages have a timestamp in every other conversation."""
    return {
        f"c-{number:04}": {
            "title": f"Charla {number} {WORDS[number % len(WORDS)]}",
            "created_at": f"2025-01-{number % 28 + 1:02}T10:00:00.{number + 1:06}",
            "updated_at": f"2025-02-{number % 28 + 1:02}T11:30:00",
            "messages": [
                {"role": ("user", "assistant")[index % 2], "content": f"{WORDS[(number + index) % len(WORDS)]} {index}"}
                | ({"timestamp": f"2025-01-28T10:{index:02}:00.500Z"} if number % 2 else {})
                for index in range(number % (messages + 1))
            ],
            "settings": {"temperature": 1.0, "model": "m-1", "top_k": number},
        }
        for number in range(count)
    }


def threads(count: int) -> dict[str, Any]:
    """Threads by number."""
    return {
        f"57300000{number:04}": {
            "threadId": f"thread_{number:04}",
            "chatId": f"57300000{number:04}@s.whatsapp.net",
            "userName": f"Persona {number} ñ",
        }
        for number in range(count)
    }


def guests(count: int) -> dict[str, Any]:
    """Guests by number; half of them have a thread too."""
    return {
        f"57300000{number:04}": {
            "name": f"Persona {number} ñ",
            "labels": ["Potencial", "Consulta"][: number % 3],
            "lastInteraction": f"2025-01-{number % 28 + 1:02}",
        }
        for number in range(count // 2, count + count // 2)
    }


EMPLOYEE = "018f0000-0000-7000-8000-00000000e001"


def sessions(count: int, *, employee: str | None = EMPLOYEE) -> list[dict[str, Any]]:
    """Interviews as a browser kept them; every third is over, every fourth has messages without a date."""
    return [_session(number) | ({"employee_id": employee} if employee else {}) for number in range(count)]


def _session(number: int) -> dict[str, Any]:
    day = f"2025-03-{number % 28 + 1:02}"
    history = [
        {"role": ("assistant", "user")[index % 2], "content": f"{WORDS[(number + index) % len(WORDS)]} {index}"}
        | ({"timestamp": f"{day}T10:{index:02}:00.250Z"} if number % 4 else {})
        for index in range(1 + number % 6)
    ]
    found: dict[str, Any] = {"session_id": f"s-{number:04}", "conversation_history": history, "language": "es"}
    if number % 3 == 0:
        found |= {"status": "completed", "started_at": f"{day}T10:00:00.000Z", "completed_at": f"{day}T11:00:00.000Z"}
    return found | ({"technical_level": ("basic", "intermediate", "advanced")[number % 3]} if number % 2 else {})


def write(path: Path, value: Any, **style: Any) -> Path:
    """The value as json.dump writes it."""
    path.write_text(json.dumps(value, **style), encoding="utf-8")
    return path


def change(path: Path, edit: Callable[[Any], object]) -> None:
    """Let the old program change its file."""
    value = json.loads(path.read_bytes())
    edit(value)
    path.write_text(json.dumps(value), encoding="utf-8")
