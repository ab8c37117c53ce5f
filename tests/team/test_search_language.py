"""The query language over a corpus: the papers that each construct matches, marks among them."""

from collections.abc import Iterator

import pytest

from index import Library
from tests.index import test_search_language as language
from tests.team.engine import stocked
from tests.team.nodes import Nodes

test_accents_in_a_corpus_match = language.test_accents_and_latex_match_plain_letters
test_names_in_a_corpus_match = language.test_names_with_digits_and_signs_match
test_ranges_in_a_corpus_match = language.test_ranges_match_papers
test_labels_in_a_corpus_match = language.test_states_and_labels_match_papers
test_operators_in_a_corpus_match = language.test_fuzzy_prefix_field_and_operator_match_papers
test_unfinished_query_in_a_corpus = language.test_unfinished_query_means_completed_query
test_case_in_a_corpus_is_ignored = language.test_fuzzy_match_ignores_case

NOT_OF_A_CORPUS = {
    "test_ranges_in_a_corpus_match[added:": "papers are added to it when they are pushed",
}


@pytest.fixture(scope="module")
def shelf(nodes: Nodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of the same papers and marks that reads a corpus with the papers."""
    folder = tmp_path_factory.mktemp("language") / "library"
    with stocked(folder, nodes.address("language"), language.PAPERS, language.stock) as library:
        yield library
