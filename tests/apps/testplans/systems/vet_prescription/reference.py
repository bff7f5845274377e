"""Prescriptions for animals; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import Decimal
from math import ceil
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, rounded, text, whole

_LIGHTEST = {"dog": Decimal("1.0"), "cat": Decimal("0.8"), "rabbit": Decimal("0.5")}
_HEAVIEST = {"dog": 90, "cat": 12, "rabbit": 8}
_PER_KG = {"Amoxin": 20, "Caldine": 4, "Ferolin": 10}
_HIGHEST = {"Amoxin": 1_200, "Caldine": 150, "Ferolin": 400}
_MEANT = {"Amoxin": {"dog", "cat", "rabbit"}, "Caldine": {"dog", "cat"}, "Ferolin": {"dog"}}


class Reference:
    """SR-1 to SR-19."""

    def __init__(self) -> None:
        self.state = "empty"
        self.duration = 0
        self.price = Decimal(0)
        self.renewals = 0

    def prescribe(
        self,
        species: Any = None,
        drug: Any = None,
        weight: Any = None,
        age: Any = None,
        duration: Any = None,
        pregnant: Any = None,
    ) -> Answer:
        """SR-1 to SR-13."""
        if self.state != "empty" or not text(species) or species not in _HEAVIEST:
            return self._refused()
        if not text(drug) or drug not in _PER_KG or not number(weight) or flag(pregnant) is None:
            return self._refused()
        if not whole(age) or age < 2 or age > 300 or not whole(duration) or duration < 3 or duration > 14:
            return self._refused()
        if exact(weight) < _LIGHTEST[species] or weight > _HEAVIEST[species]:
            return self._refused("Check the weight")
        if species not in _MEANT[drug]:
            return self._refused("Not for this species")
        if drug != "Amoxin" and flag(pregnant):
            return self._refused("Not during pregnancy")
        if drug == "Ferolin" and duration > 7:
            return self._refused("Course too long")
        daily = min(exact(weight) * _PER_KG[drug], exact(_HIGHEST[drug]))
        if age < 6:
            daily *= Decimal("0.75")
        tablets = ceil(daily * int(duration) / 50)
        self.price = min(tablets, 20) * Decimal("0.85") + max(tablets - 20, 0) * Decimal("0.60") + Decimal("4.50")
        self.duration = int(duration)
        self.state = "active"
        return self._accepted(self.price)

    def renew(self, days_since: Any = None) -> Answer:
        """SR-14 to SR-18."""
        if self.state != "active" or not whole(days_since) or days_since < 1:
            return self._refused()
        if days_since <= self.duration:
            return self._refused("Too early")
        if days_since > 60:
            self.state = "expired"
            return self._refused("See the vet again")
        self.renewals += 1
        if self.renewals >= 2:
            self.state = "exhausted"
        return self._accepted(self.price * Decimal("0.90"))

    def cancel(self) -> Answer:
        """SR-19."""
        if self.state != "active":
            return self._refused()
        self.state = "cancelled"
        return self._accepted()

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
