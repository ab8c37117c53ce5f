"""Dialogs for a few words: a name, or the papers to fetch."""

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.widgets import Static

from index.fetch import Wanted
from index.papers.tags import normalize_tag
from index.query import fold_name
from index.query.names import validate_name
from index.text.cleaning import clean, format_count, one_line
from tui.screens.dialogs.base import Prompt
from tui.widgets.line import Line


class SaveDialog(Prompt[str]):
    """Asks for the name of a saved search, and confirms before it overwrites one."""

    def __init__(self, query: str, name: str, saved: Mapping[str, str]) -> None:
        super().__init__("Save this search", "Esc cancel · Enter save", validate_name)
        self.text = query
        self.proposed = name
        self.saved = {fold_name(name): query for name, query in saved.items()}

    def lines(self) -> ComposeResult:
        """Compose the query and the input line for its name."""
        yield Static(self.text, classes="query", markup=False)
        yield Line(self.proposed, placeholder="name", select_on_focus=True)

    def warning(self, answer: str) -> str:
        """Return a warning if another query is saved under that name."""
        other = self.saved.get(fold_name(answer))
        if other in (None, self.text):
            return ""
        return f"{answer} exists: {one_line(other or '', 60)} · overwrite: Enter"


class RenameDialog(Prompt[str]):
    """Asks for the new name of a tag, and confirms before it merges two tags."""

    def __init__(self, name: str, tags: Mapping[str, int]) -> None:
        below = sum(tag.startswith(f"{name}/") for tag in tags)
        more = f", and {format_count(below, 'tag')} below it" if below else ""
        super().__init__(f"Rename {name}{more}", "Esc cancel · Enter rename", normalize_tag)
        self.tag = name
        self.tags = tags

    def lines(self) -> ComposeResult:
        """Compose the input line."""
        yield Line(self.tag, select_on_focus=False)

    def warning(self, answer: str) -> str:
        """Return a warning if the tag exists."""
        if answer not in self.tags or answer == self.tag:
            return ""
        return f"{answer} exists · merge {self.tag} into it: Enter"


class WordsDialog(Prompt[Wanted]):
    """Asks for words; returns the papers to fetch."""

    def __init__(self, title: str, example: str, parse_words: Callable[[str], Wanted]) -> None:
        def parse(text: str) -> Wanted | None:
            words = clean(text)
            return parse_words(words) if words else None

        super().__init__(title, "Esc cancel · Enter fetch", parse)
        self.example = example

    def lines(self) -> ComposeResult:
        """Compose the input line."""
        yield Line(placeholder=self.example)
