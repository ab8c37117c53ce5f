"""A page that compares two papers: a heading, the fields, a message, and the keys."""

from collections.abc import Collection, Iterable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.themes import DIM
from tui.widgets.comparison import Row, highlight_changes

PageKey = tuple[str, str, str]
"""A key, its label, and the action of the screen that it runs."""


class ComparisonPage(Vertical):
    """Fills a screen; a click on a key runs its action."""

    BINDINGS = [
        Binding("ctrl+d,space,pagedown", "scroll(8)", "down", show=False),
        Binding("ctrl+u,pageup", "scroll(-8)", "up", show=False),
    ]

    def __init__(self, title: str, keys: Sequence[PageKey]) -> None:
        super().__init__()
        self._title = title
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Compose the heading, the comparison, the message and the keys."""
        yield Static("", id="which", markup=False)
        yield VerticalScroll(id="pair")
        yield Static("", id="words", markup=False)
        with Horizontal(id="keys"):
            for key, label, action in self._keys:
                yield Static(
                    Content.assemble((key, "bold $accent"), (f" {label}", DIM)), name=action
                )

    def say(self, message: str) -> None:
        """Show a message."""
        self.query_one("#words", Static).update(Content(message))

    def set_heading(self, text: str) -> None:
        """Show which papers are compared."""
        line = Content.assemble((self._title, "bold $accent"), f"  {text}")
        self.query_one("#which", Static).update(line)

    def _show_keys(self, actions: Collection[str] | None = None) -> None:
        """Show the keys of some actions, by default of all."""
        for key in self.query("#keys Static"):
            key.display = actions is None or key.name in actions

    async def show(self, one: str, other: str, fields: Iterable[tuple[str, str, str]]) -> None:
        """Compare the fields of two papers, given as a name and two values, below headings."""
        rows = [Row("", Content.styled(one, DIM), Content.styled(other, DIM))]
        rows += [Row(name, *highlight_changes(a, b)) for name, a, b in fields]
        scroll = self.query_one("#pair", VerticalScroll)
        self._show_keys()
        async with self.batch():
            await scroll.remove_children()
            await scroll.mount_all(rows)
        scroll.scroll_home(animate=False)

    async def clear(self, text: str, *, undoable: bool) -> None:
        """Show a text in place of a comparison, and the keys that still do something."""
        pair = self.query_one("#pair", VerticalScroll)
        self._show_keys(("undo", "leave") if undoable else ("leave",))
        async with self.batch():
            await pair.remove_children()
            await pair.mount(Static(Content.styled(text, DIM), id="nothing"))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#pair", VerticalScroll).scroll_relative(y=lines, animate=False)

    async def on_click(self, event: events.Click) -> None:
        """Run the action of a clicked key."""
        if event.widget and event.widget.name:
            await self.run_action(f"screen.{event.widget.name}")
