"""The report of an enrichment."""

from dataclasses import dataclass, field

from index.enrich.filling import Conflict
from index.papers.found_record import FoundRecord
from index.papers.paper import Paper
from index.text.cleaning import format_count


@dataclass(frozen=True, slots=True)
class TakenIdentifier:
    """An identifier that was not filled in, since another paper has it: the two may be one."""

    field: str
    value: str
    other: str


@dataclass(slots=True)
class PaperReport:
    """The outcome of looking up one paper.

    `outcome` is certain, unsure, unknown or failed. `by` are the sources that described it,
    `fields` what was filled in.
    """

    id: str
    title: str
    outcome: str
    reason: str
    by: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    candidates: tuple[FoundRecord, ...] = ()
    conflicts: list[Conflict] = field(default_factory=list)
    taken: list[TakenIdentifier] = field(default_factory=list)
    retracted: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the report as a JSON object."""
        shape: dict[str, object] = {
            "id": self.id,
            "outcome": self.outcome,
            "by": ", ".join(self.by) or None,
            "fields": list(self.fields),
            "reason": self.reason,
            "candidates": [candidate_object(candidate) for candidate in self.candidates],
        }
        if self.conflicts:
            shape["conflicts"] = [conflict._asdict() for conflict in self.conflicts]
        if self.taken:
            shape["merge"] = [
                {"field": each.field, "value": each.value, "with": each.other}
                for each in self.taken
            ]
        if self.retracted:
            shape["retracted"] = True
        return shape


def candidate_object(candidate: FoundRecord) -> dict[str, object]:
    """Return a candidate as a JSON object."""
    record: Paper = candidate.record
    return {
        "title": record.title,
        "authors": list(record.authors),
        "year": record.year,
        "venue": record.venue,
        "arxiv_id": record.arxiv_id,
        "doi": record.doi,
        "score": candidate.score,
        "source": candidate.source,
    }


@dataclass(slots=True)
class EnrichReport:
    """The outcomes of all papers of an enrichment, and the errors of files and services."""

    papers: list[PaperReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """Return the number of papers with an outcome."""
        return sum(paper.outcome == outcome for paper in self.papers)

    @property
    def completed(self) -> int:
        """The number of papers in which something was filled."""
        return sum(bool(paper.fields) for paper in self.papers)

    def as_json(self) -> dict[str, object]:
        """Return the report as printed by `carrel enrich --json`."""
        shape: dict[str, object] = {
            "asked": len(self.papers),
            "completed": self.completed,
            **{name: self.count(name) for name in ("unsure", "unknown", "failed")},
            "papers": [paper.as_json() for paper in self.papers],
        }
        if self.problems:
            shape["problems"] = list(self.problems)
        return shape

    def summary(self) -> str:
        """Return the report in one line."""
        counts = [f"{self.completed:,} completed"]
        unchanged = self.count("certain") - self.completed
        if unchanged:
            counts.append(f"{unchanged:,} with nothing to add")
        for name in ("unsure", "unknown", "failed"):
            if number := self.count(name):
                counts.append(f"{number:,} {name}")
        return f"{format_count(len(self.papers), 'paper')} looked up: {', '.join(counts)}"
