"""What `carrel doctor` checks of the terminal and the clipboard."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.doctor import Check

MIN_SIZE = (60, 20)
"""Columns and lines that the reader needs."""

TMUX_TIMEOUT_S = 2.0
"""Seconds that tmux has to answer."""


def terminal_checks() -> "Iterator[Check]":
    """Yield what is found of the terminal: its type, colours, size and characters."""
    from index.doctor import Check

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        told = "none here; the reader needs one, the other commands do not"
        yield Check("terminal", True, told)
        return
    term = os.environ.get("TERM", "")
    if term in ("", "dumb"):
        told = f"TERM is {term!r}; set it to what the terminal is, as in TERM=xterm-256color"
        yield Check("terminal", False, told)
    else:
        yield Check("terminal", True, f"{term}, {_colours(term)}")
    size = shutil.get_terminal_size()
    columns, lines = MIN_SIZE
    large = size.columns >= columns and size.lines >= lines
    fix = "" if large else f"; the reader needs {columns}x{lines}, make the window larger"
    yield Check("size", large, f"{size.columns}x{size.lines}{fix}")
    yield _characters()


def _colours(term: str) -> str:
    if os.environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256color" in term else "16 colours"


def _characters() -> "Check":
    """Return whether the locale is one of UTF-8; POSIX looks it up in this order of variables."""
    from index.doctor import Check

    names = ("LC_ALL", "LC_CTYPE", "LANG")
    name, value = next(
        ((name, value) for name in names if (value := os.environ.get(name))), ("LANG", "")
    )
    if "utf8" in value.lower().replace("-", ""):
        return Check("characters", True, f"UTF-8 ({name}={value})")
    told = f"{name} is {value!r}, which is not UTF-8; set {name}=C.UTF-8 or another of UTF-8"
    return Check("characters", False, told)


# -- the clipboard ---------------------------------------------------------------------------------


def clipboard_check() -> "Check":
    """Return whether text can be copied, by a tool of this system or by OSC 52 of the terminal."""
    from index.doctor import Check

    tool = _clipboard_tool()
    local = tool and not os.environ.get("SSH_CONNECTION")
    here = f"by {tool}" if tool else "no tool of this system (xclip, xsel or wl-copy)"
    if os.environ.get("TMUX") and not _tmux_allows_osc52():
        told = f"{here}; tmux keeps OSC 52 back; tmux set -g set-clipboard on lets it through"
        return Check("clipboard", bool(local), told)
    return Check("clipboard", True, f"{here}; by OSC 52, which the terminal may have to allow")


def _clipboard_tool() -> str:
    """Return the name of the system's clipboard tool, "" if there is none."""
    import pyperclip

    copy, _ = pyperclip.determine_clipboard()
    if not copy:
        return ""
    name = str(copy.__name__).removeprefix("copy_").removeprefix("osx_")
    return "wl-copy" if name == "wl" else name


def _tmux_allows_osc52() -> bool:
    """Return whether tmux handles OSC 52 itself, or passes it on to the terminal."""
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
