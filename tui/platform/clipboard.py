"""Copying to both clipboards: the terminal's by OSC 52, which works over SSH, and the system's."""

import base64
import os

from textual.app import App

from tui.platform.textual_private import write_to_terminal

TERMINAL_LIMIT = 74_994
"""Bytes of text that xterm takes in one OSC 52 sequence, base64 of which is 100,000 characters."""


def to_system(text: str) -> bool:
    """Copy to the system's clipboard; tell whether there was one. Slow where a helper hangs."""
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return False
    return True


def to_terminal(app: App[object], text: str) -> bool:
    """Send text to the terminal's clipboard; whether it took it cannot be known.

    Inside tmux it is sent once more wrapped for the terminal around it, which `set-clipboard on` or
    `allow-passthrough on` lets through. Returns False for a text too long to be sent.
    """
    if len(text.encode()) > TERMINAL_LIMIT:
        return False
    app.copy_to_clipboard(text)
    if os.environ.get("TMUX"):
        encoded = base64.b64encode(text.encode()).decode("ascii")
        write_to_terminal(app, f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\")
    return True
