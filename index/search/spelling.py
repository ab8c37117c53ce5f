"""Corrections of misspelled query words, from the words of the library.

A word that no paper has is replaced by the likeliest one that papers have, and a note says so.
Names and words in quotes are not replaced; corrections are suggested for them ("did you mean").
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import NamedTuple, Protocol

import numpy as np

from index.engines.base import NO_KEYS, Answers, Ask, EngineBroken, Keys, ListingOrder
from index.facets.fields import FIELD_BY_NAME, NAME_FIELDS
from index.papers.paper import PaperKey
from index.query import (
    Everything,
    Node,
    Phrase,
    Query,
    QueryNote,
    Word,
    WrittenWord,
    join_neighbours,
    leaves,
    quote_value,
    replace_leaves,
)
from index.search.acronyms import MAX_PAPERS, may_have_acronyms, offer_acronyms
from index.search.highlight import is_near
from index.search.index_sync import IndexSync
from index.search.results import Results
from index.store import PaperStore
from index.text.analysis import find_words, stem
from index.text.cleaning import one_line
from index.text.folding import fold
from index.text.unspaced import is_unspaced

MAX_CANDIDATES = 3
"""Corrections offered for one word."""

MAX_CORRECTED_WORDS = 3
"""Words of one query that are corrected."""

MAX_NEAR_WORDS = 12
MAX_NAMED_PAPERS = 200
"""Papers searched for names similar to a misspelled one."""

MAX_RARITY = 100
"""A candidate this many times rarer than another is considered a misspelling itself."""

MAX_WORD_LETTERS = 40

MAX_PREFERRED = 10_000
"""Papers on the first page of a result in which corrections are preferred."""


Counts = Callable[[Sequence[Word], Node], Sequence[tuple[int, int]]]
"""Returns in how many papers words are: of all, and of those that match a query."""


class WordSource(Answers, Protocol):
    """Finds papers, and the words that they have; see `Engine`, whose methods these are."""

    def holds(self, leaf: Word | Phrase) -> bool:
        """Return whether any paper contains a word or phrase."""

    def similar_words(self, word: str, most: int) -> Sequence[str]:
        """Return up to `most` words within a small edit distance, nearest first."""


class Spelling:
    """Suggests corrections for words that occur in no paper; thread-safe.

    `listing` returns all papers in listing order.
    """

    def __init__(
        self, index: IndexSync, papers: PaperStore, listing: Callable[[], ListingOrder]
    ) -> None:
        self._index = index
        self._papers = papers
        self._listing = listing

    def suggestions(self, results: Results) -> tuple[QueryNote, ...]:
        """Return a note for each query word that occurs in no paper and resembles one that does.

        A prefix of known words is not corrected. If there is none, another note may offer the long
        form of an acronym, or the acronym of words.
        """
        if not results.query.words or results.index in ("missing", "corpus"):
            return ()

        try:
            first = results.rows.first.keys[:MAX_PREFERRED]  # others would be asked for
            ask = Ask(results.query.tree, listing=self._listing())
            correction = _Correction(self._index.engine, self._papers, results.query, ask)
            correction.within = first
            notes = tuple(correction.notes())
        except EngineBroken:  # the next search rebuilds it
            return ()
        return notes or tuple(self._acronyms(results))

    def _acronyms(self, results: Results) -> list[QueryNote]:
        if not may_have_acronyms(results.query):
            return []
        papers = self._papers.rows(results.paper_keys(0, min(results.total, MAX_PAPERS)))
        return offer_acronyms(results.query, papers)


def replace_unknown_words(
    query: Query, engine: WordSource, papers: PaperStore, ask: Ask, counts: Counts | None = None
) -> Query:
    """Return a query in which words that occur in no paper are replaced by the likeliest ones.

    Its notes say which. `ask` is the question of the query. Words are counted by `counts`, if it is
    given.
    """
    correction = _Correction(engine, papers, query, ask, counts)
    unknown = correction.replaceable()
    if not unknown:
        return query
    rest: dict[Node, Node] = {written.word: Everything() for written in unknown}
    correction.prefer(join_neighbours(replace_leaves(query.tree, rest)))
    others: dict[Node, Node] = {}
    notes = []
    for written in unknown:
        if texts := correction.corrections(written.word):
            others[written.word] = replace(written.word, text=texts[0])
            notes.append(correction.replacement_note(written, texts))
    return replace(
        query,
        tree=replace_leaves(query.tree, others),
        notes=(*query.notes, *notes),
        words=tuple(written for written in query.words if written.word not in others),
    )


class _Candidate(NamedTuple):
    """A correction of a word, with the number of papers that contain it.

    The best sorts first: by edit distance, papers in the result, and papers in the library.
    """

    edits: int
    minus_results: int
    minus_papers: int
    text: str

    @property
    def papers(self) -> int:
        return -self.minus_papers


class _Correction:
    """The correction of one query."""

    def __init__(
        self,
        engine: WordSource,
        papers: PaperStore,
        query: Query,
        ask: Ask,
        counts: Counts | None = None,
    ) -> None:
        self.counts = counts or self.count_each
        self.finds_rest = counts is None
        self.rest: Node = Everything()
        self.engine = engine
        self.papers = papers
        self.query = query
        self.ask = ask
        self.within: Keys | None = None
        self._unknown: dict[Word, bool] = {}

    def prefer(self, rest: Node) -> None:
        """Prefer corrections that occur in the papers that match the query's other words."""
        self.rest = rest
        if self.finds_rest and not isinstance(rest, Everything):
            found = self.engine.ids(self.asked(rest, by_score=False))
            self.within = np.concatenate([NO_KEYS, *found])

    def count(self, word: Word, within: Keys | None = None) -> int:
        """Return the number of papers that have a word, of all or of some."""
        return self.engine.count(Ask(word, within=within))

    def count_each(self, words: Sequence[Word], _: Node) -> list[tuple[int, int]]:
        """Return in how many papers words are: of all, and of those preferred."""
        every = [self.count(word) for word in words]
        if self.within is None:
            return list(zip(every, every, strict=True))
        return [
            (papers, self.count(word, self.within) if papers else 0)
            for word, papers in zip(words, every, strict=True)
        ]

    def asked(self, tree: Node, *, by_score: bool) -> Ask:
        return Ask(
            tree,
            self.ask.sets,
            self.ask.listing,
            by_score=by_score,
            limit=MAX_NAMED_PAPERS,
            relax=False,
            stop=self.ask.stop,
        )

    def replaceable(self) -> list[WrittenWord]:
        """Return the words that occur in no paper and may be replaced."""
        # Those with their neighbours are looked up, since the search needs them anyway.
        positive = {
            replace(leaf, joined=()): leaf
            for leaf in leaves(join_neighbours(self.query.tree))
            if isinstance(leaf, Word)
        }
        unknown = (
            written
            for at, written in enumerate(self.query.words)
            if not written.quoted
            and written.word in positive
            and written.word.field not in NAME_FIELDS
            and self.is_unknown(positive[written.word])
            and not self.find_compound(at)
        )
        return list(islice(unknown, MAX_CORRECTED_WORDS))

    def notes(self) -> Iterator[QueryNote]:
        """Yield a note for each word that occurs in no paper."""
        words = self.query.words
        checked: set[Word] = set()
        end = 0
        for at, written in enumerate(words):
            if len(checked) == MAX_CORRECTED_WORDS:
                return
            if written.start < end or written.word in checked or not self.is_unknown(written.word):
                continue
            checked.add(written.word)
            pair = self.find_compound(at)
            if pair and not written.quoted:
                continue  # a search for two words also matches them written as one
            note = self.join(*pair) if pair else self.replace(written)
            if note:
                end = note.end
                yield note

    def is_unknown(self, word: Word) -> bool:
        if not 2 < len(word.text) <= MAX_WORD_LETTERS or is_unspaced(word.text):
            return False
        if word not in self._unknown:
            self._unknown[word] = not self.engine.holds(word)
        return self._unknown[word]

    def note(self, written: WrittenWord, end: int, corrections: Iterable[str]) -> QueryNote:
        names = list(corrections)
        either = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        message = f"no paper has {self.shown(written, end)}; did you mean {either}?"
        return QueryNote(message, written.start, end, tuple(names))

    def shown(self, written: WrittenWord, end: int) -> str:
        field = f"{written.word.field}:" if written.word.field else ""
        return field + one_line(self.query.text[written.start : end], MAX_WORD_LETTERS)

    def replacement_note(self, written: WrittenWord, texts: list[str]) -> QueryNote:
        typed = self.query.text[written.start : written.end]
        message = f"no paper has {self.shown(written, written.end)}; showing {texts[0]}"
        return QueryNote(message, written.start, written.end, tuple(texts), f'"{typed}"')

    # -- compounds ---------------------------------------------------------------------------------

    def find_compound(self, at: int) -> tuple[WrittenWord, WrittenWord] | None:
        """Return a word and its neighbour if they occur in papers as one word."""
        words = self.query.words
        for one, two in pairwise(words[max(0, at - 1) : at + 2]):
            whole = Word(one.word.text + two.word.text, one.word.field)
            if self.are_neighbours(one, two) and self.engine.holds(whole):
                return one, two
        return None

    def join(self, one: WrittenWord, two: WrittenWord) -> QueryNote:
        return self.note(one, two.end, [fold(one.word.text + two.word.text)])

    def are_neighbours(self, one: WrittenWord, other: WrittenWord) -> bool:
        same = (one.word.field, one.quoted) == (other.word.field, other.quoted)
        return same and self.query.text[one.end : other.start].isspace()

    # -- similar words -----------------------------------------------------------------------------

    def replace(self, written: WrittenWord) -> QueryNote | None:
        """Return a note that suggests words similar to an unknown one."""
        texts = self.corrections(written.word)
        if written.word.field and not written.quoted:
            texts = [quote_value(text) for text in texts]
        return self.note(written, written.end, texts) if texts else None

    def corrections(self, word: Word) -> list[str]:
        """Return words similar to an unknown one, the likeliest first."""
        folded = fold(word.text)
        near = self.near(folded, word.field)
        candidates = sorted(self.candidates(folded, near, word.field))
        most = max((candidate.papers for candidate in candidates), default=0)
        best: dict[str, _Candidate] = {}
        for candidate in candidates:
            key = fold(candidate.text) if word.field in NAME_FIELDS else stem(candidate.text)
            if candidate.papers * MAX_RARITY >= most:
                best.setdefault(key, candidate)
        return [candidate.text for candidate in best.values()][:MAX_CANDIDATES]

    def near(self, folded: str, field: str) -> list[str]:
        if field in NAME_FIELDS:
            return self.names(folded, field)
        # Numbers are not corrected: GPT-3 is not a misspelling of GPT-4.
        near = self.engine.similar_words(folded, MAX_NEAR_WORDS)
        return [word for word in near if _digits(word) == _digits(folded)]

    def names(self, folded: str, field: str) -> list[str]:
        """Return the most common names similar to a word, as they are spelled in papers."""
        similar = Word(folded, field, fuzzy=True)
        page = self.engine.search(self.asked(similar, by_score=True))
        keys = page.keys[:MAX_NAMED_PAPERS].tolist()
        row = FIELD_BY_NAME[field]
        counts: Counter[str] = Counter()
        for paper in self.papers.rows(list(map(PaperKey, keys))):
            value = getattr(paper, row.column)
            for text in value if row.is_list else (value,):
                counts.update(name for name, _, _ in find_words(text))
        names = (name for name, _ in counts.most_common() if is_near(fold(name), folded))
        return list(islice(names, MAX_NEAR_WORDS))

    def candidates(self, folded: str, near: Iterable[str], field: str) -> Iterator[_Candidate]:
        from rapidfuzz.distance import OSA

        texts = list(near)
        counts = self.counts([Word(text, field) for text in texts], self.rest)
        for text, (papers, common) in zip(texts, counts, strict=True):
            if papers:
                yield _Candidate(OSA.distance(fold(text), folded), -common, -papers, text)


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))
