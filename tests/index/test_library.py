"""The `Library` class: searches, sort orders, states, facets and papers."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from index import CarrelError, Library, Paper
from index.engines.base import MIN_FULL_MATCHES
from index.errors import UnknownPaper
from index.facets.fields import FACET_FIELDS
from index.marks.changes import Bookmark, Note, Read, Tag
from index.papers.paper import build_paper
from index.search.orders import SORTS
from tests.keys import keys

PAPERS = [
    build_paper(
        title="Attention Is All You Need",
        abstract="A transformer uses attention alone.",
        authors=["Ashish Vaswani"],
        year=2017,
        date="2017-06-12",
        venue="NeurIPS",
        arxiv_id="1706.03762",
        votes=90,
        categories=["cs.CL", "cs.LG"],
    ),
    build_paper(
        title="Generative Adversarial Nets",
        abstract="Two networks play a game.",
        authors=["Ian Goodfellow"],
        year=2014,
        venue="NeurIPS",
        votes=70,
        keywords=["GAN"],
    ),
    build_paper(
        title="Képes mondatok",
        abstract="Language models of Hungarian at github.com/k/m.",
        authors=["Ervin Képes"],
        year=2024,
        date="2024-03-01",
        votes=5,
        categories=["cs.CL.HU"],
    ),
    build_paper(title="Bare listing entry"),
    build_paper(
        title="In-context learning",
        abstract="Language models learn in context.",
        year=2024,
        date="2024-03",
        doi="10.1000/182",
        url="https://x.org/icl",
    ),
]
IDS = ["1706.03762", "generative-adversarial-nets", "kepes-mondatok", "bare-listing-entry",
       "in-context-learning"]  # fmt: skip
ATTENTION, NETS, KEPES, BARE, CONTEXT = IDS


@pytest.fixture
def shelf(library: Library) -> Library:
    """Five papers from two sources: the newer one holds the last two and the first."""
    library.add(PAPERS[:3], "old page")
    library.add([PAPERS[4], PAPERS[3], PAPERS[0]], "new page")
    return library


def found(library: Library, text: str, **how: object) -> list[str]:
    return [hit.id for hit in library.search(text, **how).hits]  # type: ignore[arg-type]


def everything(library: Library, text: str, **how: object) -> set[str]:
    return {h.id for h in library.search(text, **how).hits if h.match == "all"}  # type: ignore[arg-type]


class TestListing:
    def test_search_empty_query_lists_newest_source_first(self, shelf: Library) -> None:
        assert found(shelf, "") == [CONTEXT, BARE, ATTENTION, NETS, KEPES]

    def test_search_states_only_keeps_listing_order(self, shelf: Library) -> None:
        assert found(shelf, "is:unread") == [CONTEXT, BARE, ATTENTION, NETS, KEPES]
        assert found(shelf, "year:2010..") == [CONTEXT, ATTENTION, NETS, KEPES]

    def test_search_equal_scores_keep_listing_order(self, library: Library) -> None:
        library.add([Paper(title=f"Same {n}", id=f"s{n}") for n in range(9)], "page")
        assert found(library, "same") == [f"s{n}" for n in range(9)]

    def test_search_limit_and_offset_return_a_page(self, shelf: Library) -> None:
        results = shelf.search("", limit=2, offset=1)
        assert [hit.id for hit in results.hits] == [BARE, ATTENTION]
        assert results.total == 5
        assert len(shelf.search("", limit=0).hits) == 0
        assert shelf.search("", offset=99).hits == ()

    def test_search_empty_library_returns_nothing(self, library: Library) -> None:
        for text in ("", "cats", "tag:x", "is:unread", '"a phrase here"', "-cats", "cats~", "cat*"):
            assert library.search(text).total == 0
        assert [facet.counts for facet in library.facets()] == [()] * len(FACET_FIELDS)

    def test_search_emptied_library_returns_nothing(self, shelf: Library) -> None:
        assert shelf.search("attention").total == 1
        shelf.remove_source("old page")
        shelf.remove_source("new page")
        assert shelf.search("attention").total == 0
        assert shelf.search("atten", typing=True).total == 0


class TestSorts:
    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("newest", [KEPES, CONTEXT, ATTENTION, NETS, BARE]),
            ("oldest", [NETS, ATTENTION, CONTEXT, KEPES, BARE]),
            ("title", [ATTENTION, BARE, NETS, CONTEXT, KEPES]),
            ("votes", [ATTENTION, NETS, KEPES, CONTEXT, BARE]),
        ],
    )
    def test_sort_all_papers_are_in_order(
        self, shelf: Library, sort: str, expected: list[str]
    ) -> None:
        results = shelf.search("", sort=sort)
        assert [hit.id for hit in results.hits] == expected
        assert results.sort == sort
        assert found(shelf, "is:unread", sort=sort) == expected

    def test_sort_added_is_latest_first(self, library: Library) -> None:
        moments = [
            "2024-01-01T00:00:00+00:00",
            "2026-01-01T00:00:00+00:00",
            "2025-01-01T00:00:00+00:00",
        ]
        library.add(
            [Paper(title=f"P{n}", id=f"p{n}", added=at) for n, at in enumerate(moments)], "page"
        )
        assert found(library, "", sort="added") == ["p1", "p2", "p0"]

    def test_sort_of_words_keeps_full_matches_first(self, shelf: Library) -> None:
        assert found(shelf, "language models", sort="oldest")[:2] == [CONTEXT, KEPES]

    def test_sort_relevance_ranks_title_above_abstract(self, library: Library) -> None:
        library.add([Paper(title="On things", abstract="about cats and more"),
                     Paper(title="On cats", abstract="about things and more")], "page")  # fmt: skip
        assert found(library, "cats") == ["cats", "things"]

    def test_sort_unknown_name_raises(self, shelf: Library) -> None:
        with pytest.raises(CarrelError, match="unknown sort 'best'; use one of relevance"):
            shelf.search("", sort="best")
        assert len(SORTS) == 7


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("attention", {ATTENTION}),
            ("ATTENTIONS", {ATTENTION}),
            ("kepes", {KEPES}),
            ("Képes", {KEPES}),
            (r"K\'epes", {KEPES}),
            ("language models", {KEPES, CONTEXT}),
            ("language models -hungarian", {CONTEXT}),
            ("attention OR game", {ATTENTION, NETS}),
            ('"language models learn"', {CONTEXT}),
            ('"models language"', set()),
            ("incontext", {CONTEXT}),
            ("title:language", set()),
            ("title:attention", {ATTENTION}),
            ("abstract:attention", {ATTENTION}),
            ("abstract:generative", set()),
            ("author:vaswani", {ATTENTION}),
            ("author:kepes", {KEPES}),
            ("venue:neurips", {ATTENTION, NETS}),
            ("keyword:gan", {NETS}),
            ("trans*", {ATTENTION}),
            ("atention~", {ATTENTION}),
            ("attention year:2014", set()),
        ],
    )
    def test_search_construct_matches_papers(
        self, shelf: Library, text: str, expected: set[str]
    ) -> None:
        assert everything(shelf, text) == expected

    def test_search_while_typing_last_word_is_prefix(self, shelf: Library) -> None:
        assert everything(shelf, "generativ", typing=True) == {NETS}
        assert everything(shelf, "lang", typing=True) == {KEPES, CONTEXT}
        assert everything(shelf, "lang ", typing=True) == set()

    def test_search_few_full_matches_adds_partial_matches(self, shelf: Library) -> None:
        results = shelf.search("language attention")
        assert results.full == 0
        assert {hit.id for hit in results.hits} == {ATTENTION, KEPES, CONTEXT}
        assert {hit.match for hit in results.hits} == {"some"}

    def test_search_full_matches_come_first_and_are_marked(self, library: Library) -> None:
        both = [Paper(title=f"Cats and dogs {n}", id=f"b{n}") for n in range(MIN_FULL_MATCHES - 1)]
        library.add([Paper(title="Cats " * 9, id="cats"), *both], "page")
        results = library.search("cats dogs")
        assert [hit.match for hit in results.hits] == ["all"] * (MIN_FULL_MATCHES - 1) + ["some"]
        library.add([Paper(title="More cats and dogs")], "page")
        assert library.search("cats dogs").total == MIN_FULL_MATCHES

    def test_search_fields_and_states_always_restrict(self, shelf: Library) -> None:
        assert set(found(shelf, "language attention year:2017")) == {ATTENTION}
        assert set(found(shelf, "language attention -author:vaswani")) == {KEPES, CONTEXT}
        assert found(shelf, "language year:1999") == []

    def test_search_scores_are_descending_and_time_is_measured(self, shelf: Library) -> None:
        results = shelf.search("language models learn")
        scores = [hit.score for hit in results.hits if hit.match == "all"]
        assert scores == sorted(scores, reverse=True)
        assert all(score > 0 for score in scores)
        assert 0 < results.took < 60

    def test_search_invalid_term_has_note(self, shelf: Library) -> None:
        assert [note.message for note in shelf.search("attention is:x").notes]


class TestStates:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("is:bookmarked", {ATTENTION}),
            ("is:read", {NETS}),
            ("is:unread", {ATTENTION, KEPES, BARE, CONTEXT}),
            ("is:tagged", {ATTENTION, KEPES}),
            ("is:untagged", {NETS, BARE, CONTEXT}),
            ("is:noted", {CONTEXT}),
            ("-is:tagged", {NETS, BARE, CONTEXT}),
            ("tag:nlp", {ATTENTION, KEPES}),
            ("tag:NLP", {ATTENTION, KEPES}),
            ("tag:nlp/rag", {KEPES}),
            ("tag:nl", set()),
            ("tag:nl*", {ATTENTION, KEPES}),
            ("tag:(todo OR nlp/rag)", {ATTENTION, KEPES}),
            ("note:fine", {CONTEXT}),
            ("note:KEPES", {CONTEXT}),
            ('source:"old page"', {ATTENTION, NETS, KEPES}),
            ("source:new", {ATTENTION, BARE, CONTEXT}),
            ("source:old source:new", {ATTENTION}),
            ("category:cs.CL", {ATTENTION, KEPES}),
            ("category:cs", {ATTENTION, KEPES}),
            ("category:cs.C", set()),
            ("id:1706.03762", {ATTENTION}),
            ("id:GENERATIVE-*", {NETS}),
            ("id:generative", set()),
            ("arxiv:1706.03762v3", {ATTENTION}),
            ("arxiv:1706", {ATTENTION}),
            ("doi:10.1000/182", {CONTEXT}),
            ("doi:https://doi.org/10.1000/182", {CONTEXT}),
            ("year:2024", {KEPES, CONTEXT}),
            ("year:<2017", {NETS}),
            ("date:2024-03", {KEPES, CONTEXT}),
            ("date:2024-03-01..", {KEPES}),
            ("date:..2017-06", {ATTENTION, NETS}),
            ("date:2014", {NETS}),
            ("votes:>50", {ATTENTION, NETS}),
            ("votes:5..70", {NETS, KEPES}),
            ("added:7d", set(IDS)),
            ("added:<2000", set()),
            ("has:abstract", {ATTENTION, NETS, KEPES, CONTEXT}),
            ("-has:abstract", {BARE}),
            ("has:authors", {ATTENTION, NETS, KEPES}),
            ("has:code", {KEPES}),
            ("has:doi", {CONTEXT}),
            ("has:arxiv", {ATTENTION}),
            ("has:url", {ATTENTION, KEPES, CONTEXT}),
            ("has:venue", {ATTENTION, NETS}),
            ("has:keywords", {NETS}),
            ("has:year", {ATTENTION, NETS, KEPES, CONTEXT}),
            ("has:note", {CONTEXT}),
            ("language is:tagged", {KEPES}),
            ("is:bookmarked OR is:read", {ATTENTION, NETS}),
        ],
    )
    def test_state_matches_papers(self, shelf: Library, text: str, expected: set[str]) -> None:
        shelf.apply(Bookmark((ATTENTION,)))
        shelf.apply(Read((NETS,)))
        shelf.apply(Tag((ATTENTION,), ("nlp", "todo")))
        shelf.apply(Tag((KEPES,), ("nlp/rag",)))
        shelf.apply(Note((CONTEXT,), "Fine, says Képes"))
        assert set(found(shelf, text)) == expected

    def test_state_selected_matches_given_papers(self, shelf: Library) -> None:
        picked = frozenset(shelf.keys([NETS, KEPES]))
        assert set(found(shelf, "is:selected", selected=picked)) == {NETS, KEPES}
        assert set(found(shelf, "language is:selected", selected=picked)) == {KEPES}
        assert found(shelf, "is:selected") == []
        assert found(shelf, "is:selected", selected=frozenset({999})) == []

    def test_state_results_follow_every_change(self, shelf: Library) -> None:
        assert found(shelf, "is:bookmarked") == []
        shelf.apply(Bookmark((NETS,)))
        assert found(shelf, "is:bookmarked") == [NETS]
        shelf.undo()
        assert found(shelf, "is:bookmarked") == []
        shelf.redo()
        assert found(shelf, "is:bookmarked") == [NETS]
        counts = {count.value: count.count for count in shelf.facets()[0].counts}
        assert counts == {"unread": 5, "bookmarked": 1, "untagged": 5, "incomplete": 3}
        shelf.add([Paper(title="Later")], "later")
        assert found(shelf, "")[0] == "later"

    def test_state_results_follow_changes_of_other_session(
        self, shelf: Library, folder: Path
    ) -> None:
        assert found(shelf, "tag:x") == []
        with Library.open(folder) as other:
            other.apply(Tag((NETS,), ("x",)))
        assert found(shelf, "tag:x") == [NETS]


class TestFacets:
    def test_facet_counts_equal_search_for_each_value(self, shelf: Library) -> None:
        shelf.apply(Tag((ATTENTION, KEPES), ("nlp",)))
        shelf.apply(Tag((NETS,), ("nlp/rag", "todo")))
        shelf.apply(Read((KEPES,)))
        for text in ("", "language", "year:2010..", "is:tagged", "absent", "language attention"):
            results = shelf.search(text, limit=0)
            shown = set(results.all_keys().tolist())
            for facet in shelf.facets(text):
                for count in facet.counts:
                    term = f'{facet.field}:"{count.value}"'
                    members = set(shelf.search(term, limit=0).all_keys().tolist())
                    assert count.count == len(members & shown) > 0, (text, term)

    def test_facets_include_every_value_of_a_paper(self, shelf: Library) -> None:
        counts = {facet.field: {c.value: c.count for c in facet.counts} for facet in shelf.facets()}
        papers = shelf.papers(IDS)
        assert counts["year"] == Counter(str(paper.year) for paper in papers if paper.year)
        assert counts["venue"] == {"NeurIPS": 2}
        assert counts["source"] == {"old page": 3, "new page": 3}
        assert counts["is"] == {"unread": 5, "untagged": 5, "incomplete": 3}
        assert counts["has"]["abstract"] == 4

    def test_facet_tag_includes_nested_tags(self, shelf: Library) -> None:
        shelf.apply(Tag((NETS,), ("nlp/rag/eval",)))
        shelf.apply(Tag((KEPES,), ("nlp",)))
        tags = next(facet for facet in shelf.facets() if facet.field == "tag")
        assert [(c.value, c.count) for c in tags.counts] == [
            ("nlp", 2), ("nlp/rag", 1), ("nlp/rag/eval", 1)
        ]  # fmt: skip

    def test_facets_years_are_newest_first_and_states_in_order(self, shelf: Library) -> None:
        facets = {facet.field: [c.value for c in facet.counts] for facet in shelf.facets()}
        assert facets["year"] == ["2024", "2017", "2014"]
        states = "unread read bookmarked later dismissed tagged untagged noted incomplete".split()
        assert facets["is"] == [state for state in states if state in facets["is"]]


class TestPapers:
    def test_papers_are_in_given_order(self, shelf: Library) -> None:
        assert [paper.id for paper in shelf.papers([KEPES, ATTENTION, KEPES])] == [KEPES, ATTENTION]

    def test_papers_by_arxiv_id_or_doi(self, shelf: Library) -> None:
        written = ["arXiv:1706.03762v2", "https://doi.org/10.1000/182", "Kepes-Mondatok"]
        assert [paper.id for paper in shelf.papers(written)] == [ATTENTION, CONTEXT, KEPES]

    def test_papers_unknown_id_raises_with_suggestion(self, shelf: Library) -> None:
        with pytest.raises(UnknownPaper, match="no paper has the id generative-adv; did you mean "
                                               "generative-adversarial-nets"):  # fmt: skip
            shelf.papers(["generative-adv"])
        with pytest.raises(UnknownPaper, match="no paper has the id a, b, c and 1 more"):
            shelf.papers(["a", NETS, "b", "c", "d"])
        with pytest.raises(UnknownPaper):
            shelf.papers([""])

    def test_apply_unknown_paper_changes_nothing(self, shelf: Library) -> None:
        with pytest.raises(UnknownPaper):
            shelf.apply(Bookmark((NETS, "nothing")))
        assert found(shelf, "is:bookmarked") == []

    def test_ids_of_deleted_keys_are_omitted(self, shelf: Library) -> None:
        assert shelf.ids(keys(1, 999, 2)) == [ATTENTION, NETS]
        assert [paper.key for paper in shelf._papers.rows(keys(2, 999, 1))] == keys(2, 1)

    def test_tags_and_stats_have_counts(self, shelf: Library) -> None:
        shelf.apply(Tag((NETS, KEPES), ("x",)))
        assert shelf.marks.tags() == {"x": 2}
        stats = shelf.stats()
        assert (stats["papers"], stats["sources"], stats["tagged"], stats["with_doi"]) == (
            5,
            2,
            2,
            1,
        )

    def test_doctor_intact_library_has_no_problems(self, shelf: Library) -> None:
        shelf.search("x")
        assert [(check.name, check.passed) for check in shelf.doctor.check()] == [
            ("library", True), ("database", True), ("backups", True), ("search index", True)
        ]  # fmt: skip


def test_marks_of_many_papers_cost_is_linear(library: Library) -> None:
    library.add([Paper(title=f"Paper {n}", id=f"p{n}") for n in range(5_000)], "page")
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    def cost(papers: int) -> int:
        """Tag `count` papers and undo it; return the thousands of steps that SQLite took."""
        nonlocal steps
        steps = 0
        ids = tuple(f"p{n}" for n in range(papers))
        assert library.apply(Tag(ids, ("x", "y"))).papers == papers
        entry = library.undo()
        assert entry is not None
        assert entry.papers == papers
        return steps

    library._database.connection.set_progress_handler(count, 1_000)
    assert cost(5_000) < 2 * 5 * cost(1_000)
    assert library.marks.tags() == {}


def test_results_keys_are_an_array_of_all_matches(shelf: Library) -> None:
    results = shelf.search("language", limit=1)
    assert results.all_keys().dtype == np.int64
    assert len(results.all_keys()) == results.total == 2
    assert len(results.hits) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        ("pre-training", "pretraining", "pre training"),
        ("data-set", "dataset", "data set"),
        ("GPT-4", "GPT4", "gpt 4"),
        ("fine-tuned", "finetuned", "Fine tuned"),
    ],
)
def test_search_compound_matches_any_spelling(library: Library, spellings: tuple[str, ...]) -> None:
    library.add([Paper(title=f"Number {n}", abstract=f"It is about {written} here.", id=f"{n}")
                 for n, written in enumerate(spellings)], "page")  # fmt: skip
    library.add([Paper(title="Of 4 sets", id="other"), Paper(title="Tuned data, fine", id="apart")],
                "page")  # fmt: skip
    for asked in spellings:
        for text in (asked, f"{asked} about", f"-(nothing {asked}) {asked}"):
            results = library.search(text)
            found = {hit.id for hit in results.hits if hit.match == "all"}
            assert found - {"apart"} == {"0", "1", "2"}, text
            assert "apart" not in found or " " in asked
