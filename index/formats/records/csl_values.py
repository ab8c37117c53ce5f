"""Names and dates of CSL-JSON, which Crossref also uses.

The format: https://docs.citationstyles.org/en/stable/specification.html (appendix on CSL-JSON) and
https://github.com/citation-style-language/schema; dates in words: EDTF, ISO 8601-2:2019.
"""

import re
from collections.abc import Iterable

from index.formats.records.markup import plain
from index.papers.citation import Citation, KeptFields, build_citation, citation_from_csl
from index.papers.json_values import Shape, as_number, first, inner, inners
from index.papers.names import Name, from_csl

_ISO = re.compile(r"\s*\[?(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d-])", re.ASCII)
_YEAR = re.compile(r"(?<![\d-])(1[0-9]{3}|20\d{2})(?!\d)", re.ASCII)
ALIASES = {"event": "event-title", "shortTitle": "title-short",
            "journalAbbreviation": "container-title-short"}  # fmt: skip
"""Names of variables in CSL 1.0 and in other programs."""


def names_of(shape: Shape, role: str) -> list[Name]:
    """Return the names in a role."""
    return [name for each in inners(shape, role) if (name := from_csl(each))]


def citation_of(shape: Shape, kept: Iterable[KeptFields] = ()) -> Citation:
    """Return the variables of an item, without markup."""
    values = {ALIASES.get(name, name): value for name, value in shape.items() if name in ALIASES}
    read = citation_from_csl({**values, **shape})
    return build_citation(
        {name: plain(value) for name, value in read.values}, dict(read.people), kept
    )


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
