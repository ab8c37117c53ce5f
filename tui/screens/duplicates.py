"""The review of likely duplicates: two papers side by side, to be merged or marked as different."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen, Screen
from textual.worker import Worker

from index import Library, Paper
from index.duplicates.detection import DuplicatePair
from index.marks.changes import ChangeResult
from index.papers.paper import PaperKey
from index.papers.records import SourceRecord
from tui.controllers.host import worker_error
from tui.widgets.comparison import compared_fields
from tui.widgets.comparison_page import ComparisonPage
from tui.wording import describe_error

KEYS = (
    ("m", "merge", "merge"),
    ("d", "different", "different"),
    ("s", "split", "split"),
    ("n", "next", "step(1)"),
    ("p", "prev", "step(-1)"),
    ("u", "undo", "undo"),
    ("Esc", "close", "leave"),
)

NOTHING_LEFT = "Papers that may be the same as another are shown here side by side."


class DuplicatesScreen(ModalScreen[bool]):
    """Shows one pair after another; returns whether papers were merged or restored."""

    BINDINGS = [
        Binding("m", "merge", "merge", show=False),
        Binding("d", "different", "different", show=False),
        Binding("s", "split", "split", show=False),
        Binding("n,j,right", "step(1)", "next", show=False),
        Binding("p,k,left", "step(-1)", "previous", show=False),
        Binding("u", "undo", "undo", show=False),
        Binding("escape,q", "leave", "leave", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium")]
    AUTO_FOCUS = "#pair"

    def __init__(
        self,
        library: Library,
        marking: asyncio.Lock,
        ask_record: Callable[[str, Sequence[SourceRecord]], "Screen[int | None]"],
    ) -> None:
        """`ask_record` returns a dialog that asks for the number of a record of a paper."""
        super().__init__()
        self.page = ComparisonPage("Duplicates", KEYS)
        self.library = library
        self.ask_record = ask_record
        self.marking = marking  # held during changes of marks
        self.pairs: list[DuplicatePair] = []
        self.at = 0
        self.shown: DuplicatePair | None = None
        self.changed = False
        self._done: list[int] = []  # indexes of the decided pairs, in order of decision

    def compose(self) -> ComposeResult:
        """Compose the page."""
        yield self.page

    def on_mount(self) -> None:
        """Look for duplicates."""
        self.page.say(f"looking for duplicates among {self.library.count():,} papers…")
        self._look()

    @work(group="duplicates", exit_on_error=False)
    async def _look(self) -> None:
        self.pairs = await asyncio.to_thread(self.library.duplicates.find)
        self.page.say("")
        await self._show_nearest(0)

    # -- showing -----------------------------------------------------------------------------------

    async def _show(self, places: Iterable[int]) -> bool:
        """Show the first undecided pair of some places; return False if there is none."""
        for at in places:
            pair = self.pairs[at]
            papers = await asyncio.to_thread(self._papers_of, pair)
            if at not in self._done and len(papers) == 2:
                self.at, self.shown = at, pair
                await self._fill(pair, *papers)
                return True
        return False

    def _papers_of(self, pair: DuplicatePair) -> list[Paper]:
        return self.library.papers(self.library.ids((pair.keep, pair.other)))

    async def _show_nearest(self, at: int) -> None:
        """Show the next undecided pair, else the previous one, else a message."""
        if not await self._show([*range(at, len(self.pairs)), *range(at - 1, -1, -1)]):
            self.shown = None
            self.page.set_heading("all pairs reviewed" if self.pairs else "no likely duplicates")
            await self.page.clear(NOTHING_LEFT, undoable=bool(self._done))

    async def _fill(self, pair: DuplicatePair, keep: Paper, other: Paper) -> None:
        certainty = f"certain: {pair.rule}" if pair.rule else "needs review"
        self.page.set_heading(f"{self.at + 1} of {len(self.pairs)} · {certainty}")
        await self.page.show("retained", "merged into it", compared_fields(keep, other))

    # -- deciding ----------------------------------------------------------------------------------

    def action_merge(self) -> None:
        """Merge the two papers."""
        pair = self.shown
        if pair:
            self._decide(pair, lambda: self.library.duplicates.merge([pair]))

    def action_different(self) -> None:
        """Mark the two papers as different."""
        pair = self.shown
        if pair:
            self._decide(pair, lambda: self.library.duplicates.different(pair.keep, pair.other))

    @work(group="duplicates", exit_on_error=False)
    async def action_split(self) -> None:
        """Ask for a record of the retained paper, and take it out as a paper of its own."""
        if not self.shown:
            return
        key = self.shown.keep
        records = await asyncio.to_thread(self.library.duplicates.records, key)

        def answered(number: int | None) -> None:
            if number is not None:
                self._split(key, number)

        await self.app.push_screen(self.ask_record(records[0].paper.title, records), answered)

    @work(group="marks", exit_on_error=False)
    async def _split(self, key: PaperKey, number: int) -> None:
        async with self.marking:
            done = await asyncio.to_thread(self.library.duplicates.split, key, number)
            self.changed = True
            self.page.say(f"{done.words} · undo in the list: u")
            await self._show_nearest(self.at)

    @work(group="marks", exit_on_error=False)
    async def _decide(self, pair: DuplicatePair, decide: Callable[[], ChangeResult]) -> None:
        async with self.marking:
            if pair is not self.shown:  # decided by an earlier key
                return
            done = await asyncio.to_thread(decide)
            self.changed = True
            self._done.append(self.at)
            self.page.say(f"{done.words} · undo: u")
            await self._show_nearest(self.at)

    @work(group="marks", exit_on_error=False)
    async def action_undo(self) -> None:
        """Undo the last decision and show its pair again."""
        async with self.marking:
            if not self._done:
                self.page.say("nothing to undo here")
                return
            entry = await asyncio.to_thread(self.library.undo)
            at = self._done.pop()
            self.page.say(f"undone: {entry.message}" if entry else "nothing to undo")
            await self._show_nearest(at)

    async def action_step(self, step: int) -> None:
        """Show the next pair, or the one before."""
        if self.shown:
            forward = range(self.at + 1, len(self.pairs))
            shown = await self._show(forward if step > 0 else range(self.at - 1, -1, -1))
            self.page.say("" if shown else f"this is the {'last' if step > 0 else 'first'} pair")

    async def action_leave(self) -> None:
        """Close the screen."""
        self.dismiss(self.changed)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show an error of work in the background."""
        if error := worker_error(event):
            self.page.say(describe_error(error))
