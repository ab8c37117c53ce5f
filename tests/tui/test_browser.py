"""Opening links: http(s) alone, through an argument list, and a word where it cannot be done."""

import subprocess
import webbrowser

import pytest

from tui.platform import browser
from tui.platform.browser import open_link


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that were started, none of them really."""
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
def test_only_web_links_are_opened(url: str, started: list[list[str]], opened: list[str]) -> None:
    assert "not an http" in open_link(url)
    assert "not an http" in open_link(url, ["firefox"])
    assert (started, opened) == ([], [])


def test_the_link_is_one_argument_of_the_opener(started: list[list[str]]) -> None:
    link = "https://example.org/$(touch`x`)?a=1&b=';--"
    assert open_link(link, ["firefox", "--new-tab"]) == ""
    assert started == [["firefox", "--new-tab", link]]


def test_an_opener_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = open_link("https://example.org", ["no-such-browser-here"])
    assert fault.startswith("cannot start no-such-browser-here: ")
    assert "opener in the configuration" in fault


def test_without_an_opener_it_is_the_systems_browser(opened: list[str]) -> None:
    assert open_link("http://example.org/x") == ""
    assert opened == ["http://example.org/x"]


def test_where_no_browser_can_be_seen_that_is_said(
    monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    monkeypatch.setattr(browser, "_has_display", lambda: False)
    assert (
        open_link("https://example.org") == "cannot open the link: no display; try y u to copy it"
    )
    assert opened == []


def test_a_browser_that_does_not_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_has_display", lambda: True)
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    assert "cannot start a browser" in open_link("https://example.org")

    def fail(_: str) -> bool:
        raise webbrowser.Error("none found")

    monkeypatch.setattr(webbrowser, "open", fail)
    assert "none found" in open_link("https://example.org")
