"""Records of XML files: cut out of the text one by one, each parsed by itself.

A file of any length passes through bounded memory, and a record that is not well-formed costs only
itself. What a file declares before its records (entities, external subsets) never reaches the
parser: https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from html.entities import html5
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers.expat import ErrorString

from index.formats.records.decoding import chunks, repaired

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST_RECORD = 4_000_000
"""Characters of one record; a longer one is skipped. Papers of 3,000 authors have some 400,000."""

DEEPEST = 200
"""Elements within elements; a record that goes deeper is skipped."""

BEFORE = 8_192
"""Characters kept of what stands before a record."""

_LONGEST_MARK = 200
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})", re.ASCII)
_ROOT = re.compile(
    r"\ufeff?\s*+(?>(?><\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>)\s*+)*+"
    r"<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL,
)
# Not allowed in XML even as references: https://www.w3.org/TR/xml/#charsets
_NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(
    r"&(?:#(?:(\d{1,8})|x([0-9A-Fa-f]{1,6}))|([A-Za-z][A-Za-z0-9]{1,31}));", re.ASCII
)
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*+):|\s([A-Za-z_][\w.-]*+):[\w.-]+\s*=\s*[\"']")


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """A record of a file, the line it begins at, and what stands before it in the file.

    `before` goes back to the record before, but no further than `BEFORE` characters.
    """

    line: int
    text: str
    before: str = ""
    fault: str = ""


def root_name(head: str) -> str:
    """Return the local name of a document's first element; "" where the text is no XML."""
    match = _ROOT.match(head)
    return match[1] if match else ""


def records(stream: BinaryIO, names: Iterable[str]) -> Iterator[XmlRecord]:
    """Yield the elements of these local names that are in no other such, in the file's order.

    One that has no end or no beginning is a record with a `fault`.
    """
    stream.seek(0)
    declared = _DECLARED.search(stream.read(300))
    cutter = _Cutter(names)
    for chunk in chunks(stream, declared[1].decode() if declared else ""):
        yield from cutter.feed(chunk)
    yield from cutter.close()


class _Cutter:
    """Cuts records out of a text that comes in pieces."""

    def __init__(self, names: Iterable[str]) -> None:
        self._mark = re.compile(
            rf"<!--|<!\[CDATA\[|<(?P<end>/?)(?:[\w.-]{{1,60}}:)?(?P<name>{'|'.join(names)})"
            r"(?=[\s/>])"
        )
        self._text = ""
        self._at = 0  # how far the text is read
        self._kept = 0  # where the record, or what may stand before one, begins
        self._name = ""  # of the record begun
        self._line, self._counted = 1, 0
        self._begun = 1  # the line the record begins at
        self._before = ""
        self._lost = ""  # the name of a record given up, whose end is still to come

    def feed(self, chunk: str) -> Iterator[XmlRecord]:
        """Take the next piece of the text, and yield the records that are whole with it."""
        self._drop()
        self._text += chunk
        yield from self._cut(last=False)
        if self._name and len(self._text) - self._kept > LONGEST_RECORD:
            self._lost = self._name
            yield self._broken(f"longer than {LONGEST_RECORD // 1_000_000} million characters")

    def close(self) -> Iterator[XmlRecord]:
        """Yield what is left when the text is at its end."""
        yield from self._cut(last=True)
        if self._name:
            yield self._broken("the file ends inside this entry")

    def _drop(self) -> None:
        """Forget what is read and in no record."""
        if not self._name:
            self._kept = max(self._kept, self._at - BEFORE)
        self._count(self._kept)
        self._text = self._text[self._kept :]
        self._at -= self._kept
        self._counted -= self._kept
        self._kept = 0

    def _count(self, place: int) -> int:
        """Return the line of a place; one before the last one asked for is not gone back to."""
        if place > self._counted:
            self._line += self._text.count("\n", self._counted, place)
            self._counted = place
        return self._line

    def _cut(self, *, last: bool) -> Iterator[XmlRecord]:
        while match := self._mark.search(self._text, self._at):
            if match["name"] is None:
                if (after := self._passed(match, last)) < 0:
                    self._at = match.start()
                    return
                self._at = after
            elif match["end"]:
                yield from self._end(match)
            elif (opened := self._text.find(">", match.end())) >= 0 or last:
                yield from self._begin(match, opened)
            else:
                self._at = match.start()
                return
        self._at = max(self._at, len(self._text) - _LONGEST_MARK)

    def _passed(self, match: re.Match[str], last: bool) -> int:
        """Return where a comment or CDATA section ends; -1 where that is still to come.

        One in which another begins was never closed: only its opening is passed over.
        """
        closing = "-->" if match[0] == "<!--" else "]]>"
        another = self._text.find(match[0], match.end())
        close = self._text.find(closing, match.end(), another if another >= 0 else None)
        if close >= 0:
            return close + len(closing)
        too_long = len(self._text) - match.start() > LONGEST_RECORD
        return match.end() if another >= 0 or last or too_long else -1

    def _begin(self, match: re.Match[str], opened: int) -> Iterator[XmlRecord]:
        if self._name and match["name"] != self._name:
            self._at = match.end()
            return
        if self._name:
            self._at = match.start()
            yield self._broken("the end of this entry is missing")
        self._name, self._lost = match["name"], ""
        self._before = self._text[max(self._kept, match.start() - BEFORE) : match.start()]
        self._kept, self._at = match.start(), match.end()
        self._begun = self._count(match.start())
        if opened >= 0 and self._text[opened - 1] == "/":
            yield self._whole(opened + 1)

    def _end(self, match: re.Match[str]) -> Iterator[XmlRecord]:
        self._at = match.end()
        if match["name"] == self._name:
            close = self._text.find(">", match.end(), match.end() + _LONGEST_MARK)
            yield self._whole(close + 1 if close >= 0 else match.end())
        elif not self._name:
            self._begun = self._count(match.start())
            if match["name"] != self._lost:
                yield self._broken("the end of an entry that does not begin")
            self._lost, self._kept = "", self._at

    def _whole(self, end: int) -> XmlRecord:
        record = XmlRecord(self._begun, self._text[self._kept : end], self._before)
        self._name, self._kept, self._at = "", end, end
        return record

    def _broken(self, fault: str) -> XmlRecord:
        self._name, self._kept = "", self._at
        return XmlRecord(self._begun, "", self._before, fault)


