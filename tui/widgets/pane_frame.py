"""The frame of panes: headings and dividers, heavy and lit for the one with the focus."""

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.glyphs import HEAVY_EDGE, HEAVY_RULE, HEAVY_TOP, LIGHT_EDGE, LIGHT_RULE, LIGHT_TOP
from tui.widgets.chips import click_chip

MIN_CHIP_CELLS = 6
"""Cells of a heading that are worth filling with chips."""


class PaneHeading(Widget):
    """A rule with the name of a pane, the chips of filters and the position in it.

    `lit` is whether the pane has the focus: its rule is heavy, so that it is seen without colour.
    """

    title: reactive[str] = reactive("")
    chips: reactive[Content] = reactive(Content(""))
    position: reactive[str] = reactive("")
    lit: reactive[bool] = reactive(False)

    def __init__(self, title: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(PaneHeading.title, title)

    def watch_lit(self, lit: bool) -> None:
        """Use the colour of a heading with or without the focus."""
        self.set_class(lit, "-lit")

    def render(self) -> Content:
        """Return the rule."""
        width, rule = self.content_size.width, HEAVY_RULE if self.lit else LIGHT_RULE
        position = f" {self.position} " if self.position else ""
        if len(position) + 8 > width:
            position = ""
        room = max(0, width - len(position) - 5)
        title = Content(self.title).truncate(room, ellipsis=True)
        style = "bold $accent" if self.lit else "$foreground 78%"
        left = Content.assemble(rule, " ", title.stylize_before(style), " ")
        if self.chips and (free := width - left.cell_length - len(position) - 3) > MIN_CHIP_CELLS:
            left = Content.assemble(left, self.chips.truncate(free, ellipsis=True), " ")
        gap = max(0, width - left.cell_length - len(position) - 1)
        return Content.assemble(left, rule * gap, (position, style), rule)

    async def on_click(self, event: events.Click) -> None:
        """Remove a clicked filter, or clear them."""
        await click_chip(self, event)


class Divider(Widget):
    """A rule between two panes, moved with the mouse."""

    heavy: reactive[bool] = reactive(False)

    @dataclass
    class Dragged(Message):
        """The divider was dragged to a column of the screen."""

        divider: "Divider"
        column: int

    def watch_heavy(self, heavy: bool) -> None:
        """Use the colour of the frame of a pane with the focus."""
        self.set_class(heavy, "-lit")

    def render(self) -> Content:
        """Return the rule."""
        top, rule = (HEAVY_TOP, HEAVY_EDGE) if self.heavy else (LIGHT_TOP, LIGHT_EDGE)
        return Content("\n".join([top, *[rule] * max(0, self.size.height - 1)]))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start to drag."""
        event.stop()
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move with the mouse."""
        if self.app.mouse_captured is self:
            self.post_message(self.Dragged(self, int(event.screen_x)))

    def on_mouse_up(self) -> None:
        """End dragging."""
        self.release_mouse()
