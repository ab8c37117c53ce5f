"""The JSON record of a paper, as in `--json` and JSON lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from index.errors import CarrelError
from index.papers.citation import NO_CITATION, citation_from_csl, citation_to_csl
from index.papers.entries import NO_TITLE
from index.papers.json_values import inner, inners, number, text, texts
from index.papers.names import from_csl, to_csl
from index.papers.paper import Paper, SourceRef, build_paper
from index.papers.tags import normalize_tag
from index.text.cleaning import clean
from index.text.latex.reading import readable

MAX_IDENTIFYING_AUTHORS = 3
"""Enough to distinguish papers with the same title."""


LIBRARY = ("sources", "bookmarked", "read", "tags", "note", "added", "dismissed", "later")
"""Keys of values that belong to a library, not to the paper itself."""


def as_json(paper: Paper) -> dict[str, object]:
    """Return a paper as a JSON object, whose keys are a stable interface."""
    shape: dict[str, object] = {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "year": paper.year,
        "date": paper.date,
        "venue": paper.venue,
        "url": paper.url,
        "urls": list(paper.urls),
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
        "keywords": list(paper.keywords),
        "categories": list(paper.categories),
        "votes": paper.votes,
        "sources": [{"name": source.name, "position": source.position} for source in paper.sources],
        "bookmarked": paper.bookmarked,
        "read": paper.read,
        "tags": list(paper.tags),
        "note": paper.note,
        "added": paper.added,
        "type": paper.type,
        "names": [to_csl(name) for name in paper.names],
        "citation": citation_to_csl(paper.citation),
        "known_as": list(paper.known_as),
        "dismissed": paper.dismissed,
        "later": paper.later,
    }
    if paper.et_al:
        shape["et_al"] = True
    if written := _written(paper):
        shape["latex"] = written
    return shape


def _written(paper: Paper) -> dict[str, str]:
    """Return the title and abstract as their source wrote them, if that is in LaTeX."""
    texts = {"title": (paper.written_title, paper.title),
             "abstract": (paper.written_abstract, paper.abstract)}  # fmt: skip
    return {name: written for name, (written, shown) in texts.items() if written != shown}


def _text_of(shape: Mapping[str, object], name: str) -> str:
    """Return a text as written, if the object has it so and it reads the same."""
    shown, latex = text(shape, name), shape.get("latex")
    written = text(latex, name) if isinstance(latex, Mapping) else ""
    return written if written and readable(clean(written)) == clean(shown) else shown


def known_as(paper: Paper) -> str:
    """Return the identifying values of a paper as canonical JSON, which `from_json` reads."""
    shape = {
        "id": paper.id,
        "title": paper.title,
        "authors": list(paper.authors[:MAX_IDENTIFYING_AUTHORS]),
        "year": paper.year,
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
    }
    return as_line({name: value for name, value in shape.items() if value}).rstrip("\n")


def from_json(shape: Mapping[str, object]) -> Paper:
    """Return the paper of a JSON object; a value of the wrong type counts as missing.

    Raises ValueError if the object has no title.
    """
    if not clean(text(shape, "title")):
        raise ValueError(NO_TITLE)
    paper = build_paper(
        id=text(shape, "id"),
        title=_text_of(shape, "title"),
        abstract=_text_of(shape, "abstract"),
        authors=texts(shape, "authors"),
        et_al=shape.get("et_al") is True,
        year=number(shape, "year"),
        date=text(shape, "date"),
        venue=text(shape, "venue"),
        url=text(shape, "url"),
        urls=texts(shape, "urls"),
        arxiv_id=text(shape, "arxiv_id"),
        doi=text(shape, "doi"),
        keywords=texts(shape, "keywords"),
        categories=texts(shape, "categories"),
        votes=number(shape, "votes"),
        type=text(shape, "type"),
        names=[name for each in inners(shape, "names") if (name := from_csl(each))],
        citation=citation_from_csl(csl) if (csl := inner(shape, "citation")) else NO_CITATION,
        known_as=texts(shape, "known_as"),
    )
    has_library_values = any(map(shape.get, LIBRARY))  # rare, and a copy would double the time
    return _with_library_values(paper, shape) if has_library_values else paper


def _with_library_values(paper: Paper, shape: Mapping[str, object]) -> Paper:
    """Return a paper with its sources and marks, which a library assigns."""
    return replace(
        paper,
        sources=tuple(_source_refs(shape)),
        bookmarked=shape.get("bookmarked") is True,
        read=shape.get("read") is True,
        tags=tuple(dict.fromkeys(_tags(shape))),
        note=clean(text(shape, "note"), lines=True),
        added=moment_of(text(shape, "added")),
        dismissed=shape.get("dismissed") is True,
        later=_place(shape),
    )


def _place(shape: Mapping[str, object]) -> int | None:
    """Return the place in the queue, or None if the object has no valid one."""
    place = number(shape, "later")
    return place if place and 0 < place < 2**31 else None


def _tags(shape: Mapping[str, object]) -> Iterator[str]:
    for tag in texts(shape, "tags"):
        with suppress(CarrelError):
            yield normalize_tag(tag)


def _source_refs(shape: Mapping[str, object]) -> Iterator[SourceRef]:
    sources = shape.get("sources")
    for source in sources if isinstance(sources, Sequence) else ():
        if isinstance(source, Mapping) and (name := clean(text(source, "name"))):
            position = number(source, "position") or 0
            yield SourceRef(name, position if 0 < position < 2**31 else None)


def moment_of(text: str) -> str:
    """Return a timestamp in UTC, as the library stores it; "" if invalid or without time zone."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else ""
    except (ValueError, OverflowError):
        return ""


def as_line(shape: Mapping[str, object]) -> str:
    """Return an object as one line with all unprintable characters escaped."""
    line = json.dumps(shape, ensure_ascii=False)
    if not line.isprintable():
        line = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)
    return line + "\n"
