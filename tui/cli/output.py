"""Lines of output: data to standard output, messages to standard error."""

import shutil
import sys
from collections.abc import Iterable
from datetime import datetime

import click

from index.text.cleaning import clean


def print_message(text: str) -> None:
    """Print one line to standard error; no character of it can control the terminal."""
    click.echo(clean(text), err=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of data to standard output."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def terminal_width() -> int | None:
    """Return the columns of the terminal; None if standard output is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def local_time(timestamp: str) -> str:
    """Return a timestamp of the library (UTC, ISO 8601) in the local time zone."""
    return datetime.fromisoformat(timestamp).astimezone().strftime("%Y-%m-%d %H:%M:%S")
