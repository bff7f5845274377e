"""A taximeter; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import ROUND_CEILING, Decimal
from math import ceil
from typing import Any

from bench.testplans.values import Answer, clock, exact, flag, number, rounded, text, whole

_SEATS = {"saloon": 4, "van": 7}
_FLAG_FALL = {"saloon": Decimal("3.20"), "van": Decimal("4.80")}
_PER_100_M = {"saloon": Decimal("0.18"), "van": Decimal("0.25")}


class Reference:
    """Sections 3 to 6."""

    def __init__(self) -> None:
        self.state = "vacant"
        self.vehicle = ""
        self.night = False
        self.airport: bool | None = False
        self.fare = Decimal(0)

    def start_hiring(
        self, vehicle_class: Any = None, passengers: Any = None, start_time: Any = None, airport: Any = None
    ) -> Answer:
        """4 Starting."""
        if self.state != "vacant" or not text(vehicle_class) or vehicle_class not in _SEATS:
            return self._refused()
        started = clock(start_time)
        if started is None or flag(airport) is None or not whole(passengers) or passengers < 1:
            return self._refused()
        if passengers > _SEATS[vehicle_class]:
            return self._refused("Too many passengers")
        self.vehicle = vehicle_class
        self.night = started >= 22 * 60 or started < 6 * 60
        self.airport = flag(airport)
        self.state = "hired"
        return self._accepted(_FLAG_FALL[vehicle_class])

    def void(self, minutes_since_start: Any = None) -> Answer:
        """3 Life of a hiring."""
        if self.state != "hired" or not number(minutes_since_start) or minutes_since_start < 0:
            return self._refused()
        if minutes_since_start > 5:
            return self._refused()
        self.state = "vacant"
        return self._accepted()

    def end_ride(self, distance_km: Any = None, waiting_minutes: Any = None, tolls: Any = None) -> Answer:
        """5 Ending the ride."""
        if self.state != "hired" or not number(distance_km) or distance_km <= 0 or distance_km > 150:
            return self._refused()
        if (
            not whole(waiting_minutes)
            or waiting_minutes < 0
            or waiting_minutes > 600
            or not number(tolls)
            or tolls < 0
            or tolls > 200
        ):
            return self._refused()
        fare = _FLAG_FALL[self.vehicle]
        fare += ceil(max(exact(distance_km) - 1, Decimal(0)) * 10) * _PER_100_M[self.vehicle]
        fare += max(exact(waiting_minutes) - 2, Decimal(0)) * Decimal("0.45")
        if self.night:
            fare *= Decimal("1.20")
        fare = max(fare, Decimal("6.00"))
        if self.airport:
            fare += Decimal("4.50")
        fare += exact(tolls)
        self.fare = (fare * 10).to_integral_value(ROUND_CEILING) / 10
        self.state = "payment due"
        return self._accepted(self.fare)

    def pay(self, method: Any = None, amount: Any = None) -> Answer:
        """6 Payment."""
        if self.state != "payment due" or not text(method) or method not in {"cash", "card", "voucher"}:
            return self._refused()
        if not number(amount) or amount > 500:
            return self._refused()
        paid = exact(amount)
        if method == "voucher":
            if paid != 15:
                return self._refused()
            if self.fare > 15:
                return self._refused("Voucher does not cover the fare")
        if method != "voucher" and paid < self.fare:
            return self._refused("Amount too low")
        if method == "card" and paid > self.fare * Decimal("1.20"):
            return self._refused("Tip too high")
        self.state = "closed"
        return self._accepted(paid - self.fare if method == "cash" else Decimal(0))

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
