"""Texts of the main screen: dates of sources, and what empty panes say."""

import calendar
from collections.abc import Callable

from index.search.results import Results

Hint = Callable[[str, str], str]
"""Returns a command's key and what it does, as in "u undoes"."""


def nothing_found(results: Results, count: int, hint: Hint) -> tuple[str, str]:
    """Return what the list and the paper pane say when there is no paper to show."""
    more = hint("help", "lists all keys and what can be searched for")
    if count:
        clears = hint("clear_filters", "clears filters") if results.query.filters else ""
        ways = [clears, hint("everything", "shows everything")]
        return "\n".join(["No paper found.", "", *filter(None, ways)]), more
    ways = [
        hint("palette", "import brings in a file or a folder"),
        "carrel import FILE does so from a shell",
    ]
    return "\n".join(["No papers yet.", "", *filter(None, ways)]), more


def page_date(date: str) -> str:
    """Return a page's date as pages write it: Mar 11, with its year if that is known.

    >>> [page_date(date) for date in ("--03-11", "2025-03-11", "2025-03", "2025")]
    ['Mar 11', 'Mar 11, 2025', 'Mar 2025', '2025']
    """
    year, *rest = (
        date.replace("--", "-", 1).split("-") if date.startswith("--") else date.split("-")
    )
    names = [calendar.month_abbr[int(rest[0])]] if rest else []
    names += [str(int(rest[1]))] if len(rest) > 1 else []
    named = " ".join(names)
    return (", " if len(rest) > 1 else " ").join(part for part in (named, year) if part)
