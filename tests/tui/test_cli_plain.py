"""The sequential reader: lines of text in, lines of text out."""

import pytest

from .command import Carrel


def test_plain_reader_steps_marks_and_searches(stocked: Carrel) -> None:
    run = stocked("read", "--plain", stdin="b\nn\np\n/language\nu\nq\n")
    assert run.code == 0
    assert "1 of 4" in run.out
    assert "2 of 4" in run.out
    assert "bookmarked" in run.out
    assert "undone: bookmarked" in run.out
    assert "\x1b" not in run.out


def test_plain_reader_ends_with_its_input(stocked: Carrel) -> None:
    assert stocked("read", "--plain", "xyzzy", stdin="").code == 0


def test_reader_on_dumb_terminal_names_plain_reader(
    stocked: Carrel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.cli.read.is_shown", lambda: True)
    run = stocked("read", TERM="dumb")
    assert run.code == 2
    assert "TERM is dumb; try carrel read --plain" in run.err
