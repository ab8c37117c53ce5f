"""Related papers: selection, order and shared terms."""

from pathlib import Path

import pytest

from index import Library, Paper
from index.errors import UnknownPaper
from index.marks.changes import Bookmark, Note, Read, Tag
from index.search.related import MAX_GIVEN_PAPERS, sample
from index.search.shared_terms import MAX_SHARED_TERMS
from tests.keys import keys

FLOWS = [
    Paper("Normalizing Flows for Densities", "A normalizing flow gives an exact likelihood. "
          "We propose a novel energy-based prior.", id="flow"),
    Paper("Training Energy-Based Models", "Energy-based models have no likelihood; a normalizing "
          "flow proposes samples. Our novel results are state-of-the-art.", id="energy"),
    Paper("Likelihoods of Images", "The likelihood of a picture says little.", id="likelihood"),
    Paper("Parsing German", "We propose a novel parser of German with good results.", id="parser"),
    Paper("Treebanks of German", "German sentences, parsed by hand.", id="treebank"),
]  # fmt: skip


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add(FLOWS, "page")
    return library


def ids(library: Library, *given: str, **how: object) -> list[str]:
    return [one.id for one in library.related(given, **how)]  # type: ignore[arg-type]


def shares(library: Library, given: str, other: str) -> tuple[str, ...]:
    return next(one.shared_terms for one in library.related([given]) if one.id == other)


