"""Unloading appointments of a warehouse; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, clock, exact, rounded, text, whole

_MINUTES = {"seca": 3, "refrigerada": 4, "congelada": 5}
_NOT_NOW = "Operación no permitida"


class Reference:
    """RF-01 to RF-16."""

    def __init__(self) -> None:
        self.state = "nueva"
        self.pallets = 0
        self.planned = 0

    def reservar_cita(
        self, matricula: Any = None, tipo_carga: Any = None, pales: Any = None, hora: Any = None
    ) -> Answer:
        """RF-01 to RF-09."""
        if self.state != "nueva":
            return self._refused(_NOT_NOW)
        if None in (matricula, tipo_carga, pales, hora):
            return self._refused("Faltan datos")
        if not text(matricula, r"[0-9]{4}[A-Z]{3}"):
            return self._refused("Matrícula incorrecta")
        if not text(tipo_carga) or tipo_carga not in _MINUTES:
            return self._refused("Tipo de carga desconocido")
        if not whole(pales) or pales < 1 or pales > 33:
            return self._refused("Cantidad de palés no válida")
        if tipo_carga == "congelada" and pales > 20:
            return self._refused("Demasiados palés para congelado")
        arrival = clock(hora)
        if arrival is None or arrival < 360 or arrival > 1_230:
            return self._refused("Fuera de horario")
        if tipo_carga != "seca" and arrival >= 720:
            return self._refused("La carga fría se recibe por la mañana")
        self.pallets = int(pales)
        self.planned = 15 + _MINUTES[tipo_carga] * self.pallets
        if self.pallets >= 25:
            self.planned += 10
        self.state = "reservada"
        return self._accepted(exact(self.planned))

    def registrar_llegada(self, minutos_retraso: Any = None) -> Answer:
        """RF-10 to RF-12."""
        if self.state != "reservada" or not whole(minutos_retraso) or minutos_retraso < 0 or minutos_retraso > 600:
            return self._refused(_NOT_NOW)
        self.state = "en muelle"
        if minutos_retraso > 30:
            self.state = "perdida"
        return self._accepted()

    def finalizar_descarga(self, minutos_descarga: Any = None, pales_rotos: Any = None) -> Answer:
        """RF-13 to RF-15."""
        if self.state != "en muelle" or not whole(pales_rotos) or pales_rotos < 0:
            return self._refused(_NOT_NOW)
        if not whole(minutos_descarga) or minutos_descarga < 1 or minutos_descarga > 480:
            return self._refused(_NOT_NOW)
        if pales_rotos > self.pallets:
            return self._refused("Hay más palés rotos que reservados")
        self.state = "finalizada"
        beyond = exact(max(minutos_descarga - self.planned, 0))
        return self._accepted(min(beyond * Decimal("0.90"), Decimal("60.00")))

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
