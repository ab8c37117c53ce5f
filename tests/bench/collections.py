"""The test collections that ranking is measured on: documents, queries and judgements."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

from index import Paper
from tests.bench.corpus import SHARED

FOLDER = SHARED / "retrieval"

Gains = Mapping[str, int]
"""The relevant documents of a query, with their grades."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Papers with their document numbers as ids, and each query, a text or a paper's id, with what
    answers it.
    """

    papers: tuple[Paper, ...]
    queries: tuple[tuple[str, Gains], ...]


def collection(name: str) -> Collection:
    """Return a collection of `FOLDER`; the query of csfcube is the id of a paper of its own."""
    folder = FOLDER / name
    gains: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, gain = line.split()
        gains[query][document] = int(gain)
    papers = tuple(
        # The DOI prevents merging with another paper of the same title.
        Paper(one["title"], one["text"], id=one["id"], doi=f"10.1000/{one['id']}")
        for one in _objects(folder / "corpus.jsonl")
    )
    asked = _objects(folder / "queries.jsonl")
    # csfcube asks for each paper by an aspect of it: 10010426:method.
    queries = (
        (given if aspect else one["text"], gains[one["id"]])
        for one in asked
        for given, aspect, _ in [one["id"].partition(":")]
        if one["id"] in gains
    )
    return Collection(papers, tuple(queries))


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def ndcg(found: Sequence[str], gains: Gains, depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain of a ranking; gains are not transformed.

    Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002.
    """
    best = sorted(gains.values(), reverse=True)
    return _dcg([gains.get(name, 0) for name in found[:depth]]) / _dcg(best[:depth])


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains))


def recall(found: Sequence[str], gains: Gains, depth: int = 100) -> float:
    """Return the fraction of the relevant documents that are in a ranking."""
    wanted = {name for name, gain in gains.items() if gain > 0}
    return len(wanted & set(found[:depth])) / len(wanted)