class TestRanking:
    def test_related_is_sorted_by_shared_words(self, shelf: Library) -> None:
        found = shelf.related(["flow"])
        assert [one.id for one in found] == ["energy", "likelihood"]
        assert found[0].score > found[1].score > 0
        assert shelf.keys(one.id for one in found) == [one.key for one in found]

    def test_related_ignores_common_words_of_abstracts(self, shelf: Library) -> None:
        assert ids(shelf, "parser") == ["treebank"]

    def test_related_with_limit_returns_at_most_that_many(self, shelf: Library) -> None:
        assert ids(shelf, "flow", limit=1) == ["energy"]
        assert ids(shelf, "flow", limit=0) == []

    def test_related_title_words_weigh_more(self, library: Library) -> None:
        library.add(
            [
                Paper("Watermark", "Tokens of speech", id="given"),
                Paper("Other", "on speech here", id="speech"),
                Paper("Another", "on watermark here", id="watermark"),
            ],
            "page",
        )
        assert ids(library, "given") == ["watermark", "speech"]

    def test_related_equal_scores_are_in_listing_order(self, library: Library) -> None:
        library.add([Paper("Graph kernels", id="given")], "page")
        library.add([Paper(f"Graph {n}", id=f"g{n}", abstract="") for n in range(40)], "page")
        assert ids(library, "given", limit=30) == [f"g{n}" for n in range(30)]

    def test_related_to_several_papers_uses_all(self, shelf: Library) -> None:
        assert set(ids(shelf, "likelihood", "parser")) == {"flow", "energy", "treebank"}
        assert ids(shelf, "flow", "energy") == ["likelihood"]

    def test_sample_is_evenly_spread(self) -> None:
        assert sample(keys(3, 1, 2)) == keys(3, 1, 2)
        assert sample([]) == []
        chosen = sample(keys(*range(5000)))
        assert len(set(chosen)) == MAX_GIVEN_PAPERS
        assert (chosen[0], chosen[-1]) == (0, 5000 - 5000 // MAX_GIVEN_PAPERS)


class TestExclusion:
    def test_related_excludes_given_papers(self, shelf: Library) -> None:
        every = [paper.id for paper in FLOWS]
        assert ids(shelf, *every) == []
        assert "flow" not in ids(shelf, "flow", "flow")

    @pytest.mark.parametrize(
        "change",
        [Read(("energy",)), Bookmark(("energy",)), Tag(("energy",), add=("x",)),
         Note(("energy",), "seen")],
    )  # fmt: skip
    def test_related_new_excludes_read_and_marked_papers(
        self, shelf: Library, change: Read
    ) -> None:
        shelf.apply(change)
        assert ids(shelf, "flow", unmarked=True) == ["likelihood"]
        assert ids(shelf, "flow") == ["energy", "likelihood"]
        shelf.undo()
        assert ids(shelf, "flow", unmarked=True) == ["energy", "likelihood"]

    def test_related_follows_added_and_removed_papers(self, shelf: Library) -> None:
        shelf.add([Paper("Flows again", "A normalizing flow.", id="again")], "other")
        assert "again" in ids(shelf, "flow")
        shelf.remove_source("other")
        assert "again" not in ids(shelf, "flow")

    def test_related_unknown_id_raises(self, shelf: Library) -> None:
        with pytest.raises(UnknownPaper, match=r"energ; did you mean energy"):
            shelf.related(["flow", "energ"])

    def test_related_to_paper_without_words_is_empty(self, library: Library) -> None:
        library.add([Paper("", id="empty"), Paper("???", id="signs"), *FLOWS], "page")
        assert ids(library, "empty") == []
        assert ids(library, "signs") == []
        assert "empty" not in ids(library, "flow")
        assert library._searcher.related([]) == ()

    def test_related_in_empty_library_is_empty(self, library: Library) -> None:
        assert library._searcher.related(keys(1, 2)) == ()


class TestSharedTerms:
    def test_shared_terms_are_phrases_by_weight(self, shelf: Library) -> None:
        terms = shares(shelf, "flow", "energy")
        assert set(terms) == {"normalizing flow", "energy-based", "likelihood"}
        assert terms[-1] == "likelihood"

    def test_shared_terms_phrase_of_one_paper_is_split(self, library: Library) -> None:
        library.add(
            [
                Paper("A", "graph neural kernel", id="a"),
                Paper("B", "the kernel of a neural graph", id="b"),
            ],
            "page",
        )
        assert set(shares(library, "a", "b")) == {"graph", "neural", "kernel"}

    def test_shared_terms_phrases_end_at_stop_words_and_sentences(self, library: Library) -> None:
        texts = ("attention of graphs. Speech, diffusion",) * 2
        library.add([Paper(f"Q{n}", text, id=f"p{n}") for n, text in enumerate(texts)], "page")
        assert set(shares(library, "p0", "p1")) == {"attention", "graphs", "Speech", "diffusion"}

    def test_shared_terms_have_no_repeated_words(self, shelf: Library) -> None:
        for one in shelf.related(["flow"]):
            words = " ".join(one.shared_terms).lower().replace("-", " ").split()
            assert len(words) == len(set(words))
            assert 1 <= len(one.shared_terms) <= MAX_SHARED_TERMS

    def test_shared_terms_include_compound_in_any_spelling(self, library: Library) -> None:
        library.add(
            [
                Paper("A", "We study pre-training.", id="a"),
                Paper("B", "Pretraining matters.", id="b"),
                Paper("C", "The state-of-the-art in pre-training is a state.", id="c"),
            ],
            "page",
        )
        assert shares(library, "a", "b") == ("pre-training",)
        assert shares(library, "a", "c") == ("pre-training",)

    def test_shared_terms_keep_spelling_and_prefer_lower_case(self, library: Library) -> None:
        library.add(
            [
                Paper("Watermarks of Képes", "BERT reads watermarks.", id="a"),
                Paper("Watermarks for BERT", "Kepes BERT", id="b"),
            ],
            "page",
        )
        assert set(shares(library, "a", "b")) == {"watermarks", "BERT", "Kepes"}

    def test_shared_terms_exclude_numbers(self, library: Library) -> None:
        library.add([Paper("Scores 2024", id="a"), Paper("In 2024 again", id="b")], "page")
        assert ids(library, "a") == []

    def test_shared_terms_hostile_text_is_plain_text(self, library: Library) -> None:
        title = "[/INST] [b]bold[/b] $title"
        library.add([Paper(title, id="a"), Paper(f"{title} too", id="b")], "page")
        assert shares(library, "a", "b")


def test_related_papers_of_real_pages_have_shared_terms(library: Library, shared: Path) -> None:
    library.import_paths(sorted((shared / "pages").glob("*.txt")))
    keys = library.search("", limit=0).paper_keys()[::40]
    for key in keys:
        found = library._searcher.related([key], limit=5)
        assert len(found) == 5
        assert all(one.shared_terms for one in found)
        assert key not in [one.key for one in found]
