"""Dates as people and programs write them, as ISO 8601."""

import re

from index.papers.identifiers import parse_date
from index.text.months import MONTHS

_MONTH = rf"({'|'.join(MONTHS)})[a-z]{{0,6}}\b\.?"
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)", re.ASCII)
# 2001/09/01/, 2016/12//, 2012///, 2020-05-01T00:00:00Z
_NUMBERS = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?!\d)(?:[-/.](\d{1,2})(?!\d))?)?(?!\d)", re.ASCII)
# 1998 Dec-1999 Jan, 2009 Jan 5, 2020/May/3
_YEAR_FIRST = re.compile(rf"(\d{{4}})[\s/,-]{{1,3}}{_MONTH}(?:[\s/-]+(\d{{1,2}})(?!\d))?", re.I)
# Mon, 04 Nov 2024, 15 May 2020, 27-30 June 2016, May 2020
_DAY_FIRST = re.compile(
    rf"(?:(?<!\d)(\d{{1,2}})(?:[\u2013-]\d{{1,2}})?[\s.-]+)?\b{_MONTH}[\s,-]+(\d{{4}})(?!\d)", re.I
)
# May 15, 2020
_MONTH_FIRST = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)", re.I)
_YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)", re.ASCII)


def iso_date(text: str) -> str:
    """Return a date as ISO 8601, to the day, month or year; "" if there is no year.

    A range counts as its beginning. An invalid day is dropped, then an invalid month.

    >>> iso_date("1998 Dec-1999 Jan"), iso_date("2016/12//"), iso_date("Spring 2003")
    ('1998-12', '2016-12', '2003')
    """
    text = text.strip()[:200]
    year = month = day = ""
    if match := _DIGITS.match(text) or _YEAR_FIRST.match(text) or _NUMBERS.match(text):
        year, month, day = match.groups("")
    elif match := _MONTH_FIRST.search(text):
        month, day, year = match.groups("")
    elif match := _DAY_FIRST.search(text):
        day, month, year = match.groups("")
    elif match := _YEAR.search(text):
        year = match[0]
    number = month if month.isdigit() else str(month_number(month) or "")
    full = "-".join(part.zfill(2) for part in (year, number, number and day) if part)
    return next((d for d in (full, full[:7], full[:4]) if parse_date(d) == d and d), "")


def month_number(name: str) -> int:
    """Return the number of a month by its English name or abbreviation; 0 for other words."""
    short = name.strip()[:3].lower()
    return MONTHS.index(short) + 1 if short in MONTHS else 0


def best_date(*dates: str) -> str:
    """Return the most precise of the dates in the same year as the first valid one."""
    known = [date for date in map(iso_date, dates) if date]
    return max((d for d in known if d[:4] == known[0][:4]), key=len, default="")
