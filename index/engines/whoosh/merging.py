"""Merges segments of a Whoosh index while others read it and add papers to it.

The merged segment is written in a folder of its own. Only its commit takes the lock of writers, for
some milliseconds, and deletes from it what was deleted meanwhile. If the process is killed before,
the segments are as they were.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import create_in, open_dir
from whoosh.reading import SegmentReader

from index.engines import upkeep
from index.engines.folder import IndexFolder
from index.engines.whoosh import codec, reader
from index.engines.whoosh.lexicon import Lexicon
from index.engines.whoosh.schema import schema

MAX_SMALL_SEGMENT_PAPERS = 3_000
"""Segments with fewer papers are small."""

MAX_SMALL_SEGMENTS = 8
"""Small segments that are not merged; each slows down searches."""

MAX_LARGE_SEGMENTS = 8
"""Number of other segments from which some are merged."""

MAX_MERGED_PAPERS = 50_000
"""Papers in the segments that are merged at a time, which takes about 300 MB."""

PART = "merge"
"""The folder of the merged segment, in that of the index."""


def to_merge(segments: Sequence[Any]) -> list[Any]:
    """Return the segments to merge: the small ones if there are many, or else of the others the
    smallest; none if there are few, or no two fit together.
    """
    by_size = sorted(segments, key=lambda segment: int(segment.doc_count()))
    small = [one for one in by_size if one.doc_count() < MAX_SMALL_SEGMENT_PAPERS]
    if len(small) > MAX_SMALL_SEGMENTS:
        chosen = _fitting(small)
    else:
        large = by_size[len(small) :]
        chosen = _fitting(large) if len(large) > MAX_LARGE_SEGMENTS else []
    return [segment for segment in segments if segment in chosen]


def _fitting(segments: Sequence[Any]) -> list[Any]:
    """Return as many segments as fit in one, if there are at least two."""
    sums = np.cumsum([int(segment.doc_count()) for segment in segments])
    count = int(np.searchsorted(sums, MAX_MERGED_PAPERS, "right"))
    return list(segments[:count]) if count > 1 else []


def keep_up(folder: str, library: str) -> None:
    """Merge segments and renew the words of an index, unless another process is doing so."""
    upkeep.keep_up(IndexFolder(Path(folder), library), merge, IndexFolder.renew_words)


def merge(place: IndexFolder) -> bool:
    """Merge segments if there are many; return whether any were.

    Nothing else may merge them meanwhile. Raises EngineBroken if there is no index, or a file of
    the segments is damaged, which deletes the index.
    """
    part = place.path / PART
    shutil.rmtree(part, ignore_errors=True)  # of a process that was killed
    record = place.manifest()
    index: Any = open_dir(str(place.path))
    chosen = to_merge(reader.segments_of(index))
    if not chosen:
        return False
    try:
        prefixes = tuple(segment.make_filename("") for segment in chosen)
        place.verify(record, [name for name in record.files if name.startswith(prefixes)])
        merged = _write(part, index, chosen)
        return _replace(place, part, chosen, merged)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(part: Path, index: Any, chosen: Sequence[Any]) -> list[Any]:
    """Write the papers of segments as one, in a folder; return it, or none without papers."""
    part.mkdir(mode=0o700)
    target: Any = create_in(str(part), schema())
    writer = codec.writer(target, Lexicon())
    for segment in chosen:
        if segment.doc_count():
            one = SegmentReader(index.storage, index.schema, segment)
            writer.add_reader(one)
            one.close()
    writer.commit(merge=False)
    return reader.segments_of(target)


def _replace(place: IndexFolder, part: Path, chosen: Sequence[Any], merged: Sequence[Any]) -> bool:
    """Commit a merged segment in place of others; return False if these are no longer there."""
    with place.locked(wait=True) as locked:
        record = place.manifest()
        index: Any = open_dir(str(place.path))
        there = {one.segment_id(): one for one in reader.segments_of(index)}
        names = [one.segment_id() for one in chosen]
        if not locked or not there.keys() >= set(names):  # the index was built again
            return False
        for one in merged:
            _delete(one, chosen, [there[name] for name in names])
        for file in part.glob("*MAIN_*.*"):
            if not file.name.endswith(".toc"):
                file.replace(place.path / file.name)
        writer = codec.writer(index, Lexicon())
        others = [one for name, one in there.items() if name not in names]
        writer.commit(mergetype=lambda *_: [*others, *merged])
        generation = index.latest_generation()
        place.write_manifest(record.revision, generation, record.words, files_of(place.path))
        return True


def _delete(merged: Any, before: Sequence[Any], now: Sequence[Any]) -> None:
    """Delete from a merged segment the documents that its parts have lost since."""
    first = 0
    for was, is_ in zip(before, now, strict=True):
        kept = np.ones(was.doc_count_all(), np.bool_)
        kept[list(was.deleted_docs())] = False
        numbers = first + np.cumsum(kept) - 1
        for document in is_.deleted_docs():
            if kept[document]:
                merged.delete_document(int(numbers[document]))
        first += int(kept.sum())


def files_of(folder: Path) -> list[str]:
    """Return the names of Whoosh's files in a folder."""
    return [path.name for path in folder.glob("*MAIN_*.*")]
