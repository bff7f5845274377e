"""Surplus of solar installations; every figure is the document's."""

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, rounded, text, whole

_HOMES = {"piso", "unifamiliar", "local"}
_CONSUMED = {"fija": Decimal("0.17"), "nocturna": Decimal("0.14"), "indexada": Decimal("0.12")}
_SURPLUS = {"fija": Decimal("0.06"), "nocturna": Decimal("0.05"), "indexada": Decimal("0.08")}


class Reference:
    """HT-210.1 to HT-210.16."""

    def dar_alta(
        self, potencia_kw: Any = None, numero_contrato: Any = None, tipo_vivienda: Any = None, bateria: Any = None
    ) -> Answer:
        """HT-210.1 to HT-210.7."""
        if not number(potencia_kw) or potencia_kw <= 0 or potencia_kw >= 100:
            return self._refused("Datos de alta incorrectos")
        if not text(numero_contrato, r"HS[0-9]{8}") or flag(bateria) is None:
            return self._refused("Datos de alta incorrectos")
        if not text(tipo_vivienda) or tipo_vivienda not in _HOMES:
            return self._refused("Datos de alta incorrectos")
        if tipo_vivienda == "piso" and potencia_kw > 5:
            return self._refused("Potencia excesiva para un piso")
        fee = exact(potencia_kw) * Decimal("3.00") if potencia_kw > 10 else Decimal("30.00")
        if flag(bateria):
            fee += Decimal("15.00")
        return self._accepted(fee)

    def liquidar_mes(
        self,
        kwh_consumidos: Any = None,
        kwh_excedentes: Any = None,
        tarifa: Any = None,
        permanencia_meses: Any = None,
    ) -> Answer:
        """HT-210.8 to HT-210.16."""
        months = 0 if permanencia_meses is None else permanencia_meses
        if not whole(kwh_consumidos) or kwh_consumidos < 0 or kwh_consumidos > 5_000:
            return self._refused("Liquidación imposible")
        if not whole(kwh_excedentes) or kwh_excedentes < 0 or kwh_excedentes > 3_000:
            return self._refused("Liquidación imposible")
        if not text(tarifa) or tarifa not in _CONSUMED or not whole(months) or months < 0 or months > 120:
            return self._refused("Liquidación imposible")
        over = max(exact(kwh_consumidos) - 1_000, Decimal(0))
        term = (exact(kwh_consumidos) + over * Decimal("0.10")) * _CONSUMED[tarifa]
        due = term - min(exact(kwh_excedentes) * _SURPLUS[tarifa], term)
        if months >= 24:
            due *= Decimal("0.95")
        if kwh_excedentes > 0:
            due += Decimal("2.40")
        return self._accepted(due * Decimal("1.10"))

    def _accepted(self, value: Decimal) -> Answer:
        return {"accepted": True, "value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}
