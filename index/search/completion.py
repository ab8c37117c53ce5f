"""What a query being typed could become: fields, their values, words of the library."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from index.engines.base import EngineBroken
from index.facets.columns import Column
from index.facets.fields import FIELD_BY_NAME, FIELD_NAMES, STATE_NAMES
from index.query import MAX_QUERY_CHARS, quote_value
from index.query.unfinished import UnfinishedTerm, unfinished_term
from index.search.index_sync import IndexSync
from index.text.folding import fold

LEAST = 2
"""Letters of a word or a field's name before an end is offered for it."""

_LAST_WORD = re.compile(r"[^\W_]+$")


@dataclass(frozen=True, slots=True)
class Completion:
    """One offer: what is `shown` behind the text that is there, and the `text` once it is taken."""

    shown: str
    text: str


class Completions:
    """Offers the likeliest end of what is being typed; any thread may call, and may have to wait.

    `column` returns the values of a field as they were last counted, `saved` the names of the
    saved searches.
    """

    def __init__(
        self,
        index: IndexSync,
        column: Callable[[str], Column | None],
        saved: Callable[[], Iterable[str]],
    ) -> None:
        self._index = index
        self._column = column
        self._known: dict[str, tuple[Column | None, Values]] = {}
        self._saved = saved

    def offer(self, text: str) -> Completion | None:
        """Return the likeliest end of a query; None where there is nothing to complete."""
        end = unfinished_term(text) if len(text) <= MAX_QUERY_CHARS else None
        if end is None:
            return None
        completion = FIELD_BY_NAME[end.field].completion if end.field else "words"
        if completion == "words":
            return self._field(text, end) or self._word(text, end)
        return self._value(text, end) if completion else None

    def _field(self, text: str, end: UnfinishedTerm) -> Completion | None:
        if end.field or end.quoted or len(end.text) < LEAST:
            return None
        names = [f"{name}:" for name in FIELD_NAMES if name.startswith(end.text)]
        return _continued(text, names[0][len(end.text) :]) if names else None

    def _word(self, text: str, end: UnfinishedTerm) -> Completion | None:
        last = _LAST_WORD.search(end.text)
        beginning = fold(last[0]) if last else ""
        if len(beginning) < LEAST or beginning.isdigit():
            return None
        try:
            words = self._index.engine.vocabulary()
        except EngineBroken:  # a search mends it
            return None
        best = words.commonest(beginning, 1)  # which may be the beginning itself
        if not best or best[0] == beginning:
            return None
        return _continued(text, best[0][len(beginning) :])

    def _value(self, text: str, end: UnfinishedTerm) -> Completion | None:
        value = self._values(end.field).likeliest(fold(end.text))
        if value is None:
            return None
        rest = _rest(value, end.text)
        shown = f" → {value}" if rest is None else f'{rest}"' if end.quoted else rest
        return Completion(shown, text[: end.start] + quote_value(value, end.field))

    def _values(self, field: str) -> "Values":
        if field in STATE_NAMES:
            return Values(STATE_NAMES[field])
        if FIELD_BY_NAME[field].completion == "searches":
            return Values(self._saved())
        column = self._column(field)
        if field not in self._known or self._known[field][0] is not column:
            self._known[field] = column, Values(column.commonest() if column else ())
        return self._known[field][1]


def _continued(text: str, rest: str) -> Completion:
    return Completion(rest, text + rest)


def _rest(value: str, beginning: str) -> str | None:
    """Return what follows the beginning of a value; None where it does not begin so."""
    folded, wanted = fold(value), fold(beginning)
    if not folded.startswith(wanted):
        return None
    return (value if len(value) == len(folded) else folded)[len(wanted) :]


class _Line(NamedTuple):
    folded: str
    value: str


class Values:
    """Values of a field, the likeliest first, found by how they or a word in them begin.

    They are kept as one text, a line a value: a search in it takes some milliseconds at 200,000
    values, and a twentieth of the memory of an index.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self._text = "\n" + "".join(f"{fold(value)}\t{value}\n" for value in values)

    def likeliest(self, beginning: str) -> str | None:
        """Return the first value that begins so, folded, and goes on; else one with such a word."""
        within = (" ", "/") if len(beginning) >= LEAST else ()
        for sign in ("\n", *within):
            at = self._text.find(sign + beginning)
            while 0 <= at < len(self._text) - 1:
                line = self._line(at + (sign == "\n"))
                if line.folded != beginning:
                    return line.value
                at = self._text.find(sign + beginning, at + 1)
        return None

    def _line(self, at: int) -> _Line:
        start, end = self._text.rfind("\n", 0, at) + 1, self._text.find("\n", at)
        folded, _, value = self._text[start:end].partition("\t")
        return _Line(folded, value)
