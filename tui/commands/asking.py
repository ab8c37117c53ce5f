"""Dialogs over the reader, with their answers passed to callbacks."""

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
    """Show a dialog over the reader, and call `answered` with its answer.

    When this returns, the dialog has the focus and receives all further keys.
    """
    ready = asyncio.Event()
    await reader.app.push_screen(dialog, answered)
    dialog.call_later(ready.set)  # runs after the dialog has set its focus
    await ready.wait()
