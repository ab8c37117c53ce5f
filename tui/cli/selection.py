"""Selection of papers by a query, by ids, or from standard input."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tui.cli.context import update_catalogue, update_index
from tui.cli.output import print_message

if TYPE_CHECKING:
    from index import Library
    from index.search.results import Results


def search_papers(
    library: "Library",
    query: str,
    *,
    limit: int = 0,
    offset: int = 0,
    sort: str = "relevance",
    read_only: bool = False,
) -> "Results":
    """Return the results of a query; print its notes, such as suggestions for unknown words.

    The index is updated first. If that fails, a `read_only` command searches without it; any other
    raises CarrelError.
    """
    # Undecodable bytes of the command line arrive as surrogates, which nothing else accepts.
    query = query.encode("utf-8", "replace").decode("utf-8")
    # A corpus answers without the index; if it does not, the search updates it.
    needed = query.strip() and not library.corpus
    updated = _update_caches(library, query, read_only) if needed else True
    results = library.search(query, limit=limit, offset=offset, sort=sort, wait=updated)
    results = replace(results, suggestions=library.spelling.suggestions(results))
    for note in results.notes:
        print_message(f"in the query: {note.message}")
    return results


def _update_caches(library: "Library", query: str, read_only: bool) -> bool:
    """Update the caches that a query needs; return whether the index could be updated."""
    from index.errors import CarrelError
    from index.query import asks_for_field, parse

    updated = True
    try:
        update_index(library)
    except CarrelError as error:
        if not read_only:
            raise
        print_message(f"{error}; searching without the index")
        updated = False
    if asks_for_field(parse(query).tree, "topic"):
        update_catalogue(library)
    return updated


def full_match_ids(library: "Library", results: "Results") -> list[str]:
    """Return the ids of the papers that match the whole query, in the order of the results."""
    return library.ids(results.paper_keys(0, results.full))


def read_stdin() -> str:
    """Return the text of standard input, in any encoding."""
    from index.text.encodings import decode

    return decode(sys.stdin.buffer.read())


def read_ids(words: Sequence[str]) -> list[str]:
    """Return ids from the command line; `-` stands for the first word of each line of stdin."""
    ids: list[str] = []
    for word in words:
        if word == "-":
            ids += [line.split()[0] for line in read_stdin().splitlines() if line.strip()]
        else:
            ids.append(word.encode("utf-8", "replace").decode("utf-8"))
    return ids


def select_ids(library: "Library", words: Sequence[str], query: str | None) -> tuple[str, ...]:
    """Return the ids that a command applies to: the given ones, then the query's full matches.

    Raises UsageError if neither is given, or if the query is incomplete (`tag:`) and therefore
    matches every paper.
    """
    if not words and query is None:
        raise click.UsageError("no papers given; try IDs, - for standard input, or --query")
    ids = read_ids(words)
    if query is not None:
        results = search_papers(library, query)
        if results.query.is_everything and query.strip():
            raise click.UsageError(f'{query!r} matches every paper; to select all, use --query ""')
        ids += full_match_ids(library, results)
    return tuple(ids)
