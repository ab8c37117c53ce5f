"""Creation of a corpus, its state, and writing papers to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from index.corpus.bulk import CONFLICT, Operation, patiently, run
from index.corpus.cluster import WRITE_S, Cluster, CorpusUnavailable, Json
from index.corpus.copies import clean_record
from index.corpus.documents import VERSION, settings
from index.corpus.pushed import PushedPaper, Stored, StoredPapers, with_stamp
from index.errors import CarrelError, UnknownPaper
from index.papers.entries import ParsedPaper
from index.papers.merging import merge_papers
from index.store import Placement, Source
from index.text.folding import fold

VERSION_FIELDS = ("seq_no", "primary_term")

MAX_ATTEMPTS = 4
"""How often a paper is merged into a document that others write at the same time."""


class CorpusStatus(NamedTuple):
    """The state of a corpus: `health` is green, yellow or red, `size` in bytes."""

    papers: int
    size: int
    health: str
    nodes: int
    shards: int
    shards_missing: int


class CorpusWriter:
    """Creates a corpus and writes papers to it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._is_checked = False

    def create(self, shards: int = 1, replicas: int = 1) -> None:
        """Create the corpus; raises CarrelError if it exists."""
        body = settings(shards, replicas)
        if self._cluster.ask("indices.exists", index=self._cluster.index):
            raise CarrelError(f"cannot create {self._cluster.name}: it exists")
        self._cluster.ask("indices.create", index=self._cluster.index, body=body, seconds=WRITE_S)

    def status(self) -> CorpusStatus:
        """Return the state of the corpus."""
        self.check()
        index = self._cluster.index
        self._refresh()
        counted = self._cluster.search({"size": 0, "track_total_hits": True})
        stats = self._cluster.ask("indices.stats", index=index, metric="store")
        health = self._cluster.ask("cluster.health", index=index)
        shards = counted["_shards"]
        return CorpusStatus(
            counted["hits"]["total"]["value"],
            stats["_all"]["total"]["store"]["size_in_bytes"],
            health["status"],
            health["number_of_nodes"],
            shards["total"],
            shards["total"] - shards["successful"],
        )

    def check(self) -> None:
        """Verify that the corpus exists and its documents are this version's."""
        if self._is_checked:
            return
        index = self._cluster.index
        found = self._cluster.ask("indices.get_mapping", index=index)
        mapping: Mapping[str, Any] = next(iter(found.values()))["mappings"]
        version = mapping.get("_meta", {}).get("carrel")
        if version != VERSION:
            raise CarrelError(
                f"cannot use {self._cluster.name}: it was not created by this version of Carrel"
            )
        self._is_checked = True

    def add(self, found: Sequence[ParsedPaper], source: Source) -> list[Placement]:
        """Write papers of a source that the corpus does not have so; return the outcome of each.

        A paper that it has with other values is merged: those given now replace its own.
        """
        self.check()
        papers = [PushedPaper.of(one.paper, source) for one in found]
        ids = {name for one in papers for name in one.ids}
        stored = StoredPapers(patiently(lambda: self._find(ids)))
        new: dict[str, PushedPaper] = {}
        changed: dict[str, PushedPaper] = {}
        for one in papers:
            known = stored.of(one)
            if known is None:
                one.outcome = "added"
                new[one.name] = one
                stored.note(Stored(one.name, one.ids, [one.stamp]))
            elif known.name not in new and one.stamp not in known.stamps:
                changed.setdefault(known.name, one)
        self._merge({**changed, **self._create(new)})
        return [one.placement() for one in papers]

    def _find(self, ids: set[str]) -> list[Stored]:
        """Return the documents with any of some ids; those written just now are seen later."""
        body = {
            "query": {"terms": {"same": sorted(ids)}},
            "size": len(ids),
            "docvalue_fields": ["same", "pushed"],
        }
        return [
            Stored(hit["_id"], hit["fields"]["same"], hit["fields"].get("pushed", []))
            for hit in self._search(body)
        ]

    def _create(self, papers: Mapping[str, PushedPaper]) -> dict[str, PushedPaper]:
        """Create documents; return those that were written just now, perhaps by another."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        operations = (
            Operation("create", name, text)
            for name, one in papers.items()
            if (text := one.text(one.paper, now, [one.stamp]))
        )
        conflicts = {}
        for written in run(self._cluster, operations):
            one = papers[written.name]
            if written.status == CONFLICT:
                one.outcome = "unchanged"
                conflicts[written.name] = one
            elif written.failed:
                one.skip(written.reason)
        return conflicts

    def _merge(self, papers: Mapping[str, PushedPaper]) -> None:
        """Merge papers into documents, again if these are written by another at the same time."""
        for _ in range(MAX_ATTEMPTS):
            operations = list(self._merging(papers)) if papers else []
            conflicts = {}
            for written in run(self._cluster, operations):
                one = papers[written.name]
                one.outcome = "merged"
                if written.status == CONFLICT:
                    conflicts[written.name] = one
                elif written.failed:
                    one.skip(written.reason)
            papers = conflicts
        for one in papers.values():
            one.skip("others write the paper at the same time; push it again")

    def _merging(self, papers: Mapping[str, PushedPaper]) -> Iterator[Operation]:
        """Yield the operations that merge papers into the documents of these names."""
        for stored in patiently(partial(self._read, list(papers))):
            name, own = stored["_id"], stored.get("_source", {})
            one, stamps = papers[name], own.get("pushed", [])
            if one.stamp in stamps:
                continue
            known = clean_record({"_id": name, "_source": own})
            paper = replace(merge_papers(one.paper, known), id=known.id) if known else one.paper
            if text := one.text(paper, own.get("added", ""), with_stamp(stamps, one.stamp)):
                version = {f"if_{field}": stored[f"_{field}"] for field in VERSION_FIELDS
                           if stored["found"]}  # fmt: skip
                yield Operation("index", name, text, version)

    def remove(self, names: Mapping[str, Sequence[str]]) -> int:
        """Delete the papers with any of the ids given for each name; return their number.

        Raises CarrelError, and deletes nothing, for a name that no paper has, or several have.
        """
        self.check()
        self._refresh()
        found: dict[str, list[str]] = {}
        for name, ids in names.items():
            either = [{"terms": {"same": list(ids)}}, {"term": {"id_key": fold(name)}}]
            hits = self._search({"query": {"bool": {"should": either}}, "size": 2})
            found[name] = [hit["_id"] for hit in hits]
        if unknown := [name for name, some in found.items() if not some]:
            raise UnknownPaper(f"{self._cluster.name} has no paper {', '.join(unknown)}")
        if several := [name for name, some in found.items() if len(some) > 1]:
            raise CarrelError(f"several papers have the id {several[0]}; use an arXiv id or DOI")
        wanted = dict.fromkeys(name for some in found.values() for name in some)
        written = list(run(self._cluster, (Operation("delete", name) for name in wanted)))
        self._refresh()
        return sum(one.status == 200 for one in written)

    # -- requests ----------------------------------------------------------------------------------

    def _search(self, body: Json) -> list[Json]:
        """Return the documents that a search finds in all shards, without their sources."""
        asked = {**body, "_source": False}
        found = self._cluster.search(asked, patient=True, request_cache=False)
        if found["timed_out"] or found["_shards"]["failed"]:
            raise CorpusUnavailable(f"{self._cluster.name} answers only in part; try again")
        hits: list[Json] = found["hits"]["hits"]
        return hits

    def _read(self, names: Sequence[str]) -> list[Json]:
        """Return documents as they are now, even those that searches do not find yet."""
        index, body = self._cluster.index, {"ids": names}
        found = self._cluster.ask("mget", index=index, body=body, seconds=WRITE_S, patient=True)
        documents: list[Json] = found["docs"]
        if any("error" in one for one in documents):
            raise CorpusUnavailable(f"{self._cluster.name} answers only in part; try again")
        return documents

    def _refresh(self) -> None:
        """Let searches find what has been written."""
        index = self._cluster.index
        self._cluster.ask("indices.refresh", index=index, seconds=WRITE_S, patient=True)
