"""`Paper`, the immutable record of one paper, and how it is built from the values of a file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NewType
from urllib.parse import quote

from index.papers.citation import NO_CITATION, TYPES, Citation
from index.papers.identifiers import (
    is_code,
    links_in,
    parse_arxiv,
    parse_date,
    parse_doi,
    parse_id,
    web_url,
)
from index.papers.names import Name, readable_name
from index.text.cleaning import clean
from index.text.latex.reading import hrefs, readable

PaperKey = NewType("PaperKey", int)
"""The number of a paper in its library: starts at 1 and is never reused."""


NO_KEY = PaperKey(0)
"""The key of a paper outside a library."""


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A source that contains a paper, and the position there, from 1; None if it has none."""

    name: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper; unknown values are empty or None, never made up.

    `date` is ISO 8601, to the year, month or day. `et_al` is set if `authors` lists only the first
    authors. `names` are the authors in their parts, in the same order, so that `authors[i]` is
    `str(names[i])`; empty if the source gave names as plain text. `type` is a CSL type, `citation`
    has the other CSL variables, and `known_as` the ids that other records have for the paper.

    `sources`, `added` (UTC, ISO 8601) and the marks (`bookmarked`, `read`, `dismissed`, `later`,
    `tags`, `note`) are assigned by the library, and so is `key`, which is 0 outside a library.
    `later` is the place in the queue of papers to read later, from 1; a bookmarked paper is not
    `dismissed`.

    `title` and `abstract` are for reading, without LaTeX; `title_latex` and `abstract_latex` are
    the same as the source wrote them, "" if that is no different.
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
    type: str = ""
    names: tuple[Name, ...] = ()
    citation: Citation = NO_CITATION
    known_as: tuple[str, ...] = ()
    sources: tuple[SourceRef, ...] = ()
    bookmarked: bool = False
    read: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""
    added: str = ""
    key: PaperKey = NO_KEY
    dismissed: bool = False
    later: int | None = None
    title_latex: str = field(default="", compare=False)
    abstract_latex: str = field(default="", compare=False)

    @property
    def written_title(self) -> str:
        """The title as its source wrote it, LaTeX included."""
        return _as_written(self.title, self.title_latex)

    @property
    def written_abstract(self) -> str:
        """The abstract as its source wrote it, LaTeX included."""
        return _as_written(self.abstract, self.abstract_latex)

    @property
    def code(self) -> tuple[str, ...]:
        """Links to source code."""
        return tuple(dict.fromkeys(url for url in (self.url, *self.urls) if is_code(url)))

    @property
    def links(self) -> tuple[str, ...]:
        """All links, each once: the page of the paper, arXiv, DOI, then links in its text."""
        own = [self.url]
        if self.arxiv_id:
            own.append(f"https://arxiv.org/abs/{self.arxiv_id}")
        if self.doi:
            own.append(f"https://doi.org/{quote(self.doi, '/:;().,_-', errors='replace')}")
        return tuple(dict.fromkeys(url for url in (*own, *self.urls) if url))

    @property
    def link(self) -> str:
        """The link to open or cite, "" if there is none: code only if there is no other."""
        links = self.links
        return next((link for link in links if not is_code(link)), links[0] if links else "")


def _as_written(shown: str, written: str) -> str:
    """Return a text as written, if that is still what is shown: it may have been replaced."""
    return written if written and readable(written) == shown else shown


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
    type: str = "",
    names: Iterable[Name] = (),
    citation: Citation = NO_CITATION,
    known_as: Iterable[str] = (),
) -> Paper:
    """Return a paper from values of a file: cleaned, with links and normalized identifiers.

    Titles, abstracts, names, venue and keywords are decoded for reading if they have LaTeX. Invalid
    values (a year of 20250, a URL of another scheme, an unknown type) are dropped. With
    `names`, whose text is clean, the authors are these; `authors` that are written otherwise take
    precedence over names.
    """
    written_title, written_abstract = clean(title), clean(abstract)
    title, abstract = readable(written_title), readable(written_abstract)
    day, own = parse_date(date), web_url(url)
    links = [*map(web_url, urls), *links_in(abstract), *hrefs(written_abstract)]
    people, parts = _people(authors, names)
    return Paper(
        title=title,
        abstract=abstract,
        id=parse_id(id),
        authors=people,
        et_al=et_al,
        year=_valid_year(year, day),
        date=day,
        venue=readable(clean(venue)),
        url=own,
        urls=tuple(dict.fromkeys(link for link in links if link and link != own)),
        arxiv_id=parse_arxiv(arxiv_id) or parse_arxiv(own),
        doi=parse_doi(doi),
        keywords=_readable_unique(keywords),
        categories=_clean_unique(categories),
        votes=votes if votes is None or -(2**31) < votes < 2**31 else None,
        type=type if type in TYPES else "",
        names=parts,
        citation=citation,
        known_as=_clean_unique(map(parse_id, known_as)),
        title_latex=written_title if written_title != title else "",
        abstract_latex=written_abstract if written_abstract != abstract else "",
    )


def _people(
    authors: Iterable[str], names: Iterable[Name]
) -> tuple[tuple[str, ...], tuple[Name, ...]]:
    """Return the authors, and their parts unless the authors are written otherwise."""
    people = _readable_unique(authors)
    known = {str(name): name for name in map(readable_name, names)}
    known.pop("", None)
    people = people or tuple(known)
    return people, tuple(known.values()) if tuple(known) == people else ()


def _valid_year(year: int | None, day: str | None) -> int | None:
    """Return a year of four digits, else that of a date."""
    if year is not None and 1000 <= year <= 9999:
        return year
    return int(day[:4]) if day else None


def _readable_unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in map(readable, map(clean, values)) if v))


def _clean_unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in map(clean, values) if v))
