"""The likeliest papers first: what is learned from kept and dismissed papers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library, Paper, paths
from index.marks.changes import Bookmark, Dismissed, Later
from index.search import likely, stem_vectors
from index.search.likely import NOTHING_KEPT, SAMPLE_FILE
from index.search.stem_vectors import StemVectors, saturated_counts
from tests.examples import examples

WATERMARKS = [f"watermark-{n}" for n in range(4)]
SPEECH = [f"speech-{n}" for n in range(4)]
GRAPHS = [f"graph-{n}" for n in range(4)]


def papers() -> list[Paper]:
    """Return four papers on each of three subjects, in turns, then 40 on nothing in common."""
    other = [Paper(f"Notes on thing{n}", f"We study {chr(97 + n % 26) * 4}{n} alone.", id=f"o{n}")
             for n in range(40)]  # fmt: skip
    about = [
        Paper(
            f"{title}, {'one two three four'.split()[n]}{name}",
            f"We study {text}.",
            id=f"{name}-{n}",
        )
        for n in range(4)
        for name, title, text in (
            ("watermark", "Watermarks of text", "spoofing of watermarks in language models"),
            ("speech", "Diffusion of speech", "audio synthesis with language models"),
            ("graph", "Kernels on graphs", "retrieval over nodes"),
        )
    ]
    return about + other


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add(papers(), "page")
    return library


def order(library: Library, query: str = "") -> list[str]:
    return [hit.id for hit in library.search(query, sort="likely", limit=100).hits]


class TestOrder:
    def test_papers_like_the_kept_ones_come_first(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("watermark-2",)))
        assert set(order(shelf)[:4]) == set(WATERMARKS)
        assert set(order(shelf)[4:8]) == set(SPEECH)  # they share the language models

    def test_papers_like_the_dismissed_ones_come_last(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("watermark-2",)))
        assert order(shelf)[-1].startswith("o")
        shelf.apply(Dismissed(("graph-0", "graph-1")))
        assert set(order(shelf)[-2:]) == {"graph-2", "graph-3"}
        weights = shelf.likely.model().weights
        assert weights["watermark"] > weights["model"] > 0 > weights["graph"]

    def test_papers_to_read_later_count_as_kept(self, shelf: Library) -> None:
        shelf.apply(Later(("graph-1",)))
        assert set(order(shelf)[:4]) == set(GRAPHS)

    def test_order_changes_with_each_verdict_and_its_undo(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("graph-1",)))
        before = order(shelf)
        shelf.apply(Bookmark(("speech-1", "speech-2")))
        assert order(shelf) != before
        shelf.undo()
        assert order(shelf) == before

    def test_new_and_changed_papers_are_ranked(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("graph-1",)))
        shelf.add([Paper("Kernels on graphs, again", "Of retrieval over nodes.", id="new")], "b")
        assert "new" in order(shelf)[:5]
        shelf.remove_source("b")
        assert set(order(shelf)[:4]) == set(GRAPHS)

    def test_order_is_the_same_in_another_process(self, shelf: Library, folder: Path) -> None:
        shelf.apply(Bookmark(("graph-1", "speech-0")))
        shelf.apply(Dismissed(("speech-2",)))
        with Library.open(folder) as other:
            assert order(other) == order(shelf)

    def test_sample_is_not_analysed_again_in_another_process(
        self, shelf: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shelf.apply(Bookmark(("watermark-2",)))
        first = order(shelf)
        analysed: list[str] = []

        def counted(paper: Paper) -> dict[str, float]:
            analysed.append(paper.id)
            return saturated_counts(paper)

        monkeypatch.setattr(stem_vectors, "saturated_counts", counted)
        with Library.open(folder) as other:
            assert order(other) == first
            assert analysed == ["watermark-2"]
            other.editing.edit(other.keys(["graph-0"])[0], {"title": "Whales"})
            order(other)
            assert set(WATERMARKS) <= set(analysed)

    def test_damaged_sample_is_computed_again(self, shelf: Library, folder: Path) -> None:
        shelf.apply(Bookmark(("watermark-2",)))
        first = order(shelf)
        file = paths.catalogue_folder(folder) / SAMPLE_FILE
        file.write_bytes(file.read_bytes()[:-200])
        with Library.open(folder) as other:
            assert order(other) == first

    def test_query_and_dismissals_restrict_the_papers(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("graph-1",)))
        shelf.apply(Dismissed(("graph-2",)))
        assert set(order(shelf, "title:graphs")) == set(GRAPHS) - {"graph-2"}
        assert shelf.search("title:graphs", sort="likely").dismissed == 1

    def test_large_libraries_are_sampled(self, shelf: Library, monkeypatch) -> None:  # type: ignore[no-untyped-def]
        monkeypatch.setattr(likely, "MAX_SAMPLE", 5)
        monkeypatch.setattr(likely, "MAX_JUDGED", 1)
        shelf.apply(Bookmark(("graph-1",)))
        shelf.apply(Bookmark(("speech-1",)))
        assert len(shelf.likely._sample()) in range(2, 6)
        assert set(order(shelf)[:4]) in (set(SPEECH), set(GRAPHS))
        assert shelf.likely.model().kept == 1

    def test_order_without_an_index_is_the_listing(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("graph-1",)))
        results = shelf.search("", sort="likely", limit=100, wait=False)
        assert [hit.id for hit in results.hits] == [paper.id for paper in papers()]


class TestNothingKept:
    def test_nothing_kept_gives_listing_order_and_a_note(self, shelf: Library) -> None:
        shelf.apply(Dismissed(("graph-0",)))
        results = shelf.search("", sort="likely", limit=100)
        listed = [paper.id for paper in papers() if paper.id != "graph-0"]
        assert [hit.id for hit in results.hits] == listed
        assert [note.message for note in results.notes] == [NOTHING_KEPT]

    def test_first_kept_paper_removes_the_note(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("graph-0",)))
        assert shelf.search("models", sort="likely").notes == ()
        shelf.undo()
        assert shelf.search("models", sort="likely").notes

    def test_empty_library_and_kept_paper_without_words_are_no_error(
        self, library: Library
    ) -> None:
        assert order(library) == []
        library.add([Paper("???", id="signs"), Paper("Graphs", id="graphs")], "page")
        library.apply(Bookmark(("signs",)))
        assert set(order(library)) == {"signs", "graphs"}


class TestWords:
    def test_words_of_a_paper_speak_for_and_against_it(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("watermark-0", "watermark-1")))
        shelf.apply(Dismissed(("speech-0", "speech-1")))
        (paper,) = shelf.papers(["watermark-3"])
        words = shelf.likely.words(paper)
        assert "spoofing" in " ".join(words.likely)
        assert not {"audio", "speech"} & set(" ".join(words.likely).lower().split())
        (paper,) = shelf.papers(["speech-3"])
        words = shelf.likely.words(paper)
        assert {"audio", "speech", "diffusion"} & set(" ".join(words.unlikely).lower().split())

    def test_words_without_kept_papers_are_none(self, shelf: Library) -> None:
        (paper,) = shelf.papers(["graph-0"])
        words = shelf.likely.words(paper)
        assert (words.likely, words.unlikely) == ((), ())


class TestForYou:
    def test_dismissed_papers_count_against_related_ones(self, shelf: Library) -> None:
        given = ["watermark-0", "watermark-1", "speech-0"]
        before = [one.id for one in shelf.related(given)]
        assert set(before[:2]) == {"watermark-2", "watermark-3"}
        assert "speech-2" in before
        shelf.apply(Dismissed(("speech-3", "speech-1")))
        after = {one.id: one.score for one in shelf.related(given)}
        assert after.keys() <= set(before)
        assert after.get("speech-2", 0) < shelf.related(given)[0].score

    def test_one_paper_has_the_same_related_papers_whatever_is_dismissed(
        self, shelf: Library
    ) -> None:
        before = shelf.related(["watermark-0"])
        shelf.apply(Dismissed(("graph-0",)))
        assert [one for one in shelf.related(["watermark-0"]) if one.id != "graph-0"] == [
            one for one in before if one.id != "graph-0"
        ]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Library:
    place = tmp_path_factory.mktemp("judged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        library = Library.open(place / "library")
        library.add(papers(), "page")
        library.index.sync()
    return library


IDS = [paper.id for paper in papers()]


@examples(40)
@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(["kept", "later", "dismissed"])))
def test_any_verdicts_give_a_permutation_and_the_same_one_again(
    judged: Library, verdicts: dict[str, str]
) -> None:
    judged.apply(Bookmark(tuple(IDS)))
    judged.apply(Bookmark(tuple(IDS), on=False))
    judged.apply(Later(tuple(IDS), on=False))
    changes = {"kept": Bookmark, "later": Later, "dismissed": Dismissed}
    for paper_id, verdict in verdicts.items():
        judged.apply(changes[verdict]((paper_id,)))
    found = order(judged, "is:dismissed OR -is:dismissed")
    assert sorted(found) == sorted(IDS)
    assert found == order(judged, "is:dismissed OR -is:dismissed")
    shown = order(judged)
    assert shown == [one for one in found if verdicts.get(one) != "dismissed"]
    for paper in judged.papers(IDS[:3]):
        judged.likely.words(paper)


@given(st.lists(st.text(max_size=30), max_size=6), st.lists(st.text(max_size=30), max_size=6))
def test_any_text_has_a_vector_of_unit_length(sampled: list[str], texts: list[str]) -> None:
    vectors = StemVectors([Paper(text, text[::-1]) for text in sampled])
    for text in texts:
        numbers, weights = vectors.of(Paper(text))
        assert len(numbers) == len(set(numbers.tolist())) == len(weights)
        assert not len(weights) or abs(float(weights @ weights) - 1) < 1e-9
    same = StemVectors.read(StemVectors([Paper(text, text[::-1]) for text in sampled]).arrays)
    for text in texts:
        assert StemVectors.of(same, Paper(text)).weights.tolist() == pytest.approx(
            vectors.of(Paper(text)).weights.tolist()
        )
