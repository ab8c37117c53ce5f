"""Markdown: one section a paper, for notes, wikis and pages; all text in it is text.

The format: https://spec.commonmark.org/0.31.2/ with GitHub's extensions
(https://github.github.com/gfm/). Any ASCII punctuation may stand behind a backslash there (section
2.4), so that no markup, link, picture, HTML or entity comes out of what a paper says.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from index.formats.base import USUAL, Format, Style
from index.formats.pages.markdown_reading import read, recognise
from index.papers.identifiers import web_url
from index.papers.paper import Paper
from index.text.cleaning import clean

# Signs that mean something anywhere. Colon, @ and dot make links and mentions of bare addresses in
# GitHub's dialect and in editors; a dot is left where it ends a sentence or stands in a number.
_SIGNS = re.compile(
    r"[\\`*_{}\[\]<>#|~$&^]|:(?=//|\w+:)|(?<=mailto):|(?<=xmpp):|(?<==)=|@(?=\w)"
    r"|\.(?=[^\W\d_])|(?<=[^\W\d_])\.(?=\d)",
    re.IGNORECASE,
)
# Signs that mean something where a line begins: lists, rules, underlines, definitions, metadata.
_BEGINNING = re.compile(r"[-+=:%]|\d{1,9}(?=[.)])", re.ASCII)
_ENTITY = re.compile(r"&(?=#?\w+;)")


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one section a paper: linked title, what is known, marks, abstract as a quote."""
    for number, paper in enumerate(papers):
        yield ("\n" if number else "") + "\n\n".join(_blocks(paper)) + "\n"


def link(paper: Paper) -> str:
    """Return a paper as a Markdown link, its title alone where it has no link."""
    title = escaped(paper.title)
    target = destination(paper.link)
    return f"[{title}]({target})" if target else title


def escaped(text: str) -> str:
    """Return a text on one line whose rendering is that text, wherever it stands."""
    text = _SIGNS.sub(r"\\\g<0>", clean(text))
    begun = _BEGINNING.match(text)
    if not begun:
        return text
    number = begun[0] if begun[0].isdecimal() else ""
    return f"{number}\\{text[len(number) :]}"


def destination(url: str) -> str:
    """Return a web link as `<…>`, what could end it as %XX; "" where it is no web link."""
    url = web_url(quote(clean(url), safe="%/:?#@!$&'*+,;=~"))
    return f"<{_ENTITY.sub('&amp;', url)}>" if url else ""


def _blocks(paper: Paper) -> Iterator[str]:
    yield f"## {link(paper)}"
    authors = ", ".join([*paper.authors, "et al."] if paper.et_al else paper.authors)
    when = paper.date or str(paper.year or "")
    known = " · ".join(escaped(part) for part in (authors, when, paper.venue) if part)
    if known:
        yield known
    marks = []
    if paper.tags:
        marks.append(f"- Tags: {', '.join(map(escaped, paper.tags))}")
    if note := clean(paper.note, lines=True):
        marks.append(f"- Note: {_indented(note)}")
    if marks:
        yield "\n".join(marks)
    if paper.abstract:
        yield f"> {escaped(paper.abstract)}"


def _indented(note: str) -> str:
    """Return a note of many lines as the body of a list item: its breaks stay, none ends it."""
    paragraphs = [part.split("\n") for part in re.split(r"\n{2,}", note)]
    return "\n\n  ".join("\\\n  ".join(map(escaped, lines)) for lines in paragraphs)


FORMAT = Format(
    name="markdown",
    label="Markdown",
    endings=(".md", ".markdown"),
    recognise=recognise,
    read=read,
    write=write,
)
