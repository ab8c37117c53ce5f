"""The schema of a tantivy index, and papers as its documents.

Increment `engine.SCHEMA_VERSION` after any change to this module, and `analysis.ANALYSIS_VERSION`
after any change to the text analysis.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from tantivy import Document, PreTokenizedString, Schema, SchemaBuilder, Token

from index.facets.fields import FIELD_BY_NAME
from index.papers.paper import Paper
from index.text.analysis import GAP, STOP_MARK, split_word, split_words
from index.text.folding import fold

TITLE_WEIGHT = 2
"""Times that a title is in the blended text, as in the array engine."""

KEY = "key"
TITLE_LENGTH = "title_length"
"""The field of the number of terms in a title."""

TEXT = "text"
"""The field of title and abstract as one text, without stop words and positions; see `PARTS`."""

START = "start"
"""The field of the first letters of each term of `TEXT`; see `MAX_START`."""

NAME_START = "name_start"
"""The field of the first letters of the names of authors."""

STARTS = {TEXT: START, "author": NAME_START}

MAX_START = 2
"""Letters that words are found by in `START`: so few are the start of thousands of words."""

BLOCK, BIT = "block", "bit"
"""The fields of a key divided by `BLOCK_KEYS`, and of 2 to the power of the rest.

All keys of a block that are found are read as one number, the sum of their bits.
"""

BLOCK_KEYS = 48
"""Keys in a block; a float holds the sum of up to 53 bits."""

PARTS = ("title", "abstract")
"""The fields in which phrases and stop words of `TEXT` are found."""

FIELDS = (*PARTS, "author", "year", "venue", "keyword")

RANGES = {"year": "year_number", "date": "date_number", "votes": "votes_number"}
"""The fields that hold the numbers of ranges; an import or a merge changes them with the paper."""

VALUE = "value"
"""The field of whole values that many papers share, each as `value_term` writes it."""

MAX_KNOWN_WORDS = 100_000
"""Words that are kept, most of those that occur more than once."""

DATE_LETTERS, DATE_LENGTH = "-/0123456789~", 11
"""The characters of dates and of their bounds, sorted, and the most that a bound has."""


def schema() -> Schema:
    """Return the schema: blended text, single fields, and the paper's key."""
    builder = SchemaBuilder().add_unsigned_field(KEY, indexed=True, fast=True)
    builder = builder.add_unsigned_field(TITLE_LENGTH, fast=True)
    builder = builder.add_text_field(TEXT, tokenizer_name="whitespace", index_option="freq")
    builder = builder.add_unsigned_field(BLOCK, fast=True).add_float_field(BIT, fast=True)
    builder = builder.add_text_field(START, tokenizer_name="whitespace", index_option="freq")
    builder = builder.add_text_field(NAME_START, tokenizer_name="whitespace", index_option="basic")
    builder = builder.add_text_field(VALUE, tokenizer_name="raw", index_option="basic")
    for name in RANGES.values():
        builder = builder.add_integer_field(name, fast=True)
    for name in FIELDS:
        builder = builder.add_text_field(name, tokenizer_name="raw", index_option="position")
    return builder.build()


@lru_cache(maxsize=10_000)
def date_number(text: str) -> int:
    """Return a number for a date or part of one; numbers sort as the texts do."""
    number = 0
    for letter in text[:DATE_LENGTH].ljust(DATE_LENGTH, "\0"):
        place = bisect_left(DATE_LETTERS, letter) + 1 if letter != "\0" else 0
        number = number * (len(DATE_LETTERS) + 1) + place
    return number


def value_term(field: str, text: str) -> str:
    """Return the term for a whole value of a field."""
    return f"{field}:{fold(text)}"


class _Word(NamedTuple):
    """A word as it is indexed: its terms and their positions, and how many positions it takes.

    Those that are not stop words are in `written`, unstemmed. `blended` are their terms as one
    text, and `starts` the first letters of them.
    """

    terms: tuple[tuple[str, int], ...]
    written: tuple[str, ...]
    blended: str
    starts: str
    places: int


