"""Editing a text in the program of $VISUAL or $EDITOR, with the reader suspended."""

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from index.errors import CarrelError
from index.text.cleaning import clean

DEFAULT_EDITOR = "vi"


def editor_command() -> list[str]:
    """Return the editor and its arguments; raises CarrelError if they cannot be parsed."""
    chosen = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    try:
        return shlex.split(chosen or DEFAULT_EDITOR)
    except ValueError as error:
        raise CarrelError(
            f"cannot open {clean(chosen)}: {error}; try another value of EDITOR"
        ) from error


def edit_text(text: str, app: App[Any]) -> str:
    """Return a text as it was edited in the user's editor; blocks until the editor ends.

    The text is passed in a file that only the user can read. The file is a separate argument, and
    no shell is involved. Raises CarrelError if there is no terminal, or if the editor cannot be
    started, fails, is killed, or leaves something other than UTF-8 text.
    """
    command = editor_command()
    file, name = tempfile.mkstemp(prefix="carrel-", suffix=".txt")
    path = Path(name)
    try:
        with os.fdopen(file, "w", encoding="utf-8") as opened:
            opened.write(text)
        with app.suspend(), _signals_left_to_the_editor():
            problem = _run([*command, name])
        if problem:
            raise CarrelError(problem)
        return path.read_text(encoding="utf-8").removesuffix("\n")
    except SuspendNotSupported as error:
        raise CarrelError("cannot open an editor here: there is no terminal") from error
    except UnicodeDecodeError as error:
        raise CarrelError("cannot read the edited text: not UTF-8") from error
    except OSError as error:
        raise CarrelError(f"cannot edit the text: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            path.unlink()


def _run(command: list[str]) -> str:
    """Run a command; return an error message, or "".

    Nothing is raised, since Textual would leave the reader suspended.
    """
    editor = clean(command[0])
    try:
        status = subprocess.run(command, check=False).returncode
    except OSError as error:
        return f"cannot open {editor}: {error.strerror or error}"
    if status > 0:
        return f"{editor} failed with status {status}"
    return f"{editor} was ended by {_signal_name(-status)}" if status else ""


def _signal_name(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"


@contextmanager
def _signals_left_to_the_editor() -> Iterator[None]:
    """Ignore the signals of keys, such as Ctrl-C, which the terminal also sends to this process.

    They have a handler rather than being ignored, since a child process would inherit that.
    """
    numbers = (signal.SIGINT, signal.SIGQUIT)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
