"""How a library is kept tidy: duplicates are looked at, tags renamed and deleted."""

import asyncio
from collections.abc import Callable

from textual import work

from index.marks.changes import Done
from index.text.cleaning import counted
from tui.screens.base import PaperScreen
from tui.screens.dialogs.choices import PickDialog
from tui.screens.dialogs.words import RenameDialog
from tui.screens.duplicates import DuplicatesScreen


class Tidying(PaperScreen):
    """The actions on duplicates, and on tags as a whole."""

    async def action_duplicates(self) -> None:
        """Show papers that are likely one, side by side."""

        def answered(changed: bool | None) -> None:
            if changed:
                self._tidied()

        await self.ask(DuplicatesScreen(self.library, self.marking), answered)

    @work(group="tidying", exit_on_error=False)
    async def _tidied(self) -> None:
        """Show what there is after papers were merged; those that are gone are selected no more."""
        if self.selection:
            there = await asyncio.to_thread(self.library.duplicates.surviving, self.selection)
            self.selection = frozenset(there)
        await self.papers_changed()
        self.catch_up()

    async def action_rename_tag(self) -> None:
        """Ask for a tag and its new name."""

        def picked(old: str) -> None:
            def named(new: str | None) -> None:
                if new and new != old:
                    self._turn_tag(old, lambda: self.library.marks.rename_tag(old, new))

            tags = self.library.marks.tags()
            self.app.push_screen(RenameDialog(old, tags), named)

        await self._pick_tag("Rename a tag", "goes on", picked)

    async def action_delete_tag(self) -> None:
        """Ask for a tag, and take it from every paper."""

        def picked(name: str) -> None:
            self._turn_tag(name, lambda: self.library.marks.delete_tag(name))

        await self._pick_tag("Delete a tag", "deletes it, and those below it", picked)

    async def _pick_tag(self, title: str, does: str, picked: Callable[[str], None]) -> None:
        tags = await asyncio.to_thread(self.library.marks.tags)
        if not tags:
            self.say("no paper has a tag yet")
            return

        def answered(name: str | None) -> None:
            if name:
                picked(name)

        told = {name: counted(papers, "paper") for name, papers in tags.items()}
        await self.ask(PickDialog(title, told, does), answered)

    @work(group="marks", exit_on_error=False)
    async def _turn_tag(self, name: str, turn: Callable[[], Done]) -> None:
        async with self.marking:
            try:
                searches = await asyncio.to_thread(self.library.marks.searches_with_tag, name)
                done = await asyncio.to_thread(turn)
                still = f"; saved searches name it still: {', '.join(searches)}" if searches else ""
                self.say(f"{done.words}{still}", then=self.hint("undo", "undoes"))
            finally:
                await self.marks_changed()
