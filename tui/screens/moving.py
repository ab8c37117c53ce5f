"""How a reader moves: the cursor in a pane, from pane to pane, and back out."""

from textual import on
from textual.widget import Widget

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
        panes: list[Pane] = [self.facets, self.papers, self.view]
        at = panes.index(self.pane) + step
        if 0 <= at < len(panes):
            self.go(panes[at])

    def go(self, pane: Pane) -> None:
        """Go to a pane; one that is folded away on a narrow screen opens over the list."""
        self._unfold(pane)
        self.set_focus(pane)

    def on_descendant_focus(self) -> None:
        """Fold panes away that were left, by whatever way."""
        self._unfold(self.focused)

    def _unfold(self, pane: Widget | None) -> None:
        """Open the pane that lies over the list on a narrow screen, fold the other away."""
        self.query_one("#filters").set_class(pane is self.facets, "-open")
        self.query_one("#paper").set_class(pane is self.view, "-open")

    def action_open(self) -> None:
        """Open the paper, or choose the value under the cursor of the filters."""
        if self.pane is self.facets:
            self.choose(exclude=False)
        elif self.pane is self.papers and self.current:
            self.go(self.view)

    def action_back(self) -> None:
        """Back out, one step at a time: a pane, related papers, the selection, the query."""
        if self.focused is not self.papers:
            self.go(self.papers)
        elif self.leave_related():
            pass
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
        number, of = self.view.step_match(step)
        if of and not self.query_one("#paper").display:
            self.go(self.view)
        self.say(f"match {number} of {of}" if of else "no match in this paper")
