"""How a reader moves: the cursor in a pane, from pane to pane, and back out."""

from textual import on

from tui.screens.base import Pane, PaperScreen
from tui.widgets.line_list import LineList


class Moving(PaperScreen):
    """The actions that move; on a narrow screen panes open over the list and fold away."""

    @on(LineList.Chosen, "#list")
    def _chosen(self) -> None:
        self.action_open()

    def action_down(self) -> None:
        """Go to the next row."""
        self.pane.move(1)

    def action_up(self) -> None:
        """Go to the previous row."""
        self.pane.move(-1)

    def action_top(self) -> None:
        """Go to the first row."""
        self.pane.move_to(0)

    def action_bottom(self) -> None:
        """Go to the last row."""
        self.pane.move_to(-1)

    def action_half_down(self) -> None:
        """Go half a page down."""
        self.pane.half_page(1)

    def action_half_up(self) -> None:
        """Go half a page up."""
        self.pane.half_page(-1)

    def action_pane_left(self) -> None:
        """Go to the pane to the left."""
        self._step_pane(-1)

    def action_pane_right(self) -> None:
        """Go to the pane to the right."""
        self._step_pane(1)

    def _step_pane(self, step: int) -> None:
        """Go to the next pane that way; one that lies over the list opens and closes."""
        panes: list[Pane] = [self.facets, self.papers, self.view]
        at = panes.index(self.pane) + step
        if not 0 <= at < len(panes):
            return
        self.reveal("filters", panes[at] is self.facets)
        self.reveal("paper", panes[at] is self.view)
        panes[at].focus()

    def reveal(self, pane: str, shown: bool) -> None:
        """Open a pane that lies over the list on a narrow screen, or fold it away."""
        self.query_one(f"#{pane}").set_class(shown, "-open")

    def action_open(self) -> None:
        """Open the paper, or choose the value under the cursor of the filters."""
        if self.pane is self.facets:
            self.choose(exclude=False)
        elif self.pane is self.papers and self.current:
            self.reveal("paper", True)
            self.view.focus()

    def action_back(self) -> None:
        """Back out, one step at a time: a pane, the selection, the query."""
        if self.pane is not self.papers:
            self.reveal("filters", False)
            self.reveal("paper", False)
            self.papers.focus()
        elif self.selection:
            self.selection = frozenset()
            self.say("selection dropped")
        elif self.query_text:
            self.query_text = ""

    def action_next_match(self) -> None:
        """Go to the next match in the paper."""
        self._step_match(1)

    def action_previous_match(self) -> None:
        """Go to the previous match in the paper."""
        self._step_match(-1)

    def _step_match(self, step: int) -> None:
        self.reveal("paper", True)
        number, of = self.view.step_match(step)
        self.say(f"match {number} of {of}" if of else "no match in this paper")
