"""Prices of print jobs; every figure is the document's."""
# ruff: noqa: C901, PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, rounded, text, whole

_SIZES = {"poster": {"A3"}, "booklet": {"A4", "A5"}, "flyer": {"A4", "A5"}}
_BLACK = {"A5": Decimal("0.03"), "A4": Decimal("0.05"), "A3": Decimal("0.09")}
_COLOUR = {"A5": Decimal("0.08"), "A4": Decimal("0.14"), "A3": Decimal("0.25")}
_PAPER = {90: Decimal("1.00"), 130: Decimal("1.10"), 250: Decimal("1.25")}
_DELIVERIES = {"collect", "standard", "express"}
_WRONG = "Please check your entries"


class Reference:
    """REQ-1 to REQ-17."""

    def get_quotation(
        self,
        product: Any = None,
        size: Any = None,
        copies: Any = None,
        pages: Any = None,
        paper_weight: Any = None,
        colour: Any = None,
        delivery: Any = None,
        customer_reference: Any = None,
    ) -> Answer:
        """REQ-1 to REQ-10, and REQ-16."""
        if not text(product) or product not in _SIZES or not text(size) or size not in _BLACK:
            return self._refused(_WRONG)
        if not whole(copies) or copies < 25 or copies > 5_000 or copies % 25 != 0:
            return self._refused(_WRONG)
        if product == "booklet" and (not whole(pages) or pages < 8 or pages > 64 or pages % 4 != 0):
            return self._refused(_WRONG)
        if not whole(paper_weight) or paper_weight not in _PAPER or flag(colour) is None:
            return self._refused(_WRONG)
        if not text(delivery) or delivery not in _DELIVERIES:
            return self._refused(_WRONG)
        if customer_reference is not None and not text(customer_reference, r".{3,20}"):
            return self._refused(_WRONG)
        if size not in _SIZES[product]:
            return self._refused("Size not available")
        if product == "booklet" and pages > 32 and paper_weight == 250:
            return self._refused("Paper too heavy")
        if product == "booklet" and delivery == "express" and copies > 1_000:
            return self._refused("Express not possible")
        printed = exact(pages) if product == "booklet" else Decimal(1)
        cost = (_COLOUR if flag(colour) else _BLACK)[size] * printed * exact(copies) * _PAPER[paper_weight]
        job = _discounted(cost, copies) + Decimal("12.00")
        if product == "booklet":
            job += exact(copies) * Decimal("0.35")
        job = max(job, Decimal("25.00"))
        return {"accepted": True, "value": rounded(job + _delivered(job, delivery))}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}


def _discounted(cost: Decimal, copies: int) -> Decimal:
    """REQ-13."""
    if copies >= 2_500:
        return cost * Decimal("0.80")
    if copies >= 1_000:
        return cost * Decimal("0.88")
    if copies >= 500:
        return cost * Decimal("0.95")
    return cost


def _delivered(job: Decimal, delivery: str) -> Decimal:
    """REQ-16."""
    if delivery == "express":
        return max(job * Decimal("0.15"), Decimal("18.00"))
    if delivery == "standard" and job < 150:
        return Decimal("6.90")
    return Decimal(0)
