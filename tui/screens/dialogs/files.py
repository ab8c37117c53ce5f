"""Dialogs about files: which to bring in, and which to write."""

import asyncio
import shlex
from dataclasses import dataclass
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from index import formats
from index.errors import CarrelError
from index.text.cleaning import clean
from tui.platform.dropped import completed, paths_in
from tui.screens.dialogs.base import Prompt
from tui.widgets.line import Line

MUTED = "$foreground 58%"


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


class PathDialog(Prompt[tuple[str, ...]]):
    """Asks for files and folders to import."""

    def __init__(self) -> None:
        super().__init__("Import files or a folder", "Tab completes · Enter imports · Esc leaves")

    def lines(self) -> ComposeResult:
        """Compose the line to type in."""
        yield PathInput(placeholder="~/Downloads/papers.txt", suggester=PathSuggester())

    def meaning(self, text: str) -> tuple[str, ...]:
        """Return the paths, all of them there."""
        if paths := paths_in(text, relative=True):
            return paths
        raise CarrelError("There is no such file or folder")


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the export dialog was told."""

    path: Path
    format: str
    overwrite: bool


class ExportDialog(Prompt[ExportChoice]):
    """Asks where to and how to export, shows how many papers, and asks before it overwrites."""

    BINDINGS = [
        Binding("down,ctrl+n", "format(1)", "next format", show=False, priority=True),
        Binding("up,ctrl+p", "format(-1)", "previous format", show=False, priority=True),
    ]

    def __init__(self, what: str, path: Path, format: str) -> None:
        super().__init__(f"Export {what}", "↑ ↓ format · Enter writes the file · Esc leaves")
        self.path = path
        self.names = list(formats.WRITERS)
        self.format = format

    def lines(self) -> ComposeResult:
        """Compose the file to write and the formats."""
        yield Line(str(self.path), select_on_focus=False)
        writers = [formats.WRITERS[name] for name in self.names]
        widest = max(len(form.label) for form in writers)
        yield OptionList(
            *(
                Option(Content.assemble(f"{form.label:<{widest}}  ", (form.endings[0], MUTED)))
                for form in writers
            ),
            markup=False,
        )

    def on_mount(self) -> None:
        """Light the format chosen."""
        self.query_one(OptionList).highlighted = self.names.index(self.format)
        self.query_one(Input).focus()

    def action_format(self, step: int) -> None:
        """Choose another format; the file's ending follows."""
        self.format = self.names[(self.names.index(self.format) + step) % len(self.names)]
        self.query_one(OptionList).highlighted = self.names.index(self.format)
        field = self.query_one(Input)
        if Path(field.value).name:
            field.value = _stem(field.value) + formats.WRITERS[self.format].endings[0]

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.action_format(event.option_index - self.names.index(self.format))
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _named(self, event: Input.Changed) -> None:
        form = formats.writer_for(event.value)
        if form:
            self.format = form.name
            self.query_one(OptionList).highlighted = self.names.index(form.name)

    def meaning(self, text: str) -> ExportChoice:
        """Return the file and its format."""
        try:
            path = Path(text.strip()).expanduser()
            path.exists()
        except (OSError, RuntimeError, ValueError) as error:  # too long, a ~name that nobody has
            raise CarrelError(
                f"No file can be called that ({getattr(error, 'strerror', None) or error})"
            ) from error
        if not text.strip() or path.is_dir():
            raise CarrelError("Name the file to write")
        if not path.parent.is_dir():
            raise CarrelError(f"There is no folder {clean(str(path.parent))}; name another")
        return ExportChoice(path, self.format, path.exists())

    def warning(self, answer: ExportChoice) -> str:
        """Say which file is there already."""
        there = f"{answer.path.name} is there already: Enter again replaces it"
        return there if answer.overwrite else ""


def _stem(path: str) -> str:
    """Return a path without the ending of a format: all of it, as in `.csl.json`."""
    endings = {ending for form in formats.WRITERS.values() for ending in form.endings}
    found = [ending for ending in endings if path.lower().endswith(ending)]
    return path[: -len(max(found, key=len))] if found else path
