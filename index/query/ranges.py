"""Parsing of ranges: `year:2020..2024`, `date:2025-03..`, `added:7d`, `votes:>50`.

A value matches everything that begins with it: 2025-03 all days of March, year:202 2020 to 2029.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from index.facets.fields import FIELD_BY_NAME
from index.query.tree import Range

_INTERVAL = re.compile(r"(?P<low>[^.<>=]*?)\.\.(?P<high>[^.<>=]*)$")
_COMPARISON = re.compile(r"(?P<sign>[<>]=?|=)(?P<value>.*)$")
_AGO = re.compile(r"(\d{1,5})([dwmy])$", re.ASCII)
_AGO_DAYS = {"d": 1, "w": 7, "m": 31, "y": 366}
_DAY = re.compile(r"\d{4}(-\d{1,2}){0,2}-?", re.ASCII)

Bound = int | str
Ends = Callable[[str], tuple[Bound, Bound]]


def parse_range(field: str, text: str, today: date) -> Range:
    """Return the range that a value of a range field describes; a lone sign is open on both ends.

    `7d`, `2w`, `3m` and `1y` are that long before `today`; alone they mean since that day. A dot at
    the end begins `..`. Raises ValueError for an invalid range.
    """
    text = text if text.endswith("..") else text.removesuffix(".")

    def days(text: str) -> tuple[str, str]:
        return _days(text, today)

    unit = FIELD_BY_NAME[field].unit
    if unit == "day" and _AGO.match(text):
        return Range(field, days(text)[0], None)
    return Range(field, *_bounds(text, {"year": _years, "number": _numbers}.get(unit, days)))


def _bounds(text: str, ends: Ends) -> tuple[Bound | None, Bound | None]:
    between = _INTERVAL.match(text)
    if between:
        low, high = between["low"].strip(), between["high"].strip()
        return (ends(low)[0] if low else None), (_last_within(ends(high)[1]) if high else None)
    compared = _COMPARISON.match(text)
    sign, value = (compared["sign"], compared["value"].strip()) if compared else ("=", text)
    if not value:
        return None, None
    first, last = ends(value)
    match sign:
        case ">=":
            return first, None
        case ">":
            return (last + 1 if isinstance(last, int) else _last_within(last)), None
        case "<=":
            return None, _last_within(last)
        case "<":
            return None, (first - 1 if isinstance(first, int) else _last_before(first))
    return first, _last_within(last)


def _last_within(value: Bound) -> Bound:
    """Return the last value within a bound: `2025-03~` sorts after every day of March."""
    return f"{value}~" if isinstance(value, str) else value


def _last_before(value: str) -> str:
    """Return the last value that sorts before all values with the prefix `value`."""
    return f"{value[:-1]}{chr(ord(value[-1]) - 1)}~"


def _years(text: str) -> tuple[int, int]:
    """Return the first and last year with a prefix: 202 is 2020 to 2029."""
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise ValueError(text)
    missing = 4 - len(text)
    return int(text) * 10**missing, (int(text) + 1) * 10**missing - 1


def _numbers(text: str) -> tuple[int, int]:
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise ValueError(text)
    return int(text), int(text)


def _days(text: str, today: date) -> tuple[str, str]:
    """Return the prefixes of the first and last day that a date, or part of one, covers."""
    ago = _AGO.match(text)
    if ago:
        days = min(int(ago[1]) * _AGO_DAYS[ago[2]], today.toordinal() - 1)
        day = (today - timedelta(days)).isoformat()
        return day, day
    if text == "today":
        return today.isoformat(), today.isoformat()
    if not _DAY.fullmatch(text):
        first, last = _years(text)
        return f"{first:04}", f"{last:04}"
    # A lone 0 is a prefix of a month or day; a lone 3 is complete.
    year, *rest = text.rstrip("-").split("-")
    parts = [year, *(part if part == "0" else part.zfill(2) for part in rest)]
    if not all(int(part) <= limit for part, limit in zip(rest, (12, 31), strict=False)):
        raise ValueError(text)
    if "00" in parts[1:] or "0" in parts[1:-1]:
        raise ValueError(text)
    return "-".join(parts), "-".join(parts)
