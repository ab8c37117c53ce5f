"""The rules by which two records are of one paper.

Two records are one paper by their arXiv ids, else by their DOIs, else by their titles. Titles need
more: equal titles of different papers are common. Of 1,090 pairs of records with equal titles
among 305,000 of arXiv, ACL and conferences, 1,081 share a family name, and in 35 of these the
abstracts of preprint and published version overlap by less than half. Of the pairs with a common
author, 97 % are of one year and 99.4 % at most two years apart.
"""

import re
from functools import cached_property
from typing import NamedTuple

from index.papers.citation import is_preprint_venue
from index.papers.identity import identity, title_key
from index.papers.matching import titles
from index.papers.matching.abstracts import overlap
from index.papers.matching.families import Family, are_equal, families, shared
from index.papers.matching.numbering import different_place, different_work, first_page
from index.papers.paper import Paper
from index.text.folding import fold

SAME_OVERLAP, HALF_OVERLAP, OTHER_OVERLAP = 0.8, 0.5, 0.1
"""Overlaps of abstracts that are nearly the same, of one paper, and of different papers."""

PREPRINT_YEARS = 2
"""Years between a preprint and its published version, at most."""

LONG_LIST_AUTHORS = 4
"""Authors of two papers of which one is likely to have the same family name by chance."""

# https://www.crossref.org/documentation/research-nexus/posted-content-includes-preprints/: arXiv,
# SSRN, bioRxiv and medRxiv, Research Square, Preprints.org, the servers of OSF, ChemRxiv, TechRxiv,
# Authorea, EarthArXiv, ScienceOpen, Cambridge Open Engage, Qeios, Zenodo.
_PREPRINT_DOI = re.compile(
    r"10\.(?:48550|2139|21203|20944|312(?:19|2\d|3\d)|17605|26434|36227|22541|31223|14293|33774"
    r"|32388|5281)/|10\.1101/\d"
)
_DATA_TYPES = frozenset(("dataset", "software"))
_WHOLE_TYPES = frozenset(("book", "collection", "periodical"))
_PART_TYPES = frozenset(("chapter", "paper-conference", "entry", "entry-encyclopedia",
                         "entry-dictionary"))  # fmt: skip


class Record:
    """The description of a paper by one source, with the values that comparisons need."""

    def __init__(self, paper: Paper, *, is_summary: bool = False) -> None:
        """Describe a paper; the abstract of the starter shelf is a summary and does not count."""
        self.paper = paper
        self.abstract = "" if is_summary else paper.abstract
        self.identity = identity(paper)

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """The family names of the authors."""
        return families(self.paper)

    @property
    def published_doi(self) -> str:
        """The DOI of a published version, or ""; each version of a data set has its own."""
        is_draft = is_preprint_doi(self.identity.doi) and self.paper.type not in _DATA_TYPES
        return "" if is_draft else self.identity.doi

    @property
    def is_preprint(self) -> bool:
        """Whether the record describes a preprint, or does not name a venue."""
        return has_no_venue(self.paper.venue) or is_preprint_doi(self.identity.doi)


class Verdict(NamedTuple):
    """Whether two records are one paper.

    `rule` is why they are, "" if nothing shows it; `contradiction` is why they cannot be. `rank` is
    the number of the rule: 1 for arXiv ids, 2 for DOIs, 3 for titles.
    """

    rule: str = ""
    contradiction: str = ""
    rank: int = 0


def has_no_venue(venue: str) -> bool:
    """Return whether a venue is unknown, or a preprint server, which publishes nothing itself."""
    return not venue or is_preprint_venue(venue)


def is_preprint_doi(doi: str) -> bool:
    """Return whether a DOI in lower case was registered by a preprint server or repository."""
    return bool(doi and _PREPRINT_DOI.match(doi))


def compare(one: Record, other: Record, *, is_only: bool = True) -> Verdict:
    """Return whether two records are one paper.

    `is_only` is whether no second paper has their title, if they have equal titles.
    """
    if one.identity.arxiv and one.identity.arxiv == other.identity.arxiv:
        if not _all_differs(one, other):
            return Verdict("same arXiv id", rank=1)
        return Verdict(contradiction="same arXiv id, but nothing else in common")
    if conflict := _identifier_conflict(one, other):
        return Verdict(contradiction=conflict)
    if one.identity.doi and one.identity.doi == other.identity.doi:
        return _compare_by_doi(one, other)
    if one.identity.title != other.identity.title:
        return Verdict()
    return _compare_by_title(one, other, is_only=is_only)


def _all_differs(one: Record, other: Record) -> bool:
    """Return whether title, and family names and abstracts as far as known, all differ."""
    if titles.are_alike(one.paper.title, other.paper.title):
        return False
    text = overlap(one.abstract, other.abstract, "")
    known = bool(one.families and other.families)
    if (not known and text is None) or (text is not None and text >= HALF_OVERLAP):
        return False
    return not known or not shared(one.families, other.families)


def _identifier_conflict(one: Record, other: Record) -> str:
    if one.identity.arxiv and other.identity.arxiv:
        return "different arXiv ids"
    if one.published_doi and other.published_doi and one.published_doi != other.published_doi:
        return "different DOIs"
    return ""


# -- DOIs ------------------------------------------------------------------------------------------


