"""How the reader leaves when told to, or when its terminal is gone; how it goes on after a stop."""

import asyncio
import select
import signal
import sys
from contextlib import suppress

from textual.app import App
from textual.worker import WorkerError

from tui.platform.textual_private import resume

GRACE = 10
"""Seconds that leaving may take; then the process ends as it stands, all that was told kept."""

LOOK = 1.0
"""Seconds between two looks whether the terminal is still there."""


async def leave(app: App[None], code: int = 0) -> None:
    """Leave, once all marks are written."""
    for worker in [worker for worker in app.workers if worker.group == "marks"]:
        with suppress(WorkerError):
            await worker.wait()
    app.exit(return_code=code)


def install_signal_handlers(app: App[None]) -> None:
    """Leave when a signal asks for it, and when the terminal has vanished without one.

    Textual would read the end of a vanished terminal again and again.
    """
    loop = asyncio.get_running_loop()

    def end(number: int) -> None:
        signal.alarm(GRACE)
        app.run_worker(leave(app, 128 + number), group="leave", exclusive=True)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, end, number)

    signal.signal(signal.SIGCONT, lambda *_: _go_on(app))
    terminal = select.poll()
    terminal.register(sys.__stdin__ or 0, 0)

    def look() -> None:
        if terminal.poll(0):
            end(signal.SIGHUP)

    app.set_interval(LOOK, look)


def _go_on(app: App[None]) -> None:
    """Take the terminal up again after a stop."""
    if not resume(app):
        app.call_later(app.refresh)
