"""After any history of adding, changing, merging and removing papers, a library answers as if its
index and its columns had been made at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library, Paper
from index.engines import upkeep, vocabulary
from index.engines.whoosh import merging
from index.engines.whoosh.engine import WhooshEngine
from index.facets import catalogue, counters
from index.search.orders import SORTS
from tests.examples import examples
from tests.workers import run_here

WORDS = "graph neural network networks speech model models pre-trained deep Gaussian".split()
NAMES = ("Ada Lovelace", "ada LOVELACE", "Grace Hopper", "Képes E.", "Bob")
CATEGORIES = ("cs.CL", "cs.CL.HU", "cs", "math")

papers = st.builds(
    Paper,
    title=st.lists(st.sampled_from(WORDS), min_size=2, max_size=4).map(" ".join),
    abstract=st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join),
    authors=st.lists(st.sampled_from(NAMES), max_size=2, unique=True).map(tuple),
    year=st.sampled_from([None, 1999, 2024, 2025]),
    venue=st.sampled_from(["", "ACL", "EMNLP"]),
    categories=st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True).map(tuple),
)

steps = st.one_of(
    st.tuples(st.just("add"), st.lists(papers, min_size=1, max_size=5)),
    st.tuples(st.just("add again"), st.integers(0, 9)),
    st.tuples(st.just("edit"), st.integers(0, 20)),
    st.tuples(st.just("merge"), st.integers(0, 20)),
    st.tuples(st.just("remove"), st.integers(0, 20)),
    st.tuples(st.just("remove source"), st.integers(0, 9)),
    st.tuples(st.just("look"), st.just(0)),
    st.tuples(st.just("merge segments"), st.just(0)),
)

QUERIES = ("graph", "neural network", '"graph network"', "mod*", "modle~", "author:ada",
           "year:2024..", "title:speech", 'topic:"graph network"', "category:cs",
           "category:cs.CL -deep", 'author:"Ada Lovelace"',
           "is:incomplete", "source:s1")  # fmt: skip


@contextmanager
def small_limits(*, upkeep_here: bool = True) -> Iterator[None]:
    """Merge segments and renew every base after a few papers or words, in this process.

    With `upkeep_here`, an index is kept up after each update.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (catalogue, counters):
            patch.setattr(module, "MAX_RECENT_PAPERS", 6)
        patch.setattr(vocabulary, "MIN_RECENT_WORDS", 6)
        patch.setattr(merging, "MAX_SMALL_SEGMENTS", 1)
        patch.setattr(catalogue, "start_worker", run_here)
        patch.setattr(upkeep, "start_worker", run_here if upkeep_here else lambda *_, **__: None)
        yield


@contextmanager
def before_commit(work: Callable[[], None]) -> Iterator[None]:
    """Do some work once a merged segment is written and before it is committed, or at the end."""
    commit, todo = merging._replace, [work]

    def do() -> None:
        while todo:
            todo.pop()()

    def delayed(*arguments: Any) -> bool:
        do()
        return commit(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_replace", delayed)
        yield
    do()


class History:
    """Applies steps to a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.sources: list[list[Paper]] = []

    def tell(self, steps: list[tuple[str, Any]]) -> None:
        """Apply steps; that after a merge of segments is applied while they are being merged."""
        rest = iter(steps)
        for verb, value in rest:
            if verb != "merge segments":
                self.apply(verb, value)
                continue
            with before_commit(lambda: self.apply(*next(rest, ("look", 0)))):
                self.keep_up()

    def keep_up(self) -> None:
        """Merge the segments of the index, and renew its words."""
        self.library.index.sync()
        engine = self.library.index.engine
        assert isinstance(engine, WhooshEngine)
        merging.keep_up(*upkeep.places(engine.files.place))

    def apply(self, verb: str, value: Any) -> None:
        library = self.library
        keys = library.search("", limit=0).paper_keys()
        key = keys[value % len(keys)] if keys and isinstance(value, int) else None
        match verb:
            case "add":
                self.add(value)
            case "add again" if self.sources:  # a newer source holds known papers
                self.add(self.sources[value % len(self.sources)])
            case "edit" if key:
                library.editing.edit(key, {"title": f"Deep speech of {value}", "year": 2001})
            case "remove" if key:
                library.editing.remove([key])
            case "remove source" if library.sources():
                sources = library.sources()
                library.remove_source(sources[value % len(sources)].name)
            case "merge" if pairs := library.duplicates.find():
                library.duplicates.merge(pairs[: 1 + value % 2])
            case "look" | "merge segments":
                answers(library)

    def add(self, papers: list[Paper]) -> None:
        self.sources.append(papers)
        self.library.add(papers, f"s{len(self.sources)}")


def answers(library: Library) -> dict[str, object]:
    """Return what a library answers, of everything that is kept in layers."""
    found: dict[str, object] = {}
    for query in QUERIES:
        results = library.search(query, limit=0)
        found[query] = sorted(results.all_keys()[: results.full].tolist())
    for sort in SORTS:
        found[sort] = library.search("", limit=0, sort=sort).all_keys().tolist()
    for query in ("", "graph"):
        found[f"facets of {query}"] = facets(library, query)
    return found


def facets(library: Library, query: str) -> list[tuple[str, int, list[tuple[str, int]]]]:
    # Which spelling stands for a name depends on the papers that there were first.
    return [
        (facet.field, facet.total, sorted((c.value.lower(), c.count) for c in facet.counts))
        for facet in library.facets(query)
    ]


@examples(25)
@given(st.lists(papers, max_size=8), st.lists(steps, max_size=9))
def test_library_after_a_history_answers_as_one_built_at_once(
    first: list[Paper], history: list[tuple[str, Any]]
) -> None:
    with (
        small_limits(upkeep_here=False),
        TemporaryDirectory() as folder,
        Library.open(Path(folder)) as library,
    ):
        told = History(library)
        told.add(first)
        answers(library)
        told.tell(history)
        seen = answers(library)
        with Library.open(Path(folder)) as other:  # what the files hold
            assert answers(other) == seen
        library.rebuild()
        assert answers(library) == seen


@examples(15)
@given(st.lists(st.lists(papers, max_size=6), min_size=1, max_size=4))
def test_words_and_scores_of_added_papers_are_those_of_one_index(
    several: list[list[Paper]],
) -> None:
    with small_limits(), TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        for number, some in enumerate(several):
            named = [
                Paper(f"{paper.title} {number}", paper.abstract, authors=paper.authors, id=f"{at}")
                for at, paper in enumerate(some, 100 * number)
            ]
            library.add(named, f"s{number}")
            library.search("graph")
        completed, scores = _words(library)
        library.rebuild()
        again, expected = _words(library)
        assert completed == again
        for found, wanted in zip(scores, expected, strict=True):
            assert found == pytest.approx(wanted, rel=0.03)  # a merge adds up rounded lengths


def _words(library: Library) -> tuple[list[object], list[dict[int, float]]]:
    texts = ("gr", "neu", "spe", "de", "pre", "title:gau", "netw")
    completed: list[object] = [library.completions.complete(text) for text in texts]
    hits = [library.search(text, limit=30).hits for text in ("graph", "deep speech", "mod*")]
    return completed, [{hit.key: hit.score for hit in some} for some in hits]
