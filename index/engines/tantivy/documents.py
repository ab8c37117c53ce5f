"""The schema of a tantivy index, and papers as its documents.

Increment `engine.SCHEMA_VERSION` after any change to this module, and `analysis.ANALYSIS_VERSION`
after any change to the text analysis.
"""

from collections import Counter
from collections.abc import Iterator

from tantivy import Document, PreTokenizedString, Schema, SchemaBuilder, Token

from index.papers.paper import Paper
from index.text.analysis import GAP, STOP_MARK, split_word, split_words

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


def schema() -> Schema:
    """Return the schema: blended text, single fields, and the paper's key."""
    builder = SchemaBuilder().add_unsigned_field(KEY, indexed=True, fast=True)
    builder = builder.add_unsigned_field(TITLE_LENGTH, fast=True)
    builder = builder.add_text_field(TEXT, tokenizer_name="raw", index_option="freq")
    for name in FIELDS:
        builder = builder.add_text_field(name, tokenizer_name="raw", index_option="position")
    return builder.build()


class Documents:
    """Turns papers into documents, and counts their unstemmed words in `counts`."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def of(self, paper: Paper) -> Document:
        """Return a paper as a document."""
        title, abstract = split_words(paper.title), split_words(paper.abstract)
        keywords = split_words(GAP.join(paper.keywords))
        names = split_words(GAP.join(paper.authors)), split_words(paper.venue)
        for words, named in ((title, False), (abstract, False), (keywords, False),
                             (names[0], True), (names[1], True)):  # fmt: skip
            self._count(words, named=named)
        document = Document()
        document.add_unsigned(KEY, paper.key)
        length = sum(not token.text.startswith(STOP_MARK) for token in _tokens(title, named=False))
        document.add_unsigned(TITLE_LENGTH, length)
        tokens = list(_tokens([*title * TITLE_WEIGHT, *abstract], named=False))
        blended = [token for token in tokens if not token.text.startswith(STOP_MARK)]
        document.add_pre_tokenized_text(TEXT, PreTokenizedString("", blended))
        for field, words, named in (
            ("title", title, False),
            ("abstract", abstract, False),
            ("author", names[0], True),
            ("year", [str(paper.year)] if paper.year else [], True),
            ("venue", names[1], True),
            ("keyword", keywords, False),
        ):
            if words:
                tokens = list(_tokens(words, named=named))
                document.add_pre_tokenized_text(field, PreTokenizedString("", tokens))
        return document

    def _count(self, words: list[str], *, named: bool) -> None:
        self.counts.update(
            piece.text
            for word in words
            for piece in split_word(word, named).pieces
            if not piece.text.startswith(STOP_MARK)
        )


def _tokens(words: list[str], *, named: bool) -> Iterator[Token]:
    """Yield the terms of words at their positions; words that are `named` are not stemmed."""
    place = 0
    for word in words:
        pieces, places = split_word(word, named)
        for piece in pieces:
            yield Token(piece.text if named else piece.stem, place + piece.place, 0, 0)
        place += places
