"""Plausible texts by a field's name, and texts of a given shape or length."""

import re

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.model import Shape
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.words import fold, stem

_SAMPLES = {
    "email": "ana.ruiz@example.com",
    "phone": "3000000000",
    "address": "Calle 10 # 5-20",
    "city": "Medellín",
    "password": "Clave2026x",
    "plate": "ABC123",
    "date": "2026-03-16",
    "hour": "10:00",
    "surname": "Ruiz",
    "name": "Ana Ruiz",
    "title": "Informe",
    "description": "Texto de prueba",
    "comment": "Texto de prueba",
    "id": "A-100",
}


def sample(name: str, shapes: list[Shape], lengths: list[int]) -> str:
    """A text that is right for a field."""
    if shapes:
        return shaped(shapes[0].pattern)
    text = next(
        (
            text
            for word, text in _SAMPLES.items()
            if any(alike(stem(part), stem(fold(word))) >= 0.8 for part in parts(name))
        ),
        "A-100",
    )
    if lengths:
        low, high = min(lengths), max(lengths)
        return of_length(text, min(max(len(text), low + (high > low)), high))
    return text


def of_length(text: str, size: int) -> str:
    """The text cut or drawn out to a length."""
    body = re.sub(r"[^A-Za-z0-9]", "", text) or "A"
    return (body * (size // len(body) + 1))[:size] if size else ""


def shaped(pattern: str) -> str:
    """A text of one of the patterns that formats.py makes."""
    if "@" in pattern:
        return "ana.ruiz@example.com"

    def fill(match: re.Match[str]) -> str:
        count = int(match.group(2))
        return ("1234567890" * 3)[:count] if match.group(1) == "[0-9]" else ("ABCDEFGHIJ" * 3)[:count]

    return re.sub(r"(\[[^\]]+\])\{(\d+)\}", fill, pattern)


def misshaped(pattern: str) -> list[tuple[str, str]]:
    """Texts that each break a shape in one way, with the way."""
    right = shaped(pattern)
    if "@" in pattern:
        return [("ana.ruizexample.com", "@"), ("ana.ruiz@", "domain"), ("@example.com", "name")]
    wrong = [(right[:-1], "short"), (right + right[-1], "long")]
    for i, char in enumerate(right):
        if char.isdigit() or char.isalpha():
            wrong.append((right[:i] + ("X" if char.isdigit() else "7") + right[i + 1 :], "kind"))
            break
    last = right[-1]
    wrong.append((right[:-1] + ("X" if last.isdigit() else "7"), "kind"))
    return list(dict.fromkeys(wrong))
