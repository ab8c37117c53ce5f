"""The footer: keys of the focused pane, the last message, and hints that are always shown."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.timer import Timer
from textual.widget import Widget

from index.papers.paper import PaperKey
from tui.themes import DIM

MESSAGE_TIMEOUT_S = 4.0
"""Seconds after which a message is removed."""

MESSAGE_MOVES = 2
"""Moves of the cursor after which a message is removed."""

MAX_KEYS = 9
"""Keys shown at once."""

MAX_PROGRESS_CELLS, MIN_PROGRESS_CELLS = 48, 13
"""Cells for the progress of a job, and beside a message."""

COMMAND = "command"
"""The style metadata that holds the command of a hint, for the mouse."""


class StatusLine(Widget):
    """One line for any width: keys, then the last message, then progress, selection and help.

    `keys` and `always` are a key, its label and the name of its command. `message` is the outcome
    of the last command, `hint` the suggested next step, which is never cut off. If there is no room
    for all of it, keys are left out first. `progress` is that of a running job; that of a `minor`
    one has only the room that is left.
    """

    keys: reactive[Sequence[tuple[str, str, str]]] = reactive(())
    always: reactive[Sequence[tuple[str, str, str]]] = reactive(())
    selection: reactive[frozenset[PaperKey]] = reactive(frozenset())
    message: reactive[str] = reactive("")
    hint: reactive[str] = reactive("")
    progress: reactive[str] = reactive("")
    minor: reactive[bool] = reactive(False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._timer: Timer | None = None
        self._moves = 0
        self._hint_command = ""

    def say(self, message: str, hint: str = "", command: str = "") -> None:
        """Show a message, with a hint for the next step, until it has been read.

        `command` is the name of the command that the hint is for.
        """
        self.message, self.hint, self._hint_command, self._moves = message, hint, command, 0
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(MESSAGE_TIMEOUT_S, self.clear) if message else None

    def clear(self) -> None:
        """Remove the message."""
        self.message, self.hint = "", ""

    def moved(self) -> None:
        """Count a move of the cursor, and remove the message after a few."""
        self._moves += 1
        if self._moves >= MESSAGE_MOVES:
            self.clear()

    def render(self) -> Content:
        """Return the line."""
        width = self.content_size.width
        right = self._right(width)
        room = width - right.cell_length - (2 if right else 0)
        message = self._message(room)
        keys = self._keys(room - message.cell_length - (2 if message else 0))
        left = Content("  ").join([part for part in (keys, message) if part])
        if self.minor:
            right = self._beside(right, width - left.cell_length - right.cell_length - 4)
        gap = max(0, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def _message(self, room: int) -> Content:
        hint = f" · {self.hint}" if self.hint else ""
        text = Content(self.message).truncate(max(0, room - len(hint)), ellipsis=True)
        return text + _clickable(Content(hint), self._hint_command) if self.message else text

    def _beside(self, right: Content, room: int) -> Content:
        """Return the progress of a minor job before `right`, if there is room for it."""
        if room < MIN_PROGRESS_CELLS or not self.progress:
            return right
        progress = Content(self.progress).truncate(room, ellipsis=True)
        return Content("  ").join([progress.stylize_before(DIM), right])

    def _right(self, width: int) -> Content:
        """Return the progress, the size of the selection, and the keys that are always shown."""
        always = Content("  ").join([_hint(*hint) for hint in self.always])
        count = f"{len(self.selection):,} selected" if self.selection else ""
        parts = [Content.styled(count, "bold $success"), always] if count else [always]
        room = width - sum(part.cell_length + 2 for part in parts)
        cells = MIN_PROGRESS_CELLS if self.message else min(MAX_PROGRESS_CELLS, width // 2)
        text = "" if self.minor else self.progress
        progress = Content(text).truncate(max(0, min(cells, room)), ellipsis=True)
        return Content("  ").join([part for part in (progress.stylize_before(DIM), *parts) if part])

    def _keys(self, room: int) -> Content:
        """Return as many of the keys as fit."""
        shown = Content("")
        for hint in self.keys[:MAX_KEYS]:
            more = Content.assemble("  " if shown else "", _hint(*hint))
            if shown.cell_length + more.cell_length > room:
                break
            shown += more
        return shown

    async def on_click(self, event: events.Click) -> None:
        """Run the command of a clicked hint."""
        if command := event.style.meta.get(COMMAND):
            await self.screen.run_action(f"command('{command}')")


def _hint(key: str, label: str, command: str) -> Content:
    hint = Content.assemble((key, "bold $accent"), (f" {label}", DIM))
    return _clickable(hint, command)


def _clickable(hint: Content, command: str) -> Content:
    return hint.stylize(Style.from_meta({COMMAND: command})) if command else hint
