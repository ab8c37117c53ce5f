"""The starter shelf: true, whole and in the project's own words, as far as a test can tell."""

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


class TestTheShelf:
    def test_it_holds_at_least_120_papers_from_shannon_to_today(self) -> None:
        years = [paper.year for paper in SHELF if paper.year]
        assert len(SHELF) >= 120
        assert len(years) == len(SHELF)
        assert min(years) == 1948
        assert 2023 <= max(years) <= 2026

    @pytest.mark.parametrize("line", LINES, ids=[paper.title[:30] for paper in SHELF])
    def test_every_value_is_valid_and_kept(self, line: str) -> None:
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

    def test_nearly_all_can_be_found_by_their_identifier(self) -> None:
        assert sum(bool(paper.arxiv_id or paper.doi) for paper in SHELF) > 0.85 * len(SHELF)

    def test_no_two_are_one_paper(self) -> None:
        keys = [identity(paper) for paper in SHELF]
        for name in ("arxiv", "doi", "title"):
            known = [getattr(key, name) for key in keys if getattr(key, name)]
            assert len(known) == len(set(known)), name


class TestOffering:
    def test_an_empty_library_gets_it_and_nothing_merges(self, library: Library) -> None:
        assert library.add_starter_shelf()
        assert library.count() == len(SHELF)
        (source,) = library.sources()
        assert (source.name, source.papers) == (STARTER, len(SHELF))
        assert library.search("attention transformer").hits[0].match == "all"

    def test_it_is_offered_once(self, library: Library) -> None:
        library.add_starter_shelf()
        assert not library.add_starter_shelf()
        library.remove_source(STARTER)
        assert library.count() == 0
        assert not library.add_starter_shelf()

    def test_a_library_with_papers_is_left_alone(self, library: Library) -> None:
        library.add([Paper(title="One")], "page")
        assert not library.add_starter_shelf()

    def test_removing_it_keeps_what_is_marked_or_held_elsewhere(self, library: Library) -> None:
        library.add_starter_shelf()
        marked, held = library.ids(keys(1, 2))
        library.apply(Bookmark((marked,)))
        library.add([SHELF[1]], "page")
        assert library.remove_source(STARTER) == (len(SHELF) - 2, 2)
        assert [paper.id for paper in library._papers.rows(keys(*range(1, 300)))] == [marked, held]
