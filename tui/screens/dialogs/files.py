"""Dialogs for files: import and export."""

import asyncio
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, OptionList
from textual.widgets.input import Selection
from textual.widgets.option_list import Option

from index import formats
from index.errors import CarrelError
from index.text.cleaning import clean
from tui.platform.dropped import complete_path, parse_paths
from tui.screens.dialogs.base import Prompt
from tui.themes import DIM
from tui.widgets.line import Line


class PathSuggester(Suggester):
    """Completes the typed path."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the completed path, if any."""
        return await asyncio.to_thread(complete_path, value) or None


class PathInput(Line):
    """An input line that accepts several pasted paths."""

    BINDINGS = [Binding("tab", "cursor_right", "complete", show=False, priority=True)]

    def on_paste(self, event: events.Paste) -> None:
        """Join several paths on one line."""
        paths = parse_paths(event.text, relative=True)
        event.text = shlex.join(paths) if len(paths) > 1 else clean(event.text)


class PathDialog(Prompt[tuple[str, ...]]):
    """Asks for files and folders to import."""

    def __init__(self) -> None:
        hint = "Tab complete · Esc cancel · Enter import"
        super().__init__("Import files or a folder", hint, _existing_paths)

    def lines(self) -> ComposeResult:
        """Compose the input line."""
        yield PathInput(placeholder="~/Downloads/papers.txt", suggester=PathSuggester())


def _existing_paths(text: str) -> tuple[str, ...]:
    if paths := parse_paths(text, relative=True):
        return paths
    raise CarrelError("no such file or folder")


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """The answer of the export dialog."""

    path: Path
    format: str
    overwrite: bool


class ExportDialog(Prompt[ExportChoice]):
    """Asks for the file and the format of an export, and confirms before it overwrites."""

    BINDINGS = [
        Binding("down,ctrl+n", "format(1)", "next format", show=False, priority=True),
        Binding("up,ctrl+p", "format(-1)", "previous format", show=False, priority=True),
    ]

    def __init__(self, what: str, path: Path, format: str, *, verb: str = "Export") -> None:
        hint = f"↑ ↓ format · Esc cancel · Enter {verb.lower()}"
        super().__init__(f"{verb} {what}", hint, self.parse)
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
                Option(Content.assemble(f"{form.label:<{widest}}  ", (form.endings[0], DIM)))
                for form in writers
            ),
            markup=False,
        )

    def on_mount(self) -> None:
        """Highlight the current format, and select the name, so that typing replaces it."""
        self.query_one(OptionList).highlighted = self.names.index(self.format)
        field = self.query_one(Input)
        field.focus()
        field.selection = Selection(len(field.value) - len(self.path.name), len(field.value))

    def action_format(self, step: int) -> None:
        """Choose another format and change the file's extension."""
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

    def parse(self, text: str) -> ExportChoice:
        """Return the file and its format."""
        try:
            path = Path(text.strip()).expanduser()
            path.exists()
        except (OSError, RuntimeError, ValueError) as error:  # too long, or an unknown ~user
            raise CarrelError(
                f"invalid file name: {getattr(error, 'strerror', None) or error}"
            ) from error
        if not text.strip() or path.is_dir():
            raise CarrelError("enter a file name")
        if not path.parent.is_dir():
            raise CarrelError(f"no folder {clean(str(path.parent))}; enter another")
        return ExportChoice(path, self.format, path.exists())

    def warning(self, answer: ExportChoice) -> str:
        """Return a warning if the file exists."""
        return f"{answer.path.name} exists · overwrite: Enter" if answer.overwrite else ""


class DownloadDialog(ExportDialog):
    """Asks for the name and the format of a file that the browser downloads."""

    def __init__(self, what: str, path: Path, format: str) -> None:
        super().__init__(what, Path(path.name), format)

    def parse(self, text: str) -> ExportChoice:
        """Return the name, with the characters alone that are safe in a header, and the format."""
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", text.strip().rpartition("/")[2]).strip(".-")
        if not name:
            raise CarrelError("enter a file name")
        return ExportChoice(Path(name), self.format, overwrite=False)


def _stem(path: str) -> str:
    """Return a path without the extension of a format, which may be `.csl.json`."""
    endings = {ending for form in formats.WRITERS.values() for ending in form.endings}
    found = [ending for ending in endings if path.lower().endswith(ending)]
    return path[: -len(max(found, key=len))] if found else path
