"""Kept files: written again in the background, soon after papers or marks have changed."""

import asyncio
from typing import TYPE_CHECKING

from textual.dom import DOMNode
from textual.timer import Timer

from index import Library
from tui.controllers.host import Notice, start

if TYPE_CHECKING:
    from tui.config.configuration import Config

DELAY_S = 2.0
"""Seconds without a change before kept files are written."""

GROUP = "kept files"


class KeptFilesController:
    """Writes the kept files of a library once marks and papers stop changing.

    Files that are out of date when the reader is closed are written by the command that opened it.
    """

    def __init__(self, host: DOMNode, library: Library, config: "Config") -> None:
        self._host = host
        self._library = library
        self._config = config
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
        problems = await asyncio.to_thread(self._write)
        if problems:
            self._host.post_message(Notice(problems[0]))

    def _write(self) -> list[str]:
        kept = self._library.kept
        return kept.sync(self._config.style) if kept.all() else []
