"""Made-up systems with a few requirements and a reference each, for the offline generator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from arraigo.apps.testplans.plan import Glossary, Language, Operation, Place, Requirement


class Gym:
    """The reference of the gym."""

    def __init__(self) -> None:
        self.state: str | None = None

    def inscribir(self, edad: Any, plan: str, meses: Any, *, es_estudiante: bool) -> dict[str, Any]:
        """Join."""
        if not isinstance(edad, int | float) or not 16 <= edad <= 80:
            return {"accepted": False, "message": "Edad fuera de rango"}
        if plan not in {"básico", "plus", "premium"}:
            return {"accepted": False, "message": "Plan desconocido"}
        if not isinstance(meses, int | float) or meses != int(meses) or not 1 <= meses <= 12:
            return {"accepted": False}
        total = {"básico": 60000, "plus": 90000, "premium": 140000}[plan] * meses
        total = total * 0.9 if meses >= 6 else total
        self.state = "activa"
        return {"accepted": True, "value": total - (5000 if es_estudiante else 0), "state": self.state}

    def _move(self, allowed: set[str], target: str) -> dict[str, Any]:
        if self.state not in allowed:
            return {"accepted": False}
        self.state = target
        return {"accepted": True, "state": target}

    def pausar(self) -> dict[str, Any]:
        """Pause."""
        return self._move({"activa"}, "pausada")

    def reactivar(self) -> dict[str, Any]:
        """Go on."""
        return self._move({"pausada"}, "activa")

    def cancelar(self) -> dict[str, Any]:
        """End."""
        return self._move({"activa", "pausada"}, "cancelada")


class Thermostat:
    """The reference of the thermostat."""

    def __init__(self) -> None:
        self.target, self.mode = 20.0, "off"

    def set_target(self, temperature: float) -> dict[str, Any]:
        """What to reach."""
        if not 5 <= temperature <= 30:
            return {"accepted": False, "message": "Target out of range"}
        if (temperature * 2) % 1:
            return {"accepted": False}
        self.target = temperature
        return {"accepted": True}

    def set_mode(self, mode: str) -> dict[str, Any]:
        """Off, heat or cool."""
        if mode not in {"off", "heat", "cool"}:
            return {"accepted": False, "message": "Unknown mode"}
        self.mode = mode
        return {"accepted": True}

    def measure(self, room_temperature: float) -> dict[str, Any]:
        """The state that a reading leads to."""
        if not -40 <= room_temperature <= 60:
            return {"accepted": False, "message": "Sensor error"}
        if self.mode == "heat" and room_temperature < self.target - 1:
            return {"accepted": True, "state": "heating"}
        if self.mode == "cool" and room_temperature > self.target + 1:
            return {"accepted": True, "state": "cooling"}
        return {"accepted": True, "state": "idle"}


@dataclass(frozen=True)
class Small:
    """A document's requirements, the glossary, and the reference."""

    requirements: tuple[Requirement, ...]
    glossary: Glossary
    reference: Callable[[], Any]


def _small(
    language: Language, texts: tuple[str, ...], operations: Mapping[str, tuple[str, ...]], reference: Callable[[], Any]
) -> Small:
    requirements = tuple(
        Requirement(id=f"RF-{n:02d}", text=text, language=language, place=Place(section="1 Reglas"))
        for n, text in enumerate(texts, 1)
    )
    glossary = Glossary(operations={name: Operation(fields=fields) for name, fields in operations.items()})
    return Small(requirements, glossary, reference)


GYM = _small(
    "es",
    (
        (
            "La edad mínima para inscribirse es de 16 años y la máxima de 80. "
            'Si no se cumple, se rechaza con el mensaje "Edad fuera de rango".'
        ),
        'El plan puede ser básico, plus o premium; cualquier otro valor se rechaza con el mensaje "Plan desconocido".',
        "Los meses contratados deben ser un número entero entre 1 y 12.",
        "Plan: básico; Cuota mensual: 60.000",
        "Plan: plus; Cuota mensual: 90.000",
        "Plan: premium; Cuota mensual: 140.000",
        "El total es la cuota mensual multiplicada por los meses.",
        (
            "Si se contratan 6 meses o más se aplica un descuento del 10 % sobre el total; "
            "los estudiantes reciben además un descuento de 5.000 sobre el total."
        ),
        "Al inscribirse, la membresía queda activa.",
        "Una membresía activa se puede pausar y pasa a estado pausada.",
        "Solo una membresía pausada puede reactivarse; vuelve a quedar activa.",
        "Se puede cancelar una membresía activa o pausada, y queda cancelada.",
        "La aplicación debería ser agradable.",
    ),
    {
        "inscribir": ("edad", "plan", "meses", "es_estudiante"),
        "pausar": (),
        "reactivar": (),
        "cancelar": (),
    },
    Gym,
)
THERMOSTAT = _small(
    "en",
    (
        (
            "The target temperature can be set between 5 and 30 degrees in steps of 0.5 degrees. "
            'Values outside this range are rejected with the message "Target out of range".'
        ),
        "When the device is switched on, the target is 20 degrees and the mode is off.",
        'The mode is one of off, heat and cool. Any other mode is rejected with "Unknown mode".',
        (
            "In mode heat, when the measured room temperature is more than 1 degree below the target, "
            "the heater starts and the state becomes heating."
        ),
        (
            "In mode cool, when the measured room temperature is more than 1 degree above the target, "
            "the state becomes cooling."
        ),
        "In all other cases the state becomes idle.",
        'Measurements below -40 or above 60 degrees are sensor errors and are rejected with "Sensor error".',
    ),
    {"set_target": ("temperature",), "set_mode": ("mode",), "measure": ("room_temperature",)},
    Thermostat,
)
