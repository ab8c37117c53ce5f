"""Values of a JSON file, read one at a time, and the recovery after broken ones.

Memory is bounded by the longest value read. JSON: RFC 8259 (https://www.rfc-editor.org/rfc/rfc8259).
"""

import codecs
import json
import re
from collections.abc import Callable, Mapping
from typing import BinaryIO, NamedTuple

from index.papers.json_values import whole
from index.text.encodings import detect_encoding

MAX_VALUE_CHARS = 4_000_000
"""A longer value is skipped, so that no file can fill the memory."""
MAX_WASTED_CHARS = 64_000_000
"""Characters decoded without finding a value before the rest of a file is skipped."""

_CHUNK_BYTES = 1 << 18
_HEAD_CHARS = 2000

_TOO_LONG = f"longer than {MAX_VALUE_CHARS // 1_000_000} MB; split the entry"

_DECODER = json.JSONDecoder(parse_int=whole, strict=False)
_GAP = re.compile(r"[\s,\ufeff\x00]*")
_KEY = re.compile(r'"((?:[^"\\]|\\.){0,1000}+)"\s*:\s*', re.DOTALL)
_SHORT_KEY = re.compile(r'"([^"\\\n]{1,80})"\s*:')
_OBJECT_START = re.compile(r'[}\],:\n][ \t\r]*(?P<object>\{\s*")')
_BRACKET_OR_QUOTE = re.compile(r'\\.|["{}\[\]]', re.DOTALL)


class ReadItem(NamedTuple):
    """A value, and the place in the window where it ends."""

    value: object
    end: int


class Broken(NamedTuple):
    """The reason why a value cannot be read, and the distance in the window to the error."""

    reason: str
    distance: int


class _Decoder:
    """An incremental decoder: by byte order mark or as UTF-8, else as Windows-1252.

    Invalid bytes become U+FFFD; nothing is raised.
    """

    def __init__(self, start: bytes) -> None:
        self._decoder = codecs.getincrementaldecoder(detect_encoding(start) or "utf-8")()
        self._is_ascii = True

    def decode(self, data: bytes, last: bool) -> str:
        try:
            text = self._decoder.decode(data, last)
        except UnicodeDecodeError as error:
            # A single invalid byte after nothing but ASCII is a letter in Windows-1252.
            is_single = error.end - error.start == 1 and error.encoding == "utf-8"
            is_cp1252 = is_single and self._is_ascii and error.object[: error.start].isascii()
            name = "cp1252" if is_cp1252 else error.encoding
            self._decoder = codecs.getincrementaldecoder(name)("replace")
            text = self._decoder.decode(error.object, last)
        self._is_ascii = self._is_ascii and text.isascii()
        return text


