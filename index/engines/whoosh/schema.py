"""The Whoosh schema, and how a paper becomes a document of it.

Whoever changes either, or the analysis, counts up `manifest.SCHEMA_VERSION`.
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
"""How often a title counts in the blended text: two to three times ranks best (Cranfield, CACM)."""


class PackedPositions(Positions):
    """Positions of a term as 32-bit integers in a row: as `whoosh_writing` keeps them."""

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return the positions that bytes stand for."""
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return the number of positions."""
        return len(valuestring) // array("I").itemsize


class Analysed(TEXT):
    """A text field that is given its words by number.

    A class of its own, so that Whoosh can pickle the schema.
    """

    def __init__(self) -> None:
        super().__init__(phrase=True)
        self.format: Any = PackedPositions()

    def index(  # type: ignore[override]  # our own pool takes a text in place of bytes
        self, value: NumberedText, **_: object
    ) -> Generator[tuple[bytes, int, float, NumberedText], None, None]:
        """Yield a text whole, with its number of terms: the pool takes it apart."""
        if value.numbers:
            yield b"", value.length, float(value.length), value


def schema() -> Schema:
    """Return the fields: blended text and its parts, and the paper's key."""
    return Schema(
        id=ID(unique=True),
        key=COLUMN(NumericColumn("I")),
        text=Analysed(),
        title=Analysed(),
        author=Analysed(),
        venue=Analysed(),
        keyword=Analysed(),
    )


def document(paper: Paper, lexicon: Lexicon) -> dict[str, object]:
    """Return a paper as a Whoosh document, and count the words of its texts as they are written."""
    words = lexicon.stems
    title = lexicon.count(words.text(split_words(paper.title)))
    abstract = lexicon.count(words.text(split_words(paper.abstract)))
    text = (title.numbers + lexicon.gap) * TITLE_WEIGHT + abstract.numbers
    return {
        "id": str(paper.key),
        "key": paper.key,
        "text": NumberedText(words, text),
        "title": title,
        "author": lexicon.names.text(split_words(GAP.join(paper.authors))),
        "venue": lexicon.names.text(split_words(paper.venue)),
        "keyword": lexicon.count(words.text(split_words(GAP.join(paper.keywords)))),
    }
