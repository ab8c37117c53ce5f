"""Paper: the frozen record everyone passes around, and the keys that tell two records are one."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from index.identifiers import (
    is_code,
    links_in,
    parsed_arxiv,
    parsed_date,
    parsed_doi,
    parsed_id,
    web_url,
)
from index.text import clean, fold

_SLUG_GLUE = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "and",
        "on",
        "to",
        "with",
        "by",
        "from",
        "is",
        "are",
        "at",
        "as",
        "via",
    ]
)
_COMMON_TITLES = frozenset(
    ("introduction", "editorial", "guesteditorial", "preface", "foreword", "erratum", "correction",
     "corrigendum", "discussion", "conclusion", "conclusions", "bookreview", "bookreviews",
     "frontmatter", "contents", "tableofcontents", "inthisissue", "abstract", "untitled",
     "acknowledgments", "acknowledgements", "afterword", "keynote", "panel", "obituary")
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Held:
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
    sources: tuple[Held, ...] = ()
    bookmarked: bool = False
    read: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""
    added: str = ""
    key: int = 0

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


def made(
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
    day = parsed_date(date)
    if year is not None and not 1000 <= year <= 9999:
        year = None
    if year is None and day:
        year = int(day[:4])
    own = web_url(url)
    found = dict.fromkeys([*(web_url(u) for u in urls), *links_in(abstract)])
    identified = parsed_arxiv(arxiv_id)
    return Paper(
        title=clean(title),
        abstract=abstract,
        id=parsed_id(id),
        authors=_each(authors),
        et_al=et_al,
        year=year,
        date=day,
        venue=clean(venue),
        url=own,
        urls=tuple(u for u in found if u and u != own),
        arxiv_id=identified or parsed_arxiv(own),
        doi=parsed_doi(doi),
        keywords=_each(keywords),
        categories=_each(categories),
        votes=votes if votes is None or -(2**31) < votes < 2**31 else None,
    )


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in map(clean, values) if v))


@dataclass(frozen=True, slots=True)
class Identity:
    """The keys by which two records are one paper: equal arXiv ids, else DOIs, else titles."""

    arxiv: str
    doi: str
    title: str

    def conflicts(self, other: "Identity") -> bool:
        """Tell whether both name an arXiv id, or both a DOI, and not the same one."""
        return bool(
            (self.arxiv and other.arxiv and self.arxiv != other.arxiv)
            or (self.doi and other.doi and self.doi != other.doi)
        )


def identity(paper: Paper) -> Identity:
    """Return the keys of a paper: versions, case, accents, LaTeX and punctuation left aside.

    arXiv's own DOIs (10.48550/arXiv.…) count as arXiv ids.
    """
    doi = paper.doi.lower()
    arxiv = paper.arxiv_id.lower()
    if doi.startswith("10.48550/arxiv."):
        arxiv, doi = arxiv or parsed_arxiv(doi.removeprefix("10.48550/")).lower(), ""
    return Identity(arxiv, doi, title_key(paper.title))


def are_strangers(one: Paper, other: Paper) -> bool:
    """Tell whether papers of one title are two: by nobody in common, and of different years.

    Every journal has its "Editorial" and every workshop its "Introduction": those are one only
    where somebody wrote both, or nobody is known and nothing tells them apart.
    """
    years = {one.year, other.year} - {None}
    names, others = _names(one), _names(other)
    if title_key(one.title) in _COMMON_TITLES:
        venues = {fold(one.venue), fold(other.venue)} - {""}
        return not names & others if names or others else len(years) > 1 or len(venues) > 1
    return bool(len(years) > 1 and names and others and not names & others)


def _names(paper: Paper) -> set[str]:
    return {name for author in paper.authors for name in _WORD.findall(fold(author)) if name[1:]}


def title_key(title: str) -> str:
    """Return a title's letters and digits alone; the bare title where it has none."""
    return "".join(_WORD.findall(fold(title))) or unicodedata.normalize("NFKC", title).lower()


def slug(paper: Paper) -> str:
    """Return the id of a paper that brings none: its arXiv id, else its title's first four words.

    >>> slug(Paper(title="Oreo: A Plug-in Context Reconstructor"))
    'oreo-plug-in-context'
    """
    if paper.arxiv_id:
        return paper.arxiv_id
    words = [w for w in _WORD.findall(fold(paper.title)) if w not in _SLUG_GLUE]
    return "-".join(words[:4])[:60].strip("-") or "paper"


def merged(known: Paper, new: Paper) -> Paper:
    """Return what is known of a paper after another record of it: gaps filled, nothing lost.

    A known value stays; lists grow; an abstract or an author list that was cut off is completed.
    """
    abstract = known.abstract
    if len(new.abstract) > len(abstract) and new.abstract.startswith(abstract.rstrip("….")):
        abstract = new.abstract
    authors, et_al = known.authors, known.et_al
    if not authors or (et_al and len(new.authors) > len(authors)):
        authors, et_al = new.authors, new.et_al
    date = known.date
    if not date or (new.date and new.date.startswith(date)):
        date = new.date or date
    year = known.year if known.year is not None else new.year
    if year is not None and date and int(date[:4]) != year:
        date = known.date
    votes = [v for v in (known.votes, new.votes) if v is not None]
    return replace(
        known,
        abstract=abstract,
        authors=authors,
        et_al=et_al,
        year=year,
        date=date,
        venue=known.venue or new.venue,
        url=known.url or new.url,
        urls=_union(known.urls, [u for u in (new.url, *new.urls) if u and u != known.url]
                    if known.url else new.urls),
        arxiv_id=known.arxiv_id or new.arxiv_id,
        doi=known.doi or new.doi,
        keywords=_union(known.keywords, new.keywords),
        categories=_union(known.categories, new.categories),
        votes=max(votes) if votes else None,
    )  # fmt: skip


def _union(known: Sequence[str], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *new)))
