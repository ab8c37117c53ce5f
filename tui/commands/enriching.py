"""Enrichment: completing papers, and choosing among candidates."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.commands.asking import ask
from tui.commands.command import LIBRARY, CommandGroup
from tui.commands.targets import target_keys

if TYPE_CHECKING:
    from index.enrich.report import EnrichReport
    from index.papers.paper import PaperKey
    from tui.screens.main import MainScreen

enriching = CommandGroup(LIBRARY)


@enriching.command("E")
async def enrich(reader: "MainScreen") -> None:
    """Complete papers: authors, dates, venues and ids from services."""
    keys = await target_keys(reader)
    if keys:
        reader.enrichment.enrich(keys, reader.config.services)
    else:
        reader.say("no paper to complete")


async def show_enrichment(
    reader: "MainScreen", report: "EnrichReport", unsure: "Sequence[PaperKey]"
) -> None:
    """Show the outcome of an enrichment: in a message, and the candidates of unsure papers."""
    problems = f" ({report.problems[0]})" if report.problems else ""
    undo = reader.keys.hint("undo", "undo") if report.completed else ""
    reader.say(f"{report.summary()}{problems}", undo)
    if unsure and reader.app.screen is reader:
        await show_candidates(reader, unsure)


@enriching.command()
async def candidates(reader: "MainScreen") -> None:
    """Candidates: choose the record of a paper that is unsure."""
    await show_candidates(reader, await target_keys(reader))


async def show_candidates(reader: "MainScreen", keys: "Sequence[PaperKey]") -> None:
    """Show the candidates of papers side by side."""
    from tui.screens.candidates import CandidatesScreen

    def answered(changed: bool | None) -> None:
        if changed:
            reader.papers_changed()
            reader.library_jobs.update()

    await ask(reader, CandidatesScreen(reader.library, reader.marks.lock, keys), answered)
