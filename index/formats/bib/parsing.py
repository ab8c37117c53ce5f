"""One entry of a BibTeX file parsed into its fields."""

import re
from collections.abc import Iterator

from index.formats.bib.entries import BibRecord, Block, Macros, closing_place

_MAX_RUN_ON_FIELDS = 20
_OPENING = re.compile(r"@\s*([\w-]+)\s*(?=[{(])")
# bibtexparser takes a line that begins with @ inside a value for the next entry, so SOH replaces
# the line break before it.
_AT_IN_VALUE = re.compile(r"\n(?=[ \t]*@)")
# BibTeX has no escapes, so an escaped brace counts; NUL hides the backslash from bibtexparser.
_ESCAPED_BRACE = re.compile(r"\\(?=[{}])")
_COMMA_MISSING = re.compile(r"([}\"]|[\w])([ \t]*\n[ \t]*[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"\w])")
_FIELD_IN_VALUE = re.compile(r"\n[ \t]*[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"]")
_RUN_ON = re.compile(r"\s*([A-Za-z][\w+-]*)\s*=\s*(.+)", re.DOTALL)
_START_OF_VALUE = re.compile(r"\s*([{\"]|[\w.:+-]+)")
_JOINT = re.compile(r"\s*#")
_SIMPLE_HEAD = re.compile(r"@[ \t]*([A-Za-z]\w*)[ \t]*\{\s*([^\s{}\",=#%\\@()]+)[ \t]*,")
_SIMPLE_FIELD = re.compile(
    r"\s*+([A-Za-z][\w+:.-]*+)[ \t]*+=[ \t]*+"
    r"(?:\{((?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+)\}"
    r"|\"((?:[^\"{}\\]++|\{(?:[^\"{}\\]++|\{[^\"{}\\]*+\})*+\})*+)\"|(\w++))\s*+(?:,|(?=\}\Z))"
)
_SIMPLE_END = re.compile(r"\s*\}")


def parse_entry(block: Block, macros: Macros) -> BibRecord:
    """Return the entry of a block; raise ValueError if it cannot be parsed.

    A missing comma at the end of a line is added.
    """
    if block.error:
        raise ValueError(block.error)
    if record := _parse_simple(block, macros):
        return record
    text = _AT_IN_VALUE.sub("\x01", _OPENING.sub(r"@\1", block.text, count=1))
    for attempt in (_ESCAPED_BRACE.sub("\\\\\x00", text), text):
        for written in (attempt, _COMMA_MISSING.sub(r"\1,\2", attempt)):
            record = _split(written, block.line, macros)
            if record:
                return record
    raise ValueError("not BibTeX; check its commas, quotes and braces")


def _parse_simple(block: Block, macros: Macros) -> BibRecord | None:
    """Return the entry of a block that is written as most are: four times as fast as `_split`.

    Every field is a name, an equals sign, and one value in quotes or braces that are balanced, or a
    word. For any other entry, returns None.
    """
    head = _SIMPLE_HEAD.match(block.text)
    if head is None or "\x01" in block.text:
        return None
    fields: dict[str, list[str]] = {}
    place = head.end()
    while field := _SIMPLE_FIELD.match(block.text, place):
        name, braced, quoted, word = field.groups()
        if word is not None:
            value = macros.values.get(word.lower(), word)
        else:
            value = quoted if braced is None else braced
        fields.setdefault(name.lower(), []).append(value)
        place = field.end()
    if not _SIMPLE_END.fullmatch(block.text, place):
        return None
    return BibRecord(head[1].lower(), head[2], block.line, fields)


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
        # Text on the lines before the name is a comment.
        name = one.key.rpartition("\n")[2].strip().lower()
        written = str(one.value)
        if _lacks_comma(written):
            return None
        for each, text in _split_run_on(name, written):
            if each and not each.startswith("%"):
                value = macros.value(text).replace("\x00", "").replace("\x01", "\n")
                fields.setdefault(each, []).append(value)
    return BibRecord(entry.entry_type.lower(), entry.key.replace("\x00", ""), line, fields)


def _split_run_on(name: str, written: str) -> Iterator[tuple[str, str]]:
    """Yield a field, and the fields after it on its line that a missing comma made part of it."""
    for _ in range(_MAX_RUN_ON_FIELDS):
        end = _value_end(written)
        run_on = _RUN_ON.fullmatch(written, end) if end else None
        if run_on is None:
            break
        yield name, written[:end]
        name, written = run_on[1].lower(), run_on[2]
    yield name, written


def _value_end(written: str) -> int:
    """Return the end of the value at the start of a text: pieces joined by `#`; 0 if none is."""
    end = 0
    while match := _START_OF_VALUE.match(written, end):
        is_open = match[1] in ("{", '"')
        end = closing_place(written, match.start(1)) + 1 if is_open else match.end()
        if not (more := _JOINT.match(written, end)):
            return end
        end = more.end()
    return 0


def _lacks_comma(written: str) -> bool:
    """Return whether a value runs on into the next field."""
    inside = _FIELD_IN_VALUE.search(written)
    if not inside:
        return False
    end = closing_place(written, 0) if written[0] in '{"' else 0
    return end < inside.start()
