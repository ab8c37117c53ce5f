"""Conversion between papers and rows of the database, and marks as facts."""

import json
from typing import Any

from index.papers.identity import Identity
from index.papers.paper import Paper, SourceRef
from index.store.compact import read_citation, read_names, write_citation, write_names
from index.text.latex.reading import readable

# `json.dumps` makes an encoder for each value, which takes longer than to encode it.
_encode = json.JSONEncoder(ensure_ascii=False).encode

COLUMNS = (
    "id, title, abstract, authors, et_al, year, date, venue, url, urls, arxiv_id, doi, keywords, "
    "categories, votes, type, names, citation, known_as, code, arxiv_key, doi_key, title_key"
)
FIELDS = COLUMNS.split(", ")
TEXT_COLUMNS = "title, abstract, authors, year, venue, keywords, date, votes, categories"
"""The columns that are indexed."""

DERIVED = ("code", "arxiv_key", "doi_key", "title_key")
"""Columns that are computed from the others."""

_LISTS = ("authors", "urls", "keywords", "categories", "known_as")
ASSIGNMENTS = ", ".join(f"{name} = ?" for name in FIELDS)
INSERT_PLACEHOLDERS = ", ".join("?" * (len(FIELDS) + 2))
"""The columns of a paper, as assignments, and as placeholders that include added and revision."""


def column_values(
    paper: Paper, keys: Identity, id: str = "", *, whole: bool = False
) -> tuple[object, ...]:
    """Return the values of `COLUMNS` for a paper, with its own id or another.

    Title and abstract are stored as written, and decoded when they are read. With `whole`, each
    column can be read without the others (`index.store.compact`).
    """
    venue, authors = ("", ()) if whole else (paper.venue, paper.authors)
    return (
        id or paper.id, paper.written_title, paper.written_abstract,
        _write_list(paper.authors), paper.et_al,
        paper.year, paper.date, paper.venue, paper.url, _write_list(paper.urls), paper.arxiv_id,
        paper.doi, _write_list(paper.keywords), _write_list(paper.categories), paper.votes,
        paper.type, write_names(paper.names, authors),
        write_citation(paper.citation, venue, authors),
        _write_list(paper.known_as), bool(paper.code),
        keys.arxiv or None, keys.doi or None, keys.title,
    )  # fmt: skip


def new_marks(paper: Paper, known: Paper | None) -> list[tuple[str, str]]:
    """Return the marks of a paper that the known one lacks; an existing note is preserved."""
    existing = marks_of(known) if known else []
    if known and known.bookmarked:
        existing.append(("dismissed", ""))  # without effect on a bookmarked paper
    has_note = known is not None and known.note != ""
    return [
        mark
        for mark in marks_of(paper)
        if mark not in existing and not (has_note and mark[0] == "note")
    ]


def marks_of(paper: Paper) -> list[tuple[str, str]]:
    """Return the marks of a paper as facts: kinds and values; its place in the queue is left out.

    That depends on the other papers in the queue.
    """
    states = [("bookmark", "")] * paper.bookmarked + [("read", "")] * paper.read
    states += [("dismissed", "")] * (paper.dismissed and not paper.bookmarked)
    notes = [("note", paper.note)] if paper.note else []
    return states + [("tag", tag) for tag in paper.tags] + notes


def _write_list(values: tuple[str, ...]) -> str:
    return _encode(values) if values else ""


def read_list(text: str) -> tuple[str, ...]:
    """Return the list stored in a column."""
    return tuple(json.loads(text)) if text else ()


def text_of(row: tuple[Any, ...]) -> Paper:
    """Return the paper of a row of `TEXT_COLUMNS, key`, with these values alone."""
    title, abstract, authors, year, venue, keywords, date, votes, categories, key = row
    return Paper(
        readable(title),
        readable(abstract),
        authors=read_list(authors),
        year=year,
        date=date,
        venue=venue,
        keywords=read_list(keywords),
        categories=read_list(categories),
        votes=votes,
        key=key,
    )


def paper_of(
    row: tuple[Any, ...],
    sources: tuple[SourceRef, ...],
    marks: list[tuple[str, str]],
    later: int | None = None,
) -> Paper:
    """Return the paper of a row of `COLUMNS, added, key`, with its sources and marks.

    `later` is its place in the queue.
    """
    kinds = {kind for kind, _ in marks}
    return Paper(
        **_values_of(row),
        sources=sources,
        bookmarked="bookmark" in kinds,
        read="read" in kinds,
        dismissed="dismissed" in kinds and "bookmark" not in kinds,
        later=later,
        tags=tuple(sorted(value for kind, value in marks if kind == "tag")),
        note="\n\n".join(sorted(value for kind, value in marks if kind == "note")),
    )


def _values_of(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return the fields of a paper from a row: titles and abstracts as shown and as written."""
    known = dict(zip((*FIELDS, "added", "key"), row, strict=True))
    for name in DERIVED:
        del known[name]
    for name in _LISTS:
        known[name] = read_list(known[name])
    venue, authors = known["venue"], known["authors"]
    known["names"] = read_names(known["names"], authors)
    known["citation"] = read_citation(known["citation"], venue, authors)
    known["et_al"] = bool(known["et_al"])
    for name in ("title", "abstract"):
        written = known[name]
        shown = readable(written)
        if shown != written:
            known |= {name: shown, f"{name}_latex": written}
    return known
