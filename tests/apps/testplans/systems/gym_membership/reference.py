"""Memberships of a sports centre; every figure is the document's."""

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, rounded, text, whole

_PRICES = {"junior": Decimal("19.00"), "standard": Decimal("36.00"), "senior": Decimal("27.00")}
_MONTHS = {1, 3, 6, 12}
_NOT_AVAILABLE = "Not available"


class Reference:
    """G01 to G16."""

    def __init__(self) -> None:
        self.state = "visitor"
        self.freezes = 0

    def join(
        self,
        age: Any = None,
        plan: Any = None,
        pool: Any = None,
        months_in_advance: Any = None,
        emergency_phone: Any = None,
    ) -> Answer:
        """G01 to G06, and G14 to G16."""
        if self.state != "visitor":
            return self._refused(_NOT_AVAILABLE)
        if not whole(age) or age < 12 or age > 99 or not text(plan) or plan not in _PRICES or flag(pool) is None:
            return self._refused("Form not complete")
        if not whole(months_in_advance) or months_in_advance not in _MONTHS:
            return self._refused("Form not complete")
        if emergency_phone and not text(emergency_phone, r"\+[0-9]{8,12}"):
            return self._refused("Form not complete")
        if (plan == "junior") != (age < 18) or (plan == "senior" and age < 65):
            return self._refused("Plan does not fit age")
        monthly = _PRICES[plan]
        if flag(pool) and plan != "senior":
            monthly += Decimal("8.00")
        months = 11 if months_in_advance == 12 else months_in_advance
        payment = exact(months) * monthly
        if months_in_advance < 6:
            payment += Decimal("25.00")
        self.state = "member"
        return self._accepted(payment)

    def freeze(self, weeks: Any = None) -> Answer:
        """G07 to G09."""
        if self.state != "member":
            return self._refused(_NOT_AVAILABLE)
        if self.freezes == 2:
            return self._refused("No freezes left")
        if not whole(weeks) or weeks < 2 or weeks > 10:
            return self._refused("Freeze not allowed")
        self.freezes += 1
        self.state = "paused"
        return self._accepted(exact(weeks) * Decimal("1.50"))

    def resume(self) -> Answer:
        """G10."""
        if self.state != "paused":
            return self._refused(_NOT_AVAILABLE)
        self.state = "member"
        return self._accepted()

    def cancel(self, days_of_notice: Any = None) -> Answer:
        """G11 and G12."""
        if self.state not in {"member", "paused"}:
            return self._refused(_NOT_AVAILABLE)
        if not whole(days_of_notice) or days_of_notice < 0 or days_of_notice > 90:
            return self._refused("Check the notice")
        self.state = "former member"
        return self._accepted(Decimal("12.00") if days_of_notice < 30 else Decimal(0))

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
