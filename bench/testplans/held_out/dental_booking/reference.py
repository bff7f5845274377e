"""A dental practice's booking for one patient; every figure is the document's."""
# ruff: noqa: PLR2004 - the document's figures

from typing import Any

from bench.testplans.values import Answer, clock, digits, number, text, whole

_MINUTES = {"check-up": 30, "filling": 45, "root canal": 90, "whitening": 60}
_WEEK = (8 * 60, 17 * 60)
_OPEN = {
    "Monday": _WEEK,
    "Tuesday": _WEEK,
    "Wednesday": _WEEK,
    "Thursday": _WEEK,
    "Friday": _WEEK,
    "Saturday": (9 * 60, 13 * 60),
}


class Reference:
    """Stories 1 to 6."""

    def __init__(self) -> None:
        self.state = "none"
        self.treatment = ""
        self.moves = 0
        self.missed = 0

    def book(
        self,
        treatment: Any = None,
        days_ahead: Any = None,
        weekday: Any = None,
        start_time: Any = None,
        phone: Any = None,
    ) -> Answer:
        """Stories 1 and 6."""
        if not text(treatment) or treatment not in _MINUTES or not text(digits(phone), r"\+?[0-9]{7,15}"):
            return self._refused()
        if (end := _end(treatment, days_ahead, weekday, start_time)) is None:
            return self._refused()
        if self.state in {"booked", "confirmed", "arrived"}:
            return self._refused("You already have an appointment")
        if self.missed >= 3:
            return self._refused("Booking blocked, please call")
        self.treatment = treatment
        self.moves = 0
        self.state = "booked"
        return self._accepted(end)

    def confirm(self, hours_before: Any = None) -> Answer:
        """Story 2."""
        if self.state != "booked" or not number(hours_before) or hours_before < 0:
            return self._refused()
        if hours_before > 72:
            return self._refused("Too early to confirm")
        if hours_before < 4:
            return self._refused("Too late to confirm")
        self.state = "confirmed"
        return self._accepted()

    def reschedule(self, days_ahead: Any = None, weekday: Any = None, start_time: Any = None) -> Answer:
        """Story 3."""
        if self.state not in {"booked", "confirmed"}:
            return self._refused()
        if (end := _end(self.treatment, days_ahead, weekday, start_time)) is None:
            return self._refused()
        if self.moves >= 2:
            return self._refused("Please call the practice")
        self.moves += 1
        self.state = "booked"
        return self._accepted(end)

    def cancel(self, hours_before: Any = None) -> Answer:
        """Story 4."""
        if self.state not in {"booked", "confirmed"} or not number(hours_before) or hours_before < 0:
            return self._refused()
        fee = 0 if hours_before >= 24 else 20 if hours_before >= 4 else 50
        if hours_before < 4:
            self.missed += 1
        self.state = "cancelled"
        return self._accepted(fee)

    def check_in(self, minutes_late: Any = None) -> Answer:
        """Story 5."""
        if self.state not in {"booked", "confirmed"} or not whole(minutes_late):
            return self._refused()
        if minutes_late < -30:
            return self._refused("Please come back later")
        if minutes_late > 10:
            self.missed += 1
            self.state = "missed"
            return self._refused("Appointment missed")
        self.state = "arrived"
        return self._accepted()

    def complete(self) -> Answer:
        """Stories 5 and 6."""
        if self.state != "arrived":
            return self._refused()
        self.missed = 0
        self.state = "completed"
        return self._accepted()

    def _accepted(self, value: float | str | None = None) -> Answer:
        return {"accepted": True, "value": value, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _end(treatment: str, days_ahead: Any, weekday: Any, start_time: Any) -> str | None:
    """The end as HH:MM; None where the time is none that can be had."""
    start = clock(start_time)
    if not whole(days_ahead) or not text(weekday) or weekday not in _OPEN or start is None:
        return None
    first, last = _OPEN[weekday]
    if not 1 <= days_ahead <= 60 or start % 15 != 0:
        return None
    if start < first or start + _MINUTES[treatment] > last:
        return None
    if treatment == "root canal" and days_ahead < 3:
        return None
    if treatment == "whitening" and weekday == "Saturday":
        return None
    end = start + _MINUTES[treatment]
    return f"{end // 60:02}:{end % 60:02}"
