"""Enrichment: completing papers, and choosing among candidates."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from index.text.cleaning import format_count
from tui.commands.asking import ask
from tui.commands.command import LIBRARY, CommandGroup
from tui.commands.targets import target_keys

if TYPE_CHECKING:
    from index.papers.paper import PaperKey
    from tui.screens.main import MainScreen

enriching = CommandGroup(LIBRARY)


@enriching.command("E")
async def enrich(reader: "MainScreen") -> None:
    """Complete papers: authors, dates, venues and ids from services."""
    from tui.screens.dialogs.confirming import ConfirmDialog

    keys = await target_keys(reader)
    if not keys:
        reader.footer.say("no paper to complete")
        return
    if not reader.library_jobs.is_free("complete papers"):
        return
    plan = await reader.enrichment.plan(keys, reader.config.services)

    def answered(confirmed: bool | None) -> None:
        if confirmed and reader.library_jobs.is_free("complete papers"):
            reader.footer.start(partial(_enrich, reader, keys), reader.library_jobs.GROUP)

    if not plan:  # nothing is sent
        answered(True)
        return
    title = f"Complete {format_count(len(keys), 'paper')}"
    await ask(reader, ConfirmDialog(title, _describe(plan), "send"), answered)


def _describe(plan: "Sequence[tuple[str, int]]") -> str:
    """Return what is sent to which services."""
    lines = [f"  {label}: at most {format_count(number, 'paper')}" for label, number in plan]
    return "\n".join(["Titles, arXiv ids and DOIs are sent to", *lines])


async def _enrich(reader: "MainScreen", keys: "Sequence[PaperKey]") -> None:
    """Complete papers; show the outcome in a message, and the candidates of unsure papers."""
    report = await reader.enrichment.enrich(keys, reader.config.services)
    if report is None:
        return
    problems = f" ({report.problems[0]})" if report.problems else ""
    undo = reader.keys.hint("undo", "undo") if report.completed else ""
    reader.footer.say(f"{report.summary()}{problems}", undo, "undo")
    unsure = [key for key, paper in zip(keys, report.papers, strict=False) if paper.candidates]
    if unsure and reader.app.screen is reader:
        await show_candidates(reader, unsure)
    if report.completed:
        await reader.library_jobs.update_index()


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
