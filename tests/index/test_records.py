"""The records of a paper remain, and can be split off, edited and removed."""

from pathlib import Path

import pytest

from index import CarrelError, Library, Paper
from index.errors import CannotUndo
from index.importing.service import ImportRequest
from index.marks.changes import Bookmark, Tag
from index.papers.paper import PaperKey, SourceRef

TITLE = "Deep nets for cold lakes"
PREPRINT = Paper(TITLE, id="ewe19", authors=("Eva Ewe",), year=2019, arxiv_id="1901.00001",
                 abstract="Sensors in lakes.")  # fmt: skip
PUBLISHED = Paper(TITLE + ".", id="ewe20", authors=("Eva Ewe",), year=2020, doi="10.1000/lakes",
                  venue="J. Lakes", keywords=("lakes",))  # fmt: skip
LISTED = Paper(TITLE, id="page1", abstract="Sensors in lakes.", votes=7)
OTHER = Paper("A wholly different paper", id="other")


@pytest.fixture
def three(library: Library) -> Library:
    """A library with a paper of three records, and another paper."""
    library.add([PREPRINT, OTHER], "arxiv")
    assert library.add([PUBLISHED], "bib") == ["merged"]
    assert library.add([LISTED], "page") == ["merged"]
    return library


def key(library: Library, name: str = "ewe19") -> PaperKey:
    return library.keys([name])[0]


def shown(library: Library) -> list[Paper]:
    """Return all papers, without their marks' and index's state."""
    return library.papers(library.ids(sorted(hit.key for hit in library.search("").hits)))


class TestRecords:
    def test_paper_is_the_sum_of_its_records(self, three: Library) -> None:
        (paper,) = three.papers(["ewe19"])
        assert (paper.arxiv_id, paper.doi, paper.venue, paper.votes) == (
            "1901.00001", "10.1000/lakes", "J. Lakes", 7,
        )  # fmt: skip
        assert [ref.name for ref in paper.sources] == ["arxiv", "bib", "page"]

    def test_each_record_is_kept_as_its_source_gave_it(self, three: Library) -> None:
        records = three.duplicates.records(key(three))
        assert [record.paper.id for record in records] == ["ewe19", "ewe20", "page1"]
        assert [record.sources for record in records] == [
            (SourceRef("arxiv", 1),), (SourceRef("bib", 1),), (SourceRef("page", 1),),
        ]  # fmt: skip
        for record, said in zip(records, (PREPRINT, PUBLISHED, LISTED), strict=True):
            paper = record.paper
            assert (paper.title, paper.year, paper.doi, paper.venue, paper.abstract) == (
                said.title, said.year, said.doi, said.venue, said.abstract,
            )  # fmt: skip
        assert [record.rule for record in records] == [
            "", "same title, author in common", "same title, same abstract",
        ]  # fmt: skip

    @pytest.mark.parametrize("name", ["ewe19", "ewe20", "page1", "10.1000/lakes", "1901.00001"])
    def test_id_of_every_record_leads_to_the_paper(self, three: Library, name: str) -> None:
        assert three.papers([name])[0].id == "ewe19"
        if "." not in name:
            assert [hit.id for hit in three.search(f"id:{name}").hits] == ["ewe19"]
        assert set(three.papers(["ewe19"])[0].known_as) == {"ewe20", "page1"}

    def test_paper_of_one_source_has_one_record(self, library: Library) -> None:
        library.add([PREPRINT], "arxiv")
        (record,) = library.duplicates.records(key(library))
        assert (record.paper.title, record.sources) == (TITLE, (SourceRef("arxiv", 1),))

    def test_import_again_adds_no_record(self, three: Library) -> None:
        before = three.papers(["ewe19"])
        for paper, source in ((PREPRINT, "arxiv"), (PUBLISHED, "bib"), (LISTED, "page")):
            assert three.add([paper], source) == ["unchanged"]
        assert len(three.duplicates.records(key(three))) == 3
        assert three.papers(["ewe19"]) == before

    def test_record_that_is_repeated_in_its_source_stays_one(self, library: Library) -> None:
        library.add([LISTED, LISTED], "page")
        assert len(library.duplicates.records(key(library, "page1"))) == 1

    def test_published_abstract_replaces_summary_of_starter_shelf(self, library: Library) -> None:
        summary = Paper(TITLE, authors=("Eva Ewe",), year=2019, abstract="Our words.")
        library.add([summary], "starter")
        library.add([Paper(TITLE, authors=("E. Ewe",), year=2019, doi="10.1000/lakes")], "bib")
        assert library.papers(["10.1000/lakes"])[0].abstract == "Our words."
        library.add([PREPRINT], "arxiv")
        assert library.papers(["10.1000/lakes"])[0].abstract == PREPRINT.abstract


