"""The query language: the meaning of each construct, and that every text is accepted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.facets.fields import FIELDS, STATES
from index.query import (
    MAX_QUERY_CHARS,
    And,
    Everything,
    FieldTerm,
    Label,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Range,
    State,
    Word,
    every_leaf,
    format_term,
    leaves,
    parse,
    remove_filters,
    toggle_value,
)

TODAY = date(2026, 3, 11)

QUERIES = r"""
diffusion
diffusion speech
"in-context learning"
“curly quotes” here
a OR b
cats OR dogs OR birds
NOT cats
-cats
--cats
NOT NOT cats
cats -dogs
cats AND dogs
cats AND NOT dogs
(cats OR dogs) birds
(cats OR (dogs birds)) -fish
-(cats dogs)
trans*
tranformer~
GPT-4
GPT-3.5 OR T5
S^3c-Math
C4 corpus
pre-training
K\'epes
Schr\"odinger bridge
Schr"odinger
"Schr\"odinger bridge"
title:attention
title:"attention is all"
title:(cats dogs)
abstract:benchmark
author:schmidhuber
author:"Jürgen Schmidhuber"
author:schmidhubr~
venue:NeurIPS
keyword:"turing test"
category:cs.CL
source:page
source:"my page"
tag:nlp
tag:nlp/rag
tag:(nlp OR vision)
-tag:done
tag:nl*
note:important
id:oreo-plug-in-context
doi:10.1145/3442188.3445922
doi:https://doi.org/10.1145/3442188
arxiv:1706.03762
arxiv:1706
year:2020
year:202
year:2020..2024
year:..2019
year:2020..
year:>2020
year:>=2020
year:<2020
year:<=2020
year:=2020
date:2025
date:2025-03
date:2025-03-11
date:2025-03..
date:2025-03..2025-06
date:..2025-06-30
date:>2025-03-01
date:7d
date:2w
date:3m
date:1y
date:30d..7d
date:today
added:7d
added:>=2025-03-01
votes:5
votes:>50
votes:10..20
is:bookmarked
is:read
is:unread
is:tagged
is:noted
is:incomplete
is:selected
has:code
has:doi
has:abstract
has:authors
-is:read
is:unread has:code diffusion
query:watermarks
-query:"to read" OR query:wat*
query:(watermarks OR "to read") -speech
tag:nlp -source:page "large language models" OR year:2024
the
to be or not to be
Oreo: A Plug-in Context Reconstructor
https://arxiv.org/abs/1706.03762
Title: with a colon
自然言語処理
Ελληνικά λόγια
naïve Bayes
don't
a&b
x + y = z
$\alpha$-divergence
C++ OR C#
"unclosed phrase
(unclosed (brackets
closed) too often))
author:
autor:smith
tag:
is:nothing
has:teeth
year:soon
date:2025-99
votes:many
AND OR NOT
OR
- - -
"" '' ()
*
~
:
:::
((((((((((
-"not this" -(nor that)
title:author:nested
tag:"quoted \" inside"
field:value other
""".strip("\n").split("\n")


def tree(text: str, *, typing: bool = False) -> Node:
    return parse(text, typing=typing, today=TODAY).tree


def messages(text: str, *, typing: bool = False) -> list[str]:
    return [note.message for note in parse(text, typing=typing).notes]


class TestAnyText:
    def test_list_of_queries_has_a_hundred(self) -> None:
        assert len(QUERIES) > 100

    @pytest.mark.parametrize("text", QUERIES)
    def test_parse_every_prefix_of_query_is_accepted(self, text: str) -> None:
        for end in range(len(text) + 1):
            for typing in (False, True):
                query = parse(text[:end], typing=typing, today=TODAY)
                assert query.text == text[:end]
                for note in query.notes:
                    assert 0 <= note.start <= note.end <= end

    @given(st.text(), st.booleans())
    def test_parse_any_text_is_accepted(self, text: str, typing: bool) -> None:
        query = parse(text, typing=typing)
        assert all(0 <= note.start <= note.end <= len(text) for note in query.notes)
        assert all(0 <= term.start < term.end <= len(text) for term in query.filters)

    @given(st.lists(st.sampled_from(
        ["(", ")", '"', "“", "-", "*", "~", ":", "OR", "AND", "NOT", " ", "tag:", "year:", "date:",
         "is:", "author:", "2020", "..", ">", "cats", "dogs", "\\", "é", "the", "x:", "7d"]
    )).map("".join), st.booleans())  # fmt: skip
    def test_parse_any_tokens_are_accepted(self, text: str, typing: bool) -> None:
        query = parse(text, typing=typing)
        assert list(every_leaf(query.tree))
        toggle_value(text, "tag", "x")
        remove_filters(text)

    @pytest.mark.parametrize(
        "symbol",
        ["(", ")", "-", '"', "x:(", "a:", "~*", "is:", "tag:(", "NOT ", "cats OR ", "cats ", "-(",
         "title:", "?", "\\", "1..2 "],
    )  # fmt: skip
    def test_parse_ten_thousand_symbols_is_bounded(self, symbol: str) -> None:
        query = parse((symbol * MAX_QUERY_CHARS)[:MAX_QUERY_CHARS], typing=True)
        assert len(query.notes) <= 20
        assert len(list(every_leaf(query.tree))) <= 200

    def test_parse_long_text_is_cut_with_note(self) -> None:
        query = parse("cats " * 3000)
        assert isinstance(query.tree, And)
        assert {note.message for note in query.notes} == {
            "only the first 10,000 characters are read",
            "only the first 150 words are read",
        }


class TestMeaning:
    @pytest.mark.parametrize("text", ["", "  ", "()", '""', "AND", "OR", "NOT", "- -", "author:"])
    def test_parse_empty_query_matches_everything(self, text: str) -> None:
        assert parse(text).is_everything

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("cats", Word("cats")),
            ("cats dogs", And((Word("cats"), Word("dogs")))),
            ("cats AND dogs", And((Word("cats"), Word("dogs")))),
            ("cats OR dogs", Or((Word("cats"), Word("dogs")))),
            ("-cats", Not(Word("cats"))),
            ("NOT cats", Not(Word("cats"))),
            ("NOT NOT cats", Word("cats")),
            ("NOT -cats", Word("cats")),
            ("a cats", Word("cats")),
            ("or", Word("or")),
            ("the cats", Word("cats")),
            ("title:it", Word("it", "title")),
            ("title:it cats", And((Word("it", "title"), Word("cats")))),
            ("neur?l", Word("neur?l", wildcard=True)),
            ("*former", Word("*former", wildcard=True)),
            ("wo*d2v*", Word("wo*d2v*", starred=True, wildcard=True)),
            ('"in-context learning"', Phrase("in-context learning")),
            ("“curly”", Phrase("curly")),
            ('-"in context"', Not(Phrase("in context"))),
            ("trans*", Word("trans", prefix=True, starred=True)),
            ("tranformer~", Word("tranformer", fuzzy=True)),
            ("pre-training", Word("pre-training")),
            ("cats, dogs:", And((Word("cats"), Word("dogs")))),
            ("(cats)", Word("cats")),
            ("cats (dogs OR birds)", And((Word("cats"), Or((Word("dogs"), Word("birds")))))),
            ("cats dogs OR birds", Or((And((Word("cats"), Word("dogs"))), Word("birds")))),
            ("-(cats dogs)", Not(And((Word("cats"), Word("dogs"))))),
            ("title:cats", Word("cats", "title")),
            ("TITLE:cats", Word("cats", "title")),
            ("title: cats", Word("cats", "title")),
            ('author:"A B"', Phrase("A B", "author")),
            ("title:(cats -dogs)", And((Word("cats", "title"), Not(Word("dogs", "title"))))),
            ("author:the", Word("the", "author")),
            ("tag:nlp/rag", Label("tag", "nlp/rag")),
            ("tag:nl*", Label("tag", "nl", prefix=True)),
            ('source:"my page"', Label("source", "my page")),
            ('tag:"say \\"hi\\""', Label("tag", 'say "hi"')),
            ("doi:10.1000/a:b", Label("doi", "10.1000/a:b")),
            ("is:read", State("is", "read")),
            ("is:READ", State("is", "read")),
            ("has:code", State("has", "code")),
            ("-is:read", Not(State("is", "read"))),
            ("https://x.org/a:b", Word("https://x.org/a:b")),
        ],
    )  # fmt: skip
    def test_parse_construct_returns_tree(self, text: str, expected: Node) -> None:
        assert tree(text) == expected
        assert not parse(text).notes

    @pytest.mark.parametrize(
        ("text", "low", "high"),
        [
            ("year:2020", 2020, 2020),
            ("year:20", 2000, 2099),
            ("year:2020..2024", 2020, 2024),
            ("year:2020.", 2020, 2020),
            ("year:2020..", 2020, None),
            ("year:..2024", None, 2024),
            ("year:>2020", 2021, None),
            ("year:>=2020", 2020, None),
            ("year:<2020", None, 2019),
            ("year:<=2020", None, 2020),
            ("year:=2020", 2020, 2020),
            ("votes:>50", 51, None),
            ("votes:10..20", 10, 20),
            ("date:2025-03", "2025-03", "2025-03~"),
            ("date:2025-3", "2025-03", "2025-03~"),
            ("date:2025-03..", "2025-03", None),
            ("date:2025-03..2025-06", "2025-03", "2025-06~"),
            ("date:2025", "2025", "2025~"),
            ("date:>2025-03", "2025-03~", None),
            ("date:>=2025-03", "2025-03", None),
            ("date:<=2025-03", None, "2025-03~"),
            ("date:today", "2026-03-11", "2026-03-11~"),
            ("date:7d", "2026-03-04", None),
            ("date:2w", "2026-02-25", None),
            ("date:1y", "2025-03-10", None),
            ("date:99999y", "0001-01-01", None),
            ("date:14d..7d", "2026-02-25", "2026-03-04~"),
            ("added:7d", "2026-03-04", None),
        ],
    )
    def test_ranges_match_papers(
        self, text: str, low: int | str | None, high: int | str | None
    ) -> None:
        assert tree(text) == Range(text.split(":")[0], low, high)

    def test_range_before_month_excludes_all_its_days(self) -> None:
        asked = tree("date:<2025-03")
        assert isinstance(asked, Range)
        assert isinstance(asked.high, str)
        assert "2025-02-28" <= asked.high < "2025-03"
        assert asked.high >= "2025-02-28~"

    def test_leaves_exclude_negated_parts(self) -> None:
        found = list(leaves(tree("cats (dogs OR birds) -fish")))
        assert found == [Word("cats"), Word("dogs"), Word("birds")]
        assert Word("fish") in list(every_leaf(tree("cats -fish")))


class TestTyping:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("trans", Word("trans", prefix=True)),
            ("trans ", Word("trans")),
            ("cats tra", And((Word("cats"), Word("tra", prefix=True)))),
            ('"in cont', Phrase("in cont", prefix=True)),
            ('"in context ', Phrase("in context ")),
            ('"in context"', Phrase("in context")),
            ("(cats dog", And((Word("cats"), Word("dog", prefix=True)))),
            ("(cats OR", Word("cats")),
            ("cats OR", Word("cats")),
            ("cats NOT", Word("cats")),
            ("cats -", Word("cats")),
            ("cats (", Word("cats")),
            ('cats "', Word("cats")),
            ("author:", Everything()),
            ("cats author:", Word("cats")),
            ("author:schm", Word("schm", "author", prefix=True)),
            ("tag:nl", Label("tag", "nl", prefix=True)),
            ('source:"my pa', Label("source", "my pa", prefix=True)),
            ("year:20", Range("year", 2000, 2099)),
            ("year:", Everything()),
            ("year:>", Everything()),
            ("year:20..", Range("year", 2000, None)),
            ("date:2025-", Range("date", "2025", "2025~")),
            ("date:2025-0", Range("date", "2025-0", "2025-0~")),
            ("date:2025-03-", Range("date", "2025-03", "2025-03~")),
            ("is:book", State("is", "bookmarked")),
            ("is:", Everything()),
            ("is:re", State("is", "read")),
            ("has:ab", State("has", "abstract")),
            ("the", Word("the", prefix=True)),
            ("tranformer~", Word("tranformer", fuzzy=True)),
        ],
    )
    def test_unfinished_query_means_completed_query(self, text: str, expected: Node) -> None:
        query = parse(text, typing=True)
        assert query.tree == expected
        assert query.notes == ()

    def test_state_prefix_matches_any_state_with_it(self) -> None:
        assert tree("is:un", typing=True) == Or((State("is", "unread"), State("is", "untagged")))


class TestNotes:
    @pytest.mark.parametrize(
        ("text", "message", "place"),
        [
            ("autor:smith", "unknown field autor; did you mean author:?", "autor"),
            ("cats xyz:smith", "unknown field xyz", "xyz"),
            ("cats )", "unmatched closing bracket", ")"),
            ("author: ) x", "author: needs a value", "author: "),
            ("is:boked", "unknown value is:boked; did you mean is:bookmarked?", "boked"),
            ("year:soon", "invalid value year:soon; try year:2020, year:2020..2024 or "
             "year:>=2020", "soon"),
            ("date:2025-13", "invalid value date:2025-13; try date:2025-03, "
             "date:2025-03..2025-06 or date:7d", "2025-13"),
            ("votes:many", "invalid value votes:many; try votes:>50, votes:10..20 or "
             "votes:5", "many"),
            ("cats **", "no letter or digit to search for in **", "**"),
            ("cats ?!", "no letter or digit to search for in ?!", "?!"),
            ('cats "?!"', "no word to search for in quotes", '"?!"'),
        ],
    )  # fmt: skip
    def test_invalid_part_has_note_with_span(self, text: str, message: str, place: str) -> None:
        (note,) = parse(text).notes[:1]
        assert note.message == message
        assert text[note.start : note.end] == place

    @pytest.mark.parametrize("text", ["is:nothing", "year:soon", "?!", '"?!"'])
    def test_invalid_query_matches_nothing(self, text: str) -> None:
        assert isinstance(tree(text), Nothing)

    def test_valid_part_of_invalid_query_is_used(self) -> None:
        assert tree("cats autor:smith") == And((Word("cats"), Word("autor"), Word("smith")))

    def test_pasted_title_has_no_notes(self) -> None:
        assert messages("Oreo: A Plug-in Context Reconstructor — for RAG & more") == []


class TestFilters:
    @pytest.mark.parametrize(
        ("text", "terms"),
        [
            ("cats tag:nlp", [FieldTerm("tag", ("nlp",), False, 5, 12)]),
            ("-tag:nlp", [FieldTerm("tag", ("nlp",), True, 0, 8)]),
            ("NOT tag:nlp", [FieldTerm("tag", ("nlp",), True, 0, 11)]),
            ("tag:(a1 OR b1)", [FieldTerm("tag", ("a1", "b1"), False, 0, 14)]),
            ("tag:(a1 b1)", [FieldTerm("tag", ("(a1 b1)",), False, 0, 11, is_list=False)]),
            ('source:"my page"', [FieldTerm("source", ("my page",), False, 0, 16)]),
            ("(tag:nlp)", []),
            ("cats OR tag:nlp", []),
            ("cats dogs", []),
        ],
    )
    def test_filters_are_terms_that_restrict_whole_query(
        self, text: str, terms: list[FieldTerm]
    ) -> None:
        assert list(parse(text).filters) == terms

    values = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).map(
        lambda text: " ".join(text.split())
    ).filter(lambda text: text and not text.endswith("*"))  # fmt: skip

    @given(
        st.sampled_from(["tag", "source", "venue", "note", "query"]),
        st.lists(values, min_size=1),
        st.booleans(),
    )
    def test_format_term_parses_back(self, field: str, values: list[str], excluded: bool) -> None:
        text = format_term(field, values, excluded=excluded)
        query = parse(text)
        if query.filters:
            (term,) = query.filters
            assert (term.field, term.values, term.excluded) == (field, tuple(values), excluded)
            assert (term.start, term.end) == (0, len(text))
        else:  # symbols are not words of a venue
            assert field == "venue"
        if field != "venue":
            expected = (
                Or(tuple(Label(field, v) for v in values))
                if values[1:]
                else Label(field, values[0])
            )
            assert query.tree == (Not(expected) if excluded else expected)

    @pytest.mark.parametrize(
        "value", ["OR", "-x", "a b", 'a"b', "a\\", "a b\\", "x:y", "(x)", "”", "x~"]
    )
    def test_quote_value_any_value_parses_back(self, value: str) -> None:
        assert tree(format_term("source", [value])) == Label("source", value)

    def test_toggle_value_selects_and_excludes(self) -> None:
        text = toggle_value("cats ", "tag", "nlp")
        assert text == "cats tag:nlp "
        text = toggle_value(text, "tag", "my tag")
        assert text == 'cats tag:(nlp OR "my tag")'
        text = toggle_value(text, "tag", "nlp", exclude=True)
        assert text == '-tag:nlp cats tag:"my tag"'
        text = toggle_value(text, "tag", "my tag")
        assert text == "-tag:nlp cats"
        assert toggle_value(text, "tag", "nlp", exclude=True) == "cats"

    def test_toggle_value_keeps_unfinished_word_last(self) -> None:
        text = toggle_value("text gener", "is", "tagged")
        assert text == "is:tagged text gener"
        assert Word("gener", prefix=True) in every_leaf(parse(text, typing=True).tree)

    @pytest.mark.parametrize(
        "text",
        ["cats OR dogs", '"in cont', "(cats dogs", "cats NOT", "cats OR", 'cats OR "dogs',
         "tag:(a1 b1)", "cats OR tag:nlp", "-"],
    )  # fmt: skip
    def test_toggle_value_restricts_any_query(self, text: str) -> None:
        wanted = [leaf for leaf in every_leaf(tree(text)) if leaf != Everything()]
        narrowed = parse(toggle_value(text, "source", "page"))
        assert [term.values for term in narrowed.filters if term.field == "source"] == [("page",)]
        parts = narrowed.tree.parts if isinstance(narrowed.tree, And) else (narrowed.tree,)
        assert Label("source", "page") in parts
        assert [
            leaf for leaf in every_leaf(narrowed.tree) if leaf != Label("source", "page")
        ] == wanted

    @given(st.sampled_from(QUERIES), st.sampled_from(["nlp", "a b", "OR"]), st.booleans())
    def test_toggle_value_twice_preserves_meaning(
        self, text: str, value: str, exclude: bool
    ) -> None:
        there = toggle_value(text, "tag", value, exclude=exclude)
        assert there != text
        back = toggle_value(there, "tag", value, exclude=exclude)
        if not any(value in term.values for term in parse(text).filters if term.field == "tag"):
            assert set(map(repr, every_leaf(tree(back)))) == set(map(repr, every_leaf(tree(text))))

    @given(st.sampled_from(QUERIES))
    def test_remove_filters_leaves_no_filters(self, text: str) -> None:
        words = remove_filters(text)
        assert parse(words).filters == ()
        expected = set(map(repr, every_leaf(tree(words)))) - {"Everything()"}
        assert expected <= set(map(repr, every_leaf(tree(text)))) | {"Nothing()"}

    def test_remove_filters_preserves_words(self) -> None:
        assert remove_filters('cats tag:nlp -year:2020 "big dogs" is:read') == 'cats "big dogs"'


def test_every_field_and_state_has_no_notes() -> None:
    for field in FIELDS:
        value = {"state": "", "range": "2020"}.get(field.kind, "x1")
        assert not value or not parse(f"{field.name}:{value}").notes, field
    for row in STATES:
        assert tree(f"{row.field}:{row.name}") == State(row.field, row.name)
