"""The desk: layout, rows and theme, as the reader arranged them."""

from dataclasses import replace

from textual.app import App

from tui.config.state import ReaderState
from tui.widgets.layouts import LAYOUTS
from tui.widgets.panes import Panes


class Desk:
    """Arranges the panes, and returns their arrangement."""

    def __init__(self, panes: Panes, state: ReaderState, configured_theme: str) -> None:
        self._panes = panes
        self._state = state
        self._configured_theme = configured_theme
        self._before_read = ""  # the layout chosen before "read"
        self.recent: list[str] = []  # commands run from the palette, the newest first

    def restore(self, app: App[None]) -> None:
        """Arrange the panes as saved, and use the theme that was chosen in the reader."""
        state = self._state
        self._panes.shares = dict(state.shares)
        self._panes.papers.set_dense(state.dense)
        self._panes.choose(state.layout)
        self.recent[:] = state.recent_commands
        is_chosen = state.configured_theme == self._configured_theme
        if is_chosen and state.theme in app.available_themes:
            app.theme = state.theme

    def arranged(self, state: ReaderState, app: App[None]) -> ReaderState:
        """Return a state with the arrangement and the theme as they are now."""
        panes = self._panes
        return replace(
            state,
            layout=panes.chosen,
            dense=panes.papers.row_style.dense,
            shares=dict(panes.shares),
            theme=app.theme,
            configured_theme=self._configured_theme,
            recent_commands=tuple(self.recent),
        )

    # -- for commands ------------------------------------------------------------------------------

    def choose(self, layout: str) -> None:
        """Use a layout; "" is the one for the width of the screen."""
        panes = self._panes
        if layout == "read" and panes.layout_name != "read":
            self._before_read = panes.chosen
        focused = panes.focused
        panes.choose(layout)
        panes.go(panes.home if focused is not panes.facets else focused)

    def next_layout(self) -> None:
        """Use the next layout that the screen has room for."""
        at = LAYOUTS.index(self._panes.layout_name)
        for layout in (*LAYOUTS[at + 1 :], *LAYOUTS[: at + 1]):
            self.choose(layout)
            if self._panes.layout_name == layout:
                return

    def leave_read(self) -> None:
        """Go back from one paper alone to the list."""
        before = self._before_read
        self.choose("" if before == "read" else before)

    def toggle_dense(self) -> None:
        """Show papers on one line each, or on two."""
        papers = self._panes.papers
        papers.set_dense(not papers.row_style.dense)

    def resize_list(self, steps: int) -> None:
        """Move the divider between list and paper by steps."""
        self._panes.resize_list(steps)
