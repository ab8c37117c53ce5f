"""Spelling suggestions, and completion of unfinished queries."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index import Library, Paper
from index.facets.columns import Column
from index.facets.layers import LayeredColumn
from index.facets.pairs import Pairs
from index.marks.changes import Tag
from index.query import QueryNote
from index.query.unfinished import UnfinishedTerm, unfinished_term
from index.search.values import LayeredValues, ValueCache, Values
from index.text.folding import fold

PAPERS = [
    *(Paper(f"Transformers and attention {n}", "A language model with attention.", id=f"t{n}",
            authors=("Ashish Vaswani", "Bo Li"), venue="NeurIPS", year=2017,
            categories=("cs.CL",)) for n in range(4)),
    *(Paper(f"Good intention {n}", "On what is meant.", id=f"i{n}", authors=("Ervin Képes",),
            venue="ACL", year=2020 + n, keywords=("speech acts",)) for n in range(2)),
    Paper("Speech diffusion", "Mechanism of a diffusion of speech.", id="d", authors=("Ada Ek",)),
    Paper("GPT-4 and Llama", "Where the attenton slips.", id="g"),
]  # fmt: skip

AUTHORS = st.lists(
    st.tuples(
        st.integers(1, 9), st.sampled_from(["Ada Lo", "Ada Li", "ada li", "Bo Ada", "Ben Li"])
    ),
    max_size=9,
)
"""Pairs of a paper and an author."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("suggesting")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        with Library.open(home / "library") as library:
            library.add(PAPERS, "daily page")
            library.apply(Tag(("t0", "t1"), add=("nlp/rag", "To Read")))
            library.apply(Tag(("t2",), add=("nlp/agents",)))
            library.index.sync()
            library.catalogue.sync()
            yield library


class TestSpelling:
    def offers(self, library: Library, text: str, *, typing: bool = False) -> dict[str, list[str]]:
        """Return the offers for each word that has any."""
        results = library.search(text, typing=typing, limit=0)
        results = replace(results, suggestions=library.spelling.suggestions(results))
        return {text[note.start : note.end]: list(note.offers) for note in results.notes}

    def test_search_unknown_word_is_replaced_by_nearest(self, shelf: Library) -> None:
        results = shelf.search("tranformer attention")
        assert results.notes == (
            QueryNote("no paper has tranformer; showing transformers", 0, 10, ("transformers",),
                      '"tranformer"'),
        )  # fmt: skip
        assert [hit.id for hit in results.hits] == [
            hit.id for hit in shelf.search("transformers attention").hits
        ]
        assert not shelf.spelling.suggestions(results)

    @pytest.mark.parametrize("text", ['"tranformer"', "-tranformer speech", "author:vaswanni"])
    def test_search_word_in_quotes_excluded_or_a_name_is_not_replaced(
        self, shelf: Library, text: str
    ) -> None:
        assert not shelf.search(text).notes
        assert self.offers(shelf, text)

    def test_search_misspelt_author_is_replaced_in_plain_query(self, shelf: Library) -> None:
        results = shelf.search("vaswanni attention")
        assert results.notes[0].offers == ("vaswani",)
        assert results.full == shelf.search("author:vaswani attention").full > 0

    def test_spelling_known_word_offers_nothing(self, shelf: Library) -> None:
        for text in ("transformer", "attenton", "Képes", "author:vaswani", "the", "", "is:read",
                     "attention -transformer", '"language model"', "year:2017"):  # fmt: skip
            assert not self.offers(shelf, text), text

    def test_spelling_unlike_any_word_offers_nothing(self, shelf: Library) -> None:
        assert not self.offers(shelf, "xylophone zz author:xylophone x" + "y" * 500)

    def test_spelling_offers_are_sorted_by_edits_then_papers(self, shelf: Library) -> None:
        assert self.offers(shelf, "intntion") == {"intntion": ["intention"]}
        assert self.offers(shelf, "attentoin")["attentoin"][0] == "attention"
        assert self.offers(shelf, "ntention")["ntention"] == ["intention", "attention"]

    def test_spelling_prefers_words_that_occur_with_the_rest_of_the_query(
        self, shelf: Library
    ) -> None:
        # One edit from two words: "acts" is more common, "arts" occurs with "fine".
        papers = [*(Paper(f"Speech acts {n}", id=f"s{n}") for n in range(5)), Paper("Fine arts")]
        shelf.add(papers, "another page")
        assert self.offers(shelf, "arcts")["arcts"][0] == "acts"
        assert self.offers(shelf, "fine arcts")["arcts"][0] == "arts"
        shelf.remove_source("another page")

    def test_spelling_while_typing_ignores_prefixes_of_known_words(self, shelf: Library) -> None:
        assert not self.offers(shelf, "transf", typing=True)
        assert self.offers(shelf, "tranf", typing=True) == {}  # too many edits from any word
        assert "tranformer" in self.offers(shelf, "tranformer", typing=True)
        assert "mechanizm" in self.offers(shelf, "mechanizm dif", typing=True)

    @pytest.mark.parametrize(
        ("text", "word", "offer"),
        [
            ("-tranformer speech", "tranformer", "transformers"),
            ('"langwage model"', "langwage", "language"),
            ("title:(atention OR spoech)", "atention", "attention"),
            ("author:vaswanni", "vaswanni", "Vaswani"),
            ('author:"ervin kepez"', "kepez", "Képes"),
            ("venue:neurisp", "neurisp", "NeurIPS"),
            ("diffusion, mechansm.", "mechansm", "mechanism"),
        ],
    )
    def test_spelling_finds_words_anywhere_in_query(
        self, shelf: Library, text: str, word: str, offer: str
    ) -> None:
        assert self.offers(shelf, text)[word][0] == offer

    def test_spelling_split_word_is_offered_joined(self, shelf: Library) -> None:
        assert shelf.search("speech diffu sion").full == 1
        assert not self.offers(shelf, "speech diffu sion")
        assert self.offers(shelf, '"speech diffu sion"') == {"diffu sion": ["diffusion"]}

    def test_spelling_joined_words_are_found_split(self, shelf: Library) -> None:
        assert shelf.search("languagemodel").full == 4
        assert not self.offers(shelf, "languagemodel")

    def test_spelling_different_number_is_not_offered(self, shelf: Library) -> None:
        assert not self.offers(shelf, "GPT-5")

    def test_search_notes_are_in_order_of_query(self, shelf: Library) -> None:
        text = "autor:x mechansm is:reaad"
        results = shelf.search(text)
        notes = replace(results, suggestions=shelf.spelling.suggestions(results)).notes
        assert [note.offers for note in notes] == [("author",), ("mechanism",), ("read",)]
        for note in reversed(notes):
            text = text[: note.start] + note.offers[0] + text[note.end :]
        assert text == "author:x mechanism is:read"


