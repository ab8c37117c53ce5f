"""The report of an enrichment: the fields filled in, and the papers that are unsure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.text.cleaning import one_line

if TYPE_CHECKING:
    from index.enrich.report import EnrichReport, PaperReport
    from index.papers.found_record import FoundRecord

NAMES = {
    "arxiv_id": "arXiv id",
    "doi": "DOI",
    "url": "link",
    "urls": "links",
    "citation": "details",
}
"""The fields of a paper whose names differ in reports."""

MAX_AUTHORS = 3


def report_lines(report: "EnrichReport") -> Iterator[str]:
    """Yield the lines of each paper that was completed, is unsure or failed."""
    for paper in report.papers:
        yield from _paper_lines(paper)


def _paper_lines(paper: "PaperReport") -> Iterator[str]:
    title = one_line(paper.title, 60)
    if paper.outcome == "certain" and paper.fields:
        names = ", ".join(NAMES.get(name, name) for name in paper.fields)
        yield f"{paper.id}  {title}"
        yield f"  completed: {names} ({', '.join(paper.by)}: {paper.reason})"
    elif paper.outcome == "unsure":
        yield f"{paper.id}  {title}"
        yield f"  unsure: {paper.reason}; choose with carrel enrich --choose {paper.id}=N"
        for number, candidate in enumerate(paper.candidates, 1):
            yield f"  {number}  {describe_candidate(candidate)}"
    elif paper.outcome == "failed":
        yield f"{paper.id}  {title}"
        yield f"  failed: {paper.reason}"
    for conflict in paper.conflicts:
        name = NAMES.get(conflict.field, conflict.field)
        yield f"  {paper.id}: {name} {conflict.known} kept; {conflict.by} has {conflict.found}"
    for taken in paper.taken:
        name = NAMES.get(taken.field, taken.field)
        yield (
            f"  {paper.id}: {name} {taken.value} is that of {taken.other}, so the two are probably "
            "one paper; merge them with carrel duplicates"
        )
    if paper.retracted:
        yield f"  {paper.id}: this paper was retracted"


def describe_candidate(candidate: "FoundRecord") -> str:
    """Return a candidate in one line: title, authors, year, venue and identifiers."""
    record = candidate.record
    authors = ", ".join(record.authors[:MAX_AUTHORS])
    more = " et al." if len(record.authors) > MAX_AUTHORS else ""
    parts = [
        one_line(record.title, 80),
        authors + more,
        str(record.year or ""),
        record.venue,
        f"arXiv:{record.arxiv_id}" if record.arxiv_id else "",
        record.doi,
        f"{candidate.score:.0%}",
        candidate.source,
    ]
    return " · ".join(filter(None, parts))
