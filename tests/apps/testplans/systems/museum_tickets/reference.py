"""Museum tickets; every figure is the document's."""
# ruff: noqa: C901, PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, clock, digits, exact, rounded, text, whole

_OPEN = {"Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
_ADULT = Decimal("14.00")
_CONCESSION = Decimal("9.50")
_CHILD = Decimal("5.00")
_FAMILY = Decimal("29.00")


class Reference:
    """All stories."""

    def __init__(self) -> None:
        self.state = "none"
        self.persons = 0
        self.guides = 0
        self.paid = Decimal(0)

    def buy_tickets(
        self,
        weekday: Any = None,
        entry_time: Any = None,
        adults: Any = None,
        concessions: Any = None,
        children: Any = None,
        member_code: Any = None,
    ) -> Answer:
        """TK-1 to TK-4."""
        if self.state != "none" or not all(whole(one) and one >= 0 for one in (adults, concessions, children)):
            return self._refused()
        if weekday == "Monday":
            return self._refused("Closed on Mondays")
        if not text(weekday) or weekday not in _OPEN or entry_time is None:
            return self._refused()
        entry = clock(entry_time)
        last = 20 * 60 if weekday == "Thursday" else 17 * 60
        if entry is None or entry < 10 * 60 or entry > last or entry % 30 != 0:
            return self._refused("No entry at this time")
        persons = adults + concessions + children
        if persons < 1:
            return self._refused()
        if persons > 20:
            return self._refused("Please book as a group")
        if children > 0 and adults == 0:
            return self._refused("Children need an adult")
        if member_code is not None and not _member(digits(member_code)):
            return self._refused("Unknown member")
        total = exact(adults) * _ADULT + exact(concessions) * _CONCESSION + exact(children) * _CHILD
        if weekday == "Thursday" and entry >= 17 * 60 + 30:
            total /= 2
        if adults == 2 and 1 <= children <= 3 and concessions == 0:
            total = min(total, _FAMILY)
        if member_code is not None:
            total *= Decimal("0.80")
        self.persons = persons
        self.paid = exact(rounded(total))
        self.state = "valid"
        return self._accepted(self.paid)

    def add_audio_guides(self, guides: Any = None) -> Answer:
        """TK-5."""
        if self.state != "valid" or not whole(guides) or guides < 1 or guides > 5:
            return self._refused()
        if self.guides + guides > self.persons:
            return self._refused("More guides than visitors")
        self.guides += guides
        self.paid += exact(guides) * Decimal("3.50")
        return self._accepted(self.paid)

    def scan(self, minutes_late: Any = None) -> Answer:
        """TK-6."""
        if self.state == "used":
            return self._refused("Already used")
        if self.state != "valid" or not whole(minutes_late):
            return self._refused()
        if minutes_late < -15:
            return self._refused("Too early")
        if minutes_late > 45:
            return self._refused("Entry time missed")
        self.state = "used"
        return self._accepted()

    def refund(self, hours_before: Any = None) -> Answer:
        """TK-7."""
        if self.state != "valid" or not whole(hours_before) or hours_before < 0:
            return self._refused()
        if hours_before < 24:
            return self._refused("Too late for a refund")
        self.state = "refunded"
        return self._accepted(self.paid if hours_before >= 48 else self.paid / 2)

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _member(code: Any) -> bool:
    """TK-4 AC1."""
    return text(code, r"H[0-9]{7}") and sum(map(int, code[1:7])) % 10 == int(code[7])
