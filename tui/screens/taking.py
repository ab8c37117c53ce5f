"""What a reader takes in and away: copies, links, exports, imports; and the index rebuilt."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from textual import events, on, work
from textual.message import Message

from index.importing.report import ImportProgress, ImportReport
from index.importing.service import ImportRequest
from index.papers.paper import PaperKey
from index.text.cleaning import counted
from tui import copying
from tui.platform import browser, clipboard
from tui.platform.dropped import paths_in
from tui.screens.base import PaperScreen
from tui.screens.dialogs.choices import KeyMenu
from tui.screens.dialogs.files import ExportChoice, ExportDialog, PathDialog
from tui.screens.dialogs.texts import ReportScreen, TextScreen
from tui.wording import pace

OFTEN = 0.1
"""Seconds between two words of progress."""

MOST_COPIED = 200

Tell = Callable[[str], None]
Progress = Callable[[int, int], None]


class Leaving(BaseException):
    """Ends work in a thread when the reader leaves; no fault, so nothing mends or retries it."""


class Stopped(Leaving):
    """Ends it when the reader says so."""


class Taking(PaperScreen):
    """The actions that carry papers over the edge of the screen."""

    _stop = False  # what is under way is to end
    _report: ImportReport | None = None  # of the last import
    _no_index = False  # the index could not be brought up to date, and is not tried again by itself

    class Told(Message):
        """A thread says how far it is; "" when it is done."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    async def action_copy(self) -> None:
        """Ask what to copy, and copy it to both clipboards."""
        keys = await self.meant()
        papers = await asyncio.to_thread(self.rows, keys[:MOST_COPIED])
        if not papers:
            return
        of = ""
        if len(keys) > 1:
            of = f" of {'the first ' if len(papers) < len(keys) else ''}{len(papers)} papers"

        def answered(key: str | None) -> None:
            if key == "v":
                self.app.push_screen(TextScreen("Copied", self.app.clipboard or "nothing yet"))
            elif key:
                self._copy(
                    copying.text_of(papers, key, self.config.style), copying.CHOICES[key], of
                )

        await self.ask(KeyMenu("copy", {**copying.CHOICES, "v": "view the last copy"}), answered)

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
        if not keys:
            results = await asyncio.to_thread(self.library.search, "is:bookmarked", limit=0)
            keys, what = results.paper_keys(), "bookmarks"
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
    async def _export(self, keys: list[PaperKey], count: str, choice: ExportChoice) -> None:
        write, style = self.library.export_file, self.config.style
        ids = await asyncio.to_thread(self.library.ids, keys)
        await asyncio.to_thread(
            write, ids, choice.path, choice.format, style, overwrite=choice.overwrite
        )
        self.say(f"exported {count} to {choice.path}")

    def selected_in_order(self) -> list[PaperKey]:
        """The keys of the selection, in the order the papers are shown in."""
        raise NotImplementedError

    # -- in the background -------------------------------------------------------------------------

    async def action_import(self) -> None:
        """Ask for files or folders, and import them."""

        def answered(paths: tuple[str, ...] | None) -> None:
            if paths:
                self.bring_in(*paths)

        await self.ask(PathDialog(), answered)

    def on_paste(self, event: events.Paste) -> None:
        """Import the files whose paths are pasted, as terminals do with those dropped on them."""
        event.stop()
        paths = paths_in(event.text)
        if paths:
            self.bring_in(*paths)
        else:
            self.say("what was pasted is no file here", self.hint("search", "searches"))

    def action_import_report(self) -> None:
        """Show what became of the files imported last."""
        if self._report:
            self.app.push_screen(ReportScreen(self._report))
        else:
            self.say("nothing was imported since Carrel started")

    @work(group="import", exit_on_error=False)
    async def bring_in(self, *paths: str) -> None:
        """Import files and folders in the background, with progress on the status line."""
        tell, started = self._teller(), time.monotonic()
        self.say("")
        log = self.library.marks.log
        before = await asyncio.to_thread(log, 1)

        def step(at: ImportProgress) -> None:
            share = at.bytes_done / at.bytes_total if at.bytes_total else 0.0
            rate = pace(at.papers, time.monotonic() - started, share)
            tell(
                " · ".join(filter(None, (f"importing {at.papers:,} papers", f"{share:.0%}", rate)))
            )

        try:
            request = ImportRequest(paths)
            report = await asyncio.to_thread(self.library.import_files, request, step=step)
        except Stopped:
            self.say("import stopped; what came in stays, and import takes it up again")
            return
        finally:
            self.post_message(self.Told(""))
            await self.papers_changed()
        await self._index(self.library.index.sync)
        self.follow()
        changed = await asyncio.to_thread(log, 1) != before
        self.say(report.in_words(), self.hint("undo", "undoes its marks") if changed else "")
        self._report = report
        # Over a dialog it would take the keys of somebody who is writing.
        if (report.total("skipped") or len(report.files) > 1) and self.app.screen is self:
            self.action_import_report()

    def action_stop(self) -> None:
        """Stop what is under way in the background: an import, a fetch, work on the index."""
        self._stop = self._at_work()
        if not self._stop:
            self.say("nothing is under way")

    @work(group="import", exit_on_error=False)
    async def action_rebuild(self) -> None:
        """Build the search index anew, in the background."""
        started = time.monotonic()
        await self._index(self.library.rebuild)
        self.say(f"search index rebuilt in {time.monotonic() - started:.1f} s")
        self.follow()

    def catch_up(self) -> None:
        """Bring the index up to date in the background, unless that is under way or cannot be."""
        if not self._at_work() and not self._no_index:
            self._catch_up()

    @work(group="import", exit_on_error=False)
    async def _catch_up(self) -> None:
        if await asyncio.to_thread(self.library.index.behind):
            await self._index(self.library.index.sync)
        await asyncio.to_thread(self.library.warm_up)
        self.follow()

    @work(exclusive=True, group="facets", exit_on_error=False)
    async def follow(self) -> None:
        """Count what papers have and speak of in the background, then show it in the filters."""
        if await asyncio.to_thread(self.library.catalogue.is_current):
            return
        tell = self._teller()
        try:
            await asyncio.to_thread(
                self.library.catalogue.sync,
                lambda done, of: tell(f"reading for topics {done:,} of {of:,}"),
            )
        except Stopped:
            self.say("topics are those counted last; the next start counts on")
        finally:
            self.post_message(self.Told(""))
            await self.count_facets()

    def _at_work(self) -> bool:
        return any(w.group == "import" and not w.is_finished for w in self.workers)

    async def _index(self, work: Callable[[Progress], None]) -> None:
        """Work on the index in a thread, then ask the query anew."""
        tell, started = self._teller(), time.monotonic()

        def step(done: int, total: int) -> None:
            rate = pace(done, time.monotonic() - started, done / max(1, total))
            tell(" · ".join(filter(None, (f"indexing {done:,} of {total:,}", rate))))

        self._no_index = True
        try:
            await asyncio.to_thread(work, step)
            self._no_index = False
        except Stopped:
            self.say("the index was stopped; words are looked up without it")
        finally:
            self.post_message(self.Told(""))
            await self.papers_changed()

    def _teller(self) -> Tell:
        """Return what a thread says with how far it is; it is stopped there when the reader leaves.

        Only now and then is it said.
        """
        last = 0.0
        self._stop = False

        def tell(words: str) -> None:
            nonlocal last
            if self.leaving:
                raise Leaving
            if self._stop:
                raise Stopped
            if time.monotonic() - last > OFTEN:
                last = time.monotonic()
                self.post_message(self.Told(words))

        return tell

    @on(Told)
    def _show_progress(self, told: Told) -> None:
        self.status.progress = told.words
