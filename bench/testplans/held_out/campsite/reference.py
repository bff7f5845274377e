"""A campsite's reservations; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR0912, PLR2004 - rule by rule as in the document, with its figures

import datetime as dt
from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, day, exact, flag, number, rounded, text, whole

_PEOPLE = {"tent": 4, "caravan": 5, "cabin": 6}
_LOW = {"tent": Decimal("12.00"), "caravan": Decimal("16.50"), "cabin": Decimal("45.00")}
_HIGH = {"tent": Decimal("18.00"), "caravan": Decimal("24.00"), "cabin": Decimal("72.00")}


class Reference:
    """The whole letter."""

    def __init__(self) -> None:
        self.state = "new"
        self.total = Decimal(0)
        self.deposit = Decimal(0)

    def reserve(
        self,
        pitch: Any = None,
        arrival: Any = None,
        departure: Any = None,
        adults: Any = None,
        children: Any = None,
        dogs: Any = None,
        electricity: Any = None,
    ) -> Answer:
        """When they are open, who comes, what it costs."""
        if self.state != "new" or not text(pitch) or pitch not in _PEOPLE:
            return self._refused()
        if not whole(adults) or adults < 1 or not whole(children) or children < 0:
            return self._refused()
        if not whole(dogs) or dogs < 0 or flag(electricity) is None:
            return self._refused()
        first, last = day(arrival), day(departure)
        if first is None or last is None or first >= last or first.year != last.year:
            return self._refused()
        if first < dt.date(first.year, 4, 1) or last > dt.date(first.year, 10, 31):
            return self._refused()
        nights = [first + dt.timedelta(days=number) for number in range((last - first).days)]
        high = sum(night.month in {7, 8} for night in nights)
        if len(nights) > 28:
            return self._refused()
        if high > 0 and len(nights) < 3:
            return self._refused("Minimum stay in high season is 3 nights")
        if adults + children > _PEOPLE[pitch]:
            return self._refused("Too many people for this pitch")
        if pitch == "cabin" and dogs > 0:
            return self._refused("No dogs in cabins")
        if dogs > 2:
            return self._refused()
        total = high * _HIGH[pitch] + (len(nights) - high) * _LOW[pitch]
        if pitch != "cabin":
            further = max(adults - 2, 0) * 6 + max(children - max(2 - adults, 0), 0) * 3
            total += len(nights) * exact(further)
            if flag(electricity):
                total += len(nights) * Decimal("4.50")
        total += len(nights) * exact(dogs) * Decimal("2.50")
        if len(nights) >= 14:
            total *= Decimal("0.90")
        self.total = exact(rounded(total))
        self.state = "reserved"
        return self._accepted(self.total)

    def pay_deposit(self, amount: Any = None, days_since_reservation: Any = None) -> Answer:
        """The deposit."""
        if self.state != "reserved" or not number(amount):
            return self._refused()
        if not whole(days_since_reservation) or days_since_reservation < 0:
            return self._refused()
        if days_since_reservation > 7:
            self.state = "lapsed"
            return self._refused("Reservation lapsed")
        if exact(amount) < self.total * Decimal("0.30"):
            return self._refused("Deposit too low")
        if exact(amount) > self.total:
            return self._refused()
        self.deposit = exact(amount)
        self.state = "guaranteed"
        return self._accepted(self.total - self.deposit)

    def cancel(self, days_before_arrival: Any = None) -> Answer:
        """Cancelling."""
        if self.state not in {"reserved", "guaranteed"}:
            return self._refused()
        if not whole(days_before_arrival) or days_before_arrival < 0:
            return self._refused()
        refund = Decimal(0)
        if days_before_arrival >= 30:
            refund = max(self.deposit - 15, Decimal(0))
        elif days_before_arrival >= 14:
            refund = self.deposit / 2
        self.state = "cancelled"
        return self._accepted(refund)

    def _accepted(self, value: Decimal) -> Answer:
        return {"accepted": True, "value": rounded(value), "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
