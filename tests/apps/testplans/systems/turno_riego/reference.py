"""Turns of irrigation; every figure is the document's."""
# ruff: noqa: PLR0911 - point by point as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, number, rounded, text, whole

_FLOWS = {"viña": 9, "almendro": 12, "hortaliza": 20, "maíz": 25}
_FIRST = {"hortaliza", "almendro"}


class Reference:
    """1 to 17."""

    def __init__(self) -> None:
        self.allotted = Decimal(900)
        self.spent = Decimal(0)
        self.bought = False

    def reservar_turno(
        self,
        cultivo: Any = None,
        superficie_ha: Any = None,
        hora_comienzo: Any = None,
        duracion_horas: Any = None,
        nivel_embalse: Any = None,
    ) -> Answer:
        """1 to 13."""
        if not text(cultivo) or cultivo not in _FLOWS:
            return self._refused("Datos incorrectos")
        if not number(superficie_ha) or superficie_ha < 0.1 or superficie_ha > 12:
            return self._refused("Datos incorrectos")
        if not whole(hora_comienzo) or hora_comienzo < 0 or hora_comienzo > 23:
            return self._refused("Datos incorrectos")
        if not whole(duracion_horas) or duracion_horas < 1 or duracion_horas > 8:
            return self._refused("Datos incorrectos")
        if not number(nivel_embalse) or nivel_embalse < 0 or nivel_embalse > 100:
            return self._refused("Datos incorrectos")
        if nivel_embalse < 15:
            return self._refused("Riego suspendido")
        if nivel_embalse < 40 and cultivo not in _FIRST:
            return self._refused("Cultivo sin prioridad")
        if cultivo == "maíz" and hora_comienzo >= 11 and hora_comienzo <= 17:
            return self._refused("Hora no permitida")
        volume = exact(superficie_ha) * exact(duracion_horas) * _FLOWS[cultivo]
        if self.spent + volume > self.allotted:
            return self._refused("Dotación agotada")
        self.spent += volume
        return self._accepted(_charged(volume, night=hora_comienzo >= 22 or hora_comienzo < 6))

    def comprar_dotacion(self, volumen_m3: Any = None) -> Answer:
        """16 and 17."""
        if self.bought or not whole(volumen_m3) or volumen_m3 < 50 or volumen_m3 > 300 or volumen_m3 % 50 != 0:
            return self._refused("Compra no admitida")
        self.bought = True
        self.allotted += exact(volumen_m3)
        return self._accepted(exact(volumen_m3) * Decimal("0.15"))

    def _accepted(self, value: Decimal) -> Answer:
        return {"accepted": True, "value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}


def _charged(volume: Decimal, *, night: bool) -> Decimal:
    """14 and 15."""
    amount = volume * Decimal("0.06")
    if volume > 300:
        amount += (volume - 300) * Decimal("0.03")
    if night:
        amount *= Decimal("0.80")
    return max(amount, Decimal("2.00"))
