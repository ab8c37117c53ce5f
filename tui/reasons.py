"""What went wrong, in one line fit for a reader."""

import traceback
from pathlib import Path


def reason(error: BaseException) -> str:
    """Return what went wrong; a fault of Carrel itself with its place."""
    import sqlite3

    from index.errors import CarrelError

    if isinstance(error, CarrelError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'input or output'}: {error.strerror or error}"
    if isinstance(error, sqlite3.Error):
        return f"the library cannot be used ({error}); carrel doctor tells more"
    told = f"{type(error).__name__}: {error}"
    every = traceback.extract_tb(error.__traceback__)
    place = f", at {Path(every[-1].filename).name}:{every[-1].lineno}" if every else ""
    return f"a fault of Carrel's own{place} ({told}); please report it"
