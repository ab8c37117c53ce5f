"""Library: the one door to papers, search and marks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index import files, formats, paths
from index.doctor import Doctor, count_papers
from index.dumps.service import Dumps
from index.duplicates.service import Duplicates
from index.engines.base import Engine
from index.engines.registry import open_engine
from index.errors import UnknownSource
from index.facets.array_files import ArrayFiles
from index.facets.catalogue import Catalogue
from index.facets.counting import MOST_VALUES, Facet
from index.facets.service import Facets
from index.formats import USUAL, Style
from index.importing.report import ImportProgress, ImportReport
from index.importing.service import ImportRequest, run_import
from index.importing.starter import STARTER, starter_papers
from index.importing.target import ImportTarget
from index.marking import Marking
from index.marks.changes import Change, ChangeResult
from index.papers.entries import ParsedPaper
from index.papers.paper import Paper, PaperKey
from index.progress import Progress
from index.search.completion import Completions
from index.search.history import History
from index.search.index_sync import IndexSync
from index.search.results import RelatedPaper, Results
from index.search.saved import SavedSearches
from index.search.service import Searcher
from index.search.spelling import Spelling
from index.store import (
    Database,
    JournalEntry,
    MarkStore,
    Outcome,
    PaperSets,
    PaperStore,
    PaperWriter,
    Source,
)
from index.store.answer_cache import AnswerCache

if TYPE_CHECKING:
    from index.fetch import Services, Wanted
    from index.fetch.fetching import FetchProgress


class Library:
    """All papers and marks of one reader, in one folder.

    Any thread may call. Papers go in and out by their ids (or arXiv ids, or DOIs); results hold
    the library's own keys, and `ids` and `keys` translate. The parts:

    - `index` keeps the search index in sync with the database,
    - `catalogue` holds the columns that facets are counted from,
    - `saved` holds the saved searches, `history` past queries,
    - `completions` and `spelling` suggest how a query could go on, or what was meant,
    - `marks` changes marks and tags,
    - `duplicates` finds and merges papers that are likely one,
    - `dumps` writes all marks to a file, restores and merges them,
    - `doctor` checks and repairs the library.
    """

    def __init__(self, folder: Path, database: Database, engine: Engine) -> None:
        self.folder = folder
        self._database = database
        self._papers = PaperStore(database)
        self._writer = PaperWriter(database)
        cache = AnswerCache(database)
        arrays = ArrayFiles(paths.catalogue_folder(folder), database.meta("library"))
        self.index = IndexSync(engine, database)
        self.catalogue = Catalogue(arrays, database)
        self._facets = Facets(database, self.catalogue, cache)
        self._searcher = Searcher(database, self.index, self.catalogue, arrays, cache)
        self.saved = SavedSearches(database, self.index, cache, self._searcher.search)
        self.history = History(database)
        self.completions = Completions(self.index, self._facets.column, self.saved.texts)
        self.spelling = Spelling(self.index, self._papers)
        self.marks = Marking(database)
        self.duplicates = Duplicates(database)
        self.dumps = Dumps(database)
        self.doctor = Doctor(folder, database, self.index)

    @classmethod
    def open(cls, folder: Path | str | None = None) -> Self:
        """Open the library in a folder, created if missing; by default the reader's own.

        Raises LibraryUnavailable if it cannot be used.
        """
        place = Path(folder).expanduser() if folder else paths.library_folder()
        database = Database(place)
        return cls(
            place, database, open_engine(paths.index_folder(place), database.meta("library"))
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
        """Close the database and the index."""
        self.index.close()
        self._database.close()

    # -- search ------------------------------------------------------------------------------------

    def search(
        self,
        text: str = "",
        *,
        limit: int = 50,
        offset: int = 0,
        sort: str = "relevance",
        typing: bool = False,
        selected: frozenset[int] = frozenset(),
        wait: bool = True,
    ) -> Results:
        """Return the papers a query asks for, best first, or in another of `SORTS`.

        `typing` takes the last word as a prefix; `selected` holds the keys `is:selected` stands
        for. With `wait` the index is synced first, and built if missing. Without it the index
        answers as it is, SQLite answers if there is none (`Results.index` says which), and whole
        names and topics are those counted last.

        Raises CarrelError for an unknown sort, and never for anything a query says.
        """
        return self._searcher.search(
            text,
            limit=limit,
            offset=offset,
            sort=sort,
            typing=typing,
            selected=selected,
            wait=wait,
        )

    def page(self, results: Results, start: int = 0, stop: int | None = None) -> list[Paper]:
        """Return the papers of some rows of a result, or of all; deleted papers are left out."""
        return self._papers.rows(results.paper_keys(start, stop))

    def facets(
        self,
        results: Results | str = "",
        *,
        most: int | None = MOST_VALUES,
        wait: bool = True,
    ) -> tuple[Facet, ...]:
        """Return the facets of a result, or of a query's result, with their counts.

        `most` limits the values of each facet, None returns all. Without `wait`, counts that must
        first be read from texts are left out, or are those counted last.
        """
        if isinstance(results, str):
            results = self.search(results, limit=0)
        return self._facets.count(results.keys, most=most, wait=wait)

    def related(
        self, ids: Iterable[str], *, limit: int = 20, unmarked: bool = False
    ) -> tuple[RelatedPaper, ...]:
        """Return the papers most like given ones, nearest first, and the terms they share.

        The given papers are left out, and with `unmarked` all that are read or marked. Papers that
        share no distinctive term are left out. See `index.search.related` for the ranking.

        Raises UnknownPaper, naming every id that no paper has.
        """
        return self._searcher.related(self.keys(ids), limit=limit, unmarked=unmarked)

    def warm_up(self) -> None:
        """Load what the first search needs, so that the first key does not wait for it."""
        self._searcher.warm_up()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Delete the search index and all counts, and build the index again."""
        self.index.rebuild(progress)
        self.catalogue.clear()

    # -- papers ------------------------------------------------------------------------------------

    def papers(self, ids: Iterable[str]) -> list[Paper]:
        """Return the papers with these ids (or arXiv ids, or DOIs), in their order.

        Raises UnknownPaper, naming every id that no paper has.
        """
        return self._papers.rows(self.keys(ids))

    def keys(self, ids: Iterable[str]) -> list[PaperKey]:
        """Return the keys of papers; raises UnknownPaper, naming every id that no paper has."""
        return self._papers.keys(ids)

    def ids(self, keys: Iterable[PaperKey]) -> list[str]:
        """Return the ids of papers with these keys, in their order; deleted ones are left out."""
        wanted = list(keys)
        found = self._papers.ids_of(wanted)
        return [found[key] for key in wanted if key in found]

    def count(self) -> int:
        """Return the number of papers."""
        return self._papers.count()

    def sources(self) -> list[Source]:
        """Return all sources, newest first."""
        return self._papers.sources()

    def stats(self) -> dict[str, int | str]:
        """Return the numbers of papers, by what is known of them and how they are marked."""
        marks, sets = MarkStore(self._database), PaperSets(self._database)
        return {**count_papers(self._papers, marks, sets), "library": str(self.folder)}

    # -- papers coming in and going ----------------------------------------------------------------

    def add(self, papers: Iterable[Paper], source: str) -> list[Outcome]:
        """Add the papers of a source in order; each is added, merged or unchanged."""
        entries = [ParsedPaper(paper, position, 0) for position, paper in enumerate(papers, 1)]
        return self._add(entries, Source(source, "", "", "", ""))

    def _add(self, entries: Sequence[ParsedPaper], source: Source) -> list[Outcome]:
        """Add papers, with the marks that a dump had set aside for them, in one transaction."""
        with self._database.transaction():
            outcomes = self._writer.add(entries, source)
            self.dumps.place()
        return outcomes

    def import_paths(self, given: Iterable[str | Path]) -> ImportReport:
        """Import files and folders, detecting their formats."""
        return self.import_files(ImportRequest(tuple(str(path) for path in given)))

    def import_files(
        self,
        request: ImportRequest,
        *,
        dry_run: bool = False,
        step: Callable[[ImportProgress], None] | None = None,
    ) -> ImportReport:
        """Import files and folders; with `dry_run` only report what would change.

        Raises CarrelError for a folder without files. An exception raised by `step` stops the
        import.
        """
        with self._target(dry_run) as target:
            return run_import(request, target.add, step)

    def fetch(
        self,
        wanted: "Wanted",
        services: "Services | None" = None,
        *,
        dry_run: bool = False,
        step: "Callable[[FetchProgress], None] | None" = None,
    ) -> ImportReport:
        """Bring papers from the network; with `dry_run` only report what would change.

        `services` replaces the public ones. What cannot be fetched is a skipped entry of the
        report, on line 0. An exception raised by `step` stops the fetch. Raises CarrelError if
        there is nothing to ask for.
        """
        from index.fetch import PUBLIC
        from index.fetch.fetching import FetchRun

        with self._target(dry_run) as target:
            return FetchRun(services or PUBLIC, target, step).run(wanted)

    @contextmanager
    def _target(self, dry_run: bool) -> Iterator[ImportTarget]:
        """Yield where papers are put: this library, or a copy that is deleted afterwards."""
        if not dry_run:
            writer = self._writer
            yield ImportTarget(self.sources, writer.holds, self._add, writer.remove_source)
            return
        with self._database.temporary_copy() as database:
            papers, writer = PaperStore(database), PaperWriter(database)
            yield ImportTarget(papers.sources, writer.holds, writer.add, writer.remove_source)

    def add_starter_shelf(self) -> bool:
        """Add the bundled papers if the library is empty and never had them."""
        if self._papers.count() or self._database.meta(STARTER):
            return False
        self._add(starter_papers(), Source(STARTER, "jsonl", "", "", ""))
        self._database.set_meta(STARTER, "offered")
        return True

    def remove_source(self, name: str) -> tuple[int, int]:
        """Remove a source; return how many of its papers were deleted and how many stay.

        Papers that another source holds or that have a mark stay. Raises UnknownSource.
        """
        if name not in {source.name for source in self.sources()}:
            raise UnknownSource(f"no source is called {name!r}; carrel source list shows them")
        if name == STARTER:
            self._database.set_meta(STARTER, "removed")
        return self._writer.remove_source(name)

    # -- marks -------------------------------------------------------------------------------------

    def apply(self, change: Change) -> ChangeResult:
        """Change marks of papers and journal the change, in one transaction.

        Raises UnknownPaper for ids that no paper has.
        """
        return self.marks.apply(change)

    def undo(self) -> JournalEntry | None:
        """Undo the last change of marks; return it, or None if there is none."""
        return self.marks.undo()

    def redo(self) -> JournalEntry | None:
        """Redo the change undone last; return it, or None if there is none."""
        return self.marks.redo()

    # -- export ------------------------------------------------------------------------------------

    def export(self, ids: Iterable[str], format: str, style: Style = USUAL) -> Iterator[str]:
        """Yield the text of an export file in a format of `formats.WRITERS`, piece by piece.

        A template in `style` replaces the format. Raises UnknownPaper at once, and CarrelError for
        an unknown format.
        """
        return formats.write_papers(self._papers.each(self.keys(ids)), format, style)

    def export_file(
        self,
        ids: Iterable[str],
        path: Path | str,
        format: str,
        style: Style = USUAL,
        *,
        overwrite: bool = False,
    ) -> None:
        """Write an export file, whole or not at all; raises ExportFailed."""
        files.write_file(Path(path), self.export(ids, format, style), overwrite=overwrite)
