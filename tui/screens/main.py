"""The main screen: it holds the query, the result, the paper and the selection.

State goes down to the panes, messages come up from them. How a reader moves is in `Moving`, how
papers are found and shown in `Finding`, and papers like them in `Relating`, how searches are kept
in `Saving`, what is done to papers in `Marking`, `Tidying` and `Taking`, how they are fetched in
`Fetching`; here are the panes, and how query and selection are changed.
"""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.command import CommandPalette
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from index.papers.paper import PaperKey
from index.query import State, every_leaf, toggled, without_filters
from index.search.orders import SORTS
from tui.commands import COMMANDS, shown
from tui.platform.signals import leave
from tui.screens.dialogs.choices import KeyMenu
from tui.screens.dialogs.texts import HelpScreen
from tui.screens.fetching import Fetching
from tui.screens.marking import Marking
from tui.screens.moving import Moving
from tui.screens.relating import Relating
from tui.screens.saving import Saving
from tui.screens.tidying import Tidying
from tui.widgets.filter_list import FilterList
from tui.widgets.line_list import LineList
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView
from tui.widgets.search_bar import QueryNotes, ResultInfo, SearchBar
from tui.widgets.status_line import StatusLine


class MainScreen(Saving, Relating, Moving, Marking, Tidying, Fetching):
    """Search bar, filters, papers, paper, status line."""

    BINDINGS = [
        Binding(
            ",".join(command.keys) or f"no-key-for-{command.name}",  # the keymap may give it one
            command.name,
            command.help,
            show=False,
            id=command.name,
        )
        for command in COMMANDS
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (120, "-wide")]
    AUTO_FOCUS = "#list"

    def compose(self) -> ComposeResult:
        """Compose the panes."""
        with Horizontal(id="top"):
            yield Static("/", id="prompt")
            yield SearchBar(self.query_text, self.library.completions.offer, id="search")
            yield ResultInfo(id="info")
        yield QueryNotes("", id="notes", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="filters", classes="pane"):
                yield Static("Filters", classes="heading")
                yield FilterList(id="facets")
            with Vertical(id="papers", classes="pane"):
                yield Static("Papers", id="papers-heading", classes="heading")
                yield PaperList(self.rows, self.config.columns, id="list")
            with Vertical(id="paper", classes="pane"):
                yield Static("Paper", classes="heading")
                yield PaperView(id="view")
        yield Static("", id="chips", markup=False)
        yield StatusLine(id="status")

    async def on_mount(self) -> None:
        """Show what there is, then bring the index up to date behind it."""
        hints = [self.hint(command.name, command.label) for command in COMMANDS if command.label]
        self.status.keys = [hint.split(" ", 1) for hint in hints if hint]
        for place in ("completion", "scroll_x"):
            self.watch(self.bar, place, self.show_notes, init=False)
        self.fetch_history()
        await self.papers_changed()
        self.catch_up()

    # -- the papers meant -----------------------------------------------------------------------

    async def meant(self) -> list[PaperKey]:
        """Return the keys of the selection, else of the paper at the cursor of what is found."""
        await self.found()
        self.remember()
        if self.selection:
            return self.selected_in_order()
        paper = self.current
        return [paper.key] if paper else []

    def selected_in_order(self) -> list[PaperKey]:
        """The keys of the selection, those on show first and in their order."""
        shown = self.results.paper_keys() if self.results and self.selection else []
        here = [key for key in shown if key in self.selection]
        return here + sorted(self.selection - set(here))

    # -- the query ---------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Go to the search bar."""
        self.set_focus(self.bar)

    def action_everything(self) -> None:
        """Show everything."""
        if not self.query_text:
            self.search()  # of which related papers may have taken the place
        self.query_text = ""

    async def action_sort(self) -> None:
        """Ask for the order of the papers."""
        keys = {name[0]: name for name in SORTS}

        def answered(key: str | None) -> None:
            if key:
                self.sort = keys[key]

        await self.ask(KeyMenu("sort by", keys, self.sort), answered)

    def action_filters(self) -> None:
        """Go to the filters, or fold them away."""
        if self.pane is self.facets:
            self.action_back()
        else:
            self.go(self.facets)

    def action_clear_filters(self) -> None:
        """Keep the words of the query alone."""
        self.query_text = without_filters(self.query_text)

    def action_exclude(self) -> None:
        """Leave out the value under the cursor of the filters."""
        if self.pane is self.facets:
            self.choose(exclude=True)

    @on(LineList.Chosen, "#facets")
    def _facet_chosen(self) -> None:
        self.choose(exclude=False)

    def choose(self, *, exclude: bool) -> None:
        """Write the value under the cursor of the filters into the query, or take it out."""
        row = self.facets.current
        if row is None:
            return
        if row.more:
            self.facets.open_up(row.field)
        elif row.field == "query" and not exclude:
            self.run_saved(row.value)
        else:
            self.query_text = toggled(self.query_text, row.field, row.value, exclude=exclude)

    # -- the selection -----------------------------------------------------------------------------

    def watch_selection(self, selection: frozenset[PaperKey]) -> None:
        """Show which papers are selected, and how many."""
        self.papers.select(selection)
        self.status.selected = len(selection)
        if self.results and State("is", "selected") in every_leaf(self.results.query.tree):
            self.search()

    async def _all_found(self) -> frozenset[PaperKey]:
        await self.found()
        return frozenset(self.results.paper_keys()) if self.results else frozenset()

    async def action_select(self) -> None:
        """Select the paper, or drop it from the selection, and step."""
        await self.found()
        self.remember()
        paper = self.current
        if paper is not None:
            self.selection ^= {paper.key}
            self.papers.move(1)

    async def action_select_all(self) -> None:
        """Select all papers of the result, or drop them where all are selected."""
        keys = await self._all_found()
        self.selection = self.selection - keys if keys <= self.selection else self.selection | keys
        self.say("")  # the count stands beside it

    async def action_invert_selection(self) -> None:
        """Select the papers of the result that are not selected, and drop those that are."""
        self.selection ^= await self._all_found()
        self.say("")  # the count stands beside it

    # -- Carrel itself -----------------------------------------------------------------------------

    async def action_palette(self) -> None:
        """Open the command palette."""
        await self.ask(CommandPalette())

    async def action_help(self) -> None:
        """Show keys and query syntax."""
        keys = {command.name: shown(self.config.keys[command.name]) for command in COMMANDS}
        await self.ask(HelpScreen(keys))

    async def action_quit(self) -> None:
        """Leave Carrel, once all marks are written."""
        await leave(self.app)
