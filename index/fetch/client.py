"""An HTTP client with rate limits, retries, size limits and immediate cancellation."""

import logging
import random
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from index.errors import FetchFailed
from index.fetch.answers import (
    Busy,
    Response,
    check_body,
    check_redirect,
    decompress,
    error_for,
)
from index.fetch.services import Service
from index.text.cleaning import format_count

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

POLL_INTERVAL_S = 0.1
"""Time between two reports to `say` while waiting."""

MAX_MEMORY_BYTES = 4 << 20

KEY_HEADER = "x-api-key"
"""The header with the user's key, which is sent to the service's own host only."""

_KEY = re.compile(r"((?:api_key|mailto)=)[^&]+")
"""Parameters of a URL that are left out of the log."""

Say = Callable[[str], None]
"""Called often with the current activity; may raise to stop the work."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one request: timeouts in seconds, decoded size in bytes, redirects and attempts."""

    connect: float = 10.0
    read: float = 30.0
    whole: float = 300.0
    size: int = 64 << 20
    redirects: int = 5
    tries: int = 5
    wait: float = 120.0
    """The longest delay requested by a service that is waited for."""


@dataclass(slots=True)
class Pacing:
    """The rate limit of requests, shared by all threads; `sleep` and `clock` are set by tests."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    _next: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self, service: Service) -> float:
        """Reserve the next request to a service; return the seconds until it may be sent."""
        with self._lock:
            now = self.clock()
            due = max(now, self._next.get(service.url, now))
            self._next[service.url] = due + service.pause
        return due - now

    def finished(self, service: Service) -> None:
        """Record the end of a request, from which the pause before the next one counts too."""
        with self._lock:
            due = self.clock() + service.pause
            self._next[service.url] = max(due, self._next.get(service.url, due))


PACING = Pacing()
"""The pacing shared by this process."""


class Client:
    """Sends requests to services, and reports the current activity to `say`.

    Each response is received in a separate thread, so that a request to an unresponsive server can
    be cancelled at once.
    """

    def __init__(self, say: Say, pacing: Pacing = PACING, limits: Limits | None = None) -> None:
        self.say = say
        self.pacing = pacing
        self.limits = limits or Limits()
        self._has_abandoned = False  # whether a cancelled request may still be running
        self._http = self._open()

    def _open(self) -> "httpx.Client":
        import httpx

        from index.version import __version__

        read = self.limits.read
        try:
            return httpx.Client(
                timeout=httpx.Timeout(read, connect=self.limits.connect, pool=self.limits.connect),
                follow_redirects=True,
                max_redirects=self.limits.redirects,
                event_hooks={"response": [check_redirect]},
                headers={
                    "User-Agent": f"Carrel/{__version__} (reader of research papers)",
                    "Accept-Encoding": "gzip",
                },
            )
        except (ValueError, ImportError, OSError) as error:  # invalid proxy or certificate settings
            raise FetchFailed(
                f"cannot use the network: {error}; check the proxy settings in the environment"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._has_abandoned:
            self._http.close()

    def get(
        self,
        service: Service,
        url: str,
        expects: str,
        *,
        headers: Mapping[str, str] | None = None,
        post: object = None,
    ) -> BinaryIO:
        """Return a service's response as an open file; `expects` is "JSON" or "XML".

        With `post`, the request is a POST of this value as JSON.

        If the service is busy or closes the connection, the request is repeated after a delay that
        doubles each time, or that the service requests. Raises FetchFailed.
        """
        attempts = 0
        while True:
            self._wait(self.pacing.turn(service), f"contacting {service.name}")
            log.info("requesting %s", _KEY.sub(r"\1…", url))
            try:
                answer = self._watch(service, url, headers or {}, post)
                log.info("%s answered with %d bytes", service.name, answer.size)
                return check_body(answer, service.name, expects)
            except Busy as busy:
                attempts += 1
                log.info("%s %s, attempt %d", service.name, busy, attempts)
                pause = self._pause(busy, attempts, service)
                log.info("retrying in %.1f s", pause)
                message = f"{service.name} {busy}; retrying"
            self._wait(pause, message)

    def _pause(self, busy: Busy, attempts: int, service: Service) -> float:
        """Return the seconds until the next attempt; raises FetchFailed if there is none."""
        message = f"{service.name} {busy}"
        if attempts == self.limits.tries:
            tried = format_count(attempts, "attempt")
            raise FetchFailed(f"{message} after {tried}; try again later") from busy
        pause = busy.after
        if pause is None:
            pause = 2.0 ** (attempts - 1) * (0.5 + self.pacing.chance())
        if pause > self.limits.wait:
            raise FetchFailed(f"{message}; try again in {_format_duration(pause)}") from busy
        return pause

    def _wait(self, seconds: float, words: str) -> None:
        """Wait, and report the remaining time."""
        end = self.pacing.clock() + seconds
        self.say(words)
        while (left := end - self.pacing.clock()) > 0:
            self.say(f"{words} in {_format_duration(left)}")
            self.pacing.sleep(min(left, POLL_INTERVAL_S))

    def _watch(
        self, service: Service, url: str, headers: Mapping[str, str], post: object
    ) -> Response:
        """Receive a response and report its size; if stopped, abandon the request."""
        answer: Future[Response] = Future()
        file = cast("BinaryIO", tempfile.SpooledTemporaryFile(MAX_MEMORY_BYTES))  # noqa: SIM115
        received = Response(file, self.limits.size)
        timeout = self.limits.connect + self.limits.read
        end = time.monotonic() + timeout

        def receive() -> None:
            try:
                self._receive(service, url, headers, post, received)
                answer.set_result(received)
            except BaseException as error:
                answer.set_exception(error)

        threading.Thread(target=receive, daemon=True).start()
        try:
            while not wait([answer], POLL_INTERVAL_S).done:
                size = f", {received.size / 1e6:.1f} MB" if received.size >= 100_000 else ""
                self.say(f"contacting {service.name}{size}")
                # DNS lookups do not observe the timeouts.
                if not received.has_started and time.monotonic() > end:
                    raise FetchFailed(
                        f"cannot reach {service.name}: no response within {timeout:.0f} s; "
                        "check the network"
                    )
        except BaseException:
            self._has_abandoned = received.is_abandoned = True
            raise
        finally:
            self.pacing.finished(service)
        return answer.result()

    def _receive(
        self,
        service: Service,
        url: str,
        headers: Mapping[str, str],
        post: object,
        into: Response,
    ) -> None:
        name, limits = service.name, self.limits
        end = time.monotonic() + limits.whole
        method = "GET" if post is None else "POST"
        with (
            _described_errors(name, limits),
            self._http.stream(method, url, headers=headers, json=post) as response,
        ):
            into.has_started = True
            encoding = response.headers.get("content-encoding", "")
            chunks = decompress(response.iter_raw(), encoding)
            if not response.is_success:
                raise error_for(response, chunks, name)
            for chunk in chunks:
                into.write(chunk, name)
                if time.monotonic() > end:
                    raise FetchFailed(f"{name} took too long to respond; try again later")


@contextmanager
def _described_errors(name: str, limits: Limits) -> Iterator[None]:
    """Raise FetchFailed, or Busy if another attempt may succeed, for an error of the connection."""
    import httpx

    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        reason = (
            re.sub(r"^\[Errno -?\d+\] ", "", str(error))
            or f"no response within {limits.connect:.0f} s"
        )
        raise FetchFailed(f"cannot reach {name}: {reason}; check the network") from error
    except httpx.TimeoutException as error:
        raise FetchFailed(
            f"{name} did not respond within {limits.read:.0f} s; try again later"
        ) from error
    except httpx.TooManyRedirects as error:
        raise FetchFailed(f"{name} redirects too many times; try again later") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise FetchFailed(f"cannot use the URL of {name}: {error}") from error
    except httpx.TransportError as error:
        raise Busy("closed the connection") from error


def _format_duration(seconds: float) -> str:
    """Return a duration as text.

    >>> [_format_duration(seconds) for seconds in (0.2, 90, 1800, 9000)]
    ['1 s', '90 s', '30 min', '3 h']
    """
    if seconds <= 120:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"
