"""A served reader for tests: the server, a page of it, and the processes that it runs."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType, web

from tests.tui.terminal import UNKNOWN
from tui.cli.serve import reader_command
from tui.platform.web import ReaderServer, listen

TIMEOUT_S = 60.0
"""Seconds to wait for expected output, which normally appears much sooner."""

ENDS = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED)

NAMED_HOST = "papers.example.org"


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[ReaderServer]:
    """Serve the reader of a library at a free port."""
    listener = listen(0)
    server = ReaderServer(reader_command(str(folder)), listener, frozenset({NAMED_HOST}))
    runner = web.AppRunner(await server.application(), access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def visiting(server: ReaderServer, *, cookies: bool = True) -> AsyncIterator[ClientSession]:
    """A browser without the page; it keeps cookies, unless told otherwise."""
    jar = CookieJar(unsafe=True) if cookies else None
    async with ClientSession(f"http://127.0.0.1:{server.port}", cookie_jar=jar) as browser:
        yield browser


class Page:
    """A page with a reader in it: what it shows, and what it was sent beside the screen."""

    def __init__(self, websocket: ClientWebSocketResponse, columns: int, lines: int) -> None:
        self.websocket = websocket
        self.screen = pyte.Screen(columns, lines)
        self.received = b""
        self.messages: list[Any] = []
        self._stream = pyte.ByteStream(self.screen)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def type(self, keys: str) -> None:
        await self.websocket.send_json(["stdin", keys])

    async def until(self, shown: str | Callable[[], object]) -> None:
        """Wait until a text is shown, or until a condition holds."""
        async with asyncio.timeout(TIMEOUT_S):
            while not (shown in self.text if isinstance(shown, str) else shown()):
                message = await self.websocket.receive()
                if message.type is WSMsgType.BINARY:
                    self.received += message.data
                    self._stream.feed(UNKNOWN.sub(b"", message.data))
                elif message.type is WSMsgType.TEXT:
                    self.messages.append(json.loads(message.data))
                else:
                    raise AssertionError(f"{shown!r} was never shown:\n{self.text}")

    async def closed(self) -> None:
        """Wait until the server has closed the page."""
        async with asyncio.timeout(TIMEOUT_S):
            while (await self.websocket.receive()).type not in ENDS:
                pass


@asynccontextmanager
async def page_of(browser: ClientSession, server: ReaderServer) -> AsyncIterator[Page]:
    """Open the page in a browser."""
    await browser.get(server.address)
    origin = f"http://127.0.0.1:{server.port}"
    async with browser.ws_connect("/ws?width=120&height=40", origin=origin) as websocket:
        yield Page(websocket, 120, 40)


def readers_of(folder: Path) -> list[int]:
    """The processes that run a reader over a library."""
    return [pid for pid, command in _commands() if f"--library\0{folder}\0read" in command]


def _commands() -> Iterator[tuple[int, str]]:
    for name in filter(re.compile(r"\d+").fullmatch, os.listdir("/proc")):  # noqa: PTH208
        try:
            yield int(name), Path(f"/proc/{name}/cmdline").read_text(errors="replace")
        except OSError:
            continue


async def no_readers_of(folder: Path) -> None:
    """Wait until no process runs a reader over a library."""
    async with asyncio.timeout(TIMEOUT_S):
        while readers_of(folder):
            await asyncio.sleep(0.05)
