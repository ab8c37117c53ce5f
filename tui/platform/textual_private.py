"""The private names of Textual that Carrel uses, all of them in this module.

tests/test_private_names.py fails when a new Textual has one no longer, and names this module.
"""

from collections.abc import Iterable
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.widget import Widget


def write_to_terminal(app: App[Any], text: str) -> bool:
    """Write text, such as an escape sequence, to the terminal; return whether there is one."""
    if app._driver is None:
        return False
    app._driver.write(text)
    return True


def resume(app: App[Any]) -> bool:
    """Take up the terminal again after a stop; return whether that was necessary.

    After SIGSTOP, of which no program is notified, the terminal is as it was, and Textual, which
    does not look, would begin to read keys a second time.
    """
    driver = app._driver
    if driver is None or not getattr(driver, "_must_signal_resume", True):
        return False
    driver.resume_application_mode()
    return True


async def run_binding(app: App[Any], key: str) -> bool:
    """Run the action that a key is bound to at the focus; return whether there was one."""
    return await app._check_bindings(key)


def own_bindings(widget: Widget, key: str) -> Iterable[Binding]:
    """Return the bindings of a widget itself, without those of its screen, for a key."""
    return widget._bindings.key_to_bindings.get(key, ())
