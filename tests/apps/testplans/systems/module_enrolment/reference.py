"""Modules for a year of study; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, rounded, text, whole

_MOST = {"full-time": 120, "part-time": 60}
_LEAST = {"full-time": 80, "part-time": 20}
_CREDIT = {"home": Decimal("48.50"), "overseas": Decimal("112.00")}
_FORM = "Please complete the form"
_NOT_NOW = "Not possible now"


class Reference:
    """AC-01 to AC-17."""

    def __init__(self) -> None:
        self.state = "new"
        self.mode = ""
        self.status = ""
        self.year = 0
        self.total = 0
        self.codes: list[str] = []

    def start_enrolment(self, mode: Any = None, year_of_study: Any = None, fee_status: Any = None) -> Answer:
        """AC-01 to AC-03."""
        if self.state != "new":
            return self._refused(_NOT_NOW)
        if not text(mode) or mode not in _MOST or not text(fee_status) or fee_status not in _CREDIT:
            return self._refused(_FORM)
        if not whole(year_of_study) or year_of_study < 1 or year_of_study > 4:
            return self._refused(_FORM)
        if fee_status == "overseas" and mode == "part-time":
            return self._refused("Overseas students study full-time")
        self.mode = mode
        self.status = fee_status
        self.year = int(year_of_study)
        self.state = "open"
        return self._accepted()

    def add_module(self, module_code: Any = None, credits: Any = None, prerequisite_met: Any = None) -> Answer:
        """AC-04 to AC-11."""
        if self.state != "open":
            return self._refused(_NOT_NOW)
        if not text(module_code, r"[A-Z]{3}[1-4][0-9]{3}"):
            return self._refused("Invalid module code")
        if not whole(credits) or credits not in {10, 20, 30}:
            return self._refused("Invalid credits")
        level = int(module_code[3:4])
        if level > self.year:
            return self._refused("Level too high")
        if level >= 3 and not flag(prerequisite_met):
            return self._refused("Prerequisite missing")
        if module_code in self.codes:
            return self._refused("Already chosen")
        if self.total + credits > _MOST[self.mode]:
            return self._refused("Too many credits")
        self.codes.append(module_code)
        self.total += int(credits)
        return self._accepted(exact(self.total))

    def confirm_enrolment(self) -> Answer:
        """AC-12 to AC-16."""
        if self.state != "open":
            return self._refused(_NOT_NOW)
        if self.total < _LEAST[self.mode]:
            return self._refused("Not enough credits")
        above = max(self.total - 100, 0)
        fee = _CREDIT[self.status] * (self.total - above) + _CREDIT[self.status] * above * Decimal("0.75")
        if self.mode == "part-time":
            fee += Decimal("65.00")
        self.state = "confirmed"
        return self._accepted(fee)

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
