"""The log of `carrel --debug FILE`: one line for each record, safe to print on a terminal."""

import logging
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

import click

from index.text.cleaning import clean

PACKAGES = ("index", "tui")
"""Packages whose debug records are logged; of other packages only warnings and errors are."""

FORMAT = "%(asctime)s %(process)d %(threadName)s %(levelname)s %(name)s: %(message)s"

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class OneLineFormatter(logging.Formatter):
    """Formats a record as one line without control characters."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return clean(super().format(record))

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802  # logging's name
        """Return a traceback with its lines joined by bars."""
        return " | ".join(map(str.strip, super().formatException(ei).splitlines()))


class LogFile(logging.StreamHandler[TextIO]):
    """Appends records to a file, created with access for its owner alone; raises OSError."""

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        super().__init__(os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace"))
        self.setFormatter(OneLineFormatter(FORMAT))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """Drop a record that cannot be written, for example on a full disk."""

    def close(self) -> None:
        """Close the file."""
        super().close()
        with suppress(OSError):
            self.stream.close()


def set_up(path: str | None) -> None:
    """Log to a file; without a path, only suppress warnings of libraries on the terminal.

    Only the application calls this: as a library, `index` does not configure logging. Raises
    ClickException if the file cannot be written.
    """
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, LogFile)]:
        root.removeHandler(handler)
        handler.close()
        for name in PACKAGES:
            logging.getLogger(name).setLevel(logging.NOTSET)
    if path is None:
        # A root logger without handlers prints warnings on standard error.
        if not root.handlers:
            root.addHandler(logging.NullHandler())
        return
    try:
        root.addHandler(LogFile(Path(path).expanduser()))
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"cannot write the log {path}: {reason}; name another file"
        ) from error
    for name in PACKAGES:
        logging.getLogger(name).setLevel(logging.DEBUG)
