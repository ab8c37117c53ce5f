"""`carrel` in a real terminal, a pty whose screen is read back by pyte."""

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
from contextlib import contextmanager, suppress
from pathlib import Path

import pyte
from pyte.screens import Char

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 30.0
"""Seconds to wait for expected output, which normally appears much sooner."""

QUIET_S = 0.5
"""Seconds without output after which a key has been handled completely."""

ENTER, ESCAPE, DELETE_LINE, PASTE = "\r", "\x1b", "\x15", "\x1b[200~{}\x1b[201~"
UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*[u$pm]+|\x1b\[[0-9;?]*\$p|\x1bP.*?\x1b\\", re.DOTALL)
"""Sequences that pyte would print: queries of the terminal, and the keyboard protocol."""

CUT_OFF = re.compile(rb"\x1b(?:\[[<>=?]?[0-9;]*\$?|P[^\x1b]*\x1b?)?$")
"""A sequence at the end of what was read, whose rest has not arrived."""


class Screen(pyte.Screen):
    """A screen that can be read after a resize has cut a wide character in two."""

    @property
    def display(self) -> list[str]:
        rows = (self.buffer[y] for y in range(self.lines))
        return ["".join(row[x].data for x in range(self.columns)) for row in rows]


class Terminal:
    """A terminal of a size, with `carrel` running in it.

    `arguments` and `redirect` are what follows `carrel` on the command line, `environment` changes
    the usual one.
    """

    def __init__(
        self,
        home: Path,
        columns: int,
        lines: int,
        redirect: str = "",
        *,
        arguments: str = "",
        **environment: str,
    ) -> None:
        usual = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONPATH": str(ROOT),
            "XDG_CONFIG_HOME": str(home / "config"), "CARREL_LIBRARY": str(home / "library"),
            "XDG_STATE_HOME": str(home / "state"), "TEXTUAL_ANIMATIONS": "none",
        }  # fmt: skip
        self.received = b""
        self._cut_off = b""
        self.screen = Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.process, self._file = pty.fork()
        if self.process == 0:
            os.chdir(home)
            self._size(1, columns, lines)
            carrel = f"{sys.executable} -c 'from tui.cli.main import main; main()'"
            run = f"exec {carrel} {arguments} {redirect}"
            os.execve("/bin/sh", ["sh", "-c", run], {**usual, **environment})

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
        whole = UNKNOWN.sub(b"", self._cut_off + data)
        cut_off = CUT_OFF.search(whole)
        self._cut_off = cut_off[0] if cut_off else b""
        self._stream.feed(whole.removesuffix(self._cut_off))
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
        """Kill the program, and process what it had written."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        while self._read(time.monotonic() + QUIET_S):
            pass

    # -- what is on the screen ---------------------------------------------------------------------

    def cells(self, row: int) -> list[Char]:
        """Return the cells of a line of the screen."""
        line = self.screen.buffer[row]
        return [line[column] for column in range(self.screen.columns)]

    def styles_of(self, text: str) -> list[Char]:
        """Return the cells of the first place of a text on the screen."""
        for row, line in enumerate(self.screen.display):
            if (at := line.find(text)) >= 0:
                return self.cells(row)[at : at + len(text)]
        raise AssertionError(f"{text!r} is not shown:\n{self.text}")


@contextmanager
def open_terminals(home: Path) -> Iterator[Callable[..., Terminal]]:
    """Start `carrel` in terminals; those that are still open at the end are ended."""
    started: list[Terminal] = []

    def start(columns: int, lines: int, redirect: str = "", **options: str) -> Terminal:
        started.append(Terminal(home, columns, lines, redirect, **options))
        return started[-1]

    try:
        yield start
    finally:
        for terminal in started:
            with suppress(ProcessLookupError, ChildProcessError):
                terminal.kill()
            os.close(terminal._file)


Start = Callable[..., Terminal]

ODD_TEXTS = (
    "深度学习在自然语言处理中的应用研究综述与展望：从词向量到大规模预训练语言模型的演进",
    "हिन्दी में प्राकृतिक भाषा संसाधन: क्षत्रिय ज्ञान और श्रृंखला",
    "Emoji 👨‍👩‍👧‍👦 families 👩🏽‍🚀 and 🏳️‍🌈 flags 🇩🇪🇫🇷 in ❤️ tweets 👍🏿 1️⃣",
    "שלום עולם: עיבוד שפה טבעית בעברית, مرحبا بالعالم كِتَابٌ",
    "Zalgo e̸͔̿v̷͍̂i̴̱̅l̵̘̈ te̷̥̊x̵̤̚t with Ke\u0301pes and n\u0303",
    "ภาษาไทยน้ำ, தமிழ் மொழி, မြန်မာ, বাংলা ভাষা, བོད་སྐད།, ភាសាខ្មែរ",
    "ＦＵＬＬＷＩＤＴＨ, halfwidth ｱｲｳ, ①②③ ■□ Ωμέγα ±×÷, 한국어 논문",
)
"""Texts that are wide, combining, joined, or from right to left."""
