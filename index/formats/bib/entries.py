"""A BibTeX file as a stream of entries, found line by line and parsed one at a time.

An entry ends where its braces close, or before a line that begins another entry, so that a missing
brace costs only its own entry. Only one entry is in memory at a time.
The format: https://ctan.org/pkg/btxdoc and https://ctan.org/pkg/ttb-en (N. Markey, Tame the BeaST).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from index.text.encodings import decode
from index.text.months import MONTHS

MAX_ENTRY_CHARS = 4_000_000
"""A longer entry is skipped."""

_MAX_LINE_BYTES = 1_000_000
_MAX_MACRO_CHARS = 10_000
_MAX_MACROS = 50_000

_TYPES = (
    "article|book|booklet|collection|comment|conference|dataset|inbook|incollection|inproceedings"
    "|manual|mastersthesis|misc|online|patent|phdthesis|preamble|proceedings|report|software|string"
    "|techreport|thesis|unpublished"
)
_START = re.compile(rf"(?<![\w.@])@[ \t]*(?:(?i:({_TYPES}))\s*[{{(]|([A-Za-z][\w-]*)\s*\{{)")
_NEXT = re.compile(
    rf"[ \t]*@[ \t]*(?:(?i:{_TYPES})[ \t]*[{{(]"
    r"|[A-Za-z][\w-]*[ \t]*\{[ \t]*(?:[^\s{}\",=]*[ \t]*,|[^\s{}\",=]*\s*$))"
)
_OPEN_END = re.compile(r"@[ \t]*[A-Za-z][\w-]*\s*$")
_IN_BRACES = re.compile(r"[{}]")
_IN_PARENTHESES = re.compile(r"[{}\")]")
_PIECES = re.compile(r"\s*([^#\"{}]+|[{\"])\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """The text from `@` to the closing brace; `kind` is in lower case.

    `line` counts from 1; `error` is the reason why the block cannot be read, or "".
    """

    kind: str
    text: str
    line: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class BibRecord:
    """One entry: type and field names in lower case, values without delimiters.

    A repeated field has several values.
    """

    kind: str
    key: str
    line: int
    fields: Mapping[str, Sequence[str]]

    def first(self, *names: str) -> str:
        """Return the first value of these fields that is not blank."""
        for name in names:
            for value in self.fields.get(name, ()):
                if value and not value.isspace():
                    return value
        return ""

    def every(self, *names: str) -> list[str]:
        """Return all values of these fields."""
        return [value for name in names for value in self.fields.get(name, ())]


@dataclass(slots=True)
class Macros:
    """The macros that `@string` and BibTeX styles (months) define."""

    values: dict[str, str] = field(default_factory=lambda: {name: name for name in MONTHS})

    def define(self, block: Block) -> None:
        """Add the macro of a `@string` block, if it can be read."""
        name, equals, value = block.text[:-1].partition("=")
        if equals and len(self.values) < _MAX_MACROS:
            name = name.rpartition("{" if "{" in name else "(")[2].strip().lower()
            self.values[name] = self.value(value)[:_MAX_MACRO_CHARS]

    def value(self, written: str) -> str:
        """Return the value of a field: joined by `#`, macros expanded, delimiters removed."""
        written = written.strip()
        if len(written) > 1 and written[0] == "{" and written.find("}") == len(written) - 1:
            return written[1:-1]
        return "".join(self._pieces(written))

    def _pieces(self, written: str) -> Iterator[str]:
        place = 0
        while place < len(written):
            match = _PIECES.match(written, place)
            if match and match[1] not in ("{", '"'):
                name = match[1].strip()
                yield self.values.get(name.lower(), name)
                place = match.end()
            elif match:
                end = closing_place(written, match.start(1))
                yield written[match.start(1) + 1 : end]
                place = end + 1
            else:  # a `#`, or an unmatched brace
                place += 1


def closing_place(text: str, start: int) -> int:
    """Return the end of the value that opens at `start`, else the end of the text."""
    depth = 0
    quoted = text[start] == '"'
    for match in re.compile(r"[{}\"]").finditer(text, start + quoted):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        escaped = text[match.start() - 1] == "\\"
        if quoted and match[0] == '"' and depth <= 0 and not escaped:
            return match.start()
        if not quoted and depth == 0 and match[0] == "}":
            return match.start()
    return len(text)


class Scanner:
    """The blocks of a file in order; `blocks` may be called again."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._comments_close = True

    def blocks(self) -> Iterator[Block]:
        """Yield each block from the beginning of the file."""
        self._stream.seek(0)
        self._line, self._ended = 0, True
        rest, at_start, joined = self._next_line(), True, 0
        while rest:
            start = _START.search(rest)
            before = rest[: start.start()] if start else ""
            commented = at_start and (before or rest).lstrip().startswith("%")
            opening = None if start or commented else _OPEN_END.search(rest)
            if opening and (more := self._next_line()):
                rest, joined = f"{opening[0].rstrip()} {more.lstrip()}", joined + 1
            elif not start or commented:
                rest, at_start, joined = self._next_line(), True, 0
            else:
                place = self._stream.tell(), self._line, self._ended
                block, rest = self._block(start, rest[start.start() :], self._line - joined)
                if block.kind == "comment" and block.error and self._comments_close:
                    # An unclosed comment would swallow the rest of the file, so it is no comment.
                    self._comments_close = False
                    self._stream.seek(place[0])
                    self._line, self._ended = place[1], place[2]
                    rest = self._next_line()
                    continue
                yield block
                at_start, joined = False, 0

    def _next_line(self) -> str:
        """Return the next line decoded as Latin-1; "" at the end of the file."""
        data = self._stream.readline(_MAX_LINE_BYTES)
        self._line += self._ended and bool(data)
        self._ended = data.endswith(b"\n")
        return data.replace(b"\x00", b"").decode("latin-1") or (" " if data else "")

    def _block(self, start: re.Match[str], rest: str, line: int) -> tuple[Block, str]:
        """Return the block at the start of a text, and the rest of its last line."""
        kind = (start[1] or start[2]).lower()
        opening = start.end() - start.start() - 1
        in_parentheses = rest[opening] == "("
        signs = _IN_PARENTHESES if in_parentheses else _IN_BRACES
        depth, quoted = int(not in_parentheses), False
        parts: list[str] = []
        size, place = 0, opening + 1
        while True:
            for match in signs.finditer(rest, place):
                sign = match[0]
                depth += {"{": 1, "}": -1}.get(sign, 0)
                quoted ^= sign == '"' and depth <= 0
                if (sign == ")" and depth <= 0 and not quoted) or (
                    sign == "}" and depth == 0 and not in_parentheses
                ):
                    parts.append(rest[: match.end()])
                    return _build_block(kind, parts, line, size + match.end()), rest[match.end() :]
            size += len(rest)
            if size <= MAX_ENTRY_CHARS:
                parts.append(rest)
            rest, place = self._next_line(), 0
            swallows = kind == "comment" and self._comments_close
            if not rest or (not swallows and _NEXT.match(rest)):
                end = f"line {self._line}" if rest else "the end of the file"
                error = f"not closed before {end}; a brace or quote is missing"
                return Block(kind, "", line, error), rest


def _build_block(kind: str, parts: list[str], line: int, size: int) -> Block:
    if size > MAX_ENTRY_CHARS:
        return Block(kind, "", line, f"longer than {MAX_ENTRY_CHARS // 1_000_000} MB")
    return Block(kind, decode("".join(parts).encode("latin-1")), line)
