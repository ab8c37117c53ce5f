"""An input line that handles keys in order."""

from textual import events
from textual.widgets import Input

from tui.platform.textual_private import own_bindings


class Line(Input):
    """An input line that runs the action of a key before it inserts the next letters.

    Textual looks up the binding of a key only after the widget has passed it on, so in a burst of
    keys, as over a slow connection, `abx⌫c` would become `abx`.
    """

    async def on_key(self, event: events.Key) -> None:
        """Run the line's own binding for a key immediately."""
        for binding in own_bindings(self, event.key):
            if not binding.priority:
                event.stop()
                event.prevent_default()
                await self.run_action(binding.action)
                return
