"""Fuzzy matching: what matches, which letters, and what comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.fuzzy import match


def letters(typed: str, text: str) -> str:
    """Return a text with the letters that match in capitals, or "" if it does not match."""
    found = match(typed, text)
    if found is None:
        return ""
    return "".join(c.upper() if at in found.positions else c for at, c in enumerate(text))


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("", "bookmark", "bookmark"),
        ("book", "bookmark", "BOOKmark"),
        ("mark", "bookmark", "bookMARK"),
        ("bmk", "bookmark", "BookMarK"),
        ("fp", "fetch: papers by id", "Fetch: Papers by id"),
        ("fetpap", "fetch: papers by id", "FETch: PAPers by id"),
        ("rag", "nlp/rag", "nlp/RAG"),
        ("nr", "nlp/rag", "Nlp/Rag"),
        ("tag del", "delete a tag", "DELete a TAG"),
        ("TAG", "delete a tag", "delete a TAG"),
        ("poesie", "poésie", "POÉSIE"),
        ("[b]", "a [b] c", "a [B] c"),
        ("zz", "bookmark", ""),
        ("ok m", "book", ""),
        ("kb", "bookmark", ""),
        ("ed", "fetch a paper dated", "fetch a paper datED"),
        ("ea", "fetch papers", ""),  # neither letter is the first of a word
    ],
)
def test_match_has_the_letters_typed(typed: str, text: str, expected: str) -> None:
    assert letters(typed, text) == expected


def test_match_ranks_words_before_parts_and_parts_before_letters() -> None:
    texts = ["tag", "tag: add", "delete a tag", "tags", "delete tags", "montage", "take a gist"]
    scores = [found.score for text in texts if (found := match("tag", text))]
    assert scores == [11, 11, 10, 9, 8, 6, 5]


def test_match_long_repetitive_text_takes_few_steps() -> None:
    assert match("ab" * 29 + "x", "a" * 50 + " " + "ab " * 400) is None


@given(st.text(max_size=12), st.text(max_size=30))
def test_match_positions_are_those_of_visible_letters(typed: str, text: str) -> None:
    found = match(typed, text)
    if found:
        assert all(0 <= at < len(text) for at in found.positions)
        assert len(found.positions) <= len("".join(typed.split()))


@given(st.text(alphabet="abß é-/İ字", min_size=1, max_size=8))
def test_match_every_text_matches_itself(text: str) -> None:
    assert match(text, text)
