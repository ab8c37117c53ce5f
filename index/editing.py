"""Adding, editing and removing papers by hand, as records of the source `you`, with undo."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from io import BytesIO

from index import formats
from index.errors import CarrelError
from index.marks.changes import ChangeResult, Fact, describe_change
from index.papers.edits import changed_fields
from index.papers.entries import YOU, Origin, ParsedPaper
from index.papers.paper import Paper, PaperKey
from index.store import Database, MarkStore, PaperStore, Placement, Source
from index.store.record_changes import RECORD, REMOVED
from index.store.records import RecordStore, content_columns
from index.text.cleaning import one_line

TEMPLATE = """\
@article{,
  title = {},
  author = {},
  journal = {},
  year = {},
  doi = {},
  url = {},
  abstract = {},
}
"""
"""The text to fill in for a new paper."""


class Editing:
    """Changes of papers by the reader; thread-safe, and each is an entry of the journal."""

    def __init__(
        self, database: Database, add: Callable[[Sequence[ParsedPaper], Source], list[Placement]]
    ) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._records = RecordStore(database)
        self._marks = MarkStore(database)
        self._add = add

    def edit(self, key: PaperKey, edited: Mapping[str, object]) -> ChangeResult:
        """Set fields of a paper, by name as in `Paper`; later imports do not change them back.

        Earlier edits of other fields remain. Returns the fields that changed in its description.
        """
        with self._database.transaction():
            (paper,) = self._papers.rows([key])
            changed = replace(paper, **edited)  # type: ignore[arg-type]  # the fields of Paper
            if not changed.title:
                raise CarrelError("cannot edit the paper: it needs a title")
            before, after = (content_columns(each, whole=True) for each in (paper, changed))
            columns = {name: value for name, value in after.items() if value != before[name]}
            columns.pop("known_as", None)
            title = one_line(changed.title, 48)
            shown = [name for name in columns if name != "names" or "authors" not in columns]
            words = f"edited “{title}”: {', '.join(shown)}"
            if not columns:
                return ChangeResult(words, 0)
            record = self._records.append_edit(key, columns, active=False)
            self._marks.record([Fact(key, RECORD, str(record), True)], words)
        return ChangeResult(words, 1)

    def text(self, key: PaperKey) -> str:
        """Return a paper as BibTeX, to be edited."""
        return "".join(formats.write_papers(self._papers.rows([key]), "bibtex"))

    def parse(self, text: str) -> list[Paper]:
        """Return the papers of a BibTeX text; raises CarrelError if there are none."""
        read = formats.READERS["bibtex"].read
        assert read
        entries = read(BytesIO(text.encode()), Origin("edited.bib"))
        papers = [entry.paper for entry in entries if isinstance(entry, ParsedPaper)]
        if not papers:
            raise CarrelError(
                "cannot read the edited text: no BibTeX entry with a title; edit again"
            )
        return papers

    def edit_text(self, key: PaperKey, text: str) -> ChangeResult:
        """Set the fields of a paper that an edited text changes; see `text` and `edit`.

        Only the fields by which the two texts differ are set: BibTeX does not hold all.
        """
        (before,), after = self.parse(self.text(key)), self.parse(text)
        return self.edit(key, changed_fields(before, after[0]))

    def add(self, papers: Iterable[Paper]) -> tuple[ChangeResult, list[Placement]]:
        """Add papers of the reader's own; one that is known becomes a record of that paper."""
        entries = [ParsedPaper(paper, position, 0) for position, paper in enumerate(papers, 1)]
        with self._database.transaction():
            facts: list[Fact] = []
            placements = self._add(entries, Source(YOU, "", "", "", ""))
            for placement in placements:
                (key,) = self._papers.keys([placement.into])
                record = placement.record
                if placement.outcome == "added":
                    (record,) = self._records.materialize(key)
                if record:
                    facts.append(Fact(key, RECORD, str(record), True))
            title = entries[0].paper.title if len(entries) == 1 else ""
            words = describe_change("added", len(entries), title)
            if facts:
                self._marks.add_to_journal(facts, words)
        return ChangeResult(words, len(facts)), placements

    def remove(self, keys: Sequence[PaperKey]) -> ChangeResult:
        """Remove papers and their marks; importing their sources again does not add them."""
        with self._database.transaction():
            papers = self._papers.rows(keys)
            facts: list[Fact] = []
            for paper, marks in zip(papers, self._marks.of(keys), strict=True):
                facts += (Fact(paper.key, *mark, False) for mark in sorted(marks.facts))
                records = self._records.materialize(paper.key)
                facts += (Fact(paper.key, RECORD, str(record), False) for record in records)
                facts.append(Fact(paper.key, REMOVED, "", True))
            words = describe_change("removed", len(papers), papers[0].title if papers else "")
            if facts:
                self._marks.record(facts, words)
        return ChangeResult(words, len(papers))
