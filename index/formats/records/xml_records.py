"""Records of XML files, extracted from the text and parsed one at a time.

Memory is bounded, and a malformed record costs only itself. Declarations before the records
(entities, external subsets) never reach the parser: https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from html.entities import html5
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers.expat import ErrorString

from index.formats.records.decoding import chunks, repair_mojibake

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_RECORD_CHARS = 4_000_000
"""A longer record is skipped. Papers with 3,000 authors have about 400,000 characters."""

MAX_DEPTH = 200
"""A record with more nested elements is skipped."""

CONTEXT_CHARS = 8_192
"""Characters kept of the text before a record."""

_MAX_TAG_CHARS = 200
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})", re.ASCII)
_ROOT = re.compile(
    r"\ufeff?\s*+(?>(?><\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>)\s*+)*+"
    r"<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL,
)
# Invalid in XML even as references: https://www.w3.org/TR/xml/#charsets
_NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(
    r"&(?:#(?:(\d{1,8})|x([0-9A-Fa-f]{1,6}))|([A-Za-z][A-Za-z0-9]{1,31}));", re.ASCII
)
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*+):|\s([A-Za-z_][\w.-]*+):[\w.-]+\s*=\s*[\"']")


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """A record: its first line, its text and the text before it in the file.

    `before` extends to the previous record, up to `CONTEXT_CHARS`.
    """

    line: int
    text: str
    before: str = ""
    error: str = ""


def root_name(head: str) -> str:
    """Return the local name of a document's first element; "" if the text is not XML."""
    match = _ROOT.match(head)
    return match[1] if match else ""


def records(stream: BinaryIO, names: Iterable[str]) -> Iterator[XmlRecord]:
    """Yield the outermost elements with these local names in file order.

    An element without its end or beginning is a record with an `error`.
    """
    stream.seek(0)
    declared = _DECLARED.search(stream.read(300))
    extractor = _Extractor(names)
    for chunk in chunks(stream, declared[1].decode() if declared else ""):
        yield from extractor.feed(chunk)
    yield from extractor.close()


class _Extractor:
    """Extracts records from a text that arrives in pieces."""

    def __init__(self, names: Iterable[str]) -> None:
        self._mark = re.compile(
            rf"<!--|<!\[CDATA\[|<(?P<end>/?)(?:[\w.-]{{1,60}}:)?(?P<name>{'|'.join(names)})"
            r"(?=[\s/>])"
        )
        self._text = ""
        self._at = 0  # the place up to which the text is read
        self._start = 0  # the beginning of the record or of its context
        self._name = ""  # of the open record
        self._line, self._counted = 1, 0
        self._first_line = 1  # the first line of the open record
        self._before = ""
        self._abandoned = ""  # the name of a record given up, until its end is found

    def feed(self, chunk: str) -> Iterator[XmlRecord]:
        """Add a piece of the text; yield the records that it completes."""
        self._drop()
        self._text += chunk
        yield from self._cut(last=False)
        if self._name and len(self._text) - self._start > MAX_RECORD_CHARS:
            self._abandoned = self._name
            yield self._broken(f"longer than {MAX_RECORD_CHARS // 1_000_000} million characters")

    def close(self) -> Iterator[XmlRecord]:
        """Yield the remaining records at the end of the text."""
        yield from self._cut(last=True)
        if self._name:
            yield self._broken("the file ends inside this entry")

    def _drop(self) -> None:
        """Drop the text that is read and not needed."""
        if not self._name:
            self._start = max(self._start, self._at - CONTEXT_CHARS)
        self._count(self._start)
        self._text = self._text[self._start :]
        self._at -= self._start
        self._counted -= self._start
        self._start = 0

    def _count(self, place: int) -> int:
        """Return the line of a place; places must not decrease."""
        if place > self._counted:
            self._line += self._text.count("\n", self._counted, place)
            self._counted = place
        return self._line

    def _cut(self, *, last: bool) -> Iterator[XmlRecord]:
        while match := self._mark.search(self._text, self._at):
            if match["name"] is None:
                if (after := self._section_end(match, last)) < 0:
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
        self._at = max(self._at, len(self._text) - _MAX_TAG_CHARS)

    def _section_end(self, match: re.Match[str], last: bool) -> int:
        """Return the end of a comment or CDATA section; -1 if not read yet.

        If another begins inside, it was never closed; only its opening is skipped.
        """
        closing = "-->" if match[0] == "<!--" else "]]>"
        another = self._text.find(match[0], match.end())
        close = self._text.find(closing, match.end(), another if another >= 0 else None)
        if close >= 0:
            return close + len(closing)
        too_long = len(self._text) - match.start() > MAX_RECORD_CHARS
        return match.end() if another >= 0 or last or too_long else -1

    def _begin(self, match: re.Match[str], opened: int) -> Iterator[XmlRecord]:
        if self._name and match["name"] != self._name:
            self._at = match.end()
            return
        if self._name:
            self._at = match.start()
            yield self._broken("the end of this entry is missing")
        self._name, self._abandoned = match["name"], ""
        self._before = self._text[max(self._start, match.start() - CONTEXT_CHARS) : match.start()]
        self._start, self._at = match.start(), match.end()
        self._first_line = self._count(match.start())
        if opened >= 0 and self._text[opened - 1] == "/":
            yield self._complete(opened + 1)

    def _end(self, match: re.Match[str]) -> Iterator[XmlRecord]:
        self._at = match.end()
        if match["name"] == self._name:
            close = self._text.find(">", match.end(), match.end() + _MAX_TAG_CHARS)
            yield self._complete(close + 1 if close >= 0 else match.end())
        elif not self._name:
            self._first_line = self._count(match.start())
            if match["name"] != self._abandoned:
                yield self._broken("end tag without a start tag")
            self._abandoned, self._start = "", self._at

    def _complete(self, end: int) -> XmlRecord:
        record = XmlRecord(self._first_line, self._text[self._start : end], self._before)
        self._name, self._start, self._at = "", end, end
        return record

    def _broken(self, error: str) -> XmlRecord:
        self._name, self._start = "", self._at
        return XmlRecord(self._first_line, "", self._before, error)


def element(record: XmlRecord) -> "Element":
    """Return a record as an element, with local names.

    HTML entities are resolved, and characters that XML forbids are removed. Raises ValueError with
    a reason if the record is malformed.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, XMLParser

    if record.error:
        raise ValueError(record.error)
    text = _REFERENCE.sub(_reference, _NO_CHARACTER.sub("", repair_mojibake(record.text)))
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
        raise ValueError("a document type declaration within an entry; remove it") from None
    return root[0]


class _Builder:
    """A tree builder that strips namespaces and limits the depth."""

    def __init__(self) -> None:
        from xml.etree.ElementTree import TreeBuilder

        self._builder = TreeBuilder()
        self._depth = 0
        self.data = self._builder.data
        self.close = self._builder.close

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH} elements")
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
    """Return all text in an element, or in the first one at a path below it; "" if missing."""
    found = parent.find(path) if parent is not None and path else parent
    return "" if found is None else "".join(found.itertext())


def texts_of(parent: "Element", path: str) -> list[str]:
    """Return the text of every element at a path."""
    return ["".join(found.itertext()) for found in parent.iterfind(path)]