class TestUnfinishedTerm:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("cats do", UnfinishedTerm("", "do", 5)),
            ("-cats", UnfinishedTerm("", "cats", 1)),
            ("tag:", UnfinishedTerm("tag", "", 4)),
            ("-tag:nl", UnfinishedTerm("tag", "nl", 5)),
            ("tag:(a OR b", UnfinishedTerm("tag", "b", 10)),
            ("tag:((a) b", UnfinishedTerm("tag", "b", 9)),
            ("(tag:a b", UnfinishedTerm("", "b", 7)),
            ("tag:(a) b", UnfinishedTerm("", "b", 8)),
            ('author:"ada lo', UnfinishedTerm("author", "ada lo", 7, True)),
            ('"in con', UnfinishedTerm("", "in con", 0, True)),
        ],
    )
    def test_unfinished_term_at_end_of_query(self, text: str, expected: UnfinishedTerm) -> None:
        assert unfinished_term(text) == expected

    @pytest.mark.parametrize("text", ["", "cats ", "tag: ", "foo:", "a OR", "(", ")", '"a"', "a)"])
    def test_unfinished_term_of_finished_query_is_none(self, text: str) -> None:
        assert unfinished_term(text) is None

    @given(st.text())
    def test_unfinished_term_ends_the_query(self, text: str) -> None:
        end = unfinished_term(text)
        assert end is None or text[end.start + end.quoted :] == end.text


