"""A Whoosh codec that keeps posting lists as arrays, to be read where they lie.

Whoosh's own codec packs postings into pickled blocks of 128, which take 26 ms of Python for a list
of 40,000. Here the lists of a segment stand one behind the other in the order of fields and terms,
so that a list, and all lists of words that begin alike, is a slice of a mapped file.

The file of postings is all little-endian 32-bit integers: a sign, the number of postings, the
number of places, then the document number of each posting, its frequency, and the places of all
postings in their order. The table of terms is Whoosh's, and so is all that is kept by document.

Names of Whoosh that begin with an underscore are used in `reader` alone.
"""

from typing import Any

from whoosh.codec.whoosh3 import W3Codec

from index.engines.whoosh.lexicon import Lexicon
from index.engines.whoosh.reader import Terms
from index.engines.whoosh.writer import ArrayPool, ArrayWriter


class Codec(W3Codec):
    """Whoosh's codec but for the postings.

    Lengths of texts are not told with the terms: they serve matchers that skip blocks, and there
    are none.
    """

    length_stats = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Whoosh's own

    def field_writer(self, storage: Any, segment: Any) -> "ArrayWriter":
        """Return what writes the postings of a segment."""
        return ArrayWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "Terms":
        """Return what reads them."""
        return Terms(self, storage, segment)


def writer(index: Any, lexicon: Lexicon) -> Any:
    """Return a writer of an index that gathers its postings as arrays; its texts are in the words
    of a lexicon.
    """
    made = index.writer(codec=Codec(), compound=False)  # a file in a file cannot be mapped
    made.pool.cleanup()
    made.pool = ArrayPool(lexicon)
    return made
