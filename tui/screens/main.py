"""The main screen: its widgets, and the state they share.

State is passed down to the widgets; widgets and controllers send messages up. The handlers of keys
are in `tui.commands`; background work, with its own state, is in `tui.controllers`. What a search
finds is shown by `tui.screens.presenter`, and what is reported by `tui.screens.footer`.
"""

from textual import events, on
from textual.app import ComposeResult
from textual.reactive import var
from textual.widgets import Input

from index import Library, Paper
from index.papers.paper import PaperKey
from index.query import toggle_value
from index.search.results import Results
from tui.commands import BY_NAME, COMMANDS
from tui.commands.bindings import bindings
from tui.commands.exporting import browse_link
from tui.commands.hints import KeyHints
from tui.commands.library import import_pasted, show_import
from tui.commands.related import list_related
from tui.commands.saved_searches import show_counts
from tui.config.configuration import Config
from tui.config.state import state_file
from tui.controllers.enrichment import EnrichmentController
from tui.controllers.host import MarksChanged, PapersChanged, start
from tui.controllers.jobs import Jobs
from tui.controllers.kept_files import KeptFilesController
from tui.controllers.library_jobs import LibraryJobs
from tui.controllers.marks import MarksController
from tui.controllers.new_papers import NewPapersController
from tui.controllers.range_selection import RangeSelection
from tui.controllers.reading import ReadingController
from tui.controllers.saved_searches import SavedSearchesController
from tui.controllers.visited_papers import VisitedPapers
from tui.platform.textual_private import QuietScreen
from tui.screens.desk import Desk
from tui.screens.footer import Footer
from tui.screens.presenter import ResultPresenter
from tui.screens.session import Session
from tui.widgets.chips import ValueClicked
from tui.widgets.filter_list import FilterList
from tui.widgets.filter_strip import FilterStrip
from tui.widgets.line_list import LineList
from tui.widgets.panes import Panes
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView
from tui.widgets.search_header import SearchHeader


