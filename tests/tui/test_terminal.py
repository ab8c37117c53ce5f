"""`carrel` in a real terminal, from the first run to the next one."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 30.0
"""Seconds to wait for expected output, which normally appears much sooner."""

QUIET_S = 1.0
"""Seconds without output after which a key has been handled completely."""

ENTER, ESCAPE, PASTE = "\r", "\x1b", "\x1b[200~{}\x1b[201~"
UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*[u$pm]+|\x1b\[[0-9;?]*\$p|\x1bP.*?\x1b\\", re.DOTALL)
"""Sequences that pyte would print: queries of the terminal, and the keyboard protocol."""


class Terminal:
    """A terminal of a size, with `carrel` running in it."""

    def __init__(self, home: Path, columns: int, lines: int, redirect: str = "") -> None:
        environment = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONPATH": str(ROOT),
            "XDG_CONFIG_HOME": str(home / "config"), "CARREL_LIBRARY": str(home / "library"),
            "TEXTUAL_ANIMATIONS": "none",
        }  # fmt: skip
        self.received = b""
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.process, self._file = pty.fork()
        if self.process == 0:
            os.chdir(home)
            self._size(1, columns, lines)
            run = f"{sys.executable} -c 'from tui.cli.main import main; main()' {redirect}"
            os.execve("/bin/sh", ["sh", "-c", f"exec {run}"], environment)

    @staticmethod
    def _size(file: int, columns: int, lines: int) -> None:
        fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def resize(self, columns: int, lines: int) -> None:
        self.screen.resize(lines, columns)
        self._size(self._file, columns, lines)
        os.kill(self.process, signal.SIGWINCH)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def last(self) -> str:
        return self.screen.display[-1]

    def type(self, keys: str) -> None:
        os.write(self._file, keys.encode())

    def _read(self, deadline: float) -> bool:
        """Process the next output; return whether the program is still running."""
        ready, _, _ = select.select([self._file], [], [], max(0.0, deadline - time.monotonic()))
        try:
            data = os.read(self._file, 65_536) if ready else b""
        except OSError:
            return False
        self.received += data
        self._stream.feed(UNKNOWN.sub(b"", data))
        return bool(data) or time.monotonic() < deadline

    def until(self, shown: str | Callable[[], object]) -> None:
        """Read until a text is on the screen, or a condition is true."""
        deadline = time.monotonic() + TIMEOUT_S
        while not (shown in self.text if isinstance(shown, str) else shown()):
            alive = self._read(deadline)
            assert alive, f"{shown!r} was never shown:\n{self.text}"
            assert time.monotonic() < deadline, f"{shown!r} is not shown:\n{self.text}"

    def bytes_of(self, keys: str) -> int:
        """Type keys; return the number of bytes written until nothing more is, or for a second.

        In the search bar the cursor blinks, so that there is always more.
        """
        before, deadline = len(self.received), time.monotonic() + 1
        self.type(keys)
        while self._read(time.monotonic() + QUIET_S) and self._ready():
            if time.monotonic() > deadline:
                break
        return len(self.received) - before

    def _ready(self) -> bool:
        """Wait for more output; return whether there is some."""
        return bool(select.select([self._file], [], [], QUIET_S)[0])

    def ended(self) -> int:
        """Wait until the program has ended; return its exit code."""
        deadline = time.monotonic() + TIMEOUT_S
        while self._read(deadline):
            assert time.monotonic() < deadline, f"still there:\n{self.text}"
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts carrel in a terminal; those that a test leaves running are ended."""
    started: list[Terminal] = []

    def open_one(columns: int, lines: int, redirect: str = "") -> Terminal:
        started.append(Terminal(tmp_path, columns, lines, redirect))
        return started[-1]

    yield open_one
    for terminal in started:
        with suppress(ProcessLookupError, ChildProcessError):
            terminal.kill()
        os.close(terminal._file)


def test_session_is_saved_for_next_run(start: Start, tmp_path: Path) -> None:
    carrel = start(120, 40)
    carrel.until("A Mathematical Theory of Communication")  # the starter shelf
    carrel.until("starter")
    carrel.type("/attention is all")
    carrel.until("/ attention is all")
    carrel.until(lambda: "Attention Is All You Need" in carrel.screen.display[3])
    carrel.type(ENTER + "g" + "b")
    carrel.until("bookmarked “Attention Is All You Need”")
    carrel.until("undo: u")
    carrel.type("t")
    carrel.until("Tag this paper")
    carrel.type("nlp/core" + ENTER)
    carrel.until("tagged +nlp/core")
    carrel.type("r")
    carrel.until("marked read")
    carrel.type("u")
    carrel.until("undone: marked read")
    carrel.type("x")
    carrel.until("Export 1 paper (bookmarks)")
    carrel.type(ENTER)
    carrel.until("exported 1 paper to carrel-bookmarks.bib")
    assert "Attention Is All You Need" in (tmp_path / "carrel-bookmarks.bib").read_text()
    carrel.type("q")
    assert carrel.ended() == 0

    again = start(120, 40)
    again.until("A Mathematical Theory")
    again.type("/is:bookmarked tag:nlp is:unread " + ENTER)
    again.until("1 of ")
    again.until("★ bookmarked  #nlp/core")
    again.type("uu")
    again.until("undone: bookmarked")
    again.type("q")
    assert again.ended() == 0


