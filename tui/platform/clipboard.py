"""Copying to the terminal's clipboard by OSC 52, which works over SSH, and to the system's."""

import base64
import os

from textual.app import App

from tui.platform.textual_private import write_to_terminal

MAX_TERMINAL_BYTES = 74_994
"""Bytes of text in one OSC 52 sequence; xterm accepts 100,000 characters of base64."""


def to_system(text: str) -> bool:
    """Copy to the system's clipboard; return whether there is one. Blocks if a helper hangs."""
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return False
    return True


def to_terminal(app: App[object], text: str) -> bool:
    """Send text to the terminal's clipboard, which does not report success.

    Inside tmux, the sequence is sent again, wrapped for the outer terminal, which works with
    `set-clipboard on` or `allow-passthrough on`. Returns False if the text is too long.
    """
    if len(text.encode()) > MAX_TERMINAL_BYTES:
        return False
    app.copy_to_clipboard(text)
    if os.environ.get("TMUX"):
        encoded = base64.b64encode(text.encode()).decode("ascii")
        write_to_terminal(app, f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\")
    return True
