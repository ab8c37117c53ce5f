"""Exiting on signals and when the terminal disappears, and resuming after a stop."""

import asyncio
import select
import signal
import sys
from contextlib import suppress

from textual.app import App
from textual.worker import WorkerError, WorkerState

from tui.platform.textual_private import resume

EXIT_TIMEOUT_S = 10
"""Seconds that exiting may take before the process is killed; committed changes are safe."""

POLL_INTERVAL_S = 1.0
"""Seconds between checks for the terminal."""


async def exit_app(app: App[None], code: int = 0) -> None:
    """Exit once all marks are written."""
    for worker in [worker for worker in app.workers if worker.group == "marks"]:
        while worker.state is WorkerState.PENDING:  # keys in a burst; it starts in a moment
            await asyncio.sleep(0)
        with suppress(WorkerError):
            await worker.wait()
    app.exit(return_code=code)


def install_signal_handlers(app: App[None], *, resumable: bool = True) -> None:
    """Exit on SIGTERM and SIGHUP, and when the terminal disappears without a signal.

    Textual would read end of file from a closed terminal in an endless loop. With `resumable`, the
    terminal is restored after a stop.
    """
    loop = asyncio.get_running_loop()

    def end(number: int) -> None:
        signal.alarm(EXIT_TIMEOUT_S)
        app.run_worker(exit_app(app, 128 + number), group="exit", exclusive=True)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, end, number)

    if resumable:
        signal.signal(signal.SIGCONT, lambda *_: _resume(app))
    terminal = select.poll()
    terminal.register(sys.__stdin__ or 0, 0)

    def check_terminal() -> None:
        if terminal.poll(0):
            end(signal.SIGHUP)

    app.set_interval(POLL_INTERVAL_S, check_terminal)


def _resume(app: App[None]) -> None:
    """Resume after a stop."""
    if not resume(app):
        app.call_later(app.refresh)
