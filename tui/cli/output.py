"""Output: data on standard output, messages on standard error."""

import shutil
import sys
from collections.abc import Iterable
from datetime import datetime

import click

from index.text.cleaning import clean


def print_message(text: str) -> None:
    """Print one line to standard error, without control characters."""
    click.echo(clean(text), err=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of data to standard output."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def terminal_width() -> int | None:
    """Return the width of the terminal; None if standard output is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def local_time(timestamp: str) -> str:
    """Return a UTC timestamp in ISO 8601 format as local time."""
    return datetime.fromisoformat(timestamp).astimezone().strftime("%Y-%m-%d %H:%M:%S")
