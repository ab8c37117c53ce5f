"""A BibTeX file as a stream of entries: found line by line, each parsed alone by bibtexparser.

An entry ends where its braces close, or where a line begins the next one: a brace that is missing
costs its own entry and no other. No more than one entry is held, whatever the length of the file.
The format: https://ctan.org/pkg/btxdoc and https://ctan.org/pkg/ttb-en (N. Markey, Tame the BeaST).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from index.text.encodings import decode
from index.text.months import MONTHS

LONGEST_ENTRY = 4_000_000
"""Characters of an entry that are read; a longer one is skipped."""

_LONGEST_LINE = 1_000_000
_LONGEST_MACRO = 10_000
_MOST_MACROS = 50_000

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
_OPENING = re.compile(r"@\s*([\w-]+)\s*(?=[{(])")
_IN_BRACES = re.compile(r"[{}]")
_IN_PARENTHESES = re.compile(r"[{}\")]")
# A line that begins with @ inside a value, which bibtexparser would take for the next entry; SOH
# stands for its break meanwhile.
_AT_IN_VALUE = re.compile(r"\n(?=[ \t]*@)")
# BibTeX knows no escape: a brace behind a backslash counts. NUL keeps bibtexparser from thinking
# otherwise.
_ESCAPED_BRACE = re.compile(r"\\(?=[{}])")
_COMMA_MISSING = re.compile(r"([}\"]|[\w])([ \t]*\n[ \t]*[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"\w])")
_FIELD_IN_VALUE = re.compile(r"\n[ \t]*[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"]")
_PIECES = re.compile(r"\s*([^#\"{}]+|[{\"])\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between `@` and its closing brace: `kind` in lower case, `text` as written.

    `line` counts from 1; `fault` tells why the block cannot be read, "" where it can.
    """

    kind: str
    text: str
    line: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class BibRecord:
    """One entry: its type and field names in lower case, its values without their delimiters.

    A field that is there more than once has a value for each time.
    """

    kind: str
    key: str
    line: int
    fields: Mapping[str, Sequence[str]]

    def first(self, *names: str) -> str:
        """Return the first value of the fields that is not empty."""
        values = (value for name in names for value in self.fields.get(name, ()))
        return next((value for value in values if value.strip()), "")

    def every(self, *names: str) -> list[str]:
        """Return all values of the fields."""
        return [value for name in names for value in self.fields.get(name, ())]


@dataclass(slots=True)
class Macros:
    """The abbreviations that `@string` defines, and those BibTeX styles do: the months."""

    values: dict[str, str] = field(default_factory=lambda: {name: name for name in MONTHS})

    def define(self, block: Block) -> None:
        """Take in a `@string` block; one that cannot be read defines nothing."""
        name, equals, value = block.text[:-1].partition("=")
        if equals and len(self.values) < _MOST_MACROS:
            name = name.rpartition("{" if "{" in name else "(")[2].strip().lower()
            self.values[name] = self.value(value)[:_LONGEST_MACRO]

    def value(self, written: str) -> str:
        """Return the value of a field: pieces joined by `#`, macros replaced, delimiters gone."""
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
                end = _closing(written, match.start(1))
                yield written[match.start(1) + 1 : end]
                place = end + 1
            else:  # a joint, or a brace too many
                place += 1


def _closing(text: str, start: int) -> int:
    """Return where a value closes that opens at `start`, the end of the text where it does not."""
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
    """The blocks of a file in their order; `blocks` may be asked for again."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._comments_close = True

    def blocks(self) -> Iterator[Block]:
        """Yield each block from the file's beginning."""
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
                if block.kind == "comment" and block.fault and self._comments_close:
                    # It swallowed the rest of the file: none of it is a comment, then.
                    self._comments_close = False
                    self._stream.seek(place[0])
                    self._line, self._ended = place[1], place[2]
                    rest = self._next_line()
                    continue
                yield block
                at_start, joined = False, 0

    def _next_line(self) -> str:
        """Return the next line, each byte a character; "" at the end of the file."""
        data = self._stream.readline(_LONGEST_LINE)
        self._line += self._ended and bool(data)
        self._ended = data.endswith(b"\n")
        return data.replace(b"\x00", b"").decode("latin-1") or (" " if data else "")

    def _block(self, start: re.Match[str], rest: str, line: int) -> tuple[Block, str]:
        """Return a block that begins a text, and what follows it on its last line."""
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
                    return _checked(kind, parts, line, size + match.end()), rest[match.end() :]
            size += len(rest)
            if size <= LONGEST_ENTRY:
                parts.append(rest)
            rest, place = self._next_line(), 0
            swallows = kind == "comment" and self._comments_close
            if not rest or (not swallows and _NEXT.match(rest)):
                end = f"line {self._line}" if rest else "the end of the file"
                fault = f"not closed before {end}; a brace or quote is missing"
                return Block(kind, "", line, fault), rest


def _checked(kind: str, parts: list[str], line: int, size: int) -> Block:
    if size > LONGEST_ENTRY:
        return Block(kind, "", line, f"longer than {LONGEST_ENTRY // 1_000_000} MB")
    return Block(kind, decode("".join(parts).encode("latin-1")), line)


def parsed(block: Block, macros: Macros) -> BibRecord:
    """Return the entry that a block is; raises ValueError where it is none that can be read.

    A comma that is missing at the end of a line is put there.
    """
    if block.fault:
        raise ValueError(block.fault)
    text = _AT_IN_VALUE.sub("\x01", _OPENING.sub(r"@\1", block.text, count=1))
    for attempt in (_ESCAPED_BRACE.sub("\\\\\x00", text), text):
        for written in (attempt, _COMMA_MISSING.sub(r"\1,\2", attempt)):
            record = _split(written, block.line, macros)
            if record:
                return record
    raise ValueError("not BibTeX; look for a comma, quote or brace too many or too few")


def _split(text: str, line: int, macros: Macros) -> BibRecord | None:
    from bibtexparser.exceptions import ParserStateException
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry
    from bibtexparser.splitter import Splitter

    try:
        blocks = Splitter(text).split().blocks
    except ParserStateException:
        return None
    entry = blocks[0] if blocks else None
    if isinstance(entry, DuplicateFieldKeyBlock):
        entry = entry.ignore_error_block
    if len(blocks) != 1 or not isinstance(entry, Entry):
        return None
    fields: dict[str, list[str]] = {}
    for one in entry.fields:
        # What stands before the name's own line is a comment.
        name = one.key.rpartition("\n")[2].strip().lower()
        written = str(one.value)
        if _lost_comma(written):
            return None
        if name and not name.startswith("%"):
            value = macros.value(written).replace("\x00", "").replace("\x01", "\n")
            fields.setdefault(name, []).append(value)
    return BibRecord(entry.entry_type.lower(), entry.key.replace("\x00", ""), line, fields)


def _lost_comma(written: str) -> bool:
    """Tell whether a value runs on into the next field."""
    inside = _FIELD_IN_VALUE.search(written)
    if not inside:
        return False
    end = _closing(written, 0) if written[0] in '{"' else 0
    return end < inside.start()
