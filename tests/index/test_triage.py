"""Triage: verdicts on papers, written at once and resumed where they were left."""

from pathlib import Path

import pytest

from index import Library, Paper
from index.marks.changes import Bookmark, Note, Read
from index.triage import Triage

IDS = [f"p{n}" for n in range(6)]


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add([Paper(f"Paper number {n}", id=f"p{n}") for n in range(6)], "page")
    return library


def begin(library: Library, query: str = "") -> Triage:
    return library.triage(library.search(query, limit=0))


def current(triage: Triage) -> str:
    paper = triage.paper()
    return paper.id if paper else ""


def marks(library: Library) -> dict[str, str]:
    papers = library.papers(IDS)
    return {
        p.id: "b" * p.bookmarked + "d" * p.dismissed + "w" * (p.later is not None)
        for p in papers
        if p.bookmarked or p.dismissed or p.later
    }


def test_unread_papers_come_first_in_the_order_of_the_results(shelf: Library) -> None:
    shelf.apply(Read(("p0", "p3")))
    triage = begin(shelf)
    assert shelf.ids(triage.keys) == ["p1", "p2", "p4", "p5", "p0", "p3"]


def test_verdict_sets_marks_and_goes_to_the_next_paper(shelf: Library) -> None:
    triage = begin(shelf)
    assert triage.judge("kept") == "bookmarked “Paper number 0”"
    triage.judge("dismissed")
    triage.judge("later")
    triage.judge("skipped")
    assert current(triage) == "p4"
    assert marks(shelf) == {"p0": "b", "p1": "d", "p2": "w"}
    assert triage.counts() == {"kept": 1, "dismissed": 1, "later": 1, "skipped": 1}
    next_paper = triage.paper(1)
    assert next_paper
    assert next_paper.id == "p5"


def test_verdict_on_a_paper_that_was_read_marks_it_read_and_taking_back_leaves_that(
    shelf: Library,
) -> None:
    triage = begin(shelf)
    triage.judge("dismissed", read=True)
    triage.judge("skipped")
    assert [paper.read for paper in shelf.papers(("p0", "p1"))] == [True, False]
    triage.take_back()
    triage.take_back()
    assert shelf.papers(("p0",))[0].read
    assert marks(shelf) == {}


def test_triage_resumes_in_another_process_after_each_verdict(shelf: Library, folder: Path) -> None:
    for at, verdict in enumerate(("kept", "dismissed", "later", "skipped", "kept", "kept")):
        with Library.open(folder) as other:
            triage = begin(other)
            assert (triage.at, len(triage.keys)) == (at, 6)
            assert current(triage) == f"p{at}"
            triage.judge(verdict)  # type: ignore[arg-type]
    triage = begin(shelf)
    assert triage.is_finished
    assert triage.paper() is None
    assert shelf.ids(triage.kept()) == ["p0", "p4", "p5"]
    assert triage.judge("kept") == ""


def test_take_back_undoes_the_last_verdict_and_returns_to_it(shelf: Library) -> None:
    triage = begin(shelf)
    triage.judge("kept")
    triage.judge("dismissed")
    triage.judge("skipped")
    shelf.apply(Note(("p5",), "not a verdict"))
    taken = triage.take_back()
    assert taken
    assert (taken.id, current(triage)) == ("p1", "p1")
    assert marks(shelf) == {"p0": "b"}
    assert triage.take_back()
    assert marks(shelf) == {}
    assert triage.take_back() is None
    assert shelf.papers(["p5"])[0].note


def test_take_back_leaves_marks_that_were_there_before(shelf: Library) -> None:
    shelf.apply(Bookmark(("p0",)))
    triage = begin(shelf)
    assert triage.judge("kept") == "kept already"
    triage.take_back()
    assert marks(shelf) == {"p0": "b"}
    triage.judge("dismissed")
    assert marks(shelf) == {"p0": "d"}
    triage.take_back()
    assert marks(shelf) == {"p0": "b"}


def test_new_verdict_after_stepping_back_replaces_the_earlier(shelf: Library) -> None:
    triage = begin(shelf)
    triage.judge("kept")
    triage.step_back()
    assert current(triage) == "p0"
    triage.judge("later")
    assert marks(shelf) == {"p0": "w"}
    assert triage.counts() == {"later": 1}
    triage.step_back()
    triage.judge("skipped")
    assert marks(shelf) == {"p0": "w"}
    triage.step_back()
    triage.step_back()
    assert triage.at == 0


