"""`carrel keep`, and every other command that changes papers or marks of a kept file."""

import json
from pathlib import Path

import pytest

from .command import Carrel


@pytest.fixture
def kept(stocked: Carrel) -> Carrel:
    """The command over four papers, with a kept file of the bookmarks."""
    assert stocked("bookmark", "robust").code == 0
    assert stocked("keep", "add", stocked.home / "reading.bib").code == 0
    return stocked


def text(carrel: Carrel, name: str = "reading.bib") -> str:
    return (carrel.home / name).read_text("utf-8")


def test_keep_add_writes_bookmarks_and_reports_count(stocked: Carrel) -> None:
    stocked("bookmark", "robust")
    path = stocked.home / "reading.bib"
    run = stocked("keep", "add", path)
    assert (run.code, run.out) == (0, "")
    assert run.err == f"keeping {path}: 1 paper (is:bookmarked)\n"
    assert text(stocked).startswith("@misc{robust,")


def test_keep_add_takes_query_format_and_options(stocked: Carrel) -> None:
    run = stocked("keep", "add", stocked.home / "x", "watermark", "-image", "--format", "ris")
    assert run.err.endswith("/x: 1 paper (watermark -image)\n")
    assert text(stocked, "x").startswith("TY  - ")
    run = stocked("keep", "add", stocked.home / "all.bib", "--all", "--no-abstract")
    assert run.err.endswith("/all.bib: 4 papers (all papers)\n")
    assert "abstract" not in text(stocked, "all.bib")
    stocked("tag", "+x", "parrots")
    assert "keywords = {x}" in text(stocked, "all.bib")
    assert "abstract" not in text(stocked, "all.bib")


@pytest.mark.parametrize(
    "command",
    [
        ("bookmark", "parrots"),
        ("unbookmark", "robust"),
        ("tag", "+nlp", "robust"),
        ("note", "robust", "Read this again"),
        ("mark", "dismissed", "robust"),
        ("edit", "robust", "year=1999"),
        ("remove", "robust"),
        ("undo",),
        ("import", "more.jsonl"),
        ("enrich", "robust", "--from", "more.jsonl", "--yes"),
        ("merge", "dump.jsonl"),
        ("restore", "dump.jsonl"),
        ("source", "remove", "papers"),
    ],
    ids=" ".join,
)
def test_command_that_changes_papers_writes_kept_file(
    kept: Carrel, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kept.home)
    more = {
        "title": "Robust Distortion-free Watermarks for Language Models",
        "arxiv_id": "2307.15593",
        "venue": "A Venue",
        "authors": ["Ada Lovelace"],
    }
    kept.file("more.jsonl", json.dumps(more))
    if command[-1] == "dump.jsonl":
        (kept.home / "other").mkdir()
        other = Carrel(kept.home / "other").copy_of(kept)
        other("keep", "rm", "reading.bib")
        other("bookmark", "parrots")
        other("dump", "-o", "dump.jsonl")
    if command[0] == "source":
        kept("keep", "add", "reading.bib", "--all")
    before = text(kept)
    run = kept(*command)
    assert run.code == 0
    assert "kept" not in run.err
    assert text(kept) != before
    assert kept("keep", "list", "--json").json[0]["state"] == "current"


def test_keep_list_prints_each_file_with_its_state(kept: Carrel) -> None:
    kept("keep", "add", kept.home / "all.ris", "--all")
    (kept.home / "all.ris").write_text("by hand")
    run = kept("keep")
    assert (run.code, run.err) == (0, "")
    rows = [line.split()[:4] for line in run.out.splitlines()]
    assert rows == [
        ["file", "query", "format", "papers"],
        [str(kept.home / "all.ris"), "all", "papers", "ris"],
        [str(kept.home / "reading.bib"), "is:bookmarked", "bibtex", "1"],
    ]
    states = [line.split()[-1] for line in run.out.splitlines()]
    assert states == ["state", "others", "current"]


def test_keep_list_json_is_stable(kept: Carrel) -> None:
    (entry,) = kept("keep", "list", "--json").json
    assert list(entry) == [
        "path", "query", "format", "options", "papers", "written", "state", "problem",
    ]  # fmt: skip
    assert (entry["papers"], entry["state"], entry["problem"]) == (1, "current", None)


def test_keep_list_without_files_says_how_to_add_one(stocked: Carrel) -> None:
    run = stocked("keep", "list")
    assert (run.code, run.out) == (0, "")
    assert run.err == "no kept files; try carrel keep add FILE [QUERY]\n"
    assert stocked("keep", "list", "--json").json == []


