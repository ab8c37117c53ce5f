"""Dialogs over the reader, with their answers passed to callbacks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from textual.screen import Screen

Answer = TypeVar("Answer")


async def ask(
    screen: "Screen[Any]",
    dialog: "Screen[Answer]",
    answered: Callable[[Answer | None], Awaitable[None] | None] | None = None,
) -> None:
    """Show a dialog over the reader or the triage, and call `answered` with its answer.

    When this returns, the dialog has the focus and receives all further keys.
    """
    ready = asyncio.Event()
    await screen.app.push_screen(dialog, answered)  # type: ignore[arg-type]  # either is allowed
    dialog.call_later(ready.set)  # runs after the dialog has set its focus
    await ready.wait()