def test_papers_found_since_are_added_and_others_left_out(shelf: Library) -> None:
    triage = begin(shelf)
    triage.judge("dismissed")
    shelf.add([Paper("Paper number 9", id="p9")], "later page")
    shelf.editing.remove(shelf.keys(["p3"]))
    triage = begin(shelf)
    assert shelf.ids(triage.keys) == ["p0", "p1", "p2", "p4", "p5", "p9"]
    assert current(triage) == "p1"


def test_each_query_has_its_own_triage(shelf: Library) -> None:
    begin(shelf).judge("kept")
    assert len(begin(shelf, "number").keys) == 6
    assert begin(shelf, "number").at == 0
    assert begin(shelf).at == 1


def test_restart_shows_skipped_papers_again(shelf: Library) -> None:
    triage = begin(shelf)
    for verdict in ("kept", "skipped", "dismissed", "skipped", "later", "kept"):
        triage.judge(verdict)
    triage.restart()
    assert shelf.ids(triage.keys) == ["p1", "p3"]
    assert triage.counts() == {}
    assert marks(shelf) == {"p0": "b", "p2": "d", "p4": "w", "p5": "b"}


class TestLikeliestFirst:
    SUBJECTS = ("Watermarks of text", "Diffusion of speech", "Kernels on graphs")

    @pytest.fixture
    def shelf(self, library: Library) -> Library:
        library.add(
            [Paper(f"{self.SUBJECTS[n % 3]}, {chr(97 + n) * 4}", id=f"p{n}") for n in range(12)],
            "p",
        )
        return library

    def likely(self, library: Library) -> Triage:
        return library.triage(library.search("", limit=0, sort="likely"))

    def ahead(self, triage: Triage, library: Library) -> list[str]:
        return library.ids(triage.keys[triage.at :])

    def test_papers_ahead_follow_the_verdicts_and_the_current_one_stays(
        self, shelf: Library
    ) -> None:
        triage = begin(shelf)
        triage.judge("dismissed")
        triage.judge("kept")
        assert current(triage) == "p2"
        triage.sort_ahead(triage.likely_order())
        assert self.ahead(triage, shelf)[:4] == ["p2", "p4", "p7", "p10"]
        assert set(self.ahead(triage, shelf)[-3:]) == {"p3", "p6", "p9"}
        triage.sort_ahead(triage.listed_order())
        assert self.ahead(triage, shelf) == [f"p{n}" for n in range(2, 12)]

    def test_triage_of_the_likeliest_first_resumes_with_them(
        self, shelf: Library, folder: Path
    ) -> None:
        shelf.apply(Bookmark(("p4",)))
        triage = self.likely(shelf)
        assert set(self.ahead(triage, shelf)[:3]) == {"p1", "p7", "p10"}
        judged = self.ahead(triage, shelf)[:2]
        triage.judge("skipped")
        triage.judge("dismissed")
        with Library.open(folder) as other:
            again = self.likely(other)
            assert other.ids(again.keys[:2]) == judged
            assert again.at == 2
            again.step_back()
            assert current(again) == judged[1]
            assert begin(other).at == 2

    def test_papers_read_or_kept_before_stay_behind_the_others(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("p4",)))
        shelf.apply(Read(("p1", "p7")))
        triage = self.likely(shelf)
        assert set(self.ahead(triage, shelf)[-3:]) == {"p1", "p4", "p7"}
        assert self.ahead(triage, shelf)[0] == "p10"

    def test_nothing_kept_leaves_the_listing_order(self, shelf: Library) -> None:
        triage = self.likely(shelf)
        assert not triage.has_learned()
        triage.sort_ahead(triage.likely_order())
        assert self.ahead(triage, shelf) == [f"p{n}" for n in range(12)]

    def test_paper_taken_back_is_first_again(self, shelf: Library) -> None:
        shelf.apply(Bookmark(("p4",)))
        triage = self.likely(shelf)
        first = current(triage)
        triage.judge("dismissed")
        triage.sort_ahead(triage.likely_order())
        triage.take_back()
        assert current(triage) == first
        triage.sort_ahead(triage.likely_order())
        assert current(triage) == first
        assert sorted(shelf.ids(triage.keys)) == sorted(f"p{n}" for n in range(12))
