"""The schema of a tantivy index, and papers as its documents.

Increment `engine.SCHEMA_VERSION` after any change to this module, and `analysis.ANALYSIS_VERSION`
after any change to the text analysis.
"""

from collections import Counter

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
    builder = builder.add_text_field(TEXT, tokenizer_name="whitespace", index_option="freq")
    for name in FIELDS:
        builder = builder.add_text_field(name, tokenizer_name="raw", index_option="position")
    return builder.build()


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
