"""The clipboards: the terminal's by OSC 52, and the system's if there is one."""

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


def test_copy_sends_text_to_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    terminal = Terminal()
    assert sent(terminal, "Képes")
    assert (terminal.copied, terminal.written) == (["Képes"], [])


def test_copy_inside_tmux_also_sends_to_outer_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    terminal = Terminal()
    assert sent(terminal, "Képes")
    encoded = base64.b64encode("Képes".encode()).decode()
    assert terminal.written == [f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\"]


def test_copy_too_long_for_terminal_is_not_sent() -> None:
    terminal = Terminal()
    assert sent(terminal, "x" * MAX_TERMINAL_BYTES)
    assert not sent(terminal, "é" * (MAX_TERMINAL_BYTES // 2 + 1))
    assert len(terminal.copied) == 1


def test_copy_uses_system_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(pyperclip, "copy", copied.append)
    assert to_system("text")
    assert copied == ["text"]


@pytest.mark.parametrize("error", [pyperclip.PyperclipException("none"), OSError("no helper")])
def test_copy_without_system_clipboard_returns_false(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(pyperclip, "copy", fail)
    assert not to_system("text")


# -- copied texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", copying.CHOICES)
def test_copy_text_every_choice_handles_any_paper(key: str) -> None:
    for paper in made_papers():
        text = copying.copy_text([paper], key)
        assert "\x1b" not in text
        assert text == text.strip() or key == "a"
        if key not in ("u", "a", "i"):
            assert text


def test_copy_text_omits_papers_without_value() -> None:
    papers = made_papers()[:4]
    assert copying.copy_text(papers, "u") == "https://example.org/1\nhttps://example.org/3"
    assert copying.copy_text(papers[:1], "u") == ""
    assert copying.copy_text(papers, "i").splitlines() == [paper.id for paper in papers]
