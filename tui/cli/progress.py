"""Progress on the terminal: a bar or a line for long work, nothing if stderr is redirected."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, Self

import click

from index.text.cleaning import clean, format_count, one_line
from tui.wording import format_rate

if TYPE_CHECKING:
    from tqdm import tqdm

DELAY_S = 1.0
"""Seconds of work before progress is shown."""

BAR_FORMAT = "{percentage:3.0f}% {bar:30} {desc}"

Update = Callable[[int, int, int], None]
"""Called with the work done, the total, and the number of papers done so far."""


@contextmanager
def progress(label: str) -> Iterator[Update]:
    """Show a progress bar on standard error for work that takes longer than `DELAY_S`.

    Nothing is shown if standard error is not a terminal.
    """
    bar = ProgressBar(label)
    try:
        yield bar.update if sys.stderr.isatty() else lambda done, total, papers: None
    finally:
        bar.close()


class ProgressBar:
    """A bar with papers per second and the time left, created once there is reason to show it."""

    def __init__(self, label: str) -> None:
        self.label = label
        self._started = time.monotonic()
        self._bar: tqdm[NoReturn] | None = None

    def update(self, done: int, total: int, papers: int) -> None:
        """Show how much of the work is done."""
        seconds = time.monotonic() - self._started
        if seconds < DELAY_S:
            return
        total = max(total, done, 1)
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, bar_format=BAR_FORMAT, dynamic_ncols=True)
        self._bar.total = total
        rate = format_rate(papers, seconds, done / total)
        self._bar.set_description_str(f"{self.label}  {rate}", refresh=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the line of the bar."""
        if self._bar is not None:
            self._bar.close()


class ProgressLine:
    """A line on standard error that names the work in progress, for work of unknown length.

    It is erased at the end. Nothing is shown if standard error is not a terminal.
    """

    def __init__(self) -> None:
        self._shown = ""
        self._is_terminal = sys.stderr.isatty()
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._show("")

    def update(self, text: str, papers: int) -> None:
        """Show the work in progress and the number of papers so far."""
        if time.monotonic() - self._started >= DELAY_S:
            so_far = f" · {format_count(papers, 'paper')} so far" if papers else ""
            self._show(clean(text) + so_far)

    def _show(self, text: str) -> None:
        line = one_line(text, max(20, shutil.get_terminal_size().columns - 1))
        if self._is_terminal and line != self._shown:
            blank = " " * len(self._shown)
            self._shown = line
            click.echo(f"\r{blank}\r{line}", err=True, nl=False)
