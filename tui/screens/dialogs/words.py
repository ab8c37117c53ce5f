"""Dialogs that ask for a few words: a name, or what to fetch."""

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
    """Asks for the name a query is saved by, and before it takes the place of another."""

    def __init__(self, query: str, name: str, saved: Mapping[str, str]) -> None:
        super().__init__("Save this search", "Enter saves · Esc leaves")
        self.text = query
        self.proposed = name
        self.saved = {fold_name(name): query for name, query in saved.items()}

    def lines(self) -> ComposeResult:
        """Compose the query and the line for its name."""
        yield Static(self.text, classes="query", markup=False)
        yield Line(self.proposed, placeholder="its name", select_on_focus=True)

    def meaning(self, text: str) -> str:
        """Return the name."""
        return validate_name(text)

    def warning(self, answer: str) -> str:
        """Say what is saved by that name already."""
        other = self.saved.get(fold_name(answer))
        if other in (None, self.text):
            return ""
        known = one_line(other or "", 60)
        return f"{answer} is saved already, as {known}: Enter again replaces it"


class RenameDialog(Prompt[str]):
    """Asks for a tag's new name, and before it is merged with another."""

    def __init__(self, name: str, tags: Mapping[str, int]) -> None:
        below = sum(tag.startswith(f"{name}/") for tag in tags)
        more = f", and {format_count(below, 'tag')} below it" if below else ""
        super().__init__(f"Rename {name}{more}", "Enter renames · Esc leaves")
        self.tag = name
        self.tags = tags

    def lines(self) -> ComposeResult:
        """Compose the line for the name."""
        yield Line(self.tag, select_on_focus=False)

    def meaning(self, text: str) -> str:
        """Return the name."""
        return normalize_tag(text)

    def warning(self, answer: str) -> str:
        """Say which tag there is already."""
        if answer not in self.tags or answer == self.tag:
            return ""
        return f"{answer} is a tag already: Enter again merges {self.tag} into it"


class WordsDialog(Prompt[Wanted]):
    """Asks for words; returns what to fetch, once they mean something."""

    def __init__(self, title: str, example: str, means: Callable[[str], Wanted]) -> None:
        super().__init__(title, "Enter fetches · Esc leaves")
        self.example = example
        self.means = means

    def lines(self) -> ComposeResult:
        """Compose the line to type in."""
        yield Line(placeholder=self.example)

    def meaning(self, text: str) -> Wanted | None:
        """Return what the words ask for."""
        words = clean(text)
        return self.means(words) if words else None
