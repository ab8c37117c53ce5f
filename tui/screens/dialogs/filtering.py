"""The base of dialogs with a list that is filtered by typing, and rows that fit any width."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Generic

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.fuzzy import Match, match
from tui.screens.dialogs.base import Answer, Dialog
from tui.widgets.line import Line
from tui.widgets.paper_text import HIGHLIGHT


@dataclass(frozen=True, slots=True)
class DialogRow(Generic[Answer]):
    """A row of a list: `paint` returns it for a width, in one line or several.

    A heading has `is_heading`; the cursor passes over it. `score` is how well the row matches.
    """

    paint: Callable[[int], Content]
    answer: Answer | None = None
    is_heading: bool = False
    score: int = 0


class Painted(Visual):
    """A row as Textual paints it."""

    def __init__(self, paint: Callable[[int], Content]) -> None:
        self.paint = paint

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Return the lines of the row."""
        return self.paint(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return the whole width."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return the number of lines."""
        return self.paint(width).get_height(rules, width)


class FilterDialog(Dialog[Answer]):
    """Asks for one of several rows: typing filters them, Enter chooses the highlighted one.

    A subclass returns the `rows` for what was typed, and the `hint` for the highlighted one.
    """

    BINDINGS = [
        Binding("down,ctrl+n", "step(1)", "next", show=False, priority=True),
        Binding("up,ctrl+p", "step(-1)", "previous", show=False, priority=True),
        Binding("pagedown", "page(1)", "page down", show=False, priority=True),
        Binding("pageup", "page(-1)", "page up", show=False, priority=True),
    ]
    PLACEHOLDER = "type to filter"

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title_text = title
        self.first: int | None = 0  # the row that is highlighted first
        self._rows: Sequence[DialogRow[Answer]] = ()

    @abstractmethod
    def rows(self, typed: str) -> Sequence[DialogRow[Answer]]:
        """Return the rows for what was typed."""

    @abstractmethod
    def hint(self, row: DialogRow[Answer] | None) -> str | Content:
        """Return the keys, and what Enter does on a row."""

    def compose(self) -> ComposeResult:
        """Compose the input line and the list."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield Line(placeholder=self.PLACEHOLDER, select_on_focus=False)
            yield Choices(markup=False)
            yield Static("", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show all rows."""
        self.show_rows("", self.first)

    @on(Input.Changed)
    def _changed(self) -> None:
        self.typed(self.query_one(Input).value)  # newer than the value in the message

    def typed(self, text: str) -> None:
        """Show the rows that match."""
        self.show_rows(text)

    def show_rows(self, typed: str, highlighted: int | None = 0) -> None:
        """Show the rows for what was typed, and highlight one, or the next that is no heading."""
        self._rows = self.rows(typed)
        self.choices.set_options(
            Option(Painted(row.paint), disabled=row.is_heading) for row in self._rows
        )
        below = range(len(self._rows) if highlighted is None else highlighted, len(self._rows))
        self.choices.highlighted = next((at for at in below if not self._rows[at].is_heading), None)
        self.show_hint()

    def show_hint(self) -> None:
        """Show what Enter does on the highlighted row."""
        self.query_one(".hint", Static).update(self.hint(self.current))

    @property
    def choices(self) -> "Choices":
        """The list."""
        return self.query_one(Choices)

    @property
    def current(self) -> DialogRow[Answer] | None:
        """The highlighted row."""
        at = self.choices.highlighted
        return None if at is None or at >= len(self._rows) else self._rows[at]

    def choose(self, row: DialogRow[Answer]) -> None:
        """Close with the answer of a row."""
        self.dismiss(row.answer)

    def action_step(self, step: int) -> None:
        """Highlight the next row, or the one before."""
        if step > 0:
            self.choices.action_cursor_down()
        else:
            self.choices.action_cursor_up()

    def action_page(self, direction: int) -> None:
        """Highlight the row a page further, or a page before."""
        if direction > 0:
            self.choices.action_page_down()  # type: ignore[no-untyped-call]
        else:
            self.choices.action_page_up()  # type: ignore[no-untyped-call]

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self.show_hint()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()

    def submit(self) -> None:
        """Choose the highlighted row."""
        if self.current is not None:
            self.choose(self.current)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.choose(self._rows[event.option_index])


class Choices(OptionList, can_focus=False):
    """The list of a dialog; keys stay with the input line."""


def best_first(typed: str, texts: Sequence[Sequence[str]]) -> list[tuple[int, Match]]:
    """Return the index and the match of each matching item, the best first; ties keep their order.

    An item has several texts: the one shown, whose match is returned, and others by which it is
    also found. All items match if nothing is typed.
    """
    found = []
    for place, (shown, *others) in enumerate(texts):
        if (matched := match(typed, shown)) is not None:
            found.append((place, matched))
        elif match(typed, " ".join((shown, *others))) is not None:
            found.append((place, Match(0)))
    return sorted(found, key=lambda each: -each[1].score)


def lit(text: str, matched: Match | None, style: str = "") -> Content:
    """Return a text with the letters that match emphasised."""
    content = Content.styled(text, style) if style else Content(text)
    for at in sorted(matched.positions) if matched else ():
        content = content.stylize(HIGHLIGHT, at, at + 1)
    return content


def columns(*parts: tuple[Content, int]) -> Content:
    """Return texts wrapped beside one another, each in as many cells; a width of 0 leaves one out.

    The lines of a text after its first are indented.
    """
    shown = [(_hang(text, width), width) for text, width in parts if width > 0]
    lines = zip_longest(*(wrapped for wrapped, _ in shown), fillvalue=Content(""))
    return Content("\n").join(
        Content(" ")
        .join(
            [
                cell.pad_right(width - cell.cell_length)
                for cell, (_, width) in zip(line, shown, strict=True)
            ]
        )
        .rstrip()
        for line in lines
    )


def _hang(text: Content, width: int) -> list[Content]:
    """Return a text wrapped to a width, with the lines after the first indented."""
    if text.cell_length <= width:
        return [text]
    first, *rest = text.wrap(max(1, width - 2))
    return [first, *(Content("  ") + line for line in rest)]
