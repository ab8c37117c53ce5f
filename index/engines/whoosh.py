"""Whoosh as Carrel's engine: leaves of a query become arrays of papers and BM25 scores."""

import math
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from whoosh.query.positional import Phrase as WhooshPhrase
from whoosh.reading import IndexReader, TermNotFound

from index.engines import whoosh_postings
from index.engines.base import EngineBroken, Postings, Progress, Step
from index.engines.vocabulary import Vocabulary
from index.engines.whoosh_index import WhooshIndex
from index.engines.whoosh_schema import TITLE_WEIGHT
from index.query import Phrase, Word
from index.text import fold
from index.words import STOP_WORDS, query_terms, stem

K1, B = 1.2, 0.75

MOST_COMPLETIONS = 16
"""Stems that a word being typed stands for; `trans*` stands for `MOST_EXPANSIONS`."""

MOST_EXPANSIONS = 1000
MOST_NEAR = 40
CACHE_BYTES = 48_000_000

UNSTEMMED = ("author", "venue")

Run = tuple[str, ...]


class WhooshEngine:
    """Answers words and phrases from a Whoosh index; see `Engine`."""

    def __init__(self, folder: Path, library: str) -> None:
        self.files = WhooshIndex(folder, library)
        self._snapshot: Snapshot | None = None

    def followed(self) -> int:
        """Return the database revision the index has followed; -1 where there is no index."""
        return self.files.followed()

    def follow(self, step: Step, progress: Progress | None = None) -> bool:
        """Bring the index from one revision to the next; see `Engine.follow`."""
        return self.files.follow(step, progress)

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that hold a word or phrase, with their BM25 scores."""
        with _readable():
            return self._current().postings(leaf)

    def term(self, stem: str) -> Postings:
        """Return the papers that hold a stem in title or abstract, scored as a word of a query."""
        with _readable():
            return self._current().term(stem)

    def vocabulary(self) -> Vocabulary:
        """Return the words of all papers as they are written."""
        with _readable():
            return self._current().vocabulary

    def size(self) -> int:
        """Return the number of papers in the index."""
        with _readable():
            return int(self._current().searcher.doc_count())

    def clear(self) -> None:
        """Throw the index away."""
        self.close()
        self.files.clear()

    def close(self) -> None:
        """Let go of files and memory."""
        snapshot, self._snapshot = self._snapshot, None
        if snapshot:
            snapshot.searcher.close()

    def _current(self) -> "Snapshot":
        """Return the index as it was last committed, whoever committed it."""
        snapshot = self._snapshot
        if snapshot is None or not snapshot.searcher.up_to_date():
            snapshot = self._snapshot = Snapshot(self.files.open().searcher(), self.files)
        return snapshot


@contextmanager
def _readable() -> Iterator[None]:
    """Take what goes wrong for a broken index: a damaged file can make Whoosh raise anything."""
    try:
        yield
    except EngineBroken:
        raise
    except Exception as error:
        raise EngineBroken(f"the search index cannot be read ({error})") from error


class Frequencies(NamedTuple):
    """How often each of some papers holds something, and how long their texts are; in parallel."""

    keys: whoosh_postings.Numbers
    weights: whoosh_postings.Weights
    lengths: whoosh_postings.Weights

    @property
    def bytes(self) -> int:
        """The memory of the three arrays."""
        return self.keys.nbytes + self.weights.nbytes + self.lengths.nbytes

    @classmethod
    def none(cls) -> "Frequencies":
        """Return what no paper holds."""
        return cls(*whoosh_postings.NONE, whoosh_postings.NONE[1])


class Segment:
    """One segment of an index: which paper each document is, and how long its fields are."""

    def __init__(self, reader: IndexReader) -> None:
        self.reader = reader
        self._lengths: dict[str, whoosh_postings.Weights] = {}

    @cached_property
    def keys(self) -> whoosh_postings.Numbers:
        """The key of each document's paper, 0 where the document was deleted."""
        keys = whoosh_postings.column(self.reader, "key")
        keys[[number for number in range(len(keys)) if self.reader.is_deleted(number)]] = 0
        return keys

    def lengths(self, field: str) -> whoosh_postings.Weights:
        """Return the length of each document's field, in terms."""
        if field not in self._lengths:
            self._lengths[field] = whoosh_postings.lengths(self.reader, field)
        return self._lengths[field]


