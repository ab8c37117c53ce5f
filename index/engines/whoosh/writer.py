"""Gathering the postings of a segment as arrays, and writing them."""

from array import array
from collections.abc import Iterator
from itertools import pairwise
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.system import pack_ushort

from index.engines.whoosh.lexicon import Lexicon, NumberedText, WordTable
from index.engines.whoosh.reader import SIGN, Integers, Numbers

NO_PLACE = bytes(4)
"""What stands for the place of a posting in a field that has none."""

TEXTS = 2_000
"""Texts taken apart at once."""

AT_ONCE = 1_500_000
"""Places of terms put in order at once."""


class Gathered(NamedTuple):
    """Postings of a field in the order of its terms: which `terms` there are, how many postings
    each has, and the arrays of all.
    """

    field: str
    terms: list[bytes]
    counts: Numbers
    numbers: Integers
    weights: Integers
    places: Integers


class Occurrences(NamedTuple):
    """Terms where they stand, in parallel: `numbers` are those of documents."""

    terms: Integers
    numbers: Integers
    places: Integers


class FieldPostings:
    """The texts of a field, a document after another, and postings that were written before."""

    def __init__(self) -> None:
        self._words, self._numbers, self._lengths = (array("I") for _ in range(3))
        self._terms, self._holders, self._weights, self._places = (array("I") for _ in range(4))
        self._lexis: WordTable | None = None
        self._size = 0

    def add_text(self, number: int, text: NumberedText, size: int) -> None:
        """Take the text of a document, which has so many terms."""
        self._lexis = text.words
        self._numbers.append(number)
        self._lengths.append(len(text.numbers))
        self._words += text.numbers
        self._size += size

    def add_posting(self, term: int, number: int, weight: int, places: bytes) -> None:
        """Take a posting that has as many places as its weight."""
        self._terms.append(term)
        self._holders.append(number)
        self._weights.append(weight)
        self._places.frombytes(places)
        self._size += weight

    def held(self) -> Occurrences:
        """Return where each term stands; those of texts first, for other segments follow them."""
        held = Occurrences(*(np.empty(self._size, np.uint32) for _ in Occurrences._fields))
        at = 0
        for part in self._parts():
            for whole, some in zip(held, part, strict=True):
                whole[at : at + len(some)] = some
            at += len(part.terms)
        return held

    def _parts(self) -> Iterator[Occurrences]:
        numbers, lengths = _integers(self._numbers), _integers(self._lengths)
        words = _integers(self._words)
        at = 0
        for first in range(0, len(numbers), TEXTS):
            some = slice(first, first + TEXTS)
            end = at + int(lengths[some].sum())
            yield self._spread(words[at:end], numbers[some], lengths[some])
            at = end
        weights = _integers(self._weights)
        yield Occurrences(
            np.repeat(_integers(self._terms), weights),
            np.repeat(_integers(self._holders), weights),
            _integers(self._places),
        )

    def _spread(self, words: Integers, numbers: Integers, lengths: Integers) -> Occurrences:
        """Return where each term of some texts stands: their words taken apart, all at once."""
        assert self._lexis is not None
        sizes = _integers(self._lexis.sizes)
        place = _starts(_integers(self._lexis.spans)[words])
        place -= np.repeat(place[_starts(lengths)], lengths)  # each text begins at 0; none is empty
        counts = sizes[words]
        pieces = np.repeat(_starts(sizes)[words] - _starts(counts), counts)
        pieces += np.arange(len(pieces), dtype=np.uint32)
        return Occurrences(
            _integers(self._lexis.terms)[pieces],
            np.repeat(np.repeat(numbers, lengths), counts),
            np.repeat(place, counts) + _integers(self._lexis.places)[pieces],
        )


