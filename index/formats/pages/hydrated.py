"""The papers in the data that a page of the Daily Papers site carries for its own scripts.

Elements of the page have their properties as JSON in an attribute `data-props`: on lists under
`dailyPapers`, on pages of search under `searchResults`, on a paper's page under `paper`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from index.formats.pages.cards import NO_TITLE, SITE_URL
from index.identifiers import parsed_arxiv, parsed_date
from index.paper import Paper, made
from index.text import clean

_LISTS = ("searchResults", "dailyPapers", "trendingPapers", "papers", "results")


class Properties(NamedTuple):
    """What one element tells: papers, or why one is none, and the date of the page."""

    papers: tuple[Paper | str, ...]
    date: str = ""


def properties(text: str) -> Properties:
    """Return what the JSON of an element tells; nothing where it is broken or tells of no paper."""
    try:
        props = json.loads(text, parse_int=_whole)
    except (ValueError, RecursionError):
        return Properties(())
    if not isinstance(props, dict):
        return Properties(())
    date = parsed_date(_text(props, "dateString") or _text(props, "date"))
    return Properties(tuple(map(_paper, _entries(props))), date or "")


def _entries(props: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the entries of the list that the page shows, else the one paper it is about."""
    for name in _LISTS:
        entries = props.get(name)
        if isinstance(entries, list) and any(map(_is_entry, entries)):
            yield from (entry if isinstance(entry, dict) else {} for entry in entries)
            return
    paper = props.get("paper")
    if isinstance(paper, dict) and _is_entry(paper):
        yield paper


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    paper = entry.get("paper", entry)
    known = ("summary", "authors", "publishedAt", "upvotes")
    return isinstance(paper, dict) and "id" in paper and any(name in paper for name in known)


def _paper(entry: Mapping[str, object]) -> Paper | str:
    inner = entry.get("paper")
    paper = inner if isinstance(inner, dict) else entry
    title = clean(_text(paper, "title") or _text(entry, "title"))
    if not title:
        return NO_TITLE
    identifier = parsed_arxiv(_text(paper, "id"))
    votes = paper.get("upvotes")
    return made(
        title=title,
        abstract=_text(paper, "summary") or _text(entry, "summary"),
        authors=_names(paper.get("authors")),
        date=_text(paper, "publishedAt"),
        url=SITE_URL + identifier if identifier else "",
        urls=[_text(paper, "githubRepo"), _text(paper, "projectPage")],
        arxiv_id=identifier,
        keywords=_strings(paper.get("ai_keywords")),
        votes=votes if isinstance(votes, int) and not isinstance(votes, bool) else None,
    )


def _names(authors: object) -> list[str]:
    """Return the names of authors, given as objects or as strings."""
    given = authors if isinstance(authors, list) else []
    return [_text(one, "name") if isinstance(one, dict) else str(one or "") for one in given]


def _strings(values: object) -> list[str]:
    return [v for v in values if isinstance(v, str)] if isinstance(values, list) else []


def _text(shape: Mapping[str, object], name: str) -> str:
    value = shape.get(name)
    return value if isinstance(value, str) else ""


def _whole(digits: str) -> int | None:
    """Return a whole number; None for one no field can hold, which Python may refuse to read."""
    return int(digits) if len(digits) < 20 else None
