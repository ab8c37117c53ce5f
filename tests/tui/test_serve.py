"""The reader in a browser: who is admitted, and the reader over a real websocket."""

import asyncio
import base64
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError
from textual_serve.app_service import AppService
from textual_serve.server import Server

from index import Library
from tui.cli.serve import DEFAULT_PORT
from tui.platform.web import ReaderServer

from .command import Carrel
from .served import NAMED_HOST, Page, no_readers_of, page_of, readers_of, serving, visiting

needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are read from /proc")


# -- who is admitted -------------------------------------------------------------------------------


async def test_address_is_exchanged_for_a_cookie_once(library: Library) -> None:
    async with (
        serving(library.folder) as server,
        visiting(server) as browser,
        visiting(server) as other,
    ):
        async with browser.get(server.address, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            cookie = answer.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            assert server.guard.token not in cookie
        async with other.get(server.address) as answer:
            assert answer.status == 403
            assert "used before" in await answer.text()
        async with browser.get(server.address) as answer:
            assert (answer.status, answer.url.path) == (200, "/")


async def test_page_loads_nothing_from_elsewhere(library: Library) -> None:
    async with serving(library.folder) as server, visiting(server) as browser:
        async with browser.get(server.address) as answer:
            page = await answer.text()
            policy = answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in policy
        assert not re.search(r"(src|href)=\W?(https?:)?//", page)
        paths = re.findall(r'(?:src=|href=|url\()"(/[^"]+)"', page)
        assert len(paths) == 3
        for path in paths:
            async with browser.get(path) as answer:
                assert answer.status == 200


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=wrong", "/static/js/textual.js",
                                  "/download/x", "/ws", "/other"])  # fmt: skip
async def test_request_without_session_is_refused(library: Library, path: str) -> None:
    async with (
        serving(library.folder) as server,
        visiting(server) as browser,
        browser.get(path) as answer,
    ):
        assert answer.status == 403
        assert (await answer.text()).startswith("cannot open Carrel: ")
        assert "Set-Cookie" not in answer.headers


async def test_head_request_leaves_the_token_unused(library: Library) -> None:
    async with serving(library.folder) as server, visiting(server) as browser:
        async with browser.head(server.address) as answer:
            assert answer.status == 403
        async with browser.get(server.address) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("localhost:1", 200),  # as through a tunnel from another port
        (NAMED_HOST.upper(), 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example:{port}", 403),
        (f"evil.example@{NAMED_HOST}@evil.example", 403),
        ("0.0.0.0:{port}", 403),
        ("[::1", 403),
        ("", 403),
    ],
)
async def test_host_header_must_be_this_machine_or_a_named_host(
    library: Library, host: str, status: int
) -> None:
    async with serving(library.folder) as server, visiting(server) as browser:
        await browser.get(server.address)
        headers = {"Host": host.format(port=server.port)}
        async with browser.get("/", headers=headers) as answer:
            assert answer.status == status


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:1", "http://127.0.0.1", "null", None]
)
async def test_websocket_of_another_origin_is_refused(library: Library, origin: str | None) -> None:
    async with serving(library.folder) as server, visiting(server) as browser:
        await browser.get(server.address)
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.ws_connect("/ws", origin=origin)
        assert refused.value.status == 403
        assert not readers_of(library.folder)


# -- the reader ------------------------------------------------------------------------------------


@asynccontextmanager
async def reading_page(server: ReaderServer) -> AsyncIterator[Page]:
    """A page that shows the 31 papers."""
    async with visiting(server) as browser, page_of(browser, server) as page:
        await page.until("31 of 31")
        yield page


async def clipboard_of(page: Page) -> str:
    """Wait for text copied to the browser's clipboard, and return it."""
    pattern = re.compile(rb"\x1b\]52;c;([^\x07]+)\x07")
    await page.until(lambda: pattern.search(page.received))
    return base64.b64decode(pattern.findall(page.received)[-1]).decode()


