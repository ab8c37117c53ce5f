"""Layout: which panes are shown, how wide they are, and how many lines a row has."""

from typing import TYPE_CHECKING

from tui.commands.asking import ask
from tui.commands.command import LAYOUT, CommandGroup

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

layout = CommandGroup(LAYOUT)

CHOICES = {
    "s": "stack", "v": "split", "t": "three", "r": "read",
    "d": "dense rows", "z": "next", "a": "automatic",
}  # fmt: skip
"""The keys after `z`, with what they choose."""


@layout.command("z", label="layout", panes="papers paper", name="layout")
async def choose_layout(reader: "MainScreen") -> None:
    """Layout: s stack, v split, t three, r read, d dense rows, z next, a automatic."""
    from tui.screens.dialogs.choices import KeyMenu

    def answered(key: str | None) -> None:
        if key == "d":
            reader.desk.toggle_dense()
        elif key == "z":
            reader.desk.next_layout()
        elif key:
            reader.desk.choose("" if key == "a" else CHOICES[key])

    await ask(reader, KeyMenu("layout", CHOICES, reader.panes.layout_name), answered)


@layout.command("less_than_sign")
def narrower(reader: "MainScreen") -> None:
    """Make the list smaller, the paper larger."""
    reader.desk.resize_list(-1)


@layout.command("greater_than_sign")
def wider(reader: "MainScreen") -> None:
    """Make the list larger, the paper smaller."""
    reader.desk.resize_list(1)
