"""Near duplicates: which pairs are one paper, which are not, and what merging keeps and undoes."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import CarrelError, Library, Paper
from index.duplicates.detection import DuplicatePair, find_duplicates, overlap
from index.errors import CannotUndo
from index.marks.changes import Bookmark, Note, Read, Tag
from index.papers.identity import identity
from index.papers.paper import PaperKey
from index.store.merges import ComparedPaper
from index.text.titles import normalize_word
from tests.examples import examples

TEXT = (
    "Retrieval augmented models are easily led astray by documents that hold noise. We present a "
    "module that rewrites what was retrieved before it is read, and show on five tasks of question "
    "answering that it helps."
)
REWORKED = TEXT.replace("We present", "In this paper we present") + " Our code is online."
OTHER_OVERLAP = (
    "Speech is made from text by diffusion in a space that was learned before. Listeners prefer it "
    "to what came earlier, and it is made in a tenth of the time on a small machine."
)
ADA, GRACE, ALAN = "Ada Lovelace", "Grace Hopper", "Alan Turing"


def paper(
    title: str, abstract: str = TEXT, authors: tuple[str, ...] = (ADA, GRACE), **known: object
) -> Paper:
    return Paper(title, abstract, authors=authors, **known)  # type: ignore[arg-type]  # its fields


def judged(*papers: Paper) -> list[DuplicatePair]:
    records = [
        ComparedPaper(PaperKey(key), one.title, one.authors, one.year, identity(one), one.venue)
        for key, one in enumerate(papers)
    ]
    return find_duplicates(records, lambda keys: {key: papers[key].abstract for key in keys})


ONE = [
    (paper("Optimising Colour Models of Behaviour", ""),
     paper("Optimizing Color Models of Behavior", "")),
    (paper("Learning $\\beta$-VAEs with Gr\\\"obner Bases"),
     paper("Learning β-VAEs with Gröbner Bases", REWORKED)),
    (paper("Learning {BERT} Models in Context", arxiv_id="2301.00001"),
     paper("Learning BERT models in-context", doi="10.18653/v1/2023.acl-long.1")),
    (paper("Pretraining Large Models on Code"), paper("Pre-training Large Models on Code")),
    (paper("Neural Netwoks for Parsing Sentences", ""),
     paper("Neural Networks for Parsing Sentences", "")),
    (paper("Oreo: A Plug-in Context Reconstructor to Enhance Retrieval"),
     paper("Oreo: Reconstructing Context for Generation", REWORKED)),
    (paper("Reading Documents with Noise"),
     paper("Reading Documents with Noise: A Study of Many Tasks", REWORKED)),
    (paper("Rewriting Retrieved Documents Before They Are Read"),
     paper("On Rewriting Retrieved Documents Before They Are Read", REWORKED)),
    (paper("Modelling Dialogue with Trees", authors=("Lovelace, A.", "Hopper, G.")),
     paper("Modeling Dialog with Trees", "")),
    (paper("Analysing Noise in Retrieved Documents", authors=()),
     paper("Analyzing Noise in Retrieved Documents", REWORKED, ())),
]  # fmt: skip

TWO = [
    (paper("A Theory of Parsing, Part I"), paper("A Theory of Parsing, Part II")),
    (paper("Scaling Models with Data v1"), paper("Scaling Models with Data v2")),
    (paper("GPT-3 for Question Answering Tasks"), paper("GPT-4 for Question Answering Tasks")),
    (paper("Overview of the Ninth Shared Task on Parsing"),
     paper("Overview of the Tenth Shared Task on Parsing")),
    (paper("Findings of the 2020 Shared Task on Parsing"),
     paper("Findings of the 2021 Shared Task on Parsing")),
    (paper("Proceedings of the Workshop on Parsing Sentences"),
     paper("Proceedings of the Workshop on Parsing Sentence")),
    (paper("Word Sense"), paper("Word Senses")),
    (paper("Introduction:"), paper("Introductions")),
    (paper("Optimising Models of Behaviour", authors=(ALAN,)),
     paper("Optimizing Models of Behavior")),
    (paper("Parsing for Low-Resource Languages", TEXT),
     paper("Parsing for High-Resource Languages", OTHER_OVERLAP)),
    (paper("Supervised Parsing of Sentences", ""), paper("Unsupervised Parsing of Sentences", "")),
    (paper("HERO: Evidence Retrieval from Documents", TEXT),
     paper("HERO: Speech from a Learned Space", OTHER_OVERLAP)),
    (paper("A Corpus of German Sentences", ""), paper("A Corpus of Finnish Sentences", "")),
    (paper("Reading Documents: A Study of Noise", TEXT, arxiv_id="2301.00001"),
     paper("Reading Documents: The Study of Speech", REWORKED, arxiv_id="2302.00002")),
]  # fmt: skip


class TestJudging:
    @pytest.mark.parametrize(("one", "other"), ONE)
    def test_these_are_one_paper_in_either_order(self, one: Paper, other: Paper) -> None:
        assert len(judged(one, other)) == 1
        assert len(judged(other, one)) == 1

    @pytest.mark.parametrize(("one", "other"), TWO)
    def test_these_are_two(self, one: Paper, other: Paper) -> None:
        assert judged(one, other) == []
        assert judged(other, one) == []

    def test_certain_pair_has_rule(self) -> None:
        assert [judged(*two)[0].rule for two in (ONE[0], ONE[5], ONE[9])] == [
            "same title except for spelling, same authors",
            "similar titles, same authors, same abstract",
            "same title except for spelling, same abstract",
        ]

    def test_different_identifiers_are_never_certain(self) -> None:
        one, other = ONE[3]
        (pair,) = judged(replace(one, doi="10.1234/a23"), replace(other, doi="10.1234/b23"))
        assert pair.rule == ""
        assert "DOI" in pair.differs

    def test_editions_and_annual_reports_are_for_review(self) -> None:
        for years, venues in (((1981, 2009), ("", "")), ((2018, 2019), ("X", "Y"))):
            one, other = (
                paper("Robust rivers of the north", "", year=year, venue=venue)
                for year, venue in zip(years, venues, strict=True)
            )
            assert [pair.rule for pair in judged(one, other)] == [""]
        one, other = (
            paper("Annual report of the water agency", "", year=year) for year in (2018, 2019)
        )
        assert [pair.rule for pair in judged(one, other)] == [""]

    def test_another_subtitle_and_no_abstract_is_for_review(self) -> None:
        (pair,) = judged(
            paper("Oreo: Context Put Together", ""), paper("Oreo: Plugged Into Context", "")
        )
        assert pair.rule == ""
        assert pair.differs == ("title (different subtitle)",)

    def test_pair_keeps_published_paper_or_earlier_one(self) -> None:
        one, other = ONE[2]
        assert judged(one, other)[0].keep == 1
        assert judged(other, one)[0].keep == 0
        assert judged(*ONE[3])[0].keep == 0

    def test_pair_marked_different_is_not_found(self) -> None:
        records = [
            ComparedPaper(PaperKey(n), p.title, p.authors, None, identity(p))
            for n, p in enumerate(ONE[0])
        ]
        assert (
            find_duplicates(
                records, lambda keys: dict.fromkeys(keys, ""), {(PaperKey(0), PaperKey(1))}
            )
            == []
        )

    def test_real_pages_have_no_certain_pair(self, library: Library, shared: Path) -> None:
        library.import_paths(sorted((shared / "pages").glob("*.txt")))
        assert [pair for pair in library.duplicates.find() if pair.rule] == []

    @given(st.text("abcdefghinorsuyz", max_size=12))
    def test_normalize_word_adds_at_most_one_letter(self, word: str) -> None:
        assert len(normalize_word(word)) <= len(word) + 1

    def test_shared_text_is_counted_by_runs_of_words(self) -> None:
        assert overlap(TEXT, TEXT) == 1.0
        assert (overlap(TEXT, REWORKED) or 0) > 0.8
        assert overlap(TEXT, OTHER_OVERLAP) == 0.0
        assert overlap(TEXT, "") is None


PREPRINT = paper(
    "Oreo: A Plug-in Context Reconstructor to Enhance Retrieval",
    id="oreo-arxiv", arxiv_id="2502.13019", urls=("https://github.com/x/oreo",), votes=7,
)  # fmt: skip
PUBLISHED = paper(
    "Oreo: Reconstructing Context for Generation", REWORKED,
    id="oreo-acl", doi="10.18653/v1/2025.acl-long.1", year=2025, venue="ACL",
)  # fmt: skip
IDS = (PREPRINT.id, PUBLISHED.id)


@pytest.fixture
def twins(library: Library) -> Library:
    """A library with one work twice, from two sources, each with marks of its own."""
    library.add([PREPRINT, Paper("Something Else Entirely", OTHER_OVERLAP, id="else")], "arxiv")
    library.add([PUBLISHED], "acl")
    library.apply(Bookmark((PREPRINT.id,)))
    library.apply(Tag((PREPRINT.id,), ("rag", "todo")))
    library.apply(Tag((PUBLISHED.id,), ("rag",)))
    library.apply(Note((PREPRINT.id,), "compare"))
    library.apply(Note((PUBLISHED.id,), "cite"))
    return library


def merge(library: Library) -> None:
    assert library.duplicates.merge(library.duplicates.find()).papers == 1


class TestMerging:
    def test_marks_sources_identifiers_links_and_the_longer_abstract_stay(
        self, twins: Library
    ) -> None:
        merge(twins)
        (kept,) = twins.papers([PUBLISHED.id])
        assert kept.bookmarked
        assert kept.tags == ("rag", "todo")
        assert kept.note == "cite\n\ncompare"
        assert {held.name for held in kept.sources} == {"arxiv", "acl"}
        assert (kept.arxiv_id, kept.doi) == (PREPRINT.arxiv_id, PUBLISHED.doi)
        assert kept.code == PREPRINT.urls
        assert kept.abstract == REWORKED
        assert (kept.title, kept.year, kept.votes) == (PUBLISHED.title, 2025, 7)
        assert twins.count() == 2

    @pytest.mark.parametrize(
        "name", [*IDS, "Oreo-arXiv", "2502.13019", "10.18653/v1/2025.acl-long.1"]
    )
    def test_every_id_leads_to_the_one_that_stays(self, twins: Library, name: str) -> None:
        merge(twins)
        assert twins.papers([name])[0].id == PUBLISHED.id
        field = "id" if name.lower().startswith("oreo") else "doi" if "/" in name else "arxiv"
        assert [hit.id for hit in twins.search(f"{field}:{name}").hits] == [PUBLISHED.id]

    def test_merge_replaced_identifier_remains_as_link(self, library: Library) -> None:
        one, other = ONE[3]
        library.add(
            [replace(one, doi="10.1234/a23", id="a"), replace(other, doi="10.1234/b23", id="b")],
            "p",
        )
        merge(library)
        assert "https://doi.org/10.1234/b23" in library.papers(["a"])[0].links
        assert library.papers(["10.1234/b23"])[0].id == "a"

    def test_search_follows_merge_and_undo(self, twins: Library) -> None:
        assert twins.search("oreo").total == 2
        merge(twins)
        assert [hit.id for hit in twins.search("oreo").hits] == [PUBLISHED.id]
        twins.undo()
        assert {hit.id for hit in twins.search("oreo").hits} == set(IDS)
        assert twins.doctor.check()[-1].passed

    def test_importing_either_file_again_brings_nothing_back(self, twins: Library) -> None:
        merge(twins)
        assert twins.add([PREPRINT, PUBLISHED], "again") == ["merged", "unchanged"]
        assert twins.add([PREPRINT, PUBLISHED], "again") == ["unchanged", "unchanged"]
        bare = replace(PREPRINT, id="", arxiv_id="")  # known by its title alone
        assert twins.add([bare], "bare") == ["merged"]
        assert twins.count() == 2

    def test_new_paper_never_gets_id_of_merged_paper(self, twins: Library) -> None:
        merge(twins)
        twins.add([Paper("Quite Another Matter", id=PREPRINT.id)], "late")
        twins.undo()
        assert twins.papers([PREPRINT.id])[0].title == PREPRINT.title

    def test_merged_pair_is_not_found_again(self, twins: Library) -> None:
        merge(twins)
        assert twins.duplicates.find() == []

    def test_three_papers_of_one_work_become_one_and_come_back(self, twins: Library) -> None:
        twins.add(
            [replace(PREPRINT, title="Oreo: Context Put Together", id="third", arxiv_id="")],
            "third",
        )
        before = twins.papers([*IDS, "third"])
        assert twins.duplicates.merge(twins.duplicates.find()).papers == 2
        assert len(twins.papers([*IDS, "third"])) == 1
        twins.undo()
        assert twins.papers([*IDS, "third"]) == before

    def test_remove_source_deletes_merged_paper(self, twins: Library) -> None:
        while twins.undo():
            pass
        merge(twins)
        twins.remove_source("arxiv")
        twins.remove_source("acl")
        assert twins.count() == 0
        with pytest.raises(CarrelError, match="no paper has the id"):
            twins.papers([PREPRINT.id])
        with pytest.raises(CannotUndo, match="changed again or removed"):
            twins.undo()
        assert twins.add([PREPRINT], "later") == ["added"]


class TestUndoing:
    def test_merge_is_one_journal_entry(self, twins: Library) -> None:
        merge(twins)
        assert twins.marks.log()[0].words == f"merged 1 paper into “{PUBLISHED.title}”"

    def test_undo_and_redo_are_exact(self, twins: Library) -> None:
        before, sources = twins.papers(IDS), twins.sources()
        merge(twins)
        merged = twins.papers(IDS)
        for _ in range(2):
            twins.undo()
            assert (twins.papers(IDS), twins.sources()) == (before, sources)
            twins.redo()
            assert twins.papers(IDS) == merged

    def test_marks_made_since_stay_with_the_paper_that_stayed(
        self, twins: Library, folder: Path
    ) -> None:
        merge(twins)
        with Library.open(folder) as other:
            other.apply(Read((PUBLISHED.id,)))
            other.apply(Tag((PUBLISHED.id,), ("new",), ("todo",)))
        entry = twins.undo()
        assert entry is not None
        assert entry.words.startswith("merged 1 paper")
        preprint, published = twins.papers(IDS)
        assert (published.read, published.tags) == (True, ("new", "rag"))
        assert (preprint.tags, preprint.note, preprint.bookmarked) == (
            ("rag", "todo"),
            "compare",
            True,
        )

    def test_undo_merge_keeps_later_imports(self, twins: Library) -> None:
        merge(twins)
        twins.add([replace(PUBLISHED, keywords=("retrieval",), title="OREO: Reconstructing Context "
                           "for Generation")], "late")  # fmt: skip
        twins.undo()
        preprint, published = twins.papers(IDS)
        assert published.keywords == ("retrieval",)
        assert published.arxiv_id == preprint.doi == ""

    def test_undo_merge_with_later_merge_raises(self, twins: Library, folder: Path) -> None:
        merge(twins)
        with Library.open(folder) as other:
            other.add(
                [replace(PREPRINT, title="Oreo: Context Put Together", id="third", arxiv_id="")],
                "third",
            )
            other.duplicates.merge(other.duplicates.find())
            with pytest.raises(CannotUndo, match="merged again later; undo again"):
                twins.undo()
            assert twins.papers(["third"])[0].id == PUBLISHED.id
        for _ in range(2):
            entry = twins.undo()
            assert entry is not None
            assert entry.words.startswith("merged 1 paper")
        assert len(twins.papers([*IDS, "third"])) == 3

    @examples(25)
    @given(
        st.lists(st.sampled_from([*IDS, "else"]), max_size=3, unique=True),
        st.lists(st.sampled_from([*IDS, "else"]), max_size=3, unique=True),
        st.dictionaries(st.sampled_from(IDS), st.sampled_from(["a", "b/c", "d"])),
        st.dictionaries(st.sampled_from(IDS), st.sampled_from(["first", "second"])),
        st.booleans(),
    )
    def test_merged_and_undone_everything_is_as_it_was(
        self, bookmarked: list[str], read: list[str], tags: dict[str, str], notes: dict[str, str],
        again: bool,
    ) -> None:  # fmt: skip
        with tempfile.TemporaryDirectory() as folder, Library.open(folder) as library:
            library.add(
                [PREPRINT, Paper("Something Else Entirely", OTHER_OVERLAP, id="else")], "arxiv"
            )
            library.add([PUBLISHED], "acl")
            library.apply(Bookmark(tuple(bookmarked)))
            library.apply(Read(tuple(read)))
            for name, tag in tags.items():
                library.apply(Tag((name,), (tag,)))
            for name, note in notes.items():
                library.apply(Note((name,), note))
            ids = [*IDS, "else"]
            before = library.papers(ids), library.sources(), library.marks.tags()
            merge(library)
            kept = library.papers([PUBLISHED.id])[0]
            assert set(kept.tags) == set(tags.values())
            assert all(note in kept.note for note in notes.values())
            if again:
                library.undo()
                library.redo()
            library.undo()
            assert (library.papers(ids), library.sources(), library.marks.tags()) == before


class TestDifferent:
    def test_mark_different_is_stored_and_can_be_undone(self, twins: Library, folder: Path) -> None:
        keys = twins.keys(IDS)
        assert twins.duplicates.different(keys[1], keys[0]).papers == 2
        assert twins.duplicates.different(*keys).papers == 0
        with Library.open(folder) as again:
            assert again.duplicates.find() == []
            assert again.undo()
            assert len(again.duplicates.find()) == 1

    def test_mark_different_applies_to_merged_paper(self, twins: Library) -> None:
        third = replace(PREPRINT, title="Oreo: Context Put Together", id="third", arxiv_id="")
        twins.add([third], "third")
        twins.duplicates.different(*twins.keys(IDS))
        pairs = [pair for pair in twins.duplicates.find() if twins.keys(["third"])[0] in pair.keys]
        twins.duplicates.merge([pair for pair in pairs if twins.keys([IDS[0]])[0] in pair.keys])
        assert twins.duplicates.find() == []

    def test_mark_different_same_paper_raises(self, twins: Library) -> None:
        key = twins.keys([IDS[0]])[0]
        with pytest.raises(CarrelError, match="name two papers"):
            twins.duplicates.different(key, key)
