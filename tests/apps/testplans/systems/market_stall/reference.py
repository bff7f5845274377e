"""Pitches of a Saturday market; every figure is the document's."""
# ruff: noqa: C901, PLR0911 - rule by rule as in the document

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, rounded, text, whole

_PRICES = {"produce": Decimal("3.20"), "crafts": Decimal("4.10"), "hot food": Decimal("6.75")}
_STATUS = "Not allowed in this status"


class Reference:
    """R1 to R16."""

    def __init__(self) -> None:
        self.state = "draft"
        self.fee = Decimal(0)
        self.points = 0

    def apply_for_pitch(
        self,
        trade: Any = None,
        frontage: Any = None,
        saturdays: Any = None,
        licence_number: Any = None,
        electricity: Any = None,
    ) -> Answer:
        """R1 to R12."""
        if self.state != "draft":
            return self._refused(_STATUS)
        if None in (trade, frontage, saturdays, licence_number, electricity):
            return self._refused("Application incomplete")
        if not text(trade) or trade not in _PRICES:
            return self._refused("Trade not admitted")
        if not number(frontage) or frontage < 2 or frontage > (6 if trade == "hot food" else 9) or frontage % 0.5 != 0:
            return self._refused("Frontage not available")
        if not whole(saturdays) or saturdays < 4 or saturdays > 52:
            return self._refused("Number of Saturdays not valid")
        if not text(licence_number, r"TB/[0-9]{4}[A-F]"):
            return self._refused("Licence number not valid")
        if flag(electricity) is None:
            return self._refused("Electricity: yes or no")
        if trade == "hot food" and not flag(electricity):
            return self._refused("Hot food needs electricity")
        fee = _PRICES[trade] * exact(frontage) * exact(saturdays)
        if saturdays >= 26:
            fee *= Decimal("0.82")
        elif saturdays >= 13:
            fee *= Decimal("0.90")
        if flag(electricity):
            fee += exact(saturdays) * Decimal("2.50")
        self.fee = fee.to_integral_value(ROUND_FLOOR)
        self.state = "awaiting payment"
        return self._accepted(self.fee)

    def pay_fee(self, amount: Any = None) -> Answer:
        """R13."""
        if self.state != "awaiting payment":
            return self._refused(_STATUS)
        if not number(amount) or exact(amount) != self.fee:
            return self._refused("Amount differs from the fee")
        self.state = "active"
        return self._accepted()

    def record_inspection(self, penalty_points: Any = None) -> Answer:
        """R14 and R15."""
        if self.state != "active":
            return self._refused(_STATUS)
        if not whole(penalty_points) or penalty_points < 0 or penalty_points > 10:
            return self._refused("Points not valid")
        self.points += int(penalty_points)
        if self.points >= 12:
            self.state = "revoked"
        return self._accepted(exact(self.points))

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
