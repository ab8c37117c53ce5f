"""The terms of an index that a word or phrase of a query stands for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from index.engines.vocabulary import Vocabulary
from index.facets.fields import NAME_FIELDS
from index.query import Phrase, Word
from index.text.analysis import STOP_MARK, stem
from index.text.folding import fold
from index.text.query_terms import halves, query_terms
from index.text.rewriting import hyphenate_phrase, rewrite_phrase
from index.text.stopwords import STOP_WORDS, stop_words_with
from index.text.unspaced import is_unspaced, signs

BYLINE_FIELDS = ("author", "year")
"""Fields that words without a field are found in besides title and abstract."""

UNSTEMMED_FIELDS = (*NAME_FIELDS, "year")

MAX_KNOWN_RUNS = 1_000
"""Leaves whose runs are cached, since a word is looked up in several fields."""

MAX_FUZZY_WORDS = 40
MAX_WILDCARD_WORDS = 400

MAX_HALF_RARITY = 1_000
"""How many times rarer than a word its halves may be, for it to match when written as two words."""


class Slot(NamedTuple):
    """The alternatives at one position: one of several terms, or any term with a prefix.

    If there is a `whole`, it must be at the same position, as the term of a compound that begins
    there.
    """

    terms: tuple[str, ...]
    prefix: str = ""
    whole: str = ""


Run = tuple[Slot, ...]
"""Slots at consecutive positions: one for a word, several for a phrase."""


class Runs:
    """The runs of terms that match the leaves of queries, by the vocabulary of an index.

    `holds` returns whether a field of any paper has a term.
    """

    def __init__(
        self, vocabulary: Callable[[], Vocabulary], holds: Callable[[str, str], bool]
    ) -> None:
        self._read_vocabulary = vocabulary
        self._holds = holds
        self._known: dict[tuple[Word | Phrase, bool, bool], list[Run]] = {}

    @property
    def vocabulary(self) -> Vocabulary:
        """The unstemmed words of all papers."""
        return self._read_vocabulary()

    def of(self, leaf: Word | Phrase, *, is_part: bool = False) -> list[Run]:
        """Return the runs of consecutive terms that match a leaf; one of them is enough.

        A word that `is_part` of a word written apart is not split further.
        """
        stemmed = leaf.field not in UNSTEMMED_FIELDS
        known = (in_field(leaf, ""), stemmed, is_part)
        if known not in self._known:
            if len(self._known) > MAX_KNOWN_RUNS:
                self._known.clear()
            self._known[known] = self._find_runs(leaf, is_part=is_part)
        return self._known[known]

    def _find_runs(self, leaf: Word | Phrase, *, is_part: bool) -> list[Run]:
        stemmed = leaf.field not in UNSTEMMED_FIELDS
        if isinstance(leaf, Word) and (leaf.fuzzy or leaf.wildcard):
            return [(Slot(self._similar_terms(leaf, stemmed)),)]
        runs = self._text_runs(leaf, stemmed)
        if isinstance(leaf, Phrase) and stemmed:
            for text in rewrite_phrase(leaf.text, self._is_known):
                runs += self._text_runs(replace(leaf, text=text), stemmed)
            runs += self._compound_runs(leaf)
        if isinstance(leaf, Word) and stemmed and not is_part:
            runs += chain.from_iterable(self.of(word, is_part=True) for word in leaf.joined)
            runs += self._half_runs(leaf.text)
        return list(dict.fromkeys(runs))

    def _similar_terms(self, leaf: Word, stemmed: bool) -> tuple[str, ...]:
        """Return the terms that a fuzzy word or one with wildcards stands for."""
        text = fold(leaf.text)
        if leaf.wildcard:
            words = self.vocabulary.matching(text, MAX_WILDCARD_WORDS)
            words = self.vocabulary.distinctive(words) if stemmed else words
        else:
            words = self.vocabulary.near(text, MAX_FUZZY_WORDS if stemmed else MAX_WILDCARD_WORDS)
        if stemmed:
            return tuple(dict.fromkeys(map(stem, words)))
        return tuple(word for word in words if self._holds(leaf.field, word))

    def _is_known(self, word: str) -> bool:
        return self.vocabulary.count(word) > 0

    def _text_runs(self, leaf: Word | Phrase, stemmed: bool) -> list[Run]:
        """Return the runs of the terms of a leaf as written."""
        runs = [_run(terms) for terms in query_terms(leaf.text, stemmed=stemmed)]
        return [*runs, *self._prefix_runs(leaf, stemmed)] if leaf.prefix else runs

    def _prefix_runs(self, leaf: Word | Phrase, stemmed: bool) -> Iterator[Run]:
        """Yield the runs of a leaf whose last word is a prefix."""
        for *before, last in query_terms(leaf.text, stemmed=False):
            if not stemmed:
                yield (*_run(before), Slot((), last))
                continue
            stems = [STOP_MARK + word if word in STOP_WORDS else stem(word) for word in before]
            ends = self.vocabulary.odd_stems(last)
            if before:  # a stop word counts in a phrase
                ends = [*ends, *(STOP_MARK + word for word in stop_words_with(last))]
            yield (*_run(stems), Slot(tuple(ends), last))

    def _compound_runs(self, leaf: Phrase) -> Iterator[Run]:
        """Yield the runs of a phrase with a word that texts may hyphenate after a stop word.

        `under-represented` is under and represented, and at the place of under also the whole word,
        so that `in stance` is not taken for `instance`.
        """
        for text, word, (one, two) in hyphenate_phrase(leaf.text, self._is_known):
            halves = (STOP_MARK + one,), (stem(two),)
            for run in self._text_runs(replace(leaf, text=text), stemmed=True):
                for at, (first, second) in enumerate(pairwise(run)):
                    if (first.terms, second.terms) == halves:
                        whole = first._replace(whole=stem(word))
                        yield (*run[:at], whole, *run[at + 1 :])

    def _half_runs(self, text: str) -> Iterator[Run]:
        """Yield the pairs of known words into which a word can be split."""
        word = fold(text)
        # If halves are much rarer than the word, they are probably typing errors.
        least = max(1, self.vocabulary.count(word) // MAX_HALF_RARITY)
        for pair in halves(word) if text.isalnum() else ():
            if all(self.vocabulary.count(half) >= least for half in pair):
                yield _run(list(map(stem, pair)))


@lru_cache(maxsize=1_024)
def in_field(leaf: Word | Phrase, field: str) -> Word | Phrase:
    """Return a leaf that matches the same words in a field."""
    if isinstance(leaf, Phrase):
        return replace(leaf, field=field)
    joined = () if field in BYLINE_FIELDS else leaf.joined
    return replace(leaf, field=field, joined=tuple(replace(word, field=field) for word in joined))


def _run(terms: list[str]) -> Run:
    return tuple(map(_slot, terms))


def _slot(term: str) -> Slot:
    """Return the slot of a term; a letter of a script without spaces begins pairs of letters."""
    return Slot((), term) if is_unspaced(term) and len(signs(term)) == 1 else Slot((term,))
