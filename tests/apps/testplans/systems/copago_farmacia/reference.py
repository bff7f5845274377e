"""What a patient pays for medicines; every figure is the document's."""

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, rounded, text, whole

_SHARES = {
    "activo": (Decimal("0.40"), Decimal("0.50"), Decimal("0.60")),
    "pensionista": (Decimal("0.10"), Decimal("0.10"), Decimal("0.60")),
    "mutualista": (Decimal("0.30"), Decimal("0.30"), Decimal("0.30")),
    "sin recursos": (Decimal(0), Decimal(0), Decimal(0)),
}
_CAPS = (Decimal("8.23"), Decimal("18.52"), Decimal("61.75"))
_WITHOUT = "Tarjeta sin alta"


class Reference:
    """CA-1 to CA-16."""

    def __init__(self) -> None:
        self.state = "sin alta"
        self.scheme = ""
        self.band = 0
        self.paid = Decimal(0)

    def dar_de_alta(self, numero_tarjeta: Any = None, regimen: Any = None, renta_anual: Any = None) -> Answer:
        """CA-1 to CA-5, and CA-16."""
        if self.state == "activa":
            return self._refused("La tarjeta ya está activa")
        if not text(numero_tarjeta, r"[A-Z]{4}[0-9]{10}"):
            return self._refused("Tarjeta errónea")
        if not text(regimen) or regimen not in _SHARES:
            return self._refused("Régimen desconocido")
        if not number(renta_anual) or renta_anual < 0 or renta_anual > 900_000:
            return self._refused("Renta fuera de rango")
        self.scheme = regimen
        if renta_anual >= 18_000:
            self.band = 1
        if renta_anual >= 100_000:
            self.band = 2
        self.state = "activa"
        return self._accepted()

    def dispensar(self, precio_envase: Any = None, envases: Any = None, tratamiento_cronico: Any = None) -> Answer:
        """CA-6 to CA-9."""
        if self.state != "activa":
            return self._refused(_WITHOUT)
        if not number(precio_envase) or precio_envase <= 0 or precio_envase > 3_000:
            return self._refused("Precio no válido")
        if exact(precio_envase) * 100 % 1 != 0:
            return self._refused("Precio no válido")
        chronic = flag(tratamiento_cronico)
        if chronic is None:
            return self._refused("Indique si es crónico")
        if not whole(envases) or envases < 1 or envases > (6 if chronic else 2):
            return self._refused("Número de envases no válido")
        due = self._due(exact(precio_envase), int(envases), chronic=chronic)
        self.paid += due
        return self._accepted(due)

    def _due(self, price: Decimal, packs: int, *, chronic: bool) -> Decimal:
        """CA-10 to CA-13."""
        due = price * packs * _SHARES[self.scheme][self.band]
        if chronic:
            due = min(due, packs * Decimal("4.24"))
        due = exact(rounded(due))
        if self.scheme == "pensionista":
            due = min(due, _CAPS[self.band] - self.paid)
        return due

    def cerrar_mes(self) -> Answer:
        """CA-14."""
        if self.state != "activa":
            return self._refused(_WITHOUT)
        paid = self.paid
        self.paid = Decimal(0)
        return self._accepted(paid)

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
