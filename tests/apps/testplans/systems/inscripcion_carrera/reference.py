"""Entries for a popular race; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, day, exact, flag, rounded, text, whole

_PRICES = {
    "5K": (Decimal("8.00"), Decimal("10.00"), Decimal("13.00")),
    "10K": (Decimal("14.00"), Decimal("17.00"), Decimal("21.00")),
    "21K": (Decimal("22.00"), Decimal("27.00"), Decimal("34.00")),
}
_YOUNGEST = {"5K": 8, "10K": 14, "21K": 18}
_FAST = {"10K": 40, "21K": 90}
_MIDDLING = {"10K": 52, "21K": 115}
_SIZES = {"S", "M", "L", "XL"}


class Reference:
    """RF-01 to RF-15."""

    def inscribir_corredor(
        self,
        distancia: Any = None,
        edad: Any = None,
        fecha_inscripcion: Any = None,
        federado: Any = None,
        licencia: Any = None,
        talla_camiseta: Any = None,
        acompanantes: Any = None,
    ) -> Answer:
        """RF-01 to RF-06."""
        date, federated = day(fecha_inscripcion), flag(federado)
        if not text(distancia) or distancia not in _PRICES or not whole(edad) or edad < 8 or edad > 85:
            return self._refused("Revise el formulario")
        if date is None or str(date) < "2027-02-01" or str(date) > "2027-04-30" or federated is None:
            return self._refused("Revise el formulario")
        if federated and not text(licencia, r"[A-Z]{2}-[0-9]{5}"):
            return self._refused("Revise el formulario")
        if talla_camiseta and (not text(talla_camiseta) or talla_camiseta not in _SIZES):
            return self._refused("Revise el formulario")
        if acompanantes and (not whole(acompanantes) or acompanantes < 0 or acompanantes > 4):
            return self._refused("Revise el formulario")
        if edad < _YOUNGEST[distancia]:
            return self._refused("Edad insuficiente para esta distancia")
        if distancia == "21K" and edad > 75:
            return self._refused("Distancia no permitida")
        price = _PRICES[distancia][date.month - 2]
        if edad < 18 or edad > 64:
            price /= 2
        if federated and distancia != "5K":
            price -= Decimal("3.00")
        return self._accepted(price + _extras(talla_camiseta, acompanantes, federated=federated))

    def consultar_cajon(self, distancia: Any = None, marca_minutos: Any = None) -> Answer:
        """RF-14 and RF-15."""
        if not text(distancia) or distancia not in _PRICES:
            return self._refused("Consulta no válida")
        if not whole(marca_minutos) or marca_minutos < 15 or marca_minutos > 240:
            return self._refused("Consulta no válida")
        if distancia == "5K" or marca_minutos > _MIDDLING[distancia]:
            return {"accepted": True, "value": "C"}
        return {"accepted": True, "value": "A" if marca_minutos < _FAST[distancia] else "B"}

    def _accepted(self, value: Decimal) -> Answer:
        return {"accepted": True, "value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}


def _extras(size: str | None, companions: int | None, *, federated: bool) -> Decimal:
    """RF-10 to RF-12."""
    extras = exact(min(companions or 0, 3)) * Decimal("9.00")
    if not federated:
        extras += Decimal("2.50")
    if size == "XL":
        extras += Decimal("1.20")
    return extras
