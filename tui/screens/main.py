"""The main screen: its widgets, and the state they share.

State is passed down to the widgets; widgets and controllers send messages up. The handlers of keys
are in `tui.commands`; background work, with its own state, is in `tui.controllers`.
"""

import asyncio

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from index import Library, Paper
from index.errors import CarrelError
from index.facets.fields import COUNTED_FIELDS
from index.papers.paper import PaperKey
from index.query import State, asks_for_marks, every_leaf, toggle_value
from index.search.results import Results
from tui.commands import BY_NAME, COMMANDS, display_keys
from tui.commands.enriching import show_candidates
from tui.commands.exporting import browse_link
from tui.commands.saved_searches import saved_keys
from tui.config.configuration import Config
from tui.config.state import state_file
from tui.controllers.enrichment import EnrichmentController
from tui.controllers.host import MarksChanged, Notice, PapersChanged, Work, log_job, start
from tui.controllers.jobs import Jobs
from tui.controllers.kept_files import KeptFilesController
from tui.controllers.library_jobs import LibraryJobs
from tui.controllers.marks import MarksController
from tui.controllers.result_stack import QUERY_HEADING, ResultView
from tui.controllers.saved_searches import SavedSearchesController
from tui.controllers.search import SearchController
from tui.platform.dropped import parse_paths
from tui.screens.desk import Desk
from tui.screens.status_texts import BAR_HINTS, empty_texts, page_date, without_authors
from tui.widgets.filter_list import FilterList, saved_row
from tui.widgets.filter_strip import FilterStrip
from tui.widgets.line_list import LineList
from tui.widgets.panes import Pane, Panes
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView
from tui.widgets.query_notes import ResultInfo
from tui.widgets.search_bar import SearchBar
from tui.widgets.search_header import SearchHeader
from tui.widgets.status_line import StatusLine
from tui.wording import describe_error