def element(record: XmlRecord) -> "Element":
    """Return a record as an element whose names, and those within it, are local names.

    Entities of HTML are taken for what they mean there, and characters that XML forbids are left
    out. Raises ValueError with the reason for a reader where it is not well-formed.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, XMLParser

    if record.fault:
        raise ValueError(record.fault)
    text = _REFERENCE.sub(_reference, _NO_CHARACTER.sub("", repaired(record.text)))
    prefixes = {one or other for one, other in _PREFIX.findall(text)} - {"xml", "xmlns"}
    declared = "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in sorted(prefixes))
    builder = _Builder()
    try:
        parser = XMLParser(target=builder, forbid_dtd=True)
        parser.feed(f"<r{declared}>{text}</r>")
        root: Element = parser.close()
    except ParseError as error:
        line = record.line + error.position[0] - 1
        raise ValueError(f"not well-formed XML: {ErrorString(error.code)} on line {line}") from None
    except DefusedXmlException:
        raise ValueError("a document type within an entry; take it out") from None
    return root[0]


class _Builder:
    """A tree builder that knows local names alone, and how deep it is."""

    def __init__(self) -> None:
        from xml.etree.ElementTree import TreeBuilder

        self._builder = TreeBuilder()
        self._depth = 0
        self.data = self._builder.data
        self.close = self._builder.close

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError(f"nested deeper than {DEEPEST} elements")
        if "}" in tag:
            tag = tag.rpartition("}")[2]
        self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag.rpartition("}")[2] if "}" in tag else tag)


def _reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        known = None if name in _XML_ENTITIES else html5.get(f"{name};")
        return match[0] if known is None else escape(known, quote=False)
    number = int(decimal) if decimal else int(hexadecimal, 16)
    allowed = number <= 0x10FFFF and not _NO_CHARACTER.match(chr(number))
    return match[0] if allowed else ""


def text_of(parent: "Element | None", path: str = "") -> str:
    """Return all the text in an element, or in the first one at a path below it; "" for none."""
    found = parent.find(path) if parent is not None and path else parent
    return "" if found is None else "".join(found.itertext())


def texts_of(parent: "Element", path: str) -> list[str]:
    """Return the text of every element at a path."""
    return ["".join(found.itertext()) for found in parent.iterfind(path)]
