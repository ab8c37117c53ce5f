"""The main screen: its widgets, and the state they share.

State is passed down to the widgets; widgets and controllers send messages up. The handlers of keys
are in `tui.commands`; background work, with its own state, is in `tui.controllers`. What a search
finds is shown by `tui.screens.presenter`.
"""

import asyncio
from contextlib import suppress
from functools import partial

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import var
from textual.widgets import Input
from textual.worker import Worker

from index import Library, Paper
from index.papers.paper import PaperKey
from index.query import toggle_value
from index.search.results import Results
from index.text.cleaning import format_count
from tui.commands import BY_NAME, COMMANDS
from tui.commands.exporting import browse_link
from tui.commands.hints import BAR_HINTS, KeyHints
from tui.commands.library import show_import
from tui.commands.related import list_related
from tui.commands.saved_searches import show_counts
from tui.config.configuration import Config
from tui.config.state import state_file
from tui.controllers.enrichment import EnrichmentController
from tui.controllers.host import MarksChanged, Notice, PapersChanged, Work, start, worker_error
from tui.controllers.jobs import Jobs
from tui.controllers.kept_files import KeptFilesController
from tui.controllers.library_jobs import LibraryJobs
from tui.controllers.marks import MarksController
from tui.controllers.range_selection import RangeSelection
from tui.controllers.reading import ReadingController
from tui.controllers.saved_searches import SavedSearchesController
from tui.controllers.visited_papers import VisitedPapers
from tui.platform.dropped import parse_paths
from tui.platform.textual_private import QuietScreen
from tui.screens.desk import Desk
from tui.screens.presenter import ResultPresenter
from tui.screens.session import Session
from tui.widgets.chips import ValueClicked
from tui.widgets.filter_list import FilterList
from tui.widgets.filter_strip import FilterStrip
from tui.widgets.line_list import LineList
from tui.widgets.panes import Pane, Panes
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView
from tui.widgets.search_bar import SearchBar
from tui.widgets.search_header import SearchHeader
from tui.widgets.status_line import StatusLine
from tui.wording import describe_error

NEW_PAPERS = "is:new"


class MainScreen(QuietScreen[None]):
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
        self.jobs = Jobs(self)
        self.library_jobs = LibraryJobs(self, library, self.jobs)
        self.enrichment = EnrichmentController(self, library, self.jobs, config.services)
        self.marks = MarksController(self, library)
        self.visited = VisitedPapers(self.session.visited)
        self.range = RangeSelection()
        self.reading = ReadingController(
            self, library, self.visited, self.marks.lock, config.read_after, self._shows_paper
        )
        self.kept_files = KeptFilesController(self, library, config.style)
        self.presenter = ResultPresenter(self, library)
        self.saved = SavedSearchesController(self, library, self.presenter.settled)

    def compose(self) -> ComposeResult:
        """Compose header, panes and status line."""
        config, keys = self.config, self.keys
        self.header = SearchHeader(
            self.query_text, self.library.completions.complete, lambda: self.saved.history
        ).data_bind(MainScreen.results)
        self.header.info.data_bind(MainScreen.results, papers=MainScreen.count)
        self.strip = FilterStrip(keys.hint("clear_filters", "clear"), keys.key("filters"))
        self.strip.data_bind(MainScreen.results)
        self.facets = FilterList(id="facets")
        self.papers = PaperList(self.presenter.read_page, config.columns, dot=config.dot, id="list")
        self.papers.data_bind(MainScreen.selection)
        self.papers.wanted = self.session.paper
        self.papers.mark_new(self.library.visits.last_seen)
        self.view = PaperView(id="view")
        self.view.keys = {name: keys.key(name) for name in ("browse", "related")}
        clear = keys.hint("clear_filters", "clear")
        self.panes = Panes(self.facets, self.papers, self.view, id="panes", clear_hint=clear)
        self.panes.data_bind(MainScreen.results)
        self.desk = Desk(self.panes, self.session.desk, config.theme)
        self.status = StatusLine(id="status")
        self.status.data_bind(MainScreen.selection)
        yield from (self.header, self.strip, self.panes, self.status)

    def on_mount(self) -> None:
        """Show the papers, then update the index in the background."""
        self.status.always = self.keys.always()
        self.desk.restore(self.app)
        self.saved.read_history()
        self.marks.watch()
        self.papers_changed()
        self.start(self._count_new, "new papers")
        self.library_jobs.update()

    async def _count_new(self) -> None:
        """Report how many papers were added since the last visit."""
        count_new = partial(self.library.search, NEW_PAPERS, limit=0, wait=False)
        new = (await asyncio.to_thread(count_new)).total
        if new and not self.status.message:
            count = format_count(new, "new paper")
            self.say(f"{count} since the last visit", f"show: {self.keys.key('search')} is:new")

    def on_unmount(self) -> None:
        """Cancel running jobs, add the last query to the history, and save the session."""
        self.session.save(self)
        with suppress(Exception):  # there is no screen left to show an error
            self.library.visits.end()
        self.jobs.close()
        self.presenter.close()
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
        self.show_hints()
        if self.panes.name_of(self.focused):
            self.saved.remember(self.query_text)

    def show_hints(self) -> None:
        """Show the keys of what has the focus, or of a range that is being selected."""
        name = self.panes.name_of(self.focused)
        keys = self.keys.of_pane(name) if name else BAR_HINTS
        self.status.keys = [*self.keys.of_pane("range"), *keys] if self.range.active else keys

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

    def start(self, work: Work, group: str) -> None:
        """Run work in the background; its errors are shown on the status line."""
        start(self, work, group)

    def say(self, message: str, hint: str = "", command: str = "") -> None:
        """Show a message on the status line, with a hint for the next step and its command."""
        self.status.say(message, hint, command)

    def show_error(self, error: BaseException) -> None:
        """Show an error on the status line."""
        self.say(describe_error(error))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show an error of work in the background."""
        if error := worker_error(event):
            self.show_error(error)
            self.app.bell()

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
        self.status.moved()
        if self.range.active:
            self.selection = self.range.extend(self.papers.cursor)
        self.presenter.show_paper()

    @on(LineList.Chosen)
    async def _chosen(self) -> None:
        await self.action_command("open")

    @on(Panes.Arranged)
    def _arranged(self, arranged: Panes.Arranged) -> None:
        self.strip.is_shown = arranged.arrangement.layout == "split"

    @on(PaperView.LinkClicked)
    def _link_clicked(self, clicked: PaperView.LinkClicked) -> None:
        browse_link(self, clicked.url)

    @on(PaperView.RelatedClicked)
    def _related_clicked(self, clicked: PaperView.RelatedClicked) -> None:
        list_related(self, clicked.paper, to=clicked.key)

    def on_paste(self, event: events.Paste) -> None:
        """Import pasted paths; terminals also paste the paths of dropped files."""
        event.stop()
        if paths := parse_paths(event.text):
            self.library_jobs.import_files(*paths)
        else:
            self.say("the pasted text is not a file", self.keys.hint("search", "search"))

    # -- messages of controllers -------------------------------------------------------------------

    @on(Notice)
    def _noticed(self, notice: Notice) -> None:
        if not notice.replaces or notice.replaces == self.status.message:
            hint = self.keys.hint(notice.command, notice.label) if notice.command else ""
            self.say(notice.text, hint, notice.command)

    @on(Jobs.Progress)
    def _progressed(self, progress: Jobs.Progress) -> None:
        self.status.progress, self.status.minor = progress.text, progress.minor

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
