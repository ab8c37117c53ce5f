"""A dialog that asks before something is done."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.screens.dialogs.base import Dialog


class ConfirmDialog(Dialog[bool]):
    """Describes an action; Enter confirms it, and any other way of closing cancels it."""

    BINDINGS = [
        Binding("enter,y", "confirm", "confirm", show=False, priority=True),
        Binding("n,q", "leave", "leave", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str, verb: str) -> None:
        super().__init__()
        self.title_text = title
        self.text = text
        self.verb = verb

    def compose(self) -> ComposeResult:
        """Compose the box."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield Static(self.text, markup=False)
            yield Static(f"Enter {self.verb} · Esc cancel", classes="hint", markup=False)

    def action_confirm(self) -> None:
        """Answer yes."""
        self.dismiss(True)