@needs_proc
async def test_reader_in_a_page_searches_marks_copies_and_exports(library: Library) -> None:
    async with serving(library.folder) as server, visiting(server) as browser:
        async with page_of(browser, server) as page:
            await page.until("31 of 31")
            await page.type("/graph")
            await page.until(lambda: page.screen.display[0].startswith(" / graph"))
            await page.until("8 of 31")
            await page.type("\r")
            await page.type("b")
            await page.until("bookmarked “")
            (hit,) = library.search("is:bookmarked").hits
            (paper,) = library.papers([hit.id])
            assert "graph" in paper.title

            await page.type("yt")
            assert await clipboard_of(page) == paper.title
            await page.until("clipboard of the browser")

            await page.type("x")
            await page.until("Export 1 paper (bookmarks)")
            await page.type("\x15../my list\r")
            await page.until("exported 1 paper to my-list")
            await page.until(lambda: page.messages)
            kind, key = page.messages.pop()
            assert kind == "deliver_file_start"
            async with browser.get(f"/download/{key}") as answer:
                assert answer.headers["Content-Disposition"] == "attachment; filename=my-list"
                assert paper.title in await answer.text()
            assert not list(Path().glob("*list*"))

            await page.type("q")
            await page.closed()
        await no_readers_of(library.folder)


@needs_proc
async def test_closing_the_page_ends_the_reader_with_its_marks_written(library: Library) -> None:
    async with serving(library.folder) as server:
        async with reading_page(server) as page:
            await page.type("bjbjb")
        await no_readers_of(library.folder)
        assert library.search("is:bookmarked").total == 3


@needs_proc
async def test_link_opens_in_the_browser(library: Library) -> None:
    async with serving(library.folder) as server, reading_page(server) as page:
        await page.type("/id:study-1\r")
        await page.until("1 of 31")
        await page.type("o")
        await page.until(lambda: page.messages)
        assert page.messages == [["open_url", {"url": "https://example.org/1", "new_tab": True}]]


@needs_proc
async def test_page_is_closed_if_the_reader_is_killed(library: Library) -> None:
    async with serving(library.folder) as server, reading_page(server) as page:
        (reader,) = readers_of(library.folder)
        os.kill(reader, signal.SIGKILL)
        await page.closed()


# -- the command -----------------------------------------------------------------------------------


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_readers_end_with_the_server(stocked: Carrel, number: signal.Signals) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "serve", "--port", "0"],
        env=stocked.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout
    assert server.stderr
    try:
        address = server.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{32}", address)
        async with page_at(address):
            assert len(readers_of(stocked.library)) == 1
            server.send_signal(number)
            code = await asyncio.to_thread(server.wait, 60)
            await no_readers_of(stocked.library)
        assert code == (-number if number is signal.SIGKILL else 0)
        if number is not signal.SIGKILL:
            assert server.stderr.read().count("\n") == 1
    finally:
        server.kill()
        server.communicate()


@asynccontextmanager
async def page_at(address: str) -> AsyncIterator[Page]:
    """A page that shows the four papers, opened at the printed address."""
    site = address.partition("/?")[0]
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        await browser.get(address)
        async with browser.ws_connect(f"{site}/ws?width=120&height=40", origin=site) as websocket:
            page = Page(websocket, 120, 40)
            await page.until("4 of 4")
            yield page


def test_port_in_use_is_one_line(stocked: Carrel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = stocked("serve", "--port", str(port))
    assert run.code == 1
    assert run.error == (
        f"carrel: cannot serve at port {port}: Address already in use; try --port 0"
    )


def test_missing_extra_is_one_line(stocked: Carrel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tui.platform.web")
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    run = stocked("serve")
    assert run.code == 1
    assert run.error == (
        "carrel: cannot serve: textual-serve is not installed; try pip install textual-serve"
    )


@pytest.mark.parametrize("host", ["http://x", "a b", "x:80", "-x", "", "é.example"])
def test_invalid_host_is_a_usage_error(stocked: Carrel, host: str) -> None:
    run = stocked("serve", f"--host={host}")
    assert run.code == 2
    assert "is not the name of a host" in run.error


def test_help_names_the_default_port(carrel: Carrel) -> None:
    assert str(DEFAULT_PORT) in carrel("serve", "--help").out


# -- textual-serve ---------------------------------------------------------------------------------


async def test_server_of_textual_serve_has_the_guarded_routes() -> None:
    app = await Server("true")._make_app()
    routes = {route.resource.canonical for route in app.router.routes() if route.resource}
    assert routes == {"/", "/ws", "/download/{key}", "/static"}
    environment = AppService(
        "true", write_bytes=None, write_str=None, close=None, download_manager=None,  # type: ignore[arg-type]
    )._build_environment()  # fmt: skip
    assert environment["TEXTUAL_DRIVER"].endswith(":WebDriver")
