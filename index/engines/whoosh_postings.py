"""Whole posting lists out of Whoosh, block by block.

Whoosh gives postings one at a time; a list of 40,000 takes it fifty times longer than reading the
blocks they are kept in. The block reader's inner names that this needs are used here alone; a
matcher that does not have them is read the slow way, with the same result.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3LeafMatcher, _lenfield
from whoosh.columns import NumericColumn
from whoosh.matching.mcore import Matcher
from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import IndexReader
from whoosh.util.numeric import byte_to_length

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]

NONE: tuple[Numbers, Weights] = (np.empty(0, np.int64), np.empty(0, np.float32))


def read(matcher: Matcher) -> tuple[Numbers, Weights]:
    """Return the document numbers and term frequencies of a matcher that was not moved yet."""
    inner: Any = matcher  # these classes are typed in part
    if _in_blocks(inner):
        return _blocks(inner)
    # A segment with deleted documents hides them so.
    if type(matcher) is FilterMatcher and inner._exclude and _in_blocks(inner.child):
        inner.child.reset()
        numbers, weights = _blocks(inner.child)
        kept = np.isin(numbers, np.fromiter(inner._ids, np.int64), invert=True)
        return numbers[kept], weights[kept]
    return one_by_one(inner)


def _in_blocks(matcher: object) -> bool:
    return type(matcher) is W3LeafMatcher


def _blocks(matcher: Any) -> tuple[Numbers, Weights]:
    numbers, weights = [], []
    while matcher.is_active():
        matcher._read_ids()
        matcher._read_weights()
        numbers.append(np.asarray(matcher._ids, np.int64))
        weights.append(np.asarray(matcher._weights, np.float32))
        matcher._next_block()
    if not numbers:
        return NONE
    return np.concatenate(numbers), np.concatenate(weights)


def one_by_one(matcher: Any) -> tuple[Numbers, Weights]:
    """Return the same through the public interface, posting by posting."""
    numbers, weights = [], []
    while matcher.is_active():
        numbers.append(matcher.id())
        weights.append(matcher.weight())
        matcher.next()
    return np.array(numbers, np.int64), np.array(weights, np.float32)


def column(reader: IndexReader, name: str) -> Numbers:
    """Return a numeric column of a segment: a value for each document."""
    values = reader.column_reader(name, translate=False)
    return _values(values, reader.doc_count_all())


def lengths(reader: IndexReader, field: str) -> Weights:
    """Return the number of terms each document of a segment has in a field, as Whoosh rounds it."""
    inner: Any = reader
    name: Any = _lenfield
    count = reader.doc_count_all()
    values = inner._perdoc._cached_reader(name(field), LENGTHS_COLUMN)
    if values is None:
        return np.zeros(count, np.float32)
    return _ROUNDED[_values(values, count)]


_ROUNDED = np.array([byte_to_length(byte) for byte in range(256)], np.float32)


def _values(values: Any, count: int) -> Numbers:
    """Return a column whole; what it does not reach up to is its default."""
    found = np.zeros(count, np.int64)
    if type(values) is NumericColumn.Reader:
        held = values._dbfile.get_array(values._basepos, values._typecode, values._count)
        found[: len(held)] = held
        return found
    found[:] = [values[number] for number in range(count)]
    return found
