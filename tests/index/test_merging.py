"""Merging of segments, and renewing of the list of words, while an index is read and written."""

import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from whoosh.reading import SegmentReader

from index import Library, Paper
from index.engines import folder, upkeep, vocabulary
from index.engines.base import EngineBroken
from index.engines.folder import IndexFolder
from index.engines.whoosh import index, merging
from index.engines.whoosh.engine import WhooshEngine
from index.query import Phrase, Word
from index.workers import start_worker
from tests.index.engines import keys, make_papers, step
from tests.workers import run_here

LEAVES = (
    Word("models"),
    Word("study"),
    Word("quokka"),
    Word("t", prefix=True),
    Word("löve3", "author"),
    Word("speech", "abstract"),
    Phrase("language models"),
    Phrase("graph neural networks", "title"),
)


@pytest.fixture(autouse=True)
def upkeep_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the work of a worker process in this one."""
    monkeypatch.setattr(upkeep, "start_worker", run_here)


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WhooshEngine:
    """An engine whose next update has segments to merge."""
    monkeypatch.setattr(merging, "MAX_SMALL_SEGMENTS", 2)
    engine = WhooshEngine(tmp_path / "index", "library")
    papers = make_papers(90)
    engine.update(step(papers[:40]))
    engine.update(step(papers[40:60], 1, 2, removed=[3, 30]))
    return engine


def then(
    monkeypatch: pytest.MonkeyPatch, place: Any, name: str, work: Callable[[], object]
) -> None:
    """Do some work once, before a function is next called."""
    original = getattr(place, name)

    def both(*arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(place, name, original)
        work()
        return original(*arguments, **more)

    monkeypatch.setattr(place, name, both)


def assert_equal(engine: WhooshEngine, papers: list[Paper], place: Path) -> None:
    """Check that an engine finds what one finds whose papers were added at once.

    Scores are compared unless there are deleted papers, which count until they are merged.
    """
    whole = WhooshEngine(place, "library")
    whole.update(step(papers))
    assert engine.size() == whole.size()
    is_merged = len(engine._current().segments) == 1
    for leaf in LEAVES:
        assert keys(engine, leaf) == keys(whole, leaf), leaf
        ours, theirs = (_scores(one, leaf) for one in (engine, whole))
        # Whoosh has rounded the lengths that a merge adds up.
        assert ours == pytest.approx(theirs, rel=0.02) or not is_merged, leaf
    whole.close()


def _scores(engine: WhooshEngine, leaf: Word | Phrase) -> dict[int, float]:
    found = engine.postings(leaf)
    return dict(zip(found.keys.tolist(), found.scores.tolist(), strict=True))


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


class TestPlan:
    @pytest.mark.parametrize(
        ("sizes", "expected"),
        [
            ([2_999] * 8, []),
            ([2_999] * 9, [2_999] * 9),
            ([40_000, *[100] * 9], [100] * 9),
            ([2_999] * 20, [2_999] * 16),
            ([30_000] * 9, []),
            ([30_000, *[4_000] * 8], [4_000] * 8),
            ([*[4_000] * 9, *[10] * 9], [10] * 9),
            ([50_000] * 20, []),
            ([], []),
        ],
    )
    def test_segments_to_merge_by_size(self, sizes: list[int], expected: list[int]) -> None:
        segments = [SimpleNamespace(doc_count=lambda size=size: size) for size in sizes]
        assert [one.doc_count() for one in merging.to_merge(segments)] == expected

    @pytest.mark.parametrize("size", [1, 700, 3_000, 7_000])
    def test_segments_of_a_growing_index_stay_few(self, size: int) -> None:
        sizes: list[int] = []
        for _ in range(300_000 // size):
            sizes.append(size)
            while chosen := merging.to_merge(
                [SimpleNamespace(doc_count=lambda size=size: size) for size in sizes]
            ):
                merged = [one.doc_count() for one in chosen]
                for each in merged:
                    sizes.remove(each)
                sizes.append(sum(merged))
            assert len(sizes) <= 2 * 8 + sum(sizes) / 25_000


class TestMerging:
    def test_update_many_small_segments_are_merged(self, tmp_path: Path) -> None:
        engine = WhooshEngine(tmp_path / "index", "library")
        papers = make_papers(24)
        for at in range(0, 24, 2):
            engine.update(step(papers[at : at + 2], at // 2 or -1, at // 2 + 1))
            assert len(engine._current().segments) <= merging.MAX_SMALL_SEGMENTS
        assert engine.size() == 24
        assert keys(engine, Word("the", prefix=True)) <= {paper.key for paper in papers}
        engine.close()

    def test_update_many_large_segments_merges_the_smallest(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(merging, "MAX_SMALL_SEGMENT_PAPERS", 2)
        monkeypatch.setattr(merging, "MAX_LARGE_SEGMENTS", 3)
        monkeypatch.setattr(merging, "MAX_MERGED_PAPERS", 12)
        engine = WhooshEngine(tmp_path / "index", "library")
        papers = make_papers(60)
        sizes = []
        for number, first in enumerate(range(0, 60, 5)):
            engine.update(step(papers[first : first + 5], number or -1, number + 1))
            sizes.append(len(engine._current().segments))
        assert max(sizes) <= 7
        assert engine.size() == 60
        assert keys(engine, Word("study")) == {paper.key for paper in papers}
        engine.close()

    def test_merged_segments_equal_one_segment(self, many: WhooshEngine, tmp_path: Path) -> None:
        papers = make_papers(90)
        changed = replace(papers[4], title="Quokka of speech", abstract="models")
        many.update(step([*papers[60:], changed], 2, 3, removed=[50]))
        assert len(many._current().segments) == 1
        rest = [paper for paper in papers if paper.key not in (3, 5, 30, 50)]
        assert_equal(many, [changed, *rest], tmp_path / "whole")

    def test_update_during_merge_is_kept(
        self, many: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        papers = make_papers(90)
        changed = replace(papers[4], title="Quokka of speech", abstract="models")
        other = WhooshEngine(tmp_path / "index", "library")  # as in another process
        seen = []

        def update() -> None:
            before = keys(many, Word("study"))
            assert other.update(step([*papers[70:], changed], 3, 4, removed=[7, 45]))
            seen.append((before, keys(many, Word("quokka"))))

        then(monkeypatch, merging, "_replace", update)
        many.update(step(papers[60:70], 2, 3))
        gone = (3, 5, 7, 30, 45)
        rest = [paper for paper in papers if paper.key not in gone]
        assert seen == [({p.key for p in papers[:70]} - {3, 30}, {5})]
        assert many.revision() == 4
        assert len(many._current().segments) == 2
        assert_equal(many, [changed, *rest], tmp_path / "whole")
        many.check()

    def test_index_built_again_during_merge_is_kept(
        self, many: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        papers = make_papers(90)
        other = WhooshEngine(tmp_path / "index", "library")

        def rebuild() -> None:
            other.clear()
            other.update(step(papers[:10], to=7))

        then(monkeypatch, merging, "_replace", rebuild)
        many.update(step(papers[60:70], 2, 3))
        assert many.revision() == 7
        assert_equal(many, papers[:10], tmp_path / "whole")
        many.check()

    def test_check_during_commit_of_merge_waits_for_it(
        self, many: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checker = WhooshEngine(tmp_path / "index", "library")
        checked = threading.Thread(target=checker.check)
        waiting, locked = threading.Event(), IndexFolder.locked

        def wait(self: IndexFolder, **more: Any) -> Any:
            waiting.set()
            return locked(self, **more)

        def check() -> None:  # the old segments are deleted, and the manifest has them
            monkeypatch.setattr(IndexFolder, "locked", wait)
            checked.start()
            assert waiting.wait(10)

        monkeypatch.setattr(upkeep, "start_worker", lambda *_, **__: None)
        many.update(step(make_papers(90)[60:70], 2, 3))
        then(monkeypatch, IndexFolder, "write_manifest", check)
        merging.keep_up(str(tmp_path / "index"), "library")
        checked.join(10)
        assert not checked.is_alive()

    def test_reader_of_segments_that_are_merged_answers(self, many: WhooshEngine) -> None:
        papers = make_papers(90)
        snapshot = many._current()
        many.update(step(papers[60:70], 2, 3))
        assert len(snapshot.segments) == 2
        assert len(snapshot.postings(Word("study")).keys) == 58
        assert len(many.postings(Word("study")).keys) == 68

    @pytest.mark.parametrize(
        ("place", "name"),
        [(merging, "_replace"), (merging, "_delete"), (IndexFolder, "write_manifest"),
         (SegmentReader, "close"), (shutil, "rmtree")],
    )  # fmt: skip
    def test_merge_killed_at_any_point_costs_nothing(
        self, many: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        place: Any, name: str,
    ) -> None:  # fmt: skip
        papers = make_papers(90)
        with monkeypatch.context() as patch:
            patch.setattr(upkeep, "start_worker", lambda *_, **__: None)
            many.update(step(papers[60:70], 2, 3))
            patch.setattr(place, name, interrupt)
            with pytest.raises(KeyboardInterrupt):
                merging.keep_up(str(tmp_path / "index"), "library")
        assert keys(many, Word("study")) == {p.key for p in papers[:70]} - {3, 30}
        many.update(step(papers[70:80], 3, 4, removed=[31]))
        assert len(many._current().segments) <= 2
        assert keys(many, Word("study")) == {p.key for p in papers[:80]} - {3, 30, 31}
        many.check()
        assert not (tmp_path / "index" / merging.PART).exists()

    def test_merge_of_damaged_segment_deletes_index(
        self, many: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upkeep, "start_worker", lambda *_, **__: None)
        many.update(step(make_papers(90)[60:70], 2, 3))
        file = max((tmp_path / "index").glob("*.pst"), key=lambda path: path.stat().st_size)
        state, content = file.stat(), bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
        with pytest.raises(EngineBroken, match="damaged"):
            merging.keep_up(str(tmp_path / "index"), "library")
        assert many.revision() == -1

    def test_segments_whose_papers_are_all_removed_are_merged_into_none(
        self, many: WhooshEngine
    ) -> None:
        papers = make_papers(90)
        many.update(step([], 2, 3, removed=range(1, 61)))
        many.update(step(papers[60:61], 3, 4))
        assert many.size() == 1
        assert len(many._current().segments) == 1

    def test_another_worker_running_leaves_the_merge_to_it(self, many: WhooshEngine) -> None:
        with many.files.place.locked(wait=False, purpose="upkeep") as alone:
            assert alone
            many.update(step(make_papers(90)[60:70], 2, 3))
        assert len(many._current().segments) == 3

    def test_update_merges_itself_when_no_worker_does(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upkeep, "start_worker", lambda *_, **__: None)
        engine = WhooshEngine(tmp_path / "index", "library")
        papers = make_papers(60)
        sizes = []
        for number, paper in enumerate(papers):
            engine.update(step([paper], number or -1, number + 1))
            sizes.append(len(engine._current().segments))
        assert max(sizes) == index.MAX_WAITING_SEGMENTS
        assert keys(engine, Word("study")) == {paper.key for paper in papers}

    def test_worker_process_merges(
        self, many: WhooshEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        workers = []

        def start(*arguments: Any, **more: Any) -> Any:
            workers.append(start_worker(*arguments, **more))
            return workers[-1]

        monkeypatch.setattr(upkeep, "start_worker", start)
        monkeypatch.setattr(merging, "MAX_SMALL_SEGMENTS", 8)
        papers = make_papers(90)
        for number in range(7):
            many.update(step(papers[60 + number : 61 + number], 2 + number, 3 + number))
        assert len(many._current().segments) == 9
        (worker,) = workers
        worker.communicate()
        assert len(many._current().segments) == 1
        assert keys(many, Word("study")) == {p.key for p in papers[:67]} - {3, 30}


class TestWords:
    @pytest.fixture
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexFolder:
        """A folder with a list of words, and so many recent ones that both should be one."""
        monkeypatch.setattr(vocabulary, "MIN_RECENT_WORDS", 1)
        place = IndexFolder(tmp_path / "index", "library")
        place.path.mkdir()
        names = place.count_words(None, {f"word{n}": n + 1 for n in range(40)})
        place.write_manifest(1, 1, names, [])
        self.add(place, {"word3": 5, "quokka": 1, "zebra": 2})
        return place

    def add(self, place: IndexFolder, more: dict[str, int]) -> None:
        record = place.manifest()
        names = place.count_words(record, more)
        place.write_manifest(record.revision + 1, 1, names, [])

    def test_recent_words_are_added_to_base(self, place: IndexFolder) -> None:
        assert place.words_due
        before = place.vocabulary()
        assert place.renew_words()
        assert not place.renew_words()
        words = place.vocabulary()
        assert len(words.recent) == 0
        assert list(words) == list(before)
        assert [words.count(word) for word in words] == [before.count(word) for word in before]
        assert place.manifest().revision == 2
        assert len(list(place.path.glob("*.npy"))) == 2

    def test_words_added_during_renewal_are_kept(
        self, place: IndexFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        then(monkeypatch, vocabulary.Vocabulary, "renewed", lambda: self.add(place, {"okapi": 1}))
        assert not place.renew_words()
        assert place.vocabulary().count("okapi") == 1
        assert place.renew_words()
        assert place.vocabulary().count("okapi") == place.vocabulary().count("quokka") == 1

    def test_renewal_killed_before_manifest_leaves_words(
        self, place: IndexFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = list(place.vocabulary())
        with monkeypatch.context() as patch:
            patch.setattr(folder.IndexFolder, "write_manifest", interrupt)
            with pytest.raises(KeyboardInterrupt):
                place.renew_words()
        assert list(place.vocabulary()) == before
        self.add(place, {"okapi": 1})
        assert list(place.vocabulary()) == sorted([*before, "okapi"])
        assert place.renew_words()
        assert list(place.vocabulary()) == sorted([*before, "okapi"])


def test_library_answers_while_segments_are_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MAX_SMALL_SEGMENTS", 1)
    seen = []
    with Library.open(tmp_path / "a") as library:
        library.add([Paper(title="The okapi")], "page")
        library.index.sync()
        for number in range(2, 5):
            search = partial(library.search, "okapi")
            then(monkeypatch, merging, "_replace", lambda: seen.append(search().total))  # noqa: B023
            library.add([Paper(title=f"The okapi {number} again")], "page")
            assert search().total == number
    assert seen == [2, 3, 4]
