"""Moving a mobile line to another operator; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, digits, number, rounded, text, whole

_OPERATORS = {"Nubia", "Lince", "Vela", "Orbe"}
_MODES = {"contrato", "prepago"}
_WRONG = "Faltan datos o no son correctos"
_OUT_OF_PLACE = "Operación fuera de lugar"


class Reference:
    """P-01 to P-16."""

    def __init__(self) -> None:
        self.state = "borrador"

    def enviar_solicitud(
        self,
        numero_linea: Any = None,
        operador_origen: Any = None,
        modalidad: Any = None,
        icc: Any = None,
        dias_hasta_cambio: Any = None,
    ) -> Answer:
        """P-02 to P-10."""
        if self.state != "borrador":
            return self._refused(_OUT_OF_PLACE)
        line, card = digits(numero_linea), digits(icc)
        if not text(line, r"[0-9]{9}") or not text(operador_origen) or operador_origen not in _OPERATORS:
            return self._refused(_WRONG)
        if not text(modalidad) or modalidad not in _MODES:
            return self._refused(_WRONG)
        if not whole(dias_hasta_cambio) or dias_hasta_cambio < 1 or dias_hasta_cambio > 30:
            return self._refused(_WRONG)
        if card and not text(card, r"8934[0-9]{15}"):
            return self._refused(_WRONG)
        if not text(line, r"[67].*"):
            return self._refused("El número no es de móvil")
        if operador_origen == "Nubia":
            return self._refused("El operador de origen no puede ser Nubia")
        if modalidad == "prepago" and not card:
            return self._refused("Hace falta el ICC en las líneas de prepago")
        self.state = "enviada"
        if modalidad == "contrato":
            return self._accepted(Decimal(0))
        return self._accepted(Decimal("9.00") if dias_hasta_cambio < 3 else Decimal("5.00"))

    def responder_operador(self, deuda: Any = None) -> Answer:
        """P-11 and P-12."""
        if self.state != "enviada":
            return self._refused(_OUT_OF_PLACE)
        if not number(deuda) or deuda < 0 or deuda > 2_000:
            return self._refused(_WRONG)
        if deuda > 20:
            self.state = "denegada"
            return self._refused("La línea tiene deudas")
        self.state = "confirmada"
        return self._accepted()

    def cancelar_solicitud(self, horas_restantes: Any = None) -> Answer:
        """P-13 and P-14."""
        if self.state not in {"enviada", "confirmada"}:
            return self._refused(_OUT_OF_PLACE)
        if not whole(horas_restantes) or horas_restantes < 0 or horas_restantes > 720:
            return self._refused(_WRONG)
        if self.state == "confirmada" and horas_restantes < 24:
            return self._refused("Ya no se puede cancelar")
        self.state = "cancelada"
        return self._accepted()

    def completar_cambio(self) -> Answer:
        """P-15."""
        if self.state != "confirmada":
            return self._refused(_OUT_OF_PLACE)
        self.state = "completada"
        return self._accepted()

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
