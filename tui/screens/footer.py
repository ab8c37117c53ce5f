"""The footer of the main screen, which shows what commands and background work report."""

from textual import on
from textual.worker import Worker

from tui.commands.hints import BAR_HINTS, KeyHints
from tui.controllers.host import Notice, Work, start, worker_error
from tui.controllers.jobs import Jobs
from tui.widgets.status_line import StatusLine
from tui.wording import describe_error


class Footer(StatusLine):
    """The host of all background work: shows its notices, its progress and its errors.

    Other messages of controllers bubble up to the screen.
    """

    def __init__(self, keys: KeyHints) -> None:
        super().__init__(id="status")
        self._hints = keys
        self.always = keys.always()

    def start(self, work: Work, group: str) -> None:
        """Run work in the background."""
        start(self, work, group)

    def show_keys(self, pane: str, *, in_range: bool) -> None:
        """Show the keys of a pane, "" for the search bar, and of a range being selected."""
        keys = self._hints.of_pane(pane) if pane else BAR_HINTS
        self.keys = [*self._hints.of_pane("range"), *keys] if in_range else keys

    def show_error(self, error: BaseException) -> None:
        """Show an error."""
        self.say(describe_error(error))

    @on(Notice)
    def _noticed(self, notice: Notice) -> None:
        if notice.replaces is None or notice.replaces == self.message:
            keys, command = self._hints, notice.command
            hint = keys.hint(command, notice.label, *notice.typed.split()) if command else ""
            self.say(notice.text, hint, command)

    @on(Jobs.Progress)
    def _progressed(self, progress: Jobs.Progress) -> None:
        self.progress, self.minor = progress.text, progress.minor

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show an error of work in the background."""
        if error := worker_error(event):
            self.show_error(error)
            self.app.bell()
