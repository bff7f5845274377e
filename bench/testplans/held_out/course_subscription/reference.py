"""A subscription to online courses; every figure is the document's."""
# ruff: noqa: PLR0911, PLR2004 - rule by rule as in the document, with its figures

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, rounded, text, whole

_PRICE = {"Básico": 39_000, "Profesional": 79_000, "Empresas": 65_000}
_SEATS = {"Básico": (1, 1), "Profesional": (1, 5), "Empresas": (5, 200)}
_TAX = Decimal("1.19")
_WRONG_SEATS = "Número de puestos no válido para el plan"


class Reference:
    """Sections 2 to 7."""

    def __init__(self) -> None:
        self.state = "sin suscripción"
        self._begin("", "", 0)

    def _begin(self, plan: str, period: str, seats: int) -> None:
        self.plan, self.period, self.seats = plan, period, seats
        self.total = 0.0
        self.failed = 0
        self.pauses = 0
        self.paid = False

    def subscribe(self, plan: Any = None, billing_period: Any = None, seats: Any = None, coupon: Any = None) -> Answer:
        """Sections 2 and 3."""
        if not text(plan) or plan not in _PRICE:
            return self._refused()
        if not text(billing_period) or billing_period not in {"mensual", "anual"}:
            return self._refused()
        if self.state not in {"sin suscripción", "cancelada"}:
            return self._refused("Ya tiene una suscripción")
        least, most = _SEATS[plan]
        if not whole(seats) or not least <= seats <= most:
            return self._refused(_WRONG_SEATS)
        percent = 0
        if coupon is not None and coupon != "":
            if plan == "Empresas":
                return self._refused("El plan no admite cupones")
            if not text(coupon, r"[A-Z]{3}[0-9]{2}") or not 5 <= int(coupon[3:]) <= 50:
                return self._refused("Cupón no válido")
            percent = int(coupon[3:])
        total = exact(_PRICE[plan]) * exact(seats) * (10 if billing_period == "anual" else 1)
        if plan == "Empresas" and seats >= 20:
            total *= Decimal("0.82") if seats >= 50 else Decimal("0.90")
        total = total * (100 - percent) / 100 * _TAX
        self._begin(plan, billing_period, seats)
        self.total = rounded(total, 0)
        self.state = "pendiente de pago"
        return self._accepted(self.total)

    def record_payment(self, successful: Any = None) -> Answer:
        """Section 4."""
        if self.state in {"sin suscripción", "pausada", "cancelada"} or flag(successful) is None:
            return self._refused()
        if flag(successful):
            self.failed = 0
            self.paid = True
            self.state = "activa"
            return self._accepted()
        self.failed += 1
        if self.state == "pendiente de pago":
            if self.failed >= 3:
                self.state = "cancelada"
        else:
            self.state = "suspendida" if self.failed >= 3 else "en mora"
        return self._accepted()

    def change_plan(self, new_plan: Any = None, days_remaining: Any = None) -> Answer:
        """Section 5."""
        if self.state != "activa" or not text(new_plan) or new_plan not in _PRICE:
            return self._refused()
        if not whole(days_remaining) or not 0 <= days_remaining <= 30:
            return self._refused()
        if self.period == "anual":
            return self._refused("Cambio disponible solo en periodo mensual")
        if new_plan == self.plan:
            return self._refused("Ya tiene ese plan")
        if "Empresas" in {new_plan, self.plan}:
            return self._refused("Contacte a ventas")
        if new_plan == "Básico" and self.seats > 1:
            return self._refused(_WRONG_SEATS)
        difference = max(_PRICE[new_plan] - _PRICE[self.plan], 0)
        self.plan = new_plan
        return self._accepted(rounded(difference * exact(days_remaining) / 30 * _TAX, 0))

    def pause(self, days: Any = None) -> Answer:
        """Section 6."""
        if self.state != "activa" or not whole(days) or not 7 <= days <= 90:
            return self._refused()
        if self.pauses >= 2:
            return self._refused("No le quedan pausas")
        self.pauses += 1
        self.state = "pausada"
        return self._accepted()

    def resume(self) -> Answer:
        """REQ-6.1."""
        if self.state != "pausada":
            return self._refused()
        self.state = "activa"
        return self._accepted()

    def cancel(self, days_since_first_payment: Any = None) -> Answer:
        """Section 7."""
        if self.state in {"sin suscripción", "cancelada"}:
            return self._refused()
        if not whole(days_since_first_payment) or days_since_first_payment < 0:
            return self._refused()
        self.state = "cancelada"
        return self._accepted(self.total if self.paid and days_since_first_payment <= 14 else 0)

    def _accepted(self, value: float | None = None) -> Answer:
        return {"accepted": True, "value": value, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
