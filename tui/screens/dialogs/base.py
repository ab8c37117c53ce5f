"""What dialogs are made of: a box over the reader, a line to answer in, a text to read."""

import asyncio
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

from tui.wording import describe_error

Answer = TypeVar("Answer")

PATIENCE = 1.0
"""Seconds that a key may take before the next one is looked at, whatever it does."""


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A box over the reader; Escape leaves it with nothing done."""

    BINDINGS = [Binding("escape", "leave", "leave", show=False, priority=True)]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-high")]

    _left = False

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Leave with an answer, once: the second key of a burst would take the reader along."""
        if self._left:
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)

    async def settle(self) -> None:
        """Wait until a key is done with, so that the next one finds what it led to.

        Each widget on its way looks at it in its own time, and may say something to those above.
        """
        ways = [self] if self.focused is None else [self.focused, *self.focused.ancestors]
        for widget in [ways[0], *ways]:
            done = asyncio.Event()
            if widget is not self.app and widget.call_later(done.set):
                with suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), PATIENCE)

    def action_leave(self) -> None:
        """Leave with nothing done."""
        self.dismiss(None)


class Prompt(Dialog[Answer]):
    """Asks for a line of text, says below it what is wrong, and asks twice where something goes.

    A prompt says what a line means, and before what it asks for Enter again.
    """

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self.title_text = title
        self.hint = hint
        self._asked_for: Answer | None = None

    def compose(self) -> ComposeResult:
        """Compose the box."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield from self.lines()
            yield Static("", classes="fault", markup=False)
            yield Static(self.hint, classes="hint", markup=False)

    def lines(self) -> ComposeResult:
        """Compose the line to type in and what stands around it."""
        raise NotImplementedError

    def meaning(self, text: str) -> Answer | None:
        """Return what a text answers, None for nothing yet; raises CarrelError for no answer."""
        raise NotImplementedError

    def warning(self, answer: Answer) -> str:
        """Return what an answer does away with, so that it is asked for twice; "" for nothing."""
        return ""

    def complain(self, words: str) -> None:
        """Say what is wrong."""
        self.query_one(".fault", Static).update(words)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Take back what was said of the text before."""
        self._asked_for = None
        self.complain("")

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        try:
            answer = self.meaning(event.value)
        except Exception as error:
            self.complain(describe_error(error))
            return
        if answer is None:
            return
        warning = self.warning(answer)
        if warning and answer != self._asked_for:
            self._asked_for = answer
            self.complain(warning)
        else:
            self.dismiss(answer)


class TextDialog(Dialog[str]):
    """A text to be read, and scrolled by the keys of the reader."""

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
            box.border_subtitle = Content("j k scroll · Enter closes")
            yield Static(self.text)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_end(self, last: bool) -> None:
        """Go to the first or the last line."""
        text = self.query_one(VerticalScroll)
        text.scroll_to(y=text.max_scroll_y if last else 0, animate=False)
