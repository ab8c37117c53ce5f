"""`carrel doctor`: whether library, configuration, terminal and clipboard are well."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from tui.cli.base import opened
from tui.cli.output import check_lines, emit, say
from tui.cli.progress import progress

if TYPE_CHECKING:
    from index.doctor import Check

LEAST = (60, 20)
"""Columns and lines that the reader needs."""

PATIENCE = 2.0
"""Seconds that tmux is given to answer."""


@click.command()
@click.option("--rebuild", is_flag=True, help="Build the search index anew first.")
@click.option("--mend", is_flag=True, help="First mend what can be mended without a risk.")
def doctor(rebuild: bool, mend: bool) -> None:
    """Check that all is well, and say what mends what is not.

    Looks at the library, its database and saved copies, the search index, the configuration, the
    terminal and the clipboard. --mend closes folders and files that others may use, and builds a
    broken index anew; no mark is touched.

    \b
    Examples:
      carrel doctor
      carrel doctor --mend
      carrel doctor --rebuild
    """
    checks = [*_library(rebuild, mend), *_configuration(), *_terminal(), _clipboard()]
    emit(check_lines(checks))
    if not all(check.fine for check in checks):
        click.get_current_context().exit(1)


def _library(rebuild: bool, mend: bool) -> "list[Check]":
    """Mend what is to be mended and check; a library that cannot be opened is a finding too."""
    from index.doctor import Check
    from index.errors import LibraryUnavailable

    try:
        with opened() as library, progress("Indexing") as tell:
            if rebuild:
                library.rebuild(lambda done, total: tell(done, total, done))
            fix = library.doctor.fix
            for done in fix(lambda done, total: tell(done, total, done)) if mend else ():
                say(f"mended: {done}")
            return library.doctor.check()
    except LibraryUnavailable as error:
        return [Check("library", False, str(error))]


def _configuration() -> "list[Check]":
    from index.doctor import Check
    from index.paths import config_file
    from tui.config.configuration import load

    path = config_file()
    _, problems = load(path)
    if not problems:
        there = str(path) if path.exists() else f"{path} (not there; all is at its default)"
        return [Check("configuration", True, there)]
    return [Check("configuration", False, problem) for problem in problems]


# -- the terminal ----------------------------------------------------------------------------------


def _terminal() -> "Iterator[Check]":
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
    roomy = size.columns >= LEAST[0] and size.lines >= LEAST[1]
    mend = "" if roomy else f"; the reader needs {LEAST[0]}x{LEAST[1]}, make the window larger"
    yield Check("size", roomy, f"{size.columns}x{size.lines}{mend}")
    yield _characters()


def _colours(term: str) -> str:
    if os.environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256color" in term else "16 colours"


def _characters() -> "Check":
    """Return whether the locale says that the terminal shows UTF-8, as POSIX looks it up."""
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


def _clipboard() -> "Check":
    """Return whether copies can leave: by a tool of this system, or by OSC 52 to the terminal."""
    from index.doctor import Check

    tool = _clipboard_tool()
    local = tool and not os.environ.get("SSH_CONNECTION")
    here = f"by {tool}" if tool else "no tool of this system (xclip, xsel or wl-copy)"
    if os.environ.get("TMUX") and not _tmux_lets_copies_through():
        told = f"{here}; tmux keeps OSC 52 back; tmux set -g set-clipboard on lets it through"
        return Check("clipboard", bool(local), told)
    return Check("clipboard", True, f"{here}; by OSC 52, which the terminal may have to allow")


def _clipboard_tool() -> str:
    """Return the tool that the system's clipboard is reached by, "" where there is none."""
    import pyperclip

    copy, _ = pyperclip.determine_clipboard()
    if not copy:
        return ""
    name = str(copy.__name__).removeprefix("copy_").removeprefix("osx_")
    return "wl-copy" if name == "wl" else name


def _tmux_lets_copies_through() -> bool:
    """Tell whether tmux takes OSC 52 itself, or passes on what is wrapped for the terminal."""
    return _tmux_option("-gv", "set-clipboard") == "on" or (
        _tmux_option("-gwv", "allow-passthrough") in ("on", "all")
    )


def _tmux_option(scope: str, name: str) -> str:
    try:
        asked = ["tmux", "show-options", scope, name]
        answer = subprocess.run(asked, capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode(errors="replace").strip()
