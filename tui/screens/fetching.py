"""How papers are fetched from the network: asked for by name, brought in in the background."""

import asyncio

from textual import work

from index.fetch import ArxivSearch, ByIdentifier, Daily, New, Wanted
from index.importing.report import ImportReport
from index.text.cleaning import counted
from tui.screens.dialogs.words import WordsDialog
from tui.screens.taking import Stopped, Taking


class Fetching(Taking):
    """The actions that bring papers from the network."""

    def action_fetch_daily(self) -> None:
        """Fetch the papers of the day."""
        self.fetch(Daily())

    def action_fetch_new(self) -> None:
        """Fetch what is new since the last time."""
        self.fetch(New())

    async def action_fetch_arxiv(self) -> None:
        """Ask what to look for on arXiv, and fetch it."""
        await self._ask_for(
            WordsDialog("ArxivSearch arXiv", "cat:cs.CL AND abs:watermark", ArxivSearch)
        )

    async def action_fetch_paper(self) -> None:
        """Ask for arXiv ids or DOIs, and fetch their papers."""
        dialog = WordsDialog(
            "Fetch papers by arXiv id or DOI",
            "1706.03762 10.1145/3292500.3330701",
            lambda words: ByIdentifier.by(words.replace(",", " ").split()),
        )
        await self._ask_for(dialog)

    async def _ask_for(self, dialog: WordsDialog) -> None:
        if not self._free():  # or what is typed would be for nothing
            return

        def answered(wanted: Wanted | None) -> None:
            if wanted:
                self.fetch(wanted)

        await self.ask(dialog, answered)

    def fetch(self, wanted: Wanted) -> None:
        """Fetch in the background, unless something else is under way there."""
        if self._free():
            self._fetch(wanted)

    def _free(self) -> bool:
        """Tell whether nothing else is under way; where something is, say so."""
        if self._at_work():
            self.say("something else is under way; fetch when it has ended, or stop it")
            return False
        return True

    @work(group="import", exit_on_error=False)
    async def _fetch(self, wanted: Wanted) -> None:
        tell = self._teller()
        self.say("")

        def bring() -> ImportReport:
            return self.library.fetch(
                wanted,
                self.config.services,
                step=lambda at: tell(
                    f"{at.words} · {counted(at.papers, 'paper')}" if at.papers else at.words
                ),
            )

        try:
            report = await asyncio.to_thread(bring)
        except Stopped:
            self.say("fetch stopped; what came in stays")
            return
        finally:
            self.post_message(self.Told(""))
            await self.papers_changed()
        if report.total("taken"):
            await self._index(self.library.index.sync)
            self.follow()
        self.say(_in_words(report, "new" if wanted == New() else "there"))


def _in_words(report: ImportReport, what: str) -> str:
    """Return what came of a fetch, in a line; `what` is not there where nothing came."""
    faults = [skipped.reason for file in report.files for skipped in file.skipped]
    if not report.total("taken"):
        sources = ", ".join(file.source for file in report.files)
        return faults[0] if faults else f"no paper is {what} for {sources}"
    return report.in_words() + (f" ({faults[0]})" if faults else "")