def _compare_by_doi(one: Record, other: Record) -> Verdict:
    if _is_part(one.paper, other.paper) or _is_part(other.paper, one.paper):
        return Verdict(contradiction="same DOI, but one is a part of the other")
    if _have_alike_titles(one, other):
        return Verdict("same DOI, same title", rank=2)
    if _place(one.paper) and _place(one.paper) == _place(other.paper):
        return _compare_on_page(one, other)
    pages = first_page(one.paper), first_page(other.paper)
    if all(pages) and pages[0] != pages[1]:
        # Chapters may also have the abstract of their book.
        return Verdict(contradiction="same DOI, but different titles and pages")
    if (overlap(one.abstract, other.abstract, "") or 0) >= SAME_OVERLAP:
        return Verdict("same DOI, same abstract", rank=2)
    return Verdict(contradiction="same DOI, but different titles")


def _compare_on_page(one: Record, other: Record) -> Verdict:
    """Compare records of one DOI and page: a title and its translation, or abstracts of talks."""
    if one.families and other.families and not shared(one.families, other.families):
        return Verdict(contradiction="same DOI, but different titles and authors")
    numbers = titles.numerals(one.paper.title), titles.numerals(other.paper.title)
    if all(numbers) and numbers[0] != numbers[1]:
        return Verdict(contradiction="same DOI, but different titles")
    return Verdict("same DOI, same page", rank=2)


def _have_alike_titles(one: Record, other: Record) -> bool:
    """Return whether titles agree; the parts of a book may differ in authors or pages alone."""
    title = one.paper.title
    if not titles.are_alike(title, other.paper.title):
        return False
    is_equal = one.identity.title == other.identity.title
    if is_equal and not titles.names_kind(title):
        return True
    pages = first_page(one.paper), first_page(other.paper)
    if all(pages) and pages[0] != pages[1]:
        return False
    if one.families and other.families and not shared(one.families, other.families):
        return False
    return not (is_equal and _years_apart(one, other))


def _is_part(part: Paper, whole: Paper) -> bool:
    """Return whether a paper is a chapter of a book, or a paper of a volume of proceedings."""
    container = part.citation.get("container-title") or part.venue
    if container and title_key(container) == title_key(whole.title):
        own = whole.citation.get("container-title") or whole.venue
        return title_key(part.title) != title_key(whole.title) or not own
    return part.type in _PART_TYPES and whole.type in _WHOLE_TYPES and not container


def _place(paper: Paper) -> tuple[str, str, str] | None:
    """Return container, volume and first page of a paper, or None if one is unknown."""
    container = title_key(paper.citation.get("container-title") or paper.venue)
    volume, page = paper.citation.get("volume"), first_page(paper)
    return (container, fold(volume), page) if container and volume and page else None


# -- titles ----------------------------------------------------------------------------------------


def _compare_by_title(one: Record, other: Record, *, is_only: bool) -> Verdict:
    title = one.paper.title
    if conflict := _year_conflict(one, other):
        return Verdict(contradiction=conflict)
    text = overlap(one.abstract, other.abstract, title)
    if conflict := _numbering_conflict(one, other, text):
        return Verdict(contradiction=conflict)
    known = bool(one.families and other.families)
    common = shared(one.families, other.families) if known else 0
    if known and not common and (text or 0) < SAME_OVERLAP:
        return Verdict(contradiction="same title, but no author in common")
    if not known and text is not None and text < HALF_OVERLAP:
        return Verdict(contradiction="same title, but different abstracts")
    if titles.names_kind(title):
        return _compare_kinds(one, other)
    is_short = titles.is_short(title)
    if is_short and not (_is_close(one, other) or (text or 0) >= SAME_OVERLAP):
        return Verdict()
    if known and common:
        return _compare_authors(one, other, common, text)
    if text is not None:
        return Verdict("same title, same abstract", rank=3)
    return Verdict("same title", rank=3) if is_only and not is_short else Verdict()


def _numbering_conflict(one: Record, other: Record, text: float | None) -> str:
    """Return why the numbers of two records of one title contradict each other, or ""."""
    title = one.paper.title
    if conflict := different_work(one.paper, other.paper):
        return conflict
    if text is not None and text >= SAME_OVERLAP:
        return ""
    is_common = titles.names_kind(title) or titles.is_short(title)
    return different_place(one.paper, other.paper, is_common=is_common)


def _year_conflict(one: Record, other: Record) -> str:
    """Return why the years of two records contradict each other, or ""."""
    years = _years_apart(one, other)
    if not years or (years <= PREPRINT_YEARS and (one.is_preprint or other.is_preprint)):
        return ""
    return f"same title, but {years} year{'s' if years > 1 else ''} apart"


def _years_apart(one: Record, other: Record) -> int | None:
    if one.paper.year is None or other.paper.year is None:
        return None
    return abs(one.paper.year - other.paper.year)


def _compare_authors(one: Record, other: Record, common: int, text: float | None) -> Verdict:
    is_long = min(len(one.families), len(other.families)) >= LONG_LIST_AUTHORS
    if is_long and common == 1 and text is not None and text < OTHER_OVERLAP:
        return Verdict()
    return Verdict("same title, author in common", rank=3)


def _compare_kinds(one: Record, other: Record) -> Verdict:
    """Compare records whose title names a kind of text: authors, year and venue must be equal."""
    same = (
        are_equal(one.paper, other.paper)
        and _years_apart(one, other) == 0
        and title_key(one.paper.venue) == title_key(other.paper.venue)
    )
    return Verdict("same title, authors, year and venue", rank=3) if same else Verdict()


def _is_close(one: Record, other: Record) -> bool:
    """Return whether family names are equal and the years known and at most one apart."""
    years = _years_apart(one, other)
    return years is not None and years <= 1 and are_equal(one.paper, other.paper)
