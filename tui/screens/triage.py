"""Triage: the papers of a result one at a time, each judged with one key."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Static
from textual.worker import Worker

from index.papers.paper import PaperKey
from index.search.highlight import Highlighter
from index.triage import Triage, Verdict
from tui.controllers.host import start, worker_error
from tui.controllers.triage import TriageController
from tui.themes import DIM
from tui.widgets.paper_view import PaperView
from tui.wording import describe_error

VERDICTS: tuple[Verdict, ...] = ("kept", "later", "dismissed", "skipped")
"""The verdicts in the order in which they are counted."""

ACTION = "action"
"""The style metadata that holds the action of a hint, for the mouse."""

KEYS = (
    ("b", "keep", "judge('kept')"),
    ("d", "dismiss", "judge('dismissed')"),
    ("w", "later", "judge('later')"),
    ("Space", "skip", "judge('skipped')"),
    ("k", "back", "back"),
    ("u", "undo", "take_back"),
    ("q", "close", "leave"),
)

END_KEYS = (
    ("x", "export", "hand_on('export')"),
    ("E", "complete", "hand_on('enrich')"),
    ("u", "undo", "take_back"),
    ("r", "skipped again", "restart"),
    ("q", "close", "leave"),
)


@dataclass(frozen=True, slots=True)
class TriageEnd:
    """How a triage was left: whether marks have changed, and a command to run on papers, if any."""

    changed: bool
    command: str = ""
    papers: list[PaperKey] = field(default_factory=list)


class TriageScreen(Screen[TriageEnd]):
    """One paper alone, the progress and the keys; returns how it was left."""

    BINDINGS = [
        Binding("b", "judge('kept')", "keep", show=False),
        Binding("d", "judge('dismissed')", "dismiss", show=False),
        Binding("w", "judge('later')", "later", show=False),
        Binding("space,j", "judge('skipped')", "skip", show=False),
        Binding("k", "back", "step back", show=False),
        Binding("u", "take_back", "take the last verdict back", show=False),
        Binding("x", "hand_on('export')", "export the kept papers", show=False),
        Binding("E", "hand_on('enrich')", "complete the kept papers", show=False),
        Binding("r", "restart", "go through the skipped papers again", show=False),
        Binding("escape,q", "leave", "leave", show=False),
        Binding("ctrl+d,pagedown", "scroll(1)", "down", show=False),
        Binding("ctrl+u,pageup", "scroll(-1)", "up", show=False),
    ]
    AUTO_FOCUS = "#sheet"

    def __init__(
        self,
        triage: Triage,
        marking: asyncio.Lock,
        highlighter: Highlighter | None,
        source_dates: Mapping[str, str],
    ) -> None:
        """Show a triage; `marking` is held while marks are changed."""
        super().__init__()
        self.triage = triage
        self.controller = TriageController(triage, marking)
        self.highlighter = highlighter
        self.sheet = PaperView(id="sheet")
        self.sheet.source_dates = source_dates

    def compose(self) -> ComposeResult:
        """Compose the progress, the paper, the last verdict and the keys."""
        yield Static("", id="progress", markup=False)
        yield Container(self.sheet, id="page")
        yield Static("", id="words", markup=False)
        yield Static("", id="keys", markup=False)

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

    def _say(self, message: str) -> None:
        self.query_one("#words", Static).update(Content(message))

    def _show(self) -> None:
        finished = self.triage.is_finished
        self.sheet.empty_text = self._end_text() if finished else "This paper was removed."
        self.sheet.show(self.controller.paper, self.highlighter)
        self.query_one("#progress", Static).update(self._progress())
        keys = END_KEYS if finished else KEYS
        hints = [_hint(*key) for key in keys]
        bar, line = self.query_one("#keys", Static), Content("  ").join(hints)
        fits = line.cell_length <= bar.content_size.width
        bar.update(line if fits else Content(" ").join(hints))

    async def on_click(self, event: events.Click) -> None:
        """Run the action of a clicked hint."""
        if action := event.style.meta.get(ACTION):
            await self.run_action(action)

    def _progress(self) -> Content:
        total, at = len(self.triage.keys), self.triage.at
        place = "done" if self.triage.is_finished else f"{at + 1:,} of {total:,}"
        parts = [place, *self._counts()]
        if not self.triage.is_finished and (verdict := self.triage.verdict(self.triage.keys[at])):
            parts.append(f"this one: {verdict}")
        return Content.assemble(
            ("Triage", "bold $accent"), "  ", " · ".join(parts), (f"  {self.triage.query}", DIM)
        )

    def _counts(self) -> list[str]:
        counts = self.triage.counts()
        return [f"{counts[name]:,} {name}" for name in VERDICTS if counts[name]]

    def _end_text(self) -> str:
        """Return the text shown after the last paper."""
        counts = self.triage.counts()
        if not self.triage.keys:
            return "No papers to triage."
        kept = f"kept {counts['kept']:,} · export: x · complete: E"
        lines = [kept if counts["kept"] else "kept none"]
        lines += [f"{name} {counts[name]:,}" for name in VERDICTS[1:] if counts[name]]
        return "\n".join(lines)

    # -- actions -----------------------------------------------------------------------------------

    async def action_judge(self, verdict: Verdict) -> None:
        """Give a verdict on the paper, and show the next."""
        if not self.triage.is_finished:
            await self._do(lambda: self.controller.judge(verdict))

    async def action_back(self) -> None:
        """Show the paper before."""
        await self._do(self.controller.step_back)

    async def action_take_back(self) -> None:
        """Take the last verdict back, and show its paper."""
        await self._do(self.controller.take_back)

    async def action_restart(self) -> None:
        """Go through the skipped papers again, once all have been shown."""
        if self.triage.is_finished:
            await self._do(self.controller.restart)

    async def action_hand_on(self, command: str) -> None:
        """Leave and run a command on the kept papers, once all have been shown."""
        if self.triage.is_finished and (kept := self.controller.kept):
            await self.controller.close()
            self.dismiss(TriageEnd(self.controller.changed, command, kept))

    async def action_leave(self) -> None:
        """Leave the triage, which resumes here."""
        await self.controller.close()
        self.dismiss(TriageEnd(self.controller.changed))

    def action_scroll(self, direction: int) -> None:
        """Scroll half a page."""
        self.sheet.half_page(direction)


def _hint(key: str, name: str, action: str) -> Content:
    hint = Content.assemble((key, "bold $accent"), (f" {name}", DIM))
    return hint.stylize(Style.from_meta({ACTION: action}))
