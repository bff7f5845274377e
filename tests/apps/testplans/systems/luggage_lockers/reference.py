"""Lockers at a station; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, digits, exact, flag, number, rounded, text, whole

_CARRIES = {"small": 10, "medium": 20, "large": 30}
_BASE = {"small": Decimal("4.00"), "medium": Decimal("6.00"), "large": Decimal("9.50")}
_HOURLY = {"small": Decimal("0.60"), "medium": Decimal("0.90"), "large": Decimal("1.40")}


class Reference:
    """F-1 to F-18."""

    def __init__(self) -> None:
        self.state = "available"
        self.size = "small"
        self.hours = 0
        self.pin: Any = ""
        self.wrong = 0
        self.openings = 0
        self.extensions = 0

    def rent(
        self, size: Any = None, hours: Any = None, bag_weight: Any = None, mobile_number: Any = None, pin: Any = None
    ) -> Answer:
        """F-2 to F-10."""
        if self.state != "available":
            return self._refused()
        if not text(size) or size not in _CARRIES or not whole(hours) or hours < 1 or hours > 72:
            return self._refused("Input error")
        if not number(bag_weight) or bag_weight < 0.5 or bag_weight > 30:
            return self._refused("Input error")
        if mobile_number is None or pin is None:
            return self._refused("Input error")
        if bag_weight > _CARRIES[size]:
            return self._refused("Bag too heavy")
        if not text(mobile_number, r"\+[0-9]{8,15}"):
            return self._refused("Invalid mobile number")
        if not text(digits(pin), r"[0-9]{4}"):
            return self._refused("Invalid PIN")
        if len(set(str(pin))) == 1:
            return self._refused("PIN too simple")
        self.size, self.hours, self.pin = size, int(hours), digits(pin)
        self.wrong = self.openings = self.extensions = 0
        self.state = "rented"
        price = _BASE[size] + max(self.hours - 3, 0) * _HOURLY[size]
        if self.hours > 24:
            price *= Decimal("0.85")
        return self._accepted(exact(rounded(price, 1)))

    def open(self, pin: Any = None, last_opening: Any = None) -> Answer:
        """F-11 to F-13."""
        if self.state != "rented" or pin is None or flag(last_opening) is None:
            return self._refused()
        if digits(pin) != self.pin:
            self.wrong += 1
            if self.wrong >= 3:
                self.state = "blocked"
            return self._refused("Wrong PIN")
        self.wrong = 0
        if flag(last_opening):
            self.state = "available"
            return self._accepted()
        if self.openings >= 3:
            return self._refused("No more openings")
        self.openings += 1
        return self._accepted(exact(self.openings))

    def extend(self, extra_hours: Any = None) -> Answer:
        """F-14 to F-16."""
        if self.state != "rented" or not whole(extra_hours) or extra_hours < 1 or extra_hours > 24:
            return self._refused()
        if self.extensions >= 2:
            return self._refused("No more extensions")
        if self.hours + extra_hours > 96:
            return self._refused("Rental too long")
        self.extensions += 1
        self.hours += int(extra_hours)
        return self._accepted(exact(extra_hours) * _HOURLY[self.size])

    def unblock(self, staff_code: Any = None) -> Answer:
        """F-17."""
        if self.state != "blocked":
            return self._refused()
        if not text(staff_code, r"S[0-9]{5}"):
            return self._refused("Staff only")
        self.wrong = 0
        self.state = "rented"
        return self._accepted()

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
