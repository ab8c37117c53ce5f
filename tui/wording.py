"""Texts that the reader and the command line share: errors, rates and match counts."""

import traceback
from pathlib import Path


def describe_error(error: BaseException) -> str:
    """Return an error as one line; an internal error is given with its location.

    The traceback of any error that is not a `CarrelError` goes to the log.
    """
    import logging
    import sqlite3

    from index.errors import CarrelError

    log = logging.getLogger(__name__)
    if isinstance(error, CarrelError):
        log.info("reported: %s", error)
        return str(error)
    log.error("%s", type(error).__name__, exc_info=error)
    if isinstance(error, OSError):
        return f"{error.filename or 'input or output'}: {error.strerror or error}"
    if isinstance(error, sqlite3.Error):
        return f"cannot use the library: {error}; try carrel doctor"
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"internal error{place}: {type(error).__name__}: {error}; please report it"


def format_rate(papers: int, seconds: float, share: float) -> str:
    """Return the rate of papers per second and the estimated time left.

    >>> format_rate(5_000, 2.0, 0.25), format_rate(5_000, 2.0, 1.0)
    ('2,500 papers/s · 6 s left', '2,500 papers/s')
    >>> format_rate(0, 0.0, 0.0), format_rate(9, 90.0, 0.1)
    ('', '0 papers/s · 13 min left')
    """
    if seconds <= 0 or not share:
        return ""
    left = seconds / share - seconds
    time_left = f"{left / 60:.0f} min" if left >= 99.5 else f"{left:.0f} s"
    return f"{papers / seconds:,.0f} papers/s" + (f" · {time_left} left" if left >= 0.5 else "")


def format_match_counts(full: int, total: int) -> str:
    """Return the line between papers that match all words of a query and those that match some.

    >>> format_match_counts(0, 149), format_match_counts(2, 3)
    ('none match all words · 149 match some', '1 matches some words')
    """
    verb = "matches" if total - full == 1 else "match"
    if full:
        return f"{total - full:,} {verb} some words"
    return f"none match all words · {total:,} {verb} some"


def format_dismissed(papers: int) -> str:
    """Return the number of dismissed papers that a list leaves out, "" if there are none.

    >>> format_dismissed(0), format_dismissed(1204)
    ('', '1,204 dismissed')
    """
    return f"{papers:,} dismissed" if papers else ""
