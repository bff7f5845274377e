"""Bulky waste collected at home; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR0912 - field by field and rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, digits, exact, flag, rounded, text, whole

_PIECE = {"mueble": Decimal("4.50"), "colchón": Decimal("6.00"), "electrodoméstico": Decimal("9.00")}
_DAYS = {"lunes", "martes", "miércoles", "jueves", "viernes"}
_FORM = "Revise el formulario"


class Reference:
    """1 to 17."""

    def __init__(self) -> None:
        self.arranged = 0

    def solicitar_recogida(
        self,
        tipo_enser: Any = None,
        piezas: Any = None,
        planta: Any = None,
        ascensor: Any = None,
        dia: Any = None,
        turno: Any = None,
        telefono: Any = None,
        observaciones: Any = None,
    ) -> Answer:
        """1 to 8."""
        if not text(tipo_enser) or (tipo_enser not in _PIECE and tipo_enser != "escombro"):
            return self._refused(_FORM)
        if not whole(piezas) or piezas < 1 or piezas > 8:
            return self._refused(_FORM)
        if not whole(planta) or planta < 0 or planta > 20 or flag(ascensor) is None:
            return self._refused(_FORM)
        if not text(dia) or dia not in _DAYS or not text(turno) or turno not in {"mañana", "tarde"}:
            return self._refused(_FORM)
        if not text(digits(telefono), r"[679][0-9]{8}"):
            return self._refused(_FORM)
        if observaciones is not None and len(str(observaciones)) > 150:
            return self._refused(_FORM)
        if tipo_enser == "escombro":
            return self._refused("Lleve los escombros al punto limpio")
        if tipo_enser == "electrodoméstico" and piezas > 3:
            return self._refused("Demasiados electrodomésticos")
        if dia == "viernes" and turno == "tarde":
            return self._refused("Elija otro turno")
        if planta >= 4 and not flag(ascensor):
            return self._refused("Baje los enseres al portal")
        if self.arranged >= 4:
            return self._refused("Límite anual alcanzado")
        price = _pieces(tipo_enser, int(piezas))
        if not flag(ascensor):
            price += exact(planta) * Decimal("1.20")
        if self.arranged == 0:
            price = max(price - Decimal("10.00"), Decimal(0))
        if turno == "tarde":
            price *= Decimal("1.05")
        self.arranged += 1
        return self._accepted(price)

    def anular_recogida(self, horas_antelacion: Any = None) -> Answer:
        """14 to 17."""
        if not whole(horas_antelacion) or horas_antelacion < 0 or horas_antelacion >= 1_000:
            return self._refused(_FORM)
        if horas_antelacion < 24:
            return self._refused("Ya no se puede anular")
        if self.arranged == 0:
            return self._refused("No tiene recogidas")
        self.arranged -= 1
        return self._accepted(exact(self.arranged))

    def _accepted(self, value: Decimal) -> Answer:
        return {"accepted": True, "value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}


def _pieces(kind: str, pieces: int) -> Decimal:
    """9 and 11."""
    half = max(pieces - 4, 0)
    return _PIECE[kind] * (pieces - half) + _PIECE[kind] / 2 * half
