"""Payment for milk; every figure is the document's."""
# ruff: noqa: PLR0911 - item by item as in the document

from decimal import Decimal
from math import floor
from typing import Any

from bench.testplans.values import Answer, exact, number, rounded, text, whole

_TESTS = {"negative", "positive"}
_WRONG = "Delivery incomplete or wrong"


class Reference:
    """1 to 21."""

    def pay_delivery(
        self,
        farm_code: Any = None,
        litres: Any = None,
        temperature: Any = None,
        fat_percentage: Any = None,
        scc: Any = None,
        antibiotic_test: Any = None,
    ) -> Answer:
        """1 to 11."""
        if not text(farm_code, r"[A-F][0-9]{3}") or not whole(litres) or litres < 20 or litres > 8_000:
            return self._refused(_WRONG)
        if not number(temperature) or temperature < 0 or temperature > 15:
            return self._refused(_WRONG)
        if not number(fat_percentage) or fat_percentage < 2.5 or fat_percentage > 6.5:
            return self._refused(_WRONG)
        if not whole(scc) or scc < 10 or scc > 1_500 or not text(antibiotic_test) or antibiotic_test not in _TESTS:
            return self._refused(_WRONG)
        if antibiotic_test == "positive":
            return self._refused("Antibiotics found")
        if temperature > 8:
            return self._refused("Milk too warm")
        if scc > 600:
            return self._refused("Cell count too high")
        price = _priced(exact(temperature), exact(fat_percentage), scc)
        return {"accepted": True, "value": rounded(_paid(exact(litres), price))}

    def propose_visit(self, expected_litres: Any = None, days_since_collection: Any = None) -> Answer:
        """19 to 21."""
        if not whole(expected_litres) or expected_litres < 0 or expected_litres > 8_000:
            return self._refused("Forecast not possible")
        if not whole(days_since_collection) or days_since_collection < 0 or days_since_collection > 10:
            return self._refused("Forecast not possible")
        visit = expected_litres > 0 and (days_since_collection >= 3 or expected_litres >= 1_500)
        return {"accepted": True, "value": "visit" if visit else "skip"}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}


def _priced(temperature: Decimal, fat: Decimal, scc: int) -> Decimal:
    """12 to 15."""
    price = Decimal("0.40")
    if fat < Decimal("3.5"):
        price -= Decimal("0.03")
    else:
        price += floor((fat - Decimal("3.5")) / Decimal("0.5")) * Decimal("0.02")
    if scc > 400:
        price -= Decimal("0.05")
    if scc <= 150:
        price += Decimal("0.01")
    if temperature > 6:
        price -= Decimal("0.015")
    return price


def _paid(litres: Decimal, price: Decimal) -> Decimal:
    """16 to 18."""
    payment = litres * price
    if litres >= 3_000:
        payment += Decimal("35.00")
    elif litres >= 1_000:
        payment += Decimal("10.00")
    if litres < 200:
        payment -= Decimal("6.50")
    return max(payment, Decimal(0))
