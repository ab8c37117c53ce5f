"""A list that renders only the visible lines, for any number of rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.visual import Visual

from tui.themes import DIM
from tui.widgets.line_scroll import LineScroll


class LineList(LineScroll):
    """Rows of a fixed height with a cursor; a subclass renders the lines.

    Call `rows_changed` after the rows have changed. The list has no keys of its own: the screen
    moves the cursor.
    """

    COMPONENT_CLASSES = {"line-list--row", "line-list--cursor"}
    DEFAULT_CSS = """
    LineList {
        .line-list--cursor { background: $row; }
        &:focus .line-list--cursor { background: $focused-row; }
    }
    """
    ONE_CLICK = False  # whether the first click on a row chooses it

    cursor: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class RowMessage(Message):
        """A message about a row of a list."""

        widget: "LineList"
        row: int

        @property
        def control(self) -> "LineList":
            """The list, for selectors of `on`."""
            return self.widget

    class Moved(RowMessage):
        """The cursor moved to another row."""

    class Chosen(RowMessage):
        """A row was chosen with the mouse."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.row_count = 0
        self.row_height = 1  # lines of a row
        self.empty_text = ""  # shown if there are no rows
        self._painted: dict[tuple[int, int], Strip] = {}  # by line of the list and width

    # -- overridden by subclasses ------------------------------------------------------------------

    def line(self, row: int, line: int, width: int) -> Content:
        """Return one line of a row, to be truncated or padded to `width` cells."""
        return Content("")

    def is_selectable(self, row: int) -> bool:
        """Return whether the cursor may be on a row."""
        return True

    def is_complete(self, row: int) -> bool:
        """Return whether a row looks the same until it is refreshed."""
        return True

    def extra_lines(self, row: int) -> int:
        """Return the number of separator lines above a row."""
        return 0

    def extra_line(self, width: int) -> Content:
        """Return a separator line."""
        return Content("")

    # -- rows and lines ----------------------------------------------------------------------------

    def rows_changed(
        self,
        count: int,
        cursor: int = 0,
        line: int | None = None,
        changed: Iterable[int] | None = None,
    ) -> None:
        """Update the list after its rows have changed, and put the cursor on one of them.

        `line` is the line of the screen to scroll that row to, if given. `changed` are the rows
        that look different, if known: unless the list scrolls, no others are painted.
        """
        before, top = self.cursor, self.scroll_offset.y
        self.row_count = count
        self._count_lines()
        self.set_reactive(
            LineList.cursor, self._nearest_selectable(max(0, min(cursor, count - 1)), 1)
        )
        if line is not None and 0 <= line < self.scrollable_content_region.height:
            at = self.top_of(self.cursor)
            top = at - line if at > self.row_height else 0  # include a heading above the first row
            self.jump_to(top)
        else:
            self.show_cursor()
        if changed is None or top != self.scroll_offset.y:
            self.refresh()
            return
        for row in {*changed, before, self.cursor}:
            self.refresh_row(row)

    def _count_lines(self) -> None:
        """Update the number of lines, so that the last page can start with a whole row."""
        count = self.row_count
        lines = count * self.row_height + (self.extra_lines(count - 1) if count else 0)
        top = max(0, lines - self.scrollable_content_region.height)
        self.set_line_count(lines + self._row_start(top) - top)

    def top_of(self, row: int) -> int:
        """Return the first line of a row."""
        return row * self.row_height + self.extra_lines(row)

    def row_at(self, line: int) -> tuple[int, int] | None:
        """Return the row of a line of the list, and the line's index within the row."""
        row = line // self.row_height
        while row > 0 and self.top_of(row) > line:
            row -= 1
        within = line - self.top_of(row)
        if not 0 <= within < self.row_height or not 0 <= row < self.row_count:
            return None
        return row, within

    def _empty_line(self, y: int, width: int) -> Content:
        """Return one line of a list without rows, below a blank one."""
        lines = Content(self.empty_text).wrap(max(1, width - 4)) if self.empty_text else []
        shown = lines[y - 1] if 0 < y <= len(lines) else Content("")
        return Content.assemble("  ", shown.stylize_before(DIM))

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen; a list that scrolls paints only its new lines."""
        width = self.scrollable_content_region.width
        place = y + self.scroll_offset.y
        if (place, width) in self._painted:
            return self._painted[place, width]
        at = self.row_at(place)
        strip = self._paint(place, at, y, width)
        if at and self.is_complete(at[0]):
            self._painted[place, width] = strip
        return strip

    def _paint(self, place: int, at: tuple[int, int] | None, y: int, width: int) -> Strip:
        """Return a line of the list, which is the line `y` of the screen and may be in a row."""
        inside = place < self.virtual_size.height
        if not self.row_count:
            content, style = self._empty_line(y, width), "line-list--row"
        elif at is None:
            content, style = (self.extra_line(width) if inside else Content("")), "line-list--row"
        else:
            style = "line-list--cursor" if at[0] == self.cursor else "line-list--row"
            content = self.line(*at, width)
        content = content.truncate(width, ellipsis=True, pad=True)
        look = self.get_visual_style(style)
        strips = Visual.to_strips(self, content, width, 1, look)
        # The width of a torn cluster depends on what it is beside. Blanks that look like the text
        # are written with it, so that a terminal may run on into them.
        blanks = look.rich_style
        return strips[0].adjust_cell_length(width, blanks) if strips else Strip.blank(width, blanks)

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Paint the list again, or regions of it."""
        if not regions:
            self._painted.clear()
        for region in regions:
            first, last = (y + self.scroll_offset.y for y in (region.y, region.bottom))
            for known in [known for known in self._painted if first <= known[0] < last]:
                del self._painted[known]
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Paint the list in other colours."""
        self._painted.clear()
        super().notify_style_update()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scroll; what is still in view stays as it is."""
        lines = range(self.scroll_offset.y, self.scroll_offset.y + self.size.height)
        in_view = {at: strip for at, strip in self._painted.items() if at[0] in lines}
        super().watch_scroll_y(old_value, new_value)
        self._painted = in_view

    # -- the cursor --------------------------------------------------------------------------------

    def move(self, rows: int) -> None:
        """Move the cursor by rows, skipping those that are not selectable."""
        if self.row_count:
            step = 1 if rows > 0 else -1
            row = max(0, min(self.cursor + rows, self.row_count - 1))
            self.cursor = self._nearest_selectable(row, step)

    def move_to(self, row: int) -> None:
        """Put the cursor on a row; a negative one counts from the end."""
        if self.row_count:
            row = row if row >= 0 else self.row_count + row
            self.cursor = self._nearest_selectable(max(0, min(row, self.row_count - 1)), 1)

    def half_page(self, direction: int) -> None:
        """Move the cursor half a page down (1) or up (-1)."""
        rows = max(1, self.scrollable_content_region.height // self.row_height // 2)
        self.move(direction * rows)

    def _nearest_selectable(self, row: int, step: int) -> int:
        """Return the nearest selectable row, first in the direction of `step`."""
        for direction in (step, -step):
            at = row
            while 0 <= at < self.row_count:
                if self.is_selectable(at):
                    return at
                at += direction
        return row

    def watch_cursor(self, before: int, row: int) -> None:
        """Scroll the cursor into view and post a message."""
        self.show_cursor()
        self.refresh_row(before)
        self.refresh_row(row)
        self.post_message(self.Moved(self, row))

    def refresh_row(self, row: int) -> None:
        """Repaint one row, if it is in view."""
        y = self.top_of(row) - self.scroll_offset.y
        width, height = self.scrollable_content_region.size
        if -self.row_height < y < height:
            self.refresh(Region(0, max(0, y), width, min(self.row_height, height - y)))

    def show_cursor(self) -> None:
        """Scroll until the cursor's row is in view, with a whole row at the top."""
        top, height = self.top_of(self.cursor), self.scrollable_content_region.height
        if top < self.row_height + 1:
            top = 0  # include a heading above the first row
        if height <= 0:
            return
        end = self.top_of(self.cursor) + self.row_height
        if self._nearest_selectable(self.cursor + 1, 1) == self.cursor:
            end = self.top_of(self.row_count - 1) + self.row_height  # include what follows
        first = self.scroll_offset.y
        if top < first:
            self.jump_to(top)
        elif end > first + height:
            self.jump_to(min(self._row_start(end - height), top))

    def _row_start(self, line: int) -> int:
        """Return the first line, from `line` on, at which a row or a separator starts."""
        while (at := self.row_at(line)) and at[1]:
            line += 1
        return line

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to a clicked row; choose it on the second click, or on the first."""
        at = self.row_at(event.y + self.scroll_offset.y)
        if at is None or not self.is_selectable(at[0]):
            return
        if event.chain == 1 if self.ONE_CLICK else at[0] == self.cursor:
            self.post_message(self.Chosen(self, at[0]))
        self.cursor = at[0]

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._count_lines()
        self.show_cursor()
