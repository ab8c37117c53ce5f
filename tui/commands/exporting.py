"""Copies, links and exports of papers."""

import asyncio
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from index.text.cleaning import format_count, one_line, shown_path
from tui.commands.asking import ask
from tui.commands.command import EXPORTING, CommandGroup
from tui.commands.targets import end_range, selected_in_order, target_keys

if TYPE_CHECKING:
    from index.papers.paper import PaperKey
    from tui.screens.dialogs.files import ExportChoice
    from tui.screens.main import MainScreen

exporting = CommandGroup(EXPORTING)

MAX_COPIED_PAPERS = 200
"""Papers copied at once; more do not fit into a terminal's clipboard."""


@exporting.command("y", label="copy", panes="papers paper")
async def copy(reader: "MainScreen") -> None:
    """Copy: y title and link, t title, a abstract, u URL, b BibTeX, m Markdown, i id."""
    from tui import copying
    from tui.screens.dialogs.choices import KeyMenu
    from tui.screens.dialogs.texts import TextScreen

    keys = await target_keys(reader)
    library = reader.library
    papers = await asyncio.to_thread(lambda: library.papers(library.ids(keys[:MAX_COPIED_PAPERS])))
    if not papers:
        return
    of = ""
    if len(keys) > 1:
        of = f" of {'the first ' if len(papers) < len(keys) else ''}{len(papers)} papers"

    def answered(key: str | None) -> None:
        if key == "v":
            reader.app.push_screen(TextScreen("Copied", reader.app.clipboard or "nothing yet"))
        elif key:
            text = copying.copy_text(papers, key, reader.config.style)
            reader.footer.start(partial(_copy, reader, text, copying.CHOICES[key], of), "copy")

    await ask(reader, KeyMenu("copy", {**copying.CHOICES, "v": "view the last copy"}), answered)


async def _copy(reader: "MainScreen", text: str, what: str, of: str) -> None:
    """Copy to the terminal's and the system's clipboard, and report which were used."""
    from tui.platform import clipboard

    if not text:
        reader.footer.say(f"no {what} to copy")
        return
    if reader.app.is_web:  # the page passes OSC 52 on
        reader.app.copy_to_clipboard(text)
        message = f"copied {what}{of} to the clipboard of the browser"
        reader.footer.say(message, reader.keys.hint("copy", "view", "v"))
        return
    terminal = clipboard.to_terminal(reader.app, text)
    system = await asyncio.to_thread(clipboard.to_system, text)
    used = [*(["terminal (OSC 52)"] if terminal else []), *(["system"] if system else [])]
    if used:
        message = f"copied {what}{of} to the {' and '.join(used)} clipboard"
    else:
        message = f"{what}{of}: too long for the terminal's clipboard"
    reader.footer.say(message, "" if system else reader.keys.hint("copy", "view", "v"))


@exporting.command("o", label="open", panes="paper")
async def browse(reader: "MainScreen") -> None:
    """Open in the browser."""
    from tui.screens.dialogs.choices import KeyMenu

    if not await target_keys(reader):
        return
    links = reader.current.links if reader.current else ()
    if not links:
        reader.footer.say("this paper has no link")
    elif len(links) == 1:
        browse_link(reader, links[0])
    else:
        by_key = {str(number): link for number, link in enumerate(links[:9], 1)}

        def answered(key: str | None) -> None:
            if key:
                browse_link(reader, by_key[key])

        await ask(reader, KeyMenu("open", by_key), answered)


def browse_link(reader: "MainScreen", link: str) -> None:
    """Open a link in the browser, in the background."""
    reader.footer.start(partial(_browse, reader, link), "browse")


async def _browse(reader: "MainScreen", link: str) -> None:
    from tui.platform import browser

    if reader.app.is_web:
        if error := browser.link_error(link):
            reader.footer.say(error)
        else:
            reader.app.open_url(link)
            reader.footer.say(f"opened {link}")
        return
    error = await asyncio.to_thread(browser.open_link, link, reader.config.opener)
    reader.footer.say(error or f"opened {link}")


@exporting.command("x")
async def export(reader: "MainScreen") -> None:
    """Export the selection, or the bookmarks."""
    from tui.screens.dialogs.files import DownloadDialog, ExportDialog

    keys, what = await selected_in_order(reader), "selection"
    end_range(reader)
    if not keys:
        await reader.marks.settled()
        results = await asyncio.to_thread(reader.library.search, "is:bookmarked", limit=0)
        keys, what = await asyncio.to_thread(results.paper_keys), "bookmarks"
    if not keys:
        reader.footer.say("nothing to export: select papers, or bookmark them")
        return
    folder = Path(reader.config.export_folder).expanduser()
    count = format_count(len(keys), "paper")

    def answered(choice: "ExportChoice | None") -> None:
        if choice:
            reader.footer.start(partial(_export, reader, keys, count, choice), "export")

    dialog = DownloadDialog if reader.app.is_web else ExportDialog
    path = folder / f"carrel-{what}.bib"
    await ask(reader, dialog(f"{count} ({what})", path, "bibtex"), answered)


async def _export(
    reader: "MainScreen", keys: "list[PaperKey]", count: str, choice: "ExportChoice"
) -> None:
    library, style = reader.library, reader.config.style

    def write() -> None:
        ids = library.ids(keys)
        library.export_file(ids, choice.path, choice.format, style, overwrite=choice.overwrite)

    def text() -> str:
        return "".join(library.export(library.ids(keys), choice.format, style))

    if reader.app.is_web:
        exported = StringIO(await asyncio.to_thread(text))
        reader.app.deliver_text(exported, save_filename=choice.path.name)
        reader.footer.say(f"exported {count} to {choice.path.name} in the downloads of the browser")
    else:
        await asyncio.to_thread(write)
        reader.footer.say(f"exported {count} to {choice.path}")


@exporting.command()
async def keep_file(reader: "MainScreen") -> None:
    """Kept file: write this search, or the bookmarks, to a file now and after every change."""
    from tui.screens.dialogs.files import ExportDialog

    await reader.presenter.settled()
    query = reader.query_text.strip() or "is:bookmarked"
    folder = Path(reader.config.export_folder).expanduser()

    def answered(choice: "ExportChoice | None") -> None:
        if choice:
            reader.footer.start(partial(_keep, reader, query, choice), "export")

    dialog = ExportDialog(one_line(query, 40), folder / "carrel-kept.bib", "bibtex", verb="Keep")
    await ask(reader, dialog, answered)


async def _keep(reader: "MainScreen", query: str, choice: "ExportChoice") -> None:
    kept, style = reader.library.kept, reader.config.style

    def write() -> str:
        file = kept.add(choice.path, choice.format, style, query=query, overwrite=choice.overwrite)
        return f"keeping {shown_path(str(file.path))}: {format_count(file.papers, 'paper')}"

    reader.footer.say(await asyncio.to_thread(write))


@exporting.command()
async def kept_files(reader: "MainScreen") -> None:
    """Kept files: list them, with what could not be written."""
    from tui.screens.dialogs.texts import TextScreen

    kept = reader.library.kept

    def describe() -> str:
        return "\n\n".join(
            f"{shown_path(str(file.path))}\n  {file.query or 'all papers'}\n  "
            + (file.problem or f"{format_count(file.papers, 'paper')} · {kept.state(file)}")
            for file in kept.all()
        )

    text = await asyncio.to_thread(describe)
    if text:
        reader.app.push_screen(TextScreen("Kept files", text))
    else:
        reader.footer.say("no kept files", reader.keys.hint("palette", "keep a file"))
