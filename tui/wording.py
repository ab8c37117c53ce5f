"""Texts that the reader and the command share: errors and rates."""

import traceback
from pathlib import Path


def describe_error(error: BaseException) -> str:
    """Return what went wrong; a fault of Carrel itself with its place.

    The log has more: the traceback of each error that is not one of Carrel's own.
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
        return f"the library cannot be used ({error}); carrel doctor tells more"
    told = f"{type(error).__name__}: {error}"
    every = traceback.extract_tb(error.__traceback__)
    place = f", at {Path(every[-1].filename).name}:{every[-1].lineno}" if every else ""
    return f"a fault of Carrel's own{place} ({told}); please report it"


def format_rate(papers: int, seconds: float, share: float) -> str:
    """Return how fast papers are done, and how long the rest will take at that.

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
