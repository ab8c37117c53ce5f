"""Triage: judging the papers of a result one at a time."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.commands.asking import ask
from tui.commands.command import MARKING, CommandGroup

if TYPE_CHECKING:
    from index.triage import Triage
    from tui.screens.main import MainScreen
    from tui.screens.triage import TriageEnd

triaging = CommandGroup(MARKING)


@triaging.command("m", label="triage", panes="papers")
async def triage(reader: "MainScreen") -> None:
    """Triage: judge the results one at a time."""
    from tui.controllers.host import MarksChanged
    from tui.screens.triage import TriageScreen

    await reader.presenter.settled()
    started = await asyncio.to_thread(_triage_results, reader)
    if not started.keys:
        reader.footer.say("no papers to triage")
        return

    def answered(end: "TriageEnd | None") -> None:
        if end and end.changed:
            reader.post_message(MarksChanged())
        if end and end.command:
            reader.selection = frozenset(end.papers)
            reader.footer.start(partial(reader.action_command, end.command), "triage")

    screen = TriageScreen(
        started,
        reader.marks.lock,
        reader.papers.highlighter,
        reader.view.source_dates,
        reader.config,
    )
    await ask(reader, screen, answered)


def _triage_results(reader: "MainScreen") -> "Triage":
    """Return the triage of the visible results, or of the query if there are none yet."""
    results = reader.results or reader.library.search(
        reader.query_text, limit=0, sort=reader.sort, typing=True, wait=False
    )
    return reader.library.triage(results)