class MainScreen(Screen[None]):
    """Search bar, filters, papers, paper, footer."""

    BINDINGS = [
        Binding(
            ",".join(command.keys) or f"no-key-for-{command.name}",  # the keymap may give it one
            f"command('{command.name}')",
            command.help,
            show=False,
            id=command.name,
        )
        for command in COMMANDS
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (110, "-wide")]
    AUTO_FOCUS = "#list"

    query_text: var[str] = var("", init=False)
    sort: var[str] = var("relevance", init=False)
    selection: var[frozenset[PaperKey]] = var(frozenset(), init=False)
    results: var[Results | None] = var(None, init=False)
    count: var[int] = var(0, init=False)

    def __init__(self, library: Library, config: Config, query: str = "") -> None:
        super().__init__()
        self.library = library
        self.config = config
        self.set_reactive(MainScreen.query_text, query)
        self.set_reactive(MainScreen.sort, config.sort)
        self.pressed = ""  # the key being handled, for commands with several keys
        self.jobs = Jobs(self)
        self.library_jobs = LibraryJobs(self, library, self.jobs)
        self.enrichment = EnrichmentController(self, library, self.jobs, self.library_jobs)
        self.searches = SearchController(self, library)
        self.marks = MarksController(self, library)
        self.kept_files = KeptFilesController(self, library, config.style)
        self.saved = SavedSearchesController(self, library, self.searches.settled)

    def compose(self) -> ComposeResult:
        """Compose header, panes and status line."""
        self.header = SearchHeader(self.query_text, self.library.completions.complete)
        self.header.info.data_bind(MainScreen.results, papers=MainScreen.count)
        self.facets = FilterList(id="facets")
        config = self.config
        self.papers = PaperList(self.read_page, config.columns, dot=config.dot, id="list")
        self.papers.data_bind(MainScreen.selection)
        self.view = PaperView(id="view")
        self.view.keys = {name: self.key(name) for name in ("browse", "related")}
        self.panes = Panes(self.facets, self.papers, self.view, id="panes")
        self.desk = Desk(self.panes, state_file(), config.theme)
        self.strip = FilterStrip(
            self.hint("clear_filters", "clear"), self.key("filters"), id="strip"
        )
        self.strip.data_bind(MainScreen.results)
        self.status = StatusLine(id="status")
        self.status.data_bind(MainScreen.selection)
        yield from (self.header, self.strip, self.panes, self.status)

    def on_mount(self) -> None:
        """Show the papers, then update the index in the background."""
        self.status.always = self._hints(("palette", "commands"), ("help", "help"))
        self.desk.restore(self.app)
        self.saved.read_history()
        self.marks.watch()
        self.papers_changed()
        self.library_jobs.update()

    def on_unmount(self) -> None:
        """Cancel running jobs, add the last query to the history, and save the layout."""
        self.desk.save(self.app)
        self.jobs.close()
        self.searches.close()
        self.saved.close(self.query_text)

    # -- focus -------------------------------------------------------------------------------------

    @property
    def bar(self) -> SearchBar:
        """The search bar."""
        return self.header.bar

    @property
    def pane(self) -> Pane:
        """The pane that navigation keys apply to."""
        return self.panes.focused

    def on_descendant_focus(self) -> None:
        """Fold the panes without focus; add the query to the history when a pane gets the focus."""
        self.panes.unfold(self.focused)
        self.status.keys = self._footer()
        if isinstance(self.focused, Pane):
            self.saved.remember(self.query_text)

    async def action_leave_search(self) -> None:
        """Move the focus from the search bar to the papers, after all typed letters."""
        await self.bar.typed()
        self.query_text = self.bar.value
        self.panes.go(self.panes.home)

    async def action_take_offer(self) -> None:
        """Accept the suggestion for the query; without one, go to the papers."""
        await self.bar.typed()
        if not self.header.take_offer():
            await self.action_leave_search()

    # -- for commands ------------------------------------------------------------------------------

    async def action_command(self, name: str) -> None:
        """Run a command by its name."""
        if (running := BY_NAME[name].run(self)) is not None:
            await running

    def start(self, work: Work, group: str) -> None:
        """Run work in the background; its errors are shown on the status line."""
        start(self, work, group)

    def say(self, message: str, hint: str = "") -> None:
        """Show a message on the status line, with a hint for the next step."""
        self.status.say(message, hint)

    def hint(self, command: str, label: str, *more_keys: str) -> str:
        """Return a label and the key of a command, as in "undo: u"; "" if it has no key.

        `more_keys` are pressed after the key.
        """
        key = self.key(command)
        return f"{label}: {' '.join([key, *more_keys])}" if key else ""

    def key(self, command: str) -> str:
        """Return the first key of a command, or ""."""
        return next(iter(display_keys(self.config.keys[command])), "")

    def _hints(self, *commands: tuple[str, str]) -> list[tuple[str, str, str]]:
        """Return the keys, labels and names of commands that have a key, for the footer."""
        hints = [(self.key(name), label, name) for name, label in commands]
        return [hint for hint in hints if hint[0]]

    def _footer(self) -> list[tuple[str, str, str]]:
        """Return the hints for what has the focus."""
        if not isinstance(self.focused, Pane):
            return BAR_HINTS
        pane = next(name for name, of in self.panes.named.items() if of is self.focused)
        shown = [(c.name, c.label) for c in COMMANDS if c.label and pane in c.panes]
        return self._hints(*shown)

    def show_error(self, error: BaseException) -> None:
        """Show an error on the status line."""
        self.say(describe_error(error))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show an error of work in the background."""
        log_job(event)
        if event.state is WorkerState.ERROR and event.worker.error:
            self.show_error(event.worker.error)
            self.app.bell()

    # -- papers ------------------------------------------------------------------------------------

    @property
    def current(self) -> Paper | None:
        """The paper under the cursor."""
        return self.papers.current

    def read_page(self, results: Results, start: int, stop: int) -> list[Paper]:
        """Return papers of a result; show an error, since painting must not raise one."""
        try:
            return self.library.page(results, start, stop)
        except Exception as error:
            self.show_error(error)
            return []

    # -- searching ---------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        self.query_text = self.bar.value  # newer than the value in the message

    def watch_query_text(self, text: str) -> None:
        """Search for the query, and show it in the bar."""
        if self.bar.value != text:
            self.bar.rewrite(text)
        self.search()

    def watch_sort(self) -> None:
        """Search again in the new order."""
        self.search()

    def watch_selection(self) -> None:
        """Search again if the query depends on the selection."""
        if self.results and State("is", "selected") in every_leaf(self.results.query.tree):
            self.search()

    def search(self) -> None:
        """Search for the current query."""
        self.searches.search(self.query_text, self.sort, self.selection)

    async def settled(self) -> None:
        """Wait until the results of the query are shown."""
        view = await self.searches.settled()
        if view:
            self._show(view)

    def _show(self, view: ResultView) -> None:
        """Show a view, unless it is visible or has been replaced."""
        results = view.results
        if results is self.results or view is not self.searches.stack.top:
            return
        self.results, self.count = results, self.searches.count
        self.papers.empty_text, self.view.empty_text = empty_texts(results, self.count, self.hint)
        self.papers.show(results, view.shared_terms, view.row)
        self.panes.set_heading(view.heading)
        self.header.show(results)
        if view.heading != QUERY_HEADING:
            self.panes.go(self.panes.home)
        self.panes.set_position(self.papers.cursor, self.papers.row_count)
        self._show_paper()
        self.call_after_refresh(lambda: self.searches.describe(results))

    def _show_paper(self) -> None:
        """Show the paper under the cursor, once the list has been painted."""
        self.call_after_refresh(lambda: self.view.show(self.current, self.papers.highlighter))
        self.searches.find_related(self.current)

    # -- messages of widgets -----------------------------------------------------------------------

    @on(LineList.Moved, "#list")
    def _moved(self) -> None:
        self.status.moved()
        self.panes.set_position(self.papers.cursor, self.papers.row_count)
        self._show_paper()

    @on(Panes.Arranged)
    def _arranged(self, arranged: Panes.Arranged) -> None:
        self.strip.shows_values = arranged.arrangement.layout == "split"
        self.panes.set_position(self.papers.cursor, self.papers.row_count)

    @on(FilterStrip.ValueClicked)
    async def _strip_clicked(self, clicked: FilterStrip.ValueClicked) -> None:
        if not clicked.field:
            await self.action_command("clear_filters")
        elif clicked.value:
            query, field, value = self.query_text, clicked.field, clicked.value
            self.query_text = toggle_value(query, field, value, exclude=clicked.excluded)

    @on(ResultInfo.SortClicked)
    async def _order_clicked(self) -> None:
        await self.action_command("sort")

    @on(PaperView.LinkClicked)
    def _link_clicked(self, clicked: PaperView.LinkClicked) -> None:
        browse_link(self, clicked.url)

    @on(LineList.Chosen)
    async def _chosen(self) -> None:
        await self.action_command("open")

    @on(PaperView.RelatedClicked)
    def _related_chosen(self, chosen: PaperView.RelatedClicked) -> None:
        paper, row = chosen.paper, self.papers.cursor
        heading = f"Related to {paper.title}"
        self.searches.list_related([paper.key], heading, row, to=chosen.key)

    def on_paste(self, event: events.Paste) -> None:
        """Import pasted paths; terminals also paste the paths of dropped files."""
        event.stop()
        if paths := parse_paths(event.text):
            self.library_jobs.import_files(*paths)
        else:
            self.say("the pasted text is not a file", self.hint("search", "search"))

    # -- messages of controllers -------------------------------------------------------------------

    @on(Notice)
    def _noticed(self, notice: Notice) -> None:
        self.say(notice.text, self.hint(notice.command, notice.label) if notice.command else "")

    @on(Jobs.Progress)
    def _progressed(self, progress: Jobs.Progress) -> None:
        self.status.progress = progress.text

    @on(SearchController.Found)
    def _found(self, found: SearchController.Found) -> None:
        self._show(found.view)

    @on(SearchController.FacetsCounted)
    def _facets_counted(self, counted: SearchController.FacetsCounted) -> None:
        if counted.results is self.results:
            self.facets.show(counted.facets, counted.results.query.filters)
            self.strip.facets = counted.facets
            sources = next((f.counts for f in counted.facets if f.field == "source"), ())
            self.papers.set_mixed(len(sources) > 1)

    @on(SearchController.SpellingChecked)
    def _spelling_checked(self, checked: SearchController.SpellingChecked) -> None:
        if checked.results is self.results:
            self.header.add_spelling(checked.notes)

    @on(SearchController.RelatedFound)
    def _related_found(self, found: SearchController.RelatedFound) -> None:
        self.view.show_related(found.paper, found.related)

    @on(SearchController.IndexOutdated)
    def _index_outdated(self) -> None:
        self.library_jobs.update()

    @on(LibraryJobs.Imported)
    async def _imported(self, imported: LibraryJobs.Imported) -> None:
        report = imported.report
        undo = self.hint("undo", "undo its marks") if imported.undoable else ""
        missing = without_authors(report)
        complete = self.hint(
            "select_all", "complete them", *display_keys(self.config.keys["enrich"])
        )
        self.say(f"{report.summary()}{missing}", undo or (complete if missing else ""))
        # Over a dialog, the report would take the keys of someone who is typing.
        if (report.total("skipped") or len(report.files) > 1) and self.app.screen is self:
            await self.action_command("import_report")

    @on(EnrichmentController.Enriched)
    async def _enriched(self, enriched: EnrichmentController.Enriched) -> None:
        report = enriched.report
        problems = f" ({report.problems[0]})" if report.problems else ""
        undo = self.hint("undo", "undo") if report.completed else ""
        self.say(f"{report.summary()}{problems}", undo)
        if enriched.unsure and self.app.screen is self:
            await show_candidates(self, enriched.unsure)

    @on(LibraryJobs.CatalogueUpdated)
    def _count_facets(self) -> None:
        """Count the facets again; search again if the query filters by a counted value."""
        if self.results and any(
            term.field in COUNTED_FIELDS for term in self.results.query.filters
        ):
            self.search()
        elif self.results:
            self.searches.count_facets(self.results)

    @on(SavedSearchesController.HistoryRead)
    def _history_read(self, read: SavedSearchesController.HistoryRead) -> None:
        self.bar.history = read.queries

    @on(SavedSearchesController.SearchesCounted)
    def _saved_counted(self, counted: SavedSearchesController.SearchesCounted) -> None:
        keys = saved_keys(self)
        self.facets.show_saved(
            [saved_row(each, keys.get(each.search.name, "")) for each in counted.counts]
        )

    @on(SavedSearchesController.Visited)
    def _saved_visited(self, visited: SavedSearchesController.Visited) -> None:
        if self.status.message == visited.name:  # no newer message
            self.say(visited.text)

    @on(MarksChanged)
    def _marks_changed(self) -> None:
        self.kept_files.changed()
        self.papers.forget()
        self.saved.count()
        if self.results and self._depends_on_marks(self.results):
            self.search()
        elif self.results:
            self._show_paper()
            self._count_facets()

    def _depends_on_marks(self, results: Results) -> bool:
        """Return whether marks that changed may change which papers a result has."""
        if any(map(asks_for_marks, every_leaf(results.query.tree))):
            return True
        try:
            return not self.searches.stack.is_nested and self.library.hides_other_papers(results)
        except CarrelError as error:
            self.show_error(error)
            return False

    @on(PapersChanged)
    def papers_changed(self) -> None:
        """Show the papers after some were added or deleted."""
        self.kept_files.changed()
        self.start(self._papers_changed, "refresh")

    async def _papers_changed(self) -> None:
        sources = await asyncio.to_thread(self.library.sources)
        self.view.source_dates = {source.name: page_date(source.date) for source in sources}
        self.papers.forget()
        self.search()
        self.saved.count()
