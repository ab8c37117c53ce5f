"""Editing: papers edited, added, removed and split by hand."""

import asyncio
from typing import TYPE_CHECKING

from index.text.cleaning import format_count
from tui.commands.asking import ask
from tui.commands.command import MARKING, CommandGroup
from tui.commands.targets import target_keys

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

editing = CommandGroup(MARKING)


@editing.command()
async def edit_paper(reader: "MainScreen") -> None:
    """Edit paper: change it as BibTeX."""
    from tui.screens.dialogs.notes import NoteDialog

    await reader.presenter.settled()
    if not reader.current:
        return
    key = reader.current.key
    work = reader.library.editing
    text = await asyncio.to_thread(work.text, key)

    def answered(answer: str | None) -> None:
        if answer is not None:
            reader.marks.run(lambda: work.edit_text(key, answer), edits=True)

    await ask(reader, NoteDialog("Edit this paper", text, check=work.parse), answered)


@editing.command()
async def add_paper(reader: "MainScreen") -> None:
    """Add paper: write it as BibTeX."""
    from index.editing import TEMPLATE
    from tui.screens.dialogs.notes import NoteDialog

    work = reader.library.editing

    def answered(answer: str | None) -> None:
        if answer is not None:
            reader.marks.run(lambda: work.add(work.parse(answer))[0], edits=True)

    await ask(reader, NoteDialog("Add a paper", TEMPLATE, check=work.parse), answered)


@editing.command()
async def remove_paper(reader: "MainScreen") -> None:
    """Remove paper: delete it and its marks, with undo."""
    keys = await target_keys(reader)
    if keys:
        reader.selection = frozenset()
        reader.footer.say(f"removing {format_count(len(keys), 'paper')}…")
        reader.marks.run(lambda: reader.library.editing.remove(keys), edits=True)


@editing.command()
async def records(reader: "MainScreen") -> None:
    """Records: what each source says of a paper, to split it."""
    from tui.screens.dialogs.records import RecordsDialog

    await reader.presenter.settled()
    if not reader.current:
        return
    key = reader.current.key
    found = await asyncio.to_thread(reader.library.duplicates.records, key)

    def answered(number: int | None) -> None:
        if number is not None:
            reader.marks.run(lambda: reader.library.duplicates.split(key, number), edits=True)

    await ask(reader, RecordsDialog(reader.current.title, found), answered)
