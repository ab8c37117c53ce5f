"""All private names of Textual that Carrel uses.

If a new version of Textual lacks one, tests/test_private_names.py fails and names this module.
"""

from collections.abc import Iterable
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.widget import Widget


def write_to_terminal(app: App[Any], text: str) -> bool:
    """Write text, such as an escape sequence, to the terminal; return False without a terminal."""
    if app._driver is None:
        return False
    app._driver.write(text)
    return True


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
