"""Fares and refunds of a railway; every figure is the document's."""
# ruff: noqa: PLR0911, PLR0917, PLR2004 - rule by rule as in the document, with its figures

import math
from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, rounded, text, whole


class Reference:
    """REQ-1 to REQ-17."""

    def calculate_fare(
        self,
        distance_km: Any = None,
        ticket_class: Any = None,
        passenger_age: Any = None,
        railcard: Any = None,
        peak: Any = None,
        return_trip: Any = None,
    ) -> Answer:
        """REQ-1, REQ-2."""
        if not whole(distance_km) or distance_km < 1 or distance_km > 600:
            return _refused()
        if not whole(passenger_age) or passenger_age < 0 or passenger_age > 120:
            return _refused()
        if not text(ticket_class) or ticket_class not in {"standard", "first"}:
            return _refused()
        if not text(railcard) or railcard not in {"none", "student", "senior"}:
            return _refused()
        if flag(peak) is None or flag(return_trip) is None:
            return _refused()
        if railcard == "student" and (passenger_age < 16 or passenger_age > 25):
            return _refused("Railcard not valid for this age")
        if railcard == "senior" and passenger_age < 60:
            return _refused("Railcard not valid for this age")
        if passenger_age < 5:
            return _accepted(Decimal(0))
        price = _base(int(distance_km))
        if ticket_class == "first":
            price *= Decimal("1.6")
        price *= _share(int(passenger_age), railcard, peak=bool(flag(peak)))
        if flag(return_trip):
            price *= Decimal("1.8")
        return _accepted(_final(price))

    def request_refund(
        self, amount_paid: Any = None, hours_before_departure: Any = None, flexible: Any = None
    ) -> Answer:
        """REQ-12 to REQ-17."""
        if not number(amount_paid) or amount_paid <= 0 or amount_paid > 500:
            return _refused()
        if not number(hours_before_departure) or hours_before_departure < 0 or flag(flexible) is None:
            return _refused()
        if flag(flexible) and hours_before_departure >= 1:
            return _accepted(exact(amount_paid))
        if flag(flexible) or hours_before_departure < 6:
            return _refused("Too late for a refund")
        share = Decimal("0.75") if hours_before_departure >= 48 else Decimal("0.40")
        return _accepted(max(exact(amount_paid) * share - 3, Decimal(0)))


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


def _accepted(value: Decimal) -> Answer:
    return {"accepted": True, "value": rounded(value)}


def _refused(message: str | None = None) -> Answer:
    return {"accepted": False, "message": message}
