"""The pieces of a captured page: headings, links and paragraphs in order, each with its line.

Tools capture a page in different ways: `[text](link)`, `[text][12]` with the
links numbered below, `[12]text`, or a text with its link on the next line. They are not
well-formed Markdown either: a link may contain paragraphs and lists, and abstracts contain unclosed
brackets. So brackets are matched here, in one pass over the text.
"""

import html
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

MAX_LINK_CHARS = 30_000
"""The text of a link; an abstract has about 2,000, more with the pictures of authors."""


MAX_TOKEN_CHARS = 60
"""A text in brackets at the beginning of a line, such as [CLS]."""
MAX_OPEN_BRACKETS = 200
"""Open brackets."""


class PagePiece(NamedTuple):
    """A heading (`level` 1 to 6), a link or a paragraph; `apart` means that it begins a line.

    `target` is a URL, or `[12]` for a number whose link is missing.
    """

    line: int
    text: str
    target: str = ""
    level: int = 0
    apart: bool = True


class _Link(NamedTuple):
    start: int
    end: int
    text: str
    target: str


_SIGN = re.compile(
    r"\\[^\n]|(?P<blank>\n[ \t]*(?=\n))|(?P<image>!\[)|(?P<open>\[)"
    r"|\]\(\s{0,9}<?(?P<target>[^\s()<>]{1,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500}){0,3})>?"
    r"(?:\s{1,9}[\"'][^\"'\n]{0,300}[\"'])?\s{0,9}\)"
    r"|\]\[(?P<number>\d{1,6})\]|(?P<close>\])"
)
_BLOCK_START = re.compile(r"[#>*+\-\s\d.·•|]*")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_HTML_LINK = re.compile(
    r"<a\s[^<>]{0,500}?\bhref=[\"']([^\"'<>\s]{1,500})[\"'][^<>]{0,500}>([^<>]{0,2000})</a>", re.I
)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,500}>")
_ATTRIBUTES = re.compile(r"(?<=\))\{[^{}\n]{0,500}\}")
_BREAK = re.compile(r"(?<!\\)\\++(?=\s|$)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+")
_FENCE = re.compile(r"[ \t]*(?:`{3,}|~{3,}|:{3,}|={3,}|-{3,}|\*{3,}|_{3,})[^\n`]*")
_LIST = re.compile(r"[ \t]*(?:[-*+•]|\d{1,4}\.)(?:[ \t]|$)")
_HEADING_GOES_ON = re.compile(r"\n[ \t]*#{1,6} ")
_MARKS = re.compile(r"\s*(?:>\s*)*(?:#{1,6}\s+)?(?:(?:[-*+•]|\d{1,4}\.)(?:\s+|$))*")
_SITE_URL = re.compile(r"<?(https?://(?:huggingface|hf)\.co/[^\s<>]*)>?")
# [12]: https://…   12. https://…   [12] https://…
_REFERENCE = re.compile(
    r"^[ \t]*(?:\[(\d{1,6})\]:?|(\d{1,6})\.)[ \t]+<?((?:https?:/)?/\S+?)>?[ \t]*$", re.M
)
# Lynx and w3m write the number before the text.
_NUMBER_BEFORE = re.compile(r"\[(\d{1,6})\](?=[^\s\[(:])")


def references(text: str) -> dict[str, str]:
    """Return the numbered links at the end of a text by number."""
    return {m[1] or m[2]: m[3] for m in _REFERENCE.finditer(text)}


def pieces(text: str) -> Iterator[PagePiece]:
    """Yield the pieces of a page captured as Markdown or as text with numbered links."""
    text = _ATTRIBUTES.sub("", _HTML_LINK.sub(r"[\2](\1)", text))
    known = references(text)
    if known:
        text = _REFERENCE.sub("", text)
    lines = _Lines(text)
    before = known and len(_NUMBER_BEFORE.findall(text)) > 2 * text.count("][")
    read = _number_first_pieces if before else _link_pieces
    yield from _attach_bare_links(read(text, known, lines))


def plain(text: str) -> str:
    """Return captured text without images, tags, entities and escapes."""
    text = _TAG.sub("", _IMAGE.sub(" ", text))
    return html.unescape(_ESCAPED.sub(r"\1", _BREAK.sub(" ", text)))


