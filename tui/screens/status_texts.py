"""Texts of the main screen: dates of sources, and texts of empty panes."""

import calendar
from collections.abc import Callable

from index.search.results import Results

Hint = Callable[[str, str], str]
"""Returns the hint for a command, as in "undo: u"."""


def empty_texts(results: Results, count: int, hint: Hint) -> tuple[str, str]:
    """Return the texts of the list and of the paper pane when there is no paper to show."""
    help_hint = hint("help", "keys and query syntax")
    if count:
        clear = hint("clear_filters", "clear filters") if results.query.filters else ""
        hints = [clear, hint("everything", "show all papers")]
        return "\n".join(["No papers found.", "", *filter(None, hints)]), help_hint
    hints = [
        hint("palette", "import files or a folder, from the palette"),
        "import from a shell: carrel import FILE",
    ]
    return "\n".join(["No papers yet.", "", *filter(None, hints)]), help_hint


def page_date(date: str) -> str:
    """Return the date of a source in the form "Mar 11, 2025", without the year if unknown.

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
