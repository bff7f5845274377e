"""A car insurer's quotations; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR2004 - rule by rule as in the document, with its figures

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, rounded, text, whole

_RATE = {"particular": Decimal("0.032"), "servicio público": Decimal("0.051"), "carga": Decimal("0.045")}
_DEDUCTIBLE = {"bajo": Decimal("1.15"), "medio": Decimal(1), "alto": Decimal("0.88")}


class Reference:
    """RF-01 to RF-21."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.premium = Decimal(0)
        self.instalment = Decimal(0)
        self.left = 0

    def cotizar(
        self,
        uso: Any = None,
        valor_comercial: Any = None,
        antiguedad: Any = None,
        edad_conductor: Any = None,
        siniestros: Any = None,
        deducible: Any = None,
        gps: Any = None,
    ) -> Answer:
        """RF-01 to RF-13, RF-17, RF-21."""
        if self.state in {"emitida", "pagada", "suspendida"}:
            return self._refused("La póliza ya fue emitida")
        if not text(uso) or uso not in _RATE or not text(deducible) or deducible not in _DEDUCTIBLE:
            return self._refused()
        if not whole(antiguedad) or antiguedad < 0 or not whole(siniestros) or siniestros < 0 or flag(gps) is None:
            return self._refused()
        if not whole(valor_comercial) or valor_comercial < 10_000_000 or valor_comercial > 300_000_000:
            return self._refused("Valor comercial fuera de rango")
        if antiguedad > (10 if uso == "servicio público" else 15):
            return self._refused("Vehículo no asegurable por antigüedad")
        if not whole(edad_conductor) or edad_conductor < 18 or edad_conductor > 75:
            return self._refused("Edad del conductor no permitida")
        if siniestros > 3:
            return self._refused("Cliente no asegurable")
        premium = exact(valor_comercial) * _RATE[uso] * _DEDUCTIBLE[deducible]
        if edad_conductor < 25:
            premium *= Decimal("1.25")
        if edad_conductor > 65:
            premium *= Decimal("1.10")
        if siniestros == 0:
            premium *= Decimal("0.90")
        if siniestros >= 2:
            premium *= Decimal("1.20")
        if flag(gps) and uso != "particular":
            premium *= Decimal("0.95")
        self.premium = exact(rounded(max(premium, Decimal(700_000)), 0))
        self.state = "cotizada"
        return self._accepted(self.premium)

    def emitir(self, medio_pago: Any = None, cuotas: Any = None) -> Answer:
        """RF-14 to RF-17, RF-20."""
        if self.state != "cotizada":
            return self._refused("No hay cotización vigente")
        if not text(medio_pago) or medio_pago not in {"contado", "financiado"} or not whole(cuotas):
            return self._refused()
        if medio_pago == "contado":
            if cuotas != 1:
                return self._refused()
            self.state = "pagada"
            return self._accepted(self.premium * Decimal("0.95"))
        if cuotas < 2 or cuotas > 12:
            return self._refused()
        self.state = "emitida"
        self.left = int(cuotas)
        self.instalment = exact(rounded(self.premium * (1 + Decimal("0.01") * self.left) / self.left, 0))
        return self._accepted(self.instalment)

    def pagar_cuota(self, dias_atraso: Any = None) -> Answer:
        """RF-18 to RF-20."""
        if self.state != "emitida" or not whole(dias_atraso) or dias_atraso < 0:
            return self._refused()
        if dias_atraso > 30:
            self.state = "suspendida"
            return self._refused("Póliza suspendida por mora")
        self.left -= 1
        if self.left == 0:
            self.state = "pagada"
        return self._accepted(self.instalment * Decimal("1.02") if dias_atraso > 5 else self.instalment)

    def _accepted(self, value: Decimal) -> Answer:
        return {"accepted": True, "value": rounded(value, 0), "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
