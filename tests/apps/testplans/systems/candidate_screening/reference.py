"""Screening of applications; every figure is the document's."""
# ruff: noqa: PLR0911 - requirement by requirement as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, flag, rounded, text, whole

_SALARIES = {"developer": 68_000, "tester": 52_000, "designer": 55_000}
_DEGREES = {"none": 0, "bachelor": 5, "master": 8}
_LEVELS = {"A1": 0, "A2": 0, "B1": 0, "B2": 4, "C1": 6, "C2": 6}
_SHARES = {1: Decimal("0.95"), 2: Decimal("0.88"), 3: Decimal("0.80")}
_INCOMPLETE = "Application incomplete"


class Reference:
    """R1 to R14."""

    def screen_application(
        self,
        role: Any = None,
        years_experience: Any = None,
        degree: Any = None,
        english_level: Any = None,
        expected_salary: Any = None,
        notice_weeks: Any = None,
        work_permit: Any = None,
    ) -> Answer:
        """R1 to R9."""
        if not text(role) or role not in _SALARIES or not text(degree) or degree not in _DEGREES:
            return self._refused(_INCOMPLETE)
        if not whole(years_experience) or years_experience < 0 or years_experience > 45:
            return self._refused(_INCOMPLETE)
        if not text(english_level) or english_level not in _LEVELS or flag(work_permit) is None:
            return self._refused(_INCOMPLETE)
        if not whole(expected_salary) or expected_salary < 15_000 or expected_salary > 150_000:
            return self._refused(_INCOMPLETE)
        if not whole(notice_weeks) or notice_weeks < 0 or notice_weeks > 26:
            return self._refused(_INCOMPLETE)
        if not flag(work_permit):
            return self._refused("Work permit needed")
        if expected_salary > _SALARIES[role]:
            return self._refused("Salary out of range")
        score = min(2 * years_experience, 20) + _LEVELS[english_level]
        if role == "designer":
            score += 0 if degree == "none" else 3
        else:
            score += _DEGREES[degree]
        return {"accepted": True, "value": _outcome(score, english_level, notice_weeks)}

    def estimate_offer(self, role: Any = None, interview_grade: Any = None, willing_to_relocate: Any = None) -> Answer:
        """R10 to R14."""
        if not text(role) or role not in _SALARIES or flag(willing_to_relocate) is None:
            return self._refused("Cannot estimate")
        if not whole(interview_grade) or interview_grade < 1 or interview_grade > 5:
            return self._refused("Cannot estimate")
        if interview_grade >= 4:
            return self._refused("No offer for this grade")
        most = Decimal(_SALARIES[role])
        offer = most * _SHARES[interview_grade]
        if flag(willing_to_relocate):
            offer = min(offer + 1_800, most)
        return {"accepted": True, "value": rounded(offer - offer % 100)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}


def _outcome(score: int, level: str, weeks: int) -> str:
    """R9."""
    if score < 10 or level in {"A1", "A2"}:
        return "declined"
    if score >= 22:
        return "interview" if weeks <= 12 else "phone call"
    if score >= 15 and weeks <= 4:
        return "phone call"
    return "waiting list"
