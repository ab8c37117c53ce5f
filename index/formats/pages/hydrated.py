"""The papers in the JSON that a Daily Papers page contains for its own scripts.

Elements of the page have their properties in a `data-props` attribute: lists under `dailyPapers`,
search pages under `searchResults`, a paper's page under `paper`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from index.formats.huggingface import api_paper
from index.papers.entries import NO_TITLE
from index.papers.identifiers import parse_date
from index.papers.json_values import text, whole
from index.papers.paper import Paper

_LISTS = ("searchResults", "dailyPapers", "trendingPapers", "papers", "results")


class Properties(NamedTuple):
    """The properties of an element: papers, or why they are skipped, and the date of the page."""

    papers: tuple[Paper | str, ...]
    date: str = ""


def properties(source: str) -> Properties:
    """Return the properties in the JSON of an element; empty if it is invalid or has no papers."""
    try:
        props = json.loads(source, parse_int=whole)
    except (ValueError, RecursionError):
        return Properties(())
    if not isinstance(props, dict):
        return Properties(())
    date = parse_date(text(props, "dateString", "date"))
    return Properties(tuple(map(_paper, _entries(props))), date or "")


def _entries(props: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the entries of the list on the page, else its one paper."""
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
    paper = api_paper(entry)
    return paper if paper.title else NO_TITLE
