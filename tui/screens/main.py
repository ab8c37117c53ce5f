"""The main screen: it holds the query, the result, the paper and the selection.

State goes down to the panes, messages come up from them. How a reader moves is in `Moving`, what is
done to papers in `Marking` and `Taking`; here is how they are found, filtered and selected.
"""

import asyncio
import calendar
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import var
from textual.widgets import Input, Static

from index import CarrelError, Library, Paper
from index.highlight import Highlighter
from index.library import SORTS, Results
from index.query import Label, Node, State, every_leaf, toggled, without_filters
from tui.commands import COMMANDS, shown
from tui.config import Config
from tui.screens.dialogs import HelpScreen, KeyMenu
from tui.screens.marking import Marking
from tui.screens.moving import Moving
from tui.screens.taking import Taking
from tui.widgets.filter_list import FilterList
from tui.widgets.line_list import LineList
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView
from tui.widgets.search_bar import SearchBar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

PAUSE = 0.012
"""Seconds of quiet after a key before the search: more than between pasted keys, less than typed
ones."""


class MainScreen(Moving, Marking, Taking):
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

    sort: var[str] = var("relevance", init=False)

    def __init__(self, library: Library, config: Config, query: str = "") -> None:
        super().__init__(library, config)
        self.set_reactive(MainScreen.query_text, query)
        self.set_reactive(MainScreen.sort, config.sort)
        self.results: Results | None = None
        self._count = 0

    def compose(self) -> ComposeResult:
        """Compose the panes."""
        with Horizontal(id="top"):
            yield Static("/", id="prompt")
            yield SearchBar(self.query_text, id="search")
            yield Static("", id="info", markup=False)
        yield Static("", id="notes", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="filters", classes="pane"):
                yield Static("Filters", classes="heading")
                yield FilterList(id="facets")
            with Vertical(id="papers", classes="pane"):
                yield Static("Papers", classes="heading")
                yield PaperList(self.library.rows, self.config.columns, id="list")
            with Vertical(id="paper", classes="pane"):
                yield Static("Paper", classes="heading")
                yield PaperView(id="view")
        yield Static("", id="chips", markup=False)
        with Horizontal(id="bottom"):
            yield Static(id="hints")
            yield Static("", id="message", markup=False)

    async def on_mount(self) -> None:
        """Show what there is, then bring the index up to date behind it."""
        self._show_hints()
        await self.papers_changed()
        self.catch_up()

    # -- the papers meant -----------------------------------------------------------------------

    @property
    def current(self) -> Paper | None:
        """The paper under the cursor."""
        return self.papers.current

    @property
    def targets(self) -> list[int]:
        """The keys of the selection, else of the paper under the cursor."""
        if self.selection:
            return self.selected_in_order()
        paper = self.current
        return [paper.key] if paper else []

    def selected_in_order(self) -> list[int]:
        """The keys of the selection, those on show first and in their order."""
        shown = [int(k) for k in self.results.keys] if self.results else []
        here = [key for key in shown if key in self.selection]
        return here + sorted(self.selection - set(here))

    # -- searching ---------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        self.query_text = self.bar.value  # which may have moved on since it said so

    @on(SearchBar.Left)
    def _typed_out(self) -> None:
        self.papers.focus()

    def watch_query_text(self, text: str) -> None:
        """Search for what the query says now, and show it in the bar."""
        if self.bar.value != text:
            self.bar.value = text
            self.bar.cursor_position = len(text)
        self.search()

    def watch_sort(self) -> None:
        """Show the papers in another order."""
        self.search()

    @work(exclusive=True, group="search")
    async def search(self) -> None:
        """Find the papers of the query; a newer search makes this one's answer unseen."""
        await asyncio.sleep(PAUSE)  # the next key cancels here
        ask = partial(self.library.search, limit=0, typing=True, selected=self.selection)
        try:
            results = await asyncio.to_thread(ask, self.query_text, sort=self.sort)
        except CarrelError as error:
            self.say(str(error))
            return
        self._show(results)
        facets = await asyncio.to_thread(self.library.facets, results)
        self.facets.show(facets, results.query.filters)

    def _show(self, results: Results) -> None:
        """Show a result; the cursor stays on its paper where that is still there."""
        under = self.current
        asked_again = self.results is not None and self.results.query.text == results.query.text
        row = self.papers.cursor if asked_again else 0
        cursor = _place(results.keys, under.key, row) if under else row
        self.results = results
        self.papers.show(results.keys, results.full, cursor, Highlighter(results.query.tree))
        self._show_paper()
        self._show_info(results)

    def _show_paper(self) -> None:
        self.view.show(self.current, self.papers.highlighter)

    def _show_info(self, results: Results) -> None:
        count = f"{results.full:,}"
        if results.full < results.total:
            count += f" + {results.total - results.full:,}"
        info = f"{count} of {self._count:,} · {results.took * 1000:.0f} ms · {results.sort}"
        self.query_one("#info", Static).update(info)
        self._show_notes(results)
        self._show_chips(results)

    def _show_notes(self, results: Results) -> None:
        """Name below the bar what was not understood, its place marked."""
        notes = self.query_one("#notes", Static)
        notes.set_class(bool(results.notes), "-shown")
        if results.notes:
            note = results.notes[0]
            mark = " " * note.start + "^" * max(1, min(note.end - note.start, 60))
            notes.update(f"{mark[: self.size.width - 8]}\n{note.message}")

    def _show_chips(self, results: Results) -> None:
        chips = self.query_one("#chips", Static)
        parts = []
        for term in results.query.filters:
            sign, style = ("−", "reverse $error") if term.excluded else ("+", "reverse $success")
            values = " | ".join(term.values)
            parts.append(Content.styled(f" {sign}{term.field}:{values} ", style))
        chips.set_class(bool(parts), "-shown")
        chips.update(Content(" ").join([*parts, Content.styled("F clears", "$foreground 58%")]))

    # -- what the actions ask for ------------------------------------------------------------------

    async def marks_changed(self) -> None:
        """Show marks as they are now; a query that asks for marks is asked anew."""
        self.papers.forget()
        if self.results is None:
            return
        if any(_asks_for_marks(leaf) for leaf in every_leaf(self.results.query.tree)):
            self.search()
            return
        self._show_paper()
        self.facets.show(
            await asyncio.to_thread(self.library.facets, self.results), self.results.query.filters
        )

    async def papers_changed(self) -> None:
        """Ask the query anew after papers came or went."""
        self._count = await asyncio.to_thread(self.library.count)
        sources = await asyncio.to_thread(self.library.sources)
        self.view.source_dates = {source.name: day(source.date) for source in sources}
        self.papers.forget()
        self.search()

    # -- the query ---------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Go to the search bar."""
        self.reveal("filters", False)
        self.reveal("paper", False)
        self.bar.focus()

    def action_everything(self) -> None:
        """Show everything."""
        self.query_text = ""

    @work(group="dialog")
    async def action_sort(self) -> None:
        """Ask for the order of the papers."""
        keys = {name[0]: name for name in SORTS}
        key = await self.app.push_screen_wait(KeyMenu("sort by", keys, self.sort))
        if key:
            self.sort = keys[key]

    def action_filters(self) -> None:
        """Go to the filters, or fold them away."""
        if self.pane is self.facets:
            self.action_back()
        else:
            self.reveal("filters", True)
            self.facets.focus()

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
        else:
            self.query_text = toggled(self.query_text, row.field, row.value, exclude=exclude)

    @on(LineList.Moved, "#list")
    def _moved(self) -> None:
        self._show_paper()

    # -- the selection -----------------------------------------------------------------------------

    def watch_selection(self, selection: frozenset[int]) -> None:
        """Show which papers are selected, and how many."""
        self.papers.select(selection)
        self._show_hints()
        if self.results and State("is", "selected") in every_leaf(self.results.query.tree):
            self.search()

    def action_select(self) -> None:
        """Select the paper, or drop it from the selection, and step."""
        paper = self.current
        if paper is not None:
            self.selection ^= {paper.key}
            self.papers.move(1)

    def action_select_all(self) -> None:
        """Select all papers of the result, or drop them where all are selected."""
        keys = frozenset(int(key) for key in self.results.keys) if self.results else frozenset()
        self.selection = self.selection - keys if keys <= self.selection else self.selection | keys
        self.say(f"{len(self.selection):,} selected")

    def action_invert_selection(self) -> None:
        """Select the papers of the result that are not selected, and drop those that are."""
        keys = frozenset(int(key) for key in self.results.keys) if self.results else frozenset()
        self.selection ^= keys
        self.say(f"{len(self.selection):,} selected")

    # -- Carrel itself -----------------------------------------------------------------------------

    def _show_hints(self) -> None:
        """Show the commonest keys, and the size of the selection."""
        parts = []
        if self.selection:
            parts.append(Content.styled(f"{len(self.selection):,} selected   ", "bold $success"))
        for command in COMMANDS:
            keys = shown(self.config.keys[command.name])
            if command.label and keys:
                parts.append(Content.assemble((keys[0], "bold $accent"), f" {command.label}  "))
        self.query_one("#hints", Static).update(Content("").join(parts))

    def action_palette(self) -> None:
        """Open the command palette."""
        self.app.action_command_palette()

    def action_help(self) -> None:
        """Show keys and query syntax."""
        self.app.push_screen(
            HelpScreen(
                {command.name: shown(self.config.keys[command.name]) for command in COMMANDS}
            )
        )

    def action_quit(self) -> None:
        """Leave Carrel."""
        self.app.exit()


def _place(keys: "npt.NDArray[np.int64]", key: int, otherwise: int) -> int:
    """Return the row of a paper in a result, or another where it is not there."""
    found = (keys == key).nonzero()[0]
    return int(found[0]) if len(found) else otherwise


def _asks_for_marks(leaf: Node) -> bool:
    if isinstance(leaf, Label):
        return leaf.field in ("tag", "note")
    return isinstance(leaf, State) and (leaf.field == "is" or leaf.value == "note")


def day(date: str) -> str:
    """Return a page's date as pages write it: Mar 11, with its year where that is known.

    >>> day("--03-11"), day("2025-03-11"), day("2025-03"), day("2025")
    ('Mar 11', 'Mar 11, 2025', 'Mar 2025', '2025')
    """
    year, *rest = (
        date.replace("--", "-", 1).split("-") if date.startswith("--") else date.split("-")
    )
    names = [calendar.month_abbr[int(rest[0])]] if rest else []
    names += [str(int(rest[1]))] if len(rest) > 1 else []
    named = " ".join(names)
    return (", " if len(rest) > 1 else " ").join(part for part in (named, year) if part)
