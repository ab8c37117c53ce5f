"""Library: the one door to papers, search and marks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from index import doctor, files, formats, paths
from index.doctor import Check
from index.dumps.service import Dumps, RestoreReport
from index.duplicates.service import Duplicates
from index.engines.base import Engine
from index.errors import CarrelError, UnknownPaper, UnknownSource
from index.formats import USUAL, Style, template
from index.importing import service
from index.importing.report import ImportProgress, ImportReport
from index.importing.service import ImportRequest
from index.marking import Tagging
from index.marks import changes
from index.marks.changes import Change, Done
from index.papers.entries import ParsedPaper
from index.papers.paper import Paper
from index.progress import Progress
from index.search.results import Hit, RelatedPaper, Results
from index.search.saved import SearchCount
from index.search.service import SORTS, Searcher
from index.store import Database, JournalEntry, MarkStore, Outcome, PaperStore, SavedSearch, Source
from index.text.cleaning import one_line

if TYPE_CHECKING:
    from index.fetch import Services, Wanted
    from index.fetch.shelf import Fetched, Shelf

STARTER = "starter"

__all__ = [
    "SORTS",
    "STARTER",
    "Check",
    "Done",
    "Hit",
    "JournalEntry",
    "Library",
    "RelatedPaper",
    "RestoreReport",
    "Results",
    "SavedSearch",
    "SearchCount",
    "Source",
]


class Library(Searcher):
    """All papers and marks of one reader, in one folder.

    Any thread may call. What can be asked of it is in `Searcher`; here are papers and marks.
    `duplicates` are papers that may be one, `tagging` is what is done to tags as a whole.
    `dumps` writes all marks to files and brings them back.
    """

    def __init__(self, folder: Path, database: Database, engine: Engine) -> None:
        super().__init__(database, engine)
        self.folder = folder
        self._marks = MarkStore(database)
        self.duplicates = Duplicates(database)
        self.tagging = Tagging(database)
        self.dumps = Dumps(database)

    @classmethod
    def open(cls, folder: Path | str | None = None) -> Self:
        """Open the library in a folder, made where it is not there; by default the reader's own.

        Raises LibraryUnavailable where it cannot be used.
        """
        place = Path(folder).expanduser() if folder else paths.library_folder()
        database = Database(place)
        from index.engines.whoosh.engine import WhooshEngine

        return cls(
            place, database, WhooshEngine(paths.index_folder(place), database.meta("library"))
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database and the index."""
        self._index.close()
        self._database.close()

    # -- bringing papers in ------------------------------------------------------------------------

    def add(self, papers: Iterable[Paper], source: str) -> list[Outcome]:
        """Add papers as a source holds them, in order; each is added, merged or unchanged."""
        found = [ParsedPaper(paper, position, 0) for position, paper in enumerate(papers, 1)]
        return self._add(found, Source(source, "", "", "", ""))

    def _add(self, found: Sequence[ParsedPaper], source: Source) -> list[Outcome]:
        """Add papers, with the marks that a dump brought before them: both, or nothing."""
        with self._database.transaction():
            outcomes = self._papers.add(found, source)
            self.dumps.place()
        return outcomes

    def import_files(
        self,
        request: ImportRequest,
        *,
        dry_run: bool = False,
        step: Callable[[ImportProgress], None] | None = None,
    ) -> ImportReport:
        """Import files and folders; with `dry_run` only tell what would come of it.

        Raises CarrelError for a folder without files. What `step` raises stops the import.
        """
        with self._shelf(dry_run) as shelf:
            return service.run(request, shelf.add, step)

    @contextmanager
    def _shelf(self, dry_run: bool) -> "Iterator[Shelf]":
        """Yield where papers are put: this library, or a copy that is gone afterwards."""
        from index.fetch.shelf import Shelf

        if not dry_run:
            yield Shelf(self.sources, self._papers.holds, self._add, self._papers.remove_source)
            return
        with self._database.rehearsal() as database:
            copy = PaperStore(database)
            yield Shelf(copy.sources, copy.holds, copy.add, copy.remove_source)

    def fetch(
        self,
        wanted: "Wanted",
        services: "Services | None" = None,
        *,
        dry_run: bool = False,
        step: "Callable[[Fetched], None] | None" = None,
    ) -> ImportReport:
        """Bring papers from the network; with `dry_run` only tell what would come of it.

        `services` stand in place of the public ones. What cannot be had is a skipped entry of the
        report, on line 0. What `step` raises stops the fetch. Raises CarrelError where there is
        nothing to ask for.
        """
        from index.fetch import PUBLIC
        from index.fetch.fetching import FetchRun

        with self._shelf(dry_run) as shelf:
            return FetchRun(services or PUBLIC, shelf, step).run(wanted)

    def import_paths(self, given: Iterable[str | Path]) -> ImportReport:
        """Import files and folders, their formats found out."""
        return self.import_files(ImportRequest(tuple(str(path) for path in given)))

    def add_starter_shelf(self) -> bool:
        """Bring in the bundled papers where the library is empty and never had them."""
        if self._papers.count() or self._database.meta(STARTER):
            return False
        form = formats.READERS["jsonl"]
        shelf = resources.files("index").joinpath("starter.jsonl")
        with shelf.open("rb") as stream:
            assert form.read
            lines = form.read(cast("BinaryIO", stream), formats.Origin(STARTER))
            found = [line for line in lines if isinstance(line, ParsedPaper)]
        self._add(found, Source(STARTER, "jsonl", "", "", ""))
        self._database.set_meta(STARTER, "offered")
        return True

    def remove_source(self, name: str) -> tuple[int, int]:
        """Forget a source; return how many of its papers went and how many stay.

        Those stay that another source holds or that have a mark. Raises UnknownSource.
        """
        if name not in {source.name for source in self.sources()}:
            raise UnknownSource(f"no source is called {name!r}; carrel source list shows them")
        if name == STARTER:
            self._database.set_meta(STARTER, "removed")
        return self._papers.remove_source(name)

    # -- papers ------------------------------------------------------------------------------------

    def papers(self, ids: Iterable[str]) -> list[Paper]:
        """Return the papers with these ids (or arXiv ids, or DOIs), in their order.

        Raises UnknownPaper, naming every id that none has.
        """
        return self._papers.rows(self.keys(ids))

    def rows(self, keys: Sequence[int]) -> list[Paper]:
        """Return the papers with these keys, in their order; those that are gone are left out."""
        return self._papers.rows(keys)

    def keys(self, ids: Iterable[str]) -> list[int]:
        """Return the keys of papers; raises UnknownPaper, naming every id that none has."""
        wanted = list(ids)
        found = self._papers.keys_of(wanted)
        missing = [name for name in wanted if name not in found]
        if missing:
            near = self._papers.near_ids(missing[0])
            hint = f"; did you mean {', '.join(near)}?" if near else "; carrel search finds ids"
            shown = ", ".join(one_line(name, 60) for name in missing[:3])
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            raise UnknownPaper(f"no paper has the id {shown}{more}{hint}")
        return list(dict.fromkeys(found[name] for name in wanted))

    def ids(self, keys: Iterable[int]) -> list[str]:
        """Return the ids of papers with these keys, in their order."""
        wanted = list(keys)
        found = self._papers.ids_of(wanted)
        return [found[key] for key in wanted if key in found]

    def standing(self, keys: Iterable[int]) -> set[int]:
        """Return those of some keys that papers have; one merged away stands for where it went."""
        return set(self._papers.ids_of({self.duplicates.root(key) for key in keys}))

    def related(
        self, ids: Iterable[str], *, limit: int = 20, unmarked: bool = False
    ) -> tuple[RelatedPaper, ...]:
        """Return the papers most like those with these ids; see `related_to`.

        Raises UnknownPaper, naming every id that none has.
        """
        return self.related_to(self.keys(ids), limit=limit, unmarked=unmarked)

    def count(self) -> int:
        """Return the number of papers."""
        return self._papers.count()

    def sources(self) -> list[Source]:
        """Return all sources, newest first."""
        return self._papers.sources()

    def tags(self) -> dict[str, int]:
        """Return every tag with the number of papers that have it."""
        return self._marks.tags()

    # -- marks -------------------------------------------------------------------------------------

    def marks(self, keys: Iterable[int]) -> list[changes.PaperMarks]:
        """Return the marks of papers as facts, for many papers at once."""
        return self._marks.of(keys)

    def apply(self, change: Change) -> Done:
        """Change marks of papers and write it to the journal, in one transaction.

        Raises UnknownPaper for ids that no paper has.
        """
        keys = self.keys(change.ids)
        with self._database.transaction():
            facts = changes.effect(change, self._marks.of(keys))
            turned = {fact.paper for fact in facts}
            title = self._papers.rows([next(iter(turned))])[0].title if len(turned) == 1 else ""
            words = changes.described(change.verb, len(turned), title)
            if facts:
                self._marks.record(facts, words)
        return Done(words, len(turned))

    def undo(self) -> JournalEntry | None:
        """Take back the last change of marks that stands; None where there is none."""
        return self._marks.undo()

    def redo(self) -> JournalEntry | None:
        """Make the change that was taken back last stand again; None where there is none."""
        return self._marks.redo()

    def log(self, limit: int = 100) -> list[JournalEntry]:
        """Return the changes of marks, newest first."""
        return self._marks.log(limit)

    # -- going out ---------------------------------------------------------------------------------

    def export(self, ids: Iterable[str], format: str, style: Style = USUAL) -> Iterator[str]:
        """Yield the text of an export file in a format of `formats.WRITERS`, piece by piece.

        Raises UnknownPaper at once, and CarrelError for an unknown format.
        """
        return self.exported(self.keys(ids), format, style)

    def exported(self, keys: Sequence[int], format: str, style: Style = USUAL) -> Iterator[str]:
        """Yield the same for papers with these keys; a template stands in for the format."""
        if style.template:
            return template.write(map(style.of, self._each(keys)), style.template, style.keys)
        form = formats.WRITERS.get(format)
        if form is None or form.write is None:
            known = ", ".join(formats.WRITERS)
            raise CarrelError(f"nothing is exported as {format!r}; write one of {known}")
        return form.write(map(style.of, self._each(keys)), style)

    def _each(self, keys: Sequence[int]) -> Iterator[Paper]:
        for start in range(0, len(keys), 500):
            yield from self._papers.rows(keys[start : start + 500])

    def export_file(
        self,
        keys: Sequence[int],
        path: Path | str,
        format: str,
        style: Style = USUAL,
        *,
        overwrite: bool = False,
    ) -> None:
        """Write an export file, whole or not at all; raises ExportFailed."""
        files.write_file(Path(path), self.exported(keys, format, style), overwrite=overwrite)

    # -- upkeep ------------------------------------------------------------------------------------

    def stats(self) -> dict[str, int | str]:
        """Return what the library holds, in numbers."""
        numbers = doctor.numbers(self._papers, self._marks, self._sets)
        return {**numbers, "library": str(self.folder)}

    def check(self) -> list[Check]:
        """Return whether database and index are in order, and how to mend what is not."""
        cache = paths.index_folder(self.folder)
        return doctor.checks(self.folder, self._database, self._papers, self._index, cache)

    def mend(self, progress: Progress | None = None) -> list[str]:
        """Mend what can be without a risk: rights of files, a broken index; return what was."""
        done = doctor.close_to_others(self.folder, paths.index_folder(self.folder))
        if any(check.name == "search index" and not check.fine for check in self.check()):
            self.rebuild(progress)
            done.append("the search index was built anew")
        return done
