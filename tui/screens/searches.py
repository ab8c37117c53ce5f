"""Dialogs about searches: one is given a name, one of many is picked."""

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from index.errors import CarrelError
from index.query import folded_name
from index.saved import search_name
from index.text import one_line
from tui.screens.dialogs import Dialog
from tui.widgets.line import Line

MOST_SHOWN = 100
"""Lines that a list shows at once; typing narrows it to others."""


class SaveDialog(Dialog[str]):
    """Asks for the name a query is saved by, and before it takes the place of another."""

    def __init__(self, query: str, name: str, saved: Mapping[str, str]) -> None:
        super().__init__()
        self.text = query
        self.proposed = name
        self.saved = {folded_name(name): query for name, query in saved.items()}
        self._asked_for = ""

    def compose(self) -> ComposeResult:
        """Compose the query and the line for its name."""
        with Vertical(classes="box") as box:
            box.border_title = Content("Save this search")
            yield Static(self.text, classes="query", markup=False)
            yield Line(self.proposed, placeholder="its name", select_on_focus=True)
            yield Static("", classes="fault", markup=False)
            yield Static("Enter saves · Esc leaves", classes="hint")

    @on(Input.Changed)
    def _typed(self) -> None:
        self._asked_for = ""
        self.query_one(".fault", Static).update("")

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        fault = self.query_one(".fault", Static)
        try:
            name = search_name(event.value)
        except CarrelError as error:
            fault.update(str(error))
            return
        other = self.saved.get(folded_name(name))
        if other not in (None, self.text) and self._asked_for != name:
            self._asked_for = name
            known = one_line(other or "", 60)
            fault.update(f"{name} is saved already, as {known}: Enter again replaces it")
        else:
            self.dismiss(name)


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
