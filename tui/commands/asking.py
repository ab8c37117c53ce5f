"""Asking: a dialog over the reader, whose answer is called back."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.screens.main import MainScreen

Answer = TypeVar("Answer")


async def ask(
    reader: "MainScreen",
    dialog: "Screen[Answer]",
    answered: Callable[[Answer | None], None] | None = None,
) -> None:
    """Show a dialog over the reader, and call back with its answer.

    Once this returns the dialog takes the keys: none that follows at once goes elsewhere.
    """
    ready = asyncio.Event()
    await reader.app.push_screen(dialog, answered)
    dialog.call_later(ready.set)  # behind what puts the focus where it belongs
    await ready.wait()