class TestCompletion:
    @pytest.mark.parametrize(
        ("text", "shown", "taken"),
        [
            ("au", "thor:", "author:"),
            ("cats -au", "thor:", "cats -author:"),
            ("diff", "usion", "diffusion"),
            ("Tran", "sformers", "Transformers"),
            ("title:diff", "usion", "title:diffusion"),
            ('"speech diff', "usion", '"speech diffusion'),
            ("pre-diff", "usion", "pre-diffusion"),
            ("is:b", "ookmarked", "is:bookmarked"),
            ("is:(read OR no", "ted", "is:(read OR noted"),
            ("has:ab", "stract", "has:abstract"),
            ("tag:nlp/a", "gents", "tag:nlp/agents"),
            ("tag:TO", "-Read", "tag:To-Read"),
            ("tag:age", " → nlp/agents", "tag:nlp/agents"),
            ("source:dai", "ly page", 'source:"daily page"'),
            ("author:ash", "ish Vaswani", 'author:"Ashish Vaswani"'),
            ("author:", "Ashish Vaswani", 'author:"Ashish Vaswani"'),
            ("author:kép", " → Ervin Képes", 'author:"Ervin Képes"'),
            ("author:KEPE", " → Ervin Képes", 'author:"Ervin Képes"'),
            ('author:"ervin kep', 'es"', 'author:"Ervin Képes"'),
            ("venue:neu", "rIPS", 'venue:"NeurIPS"'),
            ("category:cs", ".CL", "category:cs.CL"),
            ("keyword:ac", " → speech acts", 'keyword:"speech acts"'),
            ("year:20", "17", "year:2017"),
        ],
    )
    def test_completion_offers_most_likely_ending(
        self, shelf: Library, text: str, shown: str, taken: str
    ) -> None:
        offer = shelf.completions.complete(text)
        assert offer
        assert (offer.shown, offer.text) == (shown, taken)

    @pytest.mark.parametrize(
        "text",
        ["", "d", "diffusion", "xyzzy", "cats ", "year:2017", "tag:xyzzy", "id:t", "note:x", "foo:",
         "OR", "votes:", "author:x,", "12", 'author:"Ervin Képes"', "-"],
    )  # fmt: skip
    def test_completion_without_candidates_offers_nothing(self, shelf: Library, text: str) -> None:
        assert shelf.completions.complete(text) is None

    def test_completion_offers_values_of_new_paper_and_tag(self, library: Library) -> None:
        offer = library.completions.complete
        assert offer("author:") is None
        library.add([Paper("T", id="t", authors=("Ada Lovelace",))], "page")
        library.catalogue.sync()
        found = offer("author:")
        assert found
        assert found.text == 'author:"Ada Lovelace"'
        assert offer("tag:") is None
        library.apply(Tag(("t",), add=("x",)))
        found = offer("tag:")
        assert found
        assert found.text == "tag:x"

    def test_completion_offers_saved_searches(self, shelf: Library) -> None:
        shelf.saved.add("to read", "is:unread")
        offer = shelf.completions.complete("query:to")
        shelf.saved.remove("to read")
        assert offer
        assert offer.text == 'query:"to read"'

    @given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1)))
    def test_most_likely_value_is_first(self, values: list[str]) -> None:
        folded = [value for value in values if fold(value)]
        assert Values(folded).likeliest("") == next(iter(folded), None)
        for value in folded:
            found = Values(folded).likeliest(fold(value)[:1])
            assert found is None or fold(found).startswith(fold(value)[:1])

    @given(AUTHORS, st.sets(st.integers(1, 9)), AUTHORS)
    @example([(1, "Ada Lo"), (2, "Ada Lo"), (3, "Ada Li")], set(), [(4, "ada li"), (5, "Ada Li")])
    @example([(1, "Ada Lo"), (2, "Ada Li"), (2, "Bo Ada")], {1, 2}, [(1, "Ben Ad")])
    def test_most_likely_value_is_found_in_layers(
        self, base: list[tuple[int, str]], removed: set[int], recent: list[tuple[int, str]]
    ) -> None:
        recent = [(paper if paper in removed else paper + 10, value) for paper, value in recent]
        column = Column.of(base, fold)
        layered = LayeredColumn.of(column).changed(sorted(removed), Pairs(recent))
        values = LayeredValues(Values(column.by_frequency()), layered)
        whole = Column.of([pair for pair in base if pair[0] not in removed] + recent, fold)
        for prefix in ("", "a", "ada", "ada l", "li", "be", "x"):
            found, likely = values.likeliest(prefix), Values(whole.by_frequency())
            expected = likely.likeliest(prefix)
            assert (found is None) == (expected is None)
            if found and expected:
                assert whole.find(found) >= 0
                if not removed:
                    assert fold(found) == fold(expected)

    def test_values_of_a_base_are_prepared_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        column = LayeredColumn.of(Column.of([(1, "Ada Lo"), (2, "Bo Li")], fold))
        known = ValueCache()
        assert known.of("author", column).likeliest("a") == "Ada Lo"
        monkeypatch.setattr(Column, "by_frequency", None)
        changed = column.changed((), Pairs([(3, "Ann Ny"), (4, "Ann Ny")]))
        assert known.of("author", changed).likeliest("a") == "Ann Ny"
        assert known.of("author", changed).likeliest("bo") == "Bo Li"
