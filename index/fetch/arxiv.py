"""arXiv's export API: https://info.arxiv.org/help/api/user-manual.html."""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from index.errors import FetchFailed
from index.fetch.client import Client
from index.fetch.listing import Items, Listing, read, unseen
from index.fetch.services import Service
from index.fetch.wanted import ArxivSearch
from index.papers.entries import ParsedPaper, Skipped
from index.store import Source

FORMAT = "arxiv"
PAGE_PAPERS = 100

MAX_NEW_PAPERS = 2_000
"""Papers of one query in a fetch of new papers."""

MAX_EMPTY_ATTEMPTS = 3
"""Requests for a page that is empty by mistake, which happens occasionally."""

_PATH = "/api/query"
_TOTAL = re.compile(rb"totalResults[^<>]{0,200}>\s*(\d{1,12})\s*<")
_OWN_SYNTAX = re.compile(r'[:"()]|\b(?:AND|OR|ANDNOT)\b')
_CATEGORY = re.compile(r"(?:astro-ph|cond-mat|cs|econ|eess|math|nlin|physics|q-bio|q-fin|stat)\.[A-Za-z-]{2,}")  # fmt: skip  # noqa: E501


def search_query(query: str) -> str:
    """Return a query in arXiv's syntax; plain words must all occur, in any field.

    >>> search_query("speech diffusion"), search_query("cs.CL"), search_query("ti:graph OR au:li")
    ('all:speech AND all:diffusion', 'cat:cs.CL', 'ti:graph OR au:li')
    """
    if _OWN_SYNTAX.search(query):
        return query
    return " AND ".join(
        f"{'cat' if _CATEGORY.fullmatch(word) else 'all'}:{word}" for word in query.split()
    )


def listing(service: Service, wanted: ArxivSearch, *, until_known: bool = False) -> Listing:
    """Return the listing of a query's results, the latest first."""
    order = {"sortBy": "submittedDate", "sortOrder": "descending"}
    parameters: dict[str, str | int] = {"search_query": search_query(wanted.query)}

    def answer(client: Client, start: int) -> tuple[Items, int | None]:
        size = min(PAGE_PAPERS, wanted.limit - start)
        url = service.at(_PATH, **parameters, start=start, max_results=size, **order)
        for _ in range(MAX_EMPTY_ATTEMPTS):
            items, total = _answer(client, service, url)
            if items or total is None or total <= start:
                return items, total
        raise FetchFailed(
            f"{service.name} returned no papers from number {start:,} on, "
            f"although it has {total:,}; try again later"
        )

    def pages(client: Client) -> Iterator[Items]:
        seen: set[str] = set()
        for start in range(0, wanted.limit, PAGE_PAPERS):
            items, total = answer(client, start)
            fresh = unseen(items, seen)
            yield fresh
            is_last = len(items) < PAGE_PAPERS if total is None else total <= start + PAGE_PAPERS
            if is_last or not fresh or not seen:
                return

    url = service.at(_PATH, **parameters)
    return Listing(f"{FORMAT}: {wanted.query}", FORMAT, url, pages, until_known=until_known)


def named(service: Service, ids: tuple[str, ...]) -> Listing:
    """Return the listing of the papers with some ids."""

    def pages(client: Client) -> Iterator[Items]:
        for start in range(0, len(ids), PAGE_PAPERS):
            some = ids[start : start + PAGE_PAPERS]
            url = service.at(_PATH, id_list=",".join(some), max_results=len(some))
            items, _ = _answer(client, service, url)
            found = [item for item in items if isinstance(item, ParsedPaper)]
            has = {_bare(item.paper.arxiv_id) for item in found}
            missing = [
                Skipped(0, f"arXiv has no paper {name}; check the id")
                for name in some
                if _bare(name) not in has
            ]
            yield [*found, *([item for item in items if isinstance(item, Skipped)] or missing)]

    return Listing(FORMAT, FORMAT, service.at(_PATH, id_list=",".join(ids[:PAGE_PAPERS])), pages)


def since(sources: Iterable[Source]) -> Iterator[ArxivSearch]:
    """Yield the queries with which sources of the library were fetched."""
    for source in sources:
        start = f"{FORMAT}: "
        if source.format == FORMAT and source.name.startswith(start) and "://" in source.path:
            yield ArxivSearch(source.name[len(start) :], MAX_NEW_PAPERS)


def _bare(id: str) -> str:
    """Return an id in normal form: math/0309136 for math.GT/0309136."""
    return re.sub(r"\.[a-z]{2}/", "/", id.lower())


def _answer(client: Client, service: Service, url: str) -> tuple[Items, int | None]:
    """Return the entries of a response, and the total number of papers that it states."""
    body = client.get(service, url, "XML")
    total = _total(body)
    return read(FORMAT, body), total


def _total(body: BinaryIO) -> int | None:
    """Return the `opensearch:totalResults` of a feed, or None if missing."""
    found = _TOTAL.search(body.read(16_384))
    body.seek(0)
    return int(found[1]) if found else None