class Snapshot:
    """An index at one commit, with the posting lists read from it so far."""

    def __init__(self, searcher: Any, files: WhooshIndex) -> None:
        self.searcher = searcher
        self.files = files
        # The reader of an index without documents has no columns.
        self.searchers = [leaf for leaf, _ in searcher.leaf_searchers() if leaf.doc_count_all()]
        self.segments = [Segment(leaf.reader()) for leaf in self.searchers]
        self._cache: OrderedDict[Run, Frequencies] = OrderedDict()
        self._cached_bytes = 0
        self._lexicons: dict[str, Vocabulary] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The written words."""
        return self.files.vocabulary()

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that hold a leaf, scored."""
        field = leaf.field or "text"
        found = _union([self._frequencies(field, run) for run in self._runs(leaf, field)])
        scored = self._scored(found, "text" if field == "abstract" else field)
        if isinstance(leaf, Word) and leaf.prefix and len(scored.keys):
            return self._exact_first(scored, leaf)
        return scored

    def term(self, stem: str) -> Postings:
        """Return the papers that hold one term of the analysed text, scored."""
        return self._scored(self._frequencies("text", (stem,)), "text")

    # -- what a leaf stands for --------------------------------------------------------------------

    def _runs(self, leaf: Word | Phrase, field: str) -> list[Run]:
        """Return the runs of consecutive terms a leaf stands for; a paper needs one of them."""
        stemmed = field not in UNSTEMMED
        if isinstance(leaf, Word) and leaf.fuzzy:
            if not stemmed:
                near = self._lexicon(field).near(fold(leaf.text), MOST_NEAR)
                return [(word,) for word in near]
            near = self.vocabulary.near(fold(leaf.text), MOST_NEAR)
            return list(dict.fromkeys((stem(word),) for word in near))
        runs = [tuple(run) for run in query_terms(leaf.text, stemmed=stemmed)]
        if leaf.prefix:
            runs += self._begun(leaf, field)
        return list(dict.fromkeys(runs))

    def _begun(self, leaf: Word | Phrase, field: str) -> Iterator[Run]:
        """Yield the runs that a leaf becomes when its last word is written on."""
        written = query_terms(leaf.text, stemmed=False)
        if not written:
            return
        most = MOST_EXPANSIONS if isinstance(leaf, Word) and leaf.starred else MOST_COMPLETIONS
        *before, last = written[-1]
        if field in UNSTEMMED:
            for word in islice(self._lexicon(field).beginning(last), MOST_EXPANSIONS):
                yield (*before, word)
            return
        before = [stem(word) for word in before if word not in STOP_WORDS]
        for word in self.vocabulary.completions(last, most):
            yield (*before, word)
        if len(written) > 1:  # a compound is also begun as one word
            for word in self.vocabulary.completions("".join(written[0]), most):
                yield (word,)

    def _lexicon(self, field: str) -> Vocabulary:
        """Return the words of a field that is not stemmed."""
        if field not in self._lexicons:
            words = (word.decode() for word in self.searcher.reader().lexicon(field))
            self._lexicons[field] = Vocabulary(dict.fromkeys(words, 1))
        return self._lexicons[field]

    # -- what papers hold --------------------------------------------------------------------------

    def _frequencies(self, field: str, run: Run) -> Frequencies:
        """Return how often papers hold a run of terms, from the cache where it was read before."""
        name = (field, *run)
        if name in self._cache:
            self._cache.move_to_end(name)
            return self._cache[name]
        if field == "abstract":
            found = _less(
                self._frequencies("text", run), self._frequencies("title", run), TITLE_WEIGHT
            )
        else:
            none = Frequencies.none()
            parts = [self._in_segment(at, field, run) for at in range(len(self.segments))]
            arrays = zip(none, *parts, strict=True)
            found = Frequencies(*(np.concatenate(several) for several in arrays))
        self._cache[name] = found
        self._cached_bytes += found.bytes
        while self._cached_bytes > CACHE_BYTES and len(self._cache) > 1:
            self._cached_bytes -= self._cache.popitem(last=False)[1].bytes
        return found

    def _in_segment(self, at: int, field: str, run: Run) -> Frequencies:
        segment, searcher = self.segments[at], self.searchers[at]
        try:
            if len(run) == 1:
                numbers, weights = whoosh_postings.read(segment.reader.postings(field, run[0]))
            else:
                phrase: Any = WhooshPhrase(field, list(run))
                numbers, weights = whoosh_postings.one_by_one(phrase.matcher(searcher))
        except TermNotFound:
            numbers, weights = whoosh_postings.NONE
        keys = segment.keys[numbers]
        alive = keys > 0
        lengths = segment.lengths(field)[numbers]
        return Frequencies(keys[alive], weights[alive], lengths[alive])

    # -- scores ------------------------------------------------------------------------------------

    def _scored(self, found: Frequencies, field: str) -> Postings:
        """Return BM25 scores as Whoosh has them; several runs count as one term.

        Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, with Whoosh's idf.
        """
        if not len(found.keys):
            return Postings.none()
        idf = math.log(self.searcher.doc_count_all() / (len(found.keys) + 1)) + 1
        average = self.searcher.avg_field_length(field, 1.0) or 1.0
        norm = K1 * (1 - B + B * found.lengths / average)
        scores = idf * found.weights * (K1 + 1) / (found.weights + norm)
        return Postings(found.keys, np.maximum(scores, 1e-6).astype(np.float32))

    def _exact_first(self, scored: Postings, leaf: Word) -> Postings:
        """Let papers with the very word that was typed rank before those with longer ones."""
        exact = self.postings(Word(leaf.text, leaf.field))
        if not len(exact.keys):
            return scored
        bonus = np.zeros(max(scored.keys.max(), exact.keys.max()) + 1, np.float32)
        bonus[exact.keys] = exact.scores
        return Postings(scored.keys, scored.scores + bonus[scored.keys])


def _union(several: list[Frequencies]) -> Frequencies:
    """Return how often papers hold any of several runs."""
    several = [one for one in several if len(one.keys)]
    if not several:
        return Frequencies.none()
    if len(several) == 1:
        return several[0]
    size = max(int(one.keys.max()) for one in several) + 1
    weights, lengths = np.zeros(size, np.float32), np.zeros(size, np.float32)
    for one in several:
        weights[one.keys] += one.weights
        lengths[one.keys] = one.lengths
    keys = np.flatnonzero(weights)
    return Frequencies(keys, weights[keys], lengths[keys])


def _less(whole: Frequencies, part: Frequencies, times: int) -> Frequencies:
    """Return what is left of a text's frequencies without a part that is in it several times."""
    if not len(whole.keys) or not len(part.keys):
        return whole
    weights = np.zeros(max(int(whole.keys.max()), int(part.keys.max())) + 1, np.float32)
    weights[part.keys] = part.weights * times
    left = whole.weights - weights[whole.keys]
    kept = left > 0.5
    return Frequencies(whole.keys[kept], left[kept], whole.lengths[kept])
