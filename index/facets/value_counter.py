"""The counter of values of papers, such as authors, venues and years."""

from collections.abc import Mapping
from contextlib import suppress

import numpy as np

from index.facets.array_files import ArrayFiles
from index.facets.columns import Array, Column, FacetColumn, key_of
from index.facets.counters import INVALID, Counted, Revisions, part_of, prefixed
from index.facets.fields import COLUMN_FIELDS
from index.facets.layers import LayeredColumn
from index.facets.pairs import Pairs
from index.facets.parents import Parents
from index.progress import Progress
from index.store import Database, FacetReader


class ValueCounter:
    """Counts the values of `COLUMN_FIELDS`, such as authors, venues and years."""

    file = "columns.npz"
    recent_file = "columns-recent.npz"

    def __init__(self, files: ArrayFiles, database: Database) -> None:
        self._files = files
        self._revisions = Revisions(database)
        self._reader = FacetReader(database)
        self._parents: dict[str, Parents] = {}

    def load(self) -> Counted | None:
        """Return the columns in the files."""
        base, arrays = self._files.read(self.file)
        if base < 0:
            return None
        try:
            bases = {
                field.name: Column.read(part_of(arrays, field.name), key_of(field))
                for field in COLUMN_FIELDS
            }
        except INVALID:
            return None
        revision, arrays = self._files.read_on(self.recent_file, base)
        with suppress(*INVALID):
            if revision >= 0:
                layers = {
                    name: LayeredColumn.read(column, part_of(arrays, name))
                    for name, column in bases.items()
                }
                return self._counted(revision, base, int(arrays["count"][0]), layers)
        return self._counted(base, base, 0, {n: LayeredColumn.of(one) for n, one in bases.items()})

    def since(self, last: Counted) -> int:
        """Return the revision of the columns last counted."""
        return self._revisions.valid(last.revision)

    def count(self, last: Counted, progress: Progress | None) -> Counted:
        """Read the values of changed papers and add them to the columns."""
        revision, since = self._revisions.current, self.since(last)
        layers = last.layers if since >= 0 and last.layers else _no_layers()
        pairs = [Pairs() for _ in COLUMN_FIELDS]
        for paper in self._reader.facts(since):
            for new, values in zip(pairs, paper.values, strict=True):
                for value in values:
                    new.add(paper.key, value)
        outdated = self._revisions.outdated(since)
        changed = {
            field.name: layers[field.name].changed(outdated, new)
            for field, new in zip(COLUMN_FIELDS, pairs, strict=True)
        }
        recent = last.recent + len(outdated)
        if since < 0 or self._revisions.are_most(len(outdated)):
            return self._write_base(revision, changed)
        arrays: dict[str, Array] = {"count": np.array([recent], np.int32)}
        for name, column in changed.items():
            arrays |= prefixed(column.arrays, name)
        self._files.write_on(self.recent_file, revision, last.base, arrays)
        return self._counted(revision, last.base, recent, changed)

    def renew(self, last: Counted) -> Counted:
        """Write all columns to the base file."""
        return self._write_base(last.revision, last.layers or {})

    def _write_base(self, revision: int, layers: Mapping[str, LayeredColumn]) -> Counted:
        bases = {name: LayeredColumn.of(column.whole()) for name, column in layers.items()}
        arrays: dict[str, Array] = {}
        for name, column in bases.items():
            arrays |= prefixed(column.base.arrays, name)
        self._files.write(self.file, revision, arrays)
        self._files.delete(self.recent_file)
        return self._counted(revision, revision, 0, bases)

    def _counted(
        self, revision: int, base: int, recent: int, layers: Mapping[str, LayeredColumn]
    ) -> Counted:
        """Return columns, in which papers also count under the parents of their values."""
        columns: dict[str, FacetColumn] = dict(layers)
        for field in COLUMN_FIELDS:
            if field.separator:
                column = layers[field.name]
                known = self._parents.get(field.name)
                if known is None or known.base is not column.base:
                    known = self._parents[field.name] = Parents(column.base, field.separator)
                columns[field.name] = known.counted(column)
        return Counted(revision, columns, base, recent, layers)


def _no_layers() -> dict[str, LayeredColumn]:
    return {f.name: LayeredColumn.of(Column.empty(key_of(f))) for f in COLUMN_FIELDS}
