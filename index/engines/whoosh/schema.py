"""The Whoosh schema and the conversion of papers to documents.

Increment `manifest.SCHEMA_VERSION` after any change to this module, and `analysis.ANALYSIS_VERSION`
after any change to the text analysis.
"""

from array import array
from collections.abc import Generator
from typing import Any

from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.formats import Positions

from index.engines.whoosh.lexicon import Lexicon, NumberedText
from index.papers.paper import Paper
from index.text.analysis import GAP, split_words

TITLE_WEIGHT = 2
"""Weight of a title in the blended text: two to three ranks best (Cranfield, CACM)."""


class PackedPositions(Positions):
    """Positions of a term as packed 32-bit integers, as `writer` stores them."""

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return the positions in a packed value."""
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return the number of positions in a packed value."""
        return len(valuestring) // array("I").itemsize


class Analysed(TEXT):
    """A text field whose words are given as numbers; a named class so that it can be pickled."""

    def __init__(self) -> None:
        super().__init__(phrase=True)
        self.format: Any = PackedPositions()

    def index(  # type: ignore[override]  # ArrayPool takes a text in place of bytes
        self, value: NumberedText, **_: object
    ) -> Generator[tuple[bytes, int, float, NumberedText], None, None]:
        """Yield the text and its length; the pool splits it into postings, and counts these."""
        if value.numbers:
            yield b"", value.length, 0.0, value


def schema() -> Schema:
    """Return the schema: blended text, single fields, and the paper's key."""
    return Schema(
        id=ID(unique=True),
        key=COLUMN(NumericColumn("I")),
        text=Analysed(),
        title=Analysed(),
        author=Analysed(),
        year=Analysed(),
        venue=Analysed(),
        keyword=Analysed(),
    )


def document(paper: Paper, lexicon: Lexicon) -> dict[str, object]:
    """Return a paper as a Whoosh document, and count its unstemmed words."""
    words = lexicon.stems
    title = lexicon.count(words.text(split_words(paper.title)))
    abstract = lexicon.count(words.text(split_words(paper.abstract)))
    text = (title.numbers + lexicon.gap) * TITLE_WEIGHT + abstract.numbers
    return {
        "id": str(paper.key),
        "key": paper.key,
        "text": NumberedText(words, text),
        "title": title,
        "author": lexicon.count(lexicon.names.text(split_words(GAP.join(paper.authors)))),
        "year": lexicon.names.text([str(paper.year)] if paper.year else []),
        "venue": lexicon.count(lexicon.names.text(split_words(paper.venue))),
        "keyword": lexicon.count(words.text(split_words(GAP.join(paper.keywords)))),
    }