class MainScreen(QuietScreen[None]):
    """Search bar, filters, papers, paper, footer.

    Commands use its parts: the controllers, the `presenter` of results, the `desk`, which arranges
    the panes, and the widgets.
    """

    BINDINGS = bindings(COMMANDS)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (110, "-wide")]
    AUTO_FOCUS = "#list"

    query_text: var[str] = var("", init=False)
    sort: var[str] = var("relevance", init=False)
    selection: var[frozenset[PaperKey]] = var(frozenset(), init=False)
    results: var[Results | None] = var(None, init=False)
    count: var[int] = var(0, init=False)

    def __init__(
        self, library: Library, config: Config, query: str = "", *, fresh: bool = False
    ) -> None:
        """Open a library with a query, else as it was left, unless `fresh`."""
        super().__init__()
        self.library = library
        self.config = config
        self.session = Session(library, state_file(), query, fresh=fresh)
        self.set_reactive(MainScreen.query_text, self.session.query)
        self.set_reactive(MainScreen.sort, self.session.sort or config.sort)
        self.set_reactive(MainScreen.selection, frozenset(self.session.selection))
        self.pressed = ""  # the key being handled, for commands with several keys
        self.keys = KeyHints(config.keys)
        host = self.footer = Footer(self.keys)
        self.jobs = Jobs(host)
        self.library_jobs = LibraryJobs(host, library, self.jobs)
        self.enrichment = EnrichmentController(host, library, self.jobs)
        self.marks = MarksController(host, library)
        self.new_papers = NewPapersController(host, library)
        self.visited = VisitedPapers(self.session.visited)
        self.range = RangeSelection()
        self.reading = ReadingController(
            host, library, self.visited, self.marks.lock, config.read_after, self._shows_paper
        )
        self.kept_files = KeptFilesController(host, library, config)
        self.presenter = ResultPresenter(self, library)
        self.saved = SavedSearchesController(host, library, self.presenter.settled)

    def compose(self) -> ComposeResult:
        """Compose header, panes and status line."""
        config, keys = self.config, self.keys
        self.header = SearchHeader(
            self.query_text, self.library.completions.complete, lambda: self.saved.history
        ).data_bind(MainScreen.results)
        self.bar = self.header.bar
        self.header.info.data_bind(MainScreen.results, papers=MainScreen.count)
        clear = keys.hint("clear_filters", "clear")
        self.strip = FilterStrip(clear, keys.key("filters"))
        self.strip.data_bind(MainScreen.results)
        self.facets = FilterList(id="facets")
        self.papers = PaperList(self.presenter.read_page, config.columns, dot=config.dot, id="list")
        self.papers.data_bind(MainScreen.selection)
        self.papers.wanted = self.session.paper
        if self.library.corpus is None:  # of which papers are added as they are listed
            self.papers.mark_new(self.library.visits.last_seen)
        self.view = PaperView(id="view")
        self.view.keys = {name: keys.key(name) for name in ("browse", "related")}
        self.panes = Panes(self.facets, self.papers, self.view, id="panes", clear_hint=clear)
        self.panes.data_bind(MainScreen.results)
        self.desk = Desk(self.panes, self.session.desk, config.theme)
        self.footer.data_bind(MainScreen.selection)
        yield from (self.header, self.strip, self.panes, self.footer)

    async def on_mount(self) -> None:
        """Show the papers in the first frame, then do everything that they do not need."""
        self.desk.restore(self.app)
        await self.marks.watch()  # before papers are read, so that no change is missed
        self.papers_changed()
        await self.presenter.first_shown()
        start(self.footer, self._complete_start, "start")

    async def _complete_start(self) -> None:
        """Update the index and look for what is new, once the first papers have been counted."""
        await self.presenter.counted()
        self.library_jobs.update()
        self.new_papers.report()
        self.saved.read_history()
        self.session.watch(self)

    def on_unmount(self) -> None:
        """Cancel running jobs, add the last query to the history, and save the session."""
        self.session.save(self)
        self.new_papers.end_visit()
        self.jobs.close()
        self.presenter.close()
        self.saved.close(self.query_text)

    # -- focus -------------------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        """Fold the panes without focus; add the query to the history when a pane gets the focus."""
        self.panes.unfold(self.focused)
        self.show_hints()
        if self.panes.name_of(self.focused):
            self.saved.remember(self.query_text)

    def show_hints(self) -> None:
        """Show the keys of what has the focus, or of a range that is being selected."""
        pane = self.panes.name_of(self.focused)
        self.footer.show_keys(pane, in_range=self.range.active)

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

    @property
    def current(self) -> Paper | None:
        """The paper under the cursor."""
        return self.papers.current

    async def action_command(self, name: str) -> None:
        """Run a command by its name."""
        if (running := BY_NAME[name].run(self)) is not None:
            await running

    def _shows_paper(self) -> bool:
        """Return whether the current paper is visible."""
        return self.app.screen is self and self.panes.shows_paper

    # -- the query ---------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        self.query_text = self.bar.value  # newer than the value in the message

    def watch_query_text(self, text: str) -> None:
        """Search for the query, and show it in the bar."""
        if self.bar.value != text:
            self.bar.rewrite(text)
        self.presenter.search()

    def watch_sort(self) -> None:
        """Search again in the new order."""
        self.presenter.search()

    def watch_selection(self) -> None:
        """Search again if the query depends on the selection."""
        if self.presenter.depends_on_selection():
            self.presenter.search()

    @on(ValueClicked)
    def _value_clicked(self, clicked: ValueClicked) -> None:
        query, exclude = self.query_text, clicked.excluded
        self.query_text = toggle_value(query, clicked.field, clicked.value, exclude=exclude)

    # -- messages of widgets -----------------------------------------------------------------------

    @on(LineList.Moved, "#list")
    def _moved(self) -> None:
        self.footer.moved()
        if self.range.active:
            self.selection = self.range.extend(self.papers.cursor)
        self.presenter.show_paper()

    @on(PaperList.Wanted)
    def _pages_wanted(self, wanted: PaperList.Wanted) -> None:
        self.presenter.load_pages(wanted)

    @on(LineList.Chosen)
    async def _chosen(self) -> None:
        await self.action_command("open")

    @on(Panes.Arranged)
    def _arranged(self, arranged: Panes.Arranged) -> None:
        self.strip.is_shown = self.header.over_strip = arranged.arrangement.layout == "split"

    @on(PaperView.LinkClicked)
    def _link_clicked(self, clicked: PaperView.LinkClicked) -> None:
        browse_link(self, clicked.url)

    @on(PaperView.RelatedClicked)
    def _related_clicked(self, clicked: PaperView.RelatedClicked) -> None:
        list_related(self, clicked.paper, to=clicked.key)

    def on_paste(self, event: events.Paste) -> None:
        """Import pasted paths; terminals also paste the paths of dropped files."""
        event.stop()
        import_pasted(self, event.text)

    # -- messages of controllers -------------------------------------------------------------------

    @on(MarksChanged)
    def _marks_changed(self) -> None:
        self.kept_files.changed()
        self.saved.count()
        self.presenter.marks_changed()
        self.marks.shown()

    @on(PapersChanged)
    def papers_changed(self) -> None:
        """Show the papers after some were added or deleted."""
        self.kept_files.changed()
        self.presenter.papers_changed()

    @on(LibraryJobs.CatalogueUpdated)
    def _catalogue_updated(self) -> None:
        self.presenter.values_changed()

    @on(LibraryJobs.Imported)
    def _imported(self, imported: LibraryJobs.Imported) -> None:
        show_import(self, imported.report, undoable=imported.undoable)

    @on(SavedSearchesController.SearchesCounted)
    def _saved_counted(self, counted: SavedSearchesController.SearchesCounted) -> None:
        show_counts(self, counted.counts)
