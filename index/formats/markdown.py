"""Markdown: one section per paper, for notes, wikis and pages; text from papers is escaped.

The format: https://spec.commonmark.org/0.31.2/ with GitHub's extensions
(https://github.github.com/gfm/). A backslash can escape any ASCII punctuation (section 2.4), so
that no paper can add markup, links, images, HTML or entities.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from index.formats.base import USUAL, Format, Style
from index.formats.pages.markdown_reading import read, recognise
from index.papers.facts import publication_facts
from index.papers.identifiers import web_url
from index.papers.paper import Paper
from index.text.cleaning import clean

# Markup characters anywhere. Colon, @ and dot create autolinks and mentions in GitHub's dialect and
# in editors; a dot at the end of a sentence or in a number is not escaped.
_SIGNS = re.compile(
    r"[\\`*_{}\[\]<>#|~$&^]|:(?=//|\w+:)|(?<=mailto):|(?<=xmpp):|(?<==)=|@(?=\w)"
    r"|\.(?=[^\W\d_])|(?<=[^\W\d_])\.(?=\d)",
    re.IGNORECASE,
)
# Markup at the beginning of a line: lists, rules, underlines, definitions, metadata.
_BEGINNING = re.compile(r"[-+=:%]|\d{1,9}(?=[.)])", re.ASCII)
# Up to the punctuation that ends a sentence, or a bracket that the link does not open.
_URL_SIGN = r"[^\s<>\"\\^`{|}()]"
_LINK = re.compile(
    rf"(https?://(?:{_URL_SIGN}|\({_URL_SIGN}*\))*(?:(?<=\))|[^\s<>\"\\^`{{|}}().,;:!?'*\]]))"
)
_ENTITY = re.compile(r"&(?=#?\w+;)")


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one section per paper: linked title, facts, id and marks, abstract as a quote."""
    for number, paper in enumerate(papers):
        yield ("\n" if number else "") + "\n\n".join(_blocks(paper)) + "\n"


def link(paper: Paper) -> str:
    """Return the title of a paper as a Markdown link, or as text if it has no link."""
    title = escape(paper.title)
    target = destination(paper.link)
    return f"[{title}]({target})" if target else title


def escape(text: str, *, links: bool = False) -> str:
    """Return a text escaped for any place in a document, on one line.

    With `links`, web links are autolinks, `<https://example.org/a_b>` (CommonMark, section 6.5).
    """
    parts = _LINK.split(clean(text)) if links else [clean(text)]
    text = "".join(
        f"<{part}>" if at % 2 and part == web_url(part) else _SIGNS.sub(r"\\\g<0>", part)
        for at, part in enumerate(parts)
    )
    beginning = _BEGINNING.match(text)
    if not beginning:
        return text
    number = beginning[0] if beginning[0].isdecimal() else ""
    return f"{number}\\{text[len(number) :]}"


def destination(url: str) -> str:
    """Return a web link as `<…>`, percent-encoded; "" for any other link."""
    url = web_url(quote(clean(url), safe="%/:?#@!$&'*+,;=~"))
    return f"<{_ENTITY.sub('&amp;', url)}>" if url else ""


def _blocks(paper: Paper) -> Iterator[str]:
    yield f"## {link(paper)}"
    authors = ", ".join([*paper.authors, "et al."] if paper.et_al else paper.authors)
    when = paper.date or str(paper.year or "")
    facts = " · ".join(escape(part) for part in (authors, when, paper.venue) if part)
    if facts:
        yield facts
    marks = []
    if paper.id:
        marks.append(f"- Id: {escape(paper.id)}")
    if facts_of := publication_facts(paper):
        marks.append(f"- Published: {escape(' · '.join(map(clean, facts_of)))}")
    if paper.tags:
        marks.append(f"- Tags: {', '.join(map(escape, paper.tags))}")
    if note := clean(paper.note, lines=True):
        marks.append(f"- Note: {_indent(note)}")
    if marks:
        yield "\n".join(marks)
    if paper.abstract:
        yield f"> {escape(paper.abstract, links=True)}"


def _indent(note: str) -> str:
    """Return a note as the body of a list item, with its line breaks."""
    paragraphs = [part.split("\n") for part in re.split(r"\n{2,}", note)]
    return "\n\n  ".join(
        "\\\n  ".join(escape(line, links=True) for line in lines) for lines in paragraphs
    )


FORMAT = Format(
    name="markdown",
    label="Markdown",
    endings=(".md", ".markdown"),
    recognise=recognise,
    read=read,
    write=write,
)
