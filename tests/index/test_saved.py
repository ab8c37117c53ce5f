"""Saved searches and their counts, and the history of queries."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import CarrelError, Library, Paper
from index.errors import UnknownSearch
from index.marks.changes import Read
from index.query import Not, leaves, parse
from index.query.editing import MAX_SUGGESTION_CHARS, suggest_name
from index.query.names import MAX_NAME_CHARS, validate_name
from index.search.history import MAX_QUERIES, containing
from index.search.results import Results
from index.search.saved import SavedSearches
from index.store.answer_cache import AnswerCache
from index.store.database import FILE_NAME

PAPERS = [
    Paper("A Watermark for Language Models", "We mark text.", year=2023),
    Paper("Image Watermarks", "We mark an image.", year=2024),
    Paper("Speech Diffusion", "Speech by diffusion.", year=2024),
]


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add(PAPERS, "page")
    return library


def names(library: Library) -> list[str]:
    return [search.name for search in library.saved.all()]


def counts(library: Library) -> dict[str, tuple[int, int]]:
    return {each.search.name: (each.count, each.new) for each in library.saved.counts()}


def titles(library: Library, query: str) -> set[str]:
    results = library.search(query)
    return {paper.title for paper in library.page(results, 0, results.full)}


class TestSaving:
    def test_searches_are_in_order_of_saving(self, library: Library) -> None:
        for name in ("watermarks", "to read", "about speech"):
            assert library.saved.add(name, f"{name} x") is None
        assert names(library) == ["watermarks", "to read", "about speech"]
        assert library.saved.get("to read").query == "to read x"

    def test_save_same_name_replaces_in_place(self, library: Library) -> None:
        library.saved.add("First", "one")
        library.saved.add("second", "two")
        before = library.saved.add("FIRST", "three")
        assert before is not None
        assert (before.name, before.query) == ("First", "one")
        assert names(library) == ["FIRST", "second"]
        assert library.saved.texts() == {"FIRST": "three", "second": "two"}

    def test_find_search_by_name_ignoring_case_or_digit(self, library: Library) -> None:
        for number in range(1, 12):
            library.saved.add(f"Straße {number}", f"word {number}")
        assert library.saved.get("STRASSE 4").query == "word 4"
        assert library.saved.get("9").name == "Straße 9"
        with pytest.raises(UnknownSearch):
            library.saved.get("11")  # only nine have a digit

    def test_delete_search_renumbers_later_ones(self, library: Library) -> None:
        library.saved.add("one", "x")
        library.saved.add("two", "y")
        assert library.saved.remove("ONE").query == "x"
        assert library.saved.get("1").name == "two"
        with pytest.raises(UnknownSearch, match="unknown saved search 'one'; saved searches: two"):
            library.saved.remove("one")

    def test_find_unknown_search_suggests_nearest(self, library: Library) -> None:
        with pytest.raises(UnknownSearch, match="none are saved yet"):
            library.saved.get("x")
        library.saved.add("Watermarks", "watermark")
        with pytest.raises(UnknownSearch, match=r"'watremarks'; did you mean Watermarks\?"):
            library.saved.get("watremarks")

    def test_save_cleans_name_and_query_to_one_line(self, library: Library) -> None:
        library.saved.add("  to \x1b[31mread\n\u202enow ", " is:unread\n  -survey\x07 ")
        (search,) = library.saved.all()
        assert (search.name, search.query) == ("to read now", "is:unread -survey")

    @pytest.mark.parametrize(
        ("name", "message"),
        [(" \x1b[0m ", "it is empty"), ("7", "use a longer name"), ("wat*", "matches a prefix"),
         ("x" * (MAX_NAME_CHARS + 1), "use at most 60")],
    )  # fmt: skip
    def test_save_invalid_name_raises(self, library: Library, name: str, message: str) -> None:
        with pytest.raises(CarrelError, match=message):
            library.saved.add(name, "x")
        assert names(library) == []

    def test_save_empty_query_raises(self, library: Library) -> None:
        with pytest.raises(CarrelError, match="cannot save an empty query"):
            library.saved.add("all", " \n ")

    def test_searches_persist_after_reopening(self, shelf: Library, folder: Path) -> None:
        shelf.saved.add("marks", "watermark")
        shelf.close()
        with Library.open(folder) as again:
            assert counts(again) == {"marks": (2, 0)}


class TestCounting:
    def test_count_includes_full_matches_only(self, shelf: Library) -> None:
        shelf.saved.add("marks", "watermark")
        shelf.saved.add("no images", "watermark -image")
        shelf.saved.add("none", "watermark speech")  # papers with some of the words are found too
        assert shelf.search("watermark speech").total > 0
        assert counts(shelf) == {"marks": (2, 0), "no images": (1, 0), "none": (0, 0)}

    def test_count_new_papers_since_last_visit(self, shelf: Library) -> None:
        shelf.saved.add("marks", "watermark")
        shelf.add([Paper("Watermarks Again"), Paper("Other"), PAPERS[0]], "second page")
        assert counts(shelf) == {"marks": (3, 1)}
        assert shelf.saved.visit("MARKS").new == 1
        assert counts(shelf) == {"marks": (3, 0)}
        shelf.add([Paper("Yet Another Watermark")], "third page")
        assert counts(shelf) == {"marks": (4, 1)}

    def test_visit_affects_one_search_only(self, shelf: Library) -> None:
        shelf.saved.add("marks", "watermark")
        shelf.saved.add("again", "query:marks")
        shelf.add([Paper("Watermarks Again")], "second page")
        shelf.saved.visit("again")
        assert counts(shelf) == {"marks": (3, 1), "again": (3, 0)}

    def test_count_known_paper_that_now_matches_is_not_new(self, shelf: Library) -> None:
        shelf.saved.add("read", "is:read")
        assert counts(shelf) == {"read": (0, 0)}
        shelf.apply(Read(("speech-diffusion",)))
        assert counts(shelf) == {"read": (1, 0)}

    def test_replace_search_resets_visit(self, shelf: Library) -> None:
        shelf.saved.add("marks", "watermark")
        shelf.add([Paper("Watermarks Again")], "second page")
        shelf.saved.add("marks", "watermarks")
        assert counts(shelf) == {"marks": (3, 0)}

    def test_count_unindexed_papers_stay_new(self, shelf: Library) -> None:
        shelf.saved.add("marks", "watermark")
        shelf.index.sync()
        with shelf.index._syncing:  # as while another thread updates the index
            shelf.add([Paper("Watermarks Again")], "second page")
            assert shelf.saved.visit("marks").count == 2
        assert counts(shelf) == {"marks": (3, 1)}

    def test_count_follows_removed_and_added_papers(self, shelf: Library) -> None:
        shelf.add([Paper("Watermarks Again")], "second page")
        shelf.saved.add("marks", "watermark")
        shelf.remove_source("second page")
        shelf.add([Paper("Watermarks Once More")], "third page")
        assert counts(shelf) == {"marks": (3, 1)}

    def test_counts_are_cached_until_papers_or_marks_change(self, shelf: Library) -> None:
        asked: list[str] = []

        def search(text: str, *, limit: int, wait: bool) -> Results:
            asked.append(text)
            return shelf.search(text, limit=limit, wait=wait)

        shelf.index.sync()
        cache = AnswerCache(shelf._database)
        saved = SavedSearches(shelf._database, shelf.index, cache, search, lambda: 0)
        saved.add("marks", "watermark")
        saved.add("unread", "query:marks is:unread")
        for _ in range(2):
            saved.counts()
        assert asked == ["watermark", "query:marks is:unread"]
        shelf.apply(Read(("image-watermarks",)))
        assert saved.counts()[1].count == 1
        assert asked[2:] == ["query:marks is:unread"]
        shelf.saved.add("marks", "speech")
        assert counts(shelf) == {"marks": (1, 0), "unread": (1, 0)}


class TestNestedSearches:
    def test_nested_search_equals_its_query(self, shelf: Library) -> None:
        shelf.saved.add("my marks", "watermark OR speech")
        shelf.saved.add("new ones", 'query:"my marks" year:2024')
        assert titles(shelf, 'query:"MY MARKS"') == {paper.title for paper in PAPERS}
        assert titles(shelf, 'query:"new ones" -speech') == {"Image Watermarks"}
        assert titles(shelf, '-query:"new ones"') == {"A Watermark for Language Models"}
        assert titles(shelf, 'query:"new ones" OR language') == {paper.title for paper in PAPERS}

    def test_nested_search_unfinished_name_matches_prefix(self, shelf: Library) -> None:
        shelf.saved.add("marks", "watermark")
        shelf.saved.add("marks in images", "image")
        assert shelf.search("query:mar", typing=True).full == 2
        assert shelf.search("query:marks", typing=True).full == 2
        assert shelf.search('query:"marks i', typing=True).full == 1
        assert shelf.search("query:mar").full == 0

    def test_nested_search_includes_partial_matches(self, shelf: Library) -> None:
        shelf.saved.add("both", "watermark speech")
        results = shelf.search("query:both")
        assert (results.full, results.total) == (0, 3)

    def test_nested_search_scores_equal_its_query(self, shelf: Library) -> None:
        shelf.saved.add("marks", "watermark")
        assert shelf.search("query:marks").hits == shelf.search("watermark").hits


class TestNames:
    @pytest.mark.parametrize(
        ("query", "name"),
        [("watermark -image tag:nlp", "watermark nlp"), ("is:unread", "unread"),
         ('"in-context learning" in-context', "in-context learning in-context"),
         ("-tag:done", "-tag:done"), ("trans*", "trans"), ("year:2020..", "year:2020.."),
         ("query:marks new", "marks new"), ("words that go on and on for long", "words go long"),
         ("several words that together are too long for one name", "several words together long"),
         ("x" * 80, "x" * MAX_SUGGESTION_CHARS)],
    )  # fmt: skip
    def test_suggest_name_uses_words_of_query(self, query: str, name: str) -> None:
        assert suggest_name(query) == name

    @given(st.text(min_size=1))
    def test_suggest_name_is_valid_or_empty(self, query: str) -> None:
        proposed = suggest_name(query)
        if proposed and not (len(proposed) == 1 and proposed in "123456789"):
            assert validate_name(proposed) == proposed


class TestHistory:
    def test_history_is_newest_first_without_duplicates(self, library: Library) -> None:
        for query in ("one", "two", "three", " one ", "one"):
            library.history.add(query)
        assert library.history.newest_first() == ["one", "three", "two"]

    def test_history_ignores_empty_query(self, library: Library) -> None:
        library.history.add("  \x1b[0m \n")
        assert library.history.newest_first() == []

    def test_history_finds_queries_that_contain_text(self, library: Library) -> None:
        for query in ("Watermark -image", "speech", "title:watermarking"):
            library.history.add(query)
        found = ["title:watermarking", "Watermark -image"]
        assert library.history.newest_first("WATER") == found
        assert containing(["a b", "ab"], " a ") == ["a b", "ab"]

    def test_history_deletes_oldest_beyond_maximum(self, library: Library, folder: Path) -> None:
        rows = [(f"query {number}", "") for number in range(MAX_QUERIES + 5)]
        with sqlite3.connect(folder / FILE_NAME) as connection:
            connection.executemany("INSERT INTO asked (query, at) VALUES (?, ?)", rows)
        library.history.add("the last")
        queries = library.history.newest_first()
        assert len(queries) == MAX_QUERIES
        assert queries[0] == "the last"
        assert queries[-1] == "query 6"


def test_names_are_parsed_as_names() -> None:
    saved = {"OR": "x", "-x": "y", "a (b)": "z", 'say "hi"': "w", "a:b": "v"}

    def written_names() -> Iterator[tuple[str, str]]:
        from index.query import format_term

        for name, text in saved.items():
            yield format_term("query", [name]), text

    for term, text in written_names():
        for sign in ("", "-"):
            query = parse(f"{sign}{term} ", saved=saved)
            assert not query.notes
            assert isinstance(query.tree, Not) == bool(sign)
        assert [leaf.text for leaf in leaves(parse(term, saved=saved).tree)] == [text]  # type: ignore[union-attr]  # words
