"""Opening links: http and https only, without a shell, with messages for errors."""

import subprocess
import webbrowser

import pytest

from tui.platform import browser
from tui.platform.browser import open_link


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been started."""
    commands: list[list[str]] = []

    def start(command: list[str], **options: object) -> None:
        assert not options.get("shell")
        commands.append(command)

    monkeypatch.setattr(subprocess, "Popen", start)
    return commands


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The links the system's browser was asked for."""
    links: list[str] = []

    def ask(url: str) -> bool:
        links.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", ask)
    monkeypatch.setenv("DISPLAY", ":0")
    return links


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://example.org/x", "",
     "-new-window", "https://", "http://a b.org", "HTTPS+x://example.org"],
)  # fmt: skip
def test_open_link_rejects_other_schemes(
    url: str, started: list[list[str]], opened: list[str]
) -> None:
    assert "not an http" in open_link(url)
    assert "not an http" in open_link(url, ["firefox"])
    assert (started, opened) == ([], [])


def test_open_link_passes_link_as_one_argument(started: list[list[str]]) -> None:
    link = "https://example.org/$(touch`x`)?a=1&b=';--"
    assert open_link(link, ["firefox", "--new-tab"]) == ""
    assert started == [["firefox", "--new-tab", link]]


def test_open_link_missing_opener_returns_message(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = open_link("https://example.org", ["no-such-browser-here"])
    assert fault.startswith("cannot start no-such-browser-here: ")
    assert "opener in the configuration" in fault


def test_open_link_without_opener_uses_browser(opened: list[str]) -> None:
    assert open_link("http://example.org/x") == ""
    assert opened == ["http://example.org/x"]


def test_open_link_without_display_returns_message(
    monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    monkeypatch.setattr(browser, "_has_display", lambda: False)
    assert (
        open_link("https://example.org") == "cannot open the link: no display; try y u to copy it"
    )
    assert opened == []


def test_open_link_browser_error_returns_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_has_display", lambda: True)
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    assert "cannot start a browser" in open_link("https://example.org")

    def fail(_: str) -> bool:
        raise webbrowser.Error("none found")

    monkeypatch.setattr(webbrowser, "open", fail)
    assert "none found" in open_link("https://example.org")
