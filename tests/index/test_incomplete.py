"""`is:incomplete`: papers that cannot be cited with the values they have."""

from dataclasses import replace

import pytest

from index import Library, Paper
from index.papers.citation import build_citation

COMPLETE = Paper(
    "Marks That Survive in Text", id="p", authors=("Ada Lovelace",), year=2025, venue="ACL"
)


@pytest.mark.parametrize(
    ("paper", "is_incomplete"),
    [
        pytest.param(COMPLETE, False, id="venue"),
        pytest.param(replace(COMPLETE, authors=()), True, id="no-authors"),
        pytest.param(replace(COMPLETE, year=None), True, id="no-year"),
        pytest.param(replace(COMPLETE, venue=""), True, id="no-place"),
        pytest.param(replace(COMPLETE, venue="", arxiv_id="2501.01234"), False, id="arxiv"),
        pytest.param(replace(COMPLETE, venue="", doi="10.1000/x"), False, id="doi"),
        pytest.param(replace(COMPLETE, venue="", url="https://a.org/p"), False, id="own-page"),
        pytest.param(replace(COMPLETE, venue="", urls=("https://a.org",)), True, id="other-link"),
        pytest.param(
            replace(COMPLETE, venue="", citation=build_citation({"publisher": "MIT Press"})),
            False, id="publisher",
        ),
        pytest.param(
            replace(COMPLETE, venue="", citation=build_citation({"publisher-place": "Cambridge"})),
            True, id="place-of-the-publisher",
        ),
    ],
)  # fmt: skip
def test_paper_without_what_a_citation_needs_is_incomplete(
    library: Library, paper: Paper, is_incomplete: bool
) -> None:
    library.add([paper], "page")
    assert library.search("is:incomplete").total == is_incomplete
    assert library.search("-is:incomplete").total == (not is_incomplete)
    facets = {f.field: {c.value: c.count for c in f.counts} for f in library.facets()}
    assert ("incomplete" in facets["is"]) == is_incomplete


def test_incomplete_papers_are_counted_again_after_a_change(library: Library) -> None:
    library.add([replace(COMPLETE, year=None)], "page")
    assert library.search("is:incomplete").total == 1
    library.add([replace(COMPLETE, id="q")], "references")
    assert library.search("is:incomplete").total == 0
