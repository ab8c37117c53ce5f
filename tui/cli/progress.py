"""Progress on the terminal: a bar for work that lasts, and silence everywhere else."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import click

from index.text.cleaning import clean, format_count, one_line

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar as ClickBar

PATIENCE = 1.0
"""Seconds before a bar appears."""

Tell = Callable[[int, int, int], None]
"""Told how much of how much is done, and how many papers that is."""


@contextmanager
def progress(label: str) -> Iterator[Tell]:
    """Show how far a work is on standard error, once it has lasted `PATIENCE` seconds.

    Where standard error is no terminal nothing is shown.
    """
    bar = ProgressBar(label)
    try:
        yield bar.tell if sys.stderr.isatty() else lambda done, total, papers: None
    finally:
        bar.close()


class ProgressBar:
    """A bar with papers per second and the time left, made when it is first worth showing."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.papers = 0
        self._started = time.time()
        self._bar: ClickBar[None] | None = None

    def tell(self, done: int, total: int, papers: int) -> None:
        """Take in how far the work is."""
        if time.time() - self._started < PATIENCE:
            return
        self.papers = papers
        if self._bar is None:
            self._bar = click.progressbar(
                length=max(total, done, 1),
                label=self.label,
                file=sys.stderr,
                item_show_func=lambda _: self.rate(),
            )
            # The work began before its bar: the time left is reckoned from there.
            self._bar.start = self._started
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def rate(self) -> str:
        """Return the papers per second so far."""
        return f"{self.papers / (time.time() - self._started):,.0f} papers/s"

    def close(self) -> None:
        """End the bar's line."""
        if self._bar:
            self._bar.__exit__(None, None, None)


class ProgressLine:
    """Words on standard error that say what is under way, where nobody knows how long it takes.

    They are taken away at the end; where standard error is no terminal nothing is shown.
    """

    def __init__(self) -> None:
        self._shown = ""
        self._seen = sys.stderr.isatty()
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._show("")

    def tell(self, words: str, papers: int) -> None:
        """Take in what is under way, and how many papers there are so far."""
        if time.monotonic() - self._started >= PATIENCE:
            so_far = f" · {format_count(papers, 'paper')} so far" if papers else ""
            self._show(clean(words) + so_far)

    def _show(self, words: str) -> None:
        line = one_line(words, max(20, shutil.get_terminal_size().columns - 1))
        if self._seen and line != self._shown:
            blank = " " * len(self._shown)
            self._shown = line
            click.echo(f"\r{blank}\r{line}", err=True, nl=False)
