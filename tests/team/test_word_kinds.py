"""Words of every kind are found in a corpus as they are in a library."""

from collections.abc import Iterator

import pytest

from index import Library
from tests.index import test_word_kinds as kinds
from tests.team.engine import stocked
from tests.team.nodes import Nodes

test_kind_of_word_in_a_corpus_finds_its_papers = kinds.test_search_kind_of_word_finds_its_papers
test_half_typed_word_in_a_corpus_is_no_error = kinds.test_search_half_typed_word_is_not_an_error
test_long_run_in_a_corpus_is_bounded = kinds.test_search_long_run_without_spaces_is_bounded

NOT_OF_A_CORPUS = {
    "test_kind_of_word_in_a_corpus_finds_its_papers[p?rformer-performing reformer]":
        "no other words are found by their stems",
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(nodes: Nodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of the same papers that reads a corpus with them."""
    folder = tmp_path_factory.mktemp("kinds") / "library"
    with stocked(folder, nodes.address("kinds"), kinds.PAPERS) as library:
        yield library
