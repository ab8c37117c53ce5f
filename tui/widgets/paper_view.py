"""The paper pane: all details of one paper, with matches highlighted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.visual import Visual

from index import Paper
from index.papers.paper import PaperKey
from index.search.highlight import Highlighter
from index.search.likely_model import LikelyWords
from index.search.results import RelatedPaper
from tui.themes import DIM
from tui.widgets.line_scroll import LineScroll
from tui.widgets.paper_page import LINK, RELATED, PaperPage
from tui.widgets.paper_text import CURRENT_HIGHLIGHT

MAX_TEXT_CELLS = 80
"""Maximum width of the text, for readability."""

PADDING_CELLS = 1


class PaperView(LineScroll):
    """One paper and the most closely related ones; scrolled by the keys of the screen."""

    @dataclass
    class RelatedClicked(Message):
        """A related paper was clicked; `paper` is the one it is related to."""

        paper: Paper
        key: PaperKey

    @dataclass
    class LinkClicked(Message):
        """A link was clicked."""

        url: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.paper: Paper | None = None
        self.highlighter: Highlighter | None = None
        self.source_dates: Mapping[str, str] = {}
        self.keys: Mapping[str, str] = {}
        self.empty_text = ""  # shown if there is no paper
        self.lines: list[Content] = []
        self._related: Sequence[RelatedPaper] = ()
        self._likely: LikelyWords | None = None
        self._match = -1

    def show(self, paper: Paper | None, highlighter: Highlighter | None) -> None:
        """Show a paper from the top; the same paper keeps its scroll position."""
        moved = paper is None or self.paper is None or paper.key != self.paper.key
        if paper and (paper, highlighter) == (self.paper, self.highlighter):
            return
        self.paper, self.highlighter = paper, highlighter
        self._related = () if moved else self._related
        self._likely = None if moved else self._likely
        self._match = -1
        self._build()
        if moved:
            self.jump_to(0)

    def show_related(self, paper: Paper, related: Sequence[RelatedPaper]) -> None:
        """Show related papers below a paper, if that is still visible."""
        if self.paper and self.paper.key == paper.key and related != self._related:
            self._related = related
            self._build()

    def show_likely(self, paper: Paper | None, words: LikelyWords | None) -> None:
        """Show the words for and against a paper below it, if that is still visible."""
        if paper and self.paper and self.paper.key == paper.key and words != self._likely:
            self._likely = words
            self._build()

    @property
    def page(self) -> PaperPage | None:
        """The content shown for the paper."""
        if self.paper is None:
            return None
        return PaperPage(self.paper, self.highlighter, self._related, self.source_dates, self.keys,
                         self._match if self._match >= 0 else None, self._likely)  # fmt: skip

    def _build(self) -> None:
        """Update the lines, and repaint those in view that have changed."""
        width = min(MAX_TEXT_CELLS, self.scrollable_content_region.width - 2 * PADDING_CELLS)
        if page := self.page:
            lines = page.lines(width)
        else:
            lines = [Content(""), *Content.styled(self.empty_text, DIM).wrap(max(1, width))]
        old, self.lines = self.lines, lines
        self.set_line_count(len(lines))
        top = self.scroll_offset.y
        for y in range(self.scrollable_content_region.height):
            if not _same_line(old, lines, top + y):
                self.refresh(Region(0, y, self.scrollable_content_region.width, 1))

    def on_resize(self) -> None:
        """Wrap the text to the new width."""
        self._build()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        width, at = self.scrollable_content_region.width, y + self.scroll_offset.y
        line = self.lines[at] if at < len(self.lines) else Content("")
        if (selection := self.text_selection) and (span := selection.get_span(at)):
            start, end = span
            style = self.screen.get_visual_style("screen--selection")
            line = line.stylize(style, start, len(line) if end < 0 else end)
        line = Content.assemble(" " * PADDING_CELLS, line).truncate(width, pad=True)
        strips = Visual.to_strips(self, line, width, 1, self.visual_style)
        blanks = self.visual_style.rich_style
        strip = strips[0].adjust_cell_length(width, blanks) if strips else Strip.blank(width)
        return strip.apply_offsets(-PADDING_CELLS, at)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text selected with the mouse."""
        return selection.extract("\n".join(line.plain for line in self.lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Repaint with the text selected with the mouse."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Post a message if a related paper or a link was clicked."""
        meta = event.style.meta
        if self.paper and RELATED in meta:
            self.post_message(self.RelatedClicked(self.paper, meta[RELATED]))
        elif LINK in meta:
            self.post_message(self.LinkClicked(meta[LINK]))

    # -- moving ------------------------------------------------------------------------------------

    def move(self, lines: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=lines, animate=False)

    def move_to(self, line: int) -> None:
        """Scroll to the top or, for a negative number, to the end."""
        self.jump_to(self.max_scroll_y if line < 0 else 0)

    def half_page(self, direction: int) -> None:
        """Scroll half a page down (1) or up (-1)."""
        self.move(direction * max(1, self.size.height // 2))

    def step_match(self, step: int) -> tuple[int, int]:
        """Go to the next (1) or previous (-1) match; return its number, from 1, and their count."""
        page = self.page
        matches = page.matches("title") + page.matches("abstract") if page else 0
        if not matches:
            return 0, 0
        first = 0 if step > 0 else matches - 1
        self._match = (self._match + step) % matches if self._match >= 0 else first
        self._build()
        self.call_after_refresh(self._show_match)
        return self._match + 1, matches

    def _show_match(self) -> None:
        """Scroll until the current match is in view."""
        for at, line in enumerate(self.lines):
            if any(span.style == CURRENT_HIGHLIGHT for span in line.spans):
                top, height = self.scroll_offset.y, self.scrollable_content_region.height
                if at < top:
                    self.jump_to(at)
                elif at >= top + height:
                    self.jump_to(at - height + 1)
                return


def _same_line(old: Sequence[Content], new: Sequence[Content], at: int) -> bool:
    """Return whether a line looks the same in both texts."""
    before = old[at] if at < len(old) else Content("")
    return before.is_same(new[at] if at < len(new) else Content(""))
