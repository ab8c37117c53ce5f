"""Org mode: one heading per paper with properties; text from papers is escaped.

The format: https://orgmode.org/worg/org-syntax.html. Markup characters are written as entities
(https://orgmode.org/manual/Special-Symbols.html), or separated by an invisible one, so that no text
becomes a heading, a block, a directive, a link or LaTeX other than harmless math.
"""

import re
from collections.abc import Iterable, Iterator

from index.formats.base import USUAL, Format, Style
from index.papers.identifiers import web_url
from index.papers.paper import Paper
from index.text.cleaning import clean
from index.text.latex.encoding import MATH, is_safe_math

_INVISIBLE = "\\zwnj{}"
_ENTITIES = {
    "*": "\\ast{}", "/": "\\slash{}", "_": "\\under{}", "+": "\\plus{}", "=": "\\equal{}",
    "~": "\\tilde{}", "<": "\\lt{}", "|": "\\vert{}",
}  # fmt: skip
# Emphasis begins after a space or an opening bracket; targets and dates with an angle bracket.
_MARKUP = re.compile(
    r"(?:(?<=^)|(?<=[\s\-({'\"]))[*/_+=~](?=\S)|<(?=[\d<%]|[A-Za-z][\w+-]*:)|(?<=\W)\|(?=\S+\|)"
)
# Links, footnotes, citations, macros, snippets, and link types other than web links.
_SPLIT = re.compile(
    r"\[(?=\[|fn:|cite)|\{(?=\{\{)|@(?=@)|\b(?:src|call)(?=_)"
    r"|\b(?!https?:)[A-Za-z][\w+-]*:(?=[^\s\d:])"
)
_BEGINNING = re.compile(
    r"[*#:|+\-%\\\[]|(?:\d{1,9}|[a-z])[.)](?:\s|$)|(?:CLOCK|SCHEDULED|DEADLINE|CLOSED):",
    re.IGNORECASE,
)
# Task states in Org and in common configurations.
_STATE = re.compile(
    r"(?:TODO|DONE|NEXT|WAIT|WAITING|HOLD|STARTED|STRT|PROJ|IDEA|KILL|LOOP|CANCELED|CANCELLED|COMMENT)\b"
)
# Properties have no entities, so a space separates what Org would open or run: links, macros, code.
_ACTIVE = re.compile(
    r"\[(?=\[)|\{(?=\{\{)|@(?=@)|<(?=[<%])|\b(?:src|call)(?=_)"
    r"|\b(?:elisp|shell|file(?:\+\w+)?|attachment|help|info|man|docview|eww|gnus|rmail|mhe|bbdb|irc"
    r"|mailto|news|ftp|id|org-protocol|javascript|x-\w+):(?=\S)",
    re.IGNORECASE,
)
_LETTER_COMMAND = re.compile(r"\\(?=[A-Za-z(\[])")
_LATEX = re.compile(rf"{MATH}|\\(?=[A-Za-z(\[])|\$", re.DOTALL)
_INVALID_IN_TAG = re.compile(r"[^\w@#%]+")


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one heading per paper: title, tags, properties, note, abstract as a quote."""
    for number, paper in enumerate(papers):
        yield ("\n" if number else "") + "\n".join(_lines(paper)) + "\n"


def escape(text: str) -> str:
    """Return a text escaped for any place in a document, on one line."""
    text = _LATEX.sub(_escape_latex, clean(text))
    is_markup = bool(_BEGINNING.match(text) or _STATE.match(text))
    text = _SPLIT.sub(lambda match: match[0] + _INVISIBLE, text)
    text = _MARKUP.sub(lambda match: _ENTITIES[match[0]], text)
    return _INVISIBLE + text if is_markup else text


def _escape_latex(match: re.Match[str]) -> str:
    """Return math as it is, if its commands are harmless, and anything else as entities."""
    if match[0] == "\\":
        return r"\backslash{}"
    if is_safe_math(match[0]) or match.string.count("$") == 1:
        return match[0]
    return _LETTER_COMMAND.sub(r"\\backslash{}", match[0]).replace("$", r"\dollar{}")


def _lines(paper: Paper) -> Iterator[str]:
    title = escape(paper.title)
    tags = ":".join(filter(None, (_INVALID_IN_TAG.sub("_", clean(tag)) for tag in paper.tags)))
    if title.endswith(":"):
        title += _INVISIBLE
    yield f"* {title} :{tags}:" if tags else f"* {title}"
    yield ":PROPERTIES:"
    for name, value in _properties(paper):
        if shown := _ACTIVE.sub(lambda match: f"{match[0]} ", clean(value)):
            yield f":{name}: {shown}"
    yield ":END:"
    note = [escape(line) for line in clean(paper.note, lines=True).split("\n")]
    if any(note):
        yield ""
        yield from note
    if abstract := escape(paper.abstract):
        yield ""
        yield "#+begin_quote"
        yield abstract
        yield "#+end_quote"


def _properties(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield the properties, under the names that Org's BibTeX export reads (`ol-bibtex`)."""
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
