"""Paper: the frozen record everyone passes around, and the keys that tell two records are one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType
from urllib.parse import quote

from index.papers.identifiers import (
    is_code,
    links_in,
    parse_arxiv,
    parse_date,
    parse_doi,
    parse_id,
    web_url,
)
from index.text.cleaning import clean

PaperKey = NewType("PaperKey", int)
"""The number that a library knows a paper by: counted from 1, and never used again."""


@dataclass(frozen=True, slots=True)
class SourceRef:
    """That a source holds a paper, and where: `position` counts from 1, None where it has none."""

    name: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One work and what is known of it; what is unknown is empty or None, never made up.

    `date` is ISO 8601, to the year, month or day. `et_al` tells that `authors` are only the first
    of more. `sources`, `added` (UTC, ISO 8601) and the marks (`bookmarked`, `read`, `tags`, `note`)
    are the library's. `key` is the library's own number for the paper, 0 outside of one.
    """

    title: str
    abstract: str = ""
    id: str = ""
    authors: tuple[str, ...] = ()
    et_al: bool = False
    year: int | None = None
    date: str | None = None
    venue: str = ""
    url: str = ""
    urls: tuple[str, ...] = ()
    arxiv_id: str = ""
    doi: str = ""
    keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    votes: int | None = None
    sources: tuple[SourceRef, ...] = ()
    bookmarked: bool = False
    read: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""
    added: str = ""
    key: PaperKey = PaperKey(0)

    @property
    def code(self) -> tuple[str, ...]:
        """The links that lead to source code."""
        return tuple(dict.fromkeys(url for url in (self.url, *self.urls) if is_code(url)))

    @property
    def links(self) -> tuple[str, ...]:
        """Every link once: the paper's own page, arXiv, DOI, then those found in its text."""
        own = [self.url]
        if self.arxiv_id:
            own.append(f"https://arxiv.org/abs/{self.arxiv_id}")
        if self.doi:
            own.append(f"https://doi.org/{quote(self.doi, '/:;().,_-', errors='replace')}")
        return tuple(dict.fromkeys(url for url in (*own, *self.urls) if url))

    @property
    def link(self) -> str:
        """The one link to open or to cite, "" where none is known."""
        return self.links[0] if self.links else ""


def build_paper(
    *,
    title: str,
    abstract: str = "",
    id: str = "",
    authors: Iterable[str] = (),
    et_al: bool = False,
    year: int | None = None,
    date: str | None = None,
    venue: str = "",
    url: str = "",
    urls: Iterable[str] = (),
    arxiv_id: str = "",
    doi: str = "",
    keywords: Iterable[str] = (),
    categories: Iterable[str] = (),
    votes: int | None = None,
) -> Paper:
    """Return a paper from what a file says: cleaned, links collected, identifiers in their form.

    Values that are not what they should be (a year of 20250, a URL of another scheme) are dropped.
    """
    abstract = clean(abstract)
    day = parse_date(date)
    if year is not None and not 1000 <= year <= 9999:
        year = None
    if year is None and day:
        year = int(day[:4])
    own = web_url(url)
    found = dict.fromkeys([*(web_url(u) for u in urls), *links_in(abstract)])
    identified = parse_arxiv(arxiv_id)
    return Paper(
        title=clean(title),
        abstract=abstract,
        id=parse_id(id),
        authors=_clean_unique(authors),
        et_al=et_al,
        year=year,
        date=day,
        venue=clean(venue),
        url=own,
        urls=tuple(u for u in found if u and u != own),
        arxiv_id=identified or parse_arxiv(own),
        doi=parse_doi(doi),
        keywords=_clean_unique(keywords),
        categories=_clean_unique(categories),
        votes=votes if votes is None or -(2**31) < votes < 2**31 else None,
    )


def _clean_unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in map(clean, values) if v))
