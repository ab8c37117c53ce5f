"""The reader on a real terminal: a pty whose screen is read back by pyte.

Bytes are read with their times first and understood afterwards, so that reading the screen does not
slow down what is measured: the time of a screen is that of the last bytes that it took.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

COLUMNS, LINES = 120, 40
QUIET = 0.15
"""Seconds without output after which the screen is read."""

_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1bP.*?\x1b\\", re.DOTALL)
"""Sequences that pyte does not know: the keyboard protocol's and questions about modes."""
_OPEN = re.compile(rb"\x1b(?:\[[0-9;<=>?$ ]*|P[^\x1b]*)?\Z")
"""An incomplete sequence."""

Shows = Callable[[Sequence[str]], bool]


class NeverShown(Exception):
    """Raised when the screen never shows what is expected."""


class Terminal:
    """A program in a new terminal, terminated at the end of the block."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.started = time.perf_counter()
        self.pid, self._file = pty.fork()
        if self.pid == 0:  # the program's side
            termios_size = struct.pack("HHHH", LINES, COLUMNS, 0, 0)
            fcntl.ioctl(1, termios.TIOCSWINSZ, termios_size)
            os.execvpe(command[0], list(command), dict(environment))
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._open = b""
        self.read_at = self.started
        """The time of the bytes that last changed the screen."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._file)

    @property
    def rows(self) -> list[str]:
        """The lines of the screen as last read."""
        return list(self._screen.display)

    def write(self, keys: str) -> None:
        """Press keys."""
        os.write(self._file, keys.encode())

    def press(self, keys: str, shows: Shows, patience: float = 10.0) -> float:
        """Press keys; return the seconds until the screen shows what is expected."""
        started = time.perf_counter()
        self.write(keys)
        return self.until(shows, patience) - started

    def until(self, shows: Shows, patience: float = 30.0) -> float:
        """Return the time at which the screen showed what is expected; waits until output ends.

        Raises NeverShown if that takes longer than `patience` seconds.
        """
        deadline = time.perf_counter() + patience
        shown: float | None = None
        while shown is None:
            if time.perf_counter() > deadline:
                raise NeverShown("\n".join(row.rstrip() for row in self.rows))
            for moment, chunk in self._read():
                self.read_at = moment
                self._feed(chunk)
                if shown is None and shows(self.rows):
                    shown = moment
        return shown

    def settle(self) -> None:
        """Read remaining output."""
        for _, chunk in self._read():
            self._feed(chunk)

    def _read(self) -> list[tuple[float, bytes]]:
        """Return the output until it pauses, with the time of each piece."""
        pieces = []
        while select.select([self._file], [], [], QUIET)[0]:
            try:
                chunk = os.read(self._file, 65_536)
            except OSError:  # the program has ended
                break
            pieces.append((time.perf_counter(), chunk))
        return pieces

    def _feed(self, chunk: bytes) -> None:
        data = self._open + chunk
        cut = _OPEN.search(data)
        at = cut.start() if cut else len(data)
        self._open = data[at:]
        self._stream.feed(_UNKNOWN.sub(b"", data[:at]))

    def peak_memory(self) -> float | None:
        """Return the program's peak memory in MB, or None if the system does not report it."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return None
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else None
