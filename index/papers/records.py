"""The records that a paper is combined from, one for each source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from index.papers.citation import merge_citations
from index.papers.entries import STARTER
from index.papers.merging import merge_papers
from index.papers.paper import Paper, SourceRef

BY_HAND = "merged by hand"
"""The rule of records that joined a paper because the reader merged two papers."""

PUBLISHED = "published version"
"""The rule of records of the published version of a preprint, which is cited in its place."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """The values that sources give for a paper.

    `paper` has the id that the record has in its source. `rule` is why it joined the paper, "" for
    the first record. `key` is the number of the record in its library, 0 outside one.
    """

    paper: Paper
    sources: tuple[SourceRef, ...] = ()
    rule: str = ""
    added: str = ""
    key: int = 0

    @property
    def is_summary(self) -> bool:
        """Whether it comes from the starter shelf alone, whose abstracts are summaries."""
        return is_summary(self.sources)

    @property
    def content(self) -> tuple[object, ...]:
        """The paper without its ids and the values that the library adds."""
        return content(self.paper)


def is_summary(sources: Sequence[SourceRef]) -> bool:
    """Return whether all sources of a record are the starter shelf."""
    return bool(sources) and all(source.name == STARTER for source in sources)


_OWN = frozenset(
    """id known_as key sources bookmarked read tags note added dismissed later cited""".split()
)
"""Fields that are the library's, or names of the record."""

_CONTENT = attrgetter(*(f.name for f in fields(Paper) if f.compare and f.name not in _OWN))


def content(paper: Paper) -> tuple[object, ...]:
    """Return a paper without its ids, marks and other values that the library adds."""
    values: tuple[object, ...] = _CONTENT(paper)
    return values


def combine(records: Sequence[SourceRecord], own_id: str) -> Paper:
    """Return the paper that records describe, with an id of its own; earlier records come first.

    A summary of the starter shelf is replaced by an abstract. Of papers that the reader merged, the
    longer abstract and all links remain.
    """
    first, *others = _without_summaries(records)
    paper = first.paper
    names = (*paper.known_as, paper.id)
    paper = replace(paper, id=own_id, known_as=tuple(n for n in names if n and n != own_id))
    for record in others:
        paper = with_record(paper, record.paper, record.rule)
    return paper


def with_record(paper: Paper, record: Paper, rule: str) -> Paper:
    """Return a paper with the values of a further record, which joined it by a rule."""
    return _MERGING_BY_RULE.get(rule, merge_papers)(paper, record)


def _without_summaries(records: Sequence[SourceRecord]) -> Iterable[SourceRecord]:
    if not any(record.is_summary for record in records) or not any(
        record.paper.abstract and not record.is_summary for record in records
    ):
        return records
    return [
        replace(record, paper=replace(record.paper, abstract="", abstract_latex=""))
        if record.is_summary
        else record
        for record in records
    ]


def _merge_by_hand(known: Paper, other: Paper) -> Paper:
    paper = merge_papers(known, other)
    if len(other.abstract) > len(paper.abstract):
        paper = replace(paper, abstract=other.abstract, abstract_latex=other.abstract_latex)
    links = (link for link in other.links if link not in paper.links)
    return replace(paper, urls=(*paper.urls, *links))


def _merge_published(known: Paper, published: Paper) -> Paper:
    """Return a preprint with date, venue, DOI and citation of its published version."""
    paper = merge_papers(known, published)
    year = published.year if published.year is not None else paper.year
    date = published.date or (paper.date if published.year in (None, known.year) else None)
    return replace(
        paper,
        year=year,
        date=date,
        venue=published.venue or paper.venue,
        doi=published.doi or paper.doi,
        type=published.type or paper.type,
        citation=merge_citations(published.citation, paper.citation, whole=True),
    )


_MERGING_BY_RULE = {BY_HAND: _merge_by_hand, PUBLISHED: _merge_published}