def test_file_changed_by_hand_is_named_in_one_line_and_left(kept: Carrel) -> None:
    path = kept.home / "reading.bib"
    path.write_text("by hand")
    run = kept("bookmark", "parrots")
    assert run.code == 0
    (done, problem) = run.err.splitlines()
    assert done.startswith("bookmarked ")
    assert problem == (
        f"cannot update {path}: changed since Carrel wrote it; "
        "try carrel keep add --overwrite, or carrel keep rm"
    )
    assert path.read_text() == "by hand"
    assert kept("search", "watermark").err.count("cannot") == 0
    assert kept("keep", "add", path, "--overwrite").code == 0
    assert "parrots" in path.read_text()


def test_missing_folder_does_not_stop_the_command(kept: Carrel) -> None:
    folder = kept.home / "stick"
    folder.mkdir()
    kept("keep", "add", folder / "a.bib")
    (folder / "a.bib").unlink()
    folder.rmdir()
    run = kept("bookmark", "parrots")
    assert run.code == 0
    assert run.err.count("\n") == 2
    assert "stick/a.bib: No such file or directory; make it writable, or" in run.err
    assert "parrots" in text(kept)


def test_keep_rm_leaves_the_file(kept: Carrel) -> None:
    path = kept.home / "reading.bib"
    run = kept("keep", "rm", path)
    assert run.err == f"no longer keeping {path} (was: is:bookmarked); the file remains\n"
    kept("bookmark", "parrots")
    assert "parrots" not in text(kept)
    run = kept("keep", "rm", path)
    assert run.code == 1
    assert run.error == f"carrel: {path} is not a kept file; carrel keep list shows all"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("x.foo",), 2, "cannot detect the format of 'x.foo'; try --format with one of bibtex"),
        (("x.bib", "is:red"), 1, "in the query: unknown value is:red"),
        (("x.bib", "robust", "--all"), 2, "--all and QUERY cannot be combined"),
        (("nowhere/x.bib",), 1, "nowhere/x.bib: No such file or directory; try another file"),
        (("papers.jsonl",), 1, "papers.jsonl: it already exists; try --overwrite"),
    ],
    ids=["format", "query", "all", "folder", "exists"],
)
def test_keep_add_error_is_one_line(
    stocked: Carrel, arguments: tuple[str, ...], code: int, message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(stocked.home)
    stocked.file("papers.jsonl", "mine")
    run = stocked("keep", "add", *arguments)
    assert run.code == code
    assert message in run.error
    assert stocked("keep", "list", "--json").json == []


def test_path_with_escape_sequence_is_shown_escaped(stocked: Carrel) -> None:
    run = stocked("keep", "add", stocked.home / "\x1b]52;c;eA==\x07.bib", "--all")
    assert "\x1b" not in run.err
    assert "\\x1b]52;c;eA==\\x07.bib" in run.err
    assert "\\x1b]52;" in stocked("keep").out


def test_keep_in_read_only_library_is_one_line(kept: Carrel) -> None:
    database = kept.library / "carrel.db"
    database.chmod(0o400)
    run = kept("keep", "add", kept.home / "b.bib")
    assert run.code == 1
    assert "read-only" in run.error
    assert kept("keep").out.count("reading.bib") == 1
    assert kept("search", "robust").code == 0


def test_kept_file_of_a_relative_path_is_found_from_anywhere(
    stocked: Carrel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(stocked.home)
    stocked("keep", "add", "a.bib", "--all")
    (stocked.home / "sub").mkdir()
    monkeypatch.chdir(stocked.home / "sub")
    stocked("tag", "+nlp", "robust")
    assert "nlp" in text(stocked, "a.bib")
    assert stocked("keep", "rm", "../a.bib").code == 0


def test_doctor_names_a_kept_file_that_was_changed_by_hand(kept: Carrel) -> None:
    path = kept.home / "reading.bib"
    assert "kept files" in kept("doctor").out
    path.write_text("@misc{mine}", "utf-8")
    run = kept("doctor")
    assert run.code == 1
    assert "!!  kept file" in run.out
    assert f"{path} was changed since Carrel wrote it" in run.out.replace("\n", " ")
    assert "carrel keep add --overwrite" in run.out


def test_doctor_names_a_kept_file_that_could_not_be_written(kept: Carrel) -> None:
    path = kept.home / "reading.bib"
    path.write_text("@misc{mine}", "utf-8")
    kept("bookmark", "parrots")  # which reports that the file was changed
    run = kept("doctor")
    assert f"cannot update {path}: changed since Carrel wrote it" in run.out.replace("\n", " ")
