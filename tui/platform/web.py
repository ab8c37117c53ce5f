"""The reader in a browser: textual-serve's server, admitting one browser of this machine.

Each page that is opened runs a reader as a child process, connected by a websocket.
"""

import asyncio
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web
from aiohttp.typedefs import Handler
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

ADDRESS = "127.0.0.1"
"""The only address that the server listens at."""

LOCAL_HOSTS = frozenset({ADDRESS, "localhost"})

SHUTDOWN_TIMEOUT_S = 15.0
"""Seconds that readers have to close when the server ends."""

QUIT_TIMEOUT_S = 12.0
"""Seconds that a reader has to write its marks and quit; it allows itself ten."""

HEARTBEAT_S = 15.0
"""Seconds between checks that the browser is still connected."""

PAGE = Path(__file__).with_name("web_page.html")

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing is loaded from elsewhere; xterm.js, the terminal in the page, adds style elements."""


class AccessGuard:
    """Admits the one browser that opened the printed address, and no page of another site.

    The token in the address is exchanged for a cookie, once. The Host header is checked against
    DNS rebinding: a site whose name resolves to this machine would otherwise be let in. The origin
    of a websocket is checked because a browser lets any page open one, with cookies.
    """

    def __init__(self, hosts: frozenset[str], port: int) -> None:
        """Admit requests for `hosts`, in lower case; `port` names the cookie of the server."""
        self.token = secrets.token_urlsafe(24)
        self._hosts = hosts
        self._cookie = f"carrel-{port}"
        self._session = secrets.token_urlsafe(24)
        self._is_used = False

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Handle a request if it is admitted; raises HTTPForbidden."""
        host = request.headers.get("Host", "")
        if _host_name(host) not in self._hosts:
            raise _refusal("this host is not served; try carrel serve --host NAME")
        if "Origin" in request.headers and not _is_origin(request.headers["Origin"], host):
            raise _refusal("the request is from another site")
        if request.path == "/ws" and "Origin" not in request.headers:
            raise _refusal("a websocket needs an origin")
        is_known = _equal(request.cookies.get(self._cookie, ""), self._session)
        if request.method == "GET" and request.path == "/" and "token" in request.query:
            return self._exchange(request.query["token"], is_known)
        if not is_known:
            raise _refusal("no session; open the address that carrel serve printed")
        return await handler(request)

    def _exchange(self, token: str, is_known: bool) -> web.StreamResponse:
        """Return a redirect to the page, with the cookie the first time the token is used."""
        if not _equal(token, self.token):
            raise _refusal("wrong token; open the address that carrel serve printed")
        response = web.Response(status=303, headers={"Location": "/"})
        if not self._is_used:
            self._is_used = True
            response.set_cookie(self._cookie, self._session, httponly=True, samesite="Strict")
        elif not is_known:
            raise _refusal("this address was used before; restart carrel serve for a new one")
        return response


def _host_name(host: str) -> str:
    """Return the name in a Host header, in lower case, without the port; "" if it is invalid."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_origin(origin: str, host: str) -> bool:
    """Return whether an origin is the site at a host and port."""
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def _equal(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode(), expected.encode())


def _refusal(reason: str) -> web.HTTPForbidden:
    return web.HTTPForbidden(text=f"cannot open Carrel: {reason}\n")


class ReaderProcess(AppService):
    """A reader run by the server. The page is closed when it ends, and it ends with the page."""

    async def run(self) -> None:
        """Pass on what the process sends until it ends."""
        try:
            await super().run()
        finally:
            await self.remote_close()

    async def on_data(self, payload: bytes) -> None:
        """Pass output on; discard it once the page is closed, so that the reader is not blocked."""
        with suppress(ConnectionError):
            await super().on_data(payload)

    async def stop(self) -> None:
        """Have the reader quit, or kill it if it does not."""
        if (process := self._process) is None or process.returncode is not None:
            return
        try:
            async with asyncio.timeout(QUIT_TIMEOUT_S):
                await super().stop()
                await process.wait()
        finally:
            if process.returncode is None:
                process.kill()


class ReaderServer(Server):
    """Serves the reader at a port of this machine."""

    def __init__(self, command: str, listener: socket.socket, hosts: frozenset[str]) -> None:
        """Serve the reader that a shell command starts; `hosts` are admitted besides this one."""
        port = listener.getsockname()[1]
        super().__init__(command, ADDRESS, port, "Carrel")
        self.guard = AccessGuard(LOCAL_HOSTS | hosts, port)
        self._listener = listener
        self._websockets: set[web.WebSocketResponse] = set()

    @property
    def address(self) -> str:
        """The address that admits a browser, once."""
        return f"http://{ADDRESS}:{self.port}/?token={self.guard.token}"

    async def application(self) -> web.Application:
        """Return the guarded application."""
        app = await self._make_app()
        app.middlewares.append(self.guard.check)
        app.on_response_prepare.append(_add_headers)
        return app

    def serve(self, debug: bool = False) -> None:
        """Serve until a signal ends the process."""
        web.run_app(
            self.application(),
            sock=self._listener,
            shutdown_timeout=SHUTDOWN_TIMEOUT_S,
            access_log=None,
            print=lambda *_: None,
        )

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing."""

    async def on_shutdown(self, app: web.Application) -> None:
        """Close the websockets, which ends their readers."""
        closing = [each.close(code=WSCloseCode.GOING_AWAY) for each in self._websockets]
        await asyncio.gather(*closing, return_exceptions=True)

    async def handle_index(self, request: web.Request) -> web.Response:
        """Return the page."""
        nonce = secrets.token_urlsafe(16)
        page = Template(PAGE.read_text(encoding="utf-8")).substitute(nonce=nonce)
        policy = CONTENT_POLICY.format(nonce=nonce, host=request.headers["Host"])
        return web.Response(
            text=page, content_type="text/html", headers={"Content-Security-Policy": policy}
        )

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a reader for as long as the page is open."""
        websocket = web.WebSocketResponse(heartbeat=HEARTBEAT_S)
        await websocket.prepare(request)

        async def close() -> None:
            await websocket.close()

        reader = ReaderProcess(
            self.command,
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=close,
            download_manager=self.download_manager,
        )
        self._websockets.add(websocket)
        try:
            size = (to_int(request.query.get(name, ""), 80) for name in ("width", "height"))
            await reader.start(*size)
            await self._process_messages(websocket, reader)
        finally:
            self._websockets.discard(websocket)
            await reader.stop()
        return websocket


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


def listen(port: int) -> socket.socket:
    """Return a socket that listens at a port of this machine, 0 for a free one; raises OSError."""
    return socket.create_server((ADDRESS, port))
