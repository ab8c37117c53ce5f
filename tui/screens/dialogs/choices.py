"""Dialogs with choices: a menu of keys, and a list filtered by typing."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import ItemGrid
from textual.content import Content
from textual.widgets import Static

from tui.fuzzy import Match
from tui.screens.dialogs.base import Dialog
from tui.screens.dialogs.filtering import DialogRow, FilterDialog, best_first, lit
from tui.themes import DIM

MAX_OPTIONS = 100
"""Options shown at once; typing filters them."""


class KeyMenu(Dialog[str]):
    """The keys that may follow, above the footer; returns the one pressed.

    Any other key closes it. It lies over the list, whose height does not change.
    """

    def __init__(self, title: str, choices: Mapping[str, str], current: str = "") -> None:
        super().__init__()
        self.title_text = title
        self.choices = choices
        self.current = current

    def compose(self) -> ComposeResult:
        """Compose the choices in columns."""
        widest = max(Content(f"{key}  {label}").cell_length for key, label in self.choices.items())
        grid = ItemGrid(
            min_column_width=widest + 2,
            max_column_width=widest + 2,
            stretch_height=False,
            classes="box",
        )
        with grid:
            grid.border_title = Content(self.title_text)
            grid.border_subtitle = Content("Esc close")
            for key, label in self.choices.items():
                style = "bold underline" if label == self.current else "$foreground"
                choice = Content.assemble((key, "bold $accent"), "  ", (label, style))
                yield Static(choice, name=key)

    def on_key(self, event: events.Key) -> None:
        """Choose by key; any other key cancels."""
        event.stop()
        event.prevent_default()
        self.dismiss(event.character if event.character in self.choices else None)

    def on_click(self, event: events.Click) -> None:
        """Choose by mouse; a click outside the choices cancels."""
        self.dismiss(event.widget.name if event.widget else None)


class PickDialog(FilterDialog[str]):
    """Asks for one of several texts with details."""

    def __init__(
        self,
        title: str,
        texts: Mapping[str, str],
        verb: str,
        current: str = "",
        *,
        highlighted: Callable[[str], None] | None = None,
    ) -> None:
        """Take texts with details, the effect of Enter, and the text to highlight first.

        `highlighted` is called with each text that is.
        """
        super().__init__(title)
        self.texts = texts
        self.verb = verb
        self.when_highlighted = highlighted
        self._count = len(texts)
        listed = list(texts)[:MAX_OPTIONS]
        self.first = listed.index(current) if current in listed else 0

    def rows(self, typed: str) -> Sequence[DialogRow[str]]:
        """Return the texts that match what was typed, the best first, up to `MAX_OPTIONS`."""
        found = best_first(typed, list(self.texts.items()))
        self._count = len(found)
        names = list(self.texts)
        return [
            DialogRow(partial(self._line, names[place], matched), names[place])
            for place, matched in found[:MAX_OPTIONS]
        ]

    def _line(self, text: str, matched: Match, width: int) -> Content:
        more = self.texts[text]
        line = Content.assemble(lit(text, matched), (f"  {more}" if more else "", DIM))
        return line.truncate(200, ellipsis=True)

    def hint(self, row: DialogRow[str] | None) -> str:
        """Return the keys, and how many texts there are."""
        count = f"{self._count:,} of {len(self.texts):,}"
        if row is None:
            return f"no matches · {count}"
        return f"↑ ↓ select · Esc cancel · Enter {self.verb} · {count}"

    def show_hint(self) -> None:
        """Show what Enter does, and pass the highlighted text on."""
        super().show_hint()
        if self.when_highlighted and self.current and self.current.answer:
            self.when_highlighted(self.current.answer)
