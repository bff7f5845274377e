"""PERFORMANCE plans: load profiles and thresholds from the requirements' figures, with stress, spike and soak."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from arraigo.apps.testplans.generator.words import fold, number
from arraigo.apps.testplans.plan import Case, Language, Requirement

_N = r"(?P<n>\d[\d.,]*)"
_USERS = re.compile(_N + r"\s*(?:usuarios|users|clientes|clients|sesiones|sessions|concurrent|concurrentes|simultane)")
_RATE = re.compile(
    _N + r"\s*(?P<what>requests?|peticiones|solicitudes|transacciones|transactions|operaciones|"
    r"operations|consultas|queries|tps|rps|mensajes|messages|orders|pedidos|registros|records)"
    r"(?:\s*(?:/|per|por|a|cada|each)\s*(?:the |la |el )?(?P<per>s\b|segundo|second|minuto|minute|hora|hour|dia|day))?"
)
_TIME = re.compile(
    _N + r"\s*(?P<unit>ms|milisegundos|milliseconds|segundos?|seconds?|s\b|minutos?|"
    r"minutes?)(?!\s*(?:de inactividad|of inactivity))"
)
_PERCENT = re.compile(
    r"(?:p|percentil\s*|percentile\s*)(?P<p>\d{2})\b|(?P<q>\d{2})(?:th percentile|"
    r"\s*%\s*(?:of|de)\s+(?:the |all |las |los |todas )*(?:requests|responses|peticiones|respuestas|"
    r"solicitudes|consultas|cases|casos|operaciones|operations|transactions|transacciones))"
)
_ERRORS = re.compile(
    r"(?:error|errores|fall|fail)\w*[^.%]{0,40}?(?P<n>\d[\d.,]*)\s*%|"
    r"(?P<m>\d[\d.,]*)\s*%\s*(?:de |of )?(?:errores|errors|fallos|failures)"
)
_LONG = re.compile(_N + r"\s*(?P<unit>horas?|hours?|h\b|dias?|days?)")
_PERFORMANCE = re.compile(
    r"\b(respon|concurren|simultane|throughput|rendimiento|performance|latenc|percentil|carga|"
    r"load|por segundo|per second|tps|rps|peticiones|requests)"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one requirement demands of speed and volume; as it is written."""

    users: int | None
    rate: str | None
    limit: str | None
    percentile: int | None
    errors: str | None
    hours: str | None


def figures(requirement: Requirement) -> Figures | None:
    """The figures of a requirement on performance; None where it has none."""
    text = fold(requirement.text)
    if requirement.kind != "performance" and not _PERFORMANCE.search(text):
        return None
    users, rate, time = _USERS.search(text), _RATE.search(text), _TIME.search(text)
    percent, errors, hours = _PERCENT.search(text), _ERRORS.search(text), _LONG.search(text)
    if not (users or rate or time):
        return None
    return Figures(
        int(number(users["n"].rstrip(".,"), requirement.language)) if users else None,
        requirement.text[rate.start() : rate.end()] if rate else None,
        f"{time['n']} {time['unit']}" if time else None,
        int(percent["p"] or percent["q"]) if percent else None,
        f"{errors['n'] or errors['m']} %" if errors else None,
        f"{hours['n']} {hours['unit']}" if hours else None,
    )


_SHAPES = {
    "load": (("carga nominal", "nominal load"), (1, 1), ("30 minutos", "30 minutes")),
    "stress": (("estrés", "stress"), (1, 3), ("hasta que el umbral se incumpla", "until the threshold is broken")),
    "spike": (
        ("pico súbito", "spike"),
        (1, 2),
        ("5 minutos de pico y 10 de recuperación", "a spike of 5 minutes and 10 of recovery"),
    ),
    "soak": (("resistencia", "soak"), (1, 1), ("8 horas", "8 hours")),
}


def loads(requirements: Sequence[Requirement], language: Language) -> list[Case]:
    """The load cases of all requirements with figures: nominal ones first."""
    found = [(requirement, seen) for requirement in requirements if (seen := figures(requirement)) is not None]
    return [_case(requirement, seen, shape, language) for shape in _SHAPES for requirement, seen in found]


def nominal(requirement: Requirement, language: Language) -> Case | None:
    """The case of the load that a requirement names; None where it has no figures of performance."""
    seen = figures(requirement)
    return _case(requirement, seen, "load", language) if seen is not None else None


def _case(requirement: Requirement, seen: Figures, shape: str, language: Language) -> Case:
    es = language == "es"
    names, (_, times), lasts = _SHAPES[shape]
    name, lasting = names[not es], lasts[not es]
    if seen.hours and shape == "soak":
        lasting = seen.hours
    load = _load(seen, times, es=es)
    threshold = _threshold(seen, es=es)
    steps = (
        (
            "Preparar el entorno con datos de volumen real y sin otra carga.",
            f"Subir la carga en 5 minutos hasta {load}.",
            f"Mantenerla: {lasting}.",
            "Registrar tiempos de respuesta, rendimiento y errores.",
            "Comparar con los umbrales.",
        )
        if es
        else (
            "Prepare the environment with data of real volume and no other load.",
            f"Raise the load within 5 minutes to {load}.",
            f"Hold it: {lasting}.",
            "Record response times, throughput and errors.",
            "Compare them with the thresholds.",
        )
    )
    wanted = threshold
    if shape == "stress":
        wanted = (
            f"Hasta la carga nominal: {threshold} Por encima, se degrada sin perder datos y se recupera."
            if es
            else f"Up to the nominal load: {threshold} Above it, service degrades without losing data and recovers."
        )
    elif shape == "spike":
        wanted = (
            f"Tras el pico, en 10 minutos: {threshold}" if es else f"After the spike, within 10 minutes: {threshold}"
        )
    elif shape == "soak":
        wanted = (
            f"{threshold} Sin crecimiento sostenido de memoria ni de tiempos."
            if es
            else f"{threshold} Without steady growth of memory or times."
        )
    return Case(
        test_case_name=(f"{requirement.id}: prueba de {name}" if es else f"{requirement.id}: {name} test")[:255],
        test_case_description=requirement.text,
        preconditions="Entorno equivalente al de producción, con monitoreo."
        if es
        else "An environment like production, monitored.",
        test_data=load,
        test_steps=steps,
        expected_results=wanted,
        requirements=(requirement.id,),
        priority="ALTA" if shape == "load" else "MEDIA",
        technique="load",
    )


def _load(seen: Figures, times: int, *, es: bool) -> str:
    parts = []
    if seen.users:
        parts.append(f"{seen.users * times} {'usuarios simultáneos' if es else 'concurrent users'}")
    if seen.rate:
        parts.append(f"{times} × {seen.rate}" if times > 1 else seen.rate)
    return ", ".join(parts) or (
        f"{10 * times} usuarios simultáneos (el requisito no dice cuántos)"
        if es
        else f"{10 * times} concurrent users (the requirement does not say how many)"
    )


def _threshold(seen: Figures, *, es: bool) -> str:
    parts = []
    if seen.limit:
        of = f"percentil {seen.percentile}" if es else f"percentile {seen.percentile}"
        slow = of if seen.percentile else ("tiempo de respuesta" if es else "response time")
        parts.append(f"{slow} ≤ {seen.limit}")
    if seen.rate:
        parts.append(f"{'rendimiento' if es else 'throughput'} ≥ {seen.rate}")
    if seen.errors:
        parts.append(f"{'errores' if es else 'errors'} ≤ {seen.errors}")
    return ("; ".join(parts) or ("sin errores" if es else "no errors")).capitalize() + "."
