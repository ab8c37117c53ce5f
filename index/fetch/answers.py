"""Responses from the network: decompression within limits, errors, and checks of the content."""

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urljoin, urlsplit

from index.errors import CarrelError, FetchFailed, NotFound
from index.fetch.addresses import is_own_network
from index.text.cleaning import clean, one_line
from index.text.encodings import decode

if TYPE_CHECKING:
    import httpx

CHUNK_BYTES = 1 << 20
"""Bytes decompressed at a time."""

HEAD_BYTES = 4_096
"""Bytes from which the type of a response is detected."""

RETRY_STATUSES = (429, 500, 502, 503, 504)

# "api";r=0;t=120: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
_RESET = re.compile(r";\s*t=(\d{1,9})")
_WEB_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PROLOGUE = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.DOTALL)


class Busy(CarrelError):
    """The service may respond to another attempt; `after` is the delay it requests, in seconds."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Response:
    """A response being received into a file; it is abandoned when nobody waits for it any more."""

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self.file = file
        self.size = 0
        self.has_started = False
        self.is_abandoned = False
        self._max_bytes = max_bytes

    def write(self, chunk: bytes, name: str) -> None:
        """Append a chunk; raises FetchFailed if the response is too large or abandoned."""
        if self.is_abandoned:
            raise FetchFailed("stopped")
        self.size += len(chunk)
        if self.size > self._max_bytes:
            raise FetchFailed(
                f"{name} sent more than {self._max_bytes >> 20} MB; request fewer papers at a time"
            )
        self.file.write(chunk)


def decompress(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield a decompressed body, at most `CHUNK_BYTES` at a time.

    Raises Busy if the body is truncated or damaged.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailed(f"unsupported content encoding {one_line(clean(encoding), 20)!r}")
    decompressor = zlib.decompressobj(zlib.MAX_WBITS | 32)  # 32: detect a gzip or zlib header
    try:
        for chunk in chunks:
            while chunk and not decompressor.eof:
                yield decompressor.decompress(chunk, CHUNK_BYTES)
                chunk = decompressor.unconsumed_tail
    except zlib.error as error:
        raise Busy("sent a damaged response") from error
    if not decompressor.eof:
        raise Busy("closed the connection")


def check_redirect(response: "httpx.Response") -> None:
    """Raise FetchFailed for a redirect to an address that the service must not reach.

    Refused are addresses other than http and https, http from https and, from a public address,
    this machine and its own network.
    """
    if not response.has_redirect_location:
        return
    target = response.headers["location"]
    safe = ("https",) if response.url.scheme == "https" else ("https", "http")
    try:
        parts = urlsplit(urljoin(str(response.url), target))
        if parts.scheme.lower() in safe and parts.hostname:
            if is_own_network(parts.hostname) and not is_own_network(response.url.host):
                raise FetchFailed(
                    f"{response.url.host} redirects to {one_line(clean(target), 60)!r}, "
                    "an address of this machine or its network; it is not followed"
                )
            if "x-api-key" in response.request.headers and parts.hostname != response.url.host:
                raise FetchFailed(
                    f"{response.url.host} redirects to {parts.hostname}, which is not sent your key"
                )
            return
    except ValueError:
        pass
    raise FetchFailed(
        f"{response.url.host} redirects to {one_line(clean(target), 60)!r}; "
        f"only {' and '.join(safe)} addresses are followed"
    )


def error_for(response: "httpx.Response", body: Iterable[bytes], name: str) -> CarrelError:
    """Return the exception for an unsuccessful response: Busy, NotThere or FetchFailed."""
    status = response.status_code
    phrases = (known.phrase for known in HTTPStatus if known == status)
    words = " ".join([str(status), *phrases])
    if status in RETRY_STATUSES:
        after = seconds_after(response.headers.get("retry-after", ""), datetime.now(UTC))
        if after is None and (reset := _RESET.search(response.headers.get("ratelimit", ""))):
            after = float(reset[1])
        return Busy(f"is busy ({words})", after)
    reason = _reason(body)
    message = f"{name} answered {words}{f': {reason}' if reason else ''}"
    return NotFound(message) if status in (404, 410) else FetchFailed(message)


def seconds_after(text: str, now: datetime) -> float | None:
    """Return the delay in a Retry-After header, given in seconds or as a date, or None.

    https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())


def _reason(body: Iterable[bytes]) -> str:
    """Return the reason in an error response: `error` or `message` in JSON, `summary` in Atom."""
    head = b""
    for chunk in body:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    text = decode(head)
    found: object = None
    try:
        value = json.loads(text)
        found = (value.get("error") or value.get("message")) if isinstance(value, dict) else None
    except (ValueError, RecursionError):
        summary = _SUMMARY.search(text)
        found = summary[1] if summary else None
    return one_line(clean(found), 120) if isinstance(found, str) else ""


def check_body(response: Response, name: str, expects: str) -> BinaryIO:
    """Return the file of a response that looks like the expected JSON or XML.

    Raises FetchFailed for a web page (such as a login or captcha), an empty response, or any other.
    """
    file = response.file
    file.seek(0)
    head = decode(file.read(HEAD_BYTES)).lstrip("\ufeff \t\r\n")
    file.seek(0)
    if not head:
        found = "an empty response"
    elif _WEB_PAGE.match(_PROLOGUE.sub("", head)):
        found = f"a web page, not {expects}"
    elif head.startswith("<" if expects == "XML" else ("{", "[")):
        return file
    else:
        found = f"a response that is not {expects}"
    raise FetchFailed(f"{name} sent {found}; try again later")
