"""Dismissed papers, which lists leave out, and the queue of papers to read later."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library, Paper
from index.duplicates.detection import DuplicatePair
from index.marks.changes import Bookmark, Dismissed, Later, MoveInQueue, Read
from index.marks.queue import is_place, numbered, place_after, places_between, rearranged, shifted
from index.papers.json_record import as_json, from_json
from index.papers.paper import PaperKey

NAMES = ("ant", "bee", "cat", "dog")
PAPERS = [
    Paper(f"The {name} at work", f"We study the {name} and its work habits.", id=name, year=2020)
    for name in NAMES
]


@pytest.fixture
def zoo(library: Library) -> Library:
    library.add(PAPERS, "page")
    return library


def found(library: Library, query: str, sort: str = "relevance") -> list[str]:
    return [hit.id for hit in library.search(query, sort=sort).hits]


def state(library: Library, name: str) -> tuple[bool, bool, int | None]:
    paper = library.papers([name])[0]
    return paper.bookmarked, paper.dismissed, paper.later


class TestDismissed:
    @pytest.mark.parametrize("query", ["", "work", "year:2020", "work OR absent", "-bee work"])
    def test_search_leaves_out_dismissed_papers_and_counts_them(
        self, zoo: Library, query: str
    ) -> None:
        before = found(zoo, query)
        zoo.apply(Dismissed(("cat", "dog")))
        results = zoo.search(query)
        assert [hit.id for hit in results.hits] == [n for n in before if n not in ("cat", "dog")]
        assert results.dismissed == 2
        assert zoo.search(query, wait=False, limit=0).total == results.total
        zoo.undo()
        assert found(zoo, query) == before
        assert zoo.search(query).dismissed == 0

    @pytest.mark.parametrize("sort", ["newest", "title", "added"])
    def test_search_for_everything_leaves_out_dismissed_papers_in_any_order(
        self, zoo: Library, sort: str
    ) -> None:
        before = found(zoo, "", sort)
        zoo.apply(Dismissed(("bee",)))
        assert found(zoo, "", sort) == [name for name in before if name != "bee"]

    def test_search_with_some_words_leaves_out_dismissed_papers(self, zoo: Library) -> None:
        zoo.apply(Dismissed(("bee",)))
        assert set(found(zoo, "work ant")) == {"ant", "cat", "dog"}

    @pytest.mark.parametrize("query", ["is:dismissed", "id:bee", "is:dismissed work", "ID:bee"])
    def test_query_for_dismissed_or_identifier_finds_them(self, zoo: Library, query: str) -> None:
        zoo.apply(Dismissed(("bee",)))
        assert found(zoo, query) == ["bee"]

    def test_papers_and_export_by_id_include_dismissed(self, zoo: Library) -> None:
        zoo.apply(Dismissed(("bee",)))
        assert zoo.papers(["bee"])[0].dismissed
        assert "The bee at work" in "".join(zoo.export(["bee"], "bibtex"))

    def test_facets_leave_out_dismissed_but_count_the_state(self, zoo: Library) -> None:
        zoo.apply(Dismissed(("bee",)))
        facets = {f.field: {c.value: c.count for c in f.counts} for f in zoo.facets()}
        assert facets["is"]["dismissed"] == 1
        assert facets["is"]["unread"] == 3
        assert facets["year"] == {"2020": 3}
        asked = {c.value: c.count for c in zoo.facets("is:dismissed")[0].counts}
        assert asked["dismissed"] == asked["unread"] == 1

    def test_related_leaves_out_dismissed(self, zoo: Library) -> None:
        assert "bee" in {one.id for one in zoo.related(["ant"])}
        zoo.apply(Dismissed(("bee",)))
        assert "bee" not in {one.id for one in zoo.related(["ant"])}

    def test_saved_count_follows_dismissals(self, zoo: Library) -> None:
        zoo.saved.add("work", "work")
        assert zoo.saved.counts()[0].count == 4
        zoo.apply(Dismissed(("bee",)))
        assert zoo.saved.counts()[0].count == 3

    def test_bookmark_ends_dismissal_and_undo_brings_it_back(self, zoo: Library) -> None:
        zoo.apply(Dismissed(("bee",)))
        zoo.apply(Bookmark(("bee",)))
        assert state(zoo, "bee") == (True, False, None)
        zoo.undo()
        assert state(zoo, "bee") == (False, True, None)
        zoo.redo()
        zoo.apply(Bookmark(("bee",), on=False))
        assert state(zoo, "bee") == (False, False, None)

    def test_dismissal_ends_bookmark_and_later(self, zoo: Library) -> None:
        zoo.apply(Bookmark(("bee",)))
        zoo.apply(Later(("bee", "ant")))
        zoo.apply(Dismissed(("bee",)))
        assert state(zoo, "bee") == (False, True, None)
        assert state(zoo, "ant") == (False, False, 1)
        zoo.undo()
        assert state(zoo, "bee") == (True, False, 1)

    def test_later_ends_dismissal(self, zoo: Library) -> None:
        zoo.apply(Dismissed(("bee",)))
        zoo.apply(Later(("bee",)))
        assert state(zoo, "bee") == (False, False, 1)

    def test_merge_of_bookmark_and_dismissal_shows_paper(
        self, zoo: Library, tmp_path: Path
    ) -> None:
        with Library.open(tmp_path / "other") as other:
            other.add(PAPERS, "page")
            other.apply(Bookmark(("bee",)))
            dump = tmp_path / "marks.jsonl"
            other.dumps.dump().write_file(dump)
        zoo.apply(Dismissed(("bee",)))
        zoo.dumps.merge(str(dump))
        assert state(zoo, "bee") == (True, False, None)
        assert "bee" in found(zoo, "work")
        assert found(zoo, "is:dismissed") == []
        zoo.apply(Bookmark(("bee",), on=False))
        assert state(zoo, "bee") == (False, False, None)

    def test_dismissed_paper_survives_removal_of_its_source(self, zoo: Library) -> None:
        zoo.apply(Dismissed(("bee",)))
        zoo.remove_source("page")
        assert found(zoo, "is:dismissed") == ["bee"]


class TestLater:
    def test_later_papers_are_in_the_order_they_were_added(self, zoo: Library) -> None:
        zoo.apply(Later(("dog", "bee")))
        zoo.apply(Later(("ant",)))
        assert found(zoo, "is:later") == ["dog", "bee", "ant"]
        assert found(zoo, "work is:later") == ["dog", "bee", "ant"]
        assert found(zoo, "is:later", "title") == ["ant", "bee", "dog"]
        assert [paper.later for paper in zoo.papers(NAMES)] == [3, 2, None, 1]
        assert zoo.search("is:later").sort == "later"

    def test_later_again_keeps_the_place(self, zoo: Library) -> None:
        zoo.apply(Later(("dog", "bee")))
        assert zoo.apply(Later(("dog",))).papers == 0

    @pytest.mark.parametrize(
        ("ids", "by", "order"),
        [
            (("bee",), -1, "bee ant cat dog"),
            (("bee",), 1, "ant cat bee dog"),
            (("bee",), -5, "bee ant cat dog"),
            (("ant",), 2, "bee cat ant dog"),
            (("dog", "bee"), -1, "bee dog ant cat"),
            (("ant",), -1, "ant bee cat dog"),
        ],
    )
    def test_move_in_queue_changes_order(
        self, zoo: Library, ids: tuple[str, ...], by: int, order: str
    ) -> None:
        zoo.apply(Later(NAMES))
        zoo.apply(MoveInQueue(ids, by))
        assert found(zoo, "is:later") == order.split()

    def test_move_outside_the_queue_changes_nothing(self, zoo: Library) -> None:
        zoo.apply(Later(("ant",)))
        assert zoo.apply(MoveInQueue(("bee",), -1)).papers == 0

    def test_place_adds_and_moves(self, zoo: Library) -> None:
        zoo.apply(Later(("ant", "bee", "cat")))
        zoo.apply(Later(("dog",), place=2))
        assert found(zoo, "is:later") == ["ant", "dog", "bee", "cat"]
        zoo.apply(Later(("cat",), place=1))
        assert found(zoo, "is:later") == ["cat", "ant", "dog", "bee"]

    def test_undo_and_redo_of_moves_restore_the_order(self, zoo: Library) -> None:
        zoo.apply(Later(NAMES))
        orders = [found(zoo, "is:later")]
        for name, by in (("dog", -2), ("ant", 3), ("dog", 1), ("bee", 1)):
            zoo.apply(MoveInQueue((name,), by))
            orders.append(found(zoo, "is:later"))
        for order in reversed(orders[:-1]):
            zoo.undo()
            assert found(zoo, "is:later") == order
        for order in orders[1:]:
            zoo.redo()
            assert found(zoo, "is:later") == order

    def test_undo_after_another_session_moved_the_paper_leaves_one_place(
        self, zoo: Library, folder: Path
    ) -> None:
        zoo.apply(Later(NAMES))
        zoo.apply(Later(("dog",), on=False))
        with Library.open(folder) as other:
            other.apply(Later(("dog",), place=1))
        with pytest.raises(Exception, match="changed again"):
            zoo.undo()
        assert found(zoo, "is:later") == ["dog", "ant", "bee", "cat"]

    def test_merged_duplicates_have_one_place(self, zoo: Library) -> None:
        zoo.apply(Later(NAMES))
        bee, dog = zoo.keys(["bee", "dog"])
        zoo.duplicates.merge([DuplicatePair(bee, dog, (), (), "", 1.0)])
        assert found(zoo, "is:later") == ["ant", "bee", "cat"]
        zoo.undo()
        assert found(zoo, "is:later") == list(NAMES)


class TestExchange:
    def test_json_lines_keep_dismissed_and_the_order_of_the_queue(
        self, zoo: Library, tmp_path: Path
    ) -> None:
        zoo.apply(Later(("dog", "ant", "cat")))
        zoo.apply(Dismissed(("bee",)))
        file = tmp_path / "papers.jsonl"
        zoo.export_file(NAMES, file, "jsonl")
        assert zoo.import_paths([file]).total("unchanged") == 4
        with Library.open(tmp_path / "other") as other:
            other.add([Paper("First of all", id="first", later=1)], "page")
            other.import_paths([file])
            assert found(other, "is:later") == ["first", "dog", "ant", "cat"]
            assert other.papers(["bee"])[0].dismissed

    @given(st.booleans(), st.sampled_from([None, 1, 12]))
    def test_json_record_round_trip(self, dismissed: bool, later: int | None) -> None:
        paper = Paper("A title", dismissed=dismissed, later=later)
        assert from_json(as_json(paper)) == paper

    @pytest.mark.parametrize("later", [0, -1, 2**40, "soon", True, [1]])
    def test_json_record_with_invalid_place_has_none(self, later: object) -> None:
        assert from_json({"title": "T", "read": True, "later": later}).later is None

    def test_dump_merges_the_queue_and_undo_restores_it(self, zoo: Library, tmp_path: Path) -> None:
        with Library.open(tmp_path / "other") as other:
            other.add(PAPERS, "page")
            other.apply(Later(("cat",)))
            zoo.apply(Later(NAMES))
            zoo.apply(MoveInQueue(("dog",), -3))
            zoo.apply(Dismissed(("ant",)))
            dump = tmp_path / "marks.jsonl"
            zoo.dumps.dump().write_file(dump)
            other.dumps.merge(str(dump))
            assert found(other, "is:later") == ["dog", "bee", "cat"]
            assert found(other, "is:dismissed") == ["ant"]
            other.undo()
            assert found(other, "is:later") == ["cat"]

    @pytest.mark.parametrize("later", ['{"x": "2020-01-01T00:00:00+00:00"}', "{}", "1", '"soon"'])
    def test_dump_with_invalid_place_skips_the_line(
        self, zoo: Library, tmp_path: Path, later: str
    ) -> None:
        dump = tmp_path / "marks.jsonl"
        lines = ['{"carrel": "marks", "version": 1}']
        lines.append(f'{{"paper": {{"title": "The ant at work"}}, "later": {later}}}')
        dump.write_text("\n".join(lines) + "\n")
        report = zoo.dumps.restore(str(dump))
        assert (len(report.skipped), report.set) == (1, 0)


places = st.from_regex(r"[1-9][0-9]{9}([0-9]{0,3}[1-9])?", fullmatch=True)


class TestPlaces:
    @given(places, places, st.integers(1, 4))
    def test_places_between_are_ascending_places(self, one: str, two: str, count: int) -> None:
        low, high = sorted((one, two))
        for first, last in ((low, high), ("", high), (low, "")):
            found = places_between(first, last, count)
            assert all(map(is_place, found))
            if found:
                bounds = [first, *found, *([last] if last else [])]
                assert bounds == sorted(set(bounds))
                assert len(found) == count
        assert bool(places_between(low, high, count)) == (low != high)

    @given(
        st.lists(st.tuples(st.integers(0, 5), st.integers(-6, 6)), max_size=80),
        st.lists(places, min_size=6, max_size=6),
    )
    def test_any_moves_keep_a_strict_order(
        self, moves: list[tuple[int, int]], start: list[str]
    ) -> None:
        queue = {PaperKey(at): place for at, place in enumerate(sorted(start), 1)}
        for at, by in moves:
            order = list(queue)
            paper = order[at]
            rest = [each for each in order if each != paper]
            to = min(max(at + by, 0), 5)
            queue |= shifted(queue, [paper], by)
            assert all(map(is_place, queue.values()))
            queue = dict(sorted(queue.items(), key=lambda item: item[1]))
            assert list(queue) == [*rest[:to], paper, *rest[to:]]

    def test_last_place_is_followed_by_a_new_numbering(self) -> None:
        queue = {PaperKey(1): "9999999999"}
        assert rearranged(queue, [PaperKey(2)], 1) == dict(
            zip((PaperKey(1), PaperKey(2)), numbered(2), strict=True)
        )
        assert place_after(queue, 5) == "9999999999"


def test_unmarked_related_leaves_out_papers_to_read_later(zoo: Library) -> None:
    zoo.apply(Later(("bee",)))
    zoo.apply(Read(("cat",)))
    assert {one.id for one in zoo.related(["ant"], unmarked=True)} == {"dog"}
