"""The starter shelf: its metadata, and how it is imported and removed."""

import json
from importlib import resources

import pytest

from index import Library, Paper
from index.marks.changes import Bookmark
from index.papers.entries import STARTER
from index.papers.identity import identity
from index.papers.json_record import from_json
from tests.keys import keys

LINES = resources.files("index").joinpath("starter.jsonl").read_text(encoding="utf-8").splitlines()
SHELF = [from_json(json.loads(line)) for line in LINES]


class TestShelf:
    def test_shelf_has_at_least_120_papers_since_1948(self) -> None:
        years = [paper.year for paper in SHELF if paper.year]
        assert len(SHELF) >= 120
        assert len(years) == len(SHELF)
        assert min(years) == 1948
        assert 2023 <= max(years) <= 2026

    @pytest.mark.parametrize("line", LINES, ids=[paper.title[:30] for paper in SHELF])
    def test_shelf_every_value_is_valid_and_imported(self, line: str) -> None:
        shape = json.loads(line)
        paper = from_json(shape)
        assert set(shape) <= {"title", "authors", "year", "date", "venue", "arxiv_id", "doi", "url",
                              "keywords", "abstract", "et_al", "categories"}  # fmt: skip
        for name in ("title", "year", "venue", "arxiv_id", "doi", "abstract"):
            assert getattr(paper, name) == shape.get(name, getattr(Paper(title=""), name))
        for name in ("authors", "keywords"):
            assert list(getattr(paper, name)) == shape[name]
        assert paper.title
        assert paper.venue
        assert paper.authors
        assert 3 <= len(paper.keywords) <= 6
        assert 60 <= len(paper.abstract.split()) <= 120

    def test_shelf_most_papers_have_an_identifier(self) -> None:
        assert sum(bool(paper.arxiv_id or paper.doi) for paper in SHELF) > 0.85 * len(SHELF)

    def test_shelf_has_no_duplicates(self) -> None:
        keys = [identity(paper) for paper in SHELF]
        for name in ("arxiv", "doi", "title"):
            known = [getattr(key, name) for key in keys if getattr(key, name)]
            assert len(known) == len(set(known)), name


class TestImport:
    def test_empty_library_imports_shelf_without_merges(self, library: Library) -> None:
        assert library.add_starter_shelf()
        assert library.count() == len(SHELF)
        (source,) = library.sources()
        assert (source.name, source.papers) == (STARTER, len(SHELF))
        assert library.search("attention transformer").hits[0].match == "all"

    def test_shelf_is_imported_once(self, library: Library) -> None:
        library.add_starter_shelf()
        assert not library.add_starter_shelf()
        library.remove_source(STARTER)
        assert library.count() == 0
        assert not library.add_starter_shelf()

    def test_library_with_papers_does_not_import_shelf(self, library: Library) -> None:
        library.add([Paper(title="One")], "page")
        assert not library.add_starter_shelf()

    def test_remove_shelf_retains_marked_and_shared_papers(self, library: Library) -> None:
        library.add_starter_shelf()
        marked, held = library.ids(keys(1, 2))
        library.apply(Bookmark((marked,)))
        library.add([SHELF[1]], "page")
        assert library.remove_source(STARTER) == (len(SHELF) - 2, 2)
        assert [paper.id for paper in library._papers.rows(keys(*range(1, 300)))] == [marked, held]