class TestSplit:
    def test_record_becomes_a_paper_of_its_own_and_marks_stay(self, three: Library) -> None:
        three.apply(Bookmark(("ewe19",)))
        assert three.duplicates.split(key(three), 2).papers == 2
        (paper,) = three.papers(["ewe19"])
        assert (paper.doi, paper.bookmarked, paper.known_as) == ("", True, ("page1",))
        assert [ref.name for ref in paper.sources] == ["arxiv", "page"]
        (new,) = three.papers(["ewe20"])
        assert (new.doi, new.venue, new.bookmarked) == ("10.1000/lakes", "J. Lakes", False)
        assert new.sources == (SourceRef("bib", 1),)

    def test_pair_stays_different(self, three: Library) -> None:
        three.duplicates.split(key(three), 2)
        assert three.duplicates.find() == []
        for paper, source in ((PREPRINT, "arxiv"), (PUBLISHED, "bib"), (LISTED, "page")):
            assert three.add([paper], source) == ["unchanged"]
        assert three.count() == 3

    def test_undo_and_redo(self, three: Library) -> None:
        before = three.papers(["ewe19"])
        three.duplicates.split(key(three), 2)
        after = three.papers(["ewe19", "ewe20"])
        assert three.undo() is not None
        assert three.papers(["ewe19", "ewe20"]) == before
        assert three.count() == 2
        assert [record.paper.id for record in three.duplicates.records(key(three))] == [
            "ewe19", "ewe20", "page1",
        ]  # fmt: skip
        assert three.redo() is not None
        assert three.papers(["ewe19", "ewe20"]) == after

    def test_undo_after_new_paper_was_marked_is_refused(self, three: Library) -> None:
        three.duplicates.split(key(three), 2)
        with Library.open(three.folder) as other:
            other.apply(Bookmark(("ewe20",)))
        with pytest.raises(CannotUndo):
            three.undo()
        assert three.papers(["ewe20"])[0].bookmarked

    def test_first_record_can_be_taken_out(self, three: Library) -> None:
        three.duplicates.split(key(three), 1)
        assert three.papers(["ewe19"])[0].doi == "10.1000/lakes"
        assert three.papers(["1901.00001"])[0].id == "ewe19-2"

    def test_number_is_needed_if_there_are_more_than_two(self, three: Library) -> None:
        with pytest.raises(CarrelError, match="cannot split ewe19: name a record; try carrel show"):
            three.duplicates.split(key(three))
        with pytest.raises(CarrelError, match="it has no record 4"):
            three.duplicates.split(key(three), 4)
        with pytest.raises(CarrelError, match="it has one record"):
            three.duplicates.split(key(three, "other"))

    def test_paper_merged_by_hand_gets_its_id_and_key_back(self, library: Library) -> None:
        library.add([Paper("Optimising colour models", "", "one", ("Ada Lovelace",), year=1843),
                     Paper("Optimizing color models", "", "two", ("Ada Lovelace",), year=1843)],
                    "page")  # fmt: skip
        second = key(library, "two")
        library.duplicates.merge(library.duplicates.find())
        assert library.keys(["two"]) == library.keys(["one"])
        library.duplicates.split(key(library, "one"))
        assert library.keys(["two"]) == [second]
        assert library.duplicates.find() == []

    def test_index_has_both(self, three: Library) -> None:
        assert three.search("deep nets").total == 1
        three.duplicates.split(key(three), 2)
        assert three.search("deep nets").total == 2
        three.undo()
        assert three.search("deep nets").total == 1


class TestRemoveSource:
    def test_facts_that_no_other_source_has_are_removed(self, three: Library) -> None:
        assert three.remove_source("bib") == (0, 1)
        (paper,) = three.papers(["ewe19"])
        assert (paper.doi, paper.venue, paper.keywords, paper.known_as) == ("", "", (), ("page1",))
        assert (paper.arxiv_id, paper.votes) == ("1901.00001", 7)

    def test_values_of_another_source_stay(self, three: Library) -> None:
        three.remove_source("arxiv")
        (paper,) = three.papers(["ewe19"])
        assert (paper.arxiv_id, paper.doi, paper.abstract) == (
            "", "10.1000/lakes", PREPRINT.abstract,
        )  # fmt: skip

    def test_marked_paper_without_sources_keeps_all(self, three: Library) -> None:
        three.apply(Bookmark(("ewe19",)))
        for name in ("arxiv", "bib", "page"):
            three.remove_source(name)
        (paper,) = three.papers(["ewe19"])
        assert (paper.votes, paper.sources) == (7, ())

    def test_last_source_takes_the_paper(self, three: Library) -> None:
        for name in ("arxiv", "bib", "page"):
            three.remove_source(name)
        assert three.count() == 0
        query = "SELECT count(*) FROM record"
        assert three._database.connection.execute(query).fetchone() == (0,)


