"""The questions that every engine answers, and results that are read in pages."""

from dataclasses import replace

import numpy as np
import pytest

from index import Library
from index.engines.base import Ask, Engine, Keys
from index.marks.changes import Bookmark, Dismissed
from index.progress import Stop
from index.query import And, Everything, Label, Node, Not, Or, Phrase, Range, State, Word
from index.search import results
from index.search.results import Rows
from index.search.service import INCOMPLETE
from tests.index.engines import EVERY, PAPERS, InPages, asked, keys

EVEN = np.arange(2, 201, 2)


def sets(term: Label | State | Range | Phrase) -> Keys | None:
    """Papers with an even key are bookmarked, the first ten are read."""
    match term:
        case State("is", "bookmarked"):
            return EVEN
        case State("is", "read"):
            return np.arange(1, 11)
        case Label("tag"):
            return np.arange(0)
    return None


def found(engine: Engine, tree: Node, limit: int = 1_000, **options: object) -> list[int]:
    ask = Ask(tree, sets, EVERY, limit=limit, **options)  # type: ignore[arg-type]
    page = engine.search(ask)
    every: list[int] = np.concatenate([page.keys[:0], *engine.ids(ask)]).tolist()
    assert page.total == len(every)
    assert page.keys[:limit].tolist() == every[:limit]
    assert engine.count(ask) == page.full
    return every[: page.full]