class ArrayPool:
    """Gathers the postings of a segment, in place of a writer's own pool.

    Documents come in the order of their numbers, so the postings of each term do.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._fields: dict[str, FieldPostings] = {}

    def add(self, item: tuple[str, bytes, int, float, NumberedText | bytes]) -> None:
        """Take a posting (field, term, document number, weight, places), or a text in its place."""
        name, term, number, weight, given = item
        field = self._fields.get(name) or self._fields.setdefault(name, FieldPostings())
        if isinstance(given, NumberedText):
            field.add_text(number, given, int(weight))
        else:
            known = self._lexicon.terms
            at = known.setdefault(term, len(known))
            field.add_posting(at, number, int(weight), given or NO_PLACE)

    def iter_postings(self) -> list[Gathered]:
        """Return all postings, a field after another; each has as many places as its weight."""
        written = list(self._lexicon.terms)
        parts: list[Gathered] = []
        for name in sorted(self._fields):
            parts += _gathered(name, self._fields.pop(name).held(), written)
        return parts

    def cleanup(self) -> None:
        """Let go of all."""
        self._fields.clear()


def _gathered(name: str, held: Occurrences, written: list[bytes]) -> Iterator[Gathered]:
    """Yield the postings of a field, some terms at once: here a process needs the most memory."""
    present = _present(held.terms, written)
    ranks = np.empty(len(written), np.uint32)
    ranks[present] = np.arange(len(present))
    np.take(ranks, held.terms, out=held.terms, mode="clip")
    ends = np.cumsum(np.bincount(held.terms))
    cuts = np.unique(np.searchsorted(ends, np.arange(0, len(held.terms), AT_ONCE))).tolist()
    for first, end in pairwise([*cuts, len(present)]):
        yield _in_order(name, held, first, [written[term] for term in present[first:end]])


def _in_order(name: str, held: Occurrences, first: int, terms: list[bytes]) -> Gathered:
    """Return the postings of terms, from the rank of the first on."""
    chosen = np.flatnonzero((held.terms >= first) & (held.terms < first + len(terms)))
    # A term and where it stands make one integer, which sorts much faster than by term.
    both = held.terms[chosen].astype(np.uint64) - np.uint64(first) << np.uint64(32)
    both |= chosen.astype(np.uint32)
    both.sort()
    order = both.astype(np.uint32)  # the lower half
    ranks, numbers = (both >> np.uint64(32)).astype(np.int64), held.numbers[order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (ranks[1:] != ranks[:-1]) | (numbers[1:] != numbers[:-1])
    starts = np.flatnonzero(begins)
    return Gathered(
        name,
        terms,
        np.bincount(ranks[starts]),
        numbers[starts],
        np.diff(starts, append=len(order)).astype(np.uint32),
        held.places[order],
    )


def _present(terms: Integers, written: list[bytes]) -> list[int]:
    """Return which terms there are, in the order they are written."""
    there = np.zeros(len(written), np.bool_)
    there[terms] = True
    return sorted(np.flatnonzero(there).tolist(), key=written.__getitem__)


def _integers(numbers: "array[int]") -> Integers:
    return np.frombuffer(numbers, np.uint32) if numbers else np.empty(0, np.uint32)


def _starts(counts: Integers) -> Integers:
    """Return where each of some rows of so many begins."""
    return np.cumsum(counts, dtype=np.uint32) - counts


class ArrayWriter:
    """Writes what an `ArrayPool` has gathered, in place of a Whoosh FieldWriter."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._terms: Any = OrderedHashWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._file = segment.create_file(storage, W3Codec.POSTS_EXT)
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: list[Gathered]) -> None:
        """Write all postings of a segment, and the table of its terms."""
        names = dict.fromkeys(part.field for part in items)
        fields = self._terms.extras["fieldmap"] = {name: at for at, name in enumerate(names)}
        posting = place = 0
        for part in items:
            self._add_terms(fields[part.field], part, posting, place)
            posting, place = posting + len(part.numbers), place + len(part.places)
        self._write(np.array((SIGN, posting, place), np.uint32))
        for column in ("numbers", "weights", "places"):
            for part in items:
                self._write(getattr(part, column))

    def _write(self, numbers: Integers) -> None:
        self._file.write(numbers.astype("<u4", copy=False).tobytes())

    def _add_terms(self, field: int, part: Gathered, posting: int, place: int) -> None:
        """Write the terms of a field whose lists begin at a posting and a place."""
        starts = np.cumsum(part.counts) - part.counts
        totals = np.add.reduceat(part.weights, starts, dtype=np.int64)
        offsets = ((starts + posting) << 32) + np.cumsum(totals) - totals + place
        highest = np.maximum.reduceat(part.weights, starts)
        first, last = part.numbers[starts], part.numbers[starts + part.counts - 1]
        columns = (totals, part.counts, highest, first, last, offsets)
        begun, add = pack_ushort(field), self._terms.add
        for term, total, count, most, low, high, offset in zip(
            part.terms, *(column.tolist() for column in columns), strict=True
        ):
            info = _INFO.pack(0, total, count, 0, 0, most, low, high, offset, count)
            add(begun + term, info)

    def close(self) -> None:
        """Close both files."""
        self._terms.close()
        self._file.close()
        self.is_closed = True


_INFO = Struct("!BfIBBfIIqi")
"""A `W3TermInfo`: nothing inlined, total weight, number of postings, no lengths, highest weight,
first and last document, where the postings begin, and their number again.
"""
