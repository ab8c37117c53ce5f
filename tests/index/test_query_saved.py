"""Saved searches within queries: `query:NAME`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import (
    FieldTerm,
    Label,
    Node,
    Nothing,
    every_leaf,
    parse,
    remove_filters,
    toggle_value,
)

SAVED = {
    "Watermarks": "watermark -image",
    "to read": "is:unread query:watermarks",
    "either": "cats OR dogs",
    "wrong": "is:red cats",
    "me": "cats query:me",
    "you": "query:Them",
    "them": "dogs OR query:you",
}


def tree(text: str) -> Node:
    return parse(text).tree


def parse_tree(text: str, *, typing: bool = False) -> Node:
    return parse(text, typing=typing, saved=SAVED).tree


def placed_notes(text: str) -> list[tuple[str, str]]:
    """Return the notes of a query with saved searches, each with the text of its span."""
    notes = parse(text, saved=SAVED).notes
    return [(note.message, text[note.start : note.end]) for note in notes]


class TestSavedSearches:
    @pytest.mark.parametrize(
        ("text", "same"),
        [
            ("query:watermarks", "watermark -image"),
            ("query:WATERMARKS speech", "(watermark -image) speech"),
            ('query:"to read"', "is:unread (watermark -image)"),
            ("-query:either", "-(cats OR dogs)"),
            ("birds OR query:either", "birds OR (cats OR dogs)"),
            ('query:(watermarks OR "To  Read")', "(watermark -image) OR "
             "(is:unread (watermark -image))"),
            ("(query:either)", "cats OR dogs"),
            ("query:", ""),
        ],
    )  # fmt: skip
    def test_saved_search_equals_its_query(self, text: str, same: str) -> None:
        assert parse_tree(text) == tree(same)

    def test_saved_search_unfinished_name_is_prefix(self) -> None:
        assert parse_tree("query:wat", typing=True) == tree("watermark -image")
        assert parse_tree('query:"to r', typing=True) == parse_tree('query:"to read"')
        assert parse_tree("query:w", typing=True) == parse_tree("query:watermarks OR query:wrong")
        assert parse_tree("query:w*") == parse_tree("query:watermarks OR query:wrong")
        assert parse_tree("query:wat ", typing=True) == Nothing()

    def test_saved_search_query_is_never_unfinished(self) -> None:
        assert parse_tree("query:either", typing=True) == tree("cats OR dogs")

    def test_saved_search_is_a_filter(self) -> None:
        query = parse('-query:"to read" cats', saved=SAVED)
        assert query.filters == (FieldTerm("query", ("to read",), True, 0, 16),)
        assert remove_filters("query:either cats") == "cats"

    def test_saved_search_without_texts_is_label(self) -> None:
        assert tree("query:either") == Label("query", "either")
        assert toggle_value("cats OR dogs", "query", "to read") == 'query:"to read" (cats OR dogs'
        assert toggle_value('-query:"to read" cats', "query", "to read", exclude=True) == "cats"

    @pytest.mark.parametrize(
        ("text", "message", "place"),
        [
            ("cats query:watremarks", "unknown saved search watremarks; did you mean Watermarks?",
             "watremarks"),
            ("query:xyzzy", "unknown saved search xyzzy; saved searches: Watermarks, to read, "
             "either, wrong, me, …", "xyzzy"),
            ("-query:wrong", "in query:wrong: unknown value is:red; did you mean is:read?",
             "wrong"),
            ("query:me", "in query:me: query:me refers to itself", "me"),
            ("query:you", "in query:you: in query:them: query:you refers to itself", "you"),
        ],
    )  # fmt: skip
    def test_saved_search_notes_have_span_of_name(
        self, text: str, message: str, place: str
    ) -> None:
        assert placed_notes(text) == [(message, place)]

    def test_saved_search_unknown_without_any_has_note(self) -> None:
        (note,) = parse("query:x", saved={}).notes
        assert note.message == "unknown saved search x; none are saved yet"

    def test_saved_search_unknown_or_circular_matches_nothing(self) -> None:
        assert parse_tree("query:nope") == Nothing()
        assert parse_tree("cats OR query:nope") == tree("cats")
        assert parse_tree("query:me") == Nothing()
        assert parse_tree("query:you") == tree("dogs")

    def test_saved_searches_that_multiply_are_bounded(self) -> None:
        saved = {f"n{n}": f"query:n{n - 1} OR query:n{n - 1}" for n in range(1, 60)}
        saved["n0"] = "cats"
        query = parse("query:n19", saved=saved)
        assert sum(1 for _ in every_leaf(query.tree)) <= 200
        assert any("first 150 words are read" in note.message for note in query.notes)

    def test_saved_searches_nested_deeply_are_bounded(self) -> None:
        saved = {f"n{n}": "(" * 50 + f"query:n{n + 1}" + ")" * 50 for n in range(100)}
        (note,) = parse("query:n0", saved=saved).notes[:1]
        assert note.message.endswith("deep")
        row = {f"n{n}": f"query:n{n + 1}" for n in range(100)}
        assert parse("query:n0", saved=row).notes[0].message.endswith("at most 20 deep")

    names = st.sampled_from(["a", "b", "c d", "A"])
    texts = st.lists(
        st.sampled_from(["query:a", "query:b", 'query:"c d"', "-", "OR", "(", ")", "cats", "que"])
    ).map(" ".join)

    @given(st.dictionaries(names, texts), texts, st.booleans())
    def test_saved_searches_any_text_is_accepted(
        self, saved: dict[str, str], text: str, typing: bool
    ) -> None:
        query = parse(text, typing=typing, saved=saved)
        assert not any(isinstance(leaf, Label) for leaf in every_leaf(query.tree))
        assert all(0 <= note.start <= note.end <= len(text) for note in query.notes)
