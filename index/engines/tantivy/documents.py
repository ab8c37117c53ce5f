"""The schema of a tantivy index, and papers as its documents.

Increment `engine.SCHEMA_VERSION` after any change to this module, and `analysis.ANALYSIS_VERSION`
after any change to the text analysis.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

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

PARTS = ("title", "abstract")
"""The fields in which phrases and stop words of `TEXT` are found."""

FIELDS = (*PARTS, "author", "year", "venue", "keyword")

RANGES = {"year": "year_number", "date": "date_number", "votes": "votes_number"}
"""The fields that hold the numbers of ranges; an import or a merge changes them with the paper."""

VALUE = "value"
"""The field of whole values that many papers share, each as `value_term` writes it."""

DATE_LETTERS, DATE_LENGTH = "-/0123456789~", 11
"""The characters of dates and of their bounds, sorted, and the most that a bound has."""


def schema() -> Schema:
    """Return the schema: blended text, single fields, and the paper's key."""
    builder = SchemaBuilder().add_unsigned_field(KEY, indexed=True, fast=True)
    builder = builder.add_unsigned_field(TITLE_LENGTH, fast=True)
    builder = builder.add_text_field(TEXT, tokenizer_name="whitespace", index_option="freq")
    builder = builder.add_text_field(VALUE, tokenizer_name="raw", index_option="basic")
    for name in RANGES.values():
        builder = builder.add_integer_field(name, fast=True)
    for name in FIELDS:
        builder = builder.add_text_field(name, tokenizer_name="raw", index_option="position")
    return builder.build()


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


class Documents:
    """Turns papers into documents, and counts their unstemmed words in `counts`."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def of(self, paper: Paper) -> Document:
        """Return a paper as a document."""
        document = Document()
        document.add_unsigned(KEY, paper.key)
        title = self._add(document, "title", paper.title)
        abstract = self._add(document, "abstract", paper.abstract)
        document.add_text(TEXT, " ".join([*title * TITLE_WEIGHT, *abstract]))
        document.add_unsigned(TITLE_LENGTH, len(title))
        self._add(document, "keyword", GAP.join(paper.keywords))
        self._add(document, "author", GAP.join(paper.authors), named=True)
        self._add(document, "venue", paper.venue, named=True)
        if paper.year:
            document.add_text("year", str(paper.year))
        for name, number in _numbers(paper):
            document.add_integer(RANGES[name], number)
        for term in dict.fromkeys(_values(paper)):
            document.add_text(VALUE, term)
        return document

    def _add(self, document: Document, field: str, text: str, *, named: bool = False) -> list[str]:
        """Add the terms of a text at their positions; return them without stop words.

        Words that are `named` are not stemmed.
        """
        tokens: list[Token] = []
        words: list[str] = []
        terms: list[str] = []
        place = 0
        for word in split_words(text):
            pieces, places = split_word(word, named)
            for written, stem, at, *_ in pieces:
                term = written if named else stem
                tokens.append(Token(term, place + at, 0, 0))
                if not written.startswith(STOP_MARK):
                    words.append(written)
                    terms.append(term)
            place += places
        if tokens:
            document.add_pre_tokenized_text(field, PreTokenizedString("", tokens))
        self.counts.update(words)
        return terms


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
    separator = FIELD_BY_NAME["category"].separator
    for category in paper.categories:
        parts = category.split(separator)
        for end in range(1, len(parts) + 1):
            yield value_term("category", separator.join(parts[:end]))
