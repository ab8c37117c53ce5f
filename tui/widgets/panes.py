"""The panes for filters, papers and paper; on a narrow screen, two open over the list."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.widgets.filter_list import FilterList
from tui.widgets.line_list import LineList
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView

Pane = LineList | PaperView


class Panes(Horizontal):
    """Lays out the panes, moves the focus between them, and folds those without focus."""

    def __init__(self, facets: FilterList, papers: PaperList, view: PaperView, *, id: str) -> None:
        super().__init__(id=id)
        self.facets = facets
        self.papers = papers
        self.view = view

    def compose(self) -> ComposeResult:
        """Compose each pane below its heading."""
        with Vertical(id="filters", classes="pane"):
            yield Static("Filters", classes="heading")
            yield self.facets
        with Vertical(id="papers", classes="pane"):
            yield Static("Papers", id="papers-heading", classes="heading")
            yield self.papers
        with Vertical(id="paper", classes="pane"):
            yield Static("Paper", classes="heading")
            yield self.view

    @property
    def focused(self) -> Pane:
        """The pane that navigation keys apply to."""
        focused = self.screen.focused
        return focused if isinstance(focused, LineList | PaperView) else self.papers

    def step(self, step: int) -> None:
        """Go to the pane `step` panes to the right of the focused one, if there is one."""
        panes: list[Pane] = [self.facets, self.papers, self.view]
        at = panes.index(self.focused) + step
        if 0 <= at < len(panes):
            self.go(panes[at])

    def go(self, pane: Pane) -> None:
        """Go to a pane, opening it over the list on a narrow screen."""
        self.unfold(pane)
        self.screen.set_focus(pane)

    def unfold(self, focused: Widget | None) -> None:
        """Open the focused pane over the list on a narrow screen, and fold the other."""
        self.query_one("#filters").set_class(focused is self.facets, "-open")
        self.query_one("#paper").set_class(focused is self.view, "-open")

    @property
    def shows_paper(self) -> bool:
        """Whether the paper pane is visible."""
        return self.query_one("#paper").display

    def set_heading(self, heading: str) -> None:
        """Set the heading of the list."""
        self.query_one("#papers-heading", Static).update(Content(heading))
