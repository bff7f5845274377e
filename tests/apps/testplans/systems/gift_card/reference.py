"""Gift cards at the till; every figure is the document's."""

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, digits, exact, number, rounded, text, whole

_FEES = {"plain": Decimal(0), "birthday": Decimal("1.50"), "wedding": Decimal("2.50")}
_TOP_UPS = {5, 10, 20, 50}
_NOT_POSSIBLE = "Not possible with this card"


class Reference:
    """AC-1 to AC-15."""

    def __init__(self) -> None:
        self.state = "new"
        self.pin: object = None
        self.balance = Decimal(0)
        self.wrong = 0

    def activate_card(self, design: Any = None, amount: Any = None, pin: Any = None) -> Answer:
        """AC-1 to AC-7, and AC-15."""
        if self.state != "new":
            return self._refused(_NOT_POSSIBLE)
        if not text(design) or design not in _FEES:
            return self._refused("Unknown design")
        if not whole(amount) or amount < 10 or amount > 250:
            return self._refused("Amount not allowed")
        if design == "wedding" and amount < 50:
            return self._refused("Wedding cards start at 50")
        if not text(digits(pin), r"[0-9]{4}"):
            return self._refused("PIN must have 4 digits")
        self.state = "active"
        self.pin = digits(pin)
        self.balance = exact(amount)
        return self._accepted(self.balance if amount >= 100 else self.balance + _FEES[design])

    def redeem_card(self, purchase_total: Any = None, pin: Any = None) -> Answer:
        """AC-8 to AC-12, and AC-15."""
        if self.state != "active":
            return self._refused(_NOT_POSSIBLE)
        if not number(purchase_total) or purchase_total <= 0 or purchase_total > 1_000:
            return self._refused("Check the total")
        if digits(pin) != self.pin:
            self.wrong += 1
            if self.wrong == 3:
                self.state = "blocked"
            return self._refused("Wrong PIN")
        self.wrong = 0
        total = exact(purchase_total)
        if total < self.balance:
            self.balance -= total
            return self._accepted(Decimal(0))
        self.state = "empty"
        return self._accepted(total - self.balance)

    def top_up_card(self, amount: Any = None) -> Answer:
        """AC-13 to AC-15."""
        if self.state != "active":
            return self._refused(_NOT_POSSIBLE)
        if not whole(amount) or amount not in _TOP_UPS:
            return self._refused("Amount not allowed")
        if self.balance + exact(amount) > 300:
            return self._refused("Balance limit reached")
        self.balance += exact(amount)
        return self._accepted(self.balance)

    def _accepted(self, value: Decimal) -> Answer:
        return {"accepted": True, "state": self.state, "value": rounded(value)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