class TestEveryEngine:
    """Every engine passes these tests."""

    def test_search_trees_combine_words_and_sets(self, engine: Engine) -> None:
        models, speech = keys(engine, Word("models")), keys(engine, Word("speech"))
        marked, read = State("is", "bookmarked"), State("is", "read")
        for tree, expected in (
            (And((Word("models"), Word("speech"))), models & speech),
            (Or((Word("models"), Word("speech"))), models | speech),
            (And((Word("models"), Not(Word("speech")))), models - speech),
            (And((Word("models"), marked)), models & set(EVEN.tolist())),
            (And((Word("models"), Not(marked))), models - set(EVEN.tolist())),
            (And((read, Word("models"))), models & set(range(1, 11))),
            (Or((read, Word("absent"))), set(range(1, 11))),
            (And((marked, read)), set(range(2, 11, 2))),
            (And((Word("models"), Label("tag", "x"))), set()),
        ):
            assert set(found(engine, tree)) == expected, tree
            assert len(found(engine, tree)) == len(expected), tree

    def test_search_not_alone_matches_all_other_papers(self, engine: Engine) -> None:
        others = set(range(1, 201)) - keys(engine, Word("speech"))
        assert set(found(engine, Not(Word("speech")), within=EVERY.keys[:200])) == others

    def test_search_not_alone_matches_papers_that_are_not_indexed_yet(self, engine: Engine) -> None:
        speech = keys(engine, Word("speech"))
        assert set(found(engine, Not(Word("speech")))) == set(range(1, 1_001)) - speech

    def test_search_unknown_value_is_searched_for_as_words(self, engine: Engine) -> None:
        every = set(found(engine, Phrase("bob kepes", "author")))
        assert every == {paper.key for paper in PAPERS}
        assert set(found(engine, Label("topic", "language models"))) == keys(
            engine, Phrase("language models")
        )

    def test_search_pages_are_the_rows_of_the_whole(self, engine: Engine) -> None:
        for tree in (Word("models"), Word("mod", prefix=True), State("is", "bookmarked")):
            ask = Ask(tree, sets, EVERY)
            whole = engine.search(replace(ask, limit=1_000))
            for offset in (0, 5, 40, whole.total - 1):
                page = engine.search(replace(ask, offset=offset, limit=3))
                first = offset - page.start
                shown = slice(first, first + 3)
                assert page.keys[shown].tolist() == whole.keys[offset : offset + 3].tolist()
                assert page.scores[shown].tolist() == whole.scores[offset : offset + 3].tolist()
                assert (page.total, page.full) == (whole.total, whole.full)

    def test_search_scores_descend_and_ties_are_in_listing_order(self, engine: Engine) -> None:
        page = engine.search(asked(Word("models"), limit=1_000))
        assert (np.diff(page.scores) <= 0).all()
        listed = engine.search(Ask(State("is", "bookmarked"), sets, EVERY, limit=1_000))
        assert listed.keys.tolist() == EVEN.tolist()

    def test_search_in_an_order_sorts_by_it(self, engine: Engine) -> None:
        backwards = EVERY.keys[::-1]
        got = found(engine, Word("models"), order=backwards, by_score=False)
        assert got == sorted(keys(engine, Word("models")), reverse=True)

    def test_search_without_some_papers_counts_them(self, engine: Engine) -> None:
        models = keys(engine, Word("models"))
        page = engine.search(asked(Word("models"), without=EVEN, limit=1_000))
        assert set(page.keys.tolist()) == models - set(EVEN.tolist())
        assert page.hidden == len(models & set(EVEN.tolist())) > 0

    def test_search_within_papers_leaves_others_out(self, engine: Engine) -> None:
        models = keys(engine, Word("models"))
        assert set(found(engine, Word("models"), within=EVEN)) == models & set(EVEN.tolist())
        assert engine.count(asked(Word("models"), within=EVEN[:0])) == 0

    def test_search_few_full_matches_are_followed_by_partial_ones(self, engine: Engine) -> None:
        tree = And((Word("speech"), Word("absent")))
        page = engine.search(asked(tree, limit=1_000))
        assert page.full == 0
        assert set(page.keys.tolist()) == keys(engine, Word("speech"))
        assert engine.search(asked(tree, relax=False)).total == 0
        marked = And((Word("speech"), Word("absent"), State("is", "bookmarked")))
        some = engine.search(Ask(marked, sets, EVERY, limit=1_000))
        assert set(some.keys.tolist()) == keys(engine, Word("speech")) & set(EVEN.tolist())

    def test_search_stopped_is_not_exact(self, engine: Engine) -> None:
        stop = Stop()
        stop.set()
        page = engine.search(asked(And((Word("models"), Word("speech"))), stop=stop, limit=10))
        assert not page.exact
        assert "models" in page.missing
        assert not engine.search(asked(Word("models"), stop=Stop(0.0), limit=10)).exact
        assert engine.search(asked(Word("models"), stop=Stop(1e6), limit=10)).exact

    def test_search_title_that_covers_the_query_ranks_first(self, engine: Engine) -> None:
        tree = And((Word("probing"), Word("speech")))
        first = engine.search(asked(tree, limit=1)).keys[0]
        assert {"Probing", "speech"} <= set(PAPERS[first - 1].title.split())

    def test_near_papers_are_sorted_by_weighted_stems(self, engine: Engine) -> None:
        every = EVERY.keys[:200]
        weights = {"speech": 2.0, "robot": 1.0, "absent": 5.0}
        nearest, scores = engine.near(weights, every, 20)
        assert len(nearest) == 20
        assert (np.diff(scores) <= 0).all()
        assert set(nearest.tolist()) <= keys(engine, Word("speech")) | keys(engine, Word("robots"))

    def test_parts_add_up_to_the_scores_of_near_papers(self, engine: Engine) -> None:
        weights = {"speech": 2.0, "robot": 1.0, "absent": 5.0}
        nearest, scores = engine.near(weights, EVERY.keys[:200], 20)
        parts = engine.parts(weights, nearest)
        assert [sum(part.values()) for part in parts] == pytest.approx(scores.tolist(), rel=1e-4)

    def test_near_among_papers_returns_no_others(self, engine: Engine) -> None:
        nearest, _ = engine.near({"speech": 1.0}, EVEN, 500)
        assert set(nearest.tolist()) == keys(engine, Word("speech")) & set(EVEN.tolist())

    def test_near_without_limit_returns_all_papers(self, engine: Engine) -> None:
        every = EVERY.keys[:200]
        ranked, scores = engine.near({"speech": 1.0, "robot": -1.0}, every)
        assert sorted(ranked.tolist()) == every.tolist()
        assert (np.diff(scores) <= 0).all()
        neither = keys(engine, Word("speech")) | keys(engine, Word("robots"))
        rest = [key for key in ranked.tolist() if key not in neither]
        assert rest == sorted(rest)  # papers of equal scores keep their order

    def test_frequency_is_number_of_papers(self, engine: Engine) -> None:
        assert engine.frequency("speech") == len(keys(engine, Word("speech")))
        assert engine.frequency("absent") == 0

    def test_holds_is_whether_any_paper_matches(self, engine: Engine) -> None:
        for leaf in (Word("models"), Word("absent"), Word("kepes"), Word("scale", "abstract"),
                     Word("pretraining"), Word("ada", "author"), Word("probing", "abstract"),
                     Phrase("language models"), Phrase("models language")):  # fmt: skip
            assert engine.holds(leaf) == bool(keys(engine, leaf)), leaf

    def test_complete_most_frequent_words_come_first(self, engine: Engine) -> None:
        assert list(engine.complete("ret", 1)) == ["retrieval"]
        assert list(engine.complete("zz", 3)) == []

    def test_similar_words_nearest_come_first(self, engine: Engine) -> None:
        assert list(engine.similar_words("retreival", 2)) == ["retrieval"]
        assert list(engine.similar_words("xyzzyx", 2)) == []


@pytest.fixture
def shelf(library: Library) -> Library:
    """A library of 200 papers, whose engine returns its answers in pages."""
    library.add(PAPERS, "page")
    library.index.sync()
    library.index.engine = InPages(library.index.engine)  # type: ignore[assignment]
    return library


