"""Visits: papers added since the end of the last visit are new."""

from pathlib import Path

from index import Library, Paper


def new_ids(library: Library) -> list[str]:
    return [hit.id for hit in library.search("is:new").hits]


def test_first_visit_has_no_new_papers(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        library.add([Paper("One", id="one")], "page")
        assert library.visits.last_seen is None
        assert new_ids(library) == []


def test_paper_is_new_until_the_next_visit_ends(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        library.add([Paper("Of one kind of paper", id="one")], "page")
        library.visits.end()
        known = Paper("Of one kind of paper", id="one")
        library.add([Paper("Two", id="two"), known], "other")
        assert new_ids(library) == ["two"]
        status = next(facet for facet in library.facets() if facet.field == "is")
        assert ("new", 1) in [(count.value, count.count) for count in status.counts]
    with Library.open(tmp_path / "library") as library:
        assert new_ids(library) == ["two"]
        library.visits.end()
    with Library.open(tmp_path / "library") as library:
        assert new_ids(library) == []


def test_deleted_papers_leave_the_visit_as_it_was(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        library.add([Paper("One", id="one"), Paper("Two", id="two")], "page")
        library.visits.end()
        seen = library.visits.last_seen
        library.editing.remove(library.keys(["two"]))
        library.visits.end()
        assert library.visits.last_seen == seen
        library.undo()
        assert new_ids(library) == []


def test_visit_of_an_empty_library_is_the_first(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        library.visits.end()
        library.add([Paper("One", id="one")], "page")
        assert new_ids(library) == ["one"]
