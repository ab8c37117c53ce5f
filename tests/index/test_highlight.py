"""Highlighting: the words that match a query, by the same analysis as the search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import parse
from index.search.highlight import Highlighter


def highlighted(
    query: str, text: str, name: str = "abstract", *, typing: bool = False
) -> list[str]:
    """Return the parts of a text that a query highlights in a field."""
    spans = Highlighter(parse(query, typing=typing).tree).spans(text, name)
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("query", "text", "pieces"),
    [
        # stems
        ("watermark", "Watermarks and watermarking.", ["Watermarks", "watermarking"]),
        ("models", "A model; modelling; modal", ["model", "modelling"]),
        # case, accents, LaTeX
        ("kepes", "by Képes and KÉPES", ["Képes", "KÉPES"]),
        ("Képes", "by Kepes", ["Kepes"]),
        ("schrodinger", 'Schrödinger, Schr\\"odinger', ["Schrödinger", 'Schr\\"odinger']),
        ("cafe", "a cafe\u0301 here", ["cafe\u0301"]),
        # compounds, either way
        ("pretraining", "on pre-training data", ["pre-training"]),
        ("pre-training", "pretraining it", ["pretraining"]),
        ("training", "on pre-training data", ["training"]),
        ("pre training", "pretraining, pre-training", ["pretraining", "pre-training"]),
        ("pretraining", "pre training it", ["pre training"]),
        ("GPT4", "GPT-4 and GPT 4", ["GPT-4", "GPT 4"]),
        ("gpt 4", "GPT4, not 4", ["GPT4", "4"]),
        # phrases
        ('"language model"', "model language, a language model", ["language model"]),
        ('"state of the art"', "the state-of-the-art", ["state-of-the-art"]),
        ('"in-context learning"', "in context learning", ["in context learning"]),
        ('"pre training"', "pretraining", ["pretraining"]),
        ('"underrepresented dogs"', "under-represented dogs", ["under-represented dogs"]),
        ('"vitamin A"', "vitamin D, a vitamin, vitamin A", ["vitamin A"]),
        # signs, scripts without spaces, wildcards
        ("C++", "C and C++", ["C++"]),
        ("学習", "深層学習の研究", ["学習"]),
        ("neur?l", "neural or neurotic", ["neural"]),
        ("beta", "β and b", ["β"]),
        # prefixes and fuzzy words
        ("trans*", "transformer, transfer, intrans", ["transformer", "transfer"]),
        ("tranformer~", "a transformer", ["transformer"]),
        # Boolean: excluded words are not highlighted
        ("graph OR speech", "graph of speech", ["graph", "speech"]),
        ("graph -speech", "graph of speech", ["graph"]),
        ("graph NOT (speech noise)", "graph of speech noise", ["graph"]),
        # stop words beside other words, and states, highlight nothing
        ("the unread is:unread year:2020", "the year 2020 is unread", ["unread"]),
        ("is:unread year:2020", "the year 2020 is unread", []),
        ("", "anything", []),
    ],
)  # fmt: skip
def test_spans_query_matches_words(query: str, text: str, pieces: list[str]) -> None:
    assert highlighted(query, text) == pieces


def test_spans_unfinished_word_matches_prefix() -> None:
    assert highlighted("transf", "transformers transfer", typing=True) == [
        "transformers",
        "transfer",
    ]
    assert highlighted("transf ", "transformers transfer", typing=True) == []
    assert highlighted("transf", "transformers transfer") == []
    assert highlighted('"language mod', "a language model", typing=True) == ["language model"]
    assert highlighted("pre-tra", "pre-training", typing=True) == ["pre-training"]
    assert highlighted('"out o', "out of it, of out", typing=True) == ["out of"]
    assert highlighted("o", "out of it", typing=True) == []


@pytest.mark.parametrize(
    ("query", "name", "pieces"),
    [("graph", "title", ["graph"]), ("graph", "abstract", ["graph"]),
     ("title:graph", "title", ["graph"]), ("title:graph", "abstract", []),
     ("abstract:graph", "title", []), ("abstract:graph", "abstract", ["graph"]),
     ("author:graph", "author", ["graph"]), ("author:graph", "title", [])],
)  # fmt: skip
def test_spans_word_with_field_matches_in_that_field_only(
    query: str, name: str, pieces: list[str]
) -> None:
    assert highlighted(query, "a graph", name) == pieces


def test_spans_word_without_field_matches_in_text_and_authors() -> None:
    """Other fields are not searched, so a highlighted venue would be misleading."""
    assert highlighted("hopper", "Grace Hopper", "author") == ["Hopper"]
    assert highlighted("hopper", "Grace Hopper", "venue") == []
    assert highlighted("author:hopper", "Grace Hopper", "author") == ["Hopper"]


def test_spans_name_matches_unstemmed() -> None:
    assert highlighted("author:bengio", "Yoshua Bengio", "author") == ["Bengio"]
    assert highlighted("author:an", "An Wang, Will Do", "author") == ["An"]
    assert highlighted('author:"will do"', "An Wang, Will Do", "author") == ["Will Do"]
    assert highlighted("author:studies", "Ann Study, Bob Studies", "author") == ["Studies"]
    assert highlighted('author:"an wa', "An Wang, Will Do", "author", typing=True) == ["An Wang"]


WORDS = st.sampled_from(
    ["graph", "Graphs", "pre-training", "pre", "the", "Képes", 'Schr\\"odinger', "\\'{e}t\\'e",
     "e\u0301", "GPT-3.5", "S^3c-Math", "don't", "深度学习", "ﬁne", "İ", "ß", "\\ss", "--", "{",
     "\n", "[/INST]", "😀", "\u0301", "'", '"', "*", "~", "(", ")", "OR", "title:", "is:", "-"]
)  # fmt: skip
TEXTS = st.lists(WORDS | st.text(max_size=6), max_size=14).map(" ".join) | st.lists(
    WORDS, max_size=14
).map("".join)


@given(query=TEXTS, text=TEXTS, typing=st.booleans())
def test_spans_any_text_are_sorted_and_disjoint(query: str, text: str, typing: bool) -> None:
    spans = Highlighter(parse(query, typing=typing).tree).spans(text, "title")
    at = -1
    for start, end in spans:
        assert at < start < end <= len(text)
        at = end


@given(words=st.lists(st.sampled_from(["graph", "speech", "neural", "retrieval"]), min_size=1))
def test_spans_words_of_text_are_found(words: list[str]) -> None:
    text = " ".join(words)
    assert "".join(highlighted(text, text)).replace(" ", "") == "".join(words)
    assert highlighted(f'"{text}"', text) == [text]
