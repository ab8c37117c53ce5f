"""Creation of a corpus, its state, and writing papers to it."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

from index.corpus.cluster import WRITE_S, Cluster, CorpusRefused, CorpusUnavailable
from index.corpus.documents import MAX_DOCUMENT_BYTES, VERSION, document, same, settings
from index.errors import CarrelError
from index.papers.entries import ParsedPaper
from index.store import Placement, Source

MAX_BULK_BYTES = 8_000_000
"""Size of one request, about 1,500 papers."""


BULK_TIMEOUT = "20s"
"""How long a node waits for a shard that cannot be written to."""

PAUSES_S = (1, 2, 4, 8)
"""Seconds between attempts to write, in which a cluster replaces a dead node."""

T = TypeVar("T")


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
        self._cluster.ask("indices.refresh", index=index, seconds=WRITE_S)
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

    def add(self, found: Sequence[ParsedPaper], _: Source) -> list[Placement]:
        """Write papers that the corpus does not have; return the outcome of each."""
        self.check()
        ids = [same(item.paper) for item in found]
        every = {name for names in ids for name in names}
        known = _patiently(lambda: self._known(every))
        placements: list[Placement] = []
        documents: dict[str, tuple[int, str]] = {}
        now = datetime.now(UTC).isoformat(timespec="seconds")
        for at, (item, names) in enumerate(zip(found, ids, strict=True)):
            if names[0] in documents or any(name in known for name in names):
                placements.append(Placement("unchanged", names[0], names[0]))
                continue
            text = json.dumps(document(item.paper, now))
            if len(text) > MAX_DOCUMENT_BYTES:
                reason = f"longer than {MAX_DOCUMENT_BYTES:,} bytes"
                placements.append(Placement("skipped", names[0], "", reason=reason))
                continue
            documents[names[0]] = at, text
            placements.append(Placement("added", names[0], names[0]))
            known |= set(names)
        for name, reason in self._write(documents):
            place = documents[name][0]
            placements[place] = Placement("skipped", name, "", reason=reason)
        return placements

    def _known(self, names: set[str]) -> set[str]:
        """Return which of some ids documents have; those written just now are seen later."""
        terms = {"terms": {"same": sorted(names)}}
        body = {"query": terms, "size": len(names), "_source": False, "docvalue_fields": ["same"]}
        found = self._cluster.search(body, patient=True, request_cache=False)
        if found["timed_out"] or found["_shards"]["failed"]:
            raise CorpusUnavailable(f"{self._cluster.name} answers only in part; try again")
        return {name for hit in found["hits"]["hits"] for name in hit["fields"]["same"]}

    def _write(self, documents: Mapping[str, tuple[int, str]]) -> list[tuple[str, str]]:
        """Write documents; return those that were refused, with the reason."""
        refused: list[tuple[str, str]] = []
        lines: list[str] = []
        size = 0
        for at, (name, (_, text)) in enumerate(documents.items(), 1):
            lines += [json.dumps({"create": {"_id": name}}), text]
            size += len(text)
            if size > MAX_BULK_BYTES or at == len(documents):
                refused += _patiently(partial(self._send, lines))
                lines, size = [], 0
        return refused

    def _send(self, lines: Sequence[str]) -> list[tuple[str, str]]:
        answer = self._cluster.ask(
            "bulk",
            index=self._cluster.index,
            body="\n".join(lines) + "\n",
            seconds=WRITE_S,
            patient=True,
            params={"timeout": BULK_TIMEOUT},
        )
        results = [item["create"] for item in answer["items"]]
        failed = [result for result in results if result["status"] >= 300]
        overloaded = [one for one in failed if one["status"] in (429, 503)]
        if overloaded:
            raise CorpusUnavailable(
                f"{self._cluster.name} cannot write now; run the command again to resume"
            )
        # Status 409: written just now, perhaps by another.
        return [
            (one["_id"], str(one["error"]["reason"])[:200])
            for one in failed
            if one["status"] != 409
        ]


def _patiently(work: Callable[[], T]) -> T:
    """Return the result of work, repeated while the cluster fails."""
    for pause in PAUSES_S:
        try:
            return work()
        except CorpusRefused:
            raise
        except CorpusUnavailable:
            time.sleep(pause)
    return work()
