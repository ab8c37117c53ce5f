"""Two papers side by side, field by field, with the words that differ highlighted."""

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from index import Paper
from tui.glyphs import BOOKMARK, NOTE, TAG
from tui.themes import DIM

HIGHLIGHT = "bold underline $warning"

MAX_CHARACTERS = 6_000
"""Characters of a text that are shown and compared."""


class Row(Horizontal):
    """One field of both papers."""

    def __init__(self, name: str, one: Content, other: Content) -> None:
        super().__init__(classes="-apart" if name in ("title", "abstract") else "")
        self.texts = (Content.styled(name, DIM), one, other)

    def compose(self) -> ComposeResult:
        """Compose the field's name and its two values."""
        for kind, text in zip(("field", "value", "value"), self.texts, strict=True):
            yield Static(text, classes=kind)


def highlight_changes(one: str, other: str) -> tuple[Content, Content]:
    """Return two texts with the words highlighted that differ."""
    words, others = one[:MAX_CHARACTERS].split(), other[:MAX_CHARACTERS].split()
    matcher = SequenceMatcher(None, words, others)
    left, right = Content(" ".join(words)), Content(" ".join(others))
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind != "equal":
            left = _highlight(left, words, start, end)
            right = _highlight(right, others, first, last)
    return left, right


def _highlight(text: Content, words: list[str], start: int, end: int) -> Content:
    if start == end:
        return text
    offset = sum(len(word) + 1 for word in words[:start])
    return text.stylize(HIGHLIGHT, offset, offset + len(" ".join(words[start:end])))


def compared_fields(one: Paper, other: Paper) -> Iterator[tuple[str, str, str]]:
    """Yield the fields that either paper has: the name and both values."""
    for name, text in _FIELDS.items():
        values = text(one), text(other)
        if any(values):
            yield name, values[0] or "–", values[1] or "–"


def _marks(paper: Paper) -> str:
    signs = [f"{BOOKMARK} bookmarked"] * paper.bookmarked + ["read"] * paper.read
    notes = [f"{NOTE} {paper.note}"] if paper.note else []
    return " · ".join([*signs, *(f"{TAG}{tag}" for tag in paper.tags), *notes])


_FIELDS: dict[str, Callable[[Paper], str]] = {
    "title": lambda paper: paper.title,
    "authors": lambda paper: ", ".join(paper.authors) + (" et al." if paper.et_al else ""),
    "date": lambda paper: paper.date or str(paper.year or ""),
    "venue": lambda paper: paper.venue,
    "arXiv id": lambda paper: paper.arxiv_id,
    "DOI": lambda paper: paper.doi,
    "id": lambda paper: paper.id,
    "sources": lambda paper: ", ".join(
        f"{source.name} #{source.position}" if source.position else source.name
        for source in paper.sources
    ),
    "marks": _marks,
    "abstract": lambda paper: paper.abstract,
    "links": lambda paper: " ".join(paper.links),
}
