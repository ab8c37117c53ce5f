"""A line to type in, which takes keys in the order they come."""

from textual import events
from textual.widgets import Input

from tui.platform.textual_private import own_bindings


class Line(Input):
    """A line of text; what a key does to it is done before the letters behind that key are in.

    Textual looks what a key is bound to only when it has come back from the widget: of keys that
    arrive at once, as they do over a slow connection, `abx⌫c` would become `abx`.
    """

    async def on_key(self, event: events.Key) -> None:
        """Do at once what a key means to the line itself."""
        for binding in own_bindings(self, event.key):
            if not binding.priority:
                event.stop()
                event.prevent_default()
                await self.run_action(binding.action)
                return
