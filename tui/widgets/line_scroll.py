"""A scrolled widget that renders only its visible lines, and changes without a new layout."""

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView


class LineScroll(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines of a fixed width, scrolled without animation.

    A new layout of the screen writes all of it to the terminal, which is slow over SSH. So the
    scroll bar always has its cells, and a new number of lines only moves its thumb.
    """

    DEFAULT_CSS = """
    LineScroll { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """

    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)
    auto_links = Reactive(False)  # lines have none that Textual knows, and it looks in each of them

    def set_line_count(self, count: int) -> None:
        """Set the number of lines, and scroll up if there are fewer than before."""
        self.virtual_size = Size(self.size.width, count)
        bar = self.vertical_scrollbar
        bar.window_virtual_size = max(count, self.size.height)
        bar.window_size = self.size.height
        if self.scroll_y > self.max_scroll_y:
            self.jump_to(self.max_scroll_y)

    def jump_to(self, line: int) -> None:
        """Scroll to a line at once."""
        self.scroll_to(y=line, animate=False, force=True, immediate=True)
