"""Dialogs in which one of several is chosen: by its key, or from a list narrowed by typing."""

from collections.abc import Mapping

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import ItemGrid, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.screens.dialogs.base import Dialog
from tui.widgets.line import Line

MOST_SHOWN = 100
"""Lines that a list shows at once; typing narrows it to others."""


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
        """Choose by key; any other key leaves."""
        event.stop()
        event.prevent_default()
        self.dismiss(event.character if event.character in self.choices else None)

    def on_click(self, event: events.Click) -> None:
        """Choose by mouse; a click beside the choices leaves."""
        self.dismiss(event.widget.name if event.widget else None)


class PickDialog(Dialog[str]):
    """Asks for one of some texts: typing narrows the list, Enter takes the one that is lit."""

    BINDINGS = [
        Binding("down,ctrl+n", "step(1)", "next", show=False, priority=True),
        Binding("up,ctrl+p", "step(-1)", "previous", show=False, priority=True),
    ]

    def __init__(self, title: str, texts: Mapping[str, str], does: str, lit: str = "") -> None:
        """Take the texts, each with what is told of it, what Enter does, and the text lit first."""
        super().__init__()
        self.title_text = title
        self.texts = texts
        self.does = does
        self.lit = lit
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """Compose the line to type in and the list."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield Line(placeholder="type to narrow")
            yield OptionList(markup=False)
            yield Static("", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show all, the one to begin with lit."""
        self._narrow("")
        if self.lit in self._found:
            self.query_one(OptionList).highlighted = self._found.index(self.lit)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, typed: str) -> None:
        wanted = typed.casefold().split()
        found = [
            text
            for text, more in self.texts.items()
            if all(word in f"{text} {more}".casefold() for word in wanted)
        ]
        self._found = found[:MOST_SHOWN]
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options(Option(self._line(text)) for text in self._found)
        choices.highlighted = 0 if found else None
        choices.display = bool(found)
        count = f"{len(found):,} of {len(self.texts):,}"
        hint = f"↑ ↓ choose · Enter {self.does} · Esc leaves · {count}"
        self.query_one(".hint", Static).update(hint if found else f"none of them · {count}")

    def _line(self, text: str) -> Content:
        more = self.texts[text]
        line = Content.assemble(text, (f"  {more}" if more else "", "$foreground 58%"))
        return line.truncate(200, ellipsis=True)

    def action_step(self, step: int) -> None:
        """Light another line."""
        choices = self.query_one(OptionList)
        if self._found:
            choices.highlighted = ((choices.highlighted or 0) + step) % len(self._found)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        lit = self.query_one(OptionList).highlighted
        if lit is not None:
            self.dismiss(self._found[lit])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index])
