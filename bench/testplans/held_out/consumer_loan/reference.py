"""A bank's consumer loan; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR0912, PLR0917, PLR2004 - rule by rule as in the document, with its figures

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, digits, exact, flag, number, rounded, text, whole

_TERMS = (12, 24, 36, 48, 60)
_RATE = {"indefinido": Decimal("0.014"), "término fijo": Decimal("0.017"), "independiente": Decimal("0.021")}
_SENIORITY = {"indefinido": 6, "término fijo": 12, "independiente": 24}
_PAYROLL = Decimal("0.002")


class Reference:
    """Sections 2 to 4."""

    def radicar_solicitud(
        self,
        numero_documento: Any = None,
        edad: Any = None,
        ingresos_mensuales: Any = None,
        monto: Any = None,
        plazo_meses: Any = None,
        tipo_contrato: Any = None,
        antiguedad_meses: Any = None,
        puntaje: Any = None,
        nomina: Any = None,
    ) -> Answer:
        """RF-01 to RF-09, in the order of section 3's last paragraph."""
        if not text(digits(numero_documento), r"[0-9]{6,10}"):
            return _refused()
        if not whole(edad) or not 18 <= edad <= 70:
            return _refused()
        if not number(ingresos_mensuales) or ingresos_mensuales < 1_300_000:
            return _refused()
        if not number(monto) or not 1_000_000 <= monto <= 60_000_000 or monto % 100_000 != 0:
            return _refused()
        if not whole(plazo_meses) or plazo_meses not in _TERMS:
            return _refused()
        if not text(tipo_contrato) or tipo_contrato not in _RATE:
            return _refused()
        if not whole(antiguedad_meses) or antiguedad_meses < 0:
            return _refused()
        if not whole(puntaje) or not 0 <= puntaje <= 950:
            return _refused()
        if flag(nomina) is None:
            return _refused()
        if edad > 65 and plazo_meses > 36:
            return _refused("Plazo no disponible para la edad")
        if antiguedad_meses < _SENIORITY[tipo_contrato]:
            return _refused("Antigüedad insuficiente")
        if puntaje < 550:
            return _refused("Puntaje insuficiente")
        rate = _RATE[tipo_contrato] - (_PAYROLL if flag(nomina) else 0)
        interest = exact(monto) * rate * exact(plazo_meses)
        instalment = rounded((exact(monto) + interest) / exact(plazo_meses), 0)
        if exact(instalment) > exact(ingresos_mensuales) * Decimal("0.30"):
            return _refused("Capacidad de pago insuficiente")
        studied = puntaje < 700 or monto > 40_000_000
        return {"accepted": True, "value": instalment, "state": "en estudio" if studied else "preaprobada"}

    def calcular_prepago(self, saldo: Any = None, meses_restantes: Any = None) -> Answer:
        """RF-10 to RF-12."""
        if not number(saldo) or not 0 < saldo <= 60_000_000:
            return _refused()
        if not whole(meses_restantes) or not 1 <= meses_restantes <= 60:
            return _refused()
        penalty = min(exact(saldo) * Decimal("0.02"), Decimal(500_000)) if meses_restantes > 12 else Decimal(0)
        return {"accepted": True, "value": rounded(exact(saldo) + penalty, 0)}


def _refused(message: str | None = None) -> Answer:
    return {"accepted": False, "message": message}
