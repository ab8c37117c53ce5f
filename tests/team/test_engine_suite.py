"""The tests that every engine passes, with a corpus on two nodes as the engine.

They are those of `tests/index` that take an engine, or a library to search, with fixtures of this
module in place of theirs. Left out are those in `NOT_OF_A_CORPUS`, for the reason given, and those
that take no fixture of this module, since they are about the files of a local index.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Library
from index.corpus import reader
from index.engines.whoosh.engine import WhooshEngine
from tests.index import test_answers as answers
from tests.index import test_engine as engines
from tests.index.engines import PAPERS, InPages, build
from tests.team.engine import CorpusEngine, corpus_of, in_order, opened, stocked
from tests.team.nodes import Nodes

TestAnswers = engines.TestAnswers
TestBooleans = engines.TestBooleans
TestEveryEngine = answers.TestEveryEngine
TestInPages = answers.TestInPages
TestRows = answers.TestRows

NOT_OF_A_CORPUS = {
    "test_phrase_in_a_name_has_scores": "a corpus knows names, as a library does, without scores",
    "test_search_not_alone_matches_papers_that_are_not_indexed_yet": "a corpus has no other papers",
    "test_search_in_an_order_sorts_by_it": "a corpus sorts by the name of an order",
    "test_search_stopped_is_not_exact": "it is answered by the library, see TestDeadline",
    "test_parts_add_up_to_the_scores_of_near_papers": "they are the weights of shared stems",
    "test_near_without_limit_returns_all_papers": "a library sorts its own papers alone",
}


@pytest.fixture(scope="module")
def whole(nodes: Nodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of `PAPERS` that reads a corpus with them, to read only."""
    folder = tmp_path_factory.mktemp("suite") / "library"
    with stocked(folder, nodes.address("suite"), in_order(PAPERS)) as library:
        assert library.keys([paper.id for paper in PAPERS]) == [paper.key for paper in PAPERS]
        yield library


@pytest.fixture
def shelf(whole: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """A library of `PAPERS` that reads the same corpus, no more rows than it asks for."""
    monkeypatch.setattr(reader, "MIN_ROWS", 0)
    with opened(tmp_path / "library", corpus_of(whole).reader.cluster.address) as library:
        library.add(in_order(PAPERS), "papers")
        corpus = corpus_of(library)
        corpus.reader = InPages(corpus.reader)  # type: ignore[assignment, arg-type]
        yield library


@pytest.fixture
def engine(whole: Library) -> CorpusEngine:
    """A corpus of `PAPERS` as an engine."""
    return CorpusEngine(whole)


@pytest.fixture
def new_engine(nodes: Nodes, tmp_path: Path) -> Iterator[CorpusEngine]:
    """An empty corpus as an engine."""
    with stocked(tmp_path / "library", nodes.address("new"), []) as library:
        yield CorpusEngine(library)


@pytest.fixture(scope="module")
def same_as_whoosh(
    whole: Library, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, Any], None]]:
    """Compare a query over the corpus with one of plain Whoosh over the same papers."""
    engine = WhooshEngine(build("whoosh", tmp_path_factory.mktemp("whoosh")), "library")

    def compare(text: str, query: Any) -> None:
        results = whole.search(text, limit=0)
        assert results.index == "corpus"
        found = set(results.all_keys()[: results.full].tolist())
        assert found == engines.plain(engine, query), text

    yield compare
    engine.close()
