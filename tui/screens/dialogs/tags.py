"""The dialog for tags: those of the papers and all others, each added or removed with one key."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from index.errors import CarrelError
from index.papers.tags import normalize_tag
from tui.fuzzy import Match
from tui.glyphs import SELECTED, TAG
from tui.screens.dialogs.filtering import DialogRow, FilterDialog, best_first, columns, lit
from tui.themes import DIM

SIGNS = {None: "", True: "+", False: "-"}
"""The sign of a change of a tag: none, added, removed."""


class TagDialog(FilterDialog[str]):
    """Asks for tags to add and remove; returns them signed, as in "+nlp/rag -toread".

    Enter toggles the highlighted tag and closes; Tab, Space and the mouse toggle more of them. A
    word before a space or a comma is a tag as typed.
    """

    BINDINGS = [Binding("tab", "toggle_tag", "toggle", show=False, priority=True)]
    PLACEHOLDER = "type to find or create a tag, as nlp/rag"

    def __init__(
        self,
        title: str,
        tags: Mapping[str, int],
        own: Mapping[str, int],
        papers: int,
        *,
        removes: bool = False,
    ) -> None:
        """Show the tags of the library and, first, those of the papers, with their counts.

        With `removes`, tags are only removed.
        """
        super().__init__(title)
        self.tags, self.own, self.papers, self.removes = tags, own, papers, removes
        self.changes: dict[str, bool] = {}  # whether a tag is added, or removed
        self.first = None
        self._picked = False  # whether the cursor was moved to the highlighted tag

    # -- rows --------------------------------------------------------------------------------------

    @property
    def word(self) -> str:
        """The text typed for a tag."""
        return self.query_one(Input).value.strip().lstrip("#+")

    def rows(self, typed: str) -> Sequence[DialogRow[str]]:
        """Return the tags that match, and a new one if it is none of them."""
        word = typed.strip().lstrip("#+")
        if not word:
            return list(self._all_rows())
        names = [*self._others(), *self._first()]  # an own tag comes after an equal match
        found = [self._row(names[at], how) for at, how in best_first(word, [[n] for n in names])]
        new = _normalized(word)
        if new and new not in names and not self.removes:
            found.append(self._row(new, Match(0)))
        return found

    def _all_rows(self) -> Iterator[DialogRow[str]]:
        first, others = self._first(), self._others()
        if first:
            these = "this paper" if self.papers == 1 else f"these {self.papers:,} papers"
            yield _heading(f"On {these}")
            yield from (self._row(name, Match(0)) for name in first)
        if first and others:
            yield _heading("Other tags, last used first")
        yield from (self._row(name, Match(0)) for name in others)

    def _first(self) -> list[str]:
        """Return the tags of the papers, and new ones."""
        return [*self.own, *(name for name in self.changes if not self._is_known(name))]

    def _others(self) -> list[str]:
        return [] if self.removes else [name for name in self.tags if name not in self.own]

    def _is_known(self, name: str) -> bool:
        return name in self.tags or name in self.own

    def _row(self, name: str, matched: Match) -> DialogRow[str]:
        return DialogRow(partial(self._paint, name, matched), name)

    def _paint(self, name: str, matched: Match, width: int) -> Content:
        has = self.own.get(name, 0)
        sign = SIGNS[self.changes.get(name)] or (
            SELECTED if has == self.papers else "·" * (has > 0)
        )
        above = name.rfind("/") + 1  # the tags above it are dim
        text = lit(name, matched).stylize_before(DIM, 0, above).stylize_before("$success")
        count = f"{self.tags.get(name, has):,}" if self._is_known(name) else "new"
        if 0 < has < self.papers:
            count = f"on {has:,} of {self.papers:,}"
        return columns(
            (Content.styled(sign, "bold $accent"), 1),
            (Content.assemble((TAG, DIM), text), width - 16),
            (Content.styled(count.rjust(12), DIM), 12),
        )

    def hint(self, row: DialogRow[str] | None) -> Content:
        """Return what Enter does, and the changes so far."""
        planned = " ".join(f"{SIGNS[on]}{name}" for name, on in self.changes.items())
        does = "apply" if planned else "close"
        if name := self._pending(row):
            does = f"{self._verb(name)} {TAG}{name}"
        changes = Content.assemble("  ", (planned, "bold $success")) if planned else Content("")
        return Content.assemble(f"Enter {does}", changes, " · Tab toggle · Esc cancel")

    # -- changes -----------------------------------------------------------------------------------

    def _next(self, name: str) -> bool | None:
        """Return the next change of a tag: add, remove, or none."""
        has = self.own.get(name, 0)
        choices: list[bool | None] = [None, *([] if has == self.papers else [True])]
        choices += [False] if has else []
        if self.removes:
            choices = [None, False]
        return choices[(choices.index(self.changes.get(name)) + 1) % len(choices)]

    def _pending(self, row: DialogRow[str] | None) -> str:
        """Return the tag that Enter changes: one typed or picked, unless it was changed before."""
        name = row.answer if row and (self.word or self._picked) else None
        return name if name and name not in self.changes else ""

    def _verb(self, name: str) -> str:
        if not self._is_known(name):
            return "create"
        return "add" if self._next(name) else "remove"

    def _toggle(self, name: str) -> None:
        on = self._next(name)
        self.changes.pop(name, None)
        if on is not None:
            self.changes[name] = on

    def _take(self, word: str) -> None:
        """Change a tag as typed; raises CarrelError if it cannot be."""
        name = normalize_tag(word.lstrip("#+"))
        if self.removes and name not in self.own:
            raise CarrelError(f"no such tag here: {name!r}")
        if self.removes or self.own.get(name, 0) < self.papers:
            self.changes[name] = not self.removes

    # -- keys and mouse ----------------------------------------------------------------------------

    def typed(self, text: str) -> None:
        """Take the words before a space or a comma, and show the tags that match the last."""
        *words, last = re.split(r"[,\s]+", text)
        self._picked = False
        if words == [""] and not last and self.current:
            self._picked = True
            self.action_toggle_tag()
            return
        try:
            for word in filter(None, words):
                self._take(word)
        except CarrelError as error:
            self.show_error(error)
            return
        self._keep_typed(last)
        self.show_rows(last, 0 if last else None)

    def _keep_typed(self, text: str) -> None:
        """Replace what was typed, without showing the rows for it."""
        with self.prevent(Input.Changed):
            self.query_one(Input).value = text

    def show_error(self, error: CarrelError) -> None:
        """Show why a tag cannot be added or removed, in place of the hint."""
        self.query_one(".hint", Static).update(Content.styled(str(error), "$warning"))

    def action_step(self, step: int) -> None:
        """Highlight another tag."""
        self._picked = True
        super().action_step(step)

    def action_toggle_tag(self) -> None:
        """Toggle the highlighted tag, and stay."""
        if self.current:
            self.choose(self.current)

    def choose(self, row: DialogRow[str]) -> None:
        """Toggle a tag, and stay."""
        if row.answer:
            self._toggle(row.answer)
        at = None if self.word else self.choices.highlighted
        self._picked = False
        self._keep_typed("")
        self.show_rows("", at)

    def submit(self) -> None:
        """Toggle the tag that was typed or picked, and return all changes."""
        if name := self._pending(self.current):
            self._toggle(name)
        elif self.word and not self.current:
            try:
                self._take(self.word)
            except CarrelError as error:
                self.show_error(error)
                return
        changes = [f"{SIGNS[on]}{name}" for name, on in self.changes.items()]
        self.dismiss(" ".join(changes) or None)


def _heading(text: str) -> DialogRow[str]:
    return DialogRow(lambda width: Content.styled(text, DIM).truncate(width), is_heading=True)


def _normalized(word: str) -> str:
    """Return a word as a tag, or "" if it cannot be one."""
    try:
        return normalize_tag(word)
    except CarrelError:
        return ""
