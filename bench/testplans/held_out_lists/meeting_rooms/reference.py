"""Bookings of meeting rooms; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR2004 - rule by rule as in the document, with its figures

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, flag, number, rounded, text, whole

_SEATS = {"Oak": 6, "Elm": 14, "Hall": 60}
_PRICE = {"Oak": Decimal("9.00"), "Elm": Decimal("15.50"), "Hall": Decimal("48.00")}


class Reference:
    """R1 to R24."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.price = Decimal(0)
        self.rate = Decimal(0)
        self.end = 0
        self.extensions = 0
        self.missed = 0

    def book(
        self,
        room: Any = None,
        attendees: Any = None,
        start_hour: Any = None,
        duration_minutes: Any = None,
        catering: Any = None,
    ) -> Answer:
        """R1 to R14, R20."""
        if self.state in {"requested", "confirmed", "in use"}:
            return self._refused("Booking in progress")
        if self.missed >= 2:
            return self._refused("Too many missed bookings")
        if not text(room) or room not in _SEATS or flag(catering) is None:
            return self._refused()
        if not whole(attendees) or not whole(start_hour) or not whole(duration_minutes):
            return self._refused()
        if attendees > _SEATS[room]:
            return self._refused("Too many people for this room")
        end = int(start_hour) * 60 + int(duration_minutes)
        if end > 20 * 60:
            return self._refused("Outside opening hours")
        if flag(catering) and room == "Oak":
            return self._refused("No catering in this room")
        if attendees < 2 or start_hour < 8 or start_hour > 18:
            return self._refused()
        if duration_minutes < 30 or duration_minutes > 240 or duration_minutes % 30 != 0:
            return self._refused()
        price = _PRICE[room] * (int(duration_minutes) // 30)
        if duration_minutes > 120:
            price *= Decimal("0.90")
        if flag(catering):
            price += int(attendees) * (Decimal("6.50") if attendees >= 20 else Decimal("7.25"))
        self.price = price
        self.rate = _PRICE[room]
        self.end = end
        self.extensions = 0
        self.state = "requested" if room == "Hall" else "confirmed"
        return self._accepted(price)

    def approve(self, cost_centre: Any = None) -> Answer:
        """R15 to R17."""
        if self.state != "requested":
            return self._refused()
        if not text(cost_centre, r"[A-Z]{2}-[0-9]{4}"):
            return self._refused("Invalid cost centre")
        self.state = "confirmed"
        return self._accepted()

    def check_in(self, minutes_late: Any = None) -> Answer:
        """R18 to R20."""
        if self.state != "confirmed" or not whole(minutes_late) or minutes_late < 0:
            return self._refused()
        if minutes_late > 15:
            self.state = "released"
            self.missed += 1
            return self._refused("Booking released")
        self.state = "in use"
        return self._accepted()

    def extend(self, minutes: Any = None) -> Answer:
        """R21, R22."""
        if self.state != "in use" or not whole(minutes) or minutes not in {30, 60}:
            return self._refused()
        if self.extensions >= 2:
            return self._refused("No more extensions")
        if self.end + minutes > 20 * 60:
            return self._refused("Outside opening hours")
        self.extensions += 1
        self.end += int(minutes)
        return self._accepted(self.rate * (int(minutes) // 30))

    def cancel(self, hours_before: Any = None) -> Answer:
        """R23, R24."""
        if self.state not in {"requested", "confirmed"} or not number(hours_before) or hours_before < 0:
            return self._refused()
        fee = self.price
        if self.state == "requested" or hours_before >= 24:
            fee = Decimal(0)
        elif hours_before >= 4:
            fee = self.price * Decimal("0.50")
        self.state = "cancelled"
        return self._accepted(fee)

    def _accepted(self, value: Decimal | None = None) -> Answer:
        return {"accepted": True, "value": None if value is None else rounded(value), "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
