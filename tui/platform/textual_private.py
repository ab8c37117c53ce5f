"""All private names of Textual that Carrel uses.

If a new version of Textual lacks one, tests/test_private_names.py fails and names this module.
"""

import sys
from collections.abc import Iterable
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


def write_to_terminal(app: App[Any], text: str) -> bool:
    """Write text, such as an escape sequence, to the terminal; return False without a terminal."""
    if app._driver is None:
        return False
    app._driver.write(text)
    return True


def show_on_terminal(driver: Driver) -> None:
    """Write the screen to standard output if standard error is not a terminal.

    Textual writes to standard error, so that `carrel 2>log` would show nothing.
    """
    error, output = sys.__stderr__, sys.__stdout__
    if output and output.isatty() and not (error and error.isatty()):
        terminal = open(  # noqa: SIM115 - closed with the process
            output.fileno(), "w", encoding=output.encoding, errors="replace", closefd=False
        )
        setattr(driver, "_file", terminal)  # noqa: B010 - only drivers of terminals have it


def resume(app: App[Any]) -> bool:
    """Restore the terminal after a stop; return whether that was necessary.

    SIGSTOP cannot be handled, so after it the terminal was not reset. Textual does not check this,
    and would start a second thread that reads keys.
    """
    driver = app._driver
    if driver is None or not getattr(driver, "_must_signal_resume", True):
        return False
    driver.resume_application_mode()
    return True


async def run_binding(app: App[Any], key: str) -> bool:
    """Run the action bound to a key at the focus; return whether there is one."""
    return await app._check_bindings(key)


def own_bindings(widget: Widget, key: str) -> Iterable[Binding]:
    """Return a widget's own bindings for a key, without those of its screen."""
    return widget._bindings.key_to_bindings.get(key, ())


class QuietScreen(Screen[ScreenResultType]):
    """A screen that is painted only if that is seen: not in a batch, and below a dialog in part.

    While the application starts, Textual would paint the screen and discard it. After a change
    below a dialog, it would repaint both in whole with each message that the screen handles, as
    long as the dialog is open.
    """

    def _compositor_refresh(self) -> None:
        if self.app._batch_count:
            self.app.call_next(self.check_idle)  # paint what is dirty once the batch has ended
            return
        super()._compositor_refresh()
        if self.app.screen is not self:
            self._repaint_required = False
