"""The candidates of papers that an enrichment is unsure of, side by side with each paper."""

import asyncio
from collections.abc import Sequence

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.worker import Worker

from index import Library, Paper
from index.papers.found_record import FoundRecord
from index.papers.paper import PaperKey
from tui.controllers.host import worker_error
from tui.widgets.comparison import compared_fields
from tui.widgets.comparison_page import ComparisonPage
from tui.wording import describe_error

KEYS = (
    ("Enter", "choose", "choose"),
    ("j", "next", "step(1)"),
    ("k", "prev", "step(-1)"),
    ("n", "skip", "skip"),
    ("x", "none", "reject"),
    ("u", "undo", "undo"),
    ("Esc", "close", "leave"),
)

NOTHING_LEFT = (
    "When papers are completed (E) and it is unsure which record of a service is a paper's own, "
    "the records are shown here beside it."
)


class CandidatesScreen(ModalScreen[bool]):
    """Shows one paper after another with its candidates; returns whether papers were changed."""

    BINDINGS = [
        Binding("enter,c", "choose", "choose", show=False),
        *(Binding(str(n), f"choose({n})", f"choose {n}", show=False) for n in range(1, 10)),
        Binding("j,right,down", "step(1)", "next candidate", show=False),
        Binding("k,left,up", "step(-1)", "previous candidate", show=False),
        Binding("n", "skip", "next paper", show=False),
        Binding("x", "reject", "none of these", show=False),
        Binding("u", "undo", "undo", show=False),
        Binding("escape,q", "leave", "leave", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium")]
    AUTO_FOCUS = "#pair"

    def __init__(self, library: Library, marking: asyncio.Lock, keys: Sequence[PaperKey]) -> None:
        """`keys` are the papers, of which those without candidates are skipped."""
        super().__init__()
        self.page = ComparisonPage("Candidates", KEYS)
        self.library = library
        self.marking = marking  # held during changes of papers
        self.open = list(keys)  # the papers to show, the current one first
        self.paper: Paper | None = None
        self.candidates: list[FoundRecord] = []
        self.at = 0
        self.changed = False
        self._decided: list[tuple[PaperKey, list[FoundRecord], bool]] = []

    def compose(self) -> ComposeResult:
        """Compose the page."""
        yield self.page

    def on_mount(self) -> None:
        """Show the first paper."""
        self._start()

    @work(group="candidates", exit_on_error=False)
    async def _start(self) -> None:
        await self._show_paper()

    # -- showing -----------------------------------------------------------------------------------

    async def _show_paper(self) -> None:
        """Show the first open paper that has candidates, or say that there is none."""
        while self.open:
            key = self.open[0]
            self.candidates = await asyncio.to_thread(self.library.enrichment.suggestions, key)
            papers = await asyncio.to_thread(self._papers, key)
            if self.candidates and papers:
                self.paper, self.at = papers[0], 0
                await self._show_candidate()
                return
            self.open.pop(0)
        self.paper = None
        self.page.set_heading("no candidates left")
        await self.page.clear(NOTHING_LEFT, undoable=bool(self._decided))

    def _papers(self, key: PaperKey) -> list[Paper]:
        return self.library.papers(self.library.ids([key]))

    async def _show_candidate(self) -> None:
        if not self.paper:
            return
        record, source, score = self.candidates[self.at]
        more = f" · {len(self.open)} papers" if len(self.open) > 1 else ""
        self.page.set_heading(f"{self.at + 1} of {len(self.candidates)}{more}")
        fields = (field for field in compared_fields(self.paper, record) if field[0] != "id")
        await self.page.show("your paper", f"{source}, {score:.0%}", fields)

    # -- deciding ----------------------------------------------------------------------------------

    def action_choose(self, number: int = 0) -> None:
        """Complete the paper from the candidate shown, or from the one with a number."""
        number = number or self.at + 1
        if self.paper and number <= len(self.candidates):
            self._choose(self.paper, number)

    @work(group="marks", exit_on_error=False)
    async def _choose(self, paper: Paper, number: int) -> None:
        async with self.marking:
            if paper is not self.paper:  # decided by an earlier key
                return
            before = self.candidates
            enrichment = self.library.enrichment
            report = await asyncio.to_thread(enrichment.choose, paper.key, number)
            self.changed = True
            self._decided.append((paper.key, before, bool(report.fields)))
            self.open.pop(0)
            filled = ", ".join(report.fields) or "nothing was missing"
            self.page.say(f"completed “{paper.title}”: {filled} · undo: u")
            await self._show_paper()

    @work(group="marks", exit_on_error=False)
    async def action_reject(self) -> None:
        """Discard all candidates of the paper."""
        async with self.marking:
            if not self.paper:
                return
            await asyncio.to_thread(self.library.enrichment.reject, self.paper.key)
            self._decided.append((self.paper.key, self.candidates, False))
            self.open.pop(0)
            self.page.say("candidates discarded · undo: u")
            await self._show_paper()

    @work(group="marks", exit_on_error=False)
    async def action_undo(self) -> None:
        """Undo the last decision, and show its paper again."""
        async with self.marking:
            if not self._decided:
                self.page.say("nothing to undo here")
                return
            key, candidates, is_filled = self._decided.pop()
            if is_filled:
                await asyncio.to_thread(self.library.undo)
            await asyncio.to_thread(self.library.enrichment.suggest, key, candidates)
            self.open.insert(0, key)
            self.page.say("undone")
            await self._show_paper()

    async def action_step(self, step: int) -> None:
        """Show the next candidate, or the one before."""
        if self.paper:
            self.at = (self.at + step) % len(self.candidates)
            await self._show_candidate()

    async def action_skip(self) -> None:
        """Go to the next paper, and leave this one undecided."""
        if len(self.open) > 1:
            self.open.append(self.open.pop(0))
            await self._show_paper()
        else:
            self.page.say("this is the last paper")

    async def action_leave(self) -> None:
        """Close the screen."""
        self.dismiss(self.changed)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show an error of work in the background."""
        if error := worker_error(event):
            self.page.say(describe_error(error))