class Window:
    """The part of a file in memory: `text`, the current place `at` in it, and its `line`."""

    def __init__(self, stream: BinaryIO) -> None:
        start = stream.read(4)
        stream.seek(0)
        self.text, self.at, self.line = "", 0, 1
        self._stream = stream
        self._decoder = _Decoder(start)
        self._has_ended = False
        self._known_keys: frozenset[str] = frozenset()  # of the last good object
        self._wasted = 0

    def go(self, place: int) -> None:
        """Go to a later place in the window."""
        self.line += self.text.count("\n", self.at, place)
        self.at = place

    def read_more(self) -> bool:
        """Read the next part of the file, drop the text before `at`; return False at its end."""
        if self._has_ended:
            return False
        # Doubling the window reads a long value in linear time.
        data = self._stream.read(max(_CHUNK_BYTES, len(self.text) - self.at))
        self._has_ended = not data
        self.text = self.text[self.at :] + self._decoder.decode(data, self._has_ended)
        self.at = 0
        return True

    def next_sign(self) -> str:
        """Go to the next value, key or closing bracket; return its first character or ""."""
        while True:
            gap = _GAP.match(self.text, self.at)
            assert gap
            self.go(gap.end())
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.read_more():
                return ""

    def skip_key(self) -> bool:
        """Go to the value of a member; return False if there is no key."""
        while True:
            key = _KEY.match(self.text, self.at)
            if key and (key.end() < len(self.text) or self._has_ended):
                self.go(key.end())
                return True
            if len(self.text) - self.at > _CHUNK_BYTES or not self.read_more():
                return False

    def read_value(self, distance: int = 0) -> ReadItem | Broken:
        """Return the value at the current place, or at a distance from it."""
        if self.at > _CHUNK_BYTES // 32:  # JSONDecodeError counts lines from the window's start
            self.text, self.at = self.text[self.at :], 0
        while True:
            start = self.at + distance
            try:
                item = ReadItem(*_DECODER.raw_decode(self.text, start))
            except RecursionError:
                return Broken("nested too deeply", distance + 1)
            except json.JSONDecodeError as error:
                is_inside = error.pos < len(self.text) - 16 and "Untermin" not in error.msg
                if not is_inside and len(self.text) - start > MAX_VALUE_CHARS:
                    return Broken(_TOO_LONG, error.pos - self.at)
                if is_inside or not self.read_more():
                    reason = self._reason(error, is_at_end=not is_inside)
                    return Broken(reason, error.pos - self.at)
                continue
            if item.end == len(self.text) and self.read_more():
                continue  # a number may go on
            if item.end - start > MAX_VALUE_CHARS:
                return Broken(_TOO_LONG, item.end - self.at)
            return item

    def _reason(self, error: json.JSONDecodeError, *, is_at_end: bool) -> str:
        rest = self.text[error.pos :].rstrip()
        if is_at_end and (not rest or ("Untermin" in error.msg and "\n" not in rest)):
            return "cut off where the file ends; export or download it again"
        line = self.line + self.text.count("\n", self.at, error.pos)
        return f"not JSON at line {line}: {error.msg}"

    def skip_value(self, item: ReadItem) -> None:
        """Go to the end of a good value."""
        if isinstance(item.value, dict):
            self._known_keys = frozenset(item.value)
        self._wasted = 0
        self.go(item.end)

    def skip_broken(
        self, broken: Broken, is_record: Callable[[Mapping[str, object]], bool]
    ) -> None:
        """Go to the next object that resembles the last good one, else to the end of the file.

        Without a good object before, go to the next that `is_record` accepts.
        """
        if broken.reason == _TOO_LONG:
            self._skip_brackets()
            return
        # A missing quote makes a string that ends at the error and may contain the next object.
        quote = self.text.rfind('"', self.at, self.at + broken.distance)
        quote = self.text.rfind('"', self.at, max(self.at, quote))
        self.go(max(self.at + 1, quote))
        while self._wasted < MAX_WASTED_CHARS:
            start = _OBJECT_START.search(self.text, max(0, self.at - 1))
            if not start:
                self.go(max(self.at, len(self.text) - _HEAD_CHARS))
                if not self.read_more():
                    break
                continue
            self.go(start.start("object"))
            found = self.read_value()
            keys = self._keys(found)
            shared = len(self._known_keys & keys.keys())
            if shared * 2 >= len(self._known_keys) if self._known_keys else is_record(keys):
                return
            is_deep = isinstance(found, Broken) and found.distance == 1
            length = found.end - self.at if isinstance(found, ReadItem) else found.distance
            self._wasted += _CHUNK_BYTES if is_deep else length
            self.go(self.at + 1)
        while self.read_more():
            self.go(len(self.text))
        self.go(len(self.text))

    def _keys(self, found: ReadItem | Broken) -> Mapping[str, object]:
        """Return an object, or the keys of a broken one before the next object."""
        if isinstance(found, ReadItem):
            return found.value if isinstance(found.value, dict) else {}
        limit = self.at + _HEAD_CHARS
        next_object = _OBJECT_START.search(self.text, self.at + 1, limit)
        end = next_object.start() if next_object else limit
        return dict.fromkeys(_SHORT_KEY.findall(self.text, self.at, end))

    def _skip_brackets(self) -> None:
        """Go to the end of a value by its brackets, which need not fit into the memory."""
        depth, is_string = 0, False
        while True:
            end = self.at
            for sign in _BRACKET_OR_QUOTE.finditer(self.text, self.at):
                end = sign.end()
                if sign[0] == '"':
                    is_string = not is_string
                elif not is_string and sign[0][0] != "\\":
                    depth += 1 if sign[0] in "{[" else -1
                if depth <= 0 and not is_string:
                    self.go(end)
                    return
            self.go(max(end, len(self.text) - 1))  # the last character may begin an escape
            if not self.read_more():
                return
