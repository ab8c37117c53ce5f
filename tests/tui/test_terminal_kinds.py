"""`carrel` on terminals of every kind: what is drawn, and with which sequences."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .terminal import ENTER, ESCAPE, Start, Terminal

ATTRIBUTES = {"", "0", "1", "4", "7", "22", "24", "27"}
"""Parameters of styles without a colour: bold, underlined, reversed, and their ends."""

MAGENTA = {"35", "39"}


@dataclass(frozen=True)
class Kind:
    """A kind of terminal.

    `allowed` are the parameters of styles that may be written to it, all if empty.
    """

    size: tuple[int, int]
    environment: dict[str, str]
    arguments: str = ""
    allowed: set[str] = field(default_factory=set)
    ascii: bool = False


KINDS = {
    "NO_COLOR": Kind((120, 40), {"NO_COLOR": "1"}, allowed=ATTRIBUTES | {"3", "23"}),
    "vt100": Kind((80, 24), {"TERM": "vt100", "LANG": "C"}, allowed=ATTRIBUTES, ascii=True),
    "xterm": Kind((200, 50), {"TERM": "xterm"}, allowed=ATTRIBUTES | MAGENTA),
    "linux": Kind((100, 30), {"TERM": "linux", "LC_ALL": "en_US.ISO-8859-1"},
                  allowed=ATTRIBUTES | MAGENTA, ascii=True),
    "--ascii": Kind((60, 20), {}, "read --ascii", ascii=True),
    "tmux": Kind((250, 70), {"TERM": "tmux-256color", "COLORTERM": "truecolor"}, "--ascii read",
                 ascii=True),
}  # fmt: skip


def style_parameters(received: bytes) -> set[str]:
    """Return the parameters of all styles that were written."""
    sequences = re.findall(rb"\x1b\[([0-9;]*)m", received)
    return {code for sequence in sequences for code in sequence.decode().split(";")}


@pytest.mark.parametrize("name", KINDS)
def test_terminal_shows_what_it_can(start: Start, name: str) -> None:
    kind = KINDS[name]
    carrel = start(*kind.size, arguments=kind.arguments, **kind.environment)
    carrel.until("A Mathematical Theory")
    check_list(carrel, kind)
    check_panes_and_dialogs(carrel, kind)
    carrel.type(ESCAPE + "q")
    assert carrel.ended() == 0
    if kind.allowed:
        assert style_parameters(carrel.received) <= kind.allowed
    else:
        assert "38" in style_parameters(carrel.received)
    assert kind.ascii == carrel.received.isascii()


def check_list(carrel: Terminal, kind: Kind) -> None:
    """Check the cursor, a mark and the matches of a search."""
    cursor, star = (">", "*") if kind.ascii else ("▌", "★")
    title = "Attention Is All You Need"
    carrel.type("/attention is all" + ENTER)
    gap = " " * (1 if kind.size[0] == 60 else 2)
    carrel.until(f"{cursor} {gap}{title}")
    carrel.type("b")
    carrel.until(f"{cursor}{star}{gap}{title}")
    if kind.allowed:  # else a background shows the cursor
        assert all(cell.bold for cell in carrel.styles_of(title))
        assert all(cell.underscore for cell in carrel.styles_of("Attention"))
    carrel.type("n")
    carrel.until(lambda: "Attention" in reversed_text(carrel))


def reversed_text(carrel: Terminal) -> str:
    """Return the text that is shown in reverse."""
    return "".join(
        cell.data
        for row in range(carrel.screen.lines)
        for cell in carrel.cells(row)
        if cell.reverse
    )


def check_panes_and_dialogs(carrel: Terminal, kind: Kind) -> None:
    """Check that the frame shows the focus, and that dialogs have a frame and a choice."""
    heavy, edge = ("=", "|") if kind.ascii else ("━", "│")
    for key, pane in (("l", "Paper"), ("h", "Papers"), ("f", "Filters"), ("f", "Papers")):
        carrel.type(key)
        carrel.until(f"{heavy} {pane} {heavy}")
    carrel.type("x")
    carrel.until("Export 1 paper")
    carrel.until(edge)
    if kind.allowed:
        carrel.until(lambda: "BibTeX" in reversed_text(carrel))
    carrel.type(ESCAPE)
    carrel.until(lambda: "Export 1 paper" not in carrel.text)


def test_dumb_terminal_is_refused_in_one_line(start: Start) -> None:
    carrel = start(80, 24, TERM="dumb")
    assert carrel.ended() == 2
    (line,) = filter(None, map(str.strip, carrel.received.decode().splitlines()))
    assert "TERM is dumb; try carrel read --plain" in line


def test_setting_draws_in_unicode_without_utf8_locale(start: Start, tmp_path: Path) -> None:
    config = tmp_path / "config" / "carrel" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('characters = "unicode"\n')
    carrel = start(80, 24, LANG="C")
    carrel.until("▌   A Mathematical Theory")
