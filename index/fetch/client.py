"""Asking a service on the network: politely, within bounds, and stopped at any moment."""

import logging
import random
import re
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from index.errors import FetchFailed
from index.fetch.answers import Busy, Bytes, check_redirect, checked, refusal, unpacked
from index.fetch.services import Service
from index.text.cleaning import format_count

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

SLICE = 0.1
"""Seconds after which a wait asks whether it is to go on."""

IN_MEMORY = 4 << 20

Say = Callable[[str], None]
"""Told what is under way, often; what it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: seconds, bytes of the answer unpacked, tries."""

    connect: float = 10.0
    read: float = 30.0
    whole: float = 300.0
    size: int = 64 << 20
    redirects: int = 5
    tries: int = 5
    wait: float = 120.0
    """The longest time a service may ask to be left alone for; longer is left to the reader."""


@dataclass(slots=True)
class Pacing:
    """When the next request to a service may go out; `sleep` and `clock` are for tests to hand in.

    The requests of all threads keep the distance together.
    """

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    _next: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self, service: Service) -> float:
        """Take the next turn to ask a service; return the seconds until it comes."""
        with self._lock:
            now = self.clock()
            due = max(now, self._next.get(service.url, now))
            self._next[service.url] = due + service.pause
        return due - now

    def asked(self, service: Service) -> None:
        """Write down that a request has ended now: the next keeps its distance from that."""
        with self._lock:
            due = self.clock() + service.pause
            self._next[service.url] = max(due, self._next.get(service.url, due))


PACING = Pacing()
"""That of this process."""


class Client:
    """Asks services; `say` is told what is under way.

    Each answer is received in a thread of its own: where the reader stops, nobody waits for a
    server that says nothing.
    """

    def __init__(self, say: Say, pacing: Pacing = PACING, limits: Limits | None = None) -> None:
        self.say = say
        self.pacing = pacing
        self.limits = limits or Limits()
        self._left = False  # a request that nobody waits for is under way
        self._http = self._opened()

    def _opened(self) -> "httpx.Client":
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
        except (ValueError, ImportError, OSError) as error:  # a proxy or certificates set wrongly
            raise FetchFailed(
                f"the network cannot be used ({error}); check the proxy in the environment"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._left:
            self._http.close()

    def get(self, service: Service, url: str, expects: str) -> BinaryIO:
        """Return what a service answers, as an open file; `expects` is "JSON" or "XML".

        A service that is busy, or cuts the connection, is asked again after a while that doubles,
        or that it names itself. Raises FetchFailed.
        """
        tried = 0
        while True:
            self._wait(self.pacing.turn(service), f"asking {service.name}")
            log.info("requesting %s", url)
            try:
                answer = self._watched(service, url)
                log.info("%s answered with %d bytes", service.name, answer.size)
                return checked(answer, service.name, expects)
            except Busy as busy:
                tried += 1
                log.info("%s %s, attempt %d", service.name, busy, tried)
                pause = self._pause(busy, tried, service)
                log.info("retrying in %.1f s", pause)
                told = f"{service.name} {busy}; asking again"
            self._wait(pause, told)

    def _pause(self, busy: Busy, tried: int, service: Service) -> float:
        """Return the seconds until a service is asked again; raises FetchFailed for not at all."""
        told = f"{service.name} {busy}"
        if tried == self.limits.tries:
            raise FetchFailed(
                f"{told}, asked {format_count(tried, 'time')}; try again later"
            ) from busy
        pause = busy.after
        if pause is None:
            pause = 2.0 ** (tried - 1) * (0.5 + self.pacing.chance())
        if pause > self.limits.wait:
            raise FetchFailed(f"{told} and asks for {_span(pause)}; try then") from busy
        return pause

    def _wait(self, seconds: float, words: str) -> None:
        """Wait, saying how long still."""
        end = self.pacing.clock() + seconds
        self.say(words)
        while (left := end - self.pacing.clock()) > 0:
            self.say(f"{words} in {_span(left)}")
            self.pacing.sleep(min(left, SLICE))

    def _watched(self, service: Service, url: str) -> Bytes:
        """Receive an answer, saying how much has come; where that is stopped, leave it."""
        answer: Future[Bytes] = Future()
        file = cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
        received = Bytes(file, self.limits.size)
        patience = self.limits.connect + self.limits.read
        end = time.monotonic() + patience

        def receive() -> None:
            try:
                self._receive(service, url, received)
                answer.set_result(received)
            except BaseException as error:
                answer.set_exception(error)

        threading.Thread(target=receive, daemon=True).start()
        try:
            while not wait([answer], SLICE).done:
                size = f", {received.size / 1e6:.1f} MB" if received.size >= 100_000 else ""
                self.say(f"asking {service.name}{size}")
                # The look-up of a name keeps to no timeout.
                if not received.begun and time.monotonic() > end:
                    raise FetchFailed(
                        f"{service.name} cannot be reached (no answer within {patience:.0f} s); "
                        "check the network"
                    )
        except BaseException:
            self._left = received.left = True
            raise
        finally:
            self.pacing.asked(service)
        return answer.result()

    def _receive(self, service: Service, url: str, into: Bytes) -> None:
        import httpx

        name, limits = service.name, self.limits
        end = time.monotonic() + limits.whole
        try:
            with self._http.stream("GET", url) as response:
                into.begun = True
                pieces = unpacked(response.iter_raw(), response.headers.get("content-encoding", ""))
                if not response.is_success:
                    raise refusal(response, pieces, name)
                for piece in pieces:
                    into.take(piece, name)
                    if time.monotonic() > end:
                        raise FetchFailed(f"{name} takes too long to answer; try again later")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            reason = (
                re.sub(r"^\[Errno -?\d+\] ", "", str(error))
                or f"no answer within {limits.connect:.0f} s"
            )
            raise FetchFailed(f"{name} cannot be reached ({reason}); check the network") from error
        except httpx.TimeoutException as error:
            raise FetchFailed(
                f"{name} did not answer within {limits.read:.0f} s; try again later"
            ) from error
        except httpx.TooManyRedirects as error:
            raise FetchFailed(f"{name} leads from one address to another without end") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise FetchFailed(f"{name} has an address that cannot be asked ({error})") from error
        except httpx.TransportError as error:
            raise Busy("cut the connection") from error


def _span(seconds: float) -> str:
    """Return a time as a reader says it.

    >>> _span(0.2), _span(90), _span(1800), _span(9000)
    ('1 s', '90 s', '30 min', '3 h')
    """
    if seconds <= 120:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"
