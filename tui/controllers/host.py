"""Messages and background work shared by the controllers."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from textual.dom import DOMNode
from textual.message import Message
from textual.worker import Worker, WorkerError, WorkerState

log = logging.getLogger(__name__)


Work = Callable[[], Coroutine[Any, Any, None]]
"""Starts work in the background; called when the worker runs."""


@dataclass
class Notice(Message):
    """A message for the status line, with the command to suggest next.

    `command` is the name of a command, `label` its short form in the hint: ("undo", "undo"), and
    `typed` what to type after its key. A message that `replaces` another is shown only if that one
    is still visible; with "", only if there is none.
    """

    text: str
    command: str = ""
    label: str = ""
    typed: str = ""
    replaces: str | None = None


class MarksChanged(Message):
    """Marks have changed, or may have; views of them are out of date."""


class PapersChanged(Message):
    """Papers were added, deleted or merged; views of them are out of date."""


def start(host: DOMNode, work: Work, group: str, *, exclusive: bool = False) -> Worker[None]:
    """Run work in the background; the host shows its errors and continues.

    With `exclusive`, running work of the group is cancelled.
    """
    return host.run_worker(work, group=group, exclusive=exclusive, exit_on_error=False)


async def finished(host: DOMNode, *groups: str) -> None:
    """Wait until no work of some groups is running, including work started in the meantime.

    Cancelling the wait does not cancel the work, as it would if a worker were awaited directly.
    """
    while running := [w for w in host.workers if w.group in groups and not w.is_finished]:
        for worker in running:
            with suppress(WorkerError):
                await asyncio.shield(worker.wait())


def worker_error(event: Worker.StateChanged) -> BaseException | None:
    """Log a change of state of work in the background; return the error, if it failed."""
    log.debug("job %s/%s: %s", event.worker.group, event.worker.name, event.state.name.lower())
    return event.worker.error if event.state is WorkerState.ERROR else None
