"""The panes for filters, papers and paper, in one of four layouts."""

from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from index.search.results import Results
from tui.widgets.chips import chips
from tui.widgets.filter_list import FilterList
from tui.widgets.layouts import (
    MAX_SHARE,
    MIN_SHARE,
    Arrangement,
    arrange,
    automatic_layout,
    step_share,
    usable_layout,
)
from tui.widgets.line_list import LineList
from tui.widgets.pane_frame import Divider, PaneHeading
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView

Pane = LineList | PaperView


class Panes(Container):
    """Lays out the panes, moves the focus between them, and opens those that are folded.

    `chosen` is the layout chosen by hand, or "" to choose one by the width. `shares` are the shares
    of the list in each layout whose divider was moved.
    """

    @dataclass
    class Arranged(Message):
        """The panes have a new layout or new widths."""

        arrangement: Arrangement

    results: var[Results | None] = var(None, init=False)

    def __init__(
        self,
        facets: FilterList,
        papers: PaperList,
        view: PaperView,
        *,
        id: str,
        clear_hint: str = "",
    ) -> None:
        super().__init__(id=id)
        self._clear_hint = clear_hint
        self.facets = facets
        self.papers = papers
        self.view = view
        self.named: dict[str, Pane] = {"filters": facets, "papers": papers, "paper": view}
        self.chosen = ""
        self.shares: dict[str, float] = {}
        self.arrangement = Arrangement("", 0, 0)
        self.headings: dict[Pane, PaneHeading] = {
            facets: PaneHeading("Filters"),
            papers: PaneHeading("Papers", id="papers-heading"),
            view: PaneHeading("Paper"),
        }

    def compose(self) -> ComposeResult:
        """Compose each pane below its heading, with dividers between them."""
        for name, pane in self.named.items():
            with Vertical(id=name, classes="pane"):
                yield self.headings[pane]
                yield pane
            if name != "paper":
                yield Divider(id=f"after-{name}")

    def name_of(self, widget: Widget | None) -> str:
        """Return the name of a pane; "" for any other widget."""
        return next((name for name, pane in self.named.items() if pane is widget), "")

    # -- layout ------------------------------------------------------------------------------------

    @property
    def layout_name(self) -> str:
        """The name of the layout."""
        return self.arrangement.layout

    def on_resize(self) -> None:
        """Choose a layout for the new size."""
        self.lay_out()

    def choose(self, layout: str) -> None:
        """Use a layout, or with "" the one for the width of the screen."""
        self.chosen = layout
        self.lay_out()

    def resize_list(self, steps: int) -> None:
        """Make the list larger, or smaller, and the paper the opposite."""
        name = self.layout_name
        self.shares[name] = step_share(name, self.shares.get(name), steps)
        self.lay_out()

    def lay_out(self) -> None:
        """Lay out the panes, if that changes anything."""
        width, height = self.size
        if not width:
            return
        name = usable_layout(self.chosen, width) if self.chosen else automatic_layout(width)
        new = arrange(name, width, height, self.shares.get(name))
        if new == self.arrangement:
            return
        self.arrangement = new
        for layout in ("stack", "split", "three", "read"):
            self.set_class(layout == name, f"-{layout}")
        self.set_class(not new.list_size, "-single")
        papers = self.query_one("#papers").styles
        if name == "stack":
            papers.width, papers.height = "100%", new.list_size or "1fr"
        else:
            papers.width, papers.height = new.list_size or "100%", "1fr"
        self.unfold(self.screen.focused)
        self.set_position(self.papers.cursor, self.papers.row_count)
        self._show_chips()
        self.post_message(self.Arranged(new))

    @on(Divider.Dragged)
    def _dragged(self, dragged: Divider.Dragged) -> None:
        """Resize the list to the position of the mouse."""
        dragged.stop()
        name, filters = self.layout_name, self.arrangement.filters
        if dragged.divider.id == "after-papers" and name in ("split", "three"):
            start = filters + 1 if filters else 0
            share = (dragged.column - start) / max(1, self.size.width - start - 1)
            self.shares[name] = max(MIN_SHARE, min(MAX_SHARE, share))
            self.lay_out()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Drag the heading of the paper in a stack, which is its divider."""
        if event.widget is self.headings[self.view] and self.layout_name == "stack":
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the divider of a stack with the mouse."""
        if self.app.mouse_captured is self:
            share = (event.screen_y - self.region.y) / max(1, self.size.height)
            self.shares["stack"] = max(MIN_SHARE, min(MAX_SHARE, share))
            self.lay_out()

    def on_mouse_up(self) -> None:
        """End dragging."""
        self.release_mouse()

    # -- focus -------------------------------------------------------------------------------------

    @property
    def focused(self) -> Pane:
        """The pane that navigation keys apply to."""
        focused = self.screen.focused
        if isinstance(focused, LineList | PaperView):
            return focused
        return self.home

    @property
    def home(self) -> Pane:
        """The pane that Escape goes to: the list or, in the layout "read", the paper."""
        return self.view if self.layout_name == "read" else self.papers

    @property
    def stepped(self) -> Pane:
        """The pane whose rows or lines `j` and `k` step through: in "read" the papers."""
        return self.papers if self.focused is self.view is self.home else self.focused

    def step(self, step: int) -> None:
        """Go to the pane `step` panes to the right of the focused one, if there is one."""
        panes: list[Pane] = [self.facets, self.papers, self.view]
        if self.layout_name == "read":
            panes.remove(self.papers)
        at = panes.index(self.focused) + step
        if 0 <= at < len(panes):
            self.go(panes[at])

    def go(self, pane: Pane) -> None:
        """Go to a pane, opening it if it is folded."""
        if pane is self.papers and self.layout_name == "read":
            pane = self.view
        self.unfold(pane)
        self.screen.set_focus(pane)

    def unfold(self, focused: Widget | None) -> None:
        """Open the focused pane, fold those that open over others, and light the frame."""
        self.query_one("#filters").set_class(focused is self.facets, "-open")
        reads = focused is self.view or self.layout_name == "read"
        self.set_class(reads, "-reading")
        for pane, heading in self.headings.items():
            heading.lit = pane is focused
        for name, beside in (("filters", (self.facets, self.papers)),
                             ("papers", (self.papers, self.view))):  # fmt: skip
            self.query_one(f"#after-{name}", Divider).heavy = focused in beside

    @property
    def shows_paper(self) -> bool:
        """Whether the paper pane is visible."""
        return self.query_one("#paper").display

    def set_heading(self, heading: str) -> None:
        """Set the heading of the list."""
        self.headings[self.papers].title = heading

    def watch_results(self) -> None:
        """Show the filters of another query."""
        self._show_chips()

    def _show_chips(self) -> None:
        """Show the filters in the heading, unless the strip above does: the list never moves."""
        filters = self.results.query.filters if self.results else ()
        shown = Content("") if self.layout_name == "split" else chips(filters, self._clear_hint)
        self.headings[self.papers].chips = shown
        self.headings[self.view].chips = shown if self.layout_name == "read" else Content("")

    def set_position(self, row: int, of: int) -> None:
        """Show the position of the cursor in the list, as in "2/15 · 13%"."""
        position = f"{row + 1:,}/{of:,} · {(row + 1) * 100 // of}%" if of else ""
        self.headings[self.papers].position = position
        self.headings[self.view].position = position if self.layout_name == "read" else ""
