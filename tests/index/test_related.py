"""Papers like given ones: which come, in what order, and what is told of why."""

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
    def test_the_paper_that_shares_most_comes_first_and_none_that_shares_nothing(
        self, shelf: Library
    ) -> None:
        found = shelf.related(["flow"])
        assert [one.id for one in found] == ["energy", "likelihood"]
        assert found[0].score > found[1].score > 0
        assert shelf.keys(one.id for one in found) == [one.key for one in found]

    def test_words_that_every_paper_says_of_itself_are_no_tie(self, shelf: Library) -> None:
        assert ids(shelf, "parser") == ["treebank"]

    def test_no_more_come_than_are_asked_for(self, shelf: Library) -> None:
        assert ids(shelf, "flow", limit=1) == ["energy"]
        assert ids(shelf, "flow", limit=0) == []

    def test_a_word_of_the_title_counts_more(self, library: Library) -> None:
        library.add(
            [
                Paper("Watermark", "Tokens of speech", id="given"),
                Paper("Other", "on speech here", id="speech"),
                Paper("Another", "on watermark here", id="watermark"),
            ],
            "page",
        )
        assert ids(library, "given") == ["watermark", "speech"]

    def test_equal_papers_come_in_listing_order_each_time(self, library: Library) -> None:
        library.add([Paper("Graph kernels", id="given")], "page")
        library.add([Paper(f"Graph {n}", id=f"g{n}", abstract="") for n in range(40)], "page")
        assert ids(library, "given", limit=30) == [f"g{n}" for n in range(30)]

    def test_several_papers_are_taken_together(self, shelf: Library) -> None:
        assert set(ids(shelf, "likelihood", "parser")) == {"flow", "energy", "treebank"}
        assert ids(shelf, "flow", "energy") == ["likelihood"]

    def test_of_thousands_a_sample_stands_for_all(self) -> None:
        assert sample(keys(3, 1, 2)) == keys(3, 1, 2)
        assert sample([]) == []
        chosen = sample(keys(*range(5000)))
        assert len(set(chosen)) == MAX_GIVEN_PAPERS
        assert (chosen[0], chosen[-1]) == (0, 5000 - 5000 // MAX_GIVEN_PAPERS)


class TestLeftOut:
    def test_the_given_papers_are_never_among_the_found(self, shelf: Library) -> None:
        every = [paper.id for paper in FLOWS]
        assert ids(shelf, *every) == []
        assert "flow" not in ids(shelf, "flow", "flow")

    @pytest.mark.parametrize(
        "change",
        [Read(("energy",)), Bookmark(("energy",)), Tag(("energy",), add=("x",)),
         Note(("energy",), "seen")],
    )  # fmt: skip
    def test_what_was_read_or_marked_is_left_out_where_only_the_new_is_wanted(
        self, shelf: Library, change: Read
    ) -> None:
        shelf.apply(change)
        assert ids(shelf, "flow", unmarked=True) == ["likelihood"]
        assert ids(shelf, "flow") == ["energy", "likelihood"]
        shelf.undo()
        assert ids(shelf, "flow", unmarked=True) == ["energy", "likelihood"]

    def test_a_paper_that_was_removed_is_gone_and_a_new_one_is_found(self, shelf: Library) -> None:
        shelf.add([Paper("Flows again", "A normalizing flow.", id="again")], "other")
        assert "again" in ids(shelf, "flow")
        shelf.remove_source("other")
        assert "again" not in ids(shelf, "flow")

    def test_an_unknown_id_is_named(self, shelf: Library) -> None:
        with pytest.raises(UnknownPaper, match=r"energ; did you mean energy"):
            shelf.related(["flow", "energ"])

    def test_papers_without_words_are_like_none(self, library: Library) -> None:
        library.add([Paper("", id="empty"), Paper("???", id="signs"), *FLOWS], "page")
        assert ids(library, "empty") == []
        assert ids(library, "signs") == []
        assert "empty" not in ids(library, "flow")
        assert library._searcher.related([]) == ()

    def test_an_empty_library_has_none(self, library: Library) -> None:
        assert library._searcher.related(keys(1, 2)) == ()


class TestShares:
    def test_phrases_of_both_are_told_as_phrases_the_strongest_first(self, shelf: Library) -> None:
        told = shares(shelf, "flow", "energy")
        assert set(told) == {"normalizing flow", "energy-based", "likelihood"}
        assert told[-1] == "likelihood"

    def test_a_phrase_of_one_paper_alone_is_told_as_words(self, library: Library) -> None:
        library.add(
            [
                Paper("A", "graph neural kernel", id="a"),
                Paper("B", "the kernel of a neural graph", id="b"),
            ],
            "page",
        )
        assert set(shares(library, "a", "b")) == {"graph", "neural", "kernel"}

    def test_no_phrase_reaches_over_stop_words_or_the_end_of_a_sentence(
        self, library: Library
    ) -> None:
        texts = ("attention of graphs. Speech, diffusion",) * 2
        library.add([Paper(f"Q{n}", text, id=f"p{n}") for n, text in enumerate(texts)], "page")
        assert set(shares(library, "p0", "p1")) == {"attention", "graphs", "Speech", "diffusion"}

    def test_no_word_is_told_twice(self, shelf: Library) -> None:
        for one in shelf.related(["flow"]):
            words = " ".join(one.shared_terms).lower().replace("-", " ").split()
            assert len(words) == len(set(words))
            assert 1 <= len(one.shared_terms) <= MAX_SHARED_TERMS

    def test_a_compound_is_told_however_each_writes_it(self, library: Library) -> None:
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

    def test_words_are_told_as_they_are_written_in_small_letters_where_they_are(
        self, library: Library
    ) -> None:
        library.add(
            [
                Paper("Watermarks of Képes", "BERT reads watermarks.", id="a"),
                Paper("Watermarks for BERT", "Kepes BERT", id="b"),
            ],
            "page",
        )
        assert set(shares(library, "a", "b")) == {"watermarks", "BERT", "Kepes"}

    def test_numbers_alone_are_no_tie(self, library: Library) -> None:
        library.add([Paper("Scores 2024", id="a"), Paper("In 2024 again", id="b")], "page")
        assert ids(library, "a") == []

    def test_hostile_text_is_text(self, library: Library) -> None:
        title = "[/INST] [b]bold[/b] $title"
        library.add([Paper(title, id="a"), Paper(f"{title} too", id="b")], "page")
        assert shares(library, "a", "b")


def test_every_paper_of_real_pages_has_related_ones_that_say_why(
    library: Library, shared: Path
) -> None:
    library.import_paths(sorted((shared / "pages").glob("*.txt")))
    keys = library.search("", limit=0).paper_keys()[::40]
    for key in keys:
        found = library._searcher.related([key], limit=5)
        assert len(found) == 5
        assert all(one.shared_terms for one in found)
        assert key not in [one.key for one in found]
