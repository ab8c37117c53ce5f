"""Both clipboards: the terminal's by OSC 52, the system's where there is one."""

import base64
from typing import cast

import pyperclip
import pytest
from textual.app import App

from tui import copying
from tui.platform import clipboard
from tui.platform.clipboard import MAX_TERMINAL_BYTES, to_terminal

from .conftest import made_papers

to_system = clipboard.to_system  # as it is before the fixtures of this folder put theirs in place


class Terminal:
    """Stands in for the application and its driver: keeps what is sent."""

    def __init__(self) -> None:
        self.copied: list[str] = []
        self.written: list[str] = []
        self._driver = self

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)

    def write(self, data: str) -> None:
        self.written.append(data)


def sent(terminal: Terminal, text: str) -> bool:
    return to_terminal(cast("App[object]", terminal), text)


def test_the_terminal_is_sent_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    terminal = Terminal()
    assert sent(terminal, "Képes")
    assert (terminal.copied, terminal.written) == (["Képes"], [])


def test_inside_tmux_the_terminal_around_it_is_sent_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    terminal = Terminal()
    assert sent(terminal, "Képes")
    encoded = base64.b64encode("Képes".encode()).decode()
    assert terminal.written == [f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\"]


def test_what_is_too_long_for_a_terminal_is_not_sent() -> None:
    terminal = Terminal()
    assert sent(terminal, "x" * MAX_TERMINAL_BYTES)
    assert not sent(terminal, "é" * (MAX_TERMINAL_BYTES // 2 + 1))
    assert len(terminal.copied) == 1


def test_the_system_clipboard_is_used_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(pyperclip, "copy", copied.append)
    assert to_system("text")
    assert copied == ["text"]


@pytest.mark.parametrize("error", [pyperclip.PyperclipException("none"), OSError("no helper")])
def test_without_one_that_is_told(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(pyperclip, "copy", fail)
    assert not to_system("text")


# -- what is copied --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", copying.CHOICES)
def test_every_choice_has_a_text_for_any_paper_or_none(key: str) -> None:
    for paper in made_papers():
        text = copying.copy_text([paper], key)
        assert "\x1b" not in text
        assert text == text.strip() or key == "a"
        if key not in ("u", "a", "i"):
            assert text


def test_papers_without_the_thing_are_left_out() -> None:
    papers = made_papers()[:4]
    assert copying.copy_text(papers, "u") == "https://example.org/1\nhttps://example.org/3"
    assert copying.copy_text(papers[:1], "u") == ""
    assert copying.copy_text(papers, "i").splitlines() == [paper.id for paper in papers]
