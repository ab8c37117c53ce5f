"""The command palette: every command of a mode, with its key and group."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual.content import Content

from tui.fuzzy import Match
from tui.screens.dialogs.filtering import DialogRow, FilterDialog, best_first, columns, lit
from tui.themes import DIM

GROUP_CELLS = 11
WIDE_CELLS = 52
"""Minimum number of cells at which the group is shown as well."""


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """A command as the palette shows it: what it does, its first key, its group and its name."""

    text: str
    key: str
    group: str
    name: str


class PaletteDialog(FilterDialog[str]):
    """Asks for a command, and returns its name."""

    PLACEHOLDER = "type the name of a command, or its key"

    def __init__(self, entries: Sequence[PaletteEntry]) -> None:
        """Show commands in an order."""
        super().__init__("Commands")
        self.entries = entries
        self._key_cells = max(Content(entry.key).cell_length for entry in entries)

    def rows(self, typed: str) -> Sequence[DialogRow[str]]:
        """Return the commands that match, a command with the key typed first."""
        key = typed.strip()
        found = [(at, Match(0)) for at, each in enumerate(self.entries) if key and each.key == key]
        texts = [(each.text, each.group, each.name.replace("_", " ")) for each in self.entries]
        found += [one for one in best_first(typed, texts) if one[0] not in dict(found)]
        return [self._row(self.entries[place], matched) for place, matched in found]

    def _row(self, entry: PaletteEntry, matched: Match) -> DialogRow[str]:
        return DialogRow(partial(self._paint, entry, matched), entry.name)

    def _paint(self, entry: PaletteEntry, matched: Match, width: int) -> Content:
        group = GROUP_CELLS if width >= WIDE_CELLS else 0
        room = width - self._key_cells - 1 - (group + 1 if group else 0)
        key = Content.styled(entry.key.ljust(self._key_cells), "bold $accent")
        return columns(
            (lit(entry.text, matched), room),
            (key, self._key_cells),
            (Content.styled(entry.group, DIM), group),
        )

    def hint(self, row: DialogRow[str] | None) -> str:
        """Return the keys of the dialog."""
        return "↑ ↓ select · Enter run · Esc close" if row else "no command matches · Esc close"
