"""`Library`, the entry point to papers, search and marks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index import paths
from index.engines.base import Engine
from index.engines.registry import DEFAULT, is_installed, open_engine
from index.facets.array_files import ArrayFiles
from index.facets.catalogue import Catalogue
from index.facets.counting import MAX_VALUES, Facet
from index.facets.service import Facets
from index.marking import Marking
from index.marks.changes import Change, ChangeResult
from index.papers.paper import Paper, PaperKey
from index.progress import Progress, Stop
from index.search.completion import Completions
from index.search.history import History
from index.search.index_sync import IndexSync, LargeUpdates
from index.search.results import RelatedPaper, Results
from index.search.saved import SavedSearches
from index.search.service import Searcher
from index.search.spelling import Spelling
from index.store import Database, PaperStore
from index.store.answer_cache import AnswerCache
from index.visits import Visits

if TYPE_CHECKING:
    from index.corpus.service import Corpus
    from index.doctor import Doctor
    from index.dumps.service import Dumps
    from index.duplicates.service import Duplicates
    from index.editing import Editing
    from index.enrich.service import Enrichment
    from index.exporting import Exports
    from index.fetch import Services, Wanted
    from index.fetch.fetching import FetchProgress
    from index.formats import Style
    from index.importing.additions import Additions
    from index.importing.report import ImportProgress, ImportReport
    from index.importing.service import ImportRequest
    from index.kept_files.service import KeptFiles
    from index.search.statistics import Statistics
    from index.store import JournalEntry, Outcome, Source
    from index.triage import Triage


class Library:
    """All papers and marks of one reader, in one folder.

    Thread-safe. Methods identify papers by id (or arXiv id, or DOI); results hold the library's
    internal keys, which `ids` and `keys` convert. The parts, of which those that a search does not
    need are imported when they are first used:

    - `index` keeps the search index in sync with the database,
    - `catalogue` holds the columns from which facets are counted,
    - `saved` holds the saved searches, `history` past queries,
    - `likely` sorts papers by how likely the reader is to keep them,
    - `completions` completes a query as it is typed, `spelling` suggests corrections,
    - `marks` changes marks and tags,
    - `visits` knows which papers are new since the last visit,
    - `duplicates` finds, merges and splits duplicate papers,
    - `editing` adds, edits and removes papers by hand,
    - `enrichment` completes papers from files and services,
    - `kept` holds the files that are kept current with a query,
    - `dumps` writes all marks to a file, and restores or merges such a file,
    - `doctor` checks and repairs the library.
    """

    def __init__(
        self,
        folder: Path,
        database: Database,
        engine: Engine,
        previous: Engine | None = None,
        engine_name: str = DEFAULT,
    ) -> None:
        self.folder = folder
        self._database = database
        self._papers = PaperStore(database)
        cache = AnswerCache(database)
        arrays = ArrayFiles(paths.catalogue_folder(folder), database.meta("library"))
        large_updates = LargeUpdates(
            database.folder, engine_name, paths.index_folder(folder, engine_name)
        )
        self.index = IndexSync(engine, database, previous, large_updates)
        self.catalogue = Catalogue(arrays, database)
        self._facets = Facets(database, self.catalogue, cache)
        self._searcher = Searcher(database, self.index, self.catalogue, arrays, cache)
        searcher = self._searcher
        self._search_local = partial(searcher.search, local=True)
        self.likely = searcher.likely
        self.saved = SavedSearches(
            database,
            self.index,
            cache,
            self._search_local,
            searcher.dismissed_version,
            searcher.count_in_corpus,
        )
        self.history = History(database)
        self.completions = Completions(
            self.index, self._facets.column, self.saved.texts, lambda: self.corpus
        )
        self.spelling = Spelling(self.index, self._papers, searcher.listing)
        self.marks = Marking(database)
        self.visits = Visits(database)
        self._engine_name = engine_name

    @classmethod
    def open(cls, folder: Path | str | None = None, *, engine: str = DEFAULT) -> Self:
        """Open the library in `folder`, created if missing; the default is the user's library.

        `engine` is one of `paths.ENGINE_NAMES`. Until its index is built, that of another engine
        answers searches that do not wait.

        Raises LibraryUnavailable if the library cannot be used, and CarrelError if the engine is
        not installed.
        """
        place = Path(folder).expanduser() if folder else paths.library_folder()
        database = Database(place)
        database.checked = paths.index_folder(place) / "checked"
        library = database.meta("library")
        opened = open_engine(paths.index_folder(place, engine), library, engine)
        folders = {name: paths.index_folder(place, name) for name in paths.ENGINE_NAMES}
        previous = [
            open_engine(folders[name], library, name)
            for name in folders
            if name != engine and folders[name].exists() and is_installed(name)
        ]
        return cls(place, database, opened, previous[0] if previous else None, engine)

    def connect(self, address: str) -> None:
        """Search the papers of a corpus from now on; nothing is asked of it yet.

        Raises CarrelError for an invalid address.
        """
        from index.corpus.service import Corpus
        from index.store import FacetReader

        reader = FacetReader(self._database)
        self._searcher.corpus = Corpus(address, self._papers, reader, self._additions)

    @property
    def corpus(self) -> "Corpus | None":
        """The corpus that is searched, if there is one."""
        return self._searcher.corpus

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
        """Close the database and the index; other threads get LibraryUnavailable from then on."""
        self.index.close()
        self._database.close()

    # -- parts that are imported when they are first used ------------------------------------------

    @cached_property
    def duplicates(self) -> "Duplicates":
        """Duplicate papers."""
        from index.duplicates.service import Duplicates

        return Duplicates(self._database)

    @cached_property
    def editing(self) -> "Editing":
        """Changes to papers by hand."""
        from index.editing import Editing

        return Editing(self._database, self._additions.add)

    @cached_property
    def enrichment(self) -> "Enrichment":
        """The completion of papers."""
        from index.enrich.service import Enrichment

        return Enrichment(self._database)

    @cached_property
    def kept(self) -> "KeptFiles":
        """Files that are kept current."""
        from index.kept_files.service import KeptFiles

        return KeptFiles(self._database, self.index, self._search_local, self.ids, self.export)

    @cached_property
    def dumps(self) -> "Dumps":
        """Dumps of all marks."""
        from index.dumps.service import Dumps

        return Dumps(self._database)

    @cached_property
    def doctor(self) -> "Doctor":
        """Checks and repairs."""
        from index.doctor import Doctor

        return Doctor(self.folder, self._database, self.index, self.kept, self._engine_name)

    @cached_property
    def _additions(self) -> "Additions":
        from index.importing.additions import Additions

        return Additions(self._database, self.dumps.place)

    @cached_property
    def _exports(self) -> "Exports":
        from index.exporting import Exports

        return Exports(self._database, self._papers)

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
        stop: Stop | None = None,
        local: bool = False,
    ) -> Results:
        """Return the papers that match a query, sorted by relevance or another of `SORTS`.

        `typing` treats the last word as a prefix; `selected` holds the keys that `is:selected`
        matches. Dismissed papers are left out, and counted in `Results.dismissed`, unless the query
        asks for them or for an identifier; `is:later` is sorted in the order of the queue rather
        than by relevance. With `wait`, the index is first synced, and built if missing. Without it,
        the index is used as it is, or SQLite if there is none (`Results.index` reports which), and
        names and topics are looked up in the columns last counted. If `stop` is set before the end,
        papers may be missing, and the result is not `exact`. `local` results are of the library's
        papers, even if there is a corpus.

        Raises CarrelError for an unknown sort, but never because of the query's text.
        """
        return self._searcher.search(
            text,
            limit=limit,
            offset=offset,
            sort=sort,
            typing=typing,
            selected=selected,
            wait=wait,
            stop=stop,
            local=local,
        )

    def page(self, results: Results, start: int = 0, stop: int | None = None) -> list[Paper]:
        """Return the papers in rows `start` to `stop` of a result, without deleted papers."""
        return self._papers.rows(results.paper_keys(start, stop))

    def facets(
        self,
        results: Results | str = "",
        *,
        most: int | None = MAX_VALUES,
        wait: bool = True,
    ) -> tuple[Facet, ...]:
        """Return the facets of a result, or of a query's result, with their counts.

        `most` limits the values of each facet; None returns all. Without `wait`, facets come from
        the columns last counted, and facets never counted are left out.
        """
        if isinstance(results, str):
            results = self.search(results, limit=0)
        if results.index == "corpus" and self.corpus and results.rows.ask:
            return self.corpus.facets(results.rows.ask, results.dismissed, most or MAX_VALUES)
        return self._facets.count(
            results.unordered_keys(), most=most, wait=wait, dismissed=results.dismissed
        )

    def hides_other_papers(self, results: Results) -> bool:
        """Return whether papers were dismissed or restored since a result was found."""
        return results.hidden != self._searcher.dismissed_version()

    def related(
        self, ids: Iterable[str], *, limit: int = 20, unmarked: bool = False
    ) -> tuple[RelatedPaper, ...]:
        """Return the papers most similar to the given ones, and the terms they share.

        The given papers are left out, as are dismissed ones, those without a distinctive term in
        common and, with `unmarked`, papers that are read or marked. `index.search.related`
        describes the ranking.

        Raises UnknownPaper, which names every unknown id.
        """
        return self._searcher.related(self.keys(ids), limit=limit, unmarked=unmarked)

    def warm_up(self) -> None:
        """Load everything that the first search needs, so that the first keystroke is fast."""
        self._searcher.warm_up()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Delete the search index and all counts, then rebuild the index."""
        self.index.rebuild(progress)
        self.catalogue.clear()

    # -- papers ------------------------------------------------------------------------------------

    def papers(self, ids: Iterable[str]) -> list[Paper]:
        """Return the papers with these ids (or arXiv ids, or DOIs), in the order given.

        Raises UnknownPaper, which names every unknown id.
        """
        return self._papers.rows(self.keys(ids))

    def keys(self, ids: Iterable[str]) -> list[PaperKey]:
        """Return the keys of papers; raises UnknownPaper, which names every unknown id."""
        return self._papers.keys(ids)

    def ids(self, keys: Iterable[PaperKey]) -> list[str]:
        """Return the ids of the papers with these keys, in order, without deleted papers."""
        wanted = list(keys)
        found = self._papers.ids_of(wanted)
        return [found[key] for key in wanted if key in found]

    @property
    def identity(self) -> str:
        """The random id of the library, which a copy of it shares."""
        return self._database.meta("library")

    @property
    def read_only(self) -> bool:
        """Whether the library can only be read: it cannot be written, or is a backup."""
        return self._database.read_only

    def count(self) -> int:
        """Return the number of papers."""
        return self._papers.count()

    def searched(self, results: Results) -> int:
        """Return the number of papers that a result was found among: of the library or corpus."""
        if results.index == "corpus" and self.corpus:
            return max(results.total, self.corpus.size())
        return self.count()

    def sources(self) -> "list[Source]":
        """Return all sources, newest first."""
        return self._papers.sources()

    def stats(self) -> dict[str, int | str]:
        """Return the number of papers by metadata and by mark, and the library's folder."""
        from index.search.statistics import count_library

        return {**count_library(self._database), "library": str(self.folder)}

    def statistics(self, results: Results, *, wait: bool = True) -> "Statistics":
        """Return the papers of a result by year, source, venue, tag and topic, and reading by week.

        Without `wait`, columns are used as last counted, as in `facets`.
        """
        from index.search.statistics import count_statistics, marked_papers

        facets = self.facets(results, wait=wait)
        if results.index == "corpus" and self.corpus and results.rows.ask:
            marked = self.corpus.among(results.rows.ask, marked_papers(self._database))
            found = count_statistics(self._database, marked, facets, lambda _: None)
            return replace(found, papers=results.total)
        keys = results.all_keys()
        return count_statistics(self._database, keys, facets, self._facets.column)

    # -- adding and removing papers ----------------------------------------------------------------

    def add(self, papers: Iterable[Paper], source: str) -> "list[Outcome]":
        """Add the papers of a source in order; return the outcome of each."""
        from index.papers.entries import ParsedPaper
        from index.store import Source

        entries = [ParsedPaper(paper, position, 0) for position, paper in enumerate(papers, 1)]
        placements = self._additions.add(entries, Source(source, "", "", "", ""))
        return [placement.outcome for placement in placements]

    def import_paths(self, given: Iterable[str | Path]) -> "ImportReport":
        """Import files and folders, detecting their formats."""
        from index.importing.service import ImportRequest

        return self.import_files(ImportRequest(tuple(str(path) for path in given)))

    def import_files(
        self,
        request: "ImportRequest",
        *,
        dry_run: bool = False,
        step: "Callable[[ImportProgress], None] | None" = None,
    ) -> "ImportReport":
        """Import files and folders; with `dry_run`, report what would change and change nothing.

        Raises CarrelError for a folder without files. An exception raised by `step` stops the
        import.
        """
        return self._additions.import_files(request, dry_run, step)

    def fetch(
        self,
        wanted: "Wanted",
        services: "Services | None" = None,
        *,
        dry_run: bool = False,
        step: "Callable[[FetchProgress], None] | None" = None,
    ) -> "ImportReport":
        """Fetch papers from the network; with `dry_run`, report what would change, change nothing.

        `services` replaces the public services. A request that fails is reported as a skipped
        entry on line 0. An exception raised by `step` stops the fetch. Raises CarrelError if
        there is nothing to request.
        """
        from index.fetch import PUBLIC
        from index.fetch.fetching import FetchRun

        with self._additions.target(dry_run) as target:
            return FetchRun(services or PUBLIC, target, step).run(wanted)

    def add_starter_shelf(self) -> bool:
        """Add the bundled papers, if the library is empty and they were never added before."""
        if self.read_only or self.count():
            return False
        return self._additions.add_starter_shelf()

    def remove_source(self, name: str) -> tuple[int, int]:
        """Remove a source; return the numbers of its papers deleted and retained.

        Papers that another source holds or that have a mark are retained. Raises UnknownSource.
        """
        return self._additions.remove_source(name)

    # -- marks -------------------------------------------------------------------------------------

    def apply(self, change: Change) -> ChangeResult:
        """Change the marks of papers and journal the change, in one transaction.

        Raises UnknownPaper for unknown ids.
        """
        return self.marks.apply(change)

    def triage(self, results: Results) -> "Triage":
        """Return the triage of the papers that fully match a query, resumed if there is one."""
        from index.triage import Triage

        return Triage(self._database, self.apply, self.likely, results)

    def undo(self) -> "JournalEntry | None":
        """Undo the latest change of marks; return it, or None if there is none."""
        return self.marks.undo()

    def redo(self) -> "JournalEntry | None":
        """Redo the most recently undone change; return it, or None if there is none."""
        return self.marks.redo()

    # -- export ------------------------------------------------------------------------------------

    def export(
        self, ids: Iterable[str], format: str, style: "Style | None" = None
    ) -> Iterator[str]:
        """Yield the text of an export in one of `formats.WRITERS`, in chunks.

        A template in `style` replaces the format. Raises UnknownPaper before the first chunk, and
        CarrelError for an unknown format.
        """
        return self._exports.export(self.keys(ids), format, style)

    def export_file(
        self,
        ids: Iterable[str],
        path: Path | str,
        format: str,
        style: "Style | None" = None,
        *,
        overwrite: bool = False,
    ) -> None:
        """Write an export file atomically; raises ExportFailed."""
        from index.files import write_file

        write_file(Path(path), self.export(ids, format, style), overwrite=overwrite)
