"""What a reader does to papers: bookmark, tag, note, mark read, and take it back."""

import asyncio
from collections.abc import Callable

from textual import work

from index.changes import Bookmark, Change, Note, Read, Tag
from index.store import Entry
from tui.screens.base import PaperScreen
from tui.screens.dialogs import NoteDialog, TagDialog


class Marking(PaperScreen):
    """The actions on marks; each says what it did and that `u` takes it back."""

    def action_bookmark(self) -> None:
        """Bookmark papers, or take their bookmarks away where all have one."""
        self._mark(lambda ids, all_on: Bookmark(ids, not all_on), lambda paper: paper.bookmarked)

    def action_read(self) -> None:
        """Mark papers read, or unread where all are read."""
        self._mark(lambda ids, all_on: Read(ids, not all_on), lambda paper: paper.read)

    @work(group="marks")
    async def _mark(
        self, change: Callable[[tuple[str, ...], bool], Change], on: Callable[..., bool]
    ) -> None:
        keys = self.targets
        papers = await asyncio.to_thread(self.library.rows, keys)
        if papers:
            ids = tuple(paper.id for paper in papers)
            await self._apply(change(ids, all(on(paper) for paper in papers)))

    @work(group="dialog")
    async def action_tag(self) -> None:
        """Ask for tags and give them to papers."""
        keys = self.targets
        if not keys:
            return
        tags = await asyncio.to_thread(self.library.tags)
        answer = await self.app.push_screen_wait(TagDialog(f"Tag {_papers(keys)}", tags))
        if answer:
            await self._apply(Tag(tuple(self.library.ids(keys)), add=tuple(answer.split())))

    @work(group="dialog")
    async def action_untag(self) -> None:
        """Ask for tags, of those the papers have, and take them away."""
        keys = self.targets
        held: dict[str, int] = {}
        for paper in await asyncio.to_thread(self.library.rows, keys):
            for tag in paper.tags:
                held[tag] = held.get(tag, 0) + 1
        if not held:
            self.say("no tag to take away")
            return
        answer = await self.app.push_screen_wait(TagDialog(f"Untag {_papers(keys)}", held))
        if answer:
            await self._apply(Tag(tuple(self.library.ids(keys)), remove=tuple(answer.split())))

    @work(group="dialog")
    async def action_note(self) -> None:
        """Ask for a note on papers."""
        keys = self.targets
        if not keys:
            return
        notes = {paper.note for paper in await asyncio.to_thread(self.library.rows, keys)}
        text = notes.pop() if len(notes) == 1 else ""
        answer = await self.app.push_screen_wait(NoteDialog(f"Note on {_papers(keys)}", text))
        if answer is not None:
            await self._apply(Note(tuple(self.library.ids(keys)), answer))

    def action_undo(self) -> None:
        """Take the last change back."""
        self._travel(self.library.undo, "undone", "nothing to undo")

    def action_redo(self) -> None:
        """Make the last change taken back stand again."""
        self._travel(self.library.redo, "done again", "nothing to redo")

    @work(group="marks")
    async def _travel(self, step: Callable[[], Entry | None], verb: str, nothing: str) -> None:
        async def move() -> None:
            entry = await asyncio.to_thread(step)
            self.say(f"{verb}: {entry.words}" if entry else nothing)

        await self.attempt(move)
        await self.marks_changed()

    async def _apply(self, change: Change) -> None:
        async def apply() -> None:
            done = await asyncio.to_thread(self.library.apply, change)
            self.say(f"{done.words} · u undoes" if done.papers else "nothing to change")

        await self.attempt(apply)
        await self.marks_changed()


def _papers(keys: list[int]) -> str:
    return "this paper" if len(keys) == 1 else f"{len(keys):,} papers"
