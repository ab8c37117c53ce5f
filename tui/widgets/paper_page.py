"""The text of one paper as lines of a width: its facts, abstract and related papers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from index import Paper
from index.papers.facts import publication_facts
from index.search.highlight import Highlighter
from index.search.likely_model import LikelyWords
from index.search.results import RelatedPaper
from tui.glyphs import BOOKMARK, NOTE, TAG
from tui.themes import DIM
from tui.widgets.paper_text import format_shared_terms, highlight

RELATED, LINK = "related", "link"
"""The style metadata that hold the key of a related paper, and a link, for the mouse."""

LABEL_CELLS = 5
LIKELY_CELLS = 9
MIN_TEXT_CELLS = 10


@dataclass(frozen=True, slots=True)
class PaperPage:
    """The content of the paper pane.

    `source_dates` are the dates of sources by name. `keys` are those of the commands "browse" and
    "related", shown beside what they open. `match` is the number of the current match. `likely`
    holds the words for and against the paper.
    """

    paper: Paper
    highlighter: Highlighter | None = None
    related: Sequence[RelatedPaper] = ()
    source_dates: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    match: int | None = None
    likely: LikelyWords | None = None

    def matches(self, name: str) -> int:
        """Return the number of matches in a field."""
        text = str(getattr(self.paper, name))
        return len(self.highlighter.spans(text, name)) if self.highlighter else 0

    def lines(self, width: int) -> list[Content]:
        """Return the lines of the page, each at most `width` cells wide."""
        width = max(MIN_TEXT_CELLS, width)
        return [line.rstrip() for block in self._blocks(width) for line in block]

    def _blocks(self, width: int) -> Iterator[list[Content]]:
        paper = self.paper
        yield self._text("title", 0).stylize_before("bold $foreground").wrap(width)
        for fact in self._facts(width):
            yield fact.wrap(width)
        yield self._links(width)
        yield _hang(Content(""), self._marks(), width, 0)
        if paper.note:
            label = Content.styled(f"{NOTE} ", "$warning")
            yield [Content(""), *_hang(label, Content(paper.note), width, 2)]
        abstract = self._text("abstract", self.matches("title"))
        if not paper.abstract:
            abstract = Content.styled("no abstract", DIM)
        yield [Content(""), *abstract.wrap(width)]
        if self.likely and (words := self._likely(self.likely, width)):
            yield [Content(""), *words]
        yield [Content(""), *self._sources(width)]
        if self.related:
            yield [Content(""), *self._related(width)]

    def _text(self, name: str, first: int) -> Content:
        """Return the title or abstract; `first` is the number of its first match."""
        current = self.match - first if self.match is not None and self.match >= first else None
        return highlight(str(getattr(self.paper, name)), name, self.highlighter, current)

    def _facts(self, width: int) -> Iterator[Content]:
        paper = self.paper
        if paper.citation.is_retracted:
            yield Content.styled("This paper was retracted.", "bold $warning")
        if paper.authors:
            names = ", ".join(paper.authors) + (" et al." if paper.et_al else "")
            yield highlight(names, "author", self.highlighter).stylize_before(DIM)
        when = paper.date or (str(paper.year) if paper.year else "")
        arxiv = f"arXiv {paper.arxiv_id}" if paper.arxiv_id else ""
        votes = f"{paper.votes:,} votes" if paper.votes is not None else ""
        known = [paper.venue, when, " ".join(paper.categories), arxiv, paper.doi, votes]
        for facts in (filter(None, known), publication_facts(paper)):
            yield from (Content.styled(line, DIM) for line in _filled(facts, width))
        if paper.keywords:
            yield Content.styled(", ".join(paper.keywords), f"italic {DIM}")

    def _links(self, width: int) -> list[Content]:
        code, lines = set(self.paper.code), []
        key, several = self.keys.get("browse", ""), len(self.paper.links) > 1
        for number, url in enumerate(self.paper.links, 1):
            kind = "code" if url in code else "doi" if "doi.org/" in url else "link"
            keys = f"{key} {number}" if key and several else key
            label = Content.assemble((f"{keys:<4}" if keys else "", "bold $accent"),
                                     (f"{kind:<{LABEL_CELLS}}", DIM))  # fmt: skip
            link = Content.styled(url, "underline").stylize(Style.from_meta({LINK: url}))
            lines += _fold(label, link, width)
        return lines

    def _marks(self) -> Content:
        paper = self.paper
        marks = []
        if paper.bookmarked:
            marks.append(Content.styled(f"{BOOKMARK} bookmarked", "$warning"))
        if paper.dismissed:
            marks.append(Content.styled("dismissed", DIM))
        if paper.later:
            marks.append(Content.styled(f"to read later: no. {paper.later:,}", DIM))
        if paper.tags:
            marks.append(Content.styled(" ".join(f"{TAG}{tag}" for tag in paper.tags), "$success"))
        # There is always a line of marks, so that a mark does not move the abstract.
        marks.append(Content.styled("read" if paper.read else "unread", DIM))
        return Content("  ").join(marks)

    def _likely(self, words: LikelyWords, width: int) -> list[Content]:
        """Return a line of the words for the paper, and one of those against it."""
        lines = []
        for name, terms in (("for", words.likely), ("against", words.unlikely)):
            if terms:
                label = Content.styled(f"{name:<{LIKELY_CELLS}}", f"bold {DIM}")
                lines += _hang(label, Content.styled(", ".join(terms), DIM), width, LIKELY_CELLS)
        return lines

    def _sources(self, width: int) -> list[Content]:
        lines = []
        for source in self.paper.sources:
            when = self.source_dates.get(source.name, "")
            place = f" #{source.position}" if source.position is not None else ""
            text = f"{source.name}{place}{f' · page of {when}' if when else ''}"
            lines += _hang(Content(f"{'from':<{LABEL_CELLS}}"), Content(text), width, LABEL_CELLS)
        lines += _fold(Content(f"{'id':<{LABEL_CELLS}}"), Content(self.paper.id), width)
        return [line.stylize_before(DIM) for line in lines]

    def _related(self, width: int) -> Iterator[Content]:
        """Yield the lines of the related papers, all of them clickable."""
        key = self.keys.get("related", "")
        label = Content.styled("Related", f"bold {DIM}")
        yield Content.assemble(label, (f"  {key}", "bold $accent")) if key else label
        for one in self.related:
            bullet = Content.styled("· ", DIM)
            lines = _hang(bullet, Content.styled(one.title, "$foreground"), width, 2)
            lines += _hang(Content("  "), format_shared_terms(one.shared_terms), width, 2)
            for line in lines:
                yield line.stylize(Style.from_meta({RELATED: one.key}))


def _filled(facts: Iterable[str], width: int) -> Iterator[str]:
    """Yield lines of facts, divided between facts; one that is wider than a line has its own."""
    line = ""
    for fact in facts:
        longer = f"{line} · {fact}" if line else fact
        if line and cell_len(longer) > width:
            yield line
            longer = fact
        line = longer
    if line:
        yield line


def _hang(label: Content, text: Content, width: int, indent: int) -> list[Content]:
    """Return a text wrapped beside a label, the following lines indented."""
    room = max(MIN_TEXT_CELLS, width - indent)
    parts = text.split("\n", allow_blank=True)
    lines = [line for part in parts for line in part.wrap(room) or [Content("")]]
    return [(label if not at else Content(" " * indent)) + line for at, line in enumerate(lines)]


def _fold(label: Content, word: Content, width: int) -> list[Content]:
    """Return a long word in pieces beside a label, so that all of it can be seen."""
    indent = label.cell_length
    pieces = word.fold(max(MIN_TEXT_CELLS, width - indent))
    return [(label if not at else Content(" " * indent)) + one for at, one in enumerate(pieces)]
