"""Copies of the corpus's papers in the library, so that they have keys, marks, tags and notes."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from index.corpus.documents import same
from index.engines.base import Keys
from index.papers.entries import ParsedPaper
from index.papers.identity import identity
from index.papers.json_record import LIBRARY, from_json
from index.papers.paper import NO_KEY, Paper, PaperKey, SourceRef
from index.papers.records import content
from index.store import PaperStore, Placement, Source

MAX_REMEMBERED = 200_000


class CopyWriter(Protocol):
    """Writes papers to the library; see `index.importing.additions`."""

    def add(self, entries: Sequence[ParsedPaper], source: Source) -> list[Placement]:
        """Add papers of a source; return each outcome."""

    def renew(self, papers: Mapping[PaperKey, Paper]) -> None:
        """Replace what the only source of each paper says."""


class Copies:
    """The papers of a corpus that are in the library; thread-safe.

    A paper is copied when it is first listed. Those without a mark are deleted with their source,
    which has the name of the corpus.
    """

    def __init__(self, papers: PaperStore, additions: CopyWriter, address: str) -> None:
        self._papers = papers
        self._additions = additions
        self._source = Source(source_name(address), "corpus", address, "", "")
        self._lock = threading.Lock()
        self._keys: dict[str, PaperKey] = {}
        self._names: dict[int, list[str]] = {}

    def keys(self, hits: Sequence[Mapping[str, Any]]) -> Keys:
        """Return the keys of found documents, of which those new to the library are copied.

        A paper that the reader removed from the library, or a damaged one, has the key 0.
        """
        with self._lock:
            if len(self._keys) > MAX_REMEMBERED:
                self._keys.clear()
            known = [self._keys[hit["_id"]] for hit in hits if hit["_id"] in self._keys]
            there = self._papers.ids_of(known)  # they may have been removed
            missing = [hit for hit in hits if self._keys.get(hit["_id"]) not in there]
            self._keys.update(self._copy(missing))
            keys = [self._keys[hit["_id"]] for hit in hits]
        return np.array(keys, np.int64)

    def _copy(self, hits: Sequence[Mapping[str, Any]]) -> dict[str, PaperKey]:
        """Return the keys of documents, with those new to the library added."""
        found = {hit["_id"]: NO_KEY for hit in hits}
        papers = {hit["_id"]: paper for hit in hits if (paper := clean_record(hit))}
        new: dict[str, Paper] = {}
        for name, paper in papers.items():
            key = self._known(paper)
            if key:
                found[name] = key
            else:
                new[name] = paper
        if new:
            # Without a position: the papers of a corpus have no order.
            here = (SourceRef(self._source.name),)
            entries = [ParsedPaper(replace(paper, sources=here), 0, 0) for paper in new.values()]
            placements = self._additions.add(entries, self._source)
            ids = self._papers.keys_of([one.into for one in placements if one.into])
            for name, placement in zip(new, placements, strict=True):
                found[name] = ids.get(placement.into, NO_KEY)
        self._renew({found[name]: paper for name, paper in papers.items() if name not in new})
        return found

    def _renew(self, papers: Mapping[PaperKey, Paper]) -> None:
        """Replace copies whose documents have changed; papers of other sources stay as they are."""
        changed = {
            known.key: papers[known.key]
            for known in self._papers.rows(list(papers))
            if {source.name for source in known.sources} == {self._source.name}
            and content(known) != content(papers[known.key])
        }
        if changed:
            self._additions.renew(changed)

    def _known(self, paper: Paper) -> PaperKey | None:
        """Return the paper of the library that a document is a copy of, unless it is unknown."""
        ids = identity(paper)
        if ids.arxiv or ids.doi:
            return min(self._papers.with_identifiers(ids.arxiv, ids.doi), default=None)
        key = self._papers.keys_of([paper.id]).get(paper.id) if paper.id else None
        known = self._papers.rows([key]) if key else []
        return key if known and identity(known[0]).title == ids.title else None

    def names(self, keys: Keys) -> list[str]:
        """Return the ids that papers of the library may have in the corpus."""
        wanted = keys.tolist()
        with self._lock:
            missing = [PaperKey(key) for key in wanted if key not in self._names]
            if len(self._names) > MAX_REMEMBERED:
                self._names.clear()
                missing = list(map(PaperKey, wanted))
            self._names.update((paper.key, same(paper)) for paper in self._papers.rows(missing))
            return [name for key in wanted for name in self._names.get(key, ())]


def clean_record(hit: Mapping[str, Any]) -> Paper | None:
    """Return the paper of a document, cleaned as those of files are; None if it is no paper."""
    shape = hit.get("_source", {}).get("paper")
    if not isinstance(shape, dict):
        return None
    try:
        paper = from_json({name: shape[name] for name in shape if name not in LIBRARY})
    except ValueError:
        return None
    return paper if paper.id else replace(paper, id=hit["_id"].partition(":")[2])


def source_name(address: str) -> str:
    """Return the name of the source that holds the copies of a corpus."""
    return f"corpus {address.rstrip('/').rsplit('/', 1)[-1]}"
