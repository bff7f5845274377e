"""What the references share: how a JSON value is read, and sums of money. No rule of any system is in here."""

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Answer = dict[str, Any]


def whole(value: object) -> bool:
    """Whether this is a whole number; 12.0 is one, "12" and True are not."""
    return number(value) and isinstance(value, int | float) and value % 1 == 0


def number(value: object) -> bool:
    """Whether this is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def exact(value: Any) -> Decimal:
    """The number as it is written: 0.1 is a tenth."""
    return Decimal(str(value))


def rounded(value: Decimal, places: int = 2) -> float:
    """To so many decimals, halves up."""
    return float(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def flag(value: object) -> bool | None:
    """A yes or no in any of the ways people write it; None: it is neither."""
    if isinstance(value, bool):
        return value
    word = value.casefold() if isinstance(value, str) else ""
    return {"yes": True, "sí": True, "si": True, "true": True, "no": False, "false": False}.get(word)


def text(value: object, pattern: str = r"(?s).*\S.*") -> bool:
    """Whether this is text of that form as a whole; without a form: not blank."""
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def digits(value: object) -> object:
    """A number that stands for its digits, as a PIN or a telephone number may be written; anything else as it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def day(value: object) -> dt.date | None:
    """A date as 2026-03-09."""
    if not text(value, r"\d{4}-\d{2}-\d{2}"):
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def clock(value: object) -> int | None:
    """A time of day as 09:30, in minutes after midnight."""
    if not text(value, r"([01]\d|2[0-3]):[0-5]\d"):
        return None
    hours, minutes = str(value).split(":")
    return int(hours) * 60 + int(minutes)
