"""The HTTP client: rate limits, retries, size limits and error messages."""

import gzip
import socket
import threading
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FetchFailed, NotFound
from index.fetch.answers import check_redirect, decompress, seconds_after
from index.fetch.client import Client, Limits, Pacing
from index.fetch.services import Service
from tests.services import JSON, Answer, FakeService, packed

GOOD = Answer('[{"title": "Attention"}]', headers={"Content-Type": JSON})


class Time:
    """A clock that advances only during waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def pacing(self) -> Pacing:
        return Pacing(self.sleep, lambda: self.now, lambda: 0.5)


class Asking:
    """A client, its clock, and its messages."""

    def __init__(self, service: FakeService) -> None:
        self.service = service
        self.time = Time()
        self.pacing = self.time.pacing
        self.messages: list[str] = []

    def __call__(
        self,
        path: str = "/x",
        expects: str = "JSON",
        pause: float = 0.0,
        limits: Limits | None = None,
    ) -> bytes:
        asked = Service("The service", self.service.url, pause)
        with Client(self.messages.append, self.pacing, limits) as client:
            return client.get(asked, asked.at(path), expects).read()

    def fails(self, path: str = "/x", expects: str = "JSON", limits: Limits | None = None) -> str:
        with pytest.raises(FetchFailed) as failed:
            self(path, expects, limits=limits)
        assert "\n" not in str(failed.value)
        return str(failed.value)


@pytest.fixture
def asking(service: FakeService) -> Asking:
    service.in_turn(GOOD)
    return Asking(service)


# -- answers ---------------------------------------------------------------------------------------


def test_request_has_user_agent(asking: Asking) -> None:
    assert asking() == GOOD.bytes
    (request,) = asking.service.requests
    assert request.headers["User-Agent"].startswith("Carrel/")


def test_response_compressed_is_decoded(asking: Asking) -> None:
    asking.service.in_turn(packed(GOOD))
    assert asking() == GOOD.bytes


@given(st.binary(max_size=200_000), st.integers(1, 5_000), st.sampled_from(["gzip", "", "X-GZIP"]))
def test_decompress_round_trips(body: bytes, size: int, encoding: str) -> None:
    whole = gzip.compress(body) if encoding else body
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    assert b"".join(decompress(pieces, encoding)) == body


def test_response_decompression_bomb_stops_at_limit(asking: Asking) -> None:
    bomb = gzip.compress(b"[" + b" " * 200_000_000)
    asking.service.in_turn(Answer(bomb, headers={"Content-Encoding": "gzip"}))
    assert "sent more than 8 MB" in asking.fails(limits=Limits(size=8 << 20))
    assert max(len(piece) for piece in decompress([bomb], "gzip")) <= 1 << 20


def test_response_endless_body_stops_at_limit(asking: Asking) -> None:
    asking.service.in_turn(Answer(b"[" + b" " * 3_000_000))
    assert "sent more than 1 MB" in asking.fails(limits=Limits(size=1 << 20))


@pytest.mark.parametrize(
    ("body", "expects", "message"),
    [
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "JSON", "a web page, not JSON"),
        ("<!-- hm --> <HTML><head>", "XML", "a web page, not XML"),
        ('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "">\n<html xmlns="x">', "XML", "a web page"),
        ("", "JSON", "sent an empty response"),
        (" \n\ufeff ", "XML", "sent an empty response"),
        ("Rate exceeded.", "XML", "a response that is not XML"),
        ("<feed/>", "JSON", "a response that is not JSON"),
        ('{"error": 1}', "XML", "a response that is not XML"),
    ],
)
def test_response_unexpected_content_raises(
    asking: Asking, body: str, expects: str, message: str
) -> None:
    asking.service.in_turn(Answer(body, headers={"Content-Type": "text/html"}))
    error = asking.fails(expects=expects)
    assert message in error
    assert error.endswith("; try again later")
    assert len(asking.service.requests) == 1


def test_response_feed_that_mentions_html_is_accepted(asking: Asking) -> None:
    asking.service.in_turn(Answer("<feed><title>&lt;html> <html/></title></feed>"))
    assert b"title" in asking(expects="XML")


# -- temporary errors ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_request_busy_service_is_retried_with_growing_delays(asking: Asking, status: int) -> None:
    busy = Answer("busy", status)
    asking.service.in_turn(busy, busy, busy, GOOD)
    assert asking() == GOOD.bytes
    assert len(asking.service.requests) == 4
    assert asking.time.now == pytest.approx(1 + 2 + 4)
    assert any(f"The service is busy ({status}" in words for words in asking.messages)


def test_retry_delays_are_randomized(asking: Asking) -> None:
    asking.pacing.chance = iter([0.0, 1.0]).__next__
    asking.service.in_turn(Answer("", 500), Answer("", 500), GOOD)
    asking()
    assert asking.time.now == pytest.approx(0.5 + 3.0)


def test_request_service_still_busy_raises(asking: Asking) -> None:
    asking.service.in_turn(Answer("", 503))
    assert asking.fails() == (
        "The service is busy (503 Service Unavailable) after 5 attempts; try again later"
    )
    assert len(asking.service.requests) == 5


def test_retry_after_is_respected_and_reported(asking: Asking) -> None:
    asking.service.in_turn(Answer("", 429, {"Retry-After": "30"}), GOOD)
    asking()
    assert asking.time.now == pytest.approx(30)
    assert "The service is busy (429 Too Many Requests); retrying in 30 s" in asking.messages
    assert "The service is busy (429 Too Many Requests); retrying in 12 s" in asking.messages


def test_retry_after_too_long_raises(asking: Asking) -> None:
    asking.service.in_turn(Answer("", 429, {"Retry-After": "7200"}), GOOD)
    assert asking.fails() == ("The service is busy (429 Too Many Requests); try again in 2 h")
    assert asking.time.now == 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0.0), (" 120 ", 120.0), ("9" * 30, 999_999_999.0), ("", None), ("soon", None),
     ("-5", None), ("1.5", None), ("Fri, 99 Nov 2026 12:00:00 GMT", None),
     ("Fri, 20 Nov 2026 12:01:30 GMT", 90.0), ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0)],
)  # fmt: skip
def test_retry_after_is_seconds_or_date(text: str, seconds: float | None) -> None:
    assert seconds_after(text, datetime(2026, 11, 20, 12, tzinfo=UTC)) == seconds


@given(st.text())
def test_retry_after_accepts_any_text(text: str) -> None:
    seconds = seconds_after(text, datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert seconds is None or seconds >= 0


def test_retry_after_past_date_is_zero(asking: Asking) -> None:
    past = format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)
    asking.service.in_turn(Answer("", 503, {"Retry-After": past}), GOOD)
    asking()
    assert asking.time.now == 0


@pytest.mark.parametrize(
    "cut",
    [
        Answer(GOOD.body, length=1_000),
        Answer(gzip.compress(b"[1]")[:-9], headers={"Content-Encoding": "gzip"}),
        Answer(b"\x1f\x8bno gzip at all", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["in the body", "in what is packed", "packed badly"],
)
def test_request_closed_connection_is_retried(asking: Asking, cut: Answer) -> None:
    asking.service.in_turn(cut, GOOD)
    assert asking() == GOOD.bytes
    asking.service.in_turn(cut)
    assert asking.fails().startswith("The service ")


def test_response_content_length_too_short_truncates(asking: Asking) -> None:
    asking.service.in_turn(Answer(GOOD.body, length=9))
    assert asking() == GOOD.bytes[:9]


# -- permanent errors ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer('{"error": "Invalid\\ndate"}', 400), "answered 400 Bad Request: Invalid date"),
        (Answer('{"message": "no \\u001b[31m"}', 403), "answered 403 Forbidden: no"),
        (Answer("<feed><summary>bad\nquery</summary>", 400), "answered 400 Bad Request: bad query"),
        (Answer('{"error": ["x"]}', 401), "answered 401 Unauthorized"),
        (Answer("[" * 100_000, 400), "answered 400 Bad Request"),
        (Answer("", 799), "answered 799"),
        (Answer("", 304), "answered 304 Not Modified"),
    ],
)
def test_response_error_reports_reason_of_service(
    asking: Asking, answer: Answer, message: str
) -> None:
    asking.service.in_turn(answer)
    assert asking.fails() == f"The service {message}"
    assert len(asking.service.requests) == 1


def test_response_not_found_raises_not_found(asking: Asking) -> None:
    asking.service.in_turn(Answer("", 404))
    with pytest.raises(NotFound, match="404 Not Found"):
        asking()


def test_request_unreachable_service_raises_immediately() -> None:
    gone = FakeService()
    asking = Asking(gone)
    gone.close()
    assert asking.fails().startswith("cannot reach The service: ")
    assert asking.fails().endswith("; check the network")
    assert asking.time.now == 0


def test_request_silent_service_times_out(asking: Asking) -> None:
    hold = threading.Event()
    asking.service.in_turn(Answer(GOOD.body, hold=hold))
    error = asking.fails(limits=Limits(read=0.05))
    hold.set()
    assert error == "The service did not respond within 0 s; try again later"


def test_request_endless_name_lookup_times_out(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: hold.wait(20))
    error = asking.fails(limits=Limits(connect=0.1, read=0.2))
    monkeypatch.undo()
    hold.set()
    assert error.startswith("cannot reach The service: no response within ")


def test_response_too_slow_times_out(asking: Asking) -> None:
    assert "took too long" in asking.fails(limits=Limits(whole=-1))


def test_client_invalid_proxy_raises(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "nonsense://x:99999999")
    assert "check the proxy settings" in asking.fails()


def test_client_uses_proxy_of_environment(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", asking.service.url)
    monkeypatch.setenv("no_proxy", "")
    nowhere = Service("The service", "http://papers.invalid", 0)
    with Client(asking.messages.append, asking.pacing) as client:
        assert client.get(nowhere, nowhere.at("/x"), "JSON").read() == GOOD.bytes


# -- redirects -------------------------------------------------------------------------------------


def test_redirect_is_followed(asking: Asking) -> None:
    asking.service.in_turn(Answer("", 302, {"Location": "/there"}), GOOD)
    assert asking() == GOOD.bytes
    assert [request.path for request in asking.service.requests] == ["/x", "/there"]


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://example.org/x", "javascript:alert(1)", "data:text/plain,x",
     "gopher://x", "http://["],
)  # fmt: skip
def test_redirect_to_other_scheme_raises(asking: Asking, target: str) -> None:
    asking.service.in_turn(Answer("", 302, {"Location": target}))
    assert "addresses are followed" in asking.fails()
    assert len(asking.service.requests) == 1


def test_redirect_from_https_to_http_raises() -> None:
    def redirect(here: str, there: str) -> httpx.Response:
        request = httpx.Request("GET", here)
        return httpx.Response(301, headers={"Location": there}, request=request)

    check_redirect(redirect("https://x.org/a", "https://y.org/b"))
    check_redirect(redirect("http://x.org/a", "https://y.org/b"))
    with pytest.raises(FetchFailed, match="only https addresses are"):
        check_redirect(redirect("https://x.org/a", "http://x.org/a"))


PRIVATE = ["http://127.0.0.1:8000/a", "http://localhost/", "http://[::1]/", "http://10.1.2.3/x",
           "http://169.254.169.254/latest/meta-data", "http://192.168.1.1/", "http://2130706433/",
           "http://0x7f.1/", "http://[::ffff:127.0.0.1]/", "http://[fe80::1]/", "http://0.0.0.0/",
           "http://printer.local/", "//127.0.0.1/a"]  # fmt: skip


@pytest.mark.parametrize("target", PRIVATE)
def test_redirect_from_public_to_own_network_raises(target: str) -> None:
    request = httpx.Request("GET", "http://93.184.215.14/a")
    answer = httpx.Response(302, headers={"location": target}, request=request)
    with pytest.raises(FetchFailed, match="an address of this machine or its network"):
        check_redirect(answer)


@pytest.mark.parametrize("target", ["http://127.0.0.1:8000/b", "http://8.8.8.8/"])
def test_redirect_within_own_network_or_out_of_it_is_followed(target: str) -> None:
    request = httpx.Request("GET", "http://127.0.0.1:8000/a")
    check_redirect(httpx.Response(302, headers={"location": target}, request=request))


def test_redirect_loop_raises(asking: Asking) -> None:
    asking.service.in_turn(Answer("", 302, {"Location": "/x"}))
    assert "redirects too many times" in asking.fails()
    assert len(asking.service.requests) == 6


# -- spacing of requests ---------------------------------------------------------------------------


def test_requests_are_spaced(asking: Asking) -> None:
    for _ in range(3):
        asking(pause=3.0)
    assert asking.time.now == pytest.approx(6)
    assert "contacting The service in 3 s" in asking.messages


def test_requests_of_several_threads_are_spaced() -> None:
    time = Time()
    pacing, service = time.pacing, Service("The service", "http://x", 3.0)
    assert [pacing.turn(service) for _ in range(3)] == [0.0, 3.0, 6.0]
    assert pacing.turn(Service("Another", "http://y", 3.0)) == 0.0


def test_spacing_starts_at_end_of_request() -> None:
    time = Time()
    pacing, service = time.pacing, Service("The service", "http://x", 3.0)
    pacing.turn(service)
    time.now = 10.0
    pacing.finished(service)
    assert pacing.turn(service) == 3.0


def test_spacing_overlaps_with_retry_delay(asking: Asking) -> None:
    asking.service.in_turn(Answer("", 429, {"Retry-After": "5"}), GOOD)
    asking(pause=3.0)
    assert asking.time.now == pytest.approx(5)


# -- stopping --------------------------------------------------------------------------------------


class Stop(BaseException):
    """Raised to stop a fetch."""


def test_stop_during_spacing_raises(asking: Asking) -> None:
    def say(words: str) -> None:
        if "in 20 s" in words:
            raise Stop

    asking.service.in_turn(Answer("", 429, {"Retry-After": "30"}), GOOD)
    service = Service("The service", asking.service.url, 0)
    with Client(say, asking.pacing) as client, pytest.raises(Stop):
        client.get(service, service.at("/x"), "JSON")
    assert asking.time.now == pytest.approx(10, abs=1)


def test_stop_during_silent_request_raises(asking: Asking) -> None:
    hold = threading.Event()
    asking.service.in_turn(Answer(GOOD.body, hold=hold))
    calls = 0

    def say(words: str) -> None:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise Stop

    service = Service("The service", asking.service.url, 0)
    with Client(say, asking.pacing) as client, pytest.raises(Stop):
        client.get(service, service.at("/x"), "JSON")
    hold.set()
