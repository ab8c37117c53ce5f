"""Papers that differ in the words they have, indexes of them, and questions to engines."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from index import Paper
from index.engines.base import NO_KEYS, Ask, Engine, IndexUpdate, Keys, ListingOrder, Page
from index.engines.registry import open_engine
from index.papers.paper import PaperKey
from index.query import Node
from index.text.analysis import terms

SUBJECTS = ["language models", "protein folding", "speech", "graph neural networks", "retrieval",
            "diffusion models", "pre-training", "planning", "translation", "robots"]  # fmt: skip
VERBS = ["Learning", "Scaling", "Probing", "Benchmarking", "Pruning", "Aligning"]
HOW = ["in context", "with few labels", "by generative replay", "from human feedback", "at scale"]


def make_papers(count: int = 200) -> list[Paper]:
    """Papers of few words, so that every pair of words is in some of them and not in others."""
    papers = []
    for n in range(count):
        subject, verb, how = SUBJECTS[n % 10], VERBS[n * 7 % 6], HOW[n * 3 % 5]
        other = SUBJECTS[(n * n + 3) % 10]
        papers.append(
            Paper(
                title=f"{verb} {subject} {how} {n}",
                abstract=f"We study {other} {HOW[n % 5]}. Unlike {subject}, transformers{n % 17} "
                + f"need data. {'Models ' * (n % 4)}generalise.",
                id=f"p{n}",
                authors=(f"Ada Löve{n % 5}", "Bob Képes"),
                venue="NeurIPS" if n % 2 else "Journal of Things",
                keywords=("machine learning", SUBJECTS[n % 3]),
                key=PaperKey(n + 1),
            )
        )
    return papers


PAPERS = make_papers()


def stems_of(papers: Iterable[Paper]) -> list[str]:
    """Return all stems of the papers' texts."""
    return sorted({t.text for p in papers for text in (p.title, p.abstract) for t in terms(text)})


def step(
    papers: Iterable[Paper], since: int = -1, to: int = 1, removed: Iterable[int] = ()
) -> IndexUpdate:
    every = list(papers)
    return IndexUpdate(since, to, every, len(every), removed)


def build(name: str, place: Path) -> Path:
    """Build the index of `PAPERS` with an engine; return its folder."""
    engine = open_engine(place / "index", "library", name)
    engine.update(step(PAPERS))
    engine.close()
    return place / "index"


EVERY = ListingOrder(np.arange(1, 1_001), np.arange(-1, 1_000))
"""More papers than any index here has, in the order of their keys."""


def asked(leaf: Node, **options: Any) -> Ask:
    return Ask(leaf, listing=EVERY, **options)


def keys(engine: Engine, leaf: Node) -> set[int]:
    """Return the papers that an engine finds, the same in each of its ways to do so."""
    ask = asked(leaf, limit=1_000)
    found = np.concatenate([NO_KEYS, *engine.ids(ask)]).tolist()
    page = engine.search(ask)
    assert page.exact
    assert (page.start, page.keys.tolist()) == (0, found)
    assert page.total == page.full == engine.count(ask) == len(set(found)) == len(found)
    assert (page.scores > 0).all()
    return set(found)


class InPages:
    """An engine that returns no more rows than it is asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.searches = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def search(self, ask: Ask) -> Page:
        self.searches += 1
        page = self._engine.search(ask)
        first = ask.offset - page.start
        rows = slice(first, first + ask.limit)
        return replace(page, start=ask.offset, keys=page.keys[rows], scores=page.scores[rows])

    def ids(self, ask: Ask) -> Iterator[Keys]:
        for part in self._engine.ids(ask):
            yield from np.array_split(part, 3)
