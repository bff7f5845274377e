"""Dates as legacy programs write them, read to the microsecond that a `timestamptz` keeps, and written the same way.

Read are ISO 8601's common forms (a date alone, `T` or a space, any fraction, `Z`, an offset or none) and seconds or
milliseconds since 1970. A date without an offset is taken as UTC.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

from arraigo.move.records.jsontext import Json, Number, Unfit, kind_of

FIRST_YEAR, LAST_YEAR = 2, 9998
_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:(?P<t>[Tt ])(?P<minute>\d\d:\d\d)(?P<second>:\d\d)?(?:\.(?P<fraction>\d+))?"
    r"(?P<offset>[Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_USUAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z?", re.ASCII)  # read without more ado
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 100_000_000_000  # seconds of the year 5138; milliseconds of 1973
_FAR = 10**20  # microseconds: outside every calendar, and still quick to count with
_MICRO = timedelta(microseconds=1)


def read(value: Json) -> datetime:
    """The moment, in UTC; digits behind the microsecond are cut off.

    Raises:
        Unfit: No date, no such day or hour, or a year outside 0002 to 9998.
    """
    if isinstance(value, Number):
        return _read_number(value.text)
    if isinstance(value, str) and _USUAL.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value if value[-1] == "Z" else f"{value}Z")
        except ValueError:
            raise Unfit("has a date that is in no calendar") from None
        _refuse_far(moment.year)
        return moment
    found = _ISO.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        what = "a text that is no ISO 8601 date" if isinstance(value, str) else kind_of(value)
        raise Unfit(f"has {what} where a date should be")
    micros = (found["fraction"] or "")[:6].ljust(6, "0")
    try:
        clock = f"{found['minute'] or '00:00'}{found['second'] or ':00'}.{micros}"
        moment = datetime.fromisoformat(f"{found['date']}T{clock}").replace(tzinfo=_zone(found["offset"]))
        _refuse_far(moment.year)
        return moment.astimezone(UTC)
    except ValueError:
        raise Unfit("has a date that is in no calendar") from None


def is_naive(value: Json) -> bool:
    """Whether it is a date and hour without an offset, so that reading it as UTC was a decision."""
    found = _ISO.fullmatch(value) if isinstance(value, str) else None
    return found is not None and found["offset"] is None


def write(moment: datetime) -> Json:
    """As `datetime.now().isoformat()` writes it, the form of the seed's own program: UTC, no offset."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()


def write_like(moment: datetime, example: Json) -> Json:
    """As the example is written; with more digits, or with an hour, where the moment would be cut off else."""
    if isinstance(example, Number):
        return _write_number(moment, example.text)
    style = _style(example) if isinstance(example, str) else None
    if style is None:
        return write(moment)
    local = moment.astimezone(style.zone).replace(tzinfo=None)
    whole = not (local.second or local.microsecond)
    if not style.separator and whole and not (local.hour or local.minute):
        return local.date().isoformat()
    minutes = style.minutes and whole
    text = local.isoformat(style.separator or "T", "minutes" if minutes else "seconds")
    return f"{text}{_fraction(local.microsecond, style.digits)}{style.offset}"


@dataclass(frozen=True, slots=True)
class _Style:
    separator: str  # empty: a date alone
    minutes: bool  # no seconds
    digits: int
    offset: str
    zone: timezone


@lru_cache(maxsize=1024)
def _style(example: str) -> _Style | None:
    found = _ISO.fullmatch(example)
    if found is None:
        return None
    offset = found["offset"]
    minutes = bool(found["t"]) and not found["second"]
    return _Style(found["t"] or "", minutes, len(found["fraction"] or ""), offset or "", _zone(offset))


def _fraction(micros: int, digits: int) -> str:
    text = f"{micros:06}"
    kept = text if text[digits:].strip("0") else text[:digits].ljust(digits, "0")
    return f".{kept}" if kept else ""


def _zone(offset: str | None) -> timezone:
    if offset is None or offset in "Zz":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if offset[0] == "-" else away)


def _refuse_far(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unfit(f"has a date in the year {year:04}, outside {FIRST_YEAR:04} to {LAST_YEAR}")


def _read_number(text: str) -> datetime:
    try:
        number = Decimal(text)
        micros = number * (1_000 if abs(number) >= _MILLISECONDS_FROM else 1_000_000)
        moment = _EPOCH + int(micros if abs(micros) < _FAR else _FAR) * _MICRO
    except ArithmeticError:
        raise Unfit("has a number that is no date") from None
    _refuse_far(moment.year)
    return moment


def _write_number(moment: datetime, example: str) -> Json:
    scale = 3 if abs(Decimal(example)) >= _MILLISECONDS_FROM else 6
    digits = len(example.partition(".")[2]) if "e" not in example.lower() else 0
    value = Decimal((moment - _EPOCH) // _MICRO).scaleb(-scale)
    exact = -int(value.normalize().as_tuple().exponent)
    return Number(f"{value:.{max(digits, exact, 0)}f}")
