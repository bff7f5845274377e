"""Prices of orders; every figure is the document's."""
# ruff: noqa: N802, N803, PLR0911, PLR2004 - rule by rule as in the document, with its figures and names

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, number, rounded, text, whole


class Reference:
    """Sections 1 to 5."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.customer = ""
        self.amount = 0.0
        self.rejected = 0
        self.items = 0
        self.kept = 0
        self.goods = Decimal(0)

    def priceOrder(
        self,
        customerType: Any = None,
        items: Any = None,
        unitPrice: Any = None,
        coupon: Any = None,
        delivery: Any = None,
    ) -> Answer:
        """1.1 to 1.4, 3.3, 4.5."""
        if self.state in {"paid", "closed", "returned"}:
            return self._refused()
        if not text(customerType) or customerType not in {"guest", "regular", "trade"}:
            return self._refused()
        if not whole(items):
            return self._refused()
        if not number(unitPrice) or exact(unitPrice) < Decimal("0.50") or unitPrice > 900:
            return self._refused()
        if not text(delivery) or delivery not in {"pickup", "standard", "express"}:
            return self._refused()
        if customerType == "guest" and items > 50:
            return self._refused("Please sign in for large orders")
        if customerType == "trade" and items < 10:
            return self._refused("Minimum quantity not reached")
        if items < 1 or items > 200:
            return self._refused()
        goods = int(items) * exact(unitPrice)
        if fault := _unusable(coupon, customerType, goods):
            return self._refused(fault)
        amount = _discounted(goods, int(items), customerType, coupon)
        self.customer = customerType
        self.items = int(items)
        self.kept = int(items)
        self.goods = amount
        self.amount = rounded(amount + _delivered(delivery, amount, int(items)))
        self.state = "priced"
        return self._accepted(self.amount)

    def payOrder(self, paymentMethod: Any = None) -> Answer:
        """4.1 to 4.5."""
        if self.state != "priced" or not text(paymentMethod) or paymentMethod not in {"card", "transfer", "invoice"}:
            return self._refused()
        fault = None
        if paymentMethod == "invoice" and self.customer != "trade":
            fault = "Invoice not available"
        if paymentMethod == "transfer" and self.amount > 1000:
            fault = "Amount too high for a transfer"
        if fault is None:
            self.state = "paid"
            return self._accepted()
        self.rejected += 1
        if self.rejected >= 3:
            self.state = "closed"
        return self._refused(fault)

    def returnItems(self, returnedItems: Any = None, daysSinceDelivery: Any = None) -> Answer:
        """5.1 to 5.5."""
        if self.state != "paid" or not whole(returnedItems) or returnedItems < 1:
            return self._refused()
        if not whole(daysSinceDelivery) or daysSinceDelivery < 0:
            return self._refused()
        if daysSinceDelivery > (14 if self.customer == "trade" else 30):
            return self._refused("Return period over")
        if returnedItems > self.kept:
            return self._refused("Not that many items")
        self.kept -= int(returnedItems)
        if self.kept == 0:
            self.state = "returned"
        return self._accepted(rounded(self.goods * int(returnedItems) / self.items))

    def _accepted(self, value: float | None = None) -> Answer:
        return {"accepted": True, "value": value, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _unusable(coupon: object, customer: str, goods: Decimal) -> str | None:
    """2.1, 2.2, 2.4, 2.6."""
    if coupon in (None, ""):
        return None
    if not text(coupon) or coupon not in {"WELCOME", "SUMMER"}:
        return "Coupon not valid"
    if customer == "trade":
        return "Coupon not available"
    return "Order too small for this coupon" if coupon == "WELCOME" and goods < 40 else None


def _discounted(goods: Decimal, items: int, customer: str, coupon: object) -> Decimal:
    """1.5, 1.6, 2.2, 2.3, 2.5."""
    amount = goods
    if items >= 100:
        amount = goods * Decimal("0.88")
    elif items >= 20:
        amount = goods * Decimal("0.95")
    if customer == "trade":
        amount *= Decimal("0.92")
    if coupon == "WELCOME":
        amount -= 10
    if coupon == "SUMMER":
        amount -= min(amount * Decimal("0.15"), Decimal(60))
    return amount


def _delivered(delivery: str, amount: Decimal, items: int) -> Decimal:
    """3.1, 3.2."""
    if delivery == "standard":
        return Decimal("4.90") if amount < 75 else Decimal(0)
    if delivery == "express":
        return Decimal("9.90") + max(items - 10, 0) * Decimal("0.30")
    return Decimal(0)
