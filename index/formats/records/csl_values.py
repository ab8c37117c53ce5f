"""Names and dates of CSL-JSON, which Crossref also uses.

The format: https://docs.citationstyles.org/en/stable/specification.html (appendix on CSL-JSON) and
https://github.com/citation-style-language/schema; dates in words: EDTF, ISO 8601-2:2019.
"""

import re

from index.papers.json_values import Shape, as_number, first, inner, inners, text
from index.text.cleaning import clean

_ISO = re.compile(r"\s*\[?(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d-])", re.ASCII)
_YEAR = re.compile(r"(?<![\d-])(1[0-9]{3}|20\d{2})(?!\d)", re.ASCII)
_PARTICLES = frozenset(
    "van von der den de del della di da dos das du la le ten ter te zu zum zur af av al el bin ibn "
    "ben d' st.".split()
)
_SUFFIXES = frozenset("jr jr. sr sr. ii iii iv phd ph.d. md m.d.".split())
_BODY = re.compile(
    r"\b(?:collaboration|consortium|team|group|committee|association|society|institute|university"
    r"|network|project|initiative|community|foundation|organi[sz]ation|laboratory|labs?|inc\.?)\b",
    re.I,
)


def natural_order(name: Shape) -> str:
    """Return a name in natural order: Ludwig van Beethoven Jr."""
    if whole := text(name, "literal", "name"):
        return whole
    suffix = text(name, "suffix")
    parts = [
        text(name, "given"),
        text(name, "dropping-particle"),
        text(name, "non-dropping-particle"),
        text(name, "family").strip('"'),
        suffix,
    ]
    return " ".join(part for part in parts if part)


def split_name(name: str) -> dict[str, str]:
    """Return the parts of a name; a name of a group, or of one part, is a literal."""
    name = clean(name)
    if "," in name:
        family, _, given = (part.strip() for part in name.partition(","))
        if family and given and "," not in given:
            return {"family": family, "given": given}
        return {"literal": name}
    words = name.split(" ")
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in _SUFFIXES else ""
    if len(words) < 2 or _BODY.search(name):
        return {"literal": name}
    start = len(words) - 1
    while start > 1 and words[start - 1].islower() and words[start - 1] in _PARTICLES:
        start -= 1
    parts = {
        "family": words[-1],
        "given": " ".join(words[:start]),
        "non-dropping-particle": " ".join(words[start:-1]),
        "suffix": suffix,
    }
    return {part: value for part, value in parts.items() if value}


def day_of(shape: Shape, *names: str) -> str:
    """Return the first of these dates as ISO 8601, to the year, month or day.

    A season counts as its year, and a range as its beginning.
    """
    return next((day for name in names if (day := _day(shape, name))), "")


def _day(shape: Shape, name: str) -> str:
    date = inner(shape, name)
    parts = date.get("date-parts")
    start = parts[0] if isinstance(parts, list) and parts else None
    # Some programs write the parts of a date without the outer list.
    if isinstance(parts, list) and not isinstance(start, list):
        start = parts
    if isinstance(start, list) and (day := _iso([as_number(part) for part in start[:3]])):
        return day
    written = first(date, "raw", "literal", "date-time") or first(shape, name)
    if match := _ISO.match(written):
        return _iso([as_number(part) for part in match.groups()])
    year = _YEAR.search(written)
    return year[1] if year else ""


def _iso(parts: list[int | None]) -> str:
    """Return a date from its valid parts: 2017-13, a season, is 2017."""
    year, month, day = (*parts, None, None, None)[:3]
    if not year or not 1000 <= year <= 9999:
        return ""
    if not month or not 1 <= month <= 12:
        return f"{year}"
    return f"{year}-{month:02}-{day:02}" if day and 1 <= day <= 31 else f"{year}-{month:02}"


def authors_of(shape: Shape, *roles: str) -> list[str]:
    """Return the names of the first of these roles that is not empty."""
    for role in roles:
        if names := [name for each in inners(shape, role) if (name := natural_order(each))]:
            return names
    return []
