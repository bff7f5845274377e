"""What checks say, in Spanish and in English."""

from decimal import Decimal

from arraigo.apps.testplans.plan import Language

_TEXTS: dict[str, tuple[str, str]] = {
    "try_who": ("Actuar como {who} e intentar {act}.", "As {who}, try to {act}."),
    "try_thing": ("Con {who}: intentar {act}.", "Take {who}; try to {act}."),
    "try": ("Intentar {act}.", "Try to {act}."),
    "do_who": ("Como {who}: {act}.", "As {who}: {act}."),
    "do_thing": ("Con {who}: {act}.", "With {who}: {act}."),
    "let": ("Hacer que {act}.", "Have {act}."),
    "set_up": ("Preparar un caso en que {given}.", "Set up a case in which {given}."),
    "situation": ("Llegar a la situación: {given}.", "Bring about the situation: {given}."),
    "values": ("Probar {subject} con {values}.", "Try {subject} with {values}."),
    "each": ("Probar uno por uno: {values}.", "Try one by one: {values}."),
    "other": ("Probar un valor que no está en la lista.", "Try a value that is not in the list."),
    "empty": ("Dejar {subject} sin valor.", "Leave {subject} empty."),
    "row": ("Preparar un caso con {data} y obtener el resultado.", "Set up a case with {data} and get its result."),
    "state": ("Partir del estado «{state}».", "Start in the state “{state}”."),
    "event": ("Provocar el evento «{event}».", "Bring about the event “{event}”."),
    "event_if": (
        "Provocar el evento «{event}», cumpliéndose: {given}.",
        "Bring about the event “{event}”, with: {given}.",
    ),
    "use": (
        "Usar el sistema en lo que trata la sección «{section}», con datos válidos.",
        "Use the system in what section “{section}” is about, with valid data.",
    ),
    "use_plain": ("Usar el sistema con datos válidos.", "Use the system with valid data."),
    "submit": ("Presentar {who}.", "Submit {who}."),
    "times": ("Probar a estas horas: {values}.", "Try at these times: {values}."),
    "outside": ("está fuera de lo que dice «{text}»", "it is outside of what “{text}” says"),
    "values_of": ("Probar {subject} {values}.", "Try {subject} {values}."),
    "round": ("Provocar totales sin redondear de {values}.", "Bring about totals that are {values} before rounding."),
    "inspect": (
        "Revisar {subject} con los criterios de {standard}.",
        "Inspect {subject} by the criteria of {standard}.",
    ),
    "refused": ("no se permite y nada cambia", "it is not possible and nothing changes"),
    "allowed": ("se puede hacer y queda hecho", "it can be done and is in effect"),
    "accepted": ("se acepta", "it is accepted"),
    "each_accepted": ("todos se aceptan", "each is accepted"),
    "rejected": ("se rechaza", "it is rejected"),
    "in_all": ("en todos los casos {result}", "in each case {result}"),
    "message": ("{result} y se muestra «{message}»", "{result} and “{message}” is shown"),
    "is_state": ("el estado pasa a ser «{state}»", "the state is then “{state}”"),
    "rounded": ("los totales son {values}", "the totals are {values}"),
    "check": ("Comprobar: {result}.", "Check: {result}."),
    "start": (
        "El sistema está disponible con datos de prueba{section}.",
        "The system is up with data for testing{section}.",
    ),
    "of_section": (" para «{section}»", " for “{section}”"),
    "tests": ("Prueba {id}: {text}", "Tests {id}: {text}"),
    "limits": ("valores límite: {subject}", "limits: {subject}"),
    "form_of": ("formato: {subject}", "format: {subject}"),
    "row_of": ("resultado con {data}", "result with {data}"),
    "move": ("de «{state}» a «{target}» con «{event}»", "from “{state}” to “{target}” by “{event}”"),
    "and": (" y ", " and "),
}


def say(key: str, language: Language, **values: object) -> str:
    """A phrase in the plan's language."""
    return _TEXTS[key][language == "en"].format(**values)


def figure(value: Decimal, language: Language) -> str:
    """A number as people of that language write it."""
    text = format(value.normalize(), "f")
    return text.replace(".", ",") if language == "es" else text


def listed(values: list[str], language: Language) -> str:
    """One, two and three."""
    return values[0] if len(values) == 1 else ", ".join(values[:-1]) + say("and", language) + values[-1]


def capital(text: str) -> str:
    """It begins with a capital."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """It begins with a small letter, unless its first word is an abbreviation or an id."""
    first = text.split(" ", 1)[0]
    return text if (len(first) > 1 and (first.isupper() or not first.isalpha())) else text[:1].lower() + text[1:]


def quoted(text: str, language: Language) -> str:
    """In the quotation marks of the language."""
    return f"«{text}»" if language == "es" else f"“{text}”"


_ONE = {"caracteres": "carácter", "meses": "mes"}


def with_unit(value: Decimal, unit: str, language: Language) -> str:
    """A value and its unit, of which one is one."""
    if value == 1 and len(unit) > 3 and unit.endswith("s"):
        plain = unit[:-2] if language == "es" and unit[-3:-2] in "rlnd" and unit.endswith("es") else unit[:-1]
        unit = _ONE.get(unit, plain)
    return f"{figure(value, language)} {unit}".strip()
