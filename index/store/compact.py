"""Names and citations as columns, without what other columns of the row say already.

Most names are the last words of an author, and most containers are the venue: in a library of
BibTeX, these repeats were a fifth of the database. Columns of edits, which lack the others, are
written whole. Both forms are read.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from index.papers.citation import NO_CITATION, Citation, citation_from_csl, citation_to_csl
from index.papers.names import Name

SAME = 1
"""Stands for a container that is the venue, and for a kept author field that lists the authors."""

# `json.dumps` makes an encoder for each value, which takes longer than to encode it.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_names(names: Sequence[Name], authors: Sequence[str]) -> str:
    """Return names as a JSON array; without `authors`, all of their parts.

    A name is an array of its parts without empty ends, and a literal a text. If `authors` has it in
    the same words, a given and a family name are the length of the latter, and a literal is 0.
    """
    if not names:
        return ""
    known = authors if len(authors) == len(names) else [""] * len(names)
    return _encode([_short(name, author) for name, author in zip(names, known, strict=True)])


def _short(name: Name, author: str) -> int | str | list[str | bool]:
    if name.literal:
        return 0 if name.literal == author else name.literal
    parts: list[str | bool] = [name.family, name.given, name.non_dropping_particle]
    parts += [name.dropping_particle, name.suffix, "", name.comma_suffix]
    while not parts[-1]:
        parts.pop()
    if len(parts) <= 2 and f"{name.given} {name.family}".lstrip() == author:
        return len(name.family)
    return parts


def read_names(text: str, authors: Sequence[str]) -> tuple[Name, ...]:
    """Return the names of a column, given the authors of the row."""
    known = json.loads(text) if text else ()
    if any(isinstance(name, int) for name in known) and len(known) != len(authors):
        return ()
    padded = [*authors, *[""] * len(known)]
    return tuple(_name(name, author) for name, author in zip(known, padded, strict=False))


def _name(written: int | str | list[Any], author: str) -> Name:
    if isinstance(written, str):
        return Name(literal=written)
    if isinstance(written, list):
        return Name(*written)
    if written == 0:
        return Name(literal=author)
    return Name(author[-written:], author[: -written - 1])


def write_citation(citation: Citation, venue: str, authors: Sequence[str]) -> str:
    """Return a citation as a CSL object in JSON, "" if it is empty; without `venue`, all of it."""
    if not citation:
        return ""
    shape = citation_to_csl(citation)
    if venue and shape.get("container-title") == venue:
        shape["container-title"] = SAME
    if (fields := _kept_bibtex(shape)) and authors:
        fields |= {"author": SAME} if fields.get("author") == _joined(authors) else {}
    return _encode(shape)


def read_citation(text: str, venue: str, authors: Sequence[str]) -> Citation:
    """Return the citation of a column, given the venue and the authors of the row."""
    if not text:
        return NO_CITATION
    shape = json.loads(text)
    if shape.get("container-title") == SAME:
        shape["container-title"] = venue
    if (fields := _kept_bibtex(shape)) and fields.get("author") == SAME:
        fields["author"] = _joined(authors)
    return citation_from_csl(shape)


def _kept_bibtex(shape: Mapping[str, Any]) -> dict[str, object]:
    fields: dict[str, object] = shape.get("custom", {}).get("bibtex", {}).get("fields", {})
    return fields


def _joined(authors: Sequence[str]) -> str:
    return " and ".join(authors)
