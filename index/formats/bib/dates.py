"""Dates of BibTeX and BibLaTeX: separate year, month and day, or EDTF.

EDTF: https://www.loc.gov/standards/datetime/ (ISO 8601-2), levels 0 and 1 as in BibLaTeX.
"""

import re

from index.text.months import MONTHS

_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)", re.ASCII)
_FOUR = re.compile(r"\s*([0-9]{4})\s*", re.ASCII)
_DECADE = re.compile(r"\d{3}[uXx]")
_EDTF = re.compile(
    r"(\d{4})(?![\dXxu])(?:-(\d\d|[Xxu]{2})(?:-(\d\d|[Xxu]{2}))?)?(?:T[\d:.]+\S*)?[?~%]*", re.ASCII
)
_MONTH_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)", re.ASCII)
# German, French, Spanish, Italian, Dutch and Portuguese abbreviations that differ from English.
_FOREIGN_MONTHS = (
    ("gen", "ene"), ("fév", "fev"), ("mär", "maa", "mrt"), ("avr", "abr"),
    ("mai", "mag", "mei"), ("juin", "giu"), ("juil", "lug"), ("aoû", "ago"), ("set",),
    ("okt", "ott", "out"), (), ("déc", "dez", "dic"),
)  # fmt: skip
_MONTH_NUMBERS = {
    name: number
    for number, (english, others) in enumerate(zip(MONTHS, _FOREIGN_MONTHS, strict=True), 1)
    for name in (english, *others)
}


def parse_date(date: str, year: str, month: str, day: str) -> tuple[int | None, str | None]:
    """Return the year, and the date if the month is known: `2017-06` or `2017-06-12`.

    A range counts as its beginning. A year without four digits is unknown.
    """
    for part in date.split("/"):
        match = _EDTF.match(part.strip())
        if match:
            # Months from 21 on are seasons.
            months, days = (
                value if value and value.isdecimal() else "" for value in match.groups()[1:]
            )
            return int(match[1]), _join_date(match[1], months, days)
    found = _FOUR.fullmatch(year) or _YEAR.search(year) or _YEAR.search(_DECADE.sub("", date))
    if not found:
        return None, None
    number, rest = _month(month)
    given = _NUMBER.findall(day or rest)
    days = given[0] if len(given) == 1 else ""
    return int(found[1]), _join_date(found[1], str(number or ""), days)


def _join_date(year: str, month: str, day: str) -> str | None:
    if not month or not 1 <= int(month) <= 12:
        return None
    day = f"-{int(day):02}" if day and 1 <= int(day) <= 31 else ""
    return f"{year}-{int(month):02}{day}"


def _month(text: str) -> tuple[int | None, str]:
    """Return the number of the first month in a text, and the rest of the text."""
    for word in _MONTH_WORD.finditer(text.lower()):
        number = _MONTH_NUMBERS.get(word[0][:4]) or _MONTH_NUMBERS.get(word[0][:3])
        if number:
            rest = text[: word.start()] + " " + text[word.end() :]
            # "June/July" and "Jun 28 -- Jul 3" have no single day.
            other = _MONTH_WORD.search(rest)
            return number, "" if other else rest
    digits = _NUMBER.search(text)
    return (int(digits[0]), text[digits.end() :]) if digits else (None, "")
