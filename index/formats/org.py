"""Org mode: one heading a paper, with its facts as properties; all text in it is text.

The format: https://orgmode.org/worg/org-syntax.html. What Org would take for markup is written with
its own entities (https://orgmode.org/manual/Special-Symbols.html), or parted by one that shows as
nothing, so that no line of a paper becomes a heading, a block or a directive, and no text a link.
LaTeX stays LaTeX, as Org shows it.
"""

import re
from collections.abc import Iterable, Iterator

from index.formats.base import USUAL, Format, Style
from index.papers.identifiers import web_url
from index.papers.paper import Paper
from index.text.cleaning import clean

_NOTHING = "\\zwnj{}"
_ENTITIES = {
    "*": "\\ast{}", "/": "\\slash{}", "_": "\\under{}", "+": "\\plus{}", "=": "\\equal{}",
    "~": "\\tilde{}", "<": "\\lt{}", "|": "\\vert{}",
}  # fmt: skip
# Emphasis begins behind a space or an opening sign; targets and dates with an angle bracket.
_MARKUP = re.compile(
    r"(?:(?<=^)|(?<=[\s\-({'\"]))[*/_+=~](?=\S)|<(?=[\d<%]|[A-Za-z][\w+-]*:)|(?<=\W)\|(?=\S+\|)"
)
# Links, footnotes, citations, macros, snippets, and link types that lead elsewhere than the web.
_PARTED = re.compile(
    r"\[(?=\[|fn:|cite)|\{(?=\{\{)|@(?=@)|\b(?:src|call)(?=_)"
    r"|\b(?!https?:)[A-Za-z][\w+-]*:(?=[^\s\d:])"
)
_BEGINNING = re.compile(
    r"[*#:|+\-%\\\[]|(?:\d{1,9}|[a-z])[.)](?:\s|$)|(?:CLOCK|SCHEDULED|DEADLINE|CLOSED):",
    re.IGNORECASE,
)
# What Org, or a set-up that is common, reads as the state of a task.
_STATE = re.compile(
    r"(?:TODO|DONE|NEXT|WAIT|WAITING|HOLD|STARTED|STRT|PROJ|IDEA|KILL|LOOP|CANCELED|CANCELLED|COMMENT)\b"
)
_NOT_OF_TAGS = re.compile(r"[^\w@#%]+")


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one heading a paper: title, tags, properties, note, abstract as a quote."""
    for number, paper in enumerate(papers):
        yield ("\n" if number else "") + "\n".join(_lines(paper)) + "\n"


def escaped(text: str) -> str:
    """Return a text on one line whose rendering is that text, wherever it stands."""
    text = clean(text)
    begun = bool(_BEGINNING.match(text) or _STATE.match(text))
    text = _PARTED.sub(lambda match: match[0] + _NOTHING, text)
    text = _MARKUP.sub(lambda match: _ENTITIES[match[0]], text)
    return _NOTHING + text if begun else text


def _lines(paper: Paper) -> Iterator[str]:
    title = escaped(paper.title)
    tags = ":".join(filter(None, (_NOT_OF_TAGS.sub("_", clean(tag)) for tag in paper.tags)))
    if title.endswith(":"):
        title += _NOTHING
    yield f"* {title} :{tags}:" if tags else f"* {title}"
    yield ":PROPERTIES:"
    for name, value in _properties(paper):
        if shown := clean(value):
            yield f":{name}: {shown}"
    yield ":END:"
    note = [escaped(line) for line in clean(paper.note, lines=True).split("\n")]
    if any(note):
        yield ""
        yield from note
    if abstract := escaped(paper.abstract):
        yield ""
        yield "#+begin_quote"
        yield abstract
        yield "#+end_quote"


def _properties(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield what is known, by the names that Org's own BibTeX export reads (`ol-bibtex`)."""
    yield "CUSTOM_ID", paper.id
    yield "AUTHOR", " and ".join([*paper.authors, "others"] if paper.et_al else paper.authors)
    yield "YEAR", str(paper.year or "")
    yield "DATE", paper.date or ""
    yield "VENUE", paper.venue
    yield "DOI", paper.doi
    yield "ARXIV", paper.arxiv_id
    yield "URL", web_url(paper.link)
    yield "KEYWORDS", "; ".join(paper.keywords)


FORMAT = Format(name="org", label="Org mode", endings=(".org",), write=write)