class _Lines:
    """The line numbers of places in a text."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def at(self, place: int) -> int:
        return bisect_left(self._ends, place) + 1


class _Opener(NamedTuple):
    place: int
    image: bool
    block: bool  # it begins a line, like a link around a card


class _Brackets:
    """The open brackets at the current place in a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[_Opener] = []
        self.alone: int | None = None  # on its own line
        self.closed: int | None = None  # closed by the text

    def blank(self, place: int) -> None:
        """Close all brackets at a blank line, except that of a button: `[Upvote`, number below."""
        last = self.stack[-1] if self.stack else None
        self.stack.clear()
        self.closed = None
        if last and last.block and self.text[last.place + 1 : place][:20].isalpha():
            self.stack.append(last)

    def open(self, place: int, image: bool) -> None:
        block = begins_line(self.text, place)
        end = self.text.find("\n", place, place + 9)
        if block and not image and end >= 0 and not self.text[place + 1 : end].strip():
            self.stack.clear()
            self.closed = None
            self.alone = place
            return
        if len(self.stack) >= MAX_OPEN_BRACKETS:
            del self.stack[: MAX_OPEN_BRACKETS // 2]
        self.stack.append(_Opener(place, image, block))

    def close(self, place: int) -> None:
        """Close a bracket of the text; one that closes no token is plain text, as in (0, 1]."""
        if self.stack and self.stack[-1].block:
            token = self.text[self.stack[-1].place : place][: MAX_TOKEN_CHARS + 1]
            if len(token.split()) > 4 or token.count("(") > token.count(")"):
                return
        opener = self.stack.pop() if self.stack else None
        if opener and opener.block and not opener.image:
            self.closed = opener.place

    def link(self, place: int) -> int | None:
        """Return the beginning of the link that ends at a place; None for an image or no link.

        It is the nearest opener of a block, else the nearest one, since abstracts contain unclosed
        brackets, such as the interval [0, 1).
        """
        if self.stack and self.stack[-1].image:
            self.stack.pop()
            return None
        line = self.text.rfind("\n", max(0, place - 9), place)
        if self.alone is not None and line >= 0 and not self.text[line:place].strip():
            opened, self.alone, self.closed = self.alone, None, None
            self.stack.clear()
            return opened
        closed, self.closed = self.closed, None
        block = next((opener for opener in reversed(self.stack) if opener.block), None)
        if block:
            del self.stack[self.stack.index(block) :]
            return block.place
        return self.stack.pop().place if self.stack else closed


def _links(text: str, known: Mapping[str, str]) -> list[_Link]:
    """Return the links of a text in order; of nested links, the outer one."""
    found: list[_Link] = []
    brackets = _Brackets(text)
    for sign in _SIGN.finditer(text):
        place = sign.start()
        if sign["blank"] is not None:
            brackets.blank(place)
        elif sign["image"] or sign["open"]:
            brackets.open(place, bool(sign["image"]))
        elif sign["close"]:
            brackets.close(place)
        elif sign["target"] or sign["number"]:
            opened = brackets.link(place)
            if opened is None or place - opened > MAX_LINK_CHARS:
                continue
            while found and found[-1].start > opened:
                found.pop()
            target = sign["target"] or known.get(sign["number"], f"[{sign['number']}]")
            found.append(_Link(opened, sign.end(), text[opened + 1 : place], target))
    return found


def begins_line(text: str, place: int) -> bool:
    """Return whether only heading, list and quote markers precede a place in its line."""
    start = text.rfind("\n", max(0, place - 60), place) + 1
    goes_on = text[max(0, start - 2) : start] == "\\\n"  # within a link of several lines
    return bool(
        (start or place < 60) and not goes_on and _BLOCK_START.fullmatch(text, start, place)
    )


def _link_pieces(text: str, known: Mapping[str, str], lines: _Lines) -> Iterator[PagePiece]:
    place = 0
    for link in _links(text, known):
        before = text[place : link.start]
        yield from _paragraphs(before, place, lines)
        apart = begins_line(text, link.start)
        heading = _HEADING.match(before.rsplit("\n", 1)[-1]) if apart else None
        inner = _HEADING_GOES_ON.sub("\n", link.text) if heading else link.text
        level = len(heading[1]) if heading else 0
        yield PagePiece(lines.at(link.start), plain(inner).strip(), link.target, level, apart)
        place = link.end
    yield from _paragraphs(text[place:], place, lines)


def _paragraphs(text: str, place: int, lines: _Lines) -> Iterator[PagePiece]:
    """Yield the paragraphs, headings and list items in a text between links."""
    gathered: list[str] = []
    start, level, apart = place, 0, True

    def flush() -> Iterator[PagePiece]:
        if gathered:
            yield PagePiece(lines.at(start), " ".join(gathered), "", level, apart)
        gathered.clear()

    at = place
    for number, line in enumerate(text.split("\n")):
        heading = _HEADING.match(line)
        ends = not line.strip() or heading or _LIST.match(line) or _FENCE.fullmatch(line)
        if ends or (level and not line.startswith("  ")):
            yield from flush()
            level = 0
        if not gathered:
            start, apart = at, bool(number or not place)
            level = len(heading[1]) if heading else level
        words = "" if _FENCE.fullmatch(line) else _strip_markers(line)
        if words:
            gathered.append(words)
        at += len(line) + 1
    yield from flush()


def _strip_markers(text: str) -> str:
    """Return a line without its heading, list and quote markers."""
    marks = _MARKS.match(text)
    return " ".join(plain(text[marks.end() if marks else 0 :]).split())


def _number_first_pieces(text: str, known: Mapping[str, str], lines: _Lines) -> Iterator[PagePiece]:
    """Yield the pieces of a text with link numbers before the words."""
    for paragraph in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|$))+", text):
        place, target = paragraph.start(), ""
        numbers = [*_NUMBER_BEFORE.finditer(text, *paragraph.span())]
        for at in range(len(numbers) + 1):
            end = numbers[at].start() if at < len(numbers) else paragraph.end()
            words = _strip_markers(text[place:end])
            if words or target:
                yield PagePiece(lines.at(place), words, target)
            if at < len(numbers):
                number = numbers[at][1]
                place, target = numbers[at].end(), known.get(number, f"[{number}]")


def _attach_bare_links(found: Iterable[PagePiece]) -> Iterator[PagePiece]:
    """Yield pieces, with a link to the site on the next line as their target."""
    last: PagePiece | None = None
    for piece in found:
        bare = None if piece.target else _SITE_URL.fullmatch(piece.text)
        if bare:
            last = last if last and not last.target else PagePiece(piece.line, "")
            yield last._replace(target=bare[1])
            last = None
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last
