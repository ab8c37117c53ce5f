"""Documents of an index that an update replaces or removes."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from index.engines.whoosh import reader
from index.papers.paper import Paper


class Outdated:
    """The documents of papers that were removed, and of those that are written again.

    They are found in the column of keys at once; Whoosh would search for each.
    """

    def __init__(self, index: Any, removed: Iterable[int]) -> None:
        self._stored = reader.whole_column(index, "key")
        self._highest = int(self._stored.max(initial=0))
        self._keys = list(removed)

    def seen(self, papers: Iterable[Paper]) -> Iterator[Paper]:
        """Yield papers, and note those that are in the index already."""
        for paper in papers:
            if paper.key <= self._highest:
                self._keys.append(paper.key)
            yield paper

    def delete(self, writer: Any) -> None:
        """Delete the documents with a writer, as of its commit."""
        if not self._keys:
            return
        for number in np.flatnonzero(np.isin(self._stored, self._keys)).tolist():
            if not writer.is_deleted(number):
                writer.delete_document(number)