class TestRows:
    def test_rows_in_pages_equal_all_rows(
        self, shelf: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(results, "PAGE_ROWS", 7)
        monkeypatch.setattr(results, "MAX_PAGES", 2)
        rows = shelf.search("models", limit=5).rows
        every = rows.all().tolist()
        assert len(rows) == len(every) > 50
        assert [rows[at] for at in range(len(rows))] == every == list(rows)
        assert rows[-1] == every[-1]
        for start, stop in ((0, 5), (3, 30), (6, 8), (40, 400), (9, 9), (0, None)):
            assert rows[start:stop] == every[start:stop]
        with pytest.raises(IndexError):
            rows[len(rows)]

    def test_rows_near_each_other_are_asked_for_once(self, shelf: Library) -> None:
        rows = shelf.search("models", limit=0).rows
        engine = shelf.corpus.reader if shelf.corpus else shelf.index.engine
        assert isinstance(engine, InPages)
        before = engine.searches
        assert [rows[at] for at in range(50)] == rows[0:50]
        assert engine.searches == before + 1

    def test_find_returns_rows_asked_for_so_far(self, shelf: Library) -> None:
        rows = shelf.search("models", limit=10).rows
        every = rows.all().tolist()
        assert rows.find(every[3]) == 3
        assert rows.find(every[30]) is None
        assert rows[30] == every[30]
        assert rows.find(every[30]) == 30

    def test_find_near_a_row_asks_for_the_pages_around_it(
        self, shelf: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(results, "PAGE_ROWS", 8)
        every = shelf.search("models", limit=10).rows.all().tolist()
        for near, row in ((30, 30), (30, 27), (30, 33), (2, 0), (10_000, None)):
            rows = shelf.search("models", limit=10).rows
            assert rows.find(every[30 if row is None else row], near) == row

    def test_rows_of_given_papers_are_these(self) -> None:
        rows = Rows.of(np.array([5, 3]), full=1)
        assert (list(rows), rows.first.full, rows.find(3), rows.find(4)) == ([5, 3], 1, 1, None)


class TestInPages:
    """All that uses results works with an engine that returns them in pages."""

    def test_hits_are_the_rows_asked_for(self, shelf: Library) -> None:
        every = shelf.ids(shelf.search("models", limit=0).paper_keys())
        shown = shelf.search("models", limit=5, offset=20)
        assert [hit.id for hit in shown.hits] == every[20:25]
        assert [paper.id for paper in shelf.page(shown, 22, 24)] == every[22:24]

    def test_facets_and_counts_are_of_all_papers(self, shelf: Library) -> None:
        found = shelf.search("models", limit=5)
        (venue,) = [facet for facet in shelf.facets(found) if facet.field == "venue"]
        assert sum(count.count for count in venue.counts) == found.total
        shelf.saved.add("models", "models")
        assert [count.count for count in shelf.saved.counts()] == [found.full]
        assert shelf.statistics(found).papers == found.total

    def test_triage_has_all_full_matches(self, shelf: Library) -> None:
        found = shelf.search("models", limit=0)
        assert sorted(shelf.triage(found).keys) == sorted(found.paper_keys())

    def test_dismissed_papers_are_left_out(self, shelf: Library) -> None:
        before = shelf.search("models", limit=3)
        shelf.apply(Dismissed((before.hits[0].id,)))
        after = shelf.search("models", limit=3)
        assert (after.total, after.dismissed) == (before.total - 1, 1)
        assert after.hits[0].id == before.hits[1].id

    def test_related_and_likely_papers_are_found(self, shelf: Library) -> None:
        assert shelf.related(["p1"], limit=3)
        shelf.apply(Bookmark(("p1",)))
        assert shelf.search("", sort="likely").total == len(PAPERS)

    def test_misspelt_word_is_replaced(self, shelf: Library) -> None:
        found = shelf.search("retreival models", limit=3)
        assert "showing retrieval" in found.notes[0].message
        assert found.total > 0


class TestStop:
    def test_search_past_its_deadline_says_so(self, library: Library) -> None:
        library.add(PAPERS[:20], "page")
        library.index.sync()
        found = library.search("models speech", stop=Stop(0.0))
        assert not found.exact
        assert found.notes[-1].message.startswith(INCOMPLETE)
        assert "models" in found.notes[-1].message
        assert library.search("models speech", stop=Stop(1e6)).exact

    def test_search_without_index_can_be_stopped(self, library: Library) -> None:
        library.add(PAPERS[:20], "page")
        stop = Stop()
        stop.set()
        found = library.search("models", wait=False, stop=stop)
        assert (found.index, found.exact, found.total) == ("missing", False, 0)

    def test_empty_query_is_exact(self, library: Library) -> None:
        library.add(PAPERS[:20], "page")
        assert library.search("", stop=Stop(0.0)).exact
        assert isinstance(library.search("").query.tree, Everything)
