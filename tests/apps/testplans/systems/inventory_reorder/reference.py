"""Stock control; every figure is the document's."""
# ruff: noqa: N802, N803 - the glossary's names

from decimal import Decimal
from math import ceil
from typing import Any

from bench.testplans.values import Answer, exact, number, rounded, text, whole

_SAFETY = {"A": Decimal("0.50"), "B": Decimal("0.30"), "C": Decimal("0.10")}


class Reference:
    """Chapters 2 to 5."""

    def __init__(self) -> None:
        self.state = "none"
        self.stock = 0
        self.cost = Decimal(0)
        self.demand = 0
        self.lead = 0
        self.safety = 0
        self.last = 0
        self.differed = 0

    def createItem(
        self, sku: Any = None, unitCost: Any = None, dailyDemand: Any = None, leadTimeDays: Any = None
    ) -> Answer:
        """INV-01 to INV-04."""
        if self.state != "none" or None in (sku, unitCost, dailyDemand, leadTimeDays):
            return self._refused()
        if not text(sku, r"[ABC]-[0-9]{5}"):
            return self._refused("Invalid SKU")
        if not number(unitCost) or unitCost <= 0 or unitCost > 2_000 or exact(unitCost) * 100 % 1 != 0:
            return self._refused()
        if not whole(dailyDemand) or dailyDemand < 1 or dailyDemand > 200:
            return self._refused()
        if not whole(leadTimeDays) or leadTimeDays < 1 or leadTimeDays > 60:
            return self._refused()
        self.cost = exact(unitCost)
        self.demand = int(dailyDemand)
        self.lead = int(leadTimeDays)
        self.safety = ceil(self.demand * self.lead * _SAFETY[sku[0]])
        self.state = "empty"
        return self._accepted(self._point())

    def receive(self, quantity: Any = None) -> Answer:
        """INV-05."""
        if self.state == "blocked":
            return self._refused("Item blocked")
        if self.state == "none" or not whole(quantity) or quantity < 1 or quantity > 5_000:
            return self._refused()
        if self.stock + quantity > 9_999:
            return self._refused("Shelf full")
        return self._stocked(self.stock + int(quantity))

    def issue(self, quantity: Any = None) -> Answer:
        """INV-06."""
        if self.state == "blocked":
            return self._refused("Item blocked")
        if self.state == "none" or not whole(quantity) or quantity < 1:
            return self._refused()
        if quantity > self.stock:
            return self._refused("Not enough stock")
        return self._stocked(self.stock - int(quantity))

    def count(self, counted: Any = None) -> Answer:
        """INV-08 to INV-12."""
        if self.state == "none" or not whole(counted) or counted < 0 or counted > 9_999:
            return self._refused()
        if self.state == "blocked":
            return self._counted_again(int(counted))
        if abs(counted - self.stock) * 100 > self.stock * 5:
            self.last = int(counted)
            self.differed = 0
            self.state = "blocked"
            return self._refused("Please count again")
        return self._stocked(int(counted))

    def proposeOrder(self, coverDays: Any = None) -> Answer:
        """INV-13 to INV-17."""
        if self.state == "blocked":
            return self._refused("Item blocked")
        if self.state == "none" or not whole(coverDays) or coverDays < 1 or coverDays > 90:
            return self._refused()
        needed = self.demand * (self.lead + int(coverDays)) + self.safety - self.stock
        if self.state == "normal" or needed <= 0:
            return self._refused("No order needed")
        pieces = ceil(needed / 12) * 12
        price = pieces * self.cost
        if pieces >= 1_800:
            price *= Decimal("0.93")
        elif pieces >= 600:
            price *= Decimal("0.96")
        return self._accepted(price)

    def _counted_again(self, counted: int) -> Answer:
        """INV-11 and INV-12."""
        if self.differed < 3 and counted == self.last:
            return self._stocked(counted)
        self.last = counted
        self.differed += 1
        return self._refused("Call the supervisor" if self.differed >= 3 else "Counts differ")

    def _point(self) -> int:
        """INV-03."""
        return self.demand * self.lead + self.safety

    def _stocked(self, stock: int) -> Answer:
        """2.2 States."""
        self.stock = stock
        if stock == 0:
            self.state = "empty"
        else:
            self.state = "low" if stock <= self._point() else "normal"
        return self._accepted(stock)

    def _accepted(self, value: Decimal | int) -> Answer:
        return {"accepted": True, "value": rounded(exact(value)), "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
