"""Charges on incoming parcels; every figure is the document's."""
# ruff: noqa: C901, PLR0911 - field by field and rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, rounded, text

_DUTY = {
    "books": Decimal(0),
    "clothing": Decimal("0.12"),
    "electronics": Decimal("0.04"),
    "food": Decimal("0.08"),
    "alcohol": Decimal(0),
}
_OPTION = "Choose one of the options"


class Reference:
    """1 to 3."""

    def calculate_charge(
        self,
        tracking_number: Any = None,
        category: Any = None,
        sender: Any = None,
        origin: Any = None,
        declared_value: Any = None,
        weight: Any = None,
        gift: Any = None,
        litres: Any = None,
    ) -> Answer:
        """1 and 2, and 3.1."""
        if not text(tracking_number, r"[A-Z]{2}[0-9]{9}(GB|IM)"):
            return self._refused("Tracking number not recognised")
        if not text(category) or category not in _DUTY or not text(sender) or sender not in {"private", "business"}:
            return self._refused(_OPTION)
        if not text(origin) or origin not in {"near", "overseas"}:
            return self._refused(_OPTION)
        if not number(declared_value) or declared_value <= 0 or declared_value > 10_000:
            return self._refused("Declared value not accepted")
        if exact(declared_value) * 100 % 1 != 0:
            return self._refused("Declared value not accepted")
        if not number(weight) or weight < 0.1 or weight > 31.5:
            return self._refused("Weight not accepted")
        if flag(gift) is None:
            return self._refused(_OPTION)
        if category == "alcohol" and (not number(litres) or litres < 0.1 or litres > 10):
            return self._refused("Litres not accepted")
        if flag(gift) and sender == "business":
            return self._refused("Businesses do not send gifts")
        if category == "food" and origin == "overseas" and weight > 2:
            return self._refused("Too much food")
        if category == "alcohol" and flag(gift):
            return self._refused("Alcohol is never a gift")
        if flag(gift) and declared_value <= 45:
            return {"accepted": True, "value": 0.0}
        excise = exact(litres) * Decimal("6.50") if category == "alcohol" else Decimal(0)
        return {"accepted": True, "value": rounded(_charge(category, exact(declared_value), excise))}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}


def _charge(category: str, value: Decimal, excise: Decimal) -> Decimal:
    """3.2 to 3.6."""
    duty = value * _DUTY[category] if value > 150 else Decimal(0)
    tax = (value + duty + excise) * (Decimal("0.05") if category == "books" else Decimal("0.20"))
    handling = Decimal("15.00") if value >= 1_000 else Decimal("8.00")
    return duty + excise + tax + handling
