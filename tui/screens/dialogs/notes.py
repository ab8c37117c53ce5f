"""The dialog for a text of several lines: a note, or a paper as BibTeX."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from index.errors import CarrelError
from tui.platform.editor import edit_text
from tui.screens.dialogs.base import Dialog


class NoteDialog(Dialog[str]):
    """Asks for a note or another text of several lines; an empty answer deletes the note.

    `check` raises CarrelError for a text that is not accepted.
    """

    BINDINGS = [
        Binding("ctrl+s", "save", "save", show=False, priority=True),
        Binding("ctrl+e", "open_editor", "open in an editor", show=False, priority=True),
    ]

    def __init__(
        self, title: str, text: str, *, check: Callable[[str], object] | None = None
    ) -> None:
        super().__init__()
        self.title_text = title
        self.text = text
        self.check = check
        self._warned = False

    def compose(self) -> ComposeResult:
        """Compose the text area."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield TextArea(self.text, soft_wrap=True, show_line_numbers=False)
            yield Static("", classes="error", markup=False)
            yield Static("Ctrl-s save · Ctrl-e open in your editor · Esc cancel", classes="hint")

    def show_error(self, message: str) -> None:
        """Show an error or a warning."""
        self.query_one(".error", Static).update(message)

    def action_open_editor(self) -> None:
        """Edit the text in the editor of $VISUAL or $EDITOR; on an error, it is unchanged."""
        area = self.query_one(TextArea)
        try:
            text = edit_text(area.text, self.app)
        except CarrelError as error:
            self.show_error(f"{error}; the text is unchanged")
            return
        self.show_error("")
        area.replace(text, (0, 0), area.document.end)

    def action_save(self) -> None:
        """Return the text, or show why it is not accepted."""
        text = self.query_one(TextArea).text
        try:
            if self.check:
                self.check(text)
        except CarrelError as error:
            self.show_error(str(error))
            return
        self.dismiss(text)

    def action_leave(self) -> None:
        """Cancel; a changed text needs a second Escape."""
        if self.query_one(TextArea).text == self.text or self._warned:
            self.dismiss(None)
            return
        self._warned = True
        self.show_error("not saved · discard: Esc · save: Ctrl-s")
