"""Replays a reader who looks for all papers of a hidden topic, and keeps or dismisses each paper.

The reader begins with three papers of the topic. They look at ten papers at a time, those that an
order lists first, and what they keep and dismiss changes the order of the next ones. Measured is
the share of all papers that they look at until 95 % of the topic are found.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import fmean

import numpy as np

from index import Library, Paper
from index.marks.changes import Bookmark, Dismissed
from index.papers.json_record import from_json
from index.papers.paper import PaperKey
from index.search.related import Similarity, sample
from tests.bench import corpus
from tests.bench.collections import collection
from tests.bench.libraries import open_library
from tests.bench.table import Row

SHARE = 0.95
"""The share of a topic's papers at which a replay ends."""

BATCH = 10
BEGUN = 3
"""Papers of a topic that are bookmarked at first."""

BOOKMARKS, SHOWN = 10, 20
"""Bookmarks, and papers shown for them, when precision is measured."""

DRAWS = 4
MAX_TOPICS = 10
CORPUS_STEP = 25
"""Every so many papers of the corpus are used, about 4,000 of them."""

OLD = "compared"
"""The order by the words that kept papers have in common, as for one or two given papers."""

Topic = frozenset[str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Papers, and the ids of those of each hidden topic."""

    name: str
    papers: Sequence[Paper]
    topics: Sequence[Topic]


def shelves() -> Iterator[Shelf]:
    """Yield the judged collections, and a part of the corpus with its categories."""
    for name, least in (("cranfield", 15), ("cacm", 20)):
        judged = collection(name)
        topics = [
            frozenset(name for name, gain in gains.items() if gain) for _, gains in judged.queries
        ]
        yield Shelf(name, judged.papers, _some([one for one in topics if len(one) >= least]))
    if corpus.CORPUS.is_file():
        yield _categories()


def _categories() -> Shelf:
    papers = [from_json(shape) for shape in corpus.shapes(CORPUS_STEP)]
    held: defaultdict[str, set[str]] = defaultdict(set)
    for paper in papers:
        for category in paper.categories:
            held[category].add(paper.id)
    topics = [frozenset(ids) for _, ids in sorted(held.items()) if 15 <= len(ids) <= 250]
    return Shelf("corpus", papers, _some(topics))


def _some(topics: Sequence[Topic]) -> list[Topic]:
    return list(topics[:: ceil(len(topics) / MAX_TOPICS)])


def measured(shelf: Shelf, folder: Path) -> Iterator[Row]:
    """Measure the likeliest first and the papers for a reader, on one shelf."""
    with open_library(folder) as library:
        library.add(shelf.papers, shelf.name)
        reader = Reader(library)
        looked: defaultdict[str, float] = defaultdict(float)
        for topic in shelf.topics:
            for name, order in (("likely", reader.likely), (OLD, reader.compared)):
                looked[name] += reader.replay(topic, order)
            looked["listing"] += reader.listed(topic)
        total = len(shelf.topics)
        others = {name: looked[name] / total for name in (OLD, "listing")}
        yield Row(f"looked at until {SHARE:.0%} found", "of 1", looked["likely"] / total, others)
        big = [topic for topic in shelf.topics if len(topic) >= BOOKMARKS + SHOWN]
        if big:
            own, old = (fmean(reader.precision(topic, way) for topic in big)
                        for way in (reader.for_you, reader.compared_to))  # fmt: skip
            yield Row(f"for you: precision at {SHOWN}", "of 1", own, {OLD: old})


Order = Callable[[Sequence[str]], Sequence[int]]
"""Returns all keys in an order, given the ids of the papers kept so far."""


class Reader:
    """Looks for topics in a library, and marks what they look at."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.every = library.search("", limit=0).all_keys()
        self.key_of = dict(zip(library.ids(self.every.tolist()), self.every.tolist(), strict=True))
        self.id_of = {key: name for name, key in self.key_of.items()}

    def likely(self, kept: Sequence[str]) -> Sequence[int]:
        """Return the likeliest papers first."""
        return self.library.search("", limit=0, sort="likely").paper_keys()

    def compared(self, kept: Sequence[str]) -> Sequence[int]:
        """Return the papers that have most in common with the kept ones first."""
        return self._nearest(kept, len(self.every))

    def _nearest(self, kept: Sequence[str], limit: int) -> list[PaperKey]:
        given = sample(self.library.keys(kept))
        similarity = Similarity(self.library.papers(self.library.ids(given)))
        others = self.every[~np.isin(self.every, given)]
        return [one.key for one in similarity.nearest(self.library.index.engine, others, limit)]

    def replay(self, topic: Topic, order: Order) -> float:
        """Return the share of papers that are looked at until enough of a topic are found."""
        draw = random.Random(1)
        needed, looked = ceil(SHARE * len(topic)), 0
        kept = draw.sample(sorted(topic), BEGUN)
        seen = set(kept)
        self.library.apply(Bookmark(tuple(kept)))
        while len(kept) < needed:
            ids = [one for one in map(self.id_of.__getitem__, order(kept)) if one not in seen]
            batch = ids[:BATCH] or [one for one in self.key_of if one not in seen][:BATCH]
            found = [one for one in batch if one in topic]
            self.library.apply(Dismissed(tuple(one for one in batch if one not in topic)))
            self.library.apply(Bookmark(tuple(found)))
            seen.update(batch)
            kept += found
            looked += len(batch)
        self.library.apply(Bookmark(tuple(seen)))  # ends the dismissals
        self.library.apply(Bookmark(tuple(seen), on=False))
        return looked / len(self.every)

    def listed(self, topic: Topic) -> float:
        """Return the same share for papers that are looked at in listing order."""
        places = [place for place, one in enumerate(self.key_of, 1) if one in topic]
        return places[ceil(SHARE * len(topic)) - 1] / len(self.every)

    def for_you(self, kept: Sequence[str]) -> Sequence[str]:
        """Return the papers for a reader with some bookmarks."""
        return [one.id for one in self.library.related(kept, limit=SHOWN)]

    def compared_to(self, kept: Sequence[str]) -> Sequence[str]:
        """Return the papers that have most in common with some bookmarks."""
        return self.library.ids(self._nearest(kept, SHOWN))

    def precision(self, topic: Topic, way: Callable[[Sequence[str]], Sequence[str]]) -> float:
        """Return the share of a topic's papers among those shown for some of them."""
        draw = random.Random(2)
        given = [draw.sample(sorted(topic), BOOKMARKS) for _ in range(DRAWS)]
        return fmean(len(topic & set(way(kept))) / SHOWN for kept in given)
