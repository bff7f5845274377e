"""A carrier's prices and claims; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR2004 - rule by rule as in the document, with its figures

from decimal import ROUND_CEILING, Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, rounded, text, whole

_PRICE = {"A": ("5.20", "0.40"), "B": ("6.90", "0.65"), "C": ("11.50", "1.30"), "D": ("18.00", "2.75")}
_SERVICE = {"saver": Decimal("0.85"), "standard": Decimal(1), "express": Decimal("1.60")}
_WINDOW = {"lost": (10, 60), "damaged": (0, 14), "late": (3, 30)}


class Reference:
    """Chapters 2 and 3."""

    def quote(
        self,
        zone: Any = None,
        service: Any = None,
        weight_kg: Any = None,
        length_cm: Any = None,
        width_cm: Any = None,
        height_cm: Any = None,
        declared_value: Any = None,
        insured: Any = None,
    ) -> Answer:
        """Q-1 to Q-14."""
        if not text(zone) or zone not in _PRICE or not text(service) or service not in _SERVICE:
            return _refused()
        if not number(weight_kg) or weight_kg <= 0:
            return _refused()
        if not all(number(side) and side >= 1 for side in (length_cm, width_cm, height_cm)):
            return _refused()
        if not number(declared_value) or declared_value < 0 or flag(insured) is None:
            return _refused()
        if weight_kg > 30:
            return _refused("Parcel too heavy")
        if width_cm > length_cm or height_cm > length_cm:
            return _refused("Enter the longest side as length")
        if length_cm > 150 or length_cm + 2 * width_cm + 2 * height_cm > 300:
            return _refused("Parcel too large")
        if flag(insured) and declared_value > 2_500:
            return _refused("Value too high to insure")
        chargeable = _chargeable(exact(weight_kg), exact(length_cm) * exact(width_cm) * exact(height_cm))
        if service == "saver" and (zone == "D" or chargeable > 10):
            return _refused("Service not available")
        if service == "express" and weight_kg > 20:
            return _refused("Service not available")
        first, further = map(Decimal, _PRICE[zone])
        price = first + max(chargeable - 1, Decimal(0)) * 2 * further
        price *= _SERVICE[service]
        total = price if zone == "A" else price * Decimal("1.075")
        if flag(insured):
            total += max(exact(declared_value) * Decimal("0.015"), Decimal(2))
        if zone == "D" and declared_value > 1_000:
            total += 12
        return {"accepted": True, "value": rounded(total)}

    def file_claim(
        self,
        reason: Any = None,
        service: Any = None,
        days_since_shipping: Any = None,
        declared_value: Any = None,
        insured: Any = None,
        photos: Any = None,
    ) -> Answer:
        """C-1 to C-6."""
        if not text(reason) or reason not in _WINDOW or not text(service) or service not in _SERVICE:
            return _refused()
        if not whole(days_since_shipping) or days_since_shipping < 0:
            return _refused()
        if not number(declared_value) or declared_value < 0 or flag(insured) is None:
            return _refused()
        if not whole(photos) or photos < 0:
            return _refused()
        if flag(insured) and declared_value > 2_500:
            return _refused()
        first, last = _WINDOW[reason]
        if days_since_shipping < first:
            return _refused("Too early")
        if days_since_shipping > last:
            return _refused("Too late")
        if reason == "damaged" and photos < 2:
            return _refused("Photos required")
        if reason == "late":
            return {"accepted": True, "value": 15.0} if service == "express" else _refused("Not covered")
        return {"accepted": True, "value": float(declared_value if flag(insured) else min(declared_value, 50))}


def _chargeable(weight: Decimal, volume: Decimal) -> Decimal:
    return (max(weight, volume / 5_000) * 2).to_integral_value(ROUND_CEILING) / 2


def _refused(message: str | None = None) -> Answer:
    return {"accepted": False, "message": message}
