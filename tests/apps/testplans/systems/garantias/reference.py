"""Warranty claims; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, rounded, text, whole

_MONTHS = {"celular": 12, "televisor": 24, "nevera": 36, "accesorio": 3}


class Reference:
    """HU-1 to HU-5."""

    def __init__(self) -> None:
        self.state = "nuevo"
        self.price = 0
        self.quoted = Decimal(0)
        self.returns = 0
        self.changed = False

    def abrir_reclamo(
        self,
        numero_serie: Any = None,
        categoria: Any = None,
        meses: Any = None,
        precio: Any = None,
        tiene_factura: Any = None,
    ) -> Answer:
        """HU-1."""
        if self.state != "nuevo" or numero_serie is None or not text(categoria) or categoria not in _MONTHS:
            return self._refused()
        if not whole(meses) or meses < 0 or flag(tiene_factura) is None:
            return self._refused()
        if not whole(precio) or precio <= 0 or precio > 20_000_000:
            return self._refused()
        if not text(numero_serie, r"[A-Z]{3}[0-9]{6}[A-Z]"):
            return self._refused("Número de serie no válido")
        if meses > _MONTHS[categoria]:
            return self._refused("Garantía vencida")
        if not flag(tiene_factura) and precio > 500_000:
            return self._refused("Falta la factura")
        self.price = precio
        self.state = "en diagnóstico"
        return self._accepted()

    def diagnosticar(self, causa: Any = None, costo: Any = None) -> Answer:
        """HU-2."""
        if self.state != "en diagnóstico" or not whole(costo) or costo < 0 or costo > 20_000_000:
            return self._refused()
        if not text(causa) or causa not in {"fábrica", "golpe", "humedad", "desgaste"}:
            return self._refused()
        if causa == "desgaste":
            self.state = "rechazado"
            return self._accepted(Decimal(25_000))
        if causa == "fábrica":
            self.changed = exact(costo) > self.price * Decimal("0.60")
            self.state = "cambio aprobado" if self.changed else "en reparación"
            return self._accepted(Decimal(0))
        quoted = exact(costo) * Decimal("1.19")
        if causa == "humedad":
            quoted += 35_000
        self.quoted = exact(rounded(quoted, 0))
        self.state = "cotizado"
        return self._accepted(self.quoted)

    def responder_cotizacion(self, acepta: Any = None, dias: Any = None) -> Answer:
        """HU-3."""
        if self.state != "cotizado" or flag(acepta) is None or not whole(dias) or dias < 0:
            return self._refused()
        if dias > 15:
            self.state = "abandonado"
            return self._refused("Cotización vencida")
        if flag(acepta):
            self.state = "en reparación"
            return self._accepted(self.quoted)
        self.state = "devuelto"
        return self._accepted(Decimal(25_000 if self.quoted >= 100_000 else 0))

    def entregar(self) -> Answer:
        """HU-4."""
        if self.state not in {"en reparación", "cambio aprobado"}:
            return self._refused()
        self.state = "entregado"
        return self._accepted()

    def reingresar(self, dias: Any = None) -> Answer:
        """HU-5."""
        if self.state != "entregado" or not whole(dias) or dias < 0:
            return self._refused()
        if self.changed:
            return self._refused("Producto ya cambiado")
        if dias > 90:
            return self._refused("Fuera de plazo")
        self.returns += 1
        self.changed = self.returns >= 3
        self.state = "cambio aprobado" if self.changed else "en diagnóstico"
        return self._accepted(Decimal(self.returns))

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
