"""Undo in two concurrent sessions of one library."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library, Paper
from index.errors import CannotUndo
from index.marks.changes import Bookmark, Tag

IDS = ("one", "two", "three")


@pytest.fixture
def other(library: Library, folder: Path) -> Iterator[Library]:
    """Another session of the same library."""
    library.add([Paper(f"Paper {name}", id=name) for name in IDS], "page")
    with Library.open(folder) as opened:
        yield opened


def undone(library: Library) -> str:
    entry = library.undo()
    return entry.message if entry else ""


def tags(library: Library) -> list[tuple[str, ...]]:
    return [paper.tags for paper in library.papers(IDS)]


def test_undo_prefers_own_changes(library: Library, other: Library) -> None:
    library.apply(Tag(("one",), ("mine",)))
    other.apply(Tag(("two",), ("theirs",)))
    assert undone(library) == "tagged +mine “Paper one”"
    assert tags(other) == [(), ("theirs",), ()]
    entry = library.redo()
    assert entry is not None
    assert tags(other) == [("mine",), ("theirs",), ()]


def test_undo_without_own_changes_undoes_last_of_any(library: Library, other: Library) -> None:
    other.apply(Tag(("one",), ("a",)))
    other.apply(Tag(("two",), ("b",)))
    assert undone(library) == "tagged +b “Paper two”"
    assert undone(library) == "tagged +a “Paper one”"
    assert undone(library) == ""


def test_undo_skips_papers_changed_by_other_session(library: Library, other: Library) -> None:
    library.apply(Tag(IDS, ("bulk",)))
    other.apply(Tag(("two",), ("kept",), ("bulk",)))
    assert undone(library) == "tagged +bulk 3 papers; skipped 1 paper changed since"
    assert tags(library) == [(), ("kept",), ()]
    library.redo()
    assert tags(library) == [("bulk",), ("kept",), ("bulk",)]


def test_undo_all_changed_since_raises_and_continues(library: Library, other: Library) -> None:
    library.apply(Bookmark(("three",)))
    library.apply(Tag(("one",), ("x",)))
    other.apply(Tag(("one",), (), ("x",)))
    with pytest.raises(CannotUndo, match=r"cannot undo “tagged \+x “Paper one”.*: everything"):
        library.undo()
    assert tags(library) == [(), (), ()]
    assert undone(library) == "bookmarked “Paper three”"


def test_undo_in_two_processes_undoes_each_change_once(library: Library, other: Library) -> None:
    library.apply(Tag(IDS, ("bulk",)))

    def carrel(*arguments: str) -> str:
        command = [
            sys.executable,
            "-m",
            "tui.cli",
            "--library",
            str(library.folder),
            *arguments,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stderr.splitlines()[0]

    assert "tagged +own" in carrel("tag", "+own", "one")
    assert undone(library) == "tagged +bulk 3 papers"
    assert tags(library) == [("own",), (), ()]
    assert carrel("undo") == "undone: tagged +own “Paper one”"
    assert carrel("undo") == "nothing to undo"
