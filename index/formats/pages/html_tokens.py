"""An HTML tokenizer: tags and text in one pass, without a tree.

It implements the part of https://html.spec.whatwg.org/multipage/parsing.html#tokenization that is
needed for pages of papers. The tree of a hostile page of 10 MB takes gigabytes, and the parser of
the standard library takes hours for unclosed tags; here they end with the file, as in a browser.
"""

import html
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple


class Start(NamedTuple):
    """The start of an element; the names of `attributes` are in lower case."""

    line: int
    name: str
    attributes: dict[str, str]


class End(NamedTuple):
    """The end of an element."""

    name: str


class TextToken(NamedTuple):
    """Text between tags, its entities resolved."""

    line: int
    text: str


Token = Start | End | TextToken

_MARKUP = re.compile(r"<(?:(?P<comment>!--)|(?P<other>[!?])|(?P<end>/)?(?P<name>[a-zA-Z][^\s/>]*))")
_ATTRIBUTE = re.compile(
    r"[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*)?))?"
)
_TAG_END = re.compile(r"[\s/]*>")
_RAW = {
    name: re.compile(rf"</{name}\b", re.I)
    for name in ("script", "style", "textarea", "title", "iframe", "noembed", "xmp")
}


def tokens(text: str) -> Iterator[Token]:
    """Yield the tags and texts of a page without scripts, styles and comments."""
    ends = [match.start() for match in re.finditer("\n", text)]
    place = 0
    while place < len(text):
        markup = _MARKUP.search(text, place)
        until = markup.start() if markup else len(text)
        if until > place:
            yield TextToken(bisect_left(ends, place) + 1, html.unescape(text[place:until]))
        if not markup:
            return
        line = bisect_left(ends, until) + 1
        place = markup.end()
        if markup["comment"] or markup["other"]:
            closing = "-->" if markup["comment"] else ">"
            found = text.find(closing, place)
            place = found + len(closing) if found >= 0 else len(text)
            continue
        attributes, place = _attributes(text, place)
        name = markup["name"].lower()
        if markup["end"]:
            yield End(name)
            continue
        yield Start(line, name, attributes)
        if name in _RAW:
            raw = _RAW[name].search(text, place)
            end = raw.start() if raw else len(text)
            if name in ("title", "textarea") and end > place:
                yield TextToken(line, html.unescape(text[place:end]))
            place = end


def _attributes(text: str, place: int) -> tuple[dict[str, str], int]:
    """Return the attributes of a tag and its end; an unclosed tag ends with the text."""
    found: dict[str, str] = {}
    while True:
        end = _TAG_END.match(text, place)
        if end:
            return found, end.end()
        match = _ATTRIBUTE.match(text, place)
        if not match:
            return found, len(text)
        value = next((part for part in match.groups()[1:] if part is not None), "")
        found.setdefault(match[1].lower(), html.unescape(value))
        place = match.end()