def test_terminal_narrow_resize_and_kill(start: Start) -> None:
    carrel = start(80, 24)
    carrel.until("A Mathematical Theory")
    carrel.until("/ search  f filters")
    assert "Status" not in carrel.text
    carrel.type("f")
    carrel.until("Status")
    carrel.type(ESCAPE)
    carrel.until(lambda: "Status" not in carrel.text)

    carrel.resize(60, 20)
    carrel.until(lambda: "━ Papers ━" in carrel.screen.display[1])
    carrel.type("j" + ENTER)
    carrel.until("━ Paper ━")
    carrel.type(ESCAPE)
    carrel.until("━ Papers ━")
    carrel.type("b")
    carrel.until("undo: u")

    carrel.resize(120, 40)
    carrel.until("unread 269 · ★ 1")
    carrel.until("★  Computing Machinery")
    carrel.kill()

    again = start(120, 40)
    again.until("★  Computing Machinery")
    again.type("u")
    again.until("undone: bookmarked “Computing Machinery")


def test_paste_odd_characters_reader_survives(start: Start) -> None:
    carrel = start(100, 30)
    carrel.until("/ search  f filters")
    odd = "".join(chr(32 + number % 95) for number in range(2_400))
    controls = "\x00\x01\x02\x07\x08\x0c\x0e\x7f\x9b31m\x9d0;title\x07\u202e\u0301\ud7ff\U0001f600"
    carrel.type("/" + PASTE.format((odd + controls * 20) * 2 + '\n((("\n'))
    carrel.until(" 0 of 269")
    carrel.type(ENTER + "0")
    carrel.until("269 of 269")
    carrel.type("b")
    carrel.until("bookmarked “A Mathematical Theory")
    carrel.type("q")
    assert carrel.ended() == 0


def test_terminal_key_burst_is_handled_in_order(start: Start) -> None:
    carrel = start(120, 40)
    carrel.until("A Mathematical Theory of Communication")
    carrel.type("/nothing\x15attentoon\x7f\x7f\x7fion  \x7fis\x17")  # ^U, backspaces, ^W
    carrel.until(lambda: carrel.screen.display[0].startswith(" / attention "))
    carrel.until("Attention Is All You Need")
    carrel.type(ESCAPE + "Gb")  # which a terminal sends as it does Alt-G
    carrel.until("undo: u")
    assert carrel.screen.display[0].startswith(" / attention ")
    carrel.type("t")
    carrel.until("Tag this paper")
    carrel.type("nlq\x7fp" + ENTER)
    carrel.until("tagged +nlp")


def test_key_writes_few_bytes(start: Start) -> None:
    """Over SSH, a key is as slow as what it writes."""
    carrel = start(120, 40)
    carrel.until("A Mathematical Theory of Communication")
    while carrel.bytes_of(""):
        pass
    assert b"\x1b[?1002h" in carrel.received
    assert b"\x1b[?1003h" not in carrel.received
    for _ in range(22):  # to the end of the first page, where the list scrolls, and beyond
        assert 0 < carrel.bytes_of("j") <= 8_192
    assert 0 < carrel.bytes_of("b") <= 4_096
    carrel.bytes_of("/")
    for letter in "lang":
        assert 0 < carrel.bytes_of(letter) <= 16_384


def test_suspend_returns_to_shell_and_continues(start: Start) -> None:
    carrel = start(100, 30)
    carrel.until("A Mathematical Theory of Communication")
    carrel.type("\x1a")
    _, status = os.waitpid(carrel.process, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    os.kill(carrel.process, signal.SIGCONT)
    carrel.type("/attention is all")
    carrel.until("Attention Is All You Need")
    carrel.type(ESCAPE + "\x11")
    assert carrel.ended() == 0


def test_reader_is_shown_if_errors_are_redirected(start: Start, tmp_path: Path) -> None:
    carrel = start(100, 30, "2>log")
    carrel.until("A Mathematical Theory of Communication")
    carrel.type("q")
    assert carrel.ended() == 0
    assert (tmp_path / "log").read_bytes() == b""
