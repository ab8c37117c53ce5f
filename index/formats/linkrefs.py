"""Daily Papers pages as text with numbered links.

html2text, Lynx, w3m and similar programs write `[text][12]` or `[12]text` and, at the end,
`[12]: https://…` or `12. https://…`, which may be missing. The text may be in a fenced block.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats.base import Format
from index.formats.pages.cards import read_capture
from index.formats.pages.site import SITE
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.text.encodings import decode

_NUMBERED = re.compile(r"\]\[\d{1,6}\]|^[^\w\n]{0,30}\[\d{1,6}\]\w", re.M)
_FOREIGN = re.compile(r"\A\s*(?:<[!?a-z]|\{|@\w+\s*\{|\[\s*[\[{\"])", re.I)


def recognise(head: str) -> bool:
    """Return whether a text has lines of the Daily Papers site and numbered links."""
    if _FOREIGN.match(head) or len(_NUMBERED.findall(head)) < 3:
        return False
    return has_site_lines(head)


def has_site_lines(head: str) -> bool:
    """Return whether a text has a line that only the site writes."""
    return any(SITE.fullmatch(line.strip("# >*-\t\r")) for line in head.splitlines())


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the papers of a page: title, abstract if shown, votes, date, link."""
    yield from read_capture(decode(stream.read()), origin)


FORMAT = Format(
    name="linkrefs",
    label="Daily Papers page, text with numbered links",
    endings=(),
    recognise=recognise,
    read=read,
)