class _Words(dict[str, _Word]):
    """The words of texts, or of names, which are not stemmed; each is split once."""

    def __init__(self, *, named: bool) -> None:
        super().__init__()
        self._named = named

    def __missing__(self, text: str) -> _Word:
        pieces, places = split_word(text, self._named)
        terms = [(piece.text if self._named else piece.stem, piece) for piece in pieces]
        shown = [(term, piece.text) for term, piece in terms if not term.startswith(STOP_MARK)]
        if len(self) >= MAX_KNOWN_WORDS:
            self.clear()
        word = self[text] = _Word(
            tuple((term, piece.place) for term, piece in terms),
            tuple(written for _, written in shown),
            " ".join(term for term, _ in shown),
            " ".join(start for forms in shown for start in _starts(forms)),
            places,
        )
        return word


class Documents:
    """Turns papers into documents, and counts their unstemmed words in `counts`."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._words, self._names = _Words(named=False), _Words(named=True)

    def of(self, paper: Paper) -> Document:
        """Return a paper as a document."""
        document = Document()
        document.add_unsigned(KEY, paper.key)
        document.add_unsigned(BLOCK, paper.key // BLOCK_KEYS)
        document.add_float(BIT, float(1 << paper.key % BLOCK_KEYS))
        title = self._add(document, "title", paper.title)
        abstract = self._add(document, "abstract", paper.abstract)
        text = [*title * TITLE_WEIGHT, *abstract]
        document.add_text(TEXT, " ".join([word.blended for word in text]))
        document.add_text(START, " ".join([word.starts for word in text]))
        document.add_unsigned(TITLE_LENGTH, sum(len(word.written) for word in title))
        self._add(document, "keyword", GAP.join(paper.keywords))
        names = self._add(document, "author", GAP.join(paper.authors), named=True)
        document.add_text(NAME_START, " ".join({word.starts for word in names}))
        self._add(document, "venue", paper.venue, named=True)
        if paper.year:
            document.add_text("year", str(paper.year))
        for name, number in _numbers(paper):
            document.add_integer(RANGES[name], number)
        for term in dict.fromkeys(_values(paper)):
            document.add_text(VALUE, term)
        return document

    def _add(
        self, document: Document, field: str, text: str, *, named: bool = False
    ) -> list[_Word]:
        """Add the terms of a text at their positions; return its words.

        Words that are `named` are not stemmed.
        """
        known = self._names if named else self._words
        words = [known[word] for word in split_words(text)]
        tokens: list[Token] = []
        place = 0
        for word in words:
            for term, at in word.terms:
                tokens.append(Token(term, place + at, 0, 0))
            place += word.places
        if tokens:
            document.add_pre_tokenized_text(field, PreTokenizedString("", tokens))
        self.counts.update(chain.from_iterable(word.written for word in words))
        return words


def is_start(prefix: str) -> bool:
    """Return whether a prefix is a term of `START`: one or two letters."""
    return len(prefix) <= MAX_START and prefix.isascii() and prefix.isalnum()


def _starts(forms: Iterable[str]) -> Iterator[str]:
    """Yield the first letters of a word in its forms, each once."""
    for end in range(1, MAX_START + 1):
        yield from dict.fromkeys(form[:end] for form in forms if len(form) >= end)


def _numbers(paper: Paper) -> Iterator[tuple[str, int]]:
    """Yield the numbers of a paper that ranges are compared with, with their fields."""
    if paper.year is not None:
        yield "year", paper.year
    if date := paper.date or (str(paper.year) if paper.year is not None else ""):
        yield "date", date_number(date)
    if paper.votes is not None:
        yield "votes", paper.votes


def _values(paper: Paper) -> Iterator[str]:
    """Yield the terms of the venue, and of the categories with those above them."""
    if paper.venue:
        yield value_term("venue", paper.venue)
    for category in paper.categories:
        yield from _category_terms(category)


@lru_cache(maxsize=10_000)
def _category_terms(category: str) -> list[str]:
    """Return the terms of a category and of those above it."""
    separator = FIELD_BY_NAME["category"].separator
    parts = category.split(separator)
    return [value_term("category", separator.join(parts[:end])) for end in range(1, len(parts) + 1)]
