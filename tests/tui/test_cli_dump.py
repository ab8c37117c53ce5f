"""`carrel dump`, `restore` and `merge`: their output and effects."""

import json
from pathlib import Path

import pytest

from .command import PAPERS, Carrel


@pytest.fixture
def marked(stocked: Carrel) -> Carrel:
    """The command over four papers, two of them with marks, and a saved search."""
    stocked("bookmark", "robust", "parrots")
    stocked("tag", "+llm", "robust")
    stocked("saved", "add", "to read", "is:unread")
    return stocked


@pytest.fixture
def other(marked: Carrel, tmp_path: Path) -> Carrel:
    """The command of another machine, with the first three of the papers."""
    other = Carrel(tmp_path / "other")
    other.home.mkdir()
    other("import", other.file("p.jsonl", "\n".join(map(json.dumps, PAPERS[1:3]))))
    return other


def test_dump_stdout_is_json_lines(marked: Carrel) -> None:
    run = marked("dump")
    assert (run.code, run.err) == (0, "")
    head, search, *papers = map(json.loads, run.out.splitlines())
    assert head == {"carrel": "marks", "version": 1}
    assert (search["search"], search["query"]) == ("to read", "is:unread")
    assert [(each["paper"]["id"], [*each]) for each in papers] == [
        ("parrots", ["paper", "bookmark"]), ("robust", ["paper", "bookmark", "tags"])
    ]  # fmt: skip
    assert marked("dump").out == run.out


def test_dump_file_is_private_and_not_overwritten(marked: Carrel) -> None:
    path = marked.home / "marks.jsonl"
    run = marked("dump", "-o", path)
    assert (run.code, run.out) == (0, "")
    assert run.err == f"wrote the marks of 2 papers and 1 saved search to {path}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == marked("dump").out
    run = marked("dump", "-o", path)
    assert run.code == 1
    assert (
        run.error == f"carrel: cannot write {path}: it already exists; use --force to overwrite it"
    )
    assert marked("dump", "-o", path, "--force").code == 0


def test_restore_dump_can_be_undone(marked: Carrel, other: Carrel) -> None:
    text = marked("dump").out
    run = other("restore", "-", stdin=text)
    assert (run.code, run.out) == (0, "")
    assert run.err == ("restored: 3 marks set on 2 papers, 1 saved search (undo: carrel undo)\n")
    assert other("dump").out == text
    assert other("restore", other.file("d.jsonl", text)).err == "restored: nothing new\n"
    assert other("undo").err == "undone: restored from standard input: 2 papers\n"
    assert other.ids("is:bookmarked") == []


def test_merge_stores_marks_of_missing_papers(marked: Carrel, other: Carrel) -> None:
    marked("mark", "read", "tree-ring")
    run = other("restore", "-", "--json", stdin=marked("dump").out)
    assert run.json == {"set": 3, "taken": 0, "papers": 2, "aside": 1, "searches": 1, "skipped": []}
    run = other("merge", "-", stdin=marked("dump").out)
    assert run.err == "merged: nothing new; marks of 1 missing paper stored until imported\n"
    other("import", other.file("all.jsonl", "\n".join(map(json.dumps, PAPERS))))
    assert other.ids("is:read") == ["tree-ring"]


def test_merge_both_ways_synchronises_machines(marked: Carrel, other: Carrel) -> None:
    other("restore", "-", stdin=marked("dump").out)
    other("unbookmark", "robust")
    marked("tag", "+graphs", "parrots")
    run = marked("merge", marked.file("d.jsonl", other("dump").out))
    assert run.err == ("merged: 1 mark removed on 1 paper (undo: carrel undo)\n")
    run = other("merge", "-", "--json", stdin=marked("dump").out)
    assert (run.json["set"], run.json["taken"]) == (1, 0)
    assert other("dump").out == marked("dump").out


def test_merge_damaged_line_is_reported_and_exits_1(marked: Carrel, other: Carrel) -> None:
    head, rest = marked("dump").out.split("\n", 1)
    path = other.file("d.jsonl", f"{head}\n>>>>>>> \x1b[31mmain\n{rest}")
    run = other("merge", path)
    assert (run.code, run.out) == (1, "")
    first, second = run.err.splitlines()
    assert first == (f"{path}:2: not JSON at column 1: Expecting value")
    assert second.startswith("merged: 3 marks set on 2 papers")
    assert second.endswith("; 1 line skipped")
    assert other("merge", path, "--json").json["skipped"][0]["line"] == 2


@pytest.mark.parametrize("verb", ["restore", "merge"])
def test_restore_invalid_file_prints_one_line(marked: Carrel, verb: str) -> None:
    before = marked("dump").out
    path = marked.file("page.txt", "Get trending papers\n")
    run = marked(verb, path)
    assert run.code == 1
    assert run.error == f"carrel: {path}:1: not a dump; carrel dump -o FILE writes one"
    run = marked(verb, "nowhere.jsonl")
    assert run.code == 1
    assert "cannot read nowhere.jsonl: No such file or directory" in run.error
    assert marked(verb).code == 2
    assert marked("dump").out == before


def test_help_distinguishes_restore_from_merge(carrel: Carrel) -> None:
    restored, merged = (
        " ".join(carrel(verb, "--help").out.split()) for verb in ("restore", "merge")
    )
    assert "removes nothing" in restored
    assert "the most recent change on either machine wins, deletions included" in merged
    for text in (restored, merged):
        assert "Examples:" in text
