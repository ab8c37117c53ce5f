"""Corrections of misspelled query words ("did you mean"), from the words of the library."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
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


class Spelling:
    """Suggests corrections for words that occur in no paper; thread-safe."""

    def __init__(self, index: IndexSync, papers: PaperStore) -> None:
        self._index = index
        self._papers = papers

    def suggestions(self, results: Results) -> tuple[QueryNote, ...]:
        """Return a note for each query word that occurs in no paper and resembles one that does.

        A prefix of known words is not corrected.
        """
        if not results.query.words or results.index == "missing":
            return ()

        try:
            return tuple(_Correction(self._index.engine, self._papers, results).notes())
        except EngineBroken:  # the next search rebuilds it
            return ()


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

    def __init__(self, engine: Engine, papers: PaperStore, results: Results) -> None:
        self.engine = engine
        self.papers = papers
        self.query = results.query
        keys = results.keys  # papers that match the query's other words
        self.found = np.zeros(int(keys.max()) + 1 if len(keys) else 1, np.bool_)
        self.found[keys] = True

    def notes(self) -> Iterator[QueryNote]:
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
        return 2 < len(word.text) <= MAX_WORD_LETTERS and not len(self.engine.postings(word).keys)

    def note(self, written: WrittenWord, end: int, corrections: Iterable[str]) -> QueryNote:
        names = list(corrections)
        either = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        field = f"{written.word.field}:" if written.word.field else ""
        text = field + one_line(self.query.text[written.start : end], MAX_WORD_LETTERS)
        message = f"no paper has {text}; did you mean {either}?"
        return QueryNote(message, written.start, end, tuple(names))

    # -- compounds ---------------------------------------------------------------------------------

    def find_compound(self, at: int) -> tuple[WrittenWord, WrittenWord] | None:
        """Return a word and its neighbour if they occur in papers as one word."""
        words = self.query.words
        for one, two in pairwise(words[max(0, at - 1) : at + 2]):
            whole = Word(one.word.text + two.word.text, one.word.field)
            if self.are_neighbours(one, two) and len(self.engine.postings(whole).keys):
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
        word = written.word
        folded = fold(word.text)
        near = self.near(folded, word.field)
        candidates = sorted(self.candidates(folded, near, word.field))
        most = max((candidate.papers for candidate in candidates), default=0)
        best: dict[str, _Candidate] = {}
        for candidate in candidates:
            key = fold(candidate.text) if word.field in NAME_FIELDS else stem(candidate.text)
            if candidate.papers * MAX_RARITY >= most:
                best.setdefault(key, candidate)
        texts = [candidate.text for candidate in best.values()][:MAX_CANDIDATES]
        if word.field and not written.quoted:
            texts = [quote_value(text) for text in texts]
        return self.note(written, written.end, texts) if texts else None

    def near(self, folded: str, field: str) -> list[str]:
        if field in NAME_FIELDS:
            return self.names(folded, field)
        # Numbers are not corrected: GPT-3 is not a misspelling of GPT-4.
        near = self.engine.vocabulary().near(folded, MAX_NEAR_WORDS)
        return [word for word in near if _digits(word) == _digits(folded)]

    def names(self, folded: str, field: str) -> list[str]:
        """Return the most common names similar to a word, as they are spelled in papers."""
        keys = self.engine.postings(Word(folded, field, fuzzy=True)).keys[:MAX_NAMED_PAPERS]
        row = FIELD_BY_NAME[field]
        counts: Counter[str] = Counter()
        for paper in self.papers.rows([PaperKey(int(key)) for key in keys]):
            value = getattr(paper, row.column)
            for text in value if row.is_list else (value,):
                counts.update(name for name, _, _ in find_words(text))
        names = (name for name, _ in counts.most_common() if is_near(fold(name), folded))
        return list(islice(names, MAX_NEAR_WORDS))

    def candidates(self, folded: str, near: Iterable[str], field: str) -> Iterator[_Candidate]:
        from rapidfuzz.distance import OSA

        for text in near:
            keys = self.engine.postings(Word(text, field)).keys
            if len(keys):
                common = int(np.count_nonzero(self.found[keys[keys < len(self.found)]]))
                yield _Candidate(OSA.distance(fold(text), folded), -common, -len(keys), text)


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))
