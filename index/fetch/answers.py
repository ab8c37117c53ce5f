"""What comes back from the network, before it is read: unpacked within bounds, refused or taken."""

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
from index.text.cleaning import clean, one_line
from index.text.encodings import decode

if TYPE_CHECKING:
    import httpx

PIECE = 1 << 20
"""Bytes that a packed piece becomes at a time."""

HEAD = 4_096
"""Bytes that tell what an answer is."""

TRY_AGAIN = (429, 500, 502, 503, 504)

_WEB_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PROLOGUE = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.DOTALL)


class Busy(CarrelError):
    """A service that may answer when it is asked again; `after` are the seconds it names itself."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Bytes:
    """An answer as it comes in: whether it has begun, and whether nobody waits for it any more."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.file = file
        self.size = 0
        self.begun = False
        self.left = False
        self._most = most

    def take(self, piece: bytes, name: str) -> None:
        """Keep a piece; raises FetchFailed where there are too many."""
        if self.left:
            raise FetchFailed("stopped")
        self.size += len(piece)
        if self.size > self._most:
            raise FetchFailed(
                f"{name} answered with more than {self._most >> 20} MB; ask for less at a time"
            )
        self.file.write(piece)


def unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield a body as it was before it was packed, never more than `PIECE` bytes at a time.

    Raises Busy where it ends too early or is not packed as it says.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailed(f"the answer is packed as {one_line(clean(encoding), 20)!r}, not gzip")
    packer = zlib.decompressobj(zlib.MAX_WBITS | 32)  # 32: a header of gzip or of zlib
    try:
        for piece in pieces:
            while piece and not packer.eof:
                yield packer.decompress(piece, PIECE)
                piece = packer.unconsumed_tail
    except zlib.error as error:
        raise Busy("sent a damaged answer") from error
    if not packer.eof:
        raise Busy("cut the connection")


def check_redirect(response: "httpx.Response") -> None:
    """Refuse a redirect to what is no web address, or from https to http; raises FetchFailed."""
    if not response.has_redirect_location:
        return
    target = response.headers["location"]
    safe = ("https",) if response.url.scheme == "https" else ("https", "http")
    try:
        there = urlsplit(urljoin(str(response.url), target))
        if there.scheme.lower() in safe and there.hostname:
            return
    except ValueError:
        pass
    raise FetchFailed(
        f"{response.url.host} leads to {one_line(clean(target), 60)!r}, which is not followed: "
        f"only {' and '.join(safe)} addresses are"
    )


def refusal(response: "httpx.Response", body: Iterable[bytes], name: str) -> CarrelError:
    """Return what an answer that is no success means: Busy, NotThere or FetchFailed."""
    status = response.status_code
    phrases = (known.phrase for known in HTTPStatus if known == status)
    words = " ".join([str(status), *phrases])
    if status in TRY_AGAIN:
        after = seconds_after(response.headers.get("retry-after", ""), datetime.now(UTC))
        return Busy(f"is busy ({words})", after)
    why = _reason(body)
    told = f"{name} answered {words}{f': {why}' if why else ''}"
    return NotFound(told) if status in (404, 410) else FetchFailed(told)


def seconds_after(text: str, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, given as such or as a date; None for none.

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
    """Return what a service says of a fault: in JSON as error or message, in Atom as summary."""
    head = b""
    for piece in body:
        head += piece
        if len(head) >= HEAD:
            break
    text = decode(head)
    found: object = None
    try:
        told = json.loads(text)
        found = (told.get("error") or told.get("message")) if isinstance(told, dict) else None
    except (ValueError, RecursionError):
        summary = _SUMMARY.search(text)
        found = summary[1] if summary else None
    return one_line(clean(found), 120) if isinstance(found, str) else ""


def checked(answer: Bytes, name: str, expects: str) -> BinaryIO:
    """Return an answer's file at its beginning, where it may be JSON or XML as expected.

    Raises FetchFailed for a web page (of a login, of a captcha), for nothing, for anything else.
    """
    file = answer.file
    file.seek(0)
    head = decode(file.read(HEAD)).lstrip("\ufeff \t\r\n")
    file.seek(0)
    if not head:
        what = "nothing"
    elif _WEB_PAGE.match(_PROLOGUE.sub("", head)):
        what = f"a web page, not {expects}"
    elif head.startswith("<" if expects == "XML" else ("{", "[")):
        return file
    else:
        what = f"something that is not {expects}"
    raise FetchFailed(f"{name} answered with {what}; try again later")
