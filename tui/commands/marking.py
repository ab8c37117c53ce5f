"""Marking: bookmarks, tags, notes and read states of papers, with undo and redo."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from index.marks.changes import Bookmark, Dismissed, Later, MoveInQueue, Note, Read, Tag
from index.text.cleaning import format_count
from tui.commands.asking import ask
from tui.commands.command import MARKING, CommandGroup
from tui.commands.targets import target_keys

if TYPE_CHECKING:
    from index import Paper
    from index.marks.changes import Change
    from index.papers.paper import PaperKey
    from tui.controllers.marks import Ids
    from tui.screens.main import MainScreen

marking = CommandGroup(MARKING)


@marking.command("b", label="★", panes="papers paper")
async def bookmark(reader: "MainScreen") -> None:
    """Bookmark, or remove the bookmark."""
    await _toggle(reader, Bookmark, "bookmark", lambda paper: paper.bookmarked)


@marking.command("t", label="tag", panes="papers paper")
async def tag(reader: "MainScreen") -> None:
    """Tag: add tags, or remove some."""
    keys = await target_keys(reader)
    if keys:
        await _change_tags(reader, keys, await _own_tags(reader, keys), "Tag")


@marking.command("T")
async def untag(reader: "MainScreen") -> None:
    """Remove tags."""
    keys = await target_keys(reader)
    own = await _own_tags(reader, keys)
    if own:
        await _change_tags(reader, keys, own, "Remove tags of", removes=True)
    else:
        reader.footer.say("no tags to remove")


async def _own_tags(reader: "MainScreen", keys: Sequence["PaperKey"]) -> Counter[str]:
    """Return how many of some papers have each tag, by name."""
    marks = await reader.marks.of(keys)
    return Counter(sorted(tag for each in marks for tag in each.values("tag")))


async def _change_tags(
    reader: "MainScreen",
    keys: Sequence["PaperKey"],
    own: Counter[str],
    verb: str,
    *,
    removes: bool = False,
) -> None:
    from tui.screens.dialogs.tags import TagDialog

    tags = await asyncio.to_thread(reader.library.marks.tags_by_use)

    def answered(answer: str | None) -> None:
        words = (answer or "").split()
        add = tuple(word[1:] for word in words if word[0] == "+")
        remove = tuple(word[1:] for word in words if word[0] == "-")
        if words:
            reader.marks.change(keys, lambda ids: Tag(ids, add, remove))

    title = f"{verb} {_describe_papers(keys)}"
    await ask(reader, TagDialog(title, tags, own, len(keys), removes=removes), answered)


@marking.command("r")
async def read(reader: "MainScreen") -> None:
    """Mark as read, or as unread."""
    await _toggle(reader, Read, "read", lambda paper: paper.read)


@marking.command("d", label="dismiss", panes="papers")
async def dismiss(reader: "MainScreen") -> None:
    """Dismiss, or end the dismissal."""
    await _toggle(reader, Dismissed, "dismissed", lambda paper: paper.dismissed)


@marking.command("w")
async def later(reader: "MainScreen") -> None:
    """Add to the papers to read later, or remove."""
    await _toggle(reader, Later, "later", lambda paper: paper.later is not None)


@marking.command("alt+up")
async def later_up(reader: "MainScreen") -> None:
    """Move up among the papers to read later."""
    reader.marks.change(await target_keys(reader), lambda ids: MoveInQueue(ids, -1))


@marking.command("alt+down")
async def later_down(reader: "MainScreen") -> None:
    """Move down among the papers to read later."""
    reader.marks.change(await target_keys(reader), lambda ids: MoveInQueue(ids, 1))


@marking.command("e", label="note", panes="paper")
async def note(reader: "MainScreen") -> None:
    """Edit the note."""
    from tui.screens.dialogs.notes import NoteDialog

    keys = await target_keys(reader)
    if not keys:
        return
    notes = {"\n\n".join(marks.values("note")) for marks in await reader.marks.of(keys)}
    append = len(notes) > 1  # different notes are not overwritten
    verb = "Add to the notes on" if append else "Note on"

    def answered(answer: str | None) -> None:
        if answer is not None:
            reader.marks.change(keys, lambda ids: Note(ids, answer, append))

    text = "" if append else notes.pop() if notes else ""
    await ask(reader, NoteDialog(f"{verb} {_describe_papers(keys)}", text), answered)


async def _toggle(
    reader: "MainScreen",
    change: "Callable[[Ids, bool], Change]",
    kind: str,
    has: "Callable[[Paper], bool]",
) -> None:
    """Set or remove a mark, whichever changes what the list shows."""
    keys = await target_keys(reader)
    shown = {paper.key: has(paper) for paper in reader.papers.cached(keys)}
    reader.marks.toggle(keys, shown, change, kind)


def _describe_papers(keys: Sequence[int]) -> str:
    return "this paper" if len(keys) == 1 else f"{len(keys):,} papers"


# -- tags of the library ---------------------------------------------------------------------------


@marking.command()
async def rename_tag(reader: "MainScreen") -> None:
    """Rename a tag and the tags below it."""
    from tui.screens.dialogs.words import RenameDialog

    def picked(old: str) -> None:
        def answered(new: str | None) -> None:
            if new and new != old:
                reader.marks.run(
                    lambda: reader.library.marks.rename_tag(old, new),
                    lambda: _describe_searches(reader, old),
                )

        reader.app.push_screen(RenameDialog(old, reader.library.marks.tags()), answered)

    await _pick_tag(reader, "Rename a tag", "continue", picked)


@marking.command()
async def delete_tag(reader: "MainScreen") -> None:
    """Delete a tag and the tags below it."""

    def picked(name: str) -> None:
        reader.marks.run(
            lambda: reader.library.marks.delete_tag(name), lambda: _describe_searches(reader, name)
        )

    await _pick_tag(reader, "Delete a tag and the tags below it", "delete", picked)


def _describe_searches(reader: "MainScreen", tag: str) -> str:
    """Return a message about the saved searches that still use a tag."""
    searches = reader.library.marks.searches_with_tag(tag)
    return f"; saved searches still use it: {', '.join(searches)}" if searches else ""


async def _pick_tag(
    reader: "MainScreen", title: str, verb: str, picked: Callable[[str], None]
) -> None:
    """Ask for one of the tags."""
    from tui.screens.dialogs.choices import PickDialog

    tags = await asyncio.to_thread(reader.library.marks.tags)
    if not tags:
        reader.footer.say("no tags yet")
        return

    def answered(name: str | None) -> None:
        if name:
            picked(name)

    counts = {name: format_count(papers, "paper") for name, papers in tags.items()}
    await ask(reader, PickDialog(title, counts, verb), answered)


# -- undo and redo ---------------------------------------------------------------------------------


@marking.command("u")
def undo(reader: "MainScreen") -> None:
    """Undo."""
    reader.marks.undo()


@marking.command("ctrl+r")
def redo(reader: "MainScreen") -> None:
    """Redo."""
    reader.marks.redo()
