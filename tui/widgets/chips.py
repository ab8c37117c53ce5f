"""Chips for the filters of a query, and values to choose from, in one line; all are clickable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from index.query import FieldTerm
from tui.themes import DIM

CHOSEN = "chosen"
"""The style metadata that holds a field and a value, for the mouse."""


@dataclass
class ValueClicked(Message):
    """A chip or value was clicked."""

    field: str
    value: str
    excluded: bool = False


def chips(filters: Sequence[FieldTerm], clear_hint: str) -> Content:
    """Return a chip for each filter, and the hint for clearing them; nothing without filters."""
    if not filters:
        return Content("")
    clear = clickable(Content.styled(clear_hint, DIM), "", "")
    return Content(" ").join([*_chips(filters), clear])


def _chips(filters: Sequence[FieldTerm]) -> Iterator[Content]:
    for term in filters:
        sign, style = ("−", "reverse $error") if term.excluded else ("+", "reverse $success")
        chip = Content.styled(f" {sign}{term.field}:{' | '.join(term.values)} ", style)
        value = term.values[0] if len(term.values) == 1 else ""
        yield clickable(chip, term.field, value, excluded=term.excluded)


def clickable(content: Content, field: str, value: str, *, excluded: bool = False) -> Content:
    """Return a text that stands for a value; without a field, it clears the filters."""
    return content.stylize(Style.from_meta({CHOSEN: (field, value, excluded)}))


async def click_chip(widget: Widget, event: events.Click) -> None:
    """Post a message about a clicked chip or value, or clear the filters."""
    if (chosen := event.style.meta.get(CHOSEN)) is None:
        return
    field, value, excluded = chosen
    if not field:
        await widget.run_action("screen.command('clear_filters')")
    elif value:
        widget.post_message(ValueClicked(field, value, excluded))
