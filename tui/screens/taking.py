"""What a reader takes in and away: copies, links, exports, imports; and the index rebuilt."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from textual import work

from index.importing import Request, Step
from index.text import counted
from tui import browser, clipboard, yank
from tui.screens.base import PaperScreen
from tui.screens.dialogs import ExportDialog, KeyMenu, PathDialog, TextScreen

OFTEN = 0.1
"""Seconds between two words of progress."""

MOST_COPIED = 200


class Taking(PaperScreen):
    """The actions that carry papers over the edge of the screen."""

    @work(group="dialog")
    async def action_copy(self) -> None:
        """Ask what to copy, and copy it to both clipboards."""
        papers = await asyncio.to_thread(self.library.rows, self.targets[:MOST_COPIED])
        if not papers:
            return
        choices = {**yank.CHOICES, "v": "view the last copy"}
        key = await self.app.push_screen_wait(KeyMenu("copy", choices))
        if key == "v":
            self.app.push_screen(TextScreen("Copied", self.app.clipboard or "nothing yet"))
            return
        text = yank.text_of(papers, key) if key else ""
        if not key or not text:
            if key:
                self.say(f"there is no {yank.CHOICES[key]} to copy")
            return
        terminal = clipboard.to_terminal(self.app, text)
        system = await asyncio.to_thread(clipboard.to_system, text)
        ways = [*(["terminal (OSC 52)"] if terminal else []), *(["system"] if system else [])]
        what = yank.CHOICES[key] + (f" of {len(papers)}" if len(papers) > 1 else "")
        sure = "" if system else " · y v shows it"
        self.say(f"copied {what} to the {' and '.join(ways)} clipboard{sure}" if ways
                 else f"too long for the terminal's clipboard{sure}")  # fmt: skip

    @work(group="open")
    async def action_browse(self) -> None:
        """Open the paper's page in the browser."""
        paper = self.current
        if paper is None:
            return
        if not paper.link:
            self.say("no link is known for this paper")
            return
        fault = await asyncio.to_thread(browser.open_link, paper.link, self.config.opener)
        self.say(fault or f"opened {paper.link}")

    @work(group="dialog")
    async def action_export(self) -> None:
        """Ask how and where to, and export the selection, or the bookmarks."""
        keys, what = await self._to_export()
        if not keys:
            self.say("nothing to export: select papers with Space, or bookmark them with b")
            return
        folder = Path(self.config.export_folder).expanduser()
        count = counted(len(keys), "paper")
        dialog = ExportDialog(f"{count} ({what})", folder / f"carrel-{what}.bib", "bibtex")
        choice = await self.app.push_screen_wait(dialog)
        if choice is None:
            return

        async def write() -> None:
            await asyncio.to_thread(
                self.library.export_file,
                keys,
                choice.path,
                choice.format,
                overwrite=choice.overwrite,
            )
            self.say(f"exported {count} to {choice.path}")

        await self.attempt(write)

    async def _to_export(self) -> tuple[list[int], str]:
        selected = self.selected_in_order()
        if selected:
            return selected, "selection"
        results = await asyncio.to_thread(self.library.search, "is:bookmarked", limit=0)
        return [int(key) for key in results.keys], "bookmarks"

    def selected_in_order(self) -> list[int]:
        """The keys of the selection, in the order the papers are shown in."""
        raise NotImplementedError

    @work(group="dialog")
    async def action_import(self) -> None:
        """Ask for a file or folder, and import it."""
        path = await self.app.push_screen_wait(PathDialog())
        if path:
            self.bring_in(path)

    @work(group="import")
    async def bring_in(self, path: str) -> None:
        """Import a file or folder in the background, with progress on the status line."""
        name = Path(path).name
        tell = self._progress()

        def step(at: Step) -> None:
            share = f" · {at.bytes_done * 100 // at.bytes_total} %" if at.bytes_total else ""
            tell(f"importing {name} · {at.papers:,} papers{share}")

        async def work() -> None:
            report = await asyncio.to_thread(self.library.import_files, Request((path,)), step=step)
            faults = [skipped for file in report.files for skipped in file.skipped]
            more = f" ({faults[0].reason})" if faults else ""
            await self.papers_changed()
            await self._index(tell)
            self.say(f"{report.in_words()}{more}")

        await self.attempt(work)
        await self.papers_changed()

    @work(group="import")
    async def action_rebuild(self) -> None:
        """Build the search index anew, in the background."""
        tell = self._progress()

        async def work() -> None:
            started = time.monotonic()
            await asyncio.to_thread(
                self.library.rebuild, lambda done, of: tell(f"indexing {done:,} of {of:,}")
            )
            self.say(f"search index rebuilt in {time.monotonic() - started:.1f} s")

        await self.attempt(work)
        await self.papers_changed()

    @work(group="import")
    async def catch_up(self) -> None:
        """Bring the index up to date in the background."""
        if await asyncio.to_thread(self.library.behind):
            tell = self._progress()
            await self.attempt(lambda: self._index(tell))
            await self.papers_changed()
            self.say("")

    async def _index(self, tell: Callable[[str], None]) -> None:
        await asyncio.to_thread(
            self.library.catch_up, lambda done, of: tell(f"indexing {done:,} of {of:,}")
        )

    def _progress(self) -> Callable[[str], None]:
        """Return a function that any thread may call to say how far it is, now and then."""
        last = 0.0

        def tell(words: str) -> None:
            nonlocal last
            if time.monotonic() - last > OFTEN:
                last = time.monotonic()
                self.app.call_from_thread(self.say, words)

        return tell
