"""Opening web links, without a shell."""

import os
import subprocess
import sys
import webbrowser
from collections.abc import Sequence

from index.papers.identifiers import web_url


def link_error(url: str) -> str:
    """Return why a link is not opened; "" for a link to the web."""
    return "" if web_url(url) else "cannot open the link: not an http or https URL"


def open_link(url: str, opener: Sequence[str] = ()) -> str:
    """Open a link with a command, or with the system's browser; return "" or an error message.

    The link becomes the last argument of `opener`.
    """
    if error := link_error(url):
        return error
    if opener:
        return _run([*opener, url])
    if not _has_display():
        return "cannot open the link: no display; try y u to copy it"
    try:
        return "" if webbrowser.open(url) else "cannot start a browser; try y u to copy the link"
    except webbrowser.Error as error:
        return f"cannot start a browser: {error}; try y u to copy the link"


def _run(command: list[str]) -> str:
    try:
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"cannot start {command[0]}: {error.strerror}; check opener in the configuration"
    return ""


def _has_display() -> bool:
    """Return whether a browser would open in a window rather than in this terminal."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME",
                                                 "BROWSER"))  # fmt: skip
