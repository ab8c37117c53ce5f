"""Commands of the library: duplicates, imports, fetches, and the index."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from index.text.cleaning import format_count
from tui.commands.asking import ask
from tui.commands.command import LIBRARY, CommandGroup

if TYPE_CHECKING:
    from index.fetch import Wanted
    from index.importing.report import ImportReport
    from tui.screens.dialogs.words import WordsDialog
    from tui.screens.main import MainScreen

library = CommandGroup(LIBRARY)


@library.command()
async def duplicates(reader: "MainScreen") -> None:
    """Duplicates: review likely duplicates side by side."""
    from tui.screens.dialogs.records import RecordsDialog
    from tui.screens.duplicates import DuplicatesScreen

    def answered(changed: bool | None) -> None:
        if changed:
            reader.footer.start(partial(_refresh_after_merge, reader), "duplicates")

    await ask(reader, DuplicatesScreen(reader.library, reader.marks.lock, RecordsDialog), answered)


async def _refresh_after_merge(reader: "MainScreen") -> None:
    """Show the papers after a merge; deleted papers are no longer selected."""
    if reader.selection:
        surviving = reader.library.duplicates.surviving
        reader.selection = frozenset(await asyncio.to_thread(surviving, reader.selection))
    reader.papers_changed()


@library.command()
def statistics(reader: "MainScreen") -> None:
    """Statistics: papers by year, venue and tag, and reading by week."""
    from tui.screens.stats import StatsScreen

    if reader.results:
        reader.app.push_screen(StatsScreen(reader.library, reader.results))


@library.command(name="import")
async def import_files(reader: "MainScreen") -> None:
    """Import: add papers from files or a folder."""
    from tui.screens.dialogs.files import PathDialog

    def answered(paths: tuple[str, ...] | None) -> None:
        if paths:
            reader.library_jobs.import_files(*paths)

    await ask(reader, PathDialog(), answered)


def import_pasted(reader: "MainScreen", text: str) -> None:
    """Import the paths in a pasted text."""
    from tui.platform.dropped import parse_paths

    if paths := parse_paths(text):
        reader.library_jobs.import_files(*paths)
    else:
        hint = reader.keys.hint("search", "search")
        reader.footer.say("the pasted text is not a file", hint)


@library.command()
def import_report(reader: "MainScreen") -> None:
    """Import report: results of the last import."""
    from tui.screens.dialogs.texts import ReportScreen

    report = reader.library_jobs.report
    if report:
        reader.app.push_screen(ReportScreen(report))
    else:
        reader.footer.say("no imports since Carrel was started")


def show_import(reader: "MainScreen", report: "ImportReport", *, undoable: bool) -> None:
    """Show the outcome of an import: in a message, and as a report unless all went well."""
    undo = reader.keys.hint("undo", "undo its marks") if undoable else ""
    missing = without_authors(report)
    complete = reader.keys.hint("select_all", "complete them", reader.keys.key("enrich"))
    hint = undo or (complete if missing else "")
    reader.footer.say(f"{report.summary()}{missing}", hint, "undo" if undo else "")
    # Over a dialog, the report would take the keys of someone who is typing.
    if (report.total("skipped") or len(report.files) > 1) and reader.app.screen is reader:
        import_report(reader)


def without_authors(report: "ImportReport") -> str:
    """Return the end of a message about an import that added papers without authors, else ""."""
    count = report.without_authors
    if not count:
        return ""
    return f" · {format_count(count, 'paper')} {'has' if count == 1 else 'have'} no authors"


@library.command()
def fetch_daily(reader: "MainScreen") -> None:
    """Fetch: daily papers from Hugging Face."""
    from index.fetch import Daily

    fetch(reader, Daily())


def fetch(reader: "MainScreen", wanted: "Wanted") -> None:
    """Fetch papers in the background."""
    reader.library_jobs.fetch(wanted, reader.config.services)


@library.command()
async def fetch_arxiv(reader: "MainScreen") -> None:
    """Fetch: search arXiv…"""
    from index.fetch import ArxivSearch
    from tui.screens.dialogs.words import WordsDialog

    dialog = WordsDialog("Search arXiv", "cat:cs.CL AND abs:watermark", ArxivSearch)
    await _ask_and_fetch(reader, dialog)


@library.command()
async def fetch_paper(reader: "MainScreen") -> None:
    """Fetch: papers by arXiv id or DOI…"""
    from index.fetch import ByIdentifier
    from tui.screens.dialogs.words import WordsDialog

    dialog = WordsDialog(
        "Fetch papers by arXiv id or DOI",
        "1706.03762 10.1145/3292500.3330701",
        lambda words: ByIdentifier.parse(words.replace(",", " ").split()),
    )
    await _ask_and_fetch(reader, dialog)


async def _ask_and_fetch(reader: "MainScreen", dialog: "WordsDialog") -> None:
    if not reader.library_jobs.is_free():  # before the reader types anything
        return

    def answered(wanted: "Wanted | None") -> None:
        if wanted:
            fetch(reader, wanted)

    await ask(reader, dialog, answered)


@library.command()
def fetch_new(reader: "MainScreen") -> None:
    """Fetch: new papers since the last fetch."""
    from index.fetch import New

    fetch(reader, New())


@library.command()
def stop(reader: "MainScreen") -> None:
    """Stop importing, fetching, completing or indexing."""
    if not reader.jobs.stop():
        reader.footer.say("no job is running")


@library.command()
def rebuild(reader: "MainScreen") -> None:
    """Rebuild the search index."""
    reader.library_jobs.rebuild()
