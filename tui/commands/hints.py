"""The keys of commands, as the footer and messages show them."""

from collections.abc import Iterable, Mapping, Sequence

from tui.commands import COMMANDS, Command, display_keys

FooterHint = tuple[str, str, str]
"""A key, its label, and the name of its command or ""."""

BAR_HINTS: Sequence[FooterHint] = (
    ("Enter", "papers", ""), ("Tab", "complete", ""), ("↑", "earlier", ""), ("Esc", "back", ""),
)  # fmt: skip
"""The keys of the search bar."""


class KeyHints:
    """Describes the keys of a configuration; commands without a key are left out."""

    def __init__(
        self, keys: Mapping[str, Sequence[str]], commands: Iterable[Command] = COMMANDS
    ) -> None:
        """Take the keys of all commands, and the commands of a mode."""
        self._keys = keys
        self._commands = tuple(commands)

    def key(self, command: str) -> str:
        """Return the first key of a command, or ""."""
        return next(iter(display_keys(self._keys[command])), "")

    def hint(self, command: str, label: str, *more_keys: str) -> str:
        """Return a label and the key of a command, as in "undo: u"; "" if it has no key.

        `more_keys` are pressed after the key.
        """
        key = self.key(command)
        return f"{label}: {' '.join([key, *more_keys])}" if key else ""

    def always(self) -> list[FooterHint]:
        """Return the hints that are always in the footer."""
        return self.of_pane("always")

    def of_pane(self, pane: str) -> list[FooterHint]:
        """Return the hints for the footer of a pane."""
        shown = (each for each in self._commands if each.label and pane in each.panes)
        hints = [(self.key(each.name), each.label, each.name) for each in shown]
        return [hint for hint in hints if hint[0]]
