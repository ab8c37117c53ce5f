"""The terminal and clipboard checks of `carrel doctor`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.platform.capabilities import (
    TRUE_COLORS,
    count_colors,
    locale_is_utf8,
    locale_variable,
)

if TYPE_CHECKING:
    from index.doctor import Check

MIN_SIZE = (60, 20)
"""Columns and lines required by the reader."""

TMUX_TIMEOUT_S = 2.0
"""Seconds to wait for tmux."""


def terminal_checks() -> "Iterator[Check]":
    """Yield checks of the terminal: its type and colours, its size, its character set."""
    from index.doctor import Check

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield Check("terminal", True, "not a terminal; only the reader needs one")
        return
    term = os.environ.get("TERM", "")
    if term in ("", "dumb"):
        message = f"TERM is {term!r}; set it to the terminal type, such as xterm-256color"
        yield Check("terminal", False, message)
    else:
        yield Check("terminal", True, f"{term}, {_describe_colours()}")
    size = shutil.get_terminal_size()
    columns, lines = MIN_SIZE
    large = size.columns >= columns and size.lines >= lines
    fix = "" if large else f"; the reader needs {columns}x{lines}, enlarge the window"
    yield Check("size", large, f"{size.columns}x{size.lines}{fix}")
    yield _check_locale()


def _describe_colours() -> str:
    if os.environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    colors = count_colors()
    if not colors:
        return "no colours"
    return "16 million colours" if colors == TRUE_COLORS else f"{colors} colours"


def _check_locale() -> "Check":
    """Return whether the locale uses UTF-8."""
    from index.doctor import Check

    name, value = locale_variable()
    if locale_is_utf8():
        return Check("characters", True, f"UTF-8 ({name}={value})")
    message = (
        f"{name} is {value!r}, which is not UTF-8; set it to a UTF-8 locale, such as C.UTF-8, "
        "or read in ASCII"
    )
    return Check("characters", False, message)


# -- the clipboard ---------------------------------------------------------------------------------


def clipboard_check() -> "Check":
    """Return whether text can be copied, with a system tool or by OSC 52."""
    from index.doctor import Check

    tool = _clipboard_tool()
    local = tool and not os.environ.get("SSH_CONNECTION")
    system = tool or "no system tool (xclip, xsel or wl-copy)"
    if os.environ.get("TMUX") and not _tmux_allows_osc52():
        message = f"{system}; tmux blocks OSC 52, allow it with tmux set -g set-clipboard on"
        return Check("clipboard", bool(local), message)
    return Check("clipboard", True, f"{system}; OSC 52, if the terminal allows it")


def _clipboard_tool() -> str:
    """Return the name of the system's clipboard tool, or "" if there is none."""
    import pyperclip

    copy, _ = pyperclip.determine_clipboard()
    if not copy:
        return ""
    name = str(copy.__name__).removeprefix("copy_").removeprefix("osx_")
    return "wl-copy" if name == "wl" else name


def _tmux_allows_osc52() -> bool:
    """Return whether tmux handles OSC 52 itself or passes it to the terminal."""
    return _tmux_option("-gv", "set-clipboard") == "on" or (
        _tmux_option("-gwv", "allow-passthrough") in ("on", "all")
    )


def _tmux_option(scope: str, name: str) -> str:
    command = ["tmux", "show-options", scope, name]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=TMUX_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode(errors="replace").strip()
