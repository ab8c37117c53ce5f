"""What the words of a query were meant to be: "did you mean", from the library's own words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from index.engines.base import Engine, EngineBroken
from index.facets.fields import FIELD_BY_NAME, NAME_FIELDS
from index.papers.paper import PaperKey
from index.query import QueryNote, Word, WrittenWord, quote_value
from index.search.highlight import is_near
from index.search.index_sync import IndexSync
from index.search.results import Results
from index.store import PaperStore
from index.text.analysis import find_words, stem
from index.text.cleaning import one_line
from index.text.folding import fold

MOST_OFFERS = 3
MOST_MEANT = 3
"""Words of one query that are looked into."""

MOST_NEAR = 12
MOST_NAMED = 200
"""Papers whose names are read for a name that is like one of theirs."""

RARE = 100
"""A word in so many times fewer papers than another like it is a slip of its own."""

LONGEST_WORD = 40


class Spelling:
    """Offers words that papers have in place of those that none has; any thread may call."""

    def __init__(self, index: IndexSync, papers: PaperStore) -> None:
        self._index = index
        self._papers = papers

    def meant(self, results: Results) -> tuple[QueryNote, ...]:
        """Return a note for each word of a query that no paper has and that is like one of theirs.

        A word that is begun only is left alone while any word begins so.
        """
        if not results.query.words or results.index == "missing":
            return ()

        try:
            return tuple(_Asking(self._index.engine, self._papers, results).notes())
        except EngineBroken:  # the next search mends it
            return ()


class _Offer(NamedTuple):
    """What could stand in a word's place, and in how many papers it does.

    The best sorts first: that of the fewest edits, in the most papers of the result, in the most.
    """

    edits: int
    apart: int
    rarity: int
    text: str

    @property
    def papers(self) -> int:
        return -self.rarity


class _Asking:
    """One query, of which some words are looked into."""

    def __init__(self, engine: Engine, papers: PaperStore, results: Results) -> None:
        self.engine = engine
        self.papers = papers
        self.query = results.query
        keys = results.keys  # those that hold the query's other words
        self.found = np.zeros(int(keys.max()) + 1 if len(keys) else 1, np.bool_)
        self.found[keys] = True

    def notes(self) -> Iterator[QueryNote]:
        words = self.query.words
        asked: set[Word] = set()
        told = 0
        for at, written in enumerate(words):
            if len(asked) == MOST_MEANT:
                return
            if written.start < told or written.word in asked or not self.is_unknown(written.word):
                continue
            asked.add(written.word)
            pair = self.one_word(at)
            if pair and not written.quoted:
                continue  # which finds the papers that have it as one word
            note = self.as_one(*pair) if pair else self.instead(written)
            if note:
                told = note.end
                yield note

    def is_unknown(self, word: Word) -> bool:
        return 2 < len(word.text) <= LONGEST_WORD and not len(self.engine.postings(word).keys)

    def note(self, written: WrittenWord, end: int, offers: Iterable[str]) -> QueryNote:
        names = list(offers)
        either = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        field = f"{written.word.field}:" if written.word.field else ""
        said = field + one_line(self.query.text[written.start : end], LONGEST_WORD)
        message = f"no paper has {said}; did you mean {either}?"
        return QueryNote(message, written.start, end, tuple(names))

    # -- a word written in two ---------------------------------------------------------------------

    def one_word(self, at: int) -> tuple[WrittenWord, WrittenWord] | None:
        """Return a word and its neighbour where papers have the two as one."""
        words = self.query.words
        for one, two in pairwise(words[max(0, at - 1) : at + 2]):
            whole = Word(one.word.text + two.word.text, one.word.field)
            if self.are_neighbours(one, two) and len(self.engine.postings(whole).keys):
                return one, two
        return None

    def as_one(self, one: WrittenWord, two: WrittenWord) -> QueryNote:
        return self.note(one, two.end, [fold(one.word.text + two.word.text)])

    def are_neighbours(self, one: WrittenWord, other: WrittenWord) -> bool:
        same = (one.word.field, one.quoted) == (other.word.field, other.quoted)
        return same and self.query.text[one.end : other.start].isspace()

    # -- a word like it ----------------------------------------------------------------------------

    def instead(self, written: WrittenWord) -> QueryNote | None:
        """Return a note that offers words like one that no paper has."""
        word = written.word
        folded = fold(word.text)
        near = self.near(folded, word.field)
        offers = sorted(self.weighed(folded, near, word.field))
        most = max((offer.papers for offer in offers), default=0)
        best: dict[str, _Offer] = {}
        for offer in offers:
            kept = fold(offer.text) if word.field in NAME_FIELDS else stem(offer.text)
            if offer.papers * RARE >= most:
                best.setdefault(kept, offer)
        texts = [offer.text for offer in best.values()][:MOST_OFFERS]
        if word.field and not written.quoted:
            texts = [quote_value(text) for text in texts]
        return self.note(written, written.end, texts) if texts else None

    def near(self, folded: str, field: str) -> list[str]:
        if field in NAME_FIELDS:
            return self.names(folded, field)
        # Another number is another thing: GPT-3 is no slip for GPT-4.
        like = self.engine.vocabulary().near(folded, MOST_NEAR)
        return [word for word in like if _digits(word) == _digits(folded)]

    def names(self, folded: str, field: str) -> list[str]:
        """Return the commonest names like a word, from papers that have any, as they write them."""
        keys = self.engine.postings(Word(folded, field, fuzzy=True)).keys[:MOST_NAMED]
        row = FIELD_BY_NAME[field]
        counts: Counter[str] = Counter()
        for paper in self.papers.rows([PaperKey(int(key)) for key in keys]):
            value = getattr(paper, row.column)
            for text in value if row.is_list else (value,):
                counts.update(name for name, _, _ in find_words(text))
        return [name for name, _ in counts.most_common() if is_near(fold(name), folded)][:MOST_NEAR]

    def weighed(self, folded: str, near: Iterable[str], field: str) -> Iterator[_Offer]:
        from rapidfuzz.distance import OSA

        for text in near:
            keys = self.engine.postings(Word(text, field)).keys
            if len(keys):
                together = int(np.count_nonzero(self.found[keys[keys < len(self.found)]]))
                yield _Offer(OSA.distance(fold(text), folded), -together, -len(keys), text)


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))
