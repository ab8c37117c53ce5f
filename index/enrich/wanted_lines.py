"""JSON lines without those that can describe none of the papers, which need not be parsed."""

import json
import re
from collections.abc import Callable
from typing import BinaryIO

from index.enrich.targets import Targets

_STRING = rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_TITLE = re.compile(rb'"(?:title|Title|display_name|paper_title)"\s*:\s*' + _STRING)
_IDENTIFIER = re.compile(rb'"(?:id|arxiv_id|arxivId|ArXiv|arXiv|doi|DOI|url)"\s*:\s*' + _STRING)

MAX_LINE_BYTES = 4_000_000
"""A longer line is read by the format, which reports it."""


def is_json_lines(head: bytes) -> bool:
    """Return whether the first line of a file is one JSON object with a title."""
    line, end, _ = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if not end or not line.startswith(b"{") or not _TITLE.search(line):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


PROGRESS_LINES = 1_000
"""Lines between two reports of progress."""


class WantedLines:
    """A stream of those lines of another that may describe one of the papers.

    It has the methods that readers of JSON lines use; a position is that in the other stream.
    """

    def __init__(
        self, stream: BinaryIO, targets: Targets, report_progress: Callable[[int, int], None]
    ) -> None:
        """`report_progress` is called at intervals with the position and the lines read."""
        self._stream = stream
        self._report_progress = report_progress
        self._targets = targets
        self._rest = b""
        self.lines = 0

    def readline(self, limit: int = -1) -> bytes:
        """Return the next line that is wanted, b"" at the end; at most `limit` bytes of it."""
        line, self._rest = self._rest, b""
        while not line:
            line = self._stream.readline(MAX_LINE_BYTES)
            if not line:
                return b""
            self.lines += 1
            if self.lines % PROGRESS_LINES == 0:
                self._report_progress(self._stream.tell(), self.lines)
            if len(line) < MAX_LINE_BYTES and not self._is_wanted(line):
                line = b""
        if 0 <= limit < len(line):
            line, self._rest = line[:limit], line[limit:]
        return line

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes of wanted lines, or all of them."""
        parts: list[bytes] = []
        left = size
        while size < 0 or left > 0:
            line = self.readline(left if size >= 0 else -1)
            if not line:
                break
            parts.append(line)
            left -= len(line)
        return b"".join(parts)

    def seek(self, position: int, whence: int = 0) -> int:
        """Return to the beginning; no other position is supported."""
        self._rest = b""
        return self._stream.seek(position, whence)

    def tell(self) -> int:
        """Return the position in the other stream."""
        return self._stream.tell()

    def _is_wanted(self, line: bytes) -> bool:
        titles = _TITLE.findall(line)
        if not titles or any(self._targets.has_title(_text(title)) for title in titles):
            return True
        if not self._targets.have_identifiers:
            return False
        return any(self._targets.has_identifier(_text(each)) for each in _IDENTIFIER.findall(line))


def _text(string: bytes) -> str:
    """Return the text of a JSON string."""
    text = string.decode("utf-8", "replace")
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
