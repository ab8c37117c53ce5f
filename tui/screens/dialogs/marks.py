"""Dialogs for marks: tags and notes."""

from collections.abc import Callable, Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from index.errors import CarrelError
from index.papers.tags import normalize_tag
from tui.glyphs import TAG
from tui.screens.dialogs.base import Dialog
from tui.widgets.line import Line


class TagDialog(Dialog[str]):
    """Asks for tags, with completion; returns them separated by spaces."""

    BINDINGS = [
        Binding("tab", "accept", "complete", show=False, priority=True),
        Binding("down,ctrl+n", "pick(1)", "next tag", show=False, priority=True),
        Binding("up,ctrl+p", "pick(-1)", "previous tag", show=False, priority=True),
    ]

    def __init__(self, title: str, tags: Mapping[str, int], *, known_only: bool = False) -> None:
        super().__init__()
        self.title_text = title
        self.tags = tags
        self.known_only = known_only  # whether other tags are rejected
        self._picked = False

    def compose(self) -> ComposeResult:
        """Compose the input line and the existing tags."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield Line(placeholder="nlp/rag toread", select_on_focus=False)
            yield OptionList(markup=False)
            yield Static("", classes="error", markup=False)
            yield Static("Tab complete · Esc cancel · Enter apply", classes="hint")

    def on_mount(self) -> None:
        """Show all tags."""
        self._complete("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one(".error", Static).update("")
        self._picked = False
        self._complete(self._word(event.value))

    @staticmethod
    def _word(text: str) -> str:
        return text.rsplit(" ", 1)[-1].lstrip("#+").lower()

    def _complete(self, word: str) -> None:
        chosen = self.query_one(Input).value.split()[:-1]
        prefixed = [tag for tag in self.tags if tag.lower().startswith(word)]
        inside = [tag for tag in self.tags if word in tag.lower() and tag not in prefixed]
        found = [tag for tag in [*prefixed, *inside] if tag not in chosen][:50]
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options(
            Option(Content.assemble((TAG + tag, "$success"), f"  {self.tags[tag]:,}"))
            for tag in found
        )
        self._found = found
        choices.display = bool(found)
        choices.highlighted = 0 if found and word else None

    def action_pick(self, step: int) -> None:
        """Highlight another tag."""
        choices = self.query_one(OptionList)
        if self._found:
            at = choices.highlighted
            choices.highlighted = 0 if at is None else (at + step) % len(self._found)
            self._picked = True

    def action_accept(self) -> None:
        """Complete the word to the highlighted tag, or to the first."""
        if self._found:
            self._take(self._found[self.query_one(OptionList).highlighted or 0])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._take(self._found[event.option_index])

    def _take(self, tag: str) -> None:
        field = self.query_one(Input)
        before = field.value.rsplit(" ", 1)[0] + " " if " " in field.value else ""
        field.value = f"{before}{tag} "
        field.cursor_position = len(field.value)
        field.focus()

    @on(Input.Submitted)
    def _apply(self, event: Input.Submitted) -> None:
        words = event.value.replace(",", " ").split()
        highlighted = self.query_one(OptionList).highlighted
        is_partial = self.known_only and bool(words) and words[-1] not in self.tags
        if highlighted is not None and (self._picked or is_partial):
            words = [*words[:-1], self._found[highlighted]]
        try:
            names = [normalize_tag(word) for word in words]
            self._check(names)
        except CarrelError as error:
            self.query_one(".error", Static).update(str(error))
            return
        self.dismiss(" ".join(names) or None)

    def _check(self, names: Sequence[str]) -> None:
        unknown = next((name for name in names if name not in self.tags), None)
        if self.known_only and unknown:
            raise CarrelError(f"no such tag here: {unknown!r}")


class NoteDialog(Dialog[str]):
    """Asks for a note or another text of several lines; an empty answer deletes the note.

    `check` raises CarrelError for a text that is not accepted.
    """

    BINDINGS = [Binding("ctrl+s", "save", "save", show=False, priority=True)]

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
            yield Static("Esc cancel · Ctrl-s save", classes="hint")

    def action_save(self) -> None:
        """Return the text, or show why it is not accepted."""
        text = self.query_one(TextArea).text
        try:
            if self.check:
                self.check(text)
        except CarrelError as error:
            self.query_one(".error", Static).update(str(error))
            return
        self.dismiss(text)

    def action_leave(self) -> None:
        """Cancel; a changed text needs a second Escape."""
        if self.query_one(TextArea).text == self.text or self._warned:
            self.dismiss(None)
            return
        self._warned = True
        self.query_one(".error", Static).update("not saved · discard: Esc · save: Ctrl-s")
