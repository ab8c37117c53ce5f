"""`carrel` at every size: odd titles, live resize, two readers at once, and tmux."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library, Paper

from .terminal import ODD_TEXTS, ROOT, TIMEOUT_S, Start, Terminal

SIZES = [(60, 20), (80, 24), (100, 30), (109, 30), (110, 40), (120, 40), (159, 45), (160, 45),
         (200, 50), (250, 70)]  # fmt: skip
EDGES = set("│┃┬┳")


@pytest.fixture
def odd_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library of the terminal, with papers in many scripts."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Library.open(tmp_path / "library") as library:
        library.add(
            [Paper(text, " ".join(ODD_TEXTS), authors=(text[:12],), year=2021, id=f"odd-{number}")
             for number, text in enumerate(ODD_TEXTS)],
            "odd",
        )  # fmt: skip


def edges(carrel: Terminal) -> set[tuple[int, ...]]:
    """Return the columns of the rules between panes, over all lines of the panes."""
    lines = range(2 if carrel.screen.columns >= 110 else 1, carrel.screen.lines - 1)
    if carrel.screen.columns >= 160:
        lines = range(1, carrel.screen.lines - 1)
    return {
        tuple(at for at, cell in enumerate(carrel.cells(line)) if cell.data and cell.data in EDGES)
        for line in lines
    }


def number_of_edges(columns: int) -> int:
    return (columns >= 110) + (columns >= 160)


def is_whole(carrel: Terminal) -> bool:
    """Return whether every line of the panes has the same rules, as many as the layout has."""
    found = edges(carrel)
    return len(found) == 1 and len(*found) == number_of_edges(carrel.screen.columns)


def test_resize_through_all_layouts_keeps_rules_and_cursor(start: Start, odd_library: None) -> None:
    carrel = start(*SIZES[0])
    carrel.until("▌  深度学习")
    carrel.type("jjj")
    carrel.until("4/7")
    for columns, lines in [*SIZES, *SIZES[-2::-1]]:
        carrel.resize(columns, lines)
        carrel.until(lambda: is_whole(carrel))
        carrel.until("4/7 · 57%")
        carrel.until("▌  שלום עולם" if columns == 60 else "▌   שלום עולם")
    for key in "jjjkkkkkk":  # each row is painted by itself
        carrel.type(key)
        carrel.bytes_of("")
        assert is_whole(carrel), carrel.text


def test_mark_appears_in_another_reader(start: Start) -> None:
    first, second = start(120, 40), start(80, 24)
    for carrel in (first, second):
        carrel.until("▌   A Mathematical Theory")
    first.type("b")
    second.until("▌★  A Mathematical Theory")
    second.type("u")
    first.until("▌   A Mathematical Theory")


# -- tmux ------------------------------------------------------------------------------------------


class Tmux:
    """A server of tmux with one window, in which a shell runs."""

    def __init__(self, home: Path, columns: int, lines: int) -> None:
        self._command = ["tmux", "-f", "/dev/null", "-S", str(home / "tmux")]
        self._environment = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "HOME": str(home), "PYTHONPATH": str(ROOT), "CARREL_LIBRARY": str(home / "library"),
            **{f"XDG_{name.upper()}_HOME": str(home / name) for name in ("cache", "state")},
        }  # fmt: skip
        self.run("new-session", "-d", "-x", str(columns), "-y", str(lines), "bash --norc")

    def run(self, *arguments: str) -> str:
        run = subprocess.run(
            [*self._command, *arguments], env=self._environment, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return run.stdout

    @property
    def lines(self) -> list[str]:
        return self.run("capture-pane", "-p").splitlines()

    def until(self, shown: str) -> None:
        """Wait until a text is on the screen."""
        deadline = time.monotonic() + TIMEOUT_S
        while shown not in "\n".join(self.lines):
            assert time.monotonic() < deadline, "\n".join(self.lines)
            time.sleep(0.05)  # tmux does not report changes


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """A window of tmux, closed afterwards."""
    if not shutil.which("tmux") or not shutil.which("bash"):
        pytest.skip("tmux and bash are not installed")
    window = Tmux(tmp_path, 120, 40)
    yield window
    window.run("kill-server")


def test_tmux_shows_odd_titles_suspends_and_continues(tmux: Tmux, odd_library: None) -> None:
    tmux.until("bash-")
    tmux.run("send-keys", f"{sys.executable} -c 'from tui.cli.main import main; main()'", "Enter")
    tmux.until("▌   深度学习")
    tmux.until("    हिन्दी में प्राकृतिक भाषा")  # with all vowel signs
    for row in range(2, 8):
        tmux.run("send-keys", "j")
        tmux.until(f"{row}/7")
        assert all(len(EDGES & set(line)) == 1 for line in tmux.lines[3:39])
    tmux.run("send-keys", "C-z")
    tmux.until("Stopped")
    tmux.run("send-keys", "fg", "Enter")
    tmux.until("7/7 · 100%")
    tmux.run("resize-window", "-x", "80", "-y", "24")
    tmux.until("━ Papers ━")
    tmux.until("7/7")
    tmux.run("send-keys", "q")
    tmux.until("bash-")
