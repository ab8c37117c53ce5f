"""What a reader does to papers: bookmark, tag, note, mark read, and take it back."""

import asyncio
from collections import Counter
from collections.abc import Callable

from textual import work

from index.marks.changes import Bookmark, Change, Note, PaperMarks, Read, Tag
from index.papers.paper import PaperKey
from tui.screens.base import PaperScreen
from tui.screens.dialogs.marks import NoteDialog, TagDialog

Ids = tuple[str, ...]


class Marking(PaperScreen):
    """The actions on marks; each says what it did and which key takes it back.

    What papers an action means is settled when its key is pressed: the cursor may move on while it
    is carried out.
    """

    async def action_bookmark(self) -> None:
        """Bookmark papers, or take their bookmarks away where all have one."""
        self._switch(await self.meant(), Bookmark, "bookmark")

    async def action_read(self) -> None:
        """Mark papers read, or unread where all are read."""
        self._switch(await self.meant(), Read, "read")

    @work(group="marks", exit_on_error=False)
    async def _switch(
        self, keys: list[PaperKey], change: Callable[[Ids, bool], Change], kind: str
    ) -> None:
        def switched(ids: Ids) -> Change:
            return change(ids, not all(marks.values(kind) for marks in self.library.marks.of(ids)))

        await self._apply(keys, switched)

    async def action_tag(self) -> None:
        """Ask for tags and give them to papers."""
        keys = await self.meant()
        if not keys:
            return
        tags = await asyncio.to_thread(self.library.marks.tags)

        def answered(answer: str | None) -> None:
            if answer:
                self._change(keys, lambda ids: Tag(ids, add=tuple(answer.split())))

        await self.ask(TagDialog(f"Tag {_papers(keys)}", tags), answered)

    async def action_untag(self) -> None:
        """Ask for tags, of those the papers have, and take them away."""
        keys = await self.meant()
        marks = await asyncio.to_thread(self._marks_of, keys)
        held = Counter(tag for each in marks for tag in each.values("tag"))
        if not held:
            self.say("no tag to take away")
            return

        def answered(answer: str | None) -> None:
            if answer:
                self._change(keys, lambda ids: Tag(ids, remove=tuple(answer.split())))

        await self.ask(TagDialog(f"Untag {_papers(keys)}", held, known=True), answered)

    async def action_note(self) -> None:
        """Ask for a note on papers."""
        keys = await self.meant()
        if not keys:
            return
        marks = await asyncio.to_thread(self._marks_of, keys)
        notes = {"\n\n".join(each.values("note")) for each in marks}
        below = len(notes) > 1  # each keeps its own
        title = f"Add to the notes on {_papers(keys)}" if below else f"Note on {_papers(keys)}"

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._change(keys, lambda ids: Note(ids, answer, below))

        await self.ask(NoteDialog(title, "" if below else notes.pop() if notes else ""), answered)

    @work(group="marks", exit_on_error=False)
    async def _change(self, keys: list[PaperKey], change: Callable[[Ids], Change]) -> None:
        await self._apply(keys, change)

    async def _apply(self, keys: list[PaperKey], change: Callable[[Ids], Change]) -> None:
        """Change marks of papers, after the changes asked for before, and say so."""
        if not keys:
            return
        async with self.marking:
            try:
                done = await asyncio.to_thread(
                    lambda: self.library.apply(change(tuple(self.library.ids(keys))))
                )
                if done.papers:
                    self.say(done.words, then=self.hint("undo", "undoes"))
                else:
                    self.say("nothing to change")
            finally:
                await self.marks_changed()

    def _marks_of(self, keys: list[PaperKey]) -> list[PaperMarks]:
        return self.library.marks.of(self.library.ids(keys))

    def action_undo(self) -> None:
        """Take the last change back."""
        self._travel(back=True)

    def action_redo(self) -> None:
        """Make the last change taken back stand again."""
        self._travel(back=False)

    @work(group="marks", exit_on_error=False)
    async def _travel(self, *, back: bool) -> None:
        async with self.marking:
            try:
                step = self.library.undo if back else self.library.redo
                entry = await asyncio.to_thread(step)
                if entry is None:
                    self.say("nothing to undo" if back else "nothing to redo")
                else:
                    self.say(f"{'undone' if back else 'done again'}: {entry.told}")
            finally:
                if await asyncio.to_thread(
                    self.library.index.behind
                ):  # papers were merged or parted
                    await self.papers_changed()
                    self.catch_up()
                await self.marks_changed()


def _papers(keys: list[PaperKey]) -> str:
    return "this paper" if len(keys) == 1 else f"{len(keys):,} papers"
