"""Completion of queries: field names, values, and words of the library."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import CarrelError
from index.facets.columns import FacetColumn
from index.facets.fields import FIELD_BY_NAME, FIELD_NAMES, STATE_NAMES
from index.query import MAX_QUERY_CHARS, quote_value
from index.query.unfinished import UnfinishedTerm, unfinished_term
from index.search.index_sync import IndexSync
from index.search.values import MIN_LETTERS, LikeliestValue, ValueCache, Values
from index.text.folding import fold

if TYPE_CHECKING:
    from index.corpus.service import Corpus

_LAST_WORD = re.compile(r"[^\W_]+$")


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion: the suffix `shown` after the query, and the completed `text`."""

    shown: str
    text: str


class Completions:
    """Completes queries as they are typed; thread-safe, and may block.

    `column` returns the values of a field as last counted, `saved` the names of saved searches,
    and `corpus` the corpus that is searched, if there is one.
    """

    def __init__(
        self,
        index: IndexSync,
        column: Callable[[str], FacetColumn | None],
        saved: Callable[[], Iterable[str]],
        corpus: "Callable[[], Corpus | None]" = lambda: None,
    ) -> None:
        self._index = index
        self._corpus = corpus
        self._column = column
        self._known = ValueCache()
        self._saved = saved

    def complete(self, text: str) -> Completion | None:
        """Return the likeliest completion of a query, or None if there is none."""
        end = unfinished_term(text) if len(text) <= MAX_QUERY_CHARS else None
        if end is None:
            return None
        completion = FIELD_BY_NAME[end.field].completion if end.field else "words"
        if completion == "words":
            return self._field(text, end) or self._word(text, end)
        return self._value(text, end) if completion else None

    def _field(self, text: str, end: UnfinishedTerm) -> Completion | None:
        if end.field or end.quoted or len(end.text) < MIN_LETTERS:
            return None
        names = [f"{name}:" for name in FIELD_NAMES if name.startswith(end.text)]
        return _append(text, names[0][len(end.text) :]) if names else None

    def _word(self, text: str, end: UnfinishedTerm) -> Completion | None:
        last = _LAST_WORD.search(end.text)
        prefix = fold(last[0]) if last else ""
        if len(prefix) < MIN_LETTERS or prefix.isdigit():
            return None
        try:
            corpus = self._corpus()
            words = corpus.reader if corpus else self._index.engine
            best = words.complete(prefix, 1)  # which may be the prefix itself
        except CarrelError:  # the next search rebuilds a broken index, or says that a corpus fails
            return None
        if not best or best[0] == prefix:
            return None
        return _append(text, best[0][len(prefix) :])

    def _value(self, text: str, end: UnfinishedTerm) -> Completion | None:
        value = self._values(end.field).likeliest(fold(end.text))
        if value is None:
            return None
        rest = _suffix(value, end.text)
        shown = f" → {value}" if rest is None else f'{rest}"' if end.quoted else rest
        return Completion(shown, text[: end.start] + quote_value(value, end.field))

    def _values(self, field: str) -> LikeliestValue:
        if field in STATE_NAMES:
            return Values(STATE_NAMES[field])
        if FIELD_BY_NAME[field].completion == "searches":
            return Values(self._saved())
        return self._known.of(field, self._column(field))


def _append(text: str, suffix: str) -> Completion:
    return Completion(suffix, text + suffix)


def _suffix(value: str, prefix: str) -> str | None:
    """Return a value without its prefix, or None if it does not have that prefix."""
    folded, wanted = fold(value), fold(prefix)
    if not folded.startswith(wanted):
        return None
    return (value if len(value) == len(folded) else folded)[len(wanted) :]
