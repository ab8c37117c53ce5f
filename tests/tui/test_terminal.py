"""A session of `carrel` in a real terminal, from the first run to the next one."""

import os
import signal
from pathlib import Path

import pytest

from .terminal import DELETE_LINE, ENTER, ESCAPE, PASTE, Start


def test_session_is_saved_for_next_run(first_start: Start, tmp_path: Path) -> None:
    carrel = first_start(120, 40)
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

    again = first_start(120, 40)
    again.until("/ attention is all")  # as it was left
    again.type("/" + DELETE_LINE + "is:bookmarked tag:nlp is:unread " + ENTER)
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


@pytest.mark.parametrize(("size", "steps"), [((120, 40), 20), ((200, 50), 26)])
def test_key_writes_few_bytes(start: Start, size: tuple[int, int], steps: int) -> None:
    """Over SSH, a key is as slow as what it writes."""
    carrel = start(*size)
    carrel.until("A Mathematical Theory of Communication")
    while carrel.bytes_of(""):
        pass
    assert b"\x1b[?1002h" in carrel.received
    assert b"\x1b[?1003h" not in carrel.received
    for _ in range(2):
        assert 0 < carrel.bytes_of("j") <= 8_192
    carrel.bytes_of("j" * (steps - 4))  # to the end of the first page, where the list scrolls
    for _ in range(2):
        assert 0 < carrel.bytes_of("j") <= 8_192
    carrel.bytes_of("b")  # the first bookmark is a new row of the filters
    carrel.bytes_of("k")
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


def test_burst_of_keys_goes_through_the_palette_and_what_it_opens(start: Start) -> None:
    carrel = start(80, 24)
    carrel.until("A Mathematical Theory")
    carrel.type(":bookmark, or" + ENTER + "j" + ":save this" + ENTER)  # nothing to save: no query
    carrel.until("nothing to save")
    carrel.until("2/269")
    carrel.until(lambda: "★" in carrel.screen.display[2])
    carrel.type("/attention" + ENTER + ":save this" + ENTER + "\x15mine" + ENTER)
    carrel.until("mine")
    carrel.type("q")
    assert carrel.ended() == 0
