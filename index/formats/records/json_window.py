"""The part of a JSON file that is looked at, its values, and the way on behind what is broken.

Memory is bounded by the longest value taken. Where a broken value ends is told by its brackets,
else by the next place that begins as the values here begin. JSON: RFC 8259
(https://www.rfc-editor.org/rfc/rfc8259).
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from index.papers.json_values import whole
from index.text.encodings import encoding_of

LONGEST = 4_000_000
"""Characters read of one value; a longer one is skipped, so that no file can fill the memory."""

_CHUNK = 1 << 18
_LONGEST_HEAD = 2000
_DEEP = 5
"""Objects looked into, one inside of the other."""
_NESTED = 1_000
"""Brackets open at once beyond which they are not counted on."""

_TOO_LONG = f"longer than {LONGEST // 1_000_000} MB; split the entry"

_DECODER = json.JSONDecoder(parse_int=whole, strict=False)
_GAP = re.compile(r"[\s,\ufeff\x00]*")
_KEY = re.compile(r'"((?:[^"\\]|\\.){0,1000}+)"\s*:\s*', re.DOTALL)
# No JSON string goes over a line's end, so that a quote which is missing is missed in its line.
_TOKEN = re.compile(r'[{}\[\]]|"(?:[^"\\\n]++|\\[^\n])*+"?')
_OPENS = {"}": "{", "]": "["}
_SCALAR = r'(?:"(?:[^"\\\n]|\\.){0,300}+"|[\w.+-]{1,40})'
_HEAD = re.compile(
    rf'\{{\s*("[^"\\\n]{{1,80}}")\s*:\s*(?:{_SCALAR}\s*,\s*("[^"\\\n]{{1,80}}")|([\[{{]))'
)


class ReadItem(NamedTuple):
    """A value, and the place in the window where it ends."""

    value: object
    end: int


class Broken(NamedTuple):
    """Why a value cannot be read, and how far ahead in the window that shows."""

    reason: str
    ahead: int


class _Text:
    """Text out of bytes as they come: by their mark or as UTF-8, else as Windows-1252.

    Bytes that are neither become U+FFFD; nothing is raised.
    """

    def __init__(self, start: bytes) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding_of(start) or "utf-8")()
        self._ascii = True

    def decoded(self, data: bytes, last: bool) -> str:
        try:
            text = self._decoder.decode(data, last)
        except UnicodeDecodeError as error:
            # One byte that is wrong in a file of no other signs is a letter of Windows-1252.
            one = error.end - error.start == 1 and error.encoding == "utf-8"
            plain = one and self._ascii and error.object[: error.start].isascii()
            name = "cp1252" if plain else error.encoding
            self._decoder = codecs.getincrementaldecoder(name)("replace")
            text = self._decoder.decode(error.object, last)
        self._ascii = self._ascii and text.isascii()
        return text


class Window:
    """The part of a file that is looked at: it moves on with what is read.

    `text` is that part, `at` the place in it that is reached, `line` the line of the file there.
    """

    def __init__(self, stream: BinaryIO) -> None:
        start = stream.read(4)
        stream.seek(0)
        self.text, self.at, self.line = "", 0, 1
        self._stream = stream
        self._bytes = _Text(start)
        self._ended = False
        self._gap = ""
        self._lead = self._model = ""
        self._patience = LONGEST  # characters in which brackets may be counted in vain

    def go(self, place: int) -> None:
        """Go on to a place in the window."""
        self.line += self.text.count("\n", self.at, place)
        self.at = place

    def more(self) -> bool:
        """Look further, and drop what lies behind; False at the end of the file."""
        if self._ended:
            return False
        # As much again as was too little, so that a long value is not read over and over.
        data = self._stream.read(max(_CHUNK, len(self.text) - self.at))
        self._ended = not data
        self.text = self.text[self.at :] + self._bytes.decoded(data, self._ended)
        self.at = 0
        return True

    def sign(self) -> str:
        """Go to the next value, key or closing bracket, and return its first sign; "" for none."""
        passed = ""
        while True:
            gap = _GAP.match(self.text, self.at)
            assert gap
            passed = (passed + gap[0])[-200:]
            self.go(gap.end())
            if self.at < len(self.text):
                self._gap = passed or self._gap
                return self.text[self.at]
            if not self.more():
                return ""

    def passed_key(self) -> bool:
        """Go behind the key of a member; False where there is none."""
        while True:
            key = _KEY.match(self.text, self.at)
            if key and (key.end() < len(self.text) or self._ended):
                self.go(key.end())
                return True
            if len(self.text) - self.at > _CHUNK or not self.more():
                return False

    def value(self, ahead: int = 0) -> ReadItem | Broken:
        """Return the value here, or as many characters ahead."""
        if self.at > _CHUNK // 4:  # a fault is counted from the beginning of the window
            self.text, self.at = self.text[self.at :], 0
        while True:
            start = self.at + ahead
            try:
                found = ReadItem(*_DECODER.raw_decode(self.text, start))
                # A number at the end of the window may go on.
                if found.end == len(self.text) and self.more():
                    continue
            except RecursionError:
                return Broken("nested too deeply", ahead + 1)
            except json.JSONDecodeError as error:
                inside = error.pos < len(self.text) - 16 and "Untermin" not in error.msg
                if not inside and len(self.text) - start > LONGEST:
                    return Broken(_TOO_LONG, error.pos - self.at)
                if inside or not self.more():
                    return Broken(self._fault(error, cut=not inside), error.pos - self.at)
            else:
                return (
                    found
                    if found.end - start <= LONGEST
                    else Broken(_TOO_LONG, found.end - self.at)
                )

    def _fault(self, error: json.JSONDecodeError, *, cut: bool) -> str:
        rest = self.text[error.pos :].rstrip()
        if cut and (not rest or ("Untermin" in error.msg and "\n" not in rest)):
            return "cut off; the file ends inside of it"
        line = self.line + self.text.count("\n", self.at, error.pos)
        return f"not JSON at line {line}: {error.msg}"

    def members(self) -> Iterator[tuple[str, str, ReadItem | Broken]]:
        """Yield name, first sign and value of each member of an object that cannot be read.

        Of an array it is the first value; of an object that cannot be read, its members follow. An
        array here is a member without a name.
        """
        if self.text[self.at] == "[":
            yield "", "[", self._first(0)
            return
        ahead, deep = 1, 0
        while deep < _DEEP and (key := _KEY.match(self.text, self._solid(ahead))):
            start = key.end() - self.at
            sign = self.text[key.end() : key.end() + 1]
            found = self.value(start)
            if sign == "[":
                yield key[1], sign, self._first(start)
            elif isinstance(found, ReadItem):
                yield key[1], sign, found
            if isinstance(found, Broken) and sign != "{":
                return
            deep += isinstance(found, Broken)
            ahead = found.end - self.at if isinstance(found, ReadItem) else start + 1

    def _first(self, ahead: int) -> ReadItem | Broken:
        """Return the first value of an array so many characters ahead."""
        return self.value(self._solid(ahead + 1) - self.at)

    def _solid(self, ahead: int) -> int:
        gap = _GAP.match(self.text, self.at + ahead)
        assert gap
        return gap.end()

    def passed(self, end: int) -> None:
        """Go behind a value that was read."""
        if self.text[self.at] == "{":
            self._lead = self._gap
            self._model = self._model or self.text[self.at : min(end, self.at + 1000)]
        self.go(end)

    def pass_by(self, fault: int) -> None:
        """Go behind the value here, which shows so far ahead that it is broken."""
        ahead: int | None = fault
        if self.text[self.at] in "{[" and self._patience > 0:
            ahead = self._close(fault)
        if ahead is not None:
            self._seek(self.at + ahead)

    def _close(self, fault: int) -> int | None:
        """Go behind the value here by its brackets alone.

        Where they do not match, return how far ahead the fault shows.
        """
        opened: list[str] = []
        place = self.at
        while True:
            token = _TOKEN.search(self.text, place)
            if not token or (token[0][0] == '"' and token.end() >= len(self.text) - 1):
                ahead = (token.start() if token else len(self.text)) - self.at
                if ahead > LONGEST:  # too long to be held
                    self.go(self.at + ahead - 1)
                    ahead, fault = 1, 0
                if len(self.text) - self.at - ahead > LONGEST or not self.more():
                    break
                place = self.at + ahead
                continue
            place = token.end()
            if not self._fits(token, opened):
                break
            if not opened:
                self.go(place)
                return None
        # What was looked at in vain counts: it may be looked at again.
        self._patience -= max(place - self.at, fault)
        return min(place - self.at, fault)

    def _fits(self, token: re.Match[str], opened: list[str]) -> bool:
        """Tell whether a bracket or a string can stand where it does; keep what is open."""
        if token[0] in _OPENS:
            return opened.pop() == _OPENS[token[0]]
        if token[0] in "{[":
            opened.append(token[0])
            return len(opened) < _NESTED
        # A stray quote turns all inside out: then texts stand beside words.
        before, after = self.text[token.start() - 1], self.text[token.end() : token.end() + 1]
        ended = len(token[0]) > 1 and token[0][-1] == '"'
        return ended and before in "{[,: \t\r\n" and after in "]},: \t\r\n"

    def _seek(self, place: int) -> None:
        """Go to the next place that begins as the values here begin, else to the end."""
        alike = self._alike()
        while place - 1 > self.at and self.text[place - 1] in " \t\r\n,":
            place -= 1
        while not (match := alike.search(self.text, place)):
            self.go(max(place, len(self.text) - _LONGEST_HEAD))
            if not self.more():
                self.go(len(self.text))
                return
            place = self.at
        self.go(match.start("value"))

    def _alike(self) -> re.Pattern[str]:
        """Return how values here begin: on a line of their own, else with the same names."""
        lead = self._gap if self.text[self.at] == "{" else self._lead
        line = lead[lead.rfind("\n") :] if "\n" in lead else ""
        if line.strip("\n") or (line and not re.match(r"\{\s*\n", self._model)):
            return re.compile(re.escape(line) + r"(?P<value>\{)")
        head = _HEAD.match(self._model) or _HEAD.match(self.text, self.at)
        if not head:
            return re.compile(r'(?<=[}\],\s])(?P<value>\{\s*")')
        first, second, bracket = head.groups()
        rest = re.escape(bracket) if bracket else rf"{_SCALAR}\s*,\s*{re.escape(second)}"
        return re.compile(rf"(?<=[}}\],\s])(?P<value>\{{\s*{re.escape(first)}\s*:\s*{rest})")
