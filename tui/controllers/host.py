"""What controllers need of the screen they work for, and the messages they share."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.message import Message
from textual.worker import Worker

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]
"""Begins work in the background; called once it is its turn."""


class Notice(Message):
    """A line for the status line: what was done, and which command is worth offering next.

    `command` is the name of a command, `does` what its key does then: ("undo", "undoes").
    """

    def __init__(self, words: str, command: str = "", does: str = "") -> None:
        super().__init__()
        self.words = words
        self.command = command
        self.does = does


class MarksChanged(Message):
    """Marks have changed, or may have: what shows them is out of date."""


class PapersChanged(Message):
    """Papers were added, deleted or merged: what shows them is out of date."""


def start(host: DOMNode, work: Work, group: str, *, exclusive: bool = False) -> Worker[None]:
    """Run work in the background; an error in it is shown by the host and ends nothing else.

    With `exclusive` it cancels work of its group that is under way.
    """
    return host.run_worker(work, group=group, exclusive=exclusive, exit_on_error=False)


def log_job(event: Worker.StateChanged) -> None:
    """Log that work in the background has started or ended, and how."""
    log.debug("job %s/%s: %s", event.worker.group, event.worker.name, event.state.name.lower())
