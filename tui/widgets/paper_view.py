"""The paper pane: all details of one paper, with matches highlighted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from index import Paper
from index.papers.facts import publication_facts
from index.papers.paper import PaperKey
from index.search.highlight import Highlighter
from index.search.results import RelatedPaper
from tui.widgets.paper_text import BOOKMARK, NOTE, TAG, format_shared_terms, highlight

RELATED = "related"
"""The style metadata that holds the key of a related paper, for the mouse."""

LABEL_CELLS = 5
"""Width of a label."""


class PaperView(VerticalScroll, can_focus=True, inherit_bindings=False):
    """One paper and the most closely related ones; scrolled by the keys of the screen."""

    @dataclass
    class RelatedClicked(Message):
        """A related paper was clicked; `paper` is the one it is related to."""

        paper: Paper
        key: PaperKey

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.paper: Paper | None = None
        self.highlighter: Highlighter | None = None
        self.source_dates: dict[str, str] = {}
        self.empty_text = ""  # shown if there is no paper
        self._related: Sequence[RelatedPaper] = ()
        self._match = -1
        self._matches = 0

    def compose(self) -> ComposeResult:
        """Compose the text of the pane."""
        yield Static(id="content", markup=False)

    def show(self, paper: Paper | None, highlighter: Highlighter | None) -> None:
        """Show a paper from the top; the same paper keeps its scroll position."""
        moved = paper is None or self.paper is None or paper.key != self.paper.key
        if paper and (paper, highlighter) == (self.paper, self.highlighter):
            return
        self.paper, self.highlighter = paper, highlighter
        self._related = () if moved else self._related
        self._match = -1
        self._paint()
        if moved:
            self.scroll_home(animate=False)

    def show_related(self, paper: Paper, related: Sequence[RelatedPaper]) -> None:
        """Show related papers below a paper, if that is still visible."""
        if self.paper and self.paper.key == paper.key and related != self._related:
            self._related = related
            self._paint()

    def on_click(self, event: events.Click) -> None:
        """Post a message if a related paper was clicked."""
        key = event.style.meta.get(RELATED)
        if self.paper and key is not None:
            self.post_message(self.RelatedClicked(self.paper, key))

    def _paint(self) -> None:
        self._matches = 0
        if self.paper:
            text = self._build_text(self.paper)
        else:
            text = Content.styled(f"\n{self.empty_text}", "$foreground 58%")
        # A new layout of the screen is expensive, and only needed if the height changes.
        content = self.query_one("#content", Static)
        lines = text.get_height({}, max(1, content.content_size.width)) + content.gutter.height
        content.update(text, layout=max(lines, self.size.height) != content.outer_size.height)

    def on_resize(self) -> None:
        """Wrap links to the new width."""
        self._paint()

    def _build_text(self, paper: Paper) -> Content:
        title = self._highlight(paper.title, "title", 0)
        first = len(self.highlighter.spans(paper.title, "title")) if self.highlighter else 0
        abstract = self._highlight(paper.abstract, "abstract", first)
        self._matches = first + (
            len(self.highlighter.spans(paper.abstract, "abstract")) if self.highlighter else 0
        )
        parts = [title.stylize_before("bold $foreground"), *self._details(paper), Content("")]
        if paper.note:
            parts += [_labelled(NOTE, Content(paper.note), "$warning"), Content("")]
        parts.append(
            abstract if paper.abstract else Content.styled("no abstract", "$foreground 58%")
        )
        links = self._links(paper)
        if links:
            parts += [Content(""), *links]
        parts += [Content(""), *self._sources(paper)]
        if self._related:
            heading = Content.styled("Related", "bold $foreground 58%")
            parts += [Content(""), heading, *self._related_lines()]
        return Content("\n").join(parts)

    def _highlight(self, text: str, name: str, first: int) -> Content:
        current = self._match - first if self._match >= first else None
        return highlight(text, name, self.highlighter, current)

    def _details(self, paper: Paper) -> list[Content]:
        lines = []
        if paper.authors:
            names = ", ".join(paper.authors) + (" et al." if paper.et_al else "")
            authors = highlight(names, "author", self.highlighter)
            lines.append(authors.stylize_before("$foreground 58%"))
        when = paper.date or (str(paper.year) if paper.year else "")
        known = [paper.venue, when, " ".join(paper.categories)]
        if paper.votes is not None:
            known.append(f"{paper.votes:,} votes")
        if any(known):
            lines.append(
                Content.styled(" · ".join(text for text in known if text), "$foreground 58%")
            )
        if facts := publication_facts(paper):
            lines.append(Content.styled(" · ".join(facts), "$foreground 58%"))
        if paper.keywords:
            lines.append(Content.styled(", ".join(paper.keywords), "italic $foreground 58%"))
        marks = []
        if paper.bookmarked:
            marks.append(Content.styled(f"{BOOKMARK} bookmarked", "$warning"))
        if paper.read:
            marks.append(Content.styled("read", "$foreground 58%"))
        if paper.tags:
            tags = " ".join(f"{TAG}{tag}" for tag in paper.tags)
            marks.append(Content.styled(tags, "$success"))
        if marks:
            lines.append(Content("  ").join(marks))
        return lines

    def _links(self, paper: Paper) -> list[Content]:
        code = set(paper.code)
        lines = []
        for url in paper.links:
            label = "code" if url in code else "doi" if "doi.org/" in url else "link"
            lines += self._wrap(label, Content.styled(url, "underline"))
        return lines

    def _wrap(self, label: str, word: Content) -> list[Content]:
        """Return the lines of a long word, the first with a label."""
        width = max(10, self.query_one("#content").content_size.width - LABEL_CELLS)
        return [
            _labelled("" if at else label, piece, "$foreground 58%")
            for at, piece in enumerate(word.fold(width))
        ]

    def _sources(self, paper: Paper) -> list[Content]:
        lines = []
        for source in paper.sources:
            when = self.source_dates.get(source.name, "")
            place = f" #{source.position}" if source.position is not None else ""
            text = f"{source.name}{place}{f' · page of {when}' if when else ''}"
            lines.append(_labelled("from", Content(text), "$foreground 58%"))
        lines += self._wrap("id", Content(paper.id))
        return [line.stylize_before("$foreground 58%") for line in lines]

    def _related_lines(self) -> Iterator[Content]:
        """Yield the lines of the related papers, all of them clickable."""
        width = max(10, self.query_one("#content").content_size.width - 2)
        for related in self._related:
            lines = [
                *Content.styled(related.title, "$foreground").wrap(width),
                *format_shared_terms(related.shared_terms).wrap(width),
            ]
            for at, line in enumerate(lines):
                row = Content.assemble(("  " if at else "· ", "$foreground 58%"), line)
                yield row.stylize(Style.from_meta({RELATED: related.key}))

    # -- moving ------------------------------------------------------------------------------------

    def move(self, lines: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=lines, animate=False)

    def move_to(self, line: int) -> None:
        """Scroll to the top or, for a negative number, to the end."""
        if line < 0:
            self.scroll_end(animate=False)
        else:
            self.scroll_home(animate=False)

    def half_page(self, direction: int) -> None:
        """Scroll half a page down (1) or up (-1)."""
        self.move(direction * max(1, self.size.height // 2))

    def step_match(self, step: int) -> tuple[int, int]:
        """Go to the next (1) or previous (-1) match; return its number, from 1, and their count."""
        if not self._matches:
            return 0, 0
        self._match = (self._match + step) % self._matches if self._match >= 0 else (
            0 if step > 0 else self._matches - 1
        )  # fmt: skip
        self._paint()
        self.call_after_refresh(self._show_match)
        return self._match + 1, self._matches

    def _show_match(self) -> None:
        content = self.query_one("#content", Static)
        for y in range(content.size.height):
            if any(segment.style and segment.style.reverse for segment in content.render_line(y)):
                self.scroll_to_region(
                    Region(0, y, content.size.width, 1), animate=False, force=True
                )
                return


def _labelled(label: str, content: Content, style: str) -> Content:
    return Content.assemble((f"{label:<{LABEL_CELLS}}", style), content)
