"""Base classes of dialogs: a box over the reader, a prompt, and a text."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.widgets.line import Line
from tui.wording import describe_error

Answer = TypeVar("Answer")

KEY_TIMEOUT_S = 1.0
"""Seconds to wait for the handling of a key before the next one."""


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A box over the reader; Escape cancels it."""

    BINDINGS = [Binding("escape", "leave", "leave", show=False, priority=True)]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-high")]

    _left = False

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with an answer, once: a second call would close the screen below."""
        if self._left:
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)

    async def settle(self) -> None:
        """Wait until a key has been handled completely, before the next one.

        Every widget from the focus up to the app handles it in its own message queue.
        """
        path = [self] if self.focused is None else [self.focused, *self.focused.ancestors]
        for widget in [path[0], *path]:
            done = asyncio.Event()
            if widget is not self.app and widget.call_later(done.set):
                with suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), KEY_TIMEOUT_S)

    def action_leave(self) -> None:
        """Cancel the dialog."""
        self.dismiss(None)


class Prompt(Dialog[Answer]):
    """Asks for a line of text, shows errors below it, and confirms answers that overwrite.

    `parse` returns the answer in a line, or None to keep asking; it raises CarrelError for an
    invalid line. A subclass may compose more than the line, and return a warning for an answer
    that needs Enter twice.
    """

    def __init__(self, title: str, hint: str, parse: Callable[[str], Answer | None]) -> None:
        super().__init__()
        self.title_text = title
        self.hint = hint
        self._parse = parse
        self._asked_for: Answer | None = None

    def compose(self) -> ComposeResult:
        """Compose the box."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield from self.lines()
            yield Static("", classes="error", markup=False)
            yield Static(self.hint, classes="hint", markup=False)

    def lines(self) -> ComposeResult:
        """Compose the input line and the widgets around it."""
        yield Line()

    def warning(self, answer: Answer) -> str:
        """Return a warning that an answer must confirm with a second Enter, or ""."""
        return ""

    def show_error(self, message: str) -> None:
        """Show an error or a warning."""
        self.query_one(".error", Static).update(message)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Clear the error of the previous text."""
        self._asked_for = None
        self.show_error("")

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        try:
            answer = self._parse(event.value)
        except Exception as error:
            self.show_error(describe_error(error))
            return
        if answer is None:
            return
        warning = self.warning(answer)
        if warning and answer != self._asked_for:
            self._asked_for = answer
            self.show_error(warning)
        else:
            self.dismiss(answer)


class TextDialog(Dialog[str]):
    """A text, scrolled with the keys of the reader."""

    BINDINGS = [
        Binding("q,enter", "leave", "leave", show=False, priority=True),
        Binding("j", "scroll(1)", "down", show=False, priority=True),
        Binding("k", "scroll(-1)", "up", show=False, priority=True),
        Binding("ctrl+d", "scroll(10)", "down", show=False, priority=True),
        Binding("ctrl+u", "scroll(-10)", "up", show=False, priority=True),
        Binding("g", "end(False)", "first line", show=False, priority=True),
        Binding("G", "end(True)", "last line", show=False, priority=True),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self.title_text = title
        self.text = text

    def compose(self) -> ComposeResult:
        """Compose the text."""
        with VerticalScroll(classes="box") as box:
            box.border_title = Content(self.title_text)
            box.border_subtitle = Content("j k scroll · Enter close")
            yield Static(self.text)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_end(self, last: bool) -> None:
        """Go to the first or the last line."""
        text = self.query_one(VerticalScroll)
        text.scroll_to(y=text.max_scroll_y if last else 0, animate=False)
