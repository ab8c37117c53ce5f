"""Triage: the papers of a result one at a time, each judged with one key."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static
from textual.worker import Worker

from index.papers.paper import PaperKey
from index.search.highlight import Highlighter
from index.triage import Triage, Verdict
from tui.commands import BY_NAME, TRIAGE_COMMANDS
from tui.commands.bindings import bindings
from tui.commands.hints import KeyHints
from tui.config.configuration import Config
from tui.controllers.host import start, worker_error
from tui.controllers.triage import TriageController
from tui.platform.textual_private import QuietScreen
from tui.themes import DIM
from tui.widgets.paper_text import format_likely
from tui.widgets.paper_view import PaperView
from tui.widgets.status_line import StatusLine
from tui.wording import describe_error

VERDICTS: tuple[Verdict, ...] = ("kept", "later", "dismissed", "skipped")
"""The verdicts in the order in which they are counted."""

LIKELY_FIRST = "likeliest first"
WHY_PADDING = 2
NOTHING_KEPT = "as listed until one is kept"


@dataclass(frozen=True, slots=True)
class TriageEnd:
    """How a triage was left: whether marks have changed, and a command to run on papers, if any."""

    changed: bool
    command: str = ""
    papers: list[PaperKey] = field(default_factory=list)


class TriageScreen(QuietScreen[TriageEnd]):
    """One paper alone, the progress and the keys; returns how it was left."""

    BINDINGS = bindings(TRIAGE_COMMANDS)
    AUTO_FOCUS = "#sheet"

    def __init__(
        self,
        triage: Triage,
        marking: asyncio.Lock,
        highlighter: Highlighter | None,
        source_dates: Mapping[str, str],
        config: Config,
    ) -> None:
        """Show a triage; `marking` is held while marks are changed."""
        super().__init__()
        self.triage = triage
        self.config = config
        self.keys = KeyHints(config.keys, TRIAGE_COMMANDS)
        self.recent: list[str] = []  # commands that were run from the palette
        self.controller = TriageController(triage, marking, config.read_after_triage)
        self.highlighter = highlighter
        self.sheet = PaperView(id="sheet")
        self.sheet.source_dates = source_dates

    def compose(self) -> ComposeResult:
        """Compose the progress, the paper, the words for and against it, the verdict and keys."""
        yield Static("", id="progress", markup=False)
        yield Container(self.sheet, id="page")
        yield Static("", id="why")
        yield Static("", id="words", markup=False)
        self.status = StatusLine(id="keys")
        self.status.always = self.keys.always()
        yield self.status

    async def on_mount(self) -> None:
        """Show the paper where the triage was left."""
        await self._do(self.controller.start)
        start(self, self.controller.prepare, "triage")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show an error of work in the background."""
        if error := worker_error(event):
            self._say(describe_error(error))

    # -- showing -----------------------------------------------------------------------------------

    async def _do(self, step: Callable[[], Awaitable[str | None]]) -> None:
        """Take a step and show the paper it leads to; an error is shown, and nothing else."""
        try:
            words = await step()
        except Exception as error:
            self._say(describe_error(error))
            self.app.bell()
            return
        self._say(words or "")
        self._show()
        if self.triage.likely_first:
            start(self, self._rank, "likely", exclusive=True)

    async def _rank(self) -> None:
        """Sort the papers ahead by the verdicts so far, and show why this one is likely."""
        await self.controller.rank()
        self._show()

    def _say(self, message: str) -> None:
        self.query_one("#words", Static).update(Content(message))

    def _show(self) -> None:
        finished = self.triage.is_finished
        self.sheet.empty_text = self._end_text() if finished else "This paper was removed."
        self.sheet.show(self.controller.paper, self.highlighter)
        self._show_why()
        self.query_one("#progress", Static).update(self._progress())
        self.status.keys = self.keys.of_pane("end" if finished else "judging")

    def _show_why(self) -> None:
        """Show the words for and against the paper below it, where no abstract hides them."""
        why, words = self.query_one("#why", Static), self.controller.words
        why.display = self.triage.likely_first and not self.triage.is_finished
        room = self.size.width - WHY_PADDING
        why.update(format_likely(words, room) if words else Content(""))

    def on_resize(self) -> None:
        """Fit the words for and against the paper to the width."""
        self._show_why()

    def _progress(self) -> Content:
        total, at = len(self.triage.keys), self.triage.at
        place = "done" if self.triage.is_finished else f"{at + 1:,} of {total:,}"
        parts = [place, *self._counts()]
        if self.triage.likely_first:
            parts.append(LIKELY_FIRST if self.controller.has_learned else NOTHING_KEPT)
        if not self.triage.is_finished and (verdict := self.triage.verdict(self.triage.keys[at])):
            parts.append(f"this one: {verdict}")
        return Content.assemble(
            ("Triage", "bold $accent"),
            "  ",
            " · ".join(parts),
            (f"  {self.triage.query}" if self.triage.query else "", DIM),
        ).rstrip()

    def _counts(self) -> list[str]:
        counts = self.triage.counts()
        return [f"{counts[name]:,} {name}" for name in VERDICTS if counts[name]]

    def _end_text(self) -> str:
        """Return the text shown after the last paper."""
        counts = self.triage.counts()
        if not self.triage.keys:
            return "No papers to triage."
        keys = self.keys
        hints = [keys.hint("triage_export", "export"), keys.hint("triage_enrich", "complete")]
        kept = " · ".join([f"kept {counts['kept']:,}", *filter(None, hints)])
        lines = [kept if counts["kept"] else "kept none"]
        lines += [f"{name} {counts[name]:,}" for name in VERDICTS[1:] if counts[name]]
        return "\n".join(lines)

    # -- for commands ------------------------------------------------------------------------------

    async def action_command(self, name: str) -> None:
        """Run a command of triage by its name."""
        if (running := BY_NAME[name].run(self)) is not None:
            await running

    async def judge(self, verdict: Verdict) -> None:
        """Give a verdict on the paper, and show the next."""
        if not self.triage.is_finished:
            await self._do(lambda: self.controller.judge(verdict))

    async def step_back(self) -> None:
        """Show the paper before."""
        await self._do(self.controller.step_back)

    async def take_back(self) -> None:
        """Take the last verdict back, and show its paper."""
        await self._do(self.controller.take_back)

    async def restart(self) -> None:
        """Go through the skipped papers again, once all have been shown."""
        if self.triage.is_finished:
            await self._do(self.controller.restart)

    async def toggle_likely(self) -> None:
        """Have the likeliest papers first, or the others in listing order again."""
        if not self.triage.is_finished:
            await self._do(self.controller.toggle_likely)

    async def hand_on(self, command: str) -> None:
        """Leave and run a command on the kept papers, once all have been shown."""
        if self.triage.is_finished and (kept := self.controller.kept):
            await self.controller.close()
            self.dismiss(TriageEnd(self.controller.changed, command, kept))

    async def leave(self) -> None:
        """Leave the triage, which resumes here."""
        await self.controller.close()
        self.dismiss(TriageEnd(self.controller.changed))
