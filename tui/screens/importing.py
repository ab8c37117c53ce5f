"""The dialogs of an import: which files to bring in, and what became of them."""

import asyncio
import shlex
from collections.abc import Iterator

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static

from index.importing import FileReport, ImportReport
from index.text import clean, counted
from tui.dropped import completed, paths_in
from tui.screens.dialogs import Dialog
from tui.widgets.line import Line

MOST_SHOWN = 1_000
"""Skipped entries of one file that are listed; `carrel import --json` tells all."""

LONGEST_PATH = 60
"""Characters of a path that are shown: its end, which tells one file from another."""


class PathSuggester(Suggester):
    """Completes the path that is typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole path, where a name begins as typed."""
        return await asyncio.to_thread(completed, value) or None


class PathInput(Line):
    """Takes pasted paths, of several files too."""

    BINDINGS = [Binding("tab", "cursor_right", "complete", show=False, priority=True)]

    def on_paste(self, event: events.Paste) -> None:
        """Put several paths on the one line there is."""
        paths = paths_in(event.text, relative=True)
        event.text = shlex.join(paths) if len(paths) > 1 else clean(event.text)


class PathDialog(Dialog[tuple[str, ...]]):
    """Asks for files and folders to import."""

    def compose(self) -> ComposeResult:
        """Compose the line to type in."""
        with Vertical(classes="box") as box:
            box.border_title = Content("Import files or a folder")
            yield PathInput(placeholder="~/Downloads/papers.txt", suggester=PathSuggester())
            yield Static("", classes="fault", markup=False)
            yield Static("Tab completes · Enter imports · Esc leaves", classes="hint")

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        paths = paths_in(event.value, relative=True)
        if paths:
            self.dismiss(paths)
        else:
            self.query_one(".fault", Static).update("There is no such file or folder")


class ReportScreen(Dialog[str]):
    """What became of each file of an import, and every entry that was skipped, with its reason."""

    BINDINGS = [
        Binding("enter,q", "leave", "leave", show=False, priority=True),
        Binding("j", "scroll(1)", "down", show=False),
        Binding("k", "scroll(-1)", "up", show=False),
        Binding("ctrl+d", "scroll(10)", "down", show=False),
        Binding("ctrl+u", "scroll(-10)", "up", show=False),
    ]

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report

    def compose(self) -> ComposeResult:
        """Compose the counts and what was skipped."""
        with Vertical(classes="box") as box:
            box.border_title = Content("Import")
            with VerticalScroll():
                yield Static(Content("\n").join(self._lines()))
            yield Static("j k scroll · Enter closes", classes="hint")

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _lines(self) -> Iterator[Content]:
        yield Content.styled(clean(self.report.in_words()), "bold")
        for file in self.report.files:
            yield Content("")
            path = clean(file.path)
            shown = path if len(path) <= LONGEST_PATH else f"…{path[1 - LONGEST_PATH :]}"
            yield Content.styled(shown, "$accent")
            yield from self._file(file)

    def _file(self, file: FileReport) -> Iterator[Content]:
        if file.format:
            counts = [
                f"{count:,} {name}"
                for name in ("added", "merged", "unchanged")
                if (count := getattr(file, name))
            ]
            if file.skipped:
                counts.append(f"{len(file.skipped):,} skipped")
            read = f"{counted(file.read, 'paper')} read as {file.format}, source {file.source}"
            yield Content(clean(f"  {read}: {', '.join(counts)}").rstrip())
        for skipped in file.skipped[:MOST_SHOWN]:
            place = f"line {skipped.line}: " if skipped.line else ""
            yield Content.assemble("  ", (place, "$warning"), clean(skipped.reason))
        if len(file.skipped) > MOST_SHOWN:
            yield Content(f"  … and {len(file.skipped) - MOST_SHOWN:,} more")
