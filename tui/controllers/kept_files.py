"""Kept files: written again in the background, soon after papers or marks have changed."""

import asyncio

from textual.dom import DOMNode
from textual.timer import Timer

from index import Library
from index.formats import Style
from tui.controllers.host import Notice, start

DELAY_S = 2.0
"""Seconds without a change before kept files are written."""

GROUP = "kept files"


class KeptFilesController:
    """Writes the kept files of a library once marks and papers stop changing.

    Files that are out of date when the reader is closed are written by the command that opened it.
    """

    def __init__(self, host: DOMNode, library: Library, style: Style) -> None:
        self._host = host
        self._library = library
        self._style = style
        self._timer: Timer | None = None

    def changed(self) -> None:
        """Write the kept files that are out of date, once nothing changes for a while."""
        if self._timer:
            self._timer.stop()
        self._timer = self._host.set_timer(DELAY_S, self.sync)

    def sync(self) -> None:
        """Write the kept files that are out of date; show a notice for one that cannot be."""
        start(self._host, self._sync, GROUP)

    async def _sync(self) -> None:
        problems = await asyncio.to_thread(self._library.kept.sync, self._style)
        if problems:
            self._host.post_message(Notice(problems[0]))
