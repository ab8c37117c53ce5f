"""Facets: counts equal a plain count and the search for each value."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library, Paper, paths
from index.facets import catalogue, counters
from index.facets.columns import Column, FacetColumn
from index.facets.counting import MAX_VALUES, Facet
from index.facets.fields import FACET_FIELDS
from index.facets.layers import LayeredColumn
from index.facets.pairs import Pairs
from index.marks.changes import Bookmark, Read, Tag
from index.query import toggle_value
from index.text.folding import fold
from index.workers import start_worker
from tests.examples import examples

NAMES = [
    "Ada Lovelace",
    "Ada",
    "ada LOVELACE",
    "Grace Hopper",
    "Képes E.",
    'O"Hara',
    "a*",
    "-b",
    "OR",
]
WORDS = ["graph", "neural", "network", "retrieval"]

papers = st.builds(
    Paper,
    title=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    abstract=st.sampled_from(["", "graph neural network", "a neural network of words"]),
    authors=st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple),
    year=st.sampled_from([None, 1999, 2024, 2025]),
    venue=st.sampled_from(["", "ACL", "acl", "ACL 2023", 'The "Best" Venue (a*)']),
    keywords=st.lists(st.sampled_from(["GAN", "gan inversion", "???"]), max_size=2).map(tuple),
    categories=st.lists(st.sampled_from(["cs.CL", "cs.CL.HU", "cs"]), max_size=2).map(tuple),
    doi=st.sampled_from(["", "10.1000/182"]),
)
libraries = st.lists(papers, max_size=12).map(
    lambda several: [
        Paper(**{**_fields(paper), "id": f"p{n}", "title": f"{paper.title} {n}", "doi": ""})
        for n, paper in enumerate(several)
    ]
)


def _fields(paper: Paper) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in Paper.__dataclass_fields__}


def by_field(facets: tuple[Facet, ...]) -> dict[str, dict[str, int]]:
    return {facet.field: {c.value: c.count for c in facet.counts} for facet in facets}


def folded(counts: dict[str, int]) -> Counter[str]:
    return Counter({fold(value): count for value, count in counts.items()})


def distinct(several: list[tuple[str, ...]]) -> Counter[str]:
    """Count the papers with each value, in any spelling."""
    return Counter(value for values in several for value in {fold(value) for value in values})


def test_facets_are_in_order_of_fields(library: Library) -> None:
    assert [facet.title for facet in library.facets()] == (
        "Status Tags Source Year Venue Author Category Keyword Type Topic Has".split()
    )


@examples(40)
@given(libraries, st.sampled_from(["", "graph", "-neural", "year:2024..", "is:read OR retrieval"]))
def test_facet_counts_equal_a_plain_count(several: list[Paper], query: str) -> None:
    with TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        library.add(several[:5], "One")
        library.facets()  # so that later papers are updates
        library.add(several[5:], "Two")
        if several:
            library.apply(Read(("p0",)))
        results = library.search(query, limit=0)
        shown = library.page(results)
        counts = by_field(library.facets(results))
        for field, values in (
            ("author", [paper.authors for paper in shown]),
            ("keyword", [paper.keywords for paper in shown]),
            ("venue", [(paper.venue,) * bool(paper.venue) for paper in shown]),
        ):
            assert folded(counts[field]) == distinct(values)
        assert counts["year"] == Counter(str(paper.year) for paper in shown if paper.year)
        assert counts["is"].get("read", 0) == sum(paper.read for paper in shown)
        assert counts["is"].get("unread", 0) == sum(not paper.read for paper in shown)
        assert counts["has"].get("abstract", 0) == sum(bool(paper.abstract) for paper in shown)


@examples(25)
@given(libraries)
def test_facet_value_as_query_finds_counted_papers(several: list[Paper]) -> None:
    with TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        library.add(several, "One page")
        library.apply(Tag(("p0", "p1"), ("NLP/rag", "a*"))) if len(several) > 1 else None
        for facet in library.facets():
            for count in facet.counts:
                text = toggle_value("", facet.field, count.value)
                assert library.search(text, limit=0).total == count.count, text
                left = toggle_value("", facet.field, count.value, exclude=True)
                assert library.search(left, limit=0).total == len(several) - count.count, left


def test_quoted_name_matches_that_name_only(library: Library) -> None:
    library.add([Paper("One", authors=("Jane Doe",)), Paper("Two", authors=("Jane Doe Smith",)),
                 Paper("Three", authors=("jane doe", "X"))], "page")  # fmt: skip
    assert library.search('author:"Jane Doe"').total == 2
    assert library.search("author:Jane author:Doe").total == 3
    assert library.search('author:"Doe Smith"').total == 1  # nobody's name: a phrase
    assert library.search('author:"Jane D', typing=True).total == 3


def test_category_includes_subcategories(library: Library) -> None:
    library.add([Paper("One", categories=("cs.CL",)), Paper("Two", categories=("cs.CL.HU",)),
                 Paper("Three", categories=("cs.CLX",))], "page")  # fmt: skip
    counts = by_field(library.facets())["category"]
    assert counts == {"cs.CL": 2, "cs.CL.HU": 1, "cs.CLX": 1}
    assert library.search("category:cs.CL").total == 2
    assert library.search("category:cs").total == 3
    assert library.search("category:none").total == 0


def test_facet_with_limit_has_most_common_values_and_total(library: Library) -> None:
    many = [f"Author {n}" for n in range(300)]
    library.add([Paper(f"Paper {n}", authors=(name, "Every One")) for n, name in enumerate(many)],
                "page")  # fmt: skip
    authors = next(facet for facet in library.facets() if facet.field == "author")
    assert (len(authors.counts), authors.total) == (MAX_VALUES, 301)
    assert (authors.counts[0].value, authors.counts[0].count) == ("Every One", 300)
    every = next(facet for facet in library.facets(most=None) if facet.field == "author")
    assert len(every.counts) == 301


def test_parent_category_is_spelled_as_in_most_papers(library: Library) -> None:
    library.add([Paper("One", categories=("CS",)), Paper("Two", categories=("cs.CL",)),
                 Paper("Three", categories=("cs.CV",)), Paper("Four", categories=("Math",)),
                 Paper("Five", categories=("Math.AG",)), Paper("Six", categories=("math.AG",))],
                "page")  # fmt: skip
    counts = by_field(library.facets())["category"]
    assert counts == {"cs": 3, "Math": 3, "cs.CL": 1, "cs.CV": 1, "Math.AG": 2}
    library.add([Paper("Seven", categories=("cs.IR",))], "page")
    assert by_field(library.facets())["category"]["cs"] == 4


def test_category_matches_before_counting(library: Library) -> None:
    papers = [Paper("One", categories=("cs.CL.x",)), Paper("Two", categories=("cs.CLX", "math"))]
    library.add(papers, "page")
    asked = ("category:cs.cl", "category:CS", "category:math", "category:cs.CL*", "category:s")
    before = [library.search(text, limit=0).all_keys().tolist() for text in asked]
    assert [len(keys) for keys in before] == [1, 2, 1, 2, 0]
    library.catalogue.sync()
    assert [library.search(text, limit=0).all_keys().tolist() for text in asked] == before


def test_facet_values_are_sorted_by_count() -> None:
    pairs = [(1, "Álvaro X"), (1, "Ann Y"), (2, "Ann Y"), (3, "Zoë")]
    assert Column.of(pairs, fold).by_frequency() == ["Ann Y", "Álvaro X", "Zoë"]
    assert Column.empty(fold).by_frequency() == []


class TestTime:
    def test_histogram_has_every_year_of_range(self, library: Library) -> None:
        library.add([Paper("One", year=2020), Paper("Two", year=2024), Paper("Three", year=2024)],
                    "page")  # fmt: skip
        bars = next(facet for facet in library.facets() if facet.field == "year").histogram
        assert [(bar.value, bar.count) for bar in bars] == [
            ("2020", 1), ("2021", 0), ("2022", 0), ("2023", 0), ("2024", 2)
        ]  # fmt: skip

    def test_histogram_up_to_two_years_has_months(self, library: Library) -> None:
        library.add([Paper("One", year=2024, date="2024-11-30"), Paper("Two", year=2025),
                     Paper("Three", year=2025, date="2025-02")], "page")  # fmt: skip
        bars = next(facet for facet in library.facets() if facet.field == "year").histogram
        assert [(bar.value, bar.count) for bar in bars] == [
            ("2024-11", 1), ("2024-12", 0), ("2025-01", 0), ("2025-02", 1)
        ]  # fmt: skip
        for bar in bars:
            assert library.search(f"date:{bar.value}").total == bar.count


class TestFollowing:
    def test_counts_added_changed_and_removed_papers_are_updated(self, library: Library) -> None:
        library.add([Paper("One", authors=("Ann",), doi="10.1/1"), Paper("Two")], "old")
        library.facets()
        library.add([Paper("One", doi="10.1/1", venue="ACL"), Paper("Three", authors=("Bob",))],
                    "new")  # fmt: skip
        counts = by_field(library.facets())
        assert counts["author"] == {"Ann": 1, "Bob": 1}
        assert counts["venue"] == {"ACL": 1}
        assert counts["source"] == {"new": 2, "old": 2}
        library.remove_source("new")
        counts = by_field(library.facets())
        assert counts["author"] == {"Ann": 1}
        assert next(f for f in library.facets() if f.field == "author").total == 1

    def test_counts_of_marks_are_updated_immediately(self, library: Library) -> None:
        library.add([Paper("One"), Paper("Two")], "page")
        computed = {"incomplete": 2}
        assert by_field(library.facets())["is"] == {"unread": 2, "untagged": 2, **computed}
        library.apply(Bookmark(("one",)))
        library.apply(Tag(("one",), ("nlp/rag",)))
        counts = by_field(library.facets())
        assert counts["is"] == {
            "unread": 2,
            "bookmarked": 1,
            "tagged": 1,
            "untagged": 1,
            **computed,
        }
        assert list(counts["is"]) == ["unread", "bookmarked", "tagged", "untagged", "incomplete"]
        assert counts["tag"] == {"nlp": 1, "nlp/rag": 1}

    def test_facets_without_waiting_have_no_counted_values(self, library: Library) -> None:
        library.add([Paper("One", venue="ACL")], "page")
        counts = by_field(library.facets(wait=False))
        assert (counts["venue"], counts["source"]) == ({}, {"page": 1})
        assert not library.catalogue.is_current()
        partial = {facet.field for facet in library.facets(wait=False) if facet.is_partial}
        assert {"venue", "topic"} <= partial
        assert not {"source", "is"} & partial
        library.catalogue.sync()
        assert library.catalogue.is_current()
        assert not any(facet.is_partial for facet in library.facets(wait=False))
        assert by_field(library.facets(wait=False))["venue"] == {"ACL": 1}

    def test_columns_are_cached_for_other_processes(self, library: Library, folder: Path) -> None:
        library.add([Paper("One", venue="ACL", authors=("Képes",))], "page")
        library.facets()
        with Library.open(folder) as other:
            assert by_field(other.facets(wait=False))["author"] == {"Képes": 1}

    @pytest.mark.parametrize("damage", ["cut", "bytes", "gone", "empty"])
    def test_columns_damaged_file_is_rebuilt(
        self, library: Library, folder: Path, damage: str
    ) -> None:
        library.add([Paper("Graph networks", venue="ACL"), Paper("Of graph networks")], "page")
        before = by_field(library.facets())
        for file in paths.catalogue_folder(folder).iterdir():
            whole = file.read_bytes()
            if damage == "gone":
                file.unlink()
            else:
                middle = len(whole) // 2
                file.write_bytes({"cut": whole[:middle], "empty": b"",
                                  "bytes": whole[:middle] + b"\0\xff\0\xff" * 9
                                  + whole[middle + 36:]}[damage])  # fmt: skip
        with Library.open(folder) as other:
            assert by_field(other.facets()) == before
            assert other.search('topic:"graph network"').total == 2

    def test_columns_of_restored_library_are_rebuilt(self, library: Library, folder: Path) -> None:
        library.add([Paper("One", venue="ACL")], "page")
        library.facets()
        library.close()
        copy = (folder / "carrel.db").read_bytes()
        with Library.open(folder) as later:
            later.add([Paper("Two", venue="NAACL")], "page")
            later.facets()
        for file in folder.iterdir():
            file.unlink()
        (folder / "carrel.db").write_bytes(copy)
        with Library.open(folder) as back:
            assert by_field(back.facets())["venue"] == {"ACL": 1}

    def test_columns_of_many_papers_are_counted_in_worker(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("index.facets.catalogue.MIN_WORKER_PAPERS", 1)
        library.add([Paper("Graph networks", venue="ACL"), Paper("Of graph networks")], "page")
        reported: list[tuple[int, int]] = []
        library.catalogue.sync(lambda done, of: reported.append((done, of)))
        counts = by_field(library.facets(wait=False))
        assert counts["venue"] == {"ACL": 1}
        assert counts["topic"] == {"graph networks": 2}
        assert reported == [(2, 2)]

    @pytest.mark.parametrize("in_worker", [False, True], ids=["here", "in a worker"])
    def test_bases_are_renewed_once_changed_papers_are_counted(
        self, library: Library, monkeypatch: pytest.MonkeyPatch, in_worker: bool
    ) -> None:
        library.add([Paper(f"Speech networks {n}", venue="ACL") for n in range(30)], "page")
        library.facets()
        monkeypatch.setattr(counters, "MAX_RECENT_PAPERS", 2)
        monkeypatch.setattr(catalogue, "MAX_RECENT_PAPERS", 2)
        if in_worker:
            monkeypatch.setattr(catalogue, "MIN_WORKER_PAPERS", 2)
        started = []

        def start(work: Callable[..., None], *arguments: Any, **_: object) -> Any:
            if work is catalogue.count:
                return start_worker(work, *arguments)
            started.append((work, arguments))
            return SimpleNamespace(poll=lambda: 0)

        monkeypatch.setattr(catalogue, "start_worker", start)
        library.add([Paper(f"Graph networks {n}", venue="EMNLP") for n in range(3)], "new")
        folder = paths.catalogue_folder(library.folder)
        bases = {name: (folder / name).read_bytes() for name in ("columns.npz", "topics.npz")}
        counted = by_field(library.facets())
        assert counted["venue"] == {"ACL": 30, "EMNLP": 3}
        assert counted["topic"]["graph networks"] == 3
        assert bases == {name: (folder / name).read_bytes() for name in bases}
        for work, arguments in started:
            work(*arguments)
        assert len(started) == 2
        assert not list(folder.glob("*-recent.npz"))
        with Library.open(library.folder) as other:
            assert by_field(other.facets()) == counted
        library.add([Paper("One more", venue="EMNLP")], "new")
        assert by_field(library.facets())["venue"] == {"ACL": 30, "EMNLP": 4}


class TestColumns:
    @given(
        st.lists(st.tuples(st.integers(1, 9), st.sampled_from(NAMES)), max_size=20),
        st.lists(st.tuples(st.integers(10, 19), st.sampled_from(NAMES)), max_size=20),
        st.sets(st.integers(1, 9), max_size=4),
    )
    def test_column_updated_equals_rebuilt_column(
        self, first: list[tuple[int, str]], then: list[tuple[int, str]], gone: set[int]
    ) -> None:
        followed = Column.of(first, fold).changed(sorted(gone), Pairs(then))
        fresh = Column.of([pair for pair in first if pair[0] not in gone] + then, fold)
        assert held(followed) == held(fresh)
        assert [fold(name) for name in followed.names] == [fold(name) for name in fresh.names]

    @given(
        st.lists(st.tuples(st.integers(1, 9), st.sampled_from(NAMES)), max_size=20),
        st.lists(
            st.tuples(
                st.sets(st.integers(1, 14), max_size=3),
                st.lists(st.tuples(st.integers(10, 19), st.sampled_from(NAMES)), max_size=9),
            ),
            max_size=3,
        ),
    )
    def test_column_in_layers_answers_as_one_layer(
        self,
        first: list[tuple[int, str]],
        then: list[tuple[set[int], list[tuple[int, str]]]],
    ) -> None:
        whole = base = Column.of(first, fold)
        layered = LayeredColumn.of(base)
        for gone, new in then:
            whole = whole.changed(sorted(gone), Pairs(new))
            layered = layered.changed(sorted(gone), Pairs(new))
        layered = LayeredColumn.read(base, layered.arrays)
        assert held(layered.whole()) == held(whole)
        mask = np.zeros(20, np.bool_)
        mask[::2] = True
        assert folded(ordered(layered, mask)) == folded(ordered(whole, mask))
        assert [fold(name) for name in ordered(layered, mask)] == [
            fold(name) for name in ordered(whole, mask)
        ]
        assert [*map(fold, layered.by_frequency())] == [*map(fold, whole.by_frequency())]
        for text in (*NAMES, "nobody", "a"):
            assert (layered.find(text) >= 0) == (whole.find(text) >= 0)
            assert np.array_equal(layered.with_prefix(text), whole.with_prefix(text))
            if (at := whole.find(text)) >= 0:
                assert np.array_equal(layered.papers(layered.find(text)), whole.papers(at))

    @given(st.lists(st.tuples(st.integers(1, 9), st.text(max_size=8)), max_size=20))
    def test_column_arrays_round_trip(self, pairs: list[tuple[int, str]]) -> None:
        texts = [(paper, text.encode("utf-8", "ignore").decode()) for paper, text in pairs]
        column = Column.of(texts, fold)
        again = Column.read(column.arrays, fold)
        assert (held(again), list(again.names)) == (held(column), list(column.names))
        for _, text in texts:
            assert again.names[again.find(text)] in [name for _, name in texts]
        assert again.find("not there") == -1


def ordered(column: FacetColumn, mask: npt.NDArray[np.bool_]) -> dict[str, int]:
    """Return the values that papers in a mask have, in their order, with their counts."""
    counts = column.counts(mask)
    places = np.flatnonzero(counts)
    places = places[np.argsort(column.order(places))]
    return {column.names[at]: int(counts[at]) for at in places.tolist()}


def held(column: Column) -> set[tuple[str, int]]:
    pairs = zip(column.value.tolist(), column.paper.tolist(), strict=True)
    return {(fold(column.names[value]), paper) for value, paper in pairs}


def test_facets_of_many_papers_are_counted_fast(library: Library) -> None:
    library.add(
        [Paper(f"Study {n}", authors=(f"Ann {n}", f"Bob {n % 70}"), year=2000 + n % 20,
               venue=f"Venue {n % 9}", categories=(f"cs.{n % 30}",)) for n in range(2_000)],
        "page",
    )  # fmt: skip
    results = library.search("", limit=0)
    library.facets(results)
    took = []
    for _ in range(5):
        started = time.thread_time()
        assert len(library.facets(results)) == len(FACET_FIELDS)
        took.append(time.thread_time() - started)
    assert min(took) < 0.02


def test_search_without_waiting_matches_uncounted_names_as_phrases(
    library: Library,
) -> None:
    library.add([Paper("One", authors=("Jane Doe",)), Paper("Two", authors=("Jane Doe Smith",))],
                "page")  # fmt: skip
    assert library.search('author:"Jane Doe"', wait=False).total == 2
    assert library.search("category:cs", wait=False).total == 0
    assert not library.catalogue.is_current()
    library.catalogue.sync()
    assert library.search('author:"Jane Doe"', wait=False).total == 1
