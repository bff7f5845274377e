"""JSON as jsonb keeps it: what comes back is what was given."""

import json
import re
from decimal import Decimal
from typing import Any

# A text, which is left as it is, or a number with a positive exponent.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?e\+\d+')


def dumps(value: Any) -> str:
    """The value as JSON that jsonb gives back the same.

    jsonb keeps decimal numbers, with the zeros behind their point, and no exponent: 1e+300 would come back as a whole
    number that the double is not equal to. Spelled out with a `.0` it stays a double (manual, 8.14).

    Raises:
        TypeError, ValueError, RecursionError: JSON has no such value.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _TOKEN.sub(_spelled_out, text) if "e+" in text else text


def _spelled_out(token: re.Match[str]) -> str:
    return token[0] if token[0][0] == '"' else f"{Decimal(token[0]):f}.0"
