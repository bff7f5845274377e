"""What a bot kept in a Map and a Set, kept: `python examples/instead_of_a_map.py`."""

from arraigo.compat import DurableDict, DurableSet

contexts = DurableDict("contexts", user="bot", ttl=3600)
processing = DurableSet("processing", user="bot", ttl=60)


def answer(number: str, text: str) -> str:
    """Answer with what was said in the last hour in mind."""
    if number in processing:
        return "un momento 🙂"
    processing.add(number)
    try:
        context = contexts.get(number, [])
        contexts[number] = [*context, text]
        return f"van {len(context) + 1}: {text} 🙂"
    finally:
        processing.discard(number)


print(answer("573000000000", "Hola"))
print(answer("573000000000", "¿Sigues ahí?"))
