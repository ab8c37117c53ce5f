"""Dialogs with choices: a menu of keys, and a list filtered by typing."""

from collections.abc import Mapping

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import ItemGrid, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.screens.dialogs.base import Dialog
from tui.themes import DIM
from tui.widgets.line import Line

MAX_OPTIONS = 100
"""Options shown at once; typing filters them."""


class KeyMenu(Dialog[str]):
    """A line of choices at the bottom, each a single key."""

    def __init__(self, title: str, choices: Mapping[str, str], current: str = "") -> None:
        super().__init__()
        self.title_text = title
        self.choices = choices
        self.current = current

    def compose(self) -> ComposeResult:
        """Compose the line."""
        widest = max(Content(label).cell_length for label in self.choices.values())
        with ItemGrid(min_column_width=widest + 4, stretch_height=False, classes="box"):
            yield Static(Content.styled(self.title_text, "bold $accent"))
            for key, label in self.choices.items():
                style = "bold underline" if label == self.current else "$foreground"
                yield Static(Content.assemble((key, "bold $accent"), " ", (label, style)), name=key)

    def on_key(self, event: events.Key) -> None:
        """Choose by key; any other key cancels."""
        event.stop()
        event.prevent_default()
        self.dismiss(event.character if event.character in self.choices else None)

    def on_click(self, event: events.Click) -> None:
        """Choose by mouse; a click outside the choices cancels."""
        self.dismiss(event.widget.name if event.widget else None)


class PickDialog(Dialog[str]):
    """Asks for one of several texts: typing filters the list, Enter chooses the highlighted one."""

    BINDINGS = [
        Binding("down,ctrl+n", "step(1)", "next", show=False, priority=True),
        Binding("up,ctrl+p", "step(-1)", "previous", show=False, priority=True),
    ]

    def __init__(self, title: str, texts: Mapping[str, str], verb: str, current: str = "") -> None:
        """Take texts with details, the effect of Enter, and the text to highlight first."""
        super().__init__()
        self.title_text = title
        self.texts = texts
        self.verb = verb
        self.current = current
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """Compose the input line and the list."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield Line(placeholder="type to filter")
            yield OptionList(markup=False)
            yield Static("", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show all texts, with the current one highlighted."""
        self._filter("")
        if self.current in self._found:
            self.query_one(OptionList).highlighted = self._found.index(self.current)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._filter(event.value)

    def _filter(self, typed: str) -> None:
        wanted = typed.casefold().split()
        found = [
            text
            for text, more in self.texts.items()
            if all(word in f"{text} {more}".casefold() for word in wanted)
        ]
        self._found = found[:MAX_OPTIONS]
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options(Option(self._line(text)) for text in self._found)
        choices.highlighted = 0 if found else None
        choices.display = bool(found)
        count = f"{len(found):,} of {len(self.texts):,}"
        hint = f"↑ ↓ select · Esc cancel · Enter {self.verb} · {count}"
        self.query_one(".hint", Static).update(hint if found else f"no matches · {count}")

    def _line(self, text: str) -> Content:
        more = self.texts[text]
        line = Content.assemble(text, (f"  {more}" if more else "", DIM))
        return line.truncate(200, ellipsis=True)

    def action_step(self, step: int) -> None:
        """Highlight another option."""
        choices = self.query_one(OptionList)
        if self._found:
            choices.highlighted = ((choices.highlighted or 0) + step) % len(self._found)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._found[highlighted])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index])