class TestEditing:
    def test_edit_takes_precedence_and_is_undone(self, three: Library) -> None:
        before = three.papers(["ewe19"])
        three.editing.edit(key(three), {"venue": "Limnology", "year": 2021})
        three.add([Paper(TITLE, id="ewe19", authors=("Eva Ewe",), venue="X", votes=9,
                         arxiv_id="1901.00001")], "late")  # fmt: skip
        (paper,) = three.papers(["ewe19"])
        assert (paper.venue, paper.year, paper.votes) == ("Limnology", 2021, 9)
        assert "you" not in {ref.name for ref in paper.sources}
        three.remove_source("late")
        three.undo()
        assert three.papers(["ewe19"]) == before

    def test_edit_is_shown_as_a_record_of_the_reader(self, three: Library) -> None:
        three.editing.edit(key(three), {"venue": "Limnology"})
        *_, edit = three.duplicates.records(key(three))
        assert (edit.sources, edit.paper.venue, edit.paper.title) == (
            (SourceRef("you"),), "Limnology", "",
        )  # fmt: skip

    def test_value_can_be_emptied(self, three: Library) -> None:
        three.editing.edit(key(three), {"venue": "", "votes": None})
        assert three.papers(["ewe19"])[0].venue == ""

    def test_paper_with_edited_title_is_found_by_either(self, library: Library) -> None:
        library.add([PREPRINT], "arxiv")
        library.editing.edit(key(library), {"title": "Shallow nets for warm lakes"})
        assert library.add([PREPRINT], "arxiv") == ["unchanged"]
        new = Paper("Shallow nets for warm lakes", authors=("Eva Ewe",), year=2020, venue="J. L")
        assert library.add([new], "bib") == ["merged"]
        assert library.search("shallow").total == 1
        assert library.count() == 1

    def test_edit_that_changes_nothing_is_no_change(self, three: Library) -> None:
        assert three.editing.edit(key(three), {"venue": "J. Lakes"}).papers == 0
        assert len(three.duplicates.records(key(three))) == 3

    def test_paper_needs_a_title(self, three: Library) -> None:
        with pytest.raises(CarrelError, match="it needs a title"):
            three.editing.edit(key(three), {"title": ""})

    def test_added_paper_is_of_the_reader_and_undone(self, library: Library) -> None:
        done, _ = library.editing.add([PREPRINT])
        assert done.words == f"added “{TITLE}”"
        assert library.papers(["ewe19"])[0].sources == (SourceRef("you", 1),)
        library.undo()
        assert library.count() == 0
        library.redo()
        assert library.papers(["ewe19"])[0].title == TITLE

    def test_added_paper_that_is_known_is_merged_and_undone(self, library: Library) -> None:
        library.add([PREPRINT], "arxiv")
        before = library.papers(["ewe19"])
        library.editing.add([PUBLISHED])
        assert library.papers(["ewe19"])[0].doi == "10.1000/lakes"
        library.undo()
        assert library.papers(["ewe19"]) == before

    def test_removed_paper_does_not_return_with_its_source(self, three: Library) -> None:
        three.apply(Tag(("ewe19",), ("todo",)))
        before = three.papers(["ewe19"])
        assert three.editing.remove([key(three)]).words == f"removed “{TITLE}”"
        assert (three.count(), three.search("deep").total) == (1, 0)
        assert three.add([PREPRINT, OTHER], "arxiv") == ["skipped", "unchanged"]
        assert three.add([PUBLISHED], "bib") == ["skipped"]
        assert three.count() == 1
        three.undo()
        assert three.papers(["ewe19"]) == before
        assert three.add([PREPRINT], "arxiv") == ["unchanged"]

    def test_removed_paper_returns_with_another_source_or_on_request(
        self, library: Library, tmp_path: Path
    ) -> None:
        file = tmp_path / "page.jsonl"
        file.write_text('{"title": "A paper not wanted today"}\n')
        library.import_paths([file])
        library.editing.remove(library.keys(["paper-not-wanted-today"]))
        report = library.import_paths([file])
        (skipped,) = report.files[0].skipped
        assert (skipped.line, skipped.reason) == (
            1, "you removed this paper; use --removed to import it again",
        )  # fmt: skip
        report = library.import_files(ImportRequest((str(file),), removed=True))
        assert report.total("added") == 1
        assert library.papers(["paper-not-wanted-today"])
        assert library.import_paths([file]).total("unchanged") == 1

    def test_removing_several_is_one_change(self, three: Library) -> None:
        three.editing.remove(three.keys(["ewe19", "other"]))
        assert three.count() == 0
        three.undo()
        assert three.count() == 2


def test_titles_of_many_papers_are_imported_again_unchanged(library: Library) -> None:
    papers = [Paper("Introduction") for _ in range(60)]
    papers += [Paper("A desk for reading today", authors=(f"Ann Name{n}",)) for n in range(60)]
    assert set(library.add(papers, "page")) == {"added"}
    assert set(library.add(papers, "page")) == {"unchanged"}
    assert library.count() == 120
