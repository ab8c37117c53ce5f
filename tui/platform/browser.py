"""Opening a link: http and https alone, through an argument list, never a shell."""

import os
import subprocess
import sys
import webbrowser
from collections.abc import Sequence

from index.papers.identifiers import web_url


def open_link(url: str, opener: Sequence[str] = ()) -> str:
    """Open a link with a command, or with the system's browser; return "" or why it was not.

    The link becomes the last argument of `opener`.
    """
    if not web_url(url):
        return "only http and https links are opened"
    if opener:
        return _run([*opener, url])
    if not _has_screen():
        return "there is no browser here; y u copies the link"
    try:
        return "" if webbrowser.open(url) else "no browser could be started; y u copies the link"
    except webbrowser.Error as error:
        return f"no browser could be started ({error}); y u copies the link"


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
        return f"{command[0]} cannot be started ({error.strerror}); see opener in the configuration"
    return ""


def _has_screen() -> bool:
    """Tell whether a browser would open beside this terminal rather than in it."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME",
                                                 "BROWSER"))  # fmt: skip
