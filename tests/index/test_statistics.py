"""Statistics of papers: by year, source, venue, tag and topic, and what was read and kept when."""

import pytest

from index import Library, Paper
from index.facets.counting import Count
from index.marks.changes import Bookmark, Later, Read, Tag
from index.search.statistics import Week
from index.store import database

HOSTILE = "[b]ACL[/b] $x"


@pytest.fixture
def shelf(library: Library) -> Library:
    papers = [
        Paper(f"Machine translation of Képes {'abcdef'[n]}", id=f"p{n}", venue="MT", year=2018 + n)
        for n in range(4)
    ]
    library.add([*papers, Paper("Speech", id="s", venue=HOSTILE, year=2018), Paper("Bare")], "one")
    library.add([Paper("Graphs", id="g", venue="MT")], "two")
    return library


def at(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Set the day on which marks are made."""
    for module in (database, *(__import__(f"index.store.{name}", fromlist=["now"])
                               for name in ("marks", "merges"))):  # fmt: skip
        if hasattr(module, "now"):
            monkeypatch.setattr(module, "now", lambda: f"{day}T12:00:00+00:00")


def test_papers_are_counted_by_year_venue_source_and_tag(shelf: Library) -> None:
    shelf.apply(Tag(("p0", "p1"), add=("nlp/mt",)))
    found = shelf.statistics(shelf.search("", limit=0))
    assert found.papers == 7
    assert found.years == (Count("2018", 2), Count("2019", 1), Count("2020", 1), Count("2021", 1))
    assert found.venues[0] == Count("MT", 5)
    assert found.venues[1] == Count(HOSTILE, 1)
    assert found.sources == (Count("one", 6), Count("two", 1))
    assert found.tags == (Count("nlp", 2), Count("nlp/mt", 2))


def test_statistics_of_a_query_count_its_papers_alone(shelf: Library) -> None:
    found = shelf.statistics(shelf.search("year:2019..", limit=0))
    assert (found.papers, found.sources) == (3, (Count("one", 3),))


def test_topics_are_followed_over_the_years(shelf: Library) -> None:
    (trend,) = shelf.statistics(shelf.search("", limit=0)).topics
    assert (trend.topic.lower(), trend.count) == ("machine translation", 4)
    assert trend.years == tuple(Count(str(year), 1) for year in range(2018, 2022))
    (trend,) = shelf.statistics(shelf.search("year:2020", limit=0)).topics
    assert trend.years == (Count("2020", 1),)


def test_weeks_are_counted_from_the_first_to_the_last(
    shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2025-03-09")  # a Sunday
    shelf.apply(Read(("p0", "p1")))
    shelf.apply(Later(("p0",)))
    at(monkeypatch, "2025-03-24")
    shelf.apply(Bookmark(("p0", "p2")))
    found = shelf.statistics(shelf.search("", limit=0))
    assert found.weeks == (
        Week("2025-03-03", 2, 1),
        Week("2025-03-10", 0, 0),
        Week("2025-03-17", 0, 0),
        Week("2025-03-24", 0, 1),  # p0 was kept before
    )
    assert shelf.statistics(shelf.search("id:p2", limit=0)).weeks == (Week("2025-03-24", 0, 1),)


def test_statistics_of_nothing_are_empty(library: Library) -> None:
    found = library.statistics(library.search("", limit=0))
    assert (found.papers, found.years, found.topics, found.weeks) == (0, (), (), ())
    library.statistics(library.search("nothing", limit=0), wait=False)
