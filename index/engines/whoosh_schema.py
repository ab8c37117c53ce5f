"""The Whoosh schema, and how a paper becomes a document of it."""

from array import array
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.formats import Positions

from index.paper import Paper
from index.words import GAP, pieces_of, written_words

SCHEMA_VERSION = 2
"""Counted up whenever the schema or the analysis changes: older indexes are rebuilt."""

TITLE_WEIGHT = 2
"""How often a title counts in the blended text: two to three times ranks best (Cranfield, CACM)."""

APART = 100
"""Places between two texts of one field, so that no phrase reaches across."""

Places = dict[str, list[int]]
"""The terms of a text, with the places of each among its words."""


class PackedPositions(Positions):
    """Positions of a term as 32-bit integers in a row: quicker than Whoosh's pickles."""

    def encode(self, poslist: Sequence[int]) -> bytes:
        """Return positions as bytes."""
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return the positions that bytes stand for."""
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return the number of positions."""
        return len(valuestring) // array("I").itemsize


class Analysed(TEXT):
    """A text field that is given its terms and their places, analysed before.

    A class of its own, so that Whoosh can pickle the schema.
    """

    def __init__(self) -> None:
        super().__init__(phrase=True)
        self.format: Any = PackedPositions()

    def index(
        self, value: Places, **_: object
    ) -> Generator[tuple[bytes, int, float, bytes], None, None]:
        """Yield each term with its frequency, its weight and its encoded positions."""
        encode = self.format.encode
        for term, places in value.items():
            yield term.encode(), len(places), float(len(places)), encode(places)


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


def document(paper: Paper, words: Counter[str]) -> dict[str, object]:
    """Return a paper as a Whoosh document, and count the words of its texts as they are written."""
    title: Places = {}
    text: Places = {}
    written = _counted(paper.title, words)
    shift = _gather(written, 0, title) + APART
    for copy in range(TITLE_WEIGHT):
        _gather(written, copy * shift, text)
    _gather(_counted(paper.abstract, words), TITLE_WEIGHT * shift, text)
    keywords: Places = {}
    _gather(_counted(GAP.join(paper.keywords), words), 0, keywords)
    return {
        "id": str(paper.key),
        "key": paper.key,
        "text": text,
        "title": title,
        "author": _names(GAP.join(paper.authors)),
        "venue": _names(paper.venue),
        "keyword": keywords,
    }


def _counted(text: str, words: Counter[str]) -> list[str]:
    """Return the words of a text, and count them."""
    written = written_words(text)
    words.update(written)
    return written


def _gather(written: list[str], place: int, into: Places) -> int:
    """Add the stems of words with their places, from a place on; return the one after the last."""
    for word in written:
        pieces, places = pieces_of(word)
        for _, stem, within, _, _ in pieces:
            known = into.get(stem)
            if known is None:
                into[stem] = [place + within]
            else:
                known.append(place + within)
        place += places
    return place


def _names(text: str) -> Places:
    """Return the words of names, stop words and endings and all, with their places."""
    found: Places = {}
    place = 0
    for word in written_words(text):
        pieces, places = pieces_of(word, True)
        for piece in pieces:
            found.setdefault(piece.text, []).append(place + piece.place)
        place += places
    return found


def vocabulary_counts(words: Mapping[str, int]) -> Counter[str]:
    """Return how often each word, folded, was seen, from counts of words as they are written."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for piece in pieces_of(word).pieces:
            counts[piece.text] += count
    return counts
