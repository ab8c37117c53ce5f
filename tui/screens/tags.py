"""The dialog that gives a tag another name."""

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from index.changes import tag_name
from index.errors import CarrelError
from index.text import counted
from tui.screens.dialogs import Dialog
from tui.widgets.line import Line


class RenameDialog(Dialog[str]):
    """Asks for a tag's new name, and before it is merged with another."""

    def __init__(self, name: str, tags: Mapping[str, int]) -> None:
        super().__init__()
        self.tag = name
        self.tags = tags
        self._asked_for = ""

    def compose(self) -> ComposeResult:
        """Compose the line for the name."""
        below = sum(tag.startswith(f"{self.tag}/") for tag in self.tags)
        more = f", and {counted(below, 'tag')} below it" if below else ""
        with Vertical(classes="box") as box:
            box.border_title = Content(f"Rename {self.tag}{more}")
            yield Line(self.tag, select_on_focus=False)
            yield Static("", classes="fault", markup=False)
            yield Static("Enter renames · Esc leaves", classes="hint")

    @on(Input.Changed)
    def _typed(self) -> None:
        self._asked_for = ""
        self.query_one(".fault", Static).update("")

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        fault = self.query_one(".fault", Static)
        try:
            name = tag_name(event.value)
        except CarrelError as error:
            fault.update(str(error))
            return
        if name in self.tags and name not in (self.tag, self._asked_for):
            self._asked_for = name
            fault.update(f"{name} is a tag already: Enter again merges {self.tag} into it")
        else:
            self.dismiss(name)
