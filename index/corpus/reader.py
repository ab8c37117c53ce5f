"""`CorpusReader`, which answers questions with the cluster, in pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from index.corpus.cluster import Cluster, CorpusUnavailable, limited
from index.corpus.copies import Copies
from index.corpus.documents import MAX_ROWS
from index.corpus.dsl import EVERYTHING, Dsl, any_of, without
from index.corpus.found import Found, missing
from index.corpus.translation import DslTranslation
from index.corpus.words import StemCounts, complete, similar_words
from index.engines.arrays.evaluation import relax
from index.engines.base import MIN_FULL_MATCHES, NO_KEYS, Ask, Keys, Page, Scores
from index.query import Node, Nothing, Phrase, Word

MIN_ROWS = 60
"""Rows that are returned even if fewer are asked for: as many as a terminal shows."""

STREAMED_ROWS = 1_000
"""Papers of one request when all are read."""

KEEP_ALIVE = "2m"
POINT = {"keep_alive": KEEP_ALIVE, "allow_partial_pit_creation": "false"}
"""The options of a point in time, which a cluster cannot have of some shards alone."""

SCORED_ALIKE = "dfs_query_then_fetch"
"""How scores are calculated by the papers of all shards, so that all parts of a list agree."""

DATE = {"date": {"order": "desc", "missing": "_last"}}
SAME = {"same": "asc"}
ORDERS: Mapping[str, Sequence[object]] = {
    "relevance": ("_score", DATE, SAME),
    "newest": (DATE, SAME),
    "oldest": ({"date": {"order": "asc", "missing": "_last"}}, SAME),
    "title": ({"title_order": "asc"}, SAME),
    "votes": ({"votes": {"order": "desc", "missing": "_last"}}, DATE, SAME),
    "added": ({"added": {"order": "desc", "missing": "_last"}}, SAME),
}
"""The orders of a corpus; the library knows others."""


class CorpusReader:
    """Answers questions about a corpus; see `Answers`. Thread-safe.

    Any method may raise CorpusUnavailable.
    """

    def __init__(self, cluster: Cluster, copies: Copies) -> None:
        self.cluster = cluster
        self.copies = copies
        self._values: dict[tuple[str, str], bool] = {}
        self._stems = StemCounts(cluster)

    # -- rows --------------------------------------------------------------------------------------

    def search(self, ask: Ask) -> Page:
        """Return the rows that a question asks for, copied to the library."""
        if ask.cursor is not None:
            return self._further(ask)
        rows = max(ask.limit, MIN_ROWS)
        translation = self._translation(ask)
        whole = translation.query(ask.tree)
        found = Found()
        full, is_more = self._top(ask, translation, whole, ask.offset, rows, found)
        total, hidden = full, found.hidden
        relaxed = relax(ask.tree) if ask.relax and full < MIN_FULL_MATCHES else None
        if relaxed is not None:
            some = without(translation.query(relaxed), [whole])
            listed = sum(map(len, found.keys))
            start = max(0, ask.offset - full)
            with found.if_in_time():
                more, is_more = self._top(ask, translation, some, start, rows - listed, found)
                total += more
        notes = (f"more than {MAX_ROWS:,} papers; the first are listed",) if is_more else ()
        keys = np.concatenate([NO_KEYS, *found.keys])
        scores = np.array(found.scores, np.float32)
        return Page(
            ask.offset, keys, scores, min(total, MAX_ROWS), min(full, MAX_ROWS), hidden,
            not found.missing, tuple(found.missing), cursor=min(full, MAX_ROWS), notes=notes,
        )  # fmt: skip

    def _further(self, ask: Ask) -> Page:
        """Return a further page, with the key 0 for rows that the cluster does not return."""
        try:
            with limited(ask.stop):
                page = self.search(replace(ask, cursor=None))
        except CorpusUnavailable:
            unknown = np.zeros(ask.limit, np.int64)
            return Page(ask.offset, unknown, unknown.astype(np.float32), 0, 0, exact=False)
        gap = max(0, ask.limit - len(page.keys))
        return replace(page, keys=np.concatenate((page.keys, np.zeros(gap, np.int64))))

    def _top(
        self,
        ask: Ask,
        translation: DslTranslation,
        query: Dsl,
        start: int,
        rows: int,
        found: Found,
    ) -> tuple[int, bool]:
        """Add rows of a query to those found; return how many papers there are, and if even more.

        Answers of some shards alone are accepted, and what is missing is added.
        """
        rows = max(0, min(rows, MAX_ROWS - start))
        ranked = ask.sort == "relevance"
        query = self._inside(ask, translation, query)
        body: dict[str, Any] = {
            "query": translation.with_title_bonus(ask.tree, query) if ranked else query,
            "from": start if rows else 0,
            "size": rows,
            "sort": ORDERS[ask.sort],
            "track_total_hits": MAX_ROWS + 1,
            "track_scores": ranked,
        }
        if len(ask.without):
            # Sent once, to leave papers out and to count them: ids can be a megabyte.
            body["post_filter"] = without(EVERYTHING, [translation.among(ask.without)])
            body |= {"track_total_hits": True, "aggs": {"every": {"filter": EVERYTHING}}}
        answer = self.cluster.search(body, search_type=SCORED_ALIKE)
        hits = answer["hits"]["hits"]
        found.keys.append(self.copies.keys(hits))
        found.scores += [hit["_score"] or 0.0 for hit in hits]
        found.missing.update(dict.fromkeys(missing(answer)))
        total = answer["hits"]["total"]["value"]
        if len(ask.without):
            found.hidden = answer["aggregations"]["every"]["doc_count"] - total
        return min(total, MAX_ROWS), total > MAX_ROWS

    def _shown(self, ask: Ask, translation: DslTranslation, query: Dsl) -> Dsl:
        """Return the query for the papers that are not left out."""
        excluded = [translation.among(ask.without)] if len(ask.without) else []
        return without(self._inside(ask, translation, query), excluded)

    def _inside(self, ask: Ask, translation: DslTranslation, query: Dsl) -> Dsl:
        """Return the query for the papers that are not outside those asked for."""
        if ask.within is None:
            return query
        return {"bool": {"must": [query], "filter": [translation.among(ask.within)]}}

    def ids(self, ask: Ask) -> Iterator[Keys]:
        """Yield the keys of all papers found, up to `MAX_ROWS`, all copied to the library."""
        translation = self._translation(ask)
        whole = translation.query(ask.tree)
        total = 0
        for keys in self._stream(ask, translation, whole):
            total += len(keys)
            yield keys
        relaxed = relax(ask.tree) if ask.relax and total < MIN_FULL_MATCHES else None
        if relaxed is not None:
            some = without(translation.query(relaxed), [whole])
            yield from self._stream(ask, translation, some)

    def _stream(self, ask: Ask, translation: DslTranslation, query: Dsl) -> Iterator[Keys]:
        """Yield all papers of a query as of one point in time."""
        ranked = ask.sort == "relevance"
        shown = self._shown(ask, translation, query)
        body: dict[str, Any] = {
            "query": translation.with_title_bonus(ask.tree, shown) if ranked else shown,
            "size": STREAMED_ROWS,
            "sort": ORDERS[ask.sort],
            "track_total_hits": False,
        }
        index = self.cluster.index
        point = self.cluster.ask("create_pit", index=index, params=POINT)
        try:
            left = MAX_ROWS
            while left > 0 and not ask.stop.is_set():
                body["pit"] = {"id": point["pit_id"], "keep_alive": KEEP_ALIVE}
                answer = self.cluster.search(body, search_type=SCORED_ALIKE)
                if missing(answer):
                    raise CorpusUnavailable(f"{self.cluster.name} answers only in part; try again")
                hits = answer["hits"]["hits"][:left]
                if not hits:
                    return
                yield self.copies.keys(hits)
                left -= len(hits)
                body["search_after"] = hits[-1]["sort"]
        finally:
            self.cluster.ask("delete_pit", body={"pit_id": [point["pit_id"]]})

    def count(self, ask: Ask) -> int:
        """Return the number of papers that match the whole query."""
        translation = self._translation(ask)
        return self._count(self._shown(ask, translation, translation.query(ask.tree)))

    def _count(self, query: Dsl) -> int:
        answer = self.cluster.search({"query": query, "size": 0, "track_total_hits": True})
        return int(answer["hits"]["total"]["value"])

    def counts(self, ask: Ask, words: Sequence[Word], rest: Node) -> list[tuple[int, int]]:
        """Return in how many papers words are: of all, and of those that match a query."""
        translation = self._translation(replace(ask, tree=rest))
        queries = {str(at): translation.query(word) for at, word in enumerate(words)}
        each = {"each": {"filters": {"filters": queries}}}
        within = {"filter": translation.query(rest), "aggs": each}
        body = {"query": any_of(list(queries.values())), "size": 0, "track_total_hits": False,
                "aggs": {**each, "within": within}}  # fmt: skip
        found = self.cluster.search(body)["aggregations"] if words else {}
        return [
            (found["each"]["buckets"][at]["doc_count"],
             found["within"]["each"]["buckets"][at]["doc_count"])
            for at in queries
        ]  # fmt: skip

    def _translation(self, ask: Ask) -> DslTranslation:
        return DslTranslation(self.copies.names, ask.sets, self._has_value, ask.tree)

    def _has_value(self, name: str, value: str) -> bool:
        """Return whether a document has a value of a field."""
        if (name, value) not in self._values:
            self._values[name, value] = self._is_found({"term": {name: value}})
        return self._values[name, value]

    def holds(self, leaf: Word | Phrase) -> bool:
        """Return whether any paper contains a word or phrase."""
        return self._is_found(self._translation(Ask(leaf)).query(leaf))

    def _is_found(self, query: Dsl) -> bool:
        answer = self.cluster.search({"query": query, "size": 0, "terminate_after": 1})
        return int(answer["hits"]["total"]["value"]) > 0

    def query(self, ask: Ask) -> tuple[DslTranslation, Dsl]:
        """Return the query for all papers of an answer, to be counted."""
        translation = self._translation(ask)
        whole = translation.query(ask.tree)
        relaxed = relax(ask.tree) if ask.relax else None
        if relaxed is not None and self._count(whole) < MIN_FULL_MATCHES:
            whole = any_of([whole, translation.query(relaxed)])
        return translation, self._shown(ask, translation, whole)

    # -- words -------------------------------------------------------------------------------------

    @cached_property
    def _papers(self) -> int:
        return max(1, self._count({"match_all": {}}))

    def size(self) -> int:
        """Return the number of papers, as of the first time that it was asked for."""
        return self._papers

    def complete(self, prefix: str, most: int) -> list[str]:
        """Return the most frequent words with a prefix, in a few papers that have one."""
        return complete(self.cluster, prefix, most)

    def similar_words(self, word: str, most: int) -> list[str]:
        """Return the words within a small edit distance, nearest first."""
        return similar_words(self.cluster, word, most)

    def frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return in how many papers each stem is, as of the first time that it was asked for."""
        return self._stems.of(stems)

    def near(self, weights: Mapping[str, float], excluded: Keys, most: int) -> tuple[Keys, Scores]:
        """Return the papers by the weighted scores of their stems, without those excluded."""
        translation = self._translation(Ask(Nothing()))
        positive = {stem: weight for stem, weight in weights.items() if weight > 0}
        terms = [{"term": {"text": {"value": stem, "boost": boost}}}
                 for stem, boost in positive.items()]  # fmt: skip
        hidden = [translation.among(excluded)] if len(excluded) else []
        body = {"query": without(any_of(terms), hidden), "size": most}
        answer = self.cluster.search(body)
        hits = answer["hits"]["hits"]
        scores = np.array([hit["_score"] for hit in hits], np.float32)
        keys = self.copies.keys(hits)
        return keys[keys > 0], scores[keys > 0]
