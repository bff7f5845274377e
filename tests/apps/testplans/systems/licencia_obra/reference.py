"""Licences for small building works; every figure is the document's."""
# ruff: noqa: C901, PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, rounded, text, whole

_WORKS = {"fachada", "cubierta", "interior", "vado"}
_OUTSIDE = {"fachada", "cubierta"}


class Reference:
    """RF-01 to RF-18."""

    def __init__(self) -> None:
        self.state = "nuevo"
        self.asked = 0

    def presentar_solicitud(
        self,
        tipo_obra: Any = None,
        superficie: Any = None,
        presupuesto: Any = None,
        referencia_catastral: Any = None,
        edificio_protegido: Any = None,
        informe_patrimonio: Any = None,
        ocupa_via_publica: Any = None,
        dias_ocupacion: Any = None,
    ) -> Answer:
        """RF-01 to RF-08."""
        if self.state != "nuevo":
            return self._refused()
        if not text(tipo_obra) or tipo_obra not in _WORKS:
            return self._refused("Revise los datos")
        if not whole(superficie) or superficie < 1 or superficie > 500:
            return self._refused("Revise los datos")
        if not number(presupuesto) or presupuesto < 300 or presupuesto > 60_000:
            return self._refused("Revise los datos")
        if not text(referencia_catastral, r"[A-Z0-9]{14}"):
            return self._refused("Revise los datos")
        listed, occupied = flag(edificio_protegido), flag(ocupa_via_publica)
        if listed is None or occupied is None:
            return self._refused("Revise los datos")
        if informe_patrimonio is not None and not text(informe_patrimonio, r".{6,12}"):
            return self._refused("Revise los datos")
        if occupied and (not whole(dias_ocupacion) or dias_ocupacion < 1 or dias_ocupacion > 90):
            return self._refused("Revise los datos")
        if tipo_obra == "interior" and presupuesto > 40_000:
            return self._refused("Requiere licencia de obra mayor")
        if tipo_obra in _OUTSIDE and superficie > 300:
            return self._refused("Requiere licencia de obra mayor")
        if listed and tipo_obra in _OUTSIDE and informe_patrimonio is None:
            return self._refused("Falta el informe de patrimonio")
        if tipo_obra == "vado" and occupied:
            return self._refused("Ocupación no permitida")
        self.state = "presentado"
        return self._accepted(
            _fee(exact(presupuesto), listed=listed) + (_occupation(dias_ocupacion) if occupied else 0)
        )

    def dictaminar(self, dictamen: Any = None) -> Answer:
        """RF-13 to RF-15."""
        if self.state != "presentado":
            return self._refused()
        if dictamen == "favorable":
            self.state = "concedido"
            return self._accepted()
        if dictamen == "desfavorable":
            self.state = "denegado"
            return self._accepted()
        if dictamen != "subsanar":
            return self._refused()
        if self.asked >= 2:
            return self._refused("No caben más subsanaciones")
        self.asked += 1
        self.state = "en subsanación"
        return self._accepted()

    def subsanar(self, dias_transcurridos: Any = None) -> Answer:
        """RF-16 and RF-17."""
        if self.state != "en subsanación" or not whole(dias_transcurridos) or dias_transcurridos < 0:
            return self._refused()
        if dias_transcurridos > 10:
            self.state = "archivado"
            return self._refused("Plazo vencido")
        self.state = "presentado"
        return self._accepted()

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _fee(budget: Decimal, *, listed: bool) -> Decimal:
    """RF-09 and RF-10."""
    fee = Decimal("45.00")
    if budget > 3_000:
        fee = Decimal("90.00")
    if budget > 15_000:
        fee += (budget - 15_000) * Decimal("0.008")
    return fee * Decimal("0.75") if listed else fee


def _occupation(days: int) -> Decimal:
    """RF-11."""
    return exact(min(days, 10)) * Decimal("2.40") + exact(max(days - 10, 0)) * Decimal("1.75")
