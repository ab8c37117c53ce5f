"""Marking: bookmarks, tags, notes and read states of papers, and taking changes back."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from index.marks.changes import Bookmark, Note, Read, Tag
from index.text.cleaning import format_count
from tui.commands.asking import ask
from tui.commands.command import MARKING, CommandGroup
from tui.commands.targets import target_keys

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

marking = CommandGroup(MARKING)


@marking.command("b", label="bookmark")
async def bookmark(reader: "MainScreen") -> None:
    """Bookmark, or take the bookmark away."""
    reader.marks.toggle(await target_keys(reader), Bookmark, "bookmark")


@marking.command("t", label="tag")
async def tag(reader: "MainScreen") -> None:
    """Tag."""
    from tui.screens.dialogs.marks import TagDialog

    keys = await target_keys(reader)
    if not keys:
        return
    tags = await asyncio.to_thread(reader.library.marks.tags)

    def answered(answer: str | None) -> None:
        if answer:
            reader.marks.change(keys, lambda ids: Tag(ids, add=tuple(answer.split())))

    await ask(reader, TagDialog(f"Tag {_papers(keys)}", tags), answered)


@marking.command("T")
async def untag(reader: "MainScreen") -> None:
    """Untag."""
    from tui.screens.dialogs.marks import TagDialog

    keys = await target_keys(reader)
    held = Counter(tag for marks in await reader.marks.of(keys) for tag in marks.values("tag"))
    if not held:
        reader.say("no tag to take away")
        return

    def answered(answer: str | None) -> None:
        if answer:
            reader.marks.change(keys, lambda ids: Tag(ids, remove=tuple(answer.split())))

    await ask(reader, TagDialog(f"Untag {_papers(keys)}", held, known=True), answered)


@marking.command("r", label="read")
async def read(reader: "MainScreen") -> None:
    """Mark read, or unread."""
    reader.marks.toggle(await target_keys(reader), Read, "read")


@marking.command("e")
async def note(reader: "MainScreen") -> None:
    """Write a note."""
    from tui.screens.dialogs.marks import NoteDialog

    keys = await target_keys(reader)
    if not keys:
        return
    notes = {"\n\n".join(marks.values("note")) for marks in await reader.marks.of(keys)}
    below = len(notes) > 1  # each keeps its own
    title = f"Add to the notes on {_papers(keys)}" if below else f"Note on {_papers(keys)}"

    def answered(answer: str | None) -> None:
        if answer is not None:
            reader.marks.change(keys, lambda ids: Note(ids, answer, below))

    await ask(reader, NoteDialog(title, "" if below else notes.pop() if notes else ""), answered)


def _papers(keys: Sequence[int]) -> str:
    return "this paper" if len(keys) == 1 else f"{len(keys):,} papers"


# -- tags as a whole -------------------------------------------------------------------------------


@marking.command()
async def rename_tag(reader: "MainScreen") -> None:
    """Rename a tag, and those below it."""
    from tui.screens.dialogs.words import RenameDialog

    def picked(old: str) -> None:
        def named(new: str | None) -> None:
            if new and new != old:
                reader.marks.run(
                    lambda: reader.library.marks.rename_tag(old, new),
                    lambda: _searches_with(reader, old),
                )

        reader.app.push_screen(RenameDialog(old, reader.library.marks.tags()), named)

    await _pick_tag(reader, "Rename a tag", "goes on", picked)


@marking.command()
async def delete_tag(reader: "MainScreen") -> None:
    """Delete a tag, and those below it."""

    def picked(name: str) -> None:
        reader.marks.run(
            lambda: reader.library.marks.delete_tag(name), lambda: _searches_with(reader, name)
        )

    await _pick_tag(reader, "Delete a tag", "deletes it, and those below it", picked)


def _searches_with(reader: "MainScreen", name: str) -> str:
    searches = reader.library.marks.searches_with_tag(name)
    return f"; saved searches name it still: {', '.join(searches)}" if searches else ""


async def _pick_tag(
    reader: "MainScreen", title: str, does: str, picked: Callable[[str], None]
) -> None:
    """Ask for one of the tags."""
    from tui.screens.dialogs.choices import PickDialog

    tags = await asyncio.to_thread(reader.library.marks.tags)
    if not tags:
        reader.say("no paper has a tag yet")
        return

    def answered(name: str | None) -> None:
        if name:
            picked(name)

    counts = {name: format_count(papers, "paper") for name, papers in tags.items()}
    await ask(reader, PickDialog(title, counts, does), answered)


# -- taking changes back ---------------------------------------------------------------------------


@marking.command("u", label="undo")
def undo(reader: "MainScreen") -> None:
    """Undo."""
    reader.marks.undo()


@marking.command("ctrl+r")
def redo(reader: "MainScreen") -> None:
    """Redo."""
    reader.marks.redo()
