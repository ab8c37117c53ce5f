"""Edits of a paper's fields as a person writes them: `venue=J. Lakes`, `authors=A. Lee; B. Moe`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from index.errors import CarrelError
from index.papers.citation import (
    DATE_VARIABLES,
    NAME_VARIABLES,
    TYPES,
    VARIABLES,
    Citation,
    build_citation,
)
from index.papers.identifiers import parse_arxiv, parse_date, parse_doi, web_url
from index.papers.names import Name, guess_name, parse_inverted
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean, one_line

_WRITABLE = (
    "title", "abstract", "authors", "year", "date", "venue", "url", "urls", "arxiv_id", "doi",
    "keywords", "categories", "type",
)  # fmt: skip
FIELDS = (*_WRITABLE, "names", "citation", "title_latex", "abstract_latex")
"""Fields of a paper that an edit changes; `names` and the LaTeX forms follow from others."""

_ALIASES = {
    "author": "authors", "journal": "venue", "booktitle": "venue", "arxiv": "arxiv_id",
    "eprint": "arxiv_id", "keyword": "keywords", "category": "categories", "pages": "page",
    "number": "issue", "isbn": "ISBN", "issn": "ISSN", "editors": "editor",
}  # fmt: skip
_FILE_FIELDS = {
    "authors": ("author", "au", "a1"), "venue": ("journal", "journaltitle", "booktitle", "jo"),
    "title": ("title", "subtitle", "ti", "t1"), "year": ("year", "date", "month", "py"),
    "date": ("year", "date", "month", "day", "da", "py"), "page": ("pages",), "issue": ("number",),
    "arxiv_id": ("eprint", "archiveprefix"), "keywords": ("keyword", "kw"), "url": ("ur",),
    "abstract": ("ab", "n2"), "doi": ("do",),
}  # fmt: skip
"""Names of fields in BibTeX and RIS that hold the same as a field of a paper."""

_VARIABLES = VARIABLES - DATE_VARIABLES
_ITEM = re.compile(r"\s*;\s*")
_AND = re.compile(r"\s*;\s*|\s+and\s+")


def _date(text: str) -> str:
    return parse_date(text) or ""


def _type(text: str) -> str:
    return text if text in TYPES else ""


_PARSERS: dict[str, tuple[Callable[[str], str], str]] = {
    "date": (_date, "a date, such as 2024-05 or 2024-05-17"),
    "url": (web_url, "an http or https link"),
    "doi": (parse_doi, "a DOI, such as 10.1000/182"),
    "arxiv_id": (parse_arxiv, "an arXiv id, such as 1706.03762"),
    "type": (_type, "a CSL type, such as book or article-journal"),
    "venue": (clean, "a name"),
}
"""How a text value is parsed, and what to write, by field."""


def edited_fields(paper: Paper, assignments: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Return the fields of a paper that assignments of written values change.

    Names are those of the JSON record and of CSL variables, such as volume and publisher; several
    values are separated by semicolons. An empty value deletes the field. Raises CarrelError for an
    unknown field and an invalid value.
    """
    known: dict[str, object] = {}
    citation = paper.citation
    for written_name, value in assignments:
        name = _field_name(written_name)
        citation = _without_kept(citation, name)
        if name in _WRITABLE:
            known |= _paper_fields(name, value)
        else:
            citation = _with_variable(citation, name, value)
        if name == "venue" and citation.get("container-title"):
            citation = _with_variable(citation, "container-title", value)
    if citation != paper.citation:
        known["citation"] = citation
    if "date" in known and known["date"] and "year" not in known:
        known["year"] = int(str(known["date"])[:4])
    elif known.get("year") and paper.date and "date" not in known:
        known["date"] = paper.date if paper.date[:4] == str(known["year"]) else None
    return known


def changed_fields(before: Paper, after: Paper) -> dict[str, object]:
    """Return the fields in which two versions of a paper differ, with the values of the second."""
    return {
        name: getattr(after, name)
        for name in FIELDS
        if getattr(after, name) != getattr(before, name)
    }


def _field_name(written: str) -> str:
    name = written.strip()
    name = _ALIASES.get(name.lower(), name if name in _VARIABLES else name.lower())
    if name in _WRITABLE or name in _VARIABLES or name in NAME_VARIABLES:
        return name
    choices = [*_WRITABLE, *_ALIASES, *_VARIABLES, *NAME_VARIABLES]
    near = get_close_matches(name, choices, 1)
    hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(_WRITABLE)}"
    raise CarrelError(f"cannot edit {one_line(written, 40)!r}: unknown field; {hint}")


def _paper_fields(name: str, value: str) -> Mapping[str, object]:
    """Return the fields of a paper that a written value sets."""
    value = value.strip()
    if name == "authors":
        names = _names(value)
        return {"authors": tuple(map(str, names)), "names": names, "et_al": False}
    if name in ("keywords", "categories", "urls"):
        return {name: tuple(dict.fromkeys(filter(None, map(clean, _ITEM.split(value)))))}
    if name in ("title", "abstract"):
        read = build_paper(title=value if name == "title" else "x",
                           abstract=value if name == "abstract" else "")  # fmt: skip
        return {name: getattr(read, name), f"{name}_latex": getattr(read, f"{name}_latex")}
    if name == "year":
        if value and not re.fullmatch(r"[1-9]\d{3}", value, re.ASCII):
            raise _invalid(name, value, "a year of four digits, such as 2024")
        return {"year": int(value) if value else None}
    parse, example = _PARSERS[name]
    parsed = parse(value)
    if value and not parsed:
        raise _invalid(name, value, example)
    return {name: parsed or (None if name == "date" else "")}


def _without_kept(citation: Citation, name: str) -> Citation:
    """Return a citation without fields kept as a file wrote them that a field replaces."""
    written = {name, *_FILE_FIELDS.get(name, ())}
    kept = (
        replace(one, fields=tuple(pair for pair in one.fields if pair[0].lower() not in written))
        for one in citation.kept
    )
    return replace(citation, kept=tuple(kept))


def _with_variable(citation: Citation, name: str, value: str) -> Citation:
    """Return a citation with a variable, or names in a role, set or deleted."""
    if name in NAME_VARIABLES:
        people = {**dict(citation.people), name: _names(value)}
        return replace(build_citation(dict(citation.values), people), kept=citation.kept)
    values = {**dict(citation.values), name: value}
    return replace(build_citation(values, dict(citation.people)), kept=citation.kept)


def _names(written: str) -> tuple[Name, ...]:
    names = (parse_inverted(w) if "," in w else guess_name(w) for w in _AND.split(written) if w)
    return tuple({str(name): name for name in names if str(name)}.values())


def _invalid(name: str, value: str, example: str) -> CarrelError:
    return CarrelError(f"cannot set {name} to {one_line(value, 40)!r}: write {example}")
