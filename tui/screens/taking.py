"""What a reader takes in and away: copies, links, exports, imports; and the index rebuilt."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from textual import on, work
from textual.message import Message

from index.importing import Request, Step
from index.text import counted
from tui import browser, clipboard, yank
from tui.screens.base import PaperScreen
from tui.screens.dialogs import ExportChoice, ExportDialog, KeyMenu, PathDialog, TextScreen

OFTEN = 0.1
"""Seconds between two words of progress."""

MOST_COPIED = 200

Tell = Callable[[str], None]
Progress = Callable[[int, int], None]


class Leaving(BaseException):
    """Ends work in a thread when the reader leaves; no fault, so nothing mends or retries it."""


class Taking(PaperScreen):
    """The actions that carry papers over the edge of the screen."""

    class Told(Message):
        """A thread says how far it is; "" when it is done."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    async def action_copy(self) -> None:
        """Ask what to copy, and copy it to both clipboards."""
        keys = await self.meant()
        papers = await asyncio.to_thread(self.library.rows, keys[:MOST_COPIED])
        if not papers:
            return
        of = ""
        if len(keys) > 1:
            of = f" of {'the first ' if len(papers) < len(keys) else ''}{len(papers)} papers"

        def answered(key: str | None) -> None:
            if key == "v":
                self.app.push_screen(TextScreen("Copied", self.app.clipboard or "nothing yet"))
            elif key:
                self._copy(yank.text_of(papers, key), yank.CHOICES[key], of)

        await self.ask(KeyMenu("copy", {**yank.CHOICES, "v": "view the last copy"}), answered)

    @work(group="copy", exit_on_error=False)
    async def _copy(self, text: str, what: str, of: str) -> None:
        """Copy to the terminal's and the system's clipboard, and say which may have taken it."""
        if not text:
            self.say(f"there is no {what} to copy")
            return
        terminal = clipboard.to_terminal(self.app, text)
        system = await asyncio.to_thread(clipboard.to_system, text)
        ways = [*(["terminal (OSC 52)"] if terminal else []), *(["system"] if system else [])]
        then = "" if system else self.hint("copy", "v shows it")
        self.say(f"copied {what}{of} to the {' and '.join(ways)} clipboard" if ways
                 else f"{what}{of}: too long for the terminal's clipboard", then)  # fmt: skip

    async def action_browse(self) -> None:
        """Open the paper's page in the browser."""
        if not await self.meant():
            return
        if self.current and self.current.link:
            self._open(self.current.link)
        else:
            self.say("no link is known for this paper")

    @work(group="open", exit_on_error=False)
    async def _open(self, link: str) -> None:
        fault = await asyncio.to_thread(browser.open_link, link, self.config.opener)
        self.say(fault or f"opened {link}")

    async def action_export(self) -> None:
        """Ask how and where to, and export the selection, or the bookmarks."""
        keys, what = self.selected_in_order(), "selection"
        if not keys and self.indexed.is_set():
            results = await asyncio.to_thread(self.library.search, "is:bookmarked", limit=0)
            keys, what = results.keys.tolist(), "bookmarks"
        if not keys:
            self.say("nothing to export: select papers, or bookmark them")
            return
        folder = Path(self.config.export_folder).expanduser()
        count = counted(len(keys), "paper")

        def answered(choice: ExportChoice | None) -> None:
            if choice:
                self._export(keys, count, choice)

        dialog = ExportDialog(f"{count} ({what})", folder / f"carrel-{what}.bib", "bibtex")
        await self.ask(dialog, answered)

    @work(group="export", exit_on_error=False)
    async def _export(self, keys: list[int], count: str, choice: ExportChoice) -> None:
        write = self.library.export_file
        await asyncio.to_thread(write, keys, choice.path, choice.format, overwrite=choice.overwrite)
        self.say(f"exported {count} to {choice.path}")

    def selected_in_order(self) -> list[int]:
        """The keys of the selection, in the order the papers are shown in."""
        raise NotImplementedError

    # -- in the background -------------------------------------------------------------------------

    async def action_import(self) -> None:
        """Ask for a file or folder, and import it."""

        def answered(path: str | None) -> None:
            if path:
                self.bring_in(path)

        await self.ask(PathDialog(), answered)

    @work(group="import", exit_on_error=False)
    async def bring_in(self, path: str) -> None:
        """Import a file or folder in the background, with progress on the status line."""
        name = Path(path).name
        tell = self._teller()

        def step(at: Step) -> None:
            share = f" · {at.bytes_done * 100 // at.bytes_total} %" if at.bytes_total else ""
            tell(f"importing {name} · {at.papers:,} papers{share}")

        try:
            request = Request((path,))
            report = await asyncio.to_thread(self.library.import_files, request, step=step)
        finally:
            self.post_message(self.Told(""))
            await self.papers_changed()
        await self._index(self.library.catch_up)
        faults = [skipped for file in report.files for skipped in file.skipped]
        more = f" ({faults[0].reason})" if faults else ""
        self.follow()
        self.say(f"{report.in_words()}{more}")

    @work(group="import", exit_on_error=False)
    async def action_rebuild(self) -> None:
        """Build the search index anew, in the background."""
        self.indexed.clear()
        started = time.monotonic()
        await self._index(self.library.rebuild)
        self.say(f"search index rebuilt in {time.monotonic() - started:.1f} s")
        self.follow()

    @work(group="import", exit_on_error=False)
    async def catch_up(self) -> None:
        """Bring the index up to date in the background; one that is there serves meanwhile."""
        try:
            behind = await asyncio.to_thread(self.library.behind)
            if behind < await asyncio.to_thread(self.library.count):
                self.indexed.set()
            if behind:
                await self._index(self.library.catch_up)
            await asyncio.to_thread(self.library.warm_up)
        finally:
            self.indexed.set()
        self.follow()

    @work(exclusive=True, group="facets", exit_on_error=False)
    async def follow(self) -> None:
        """Count what papers have and speak of in the background, then show it in the filters."""
        if await asyncio.to_thread(self.library.catalogue.is_current):
            return
        tell = self._teller()
        try:
            await asyncio.to_thread(
                self.library.catalogue.catch_up,
                lambda done, of: tell(f"reading for topics {done:,} of {of:,}"),
            )
        finally:
            self.post_message(self.Told(""))
            await self.count_facets()

    async def _index(self, work: Callable[[Progress], None]) -> None:
        """Work on the index in a thread, then ask the query anew."""
        tell = self._teller()
        try:
            await asyncio.to_thread(work, lambda done, of: tell(f"indexing {done:,} of {of:,}"))
        finally:
            self.indexed.set()
            self.post_message(self.Told(""))
            await self.papers_changed()

    def _teller(self) -> Tell:
        """Return what a thread says with how far it is; it is stopped there when the reader leaves.

        Only now and then is it said.
        """
        last = 0.0

        def tell(words: str) -> None:
            nonlocal last
            if self.leaving:
                raise Leaving
            if time.monotonic() - last > OFTEN:
                last = time.monotonic()
                self.post_message(self.Told(words))

        return tell

    @on(Told)
    def _show_progress(self, told: Told) -> None:
        self.status.progress = told.words
