"""The desk: layout, rows and theme, as the reader arranged them, saved between sessions."""

from dataclasses import replace
from pathlib import Path

from textual.app import App

from tui.config.state import ReaderState, load_state, save_state
from tui.widgets.layouts import LAYOUTS
from tui.widgets.panes import Panes


class Desk:
    """Arranges the panes and saves the arrangement in a file."""

    def __init__(self, panes: Panes, path: Path, configured_theme: str) -> None:
        self._panes = panes
        self._path = path
        self._configured_theme = configured_theme
        self._before_read = ""  # the layout chosen before "read"
        self.recent: list[str] = []  # commands run from the palette, the newest first

    def restore(self, app: App[None]) -> None:
        """Arrange the panes as saved, and use the theme that was chosen in the reader."""
        state = load_state(self._path)
        self._panes.shares = dict(state.shares)
        self._panes.papers.set_dense(state.dense)
        self._panes.choose(state.layout)
        self.recent[:] = state.recent_commands
        is_chosen = state.configured_theme == self._configured_theme
        if is_chosen and state.theme in app.available_themes:
            app.theme = state.theme

    def save(self, app: App[None]) -> None:
        """Save the arrangement and the theme."""
        panes = self._panes
        state = ReaderState(
            panes.chosen, panes.papers.row_style.dense, panes.shares,
            app.theme, self._configured_theme, tuple(self.recent),
        )  # fmt: skip
        if state != replace(load_state(self._path)):
            save_state(self._path, state)

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
