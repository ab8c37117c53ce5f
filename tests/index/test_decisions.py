"""Dumps carry merges and splits to other machines."""

from pathlib import Path

import pytest

from index import Library, Paper

TITLE = "Deep nets for cold lakes"
PREPRINT = Paper(TITLE, id="ewe19", authors=("Eva Ewe",), year=2019, arxiv_id="1901.00001")
PUBLISHED = Paper(TITLE, id="ewe20", authors=("Eva Ewe",), year=2020, doi="10.1000/lakes")
BRITISH = Paper("Optimising colour models", id="one", authors=("Ada Lovelace",), year=1843)
AMERICAN = Paper("Optimizing color models", id="two", authors=("Ada Lovelace",), year=1843)


@pytest.fixture
def machines(tmp_path: Path) -> tuple[Library, Library]:
    return Library.open(tmp_path / "here"), Library.open(tmp_path / "there")


def sync(giving: Library, taking: Library) -> None:
    path = giving.folder.parent / "marks.jsonl"
    giving.dumps.dump().write_file(path, overwrite=True)
    taking.dumps.merge(str(path))


def dumped(library: Library) -> str:
    return "".join(library.dumps.dump().lines())


def fill(*libraries: Library) -> None:
    for library in libraries:
        library.add([PREPRINT], "arxiv")
        library.add([PUBLISHED], "bib")
        library.add([BRITISH, AMERICAN], "page")


def test_split_reaches_another_machine(machines: tuple[Library, Library]) -> None:
    here, there = machines
    fill(here, there)
    here.duplicates.split(here.keys(["ewe19"])[0])
    sync(here, there)
    assert there.keys(["ewe19"]) != there.keys(["ewe20"])
    assert there.papers(["ewe20"])[0].doi == "10.1000/lakes"
    assert len(there.duplicates.find()) == 1  # the other pair alone
    sync(there, here)
    assert dumped(here) == dumped(there)
    sync(here, there)
    assert there.count() == here.count() == 4
    there.undo()
    assert there.keys(["ewe19"]) == there.keys(["ewe20"])


def test_split_waits_for_papers_that_are_missing(machines: tuple[Library, Library]) -> None:
    here, there = machines
    fill(here)
    here.duplicates.split(here.keys(["ewe19"])[0])
    sync(here, there)
    assert dumped(there) == dumped(here)
    fill(there)
    assert there.keys(["ewe19"]) != there.keys(["ewe20"])
    assert there.count() == 4


def test_merge_and_its_undoing_reach_another_machine(machines: tuple[Library, Library]) -> None:
    here, there = machines
    fill(here, there)
    here.duplicates.merge(here.duplicates.find())
    sync(here, there)
    assert there.keys(["one"]) == there.keys(["two"])
    assert there.duplicates.find() == []
    there.undo()
    assert there.keys(["one"]) != there.keys(["two"])


def test_pair_called_different_is_so_on_another_machine(
    machines: tuple[Library, Library],
) -> None:
    here, there = machines
    fill(here, there)
    here.duplicates.different(*here.keys(["one", "two"]))
    sync(here, there)
    assert there.duplicates.find() == []


def test_latest_decision_wins_in_either_direction(machines: tuple[Library, Library]) -> None:
    here, there = machines
    fill(here, there)
    here.duplicates.different(*here.keys(["one", "two"]))
    pairs = there.duplicates.find()
    connection = there._database.connection
    there.duplicates.merge(pairs)
    connection.execute("UPDATE decision SET at = '2999-01-01T00:00:00+00:00'")
    sync(here, there)
    sync(there, here)
    assert here.keys(["one"]) == here.keys(["two"])
    assert there.keys(["one"]) == there.keys(["two"])
    assert dumped(here) == dumped(there)


def test_invalid_pair_is_skipped(machines: tuple[Library, Library], tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(
        '{"carrel": "marks", "version": 1}\n'
        '{"pair": [{"title": "One"}], "state": "merged", "at": "2024-01-01T00:00:00+00:00"}\n'
        '{"pair": [{"title": "A"}, {"title": "B"}], "state": "eaten", "at": "2024-01-01"}\n'
        '{"pair": [{"title": "A"}, 3], "state": "merged", "at": "2024-01-01T00:00:00+00:00"}\n'
    )
    report = machines[0].dumps.merge(str(path))
    assert [skipped.line for skipped in report.skipped] == [2, 3, 4]
