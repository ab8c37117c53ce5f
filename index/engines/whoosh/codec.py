"""A Whoosh codec that stores posting lists as memory-mapped arrays.

Whoosh's own codec packs postings into pickled blocks of 128, and decoding a list of 40,000 takes
26 ms. This codec stores the lists of a segment contiguously, sorted by field and term, so that one
list, or all lists of terms with a common prefix, is a slice of a mapped file.

The postings file consists of little-endian integers. Those of the header have 32 bits: a signature,
the number of postings, the number of positions, and the widths in bytes of frequencies and
positions. Then follow the document numbers of all postings (32 bits), their frequencies, and their
positions, each padded to a multiple of four bytes. The term table and everything stored per
document are Whoosh's.

Private names of Whoosh are used only in `reader`.
"""

from typing import Any

from whoosh.codec.whoosh3 import W3Codec

from index.engines.whoosh.lexicon import Lexicon
from index.engines.whoosh.reader import SegmentTerms
from index.engines.whoosh.writer import ArrayPool, ArrayWriter


class Codec(W3Codec):
    """Whoosh's codec with other postings.

    The term table has no text lengths, which only serve matchers that skip blocks.
    """

    length_stats = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Whoosh's own

    def field_writer(self, storage: Any, segment: Any) -> "ArrayWriter":
        """Return the writer of a segment's postings."""
        return ArrayWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "SegmentTerms":
        """Return the reader of a segment's terms and postings."""
        return SegmentTerms(self, storage, segment)


def writer(index: Any, lexicon: Lexicon) -> Any:
    """Return a writer of an index that collects postings as arrays, with words from `lexicon`."""
    result = index.writer(codec=Codec(), compound=False)  # a compound file cannot be mapped
    result.pool.cleanup()
    result.pool = ArrayPool(lexicon)
    result.add_postings_to_pool = result.pool.add_segment
    return result
