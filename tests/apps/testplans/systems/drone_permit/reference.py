"""Permits for drone flights; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR0912, PLR0917 - field by field and rule by rule as in the document

from decimal import ROUND_CEILING, Decimal
from math import ceil
from typing import Any

from bench.testplans.values import Answer, clock, exact, flag, number, rounded, text, whole

_HEAVIEST = {"C0": 249, "C1": 899, "C2": 3_999, "C3": 24_999}
_FEES = {
    "open": {"C0": Decimal("8.00"), "C1": Decimal("8.00"), "C2": Decimal("12.00"), "C3": Decimal("20.00")},
    "urban": {"C0": Decimal("24.00"), "C1": Decimal("24.00"), "C2": Decimal("36.00")},
    "nature reserve": {"C0": Decimal("30.00"), "C1": Decimal("30.00"), "C2": Decimal("45.00"), "C3": Decimal("70.00")},
}


class Reference:
    """DR-01 to DR-20."""

    def __init__(self) -> None:
        self.state = "draft"
        self.duration = 0

    def request_permit(
        self,
        pilot_licence: Any = None,
        drone_class: Any = None,
        takeoff_mass: Any = None,
        flight_height: Any = None,
        zone: Any = None,
        start_time: Any = None,
        duration: Any = None,
        spectators: Any = None,
        safety_officer: Any = None,
    ) -> Answer:
        """DR-01 to DR-13."""
        if self.state != "draft":
            return self._refused()
        start, officer = clock(start_time), flag(safety_officer)
        if not text(pilot_licence, r"[A-Z]{2}[0-9]{8}") or not text(drone_class) or drone_class not in _HEAVIEST:
            return self._refused("Invalid entry")
        if not whole(takeoff_mass) or takeoff_mass < 50 or takeoff_mass > 24_999:
            return self._refused("Invalid entry")
        if not whole(flight_height) or flight_height < 1 or flight_height > 120:
            return self._refused("Invalid entry")
        if not text(zone) or zone not in _FEES or start is None or officer is None:
            return self._refused("Invalid entry")
        if not whole(duration) or duration < 5 or duration > 180:
            return self._refused("Invalid entry")
        if not whole(spectators) or spectators < 0 or spectators > 500:
            return self._refused("Invalid entry")
        if takeoff_mass > _HEAVIEST[drone_class]:
            return self._refused("Mass does not match class")
        if drone_class not in _FEES[zone]:
            return self._refused("Class not allowed here")
        if zone == "urban" and flight_height > 60:
            return self._refused("Too high")
        if zone == "nature reserve" and (start < 10 * 60 or start > 16 * 60):
            return self._refused("Reserve closed")
        if spectators > 50 and not officer:
            return self._refused("Safety officer needed")
        fee = _FEES[zone][drone_class] + exact(max(duration - 30, 0)) * Decimal("0.35")
        if start >= 20 * 60 or start < 6 * 60:
            fee *= Decimal("1.50")
        fee += ceil(spectators / 10) * Decimal("2.00")
        self.duration = int(duration)
        self.state = "granted"
        return self._accepted((fee * 2).to_integral_value(ROUND_CEILING) / 2)

    def report_flight(self, minutes_flown: Any = None, incidents: Any = None) -> Answer:
        """DR-15 to DR-17."""
        if self.state != "granted":
            return self._refused()
        if not whole(minutes_flown) or minutes_flown < 0 or minutes_flown > 300:
            return self._refused("Invalid entry")
        if not whole(incidents) or incidents < 0 or incidents > 10:
            return self._refused("Invalid entry")
        self.state = "completed"
        if incidents > 0:
            self.state = "under review"
        if incidents >= 3:
            self.state = "suspended"
        return self._accepted(min(exact(max(minutes_flown - self.duration, 0)) * Decimal("1.50"), Decimal("60.00")))

    def close_review(self, decision: Any = None) -> Answer:
        """DR-18."""
        if self.state != "under review":
            return self._refused()
        if decision == "clear":
            self.state = "completed"
            return self._accepted()
        if decision == "sanction":
            self.state = "suspended"
            return self._accepted()
        return self._refused()

    def withdraw(self, hours_notice: Any = None) -> Answer:
        """DR-19."""
        if self.state != "granted" or not number(hours_notice) or hours_notice < 0:
            return self._refused()
        if hours_notice < 2:
            return self._refused("Too late to withdraw")
        self.state = "withdrawn"
        return self._accepted()

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
