"""The words of a corpus: completions, similar words, and the numbers of papers that have them."""

from collections import Counter
from collections.abc import Sequence

from index.corpus.cluster import Cluster, limited
from index.corpus.copies import clean_record
from index.corpus.documents import term
from index.progress import Stop
from index.text.analysis import split_words
from index.text.cleaning import clean
from index.text.folding import fold

COMPLETE_S = 0.8
"""Seconds for a completion, less than those after which a cluster has failed."""

COMPLETED_FROM = 60
"""Papers whose words complete a prefix."""

MAX_STEMS = 100_000
"""Stems whose numbers of papers are kept in memory."""


def complete(cluster: Cluster, prefix: str, most: int) -> list[str]:
    """Return the most frequent words with a prefix, in a few papers that have one.

    It takes no longer than `COMPLETE_S`, since more is typed meanwhile.
    """
    query = {"prefix": {"title_words": prefix}}
    asked = {"query": query, "size": COMPLETED_FROM, "_source": ["paper.title"]}
    with limited(Stop(COMPLETE_S)):
        answer = cluster.search(asked)
    counts: Counter[str] = Counter()
    for hit in answer["hits"]["hits"]:
        if paper := clean_record(hit):
            words = {fold(word) for word in split_words(paper.title)}
            counts.update(word for word in words if word.startswith(prefix))
    return [word for word, _ in counts.most_common(most)]


def similar_words(cluster: Cluster, word: str, most: int) -> list[str]:
    """Return the words within a small edit distance, nearest first."""
    options = {"size": most, "max_edits": 2, "prefix_length": 1, "min_word_length": 3}
    suggest = {
        name: {"text": word, "term": {"field": name, "suggest_mode": "always", **options}}
        for name in ("title_words", "abstract_words")
    }
    answer = cluster.search({"size": 0, "suggest": suggest})
    found = [
        (-one["score"], -one["freq"], one["text"])
        for entries in answer["suggest"].values()
        for entry in entries
        for one in entry["options"]
    ]
    words = dict.fromkeys(text for _, _, text in sorted(found) if clean(text) == text)
    return list(words)[:most]


class StemCounts:
    """The numbers of papers that have stems, each as of the first time that it was asked for."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._known: dict[str, int] = {}

    def of(self, stems: Sequence[str]) -> dict[str, int]:
        """Return in how many papers each stem is."""
        known = self._known
        if unknown := [stem for stem in stems if stem not in known]:
            filters = {stem: {"term": {"text": term(stem)}} for stem in unknown}
            counts = {"stems": {"filters": {"filters": filters}}}
            answer = self._cluster.search({"size": 0, "track_total_hits": False, "aggs": counts})
            buckets = answer["aggregations"]["stems"]["buckets"]
            known.update((stem, bucket["doc_count"]) for stem, bucket in buckets.items())
        found = {stem: known.get(stem, 0) for stem in stems}
        if len(known) > MAX_STEMS:
            self._known = {}
        return found
