"""Fares and refunds of a railway; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR2004 - rule by rule as in the document, with its figures

import math
from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, flag, number, rounded, text, whole


class Reference:
    """REQ-1 to REQ-23."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.fare = Decimal(0)
        self.flexible = False
        self.changes = 0

    def buy_ticket(
        self,
        distance_km: Any = None,
        ticket_class: Any = None,
        passenger_age: Any = None,
        railcard: Any = None,
        peak: Any = None,
        return_trip: Any = None,
        flexible: Any = None,
    ) -> Answer:
        """REQ-1, REQ-2, REQ-5, REQ-6, REQ-9, REQ-11, REQ-12."""
        if self.state in {"reserved", "issued"}:
            return self._refused("Ticket in progress")
        if not whole(distance_km) or not whole(passenger_age):
            return self._refused()
        if not text(ticket_class) or ticket_class not in {"standard", "first"}:
            return self._refused()
        if not text(railcard) or railcard not in {"none", "student", "senior"}:
            return self._refused()
        if flag(peak) is None or flag(return_trip) is None or flag(flexible) is None:
            return self._refused()
        if railcard == "student" and (passenger_age < 16 or passenger_age > 25):
            return self._refused("Railcard not valid for this age")
        if railcard == "senior" and passenger_age < 60:
            return self._refused("Railcard not valid for this age")
        if ticket_class == "first" and distance_km <= 50:
            return self._refused("First class not available")
        if distance_km < 1 or distance_km > 600 or passenger_age < 0 or passenger_age > 120:
            return self._refused()
        price = _base(int(distance_km))
        if ticket_class == "first":
            price *= Decimal("1.6")
        price *= _share(int(passenger_age), railcard, peak=bool(flag(peak)))
        if flag(return_trip):
            price *= Decimal("1.8")
        if flag(flexible):
            price *= Decimal("1.25")
        self.fare = Decimal(0) if passenger_age < 5 else _final(price)
        self.flexible = bool(flag(flexible))
        self.changes = 0
        self.state = "reserved"
        return self._accepted(self.fare)

    def pay_ticket(self, method: Any = None, minutes: Any = None) -> Answer:
        """REQ-13, REQ-14."""
        if self.state != "reserved" or not text(method) or method not in {"card", "voucher"}:
            return self._refused()
        if not whole(minutes) or minutes < 0:
            return self._refused()
        if minutes > 20:
            self.state = "expired"
            return self._refused("Reservation expired")
        if method == "voucher" and self.fare > 60:
            return self._refused("Fare too high for a voucher")
        self.state = "issued"
        return self._accepted()

    def change_ticket(self, hours_before_departure: Any = None) -> Answer:
        """REQ-15 to REQ-17."""
        if self.state != "issued" or not number(hours_before_departure):
            return self._refused()
        if hours_before_departure < 2:
            return self._refused("Too late to change")
        if self.changes >= 2:
            return self._refused("No more changes")
        self.changes += 1
        return self._accepted(Decimal(0) if self.flexible else Decimal("5.00"))

    def request_refund(self, hours_before_departure: Any = None) -> Answer:
        """REQ-18 to REQ-23."""
        if self.state != "issued" or not number(hours_before_departure):
            return self._refused()
        if not self.flexible and self.changes > 0:
            return self._refused("Changed tickets are not refunded")
        if hours_before_departure < (1 if self.flexible else 6):
            return self._refused("Too late for a refund")
        self.state = "refunded"
        if self.flexible:
            return self._accepted(self.fare)
        share = Decimal("0.75") if hours_before_departure >= 48 else Decimal("0.40")
        return self._accepted(max(self.fare * share - 3, Decimal(0)))

    def _accepted(self, value: Decimal | None = None) -> Answer:
        return {"accepted": True, "value": None if value is None else rounded(value), "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _base(distance: int) -> Decimal:
    """REQ-3, REQ-4."""
    if distance <= 20:
        return Decimal("4.50")
    if distance <= 50:
        return Decimal("9.20")
    return Decimal("16.80") + max(distance - 120, 0) * Decimal("0.11")


def _share(age: int, railcard: str, *, peak: bool) -> Decimal:
    """REQ-6 to REQ-8."""
    if age <= 15:
        return Decimal("0.5")
    if railcard == "student":
        return Decimal("0.7")
    if railcard == "senior":
        return Decimal(1) if peak else Decimal("0.6")
    return Decimal(1) if peak else Decimal("0.9")


def _final(price: Decimal) -> Decimal:
    """REQ-10."""
    return max(Decimal(math.ceil(price * 10)) / 10, Decimal("2.50"))
