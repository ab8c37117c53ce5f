"""`carrel import`: what is imported and reported."""

import os
from pathlib import Path

import pytest

from .command import LISTING, Carrel

PAGES = sorted((Path(__file__).parents[2].parent / "shared" / "pages").glob("*.txt"))


def test_import_reports_every_entry(carrel: Carrel) -> None:
    page = carrel.file("page.txt", LISTING)
    lines = carrel.file("papers.jsonl", '{"title": "One"}\n{"abstract": "no title"}\n{broken\n')

    dry = carrel("import", page, lines, "--dry-run", "--json")
    assert dry.code == 0
    assert carrel("stats", "--json").json["papers"] == 0

    run = carrel("import", page, lines, "--json")
    assert run.code == 0
    assert run.json == dry.json
    report = run.json
    assert [report[k] for k in ("read", "added", "merged", "unchanged", "skipped")] == [
        5,
        3,
        0,
        0,
        2,
    ]
    first, second = report["files"]
    assert first == {
        "path": str(page), "format": "listing", "source": "page", "read": 2, "added": 2,
        "merged": 0, "unchanged": 0, "skipped": [],
    }  # fmt: skip
    assert [entry["line"] for entry in second["skipped"]] == [2, 3]
    assert f"{lines}:2: no title; give the entry one" in run.err.splitlines()
    assert run.err.splitlines()[-1] == "5 papers read: 3 added, 2 skipped"

    again = carrel("import", page).err
    assert again == "2 papers read: 0 added, 2 unchanged\n"


def test_import_stdin_with_source_and_date(carrel: Carrel) -> None:
    run = carrel("import", "-", "--source", "mail", "--date", "2025-03", stdin=LISTING)
    assert run.code == 0
    (source,) = carrel("source", "list", "--json").json
    assert {k: source[k] for k in ("name", "papers", "format", "date")} == {
        "name": "mail", "papers": 2, "format": "listing", "date": "2025-03",
    }  # fmt: skip
    assert carrel("source").out.splitlines()[1].split()[:2] == ["mail", "2"]

    assert carrel("bookmark", "--query", "retrieval").code == 0
    assert carrel("source", "remove", "mail").err == (
        "removed the source mail: 1 paper deleted, 1 retained\n"
    )
    gone = carrel("source", "remove", "mail")
    assert gone.code == 1
    assert "no source named 'mail'" in gone.error


def test_import_stdin_error_names_standard_input(carrel: Carrel) -> None:
    assert carrel("import", "-", stdin="").error.startswith("carrel: standard input:1: the file is")


def test_import_many_skipped_entries_are_truncated(carrel: Carrel) -> None:
    run = carrel("import", carrel.file("x.jsonl", '{"title": "One"}\n' + "{\n" * 30))
    assert run.code == 0
    assert len(run.err.splitlines()) == 20 + 3
    assert "x.jsonl: … and 10 more (all with --json)\n" in run.err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "empty.txt:1: the file is empty"),
        ("noise.bin", bytes(range(256)) * 20, "noise.bin:1: unknown format"),
        ("missing.txt", None, "missing.txt: cannot read the file: No such file or directory"),
        ("folder", "folder", "folder contains no files"),
        ("folder", "noise", "noise.bin:1: unknown format"),
    ],
)
def test_import_without_papers_prints_one_line(
    carrel: Carrel, name: str, content: bytes | str | None, message: str
) -> None:
    path = carrel.home / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, str):
        path.mkdir()
        if content == "noise":
            (path / "noise.bin").write_bytes(bytes(range(256)))
    run = carrel("import", path)
    assert run.code == 1
    assert run.error.startswith("carrel: ")
    assert message.replace("folder holds", "the folder holds") in run.error


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_import_forbidden_file_is_reported(carrel: Carrel) -> None:
    path = carrel.file("secret.txt", LISTING)
    path.chmod(0)
    run = carrel("import", path)
    assert run.code == 1
    assert "cannot read the file: Permission denied" in run.error


def test_import_unknown_format_exits_1_and_imports_others(
    carrel: Carrel,
) -> None:
    run = carrel("import", carrel.file("page.txt", LISTING), carrel.file("e.txt", ""), "--json")
    assert run.code == 1
    assert run.json["added"] == 2
    assert run.json["files"][1]["format"] is None


@pytest.mark.skipif(len(PAGES) != 3, reason="../shared/pages is not here")
def test_import_shared_pages_merges(carrel: Carrel) -> None:
    counts = ("read", "added", "merged", "unchanged", "skipped")
    report = carrel("import", *PAGES, "--json").json
    assert [report[name] for name in counts] == [459, 441, 18, 0, 0]
    carrel("tag", "+x", "--query", "source:000")
    report = carrel("import", *PAGES, "--json").json
    assert [report[name] for name in counts] == [459, 0, 0, 459, 0]
    assert carrel("tags", "--json").json == [{"name": "x", "papers": 252}]
    assert carrel("search", "--json", "--limit", "1000").json["hits"][440]["title"]
