"""The Whoosh schema, and how a paper becomes a document of it."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.formats import Positions

from index.paper import Paper
from index.words import GAP, pieces_of, written_words

SCHEMA_VERSION = 1
"""Counted up whenever the schema or the analysis changes: older indexes are rebuilt."""

TITLE_WEIGHT = 2
"""How often a title counts in the blended text: two to three times ranks best (Cranfield, CACM)."""

APART = 100
"""Places between two texts of one field, so that no phrase reaches across."""

Places = Mapping[str, Sequence[int]]
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


class Codec(W3Codec):
    """Whoosh's codec without the shortest and longest text of each block of postings.

    They take a third of the time of writing and serve matchers that skip blocks; whole posting
    lists are read here.
    """

    length_stats = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Whoosh's own


def schema() -> Schema:
    """Return the fields: blended text and its parts, and the paper's key."""
    return Schema(
        id=ID(unique=True),
        key=COLUMN(NumericColumn("I")),  # type: ignore[no-untyped-call]  # Whoosh's own
        text=Analysed(),
        title=Analysed(),
        author=Analysed(),
        venue=Analysed(),
        keyword=Analysed(),
    )


def document(paper: Paper, words: Counter[str]) -> dict[str, object]:
    """Return a paper as a Whoosh document, and count the words of its texts as they are written."""
    title, end = _stems(paper.title, words)
    shift = end + APART
    blended = {
        term: [place + copy * shift for copy in range(TITLE_WEIGHT) for place in places]
        for term, places in title.items()
    }
    abstract, _ = _stems(paper.abstract, words)
    for term, places in abstract.items():
        blended.setdefault(term, []).extend(place + TITLE_WEIGHT * shift for place in places)
    return {
        "id": str(paper.key),
        "key": paper.key,
        "text": blended,
        "title": title,
        "author": _names(GAP.join(paper.authors)),
        "venue": _names(paper.venue),
        "keyword": _stems(GAP.join(paper.keywords), words)[0],
    }


def _stems(text: str, words: Counter[str]) -> tuple[dict[str, list[int]], int]:
    """Return the stems of a text with their places, and the place after the last."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    place = 0
    written = written_words(text)
    words.update(written)
    for word in written:
        pieces, places = pieces_of(word)
        for piece in pieces:
            found[piece.stem].append(place + piece.place)
        place += places
    return found, place


def _names(text: str) -> dict[str, list[int]]:
    """Return the words of names, stop words and endings and all, with their places."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    place = 0
    for word in written_words(text):
        pieces, places = pieces_of(word, True)
        for piece in pieces:
            found[piece.text].append(place + piece.place)
        place += places
    return found


def vocabulary_counts(words: Mapping[str, int]) -> Counter[str]:
    """Return how often each word, folded, was seen, from counts of words as they are written."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for piece in pieces_of(word).pieces:
            counts[piece.text] += count
    return counts
