"""Tantivy beside the array engine: equal results, switching between them, and repair."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index import CarrelError, Library, Paper, doctor, paths
from index.engines import registry
from index.engines.base import Ask, EngineBroken
from index.engines.registry import ENGINES
from index.engines.tantivy import index as files
from index.engines.tantivy import sets, snapshot, translation, words
from index.engines.tantivy.documents import date_number
from index.engines.tantivy.engine import TantivyEngine
from index.engines.tantivy.snapshot import TantivySnapshot
from index.engines.tantivy.translation import Parts, Translation
from index.marks.changes import Bookmark, Dismissed
from index.papers.paper import PaperKey
from index.progress import Stop
from index.query import Word
from index.search.results import Rows
from tests.index.engines import PAPERS, asked, keys, make_papers, step

QUERIES = (
    "models", "language models scale", '"human feedback"', "generativ*", "gen*al*",
    "author:kepes", "retreival~", "title:speech", "abstract:speech", "speech OR robots",
    "models -speech", "-models", "is:bookmarked models", "is:unread models",
    "-is:bookmarked speech", "is:bookmarked", "pre-training", "pretraining", '"in context with"',
    "the", '"by generative replay"', "venue:neurips learning", "keyword:speech", "kepes models",
    "ada:x", "year:2020", "language absent", "transformers3 absent", "models models",
    "(speech OR retrieval) -(robots OR planning)", "retreival models", '"unlike spee',
)  # fmt: skip

DATES = (None, "1999", "2020", "2020-03", "2020-03-09", "2020-12-31", "2021-01")
CATEGORIES: tuple[tuple[str, ...], ...] = ((), ("cs.CL",), ("cs.X.Y", "math"), ("CS.cl", "stat.ML"))

VALUES = (
    "year:2020", "year:2020..2021", "year:>2020", "year:<2020", "year:..", "year:202", "-year:2020",
    "date:2020", "date:2020-03", "date:2020-03..2020-12", "date:>2020-03", "date:<2020",
    "date:<2020-03", "date:>=2020-03-09", "date:2020-0", "votes:0", "votes:>0", "votes:<0",
    "votes:-3..0", "-votes:0", "added:1d", "category:cs", "category:cs.CL", "category:CS.cl",
    "category:cs.X", "category:math", "category:c*", "venue:icml", 'venue:"icml"',
    'venue:"Journal of ML"', "venue:journal", 'venue:"of ml"', "-category:cs",
)  # fmt: skip


@pytest.fixture
def shelf(library: Library) -> Library:
    """A library of 120 papers, the first 30 bookmarked and one dismissed."""
    library.add(PAPERS[:120], "page")
    library.apply(Bookmark(tuple(paper.id for paper in PAPERS[:30])))
    library.apply(Dismissed((PAPERS[40].id,)))
    library.index.sync()
    return library


@pytest.fixture
def other(shelf: Library) -> Iterator[Library]:
    """The same library, opened with tantivy."""
    with Library.open(shelf.folder, engine="tantivy") as opened:
        yield opened


def test_engines_are_named_in_paths() -> None:
    assert tuple(ENGINES) == paths.ENGINE_NAMES


@pytest.mark.parametrize("typing", [False, True])
def test_queries_find_the_papers_of_the_array_engine(
    shelf: Library, other: Library, *, typing: bool
) -> None:
    for text in QUERIES:
        ours, theirs = (one.search(text, limit=5, typing=typing) for one in (other, shelf))
        assert ours.full == theirs.full, text
        assert sorted(ours.paper_keys()) == sorted(theirs.paper_keys()), text
        assert ours.dismissed == theirs.dismissed, text
        assert [note.message for note in ours.notes] == [note.message for note in theirs.notes]
        full = ours.paper_keys(0, ours.full)
        assert sorted(full) == sorted(theirs.paper_keys(0, theirs.full)), text


TYPED = ("the language mo", "kepes 20", "pre-tra", "speech -ro", "xy re", "re re", "is:unread s")
"""Texts that are typed letter by letter."""


@pytest.mark.parametrize("text", TYPED)
def test_every_letter_typed_finds_the_papers_of_the_array_engine(
    shelf: Library, other: Library, text: str
) -> None:
    for end in range(1, len(text) + 1):
        ours, theirs = (one.search(text[:end], limit=5, typing=True) for one in (other, shelf))
        assert ours.full == theirs.full, text[:end]
        assert sorted(ours.paper_keys()) == sorted(theirs.paper_keys()), text[:end]


PARTED = ("models", "language models", "kepes models", "pretraining models", "models speech 2020")


@pytest.mark.parametrize("text", PARTED)
def test_rows_found_in_parts_have_the_scores_of_the_whole_query(
    other: Library, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    other.index.sync()
    by_parts = other.search(text, limit=200).hits
    monkeypatch.setattr(Translation, "parts", lambda self, tree: Parts(self.query(tree)))
    whole = other.search(text, limit=200).hits
    assert len(whole) > 1
    assert {hit.id: hit.score for hit in by_parts} == {hit.id: hit.score for hit in whole}


def test_large_sets_joined_with_rare_words_find_the_papers_of_the_array_engine(
    shelf: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.index.sync()
    monkeypatch.setattr(sets, "MAX_TERMS", 5)
    monkeypatch.setattr(snapshot, "MAX_TERMS", 60)
    cut: list[bool] = []
    few = TantivySnapshot._few

    def counted(self: TantivySnapshot, asked: Translation) -> Ask | None:
        found = few(self, asked)
        cut.append(found is not None)
        return found

    monkeypatch.setattr(TantivySnapshot, "_few", counted)
    for text in ("language models is:bookmarked", "kepes -is:bookmarked", "models is:bookmarked"):
        ours, theirs = (one.search(text, limit=0) for one in (other, shelf))
        assert (ours.full, ours.dismissed) == (theirs.full, theirs.dismissed), text
        assert sorted(ours.paper_keys()) == sorted(theirs.paper_keys()), text
    assert any(cut)
    assert not all(cut)


@pytest.mark.parametrize("sort", ["newest", "title", "added"])
def test_sorted_queries_have_the_order_of_the_array_engine(
    shelf: Library, other: Library, sort: str
) -> None:
    for text in ("models", "speech -robots", ""):
        ours, theirs = (one.search(text, limit=0, sort=sort) for one in (other, shelf))
        assert ours.paper_keys() == theirs.paper_keys(), text


@pytest.fixture
def dated(library: Library) -> Iterator[tuple[Library, Library]]:
    """A library of papers with dates, votes and categories, opened with both engines."""
    values = itertools.product(DATES, (None, -3, 0, 7), ("", "ICML", "Journal of ML"), CATEGORIES)
    papers = [
        Paper(f"Models {n}", date=date, year=int(date[:4]) if date else None, votes=votes,
              venue=venue, categories=categories, id=f"d{n}")
        for n, (date, votes, venue, categories) in enumerate(values)
    ]  # fmt: skip
    library.add(papers, "page")
    library.index.sync()
    with Library.open(library.folder, engine="tantivy") as opened:
        opened.index.sync()
        yield library, opened


@pytest.mark.parametrize("text", VALUES)
def test_values_joined_with_words_find_the_papers_of_the_array_engine(
    dated: tuple[Library, Library], text: str
) -> None:
    theirs, ours = (set(one.search(f"models {text}", limit=0).paper_keys()) for one in dated)
    assert ours == theirs
    assert 0 < len(ours) <= 336


@pytest.mark.parametrize("joined", [("2020", "2020~"), ("201/~", "2020-0"), ("1999-12-31~", "3")])
def test_numbers_of_dates_sort_as_their_texts(joined: tuple[str, str]) -> None:
    texts = sorted({*joined, *filter(None, DATES)})
    assert sorted(texts, key=date_number) == texts
    assert len({date_number(text) for text in texts}) == len(texts)


def test_sets_with_long_runs_find_the_papers_of_the_array_engine(
    shelf: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets, "MIN_RUN", 3)
    shelf.add(PAPERS[120:124], "removed")
    shelf.add(PAPERS[124:140], "page")
    shelf.remove_source("removed")
    shelf.apply(Bookmark(tuple(f"p{n}" for n in (60, 62, *range(110, 120), *range(124, 130)))))
    for text in ("models is:bookmarked", "models -is:bookmarked", "models -is:dismissed"):
        ours, theirs = (set(one.search(text, limit=0).paper_keys()) for one in (other, shelf))
        assert ours == theirs, text
        assert ours


@pytest.mark.parametrize("text", ["models", "speech planning absent", "models -is:bookmarked"])
def test_unordered_keys_are_those_of_all_rows(other: Library, text: str) -> None:
    other.index.sync()
    found = other.search(text, limit=5)
    page = replace(found.rows.first, keys=found.rows.first.keys[:5])
    every = Rows(page, (other.index.engine, found.rows.ask)) if found.rows.ask else found.rows
    assert sorted(every.unordered().tolist()) == sorted(found.paper_keys())
    assert every.all().tolist() == found.paper_keys()


def test_facets_and_related_papers_are_those_of_the_array_engine(
    shelf: Library, other: Library
) -> None:
    assert other.facets("models") == shelf.facets("models")
    ours, theirs = (one.related(["p1"], limit=5) for one in (other, shelf))
    assert {one.id for one in ours} & {one.id for one in theirs}


def test_prefix_in_phrase_is_one_of_the_frequent_words(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MAX_PHRASE_TERMS", 2)
    titles = [*["Sparse attention"] * 3, *["Sparse audio"] * 2, "Sparse atoms"]
    library.add([Paper(title, abstract=f"Text {n}") for n, title in enumerate(titles)], "page")
    with Library.open(library.folder, engine="tantivy") as opened:
        assert opened.search('"sparse a', typing=True).full == 5
        assert opened.search('"sparse atoms"').full == 1


def test_query_that_tantivy_refuses_is_not_searched_and_keeps_the_index(
    shelf: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("too many terms")

    other.index.sync()
    monkeypatch.setattr(translation.Translation, "query", refuse)
    found = other.search("models speech")
    assert (found.total, found.exact) == (0, False)
    assert other.index.engine.revision() == shelf.index.engine.revision()


class TestSwitch:
    def test_previous_index_answers_until_the_new_one_is_built(self, shelf: Library) -> None:
        expected = sorted(shelf.search("models", limit=0).paper_keys())
        shelf.close()
        with Library.open(shelf.folder, engine="tantivy") as library:
            assert library.index.engine.revision() == -1
            before = library.search("models", limit=0, wait=False)
            assert (before.index, sorted(before.paper_keys())) == ("outdated", expected)
            library.index.sync()
            after = library.search("models", limit=0, wait=False)
            assert (after.index, sorted(after.paper_keys())) == ("current", expected)

    def test_damaged_previous_index_leaves_the_scan(self, shelf: Library) -> None:
        shelf.close()
        for file in paths.index_folder(shelf.folder).glob("*.pst"):
            file.write_bytes(b"")
        with Library.open(shelf.folder, engine="tantivy") as library:
            assert library.search("models", limit=0, wait=False).index == "missing"

    def test_engine_not_installed_raises(
        self, shelf: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry, "find_spec", lambda name: None)
        with pytest.raises(
            CarrelError, match=r"not installed; try pip install 'carrel\[millions\]'"
        ):
            Library.open(shelf.folder, engine="tantivy")

    def test_doctor_advises_tantivy_for_large_libraries(
        self, shelf: Library, other: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert not [check for check in shelf.doctor.check() if 'engine = "' in check.message]
        monkeypatch.setattr(doctor, "MIN_LARGE_PAPERS", 100)
        advice = [check for check in shelf.doctor.check() if 'engine = "tantivy"' in check.message]
        assert [check.passed for check in advice] == [True]
        other.index.sync()
        assert all(check.passed for check in other.doctor.check())
        assert not [check for check in other.doctor.check() if 'engine = "' in check.message]


def test_further_rows_are_found_after_the_deadline_of_the_first(
    shelf: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MIN_ROWS", 5)
    stop = Stop()
    found = other.search("models", limit=5, stop=stop)
    stop.set()
    assert len(found.rows.first.keys) < found.total
    expected = set(shelf.search("models", limit=0).paper_keys())
    assert set(found.rows[1:]) | {found.rows[0]} == expected
    assert set(found.paper_keys()) == expected


class TestFiles:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        engine = TantivyEngine(tmp_path / "index", "library")
        assert engine.update(step(PAPERS))
        engine.close()
        return tmp_path / "index"

    @pytest.mark.parametrize("harm", ["flip", "truncate", "empty", "remove"])
    def test_damaged_file_is_rebuilt(self, other: Library, harm: str) -> None:
        expected = sorted(other.search("models", limit=0).paper_keys())
        other.close()
        place = paths.index_folder(other.folder, "tantivy")
        names = [path.name for path in sorted(place.iterdir()) if path.stat().st_size]
        for number in range(len(names)):
            target = [path for path in sorted(place.iterdir()) if path.stat().st_size][number]
            data = target.read_bytes()
            flipped = bytes([*data[:-1], data[-1] ^ 0x10])
            if harm == "remove":
                target.unlink()
            else:
                damaged = {"flip": flipped, "truncate": data[: len(data) // 2]}.get(harm, b"")
                target.unlink()  # a mapped file must not become shorter
                target.write_bytes(damaged)
            with Library.open(other.folder, engine="tantivy") as again:
                assert sorted(again.search("models", limit=0).paper_keys()) == expected, target.name

    def test_update_after_interrupted_one_adds_no_duplicates(
        self, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        engine = TantivyEngine(place, "library")
        with pytest.raises(KeyboardInterrupt):
            engine.update(step(PAPERS[:5], 1, 2), stop)
        assert (engine.revision(), engine.size()) == (1, len(PAPERS))
        assert engine.update(step(PAPERS[:5], 1, 2))
        assert (engine.revision(), engine.size()) == (2, len(PAPERS))

    def test_reader_keeps_its_pages_while_the_index_is_updated(self, place: Path) -> None:
        engine = TantivyEngine(place, "library")
        page = engine.search(asked(Word("models")))
        changed = [replace(paper, title="Quokka", abstract="") for paper in PAPERS]
        assert engine.update(step(changed, 1, 2))
        assert engine.search(asked(Word("models"))).total == 0
        again = engine.search(replace(asked(Word("models")), cursor=page.cursor))
        assert again.keys.tolist() == page.keys.tolist()

    def test_another_process_sees_an_update(self, place: Path) -> None:
        one, two = TantivyEngine(place, "library"), TantivyEngine(place, "library")
        assert 201 not in keys(one, Word("models"))
        new = Paper(title="Models", key=PaperKey(201))
        assert two.update(step([new], 1, 2))
        assert 201 in keys(one, Word("models"))

    def test_small_updates_leave_most_files_as_they_are(self, place: Path) -> None:
        engine = TantivyEngine(place, "library")
        before = {path.name: path.stat().st_mtime_ns for path in place.iterdir()}
        assert engine.update(step(make_papers(205)[200:], 1, 2))
        after = {path.name: path.stat().st_mtime_ns for path in place.iterdir()}
        segments = {name for name in before if files.SEGMENT_FILE.fullmatch(name)}
        assert segments
        assert all(after[name] == before[name] for name in segments)
        assert engine.size() == 205

    def test_flipped_bytes_never_raise_anything_but_engine_broken(self, place: Path) -> None:
        draw = random.Random(4)
        for path in sorted(place.glob("*.*")):
            data = bytearray(path.read_bytes())
            if not files.SEGMENT_FILE.fullmatch(path.name) or not data:
                continue
            data[draw.randrange(len(data))] ^= 0xFF
            path.write_bytes(data)
            engine = TantivyEngine(place, "library")
            with pytest.raises(EngineBroken):
                engine.check()
