"""Kept files: exports that are written again when the papers of their query change."""

import os
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from index import CarrelError, Library, Paper
from index.errors import ExportFailed, LibraryUnavailable
from index.formats import USUAL, Style
from index.kept_files import service
from index.kept_files.service import LOCK_NAME
from index.marks.changes import Bookmark, Dismissed, Note, Read, Tag
from index.query import parser
from index.store import KeptFileStore

PAPERS = [
    Paper("A Watermark for Language Models", "We mark text.", id="mark", authors=("Ada Lovelace",)),
    Paper("Speech by Diffusion", "We speak.", id="speech", year=2024),
    Paper("Graphs Retrieved", "We retrieve graphs.", id="graphs"),
]


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add(PAPERS, "page")
    library.apply(Bookmark(("speech",)))
    return library


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "reading.bib"


class NextMonth(date):
    """The calendar of 30 days later."""

    @classmethod
    def today(cls) -> "NextMonth":
        later = date.today() + timedelta(days=30)
        return cls(later.year, later.month, later.day)


def keep(
    library: Library, path: Path, query: str | None = None, *, overwrite: bool = False
) -> None:
    library.kept.add(path, "bibtex", USUAL, query=query, overwrite=overwrite)


def keys(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [line.partition("{")[2].rstrip(",") for line in lines if line.startswith("@")]


def state(library: Library, path: Path) -> str:
    file = library.kept.get(path)
    assert file
    return library.kept.state(file)


# -- writing ---------------------------------------------------------------------------------------


def test_keep_writes_bookmarks_by_default(shelf: Library, target: Path) -> None:
    file = shelf.kept.add(target, "bibtex", USUAL)
    assert (file.path, file.query, file.papers) == (target, "is:bookmarked", 1)
    assert keys(target) == ["speech"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert state(shelf, target) == "current"


def test_kept_file_equals_an_export(shelf: Library, target: Path) -> None:
    keep(shelf, target, "")
    exported = "".join(shelf.export([paper.id for paper in PAPERS], "bibtex"))
    assert target.read_text("utf-8") == exported


CHANGES: list[tuple[str, Callable[[Library], object]]] = [
    ("bookmark", lambda library: library.apply(Bookmark(("graphs",)))),
    ("undo", lambda library: library.undo()),
    ("tag", lambda library: library.apply(Tag(("speech",), add=("x",)))),
    ("note", lambda library: library.apply(Note(("speech",), "Read again."))),
    ("dismissal", lambda library: library.apply(Dismissed(("speech",), True))),
    ("edit", lambda library: library.editing.edit(library.keys(["speech"])[0], {"year": 2020})),
    ("removal", lambda library: library.editing.remove(library.keys(["speech"]))),
    (
        "import",
        lambda library: library.add(
            [Paper("Speech by Diffusion", "We speak.", doi="10.1000/182")], "bib"
        ),
    ),
]


@pytest.mark.parametrize("change", [c[1] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_sync_after_change_writes_file(
    shelf: Library, target: Path, change: Callable[[Library], object]
) -> None:
    keep(shelf, target)
    before = target.read_text("utf-8")
    change(shelf)
    assert shelf.kept.sync(USUAL) == []
    assert target.read_text("utf-8") != before
    ids = shelf.ids(sorted(shelf.search("is:bookmarked", limit=0).paper_keys()))
    assert target.read_text("utf-8") == "".join(shelf.export(ids, "bibtex"))


def test_sync_after_merge_of_dump_writes_file(shelf: Library, target: Path, tmp_path: Path) -> None:
    keep(shelf, target)
    with Library.open(tmp_path / "other") as other:
        other.add(PAPERS, "page")
        other.apply(Bookmark(("mark",)))
        other.dumps.dump().write_file(tmp_path / "dump.jsonl")
    shelf.dumps.merge(str(tmp_path / "dump.jsonl"))
    shelf.kept.sync(USUAL)
    assert keys(target) == ["mark", "speech"]


def test_sync_without_change_of_content_leaves_file(shelf: Library, target: Path) -> None:
    keep(shelf, target)
    before = target.stat()
    shelf.apply(Read(("mark",), True))
    shelf.apply(Bookmark(("mark",)))
    shelf.undo()
    assert shelf.kept.sync(USUAL) == []
    after = target.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_sync_without_any_change_exports_nothing(
    shelf: Library, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(shelf, target)
    monkeypatch.setattr(shelf.kept, "_export", None)  # not called
    assert shelf.kept.sync(USUAL) == []


def test_sync_new_papers_follow_older_ones(shelf: Library, target: Path) -> None:
    keep(shelf, target, "watermark OR mark OR aquifer")
    before = target.read_text("utf-8")
    shelf.add([Paper("Aquifer", "Of water. " * 20, id="aquifer")], "later page")
    shelf.kept.sync(USUAL)
    assert target.read_text("utf-8").startswith(before)
    assert keys(target) == ["mark", "aquifer"]


def test_citation_key_stays_when_authors_change(library: Library, target: Path) -> None:
    library.add([Paper("Marks in Text", authors=("Ada Lovelace",), year=2024)], "page")
    keep(library, target, "")
    assert keys(target) == ["lovelace2024marks"]
    (key,) = library.search("").paper_keys()
    library.editing.edit(key, {"authors": ["Grace Hopper"], "year": 2020})
    library.kept.sync(USUAL)
    assert "Grace Hopper" in target.read_text("utf-8")
    assert keys(target) == ["lovelace2024marks"]


def test_options_of_a_file_override_the_configuration(shelf: Library, target: Path) -> None:
    options: dict[str, bool | str] = {"abstract": False, "keys": "{word}{year}"}
    shelf.kept.add(target, "bibtex", USUAL, options=options)
    assert keys(target) == ["speech2024"]
    assert "abstract" not in target.read_text("utf-8")
    keep(shelf, target, "speech")
    assert keys(target) == ["speech2024"]


def test_sync_after_change_of_configuration_writes_file(library: Library, target: Path) -> None:
    library.add([Paper("Über Graphen")], "page")
    keep(library, target, "")
    library.kept.sync(Style(unicode=True))
    assert "Über" in target.read_text("utf-8")


def test_relative_dates_are_followed(
    shelf: Library, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(shelf, target, "added:7d")
    assert len(keys(target)) == 3
    for module in (service, parser):
        monkeypatch.setattr(module, "date", NextMonth)
    assert shelf.kept.sync(USUAL) == []
    assert keys(target) == []


@pytest.mark.parametrize("form", ["biblatex", "ris", "csl", "csv", "jsonl", "markdown", "org"])
def test_every_format_can_be_kept(shelf: Library, tmp_path: Path, form: str) -> None:
    path = tmp_path / "kept"
    shelf.kept.add(path, form, USUAL, query="")
    assert "Graphs Retrieved" in path.read_text("utf-8")


def test_keep_link_writes_its_target(shelf: Library, tmp_path: Path, target: Path) -> None:
    link = tmp_path / "link.bib"
    target.touch()
    link.symlink_to(target)
    keep(shelf, link, overwrite=True)
    assert link.is_symlink()
    assert keys(target) == ["speech"]


def test_keep_name_of_any_bytes_is_stored(shelf: Library, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff \x1b[31m.bib")
    keep(shelf, path)
    shelf.apply(Bookmark(("graphs",)))
    assert shelf.kept.sync(USUAL) == []
    assert keys(path) == ["speech", "graphs"]
    assert shelf.kept.remove(path).path == path


def test_remove_keeps_the_file(shelf: Library, target: Path) -> None:
    keep(shelf, target)
    shelf.kept.remove(target)
    shelf.apply(Bookmark(("graphs",)))
    assert shelf.kept.sync(USUAL) == []
    assert keys(target) == ["speech"]
    with pytest.raises(CarrelError, match="is not a kept file"):
        shelf.kept.remove(target)


# -- changed by others -----------------------------------------------------------------------------


def test_keep_existing_file_is_refused(shelf: Library, target: Path) -> None:
    target.write_text("mine")
    with pytest.raises(ExportFailed, match="it already exists; try --overwrite"):
        keep(shelf, target)
    assert (target.read_text(), shelf.kept.all()) == ("mine", [])
    keep(shelf, target, overwrite=True)
    assert keys(target) == ["speech"]


def test_changed_file_is_reported_once_and_left(shelf: Library, target: Path) -> None:
    keep(shelf, target)
    target.write_text("by hand")
    shelf.apply(Bookmark(("graphs",)))
    (problem,) = shelf.kept.sync(USUAL)
    assert "changed since Carrel wrote it; try carrel keep add --overwrite" in problem
    assert "keep rm" in problem
    assert "\n" not in problem
    assert shelf.kept.sync(USUAL) == []
    assert state(shelf, target) == "changed"
    assert target.read_text() == "by hand"


def test_changed_file_is_written_again_once_restored(shelf: Library, target: Path) -> None:
    keep(shelf, target)
    written = target.read_text()
    target.write_text("by hand")
    shelf.apply(Bookmark(("graphs",)))
    shelf.kept.sync(USUAL)
    target.write_text(written)
    assert shelf.kept.sync(USUAL) == []
    assert (keys(target), state(shelf, target)) == (["speech", "graphs"], "current")


def test_changed_file_is_not_reported_while_papers_are_the_same(
    shelf: Library, target: Path
) -> None:
    keep(shelf, target)
    target.write_text("by hand")
    shelf.apply(Read(("mark",), True))
    assert shelf.kept.sync(USUAL) == []
    assert state(shelf, target) == "changed"


def test_overwrite_replaces_changed_file(shelf: Library, target: Path) -> None:
    keep(shelf, target, "graphs")
    target.write_text("by hand")
    keep(shelf, target, overwrite=True)
    assert (keys(target), state(shelf, target)) == (["graphs"], "current")


def test_deleted_file_is_written_again(shelf: Library, target: Path) -> None:
    keep(shelf, target)
    target.unlink()
    assert state(shelf, target) == "missing"
    assert shelf.kept.sync(USUAL) == []
    assert keys(target) == ["speech"]


def test_file_written_before_a_crash_is_not_taken_for_changed(
    shelf: Library, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(shelf, target)
    shelf.apply(Bookmark(("graphs",)))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(service, "now", killed)
        with pytest.raises(KeyboardInterrupt):
            shelf.kept.sync(USUAL)
    assert keys(target) == ["speech", "graphs"]
    shelf.apply(Bookmark(("mark",)))
    assert shelf.kept.sync(USUAL) == []
    assert keys(target) == ["mark", "speech", "graphs"]


# -- problems --------------------------------------------------------------------------------------


def test_missing_folder_is_reported_once_and_other_files_are_written(
    shelf: Library, tmp_path: Path, target: Path
) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    keep(shelf, folder / "a.bib")
    keep(shelf, target)
    (folder / "a.bib").unlink()
    folder.rmdir()
    shelf.apply(Bookmark(("graphs",)))
    (problem,) = shelf.kept.sync(USUAL)
    assert "a.bib: No such file or directory" in problem
    assert keys(target) == ["speech", "graphs"]
    assert shelf.kept.sync(USUAL) == []
    folder.mkdir()
    assert shelf.kept.sync(USUAL) == []
    assert keys(folder / "a.bib") == ["speech", "graphs"]


@pytest.mark.parametrize("name", ["nowhere/a.bib", "folder.bib"])
def test_keep_unwritable_path_keeps_nothing(shelf: Library, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.bib").mkdir()
    with pytest.raises(ExportFailed, match=r"cannot keep .*; try another file"):
        keep(shelf, tmp_path / name)
    assert shelf.kept.all() == []


@pytest.mark.parametrize("query", ["is:red", "query:nothing", "tag:", "unheardofword"])
def test_keep_query_with_an_error_is_refused(shelf: Library, target: Path, query: str) -> None:
    if query == "unheardofword":
        keep(shelf, target, query)  # a word that papers may have later
        assert keys(target) == []
        return
    with pytest.raises(CarrelError, match="in the query: "):
        keep(shelf, target, query)
    assert not target.exists()


def test_query_that_lost_its_saved_search_is_reported_and_file_left(
    shelf: Library, target: Path
) -> None:
    shelf.saved.add("graphs", "graphs retrieved")
    keep(shelf, target, "query:graphs")
    shelf.saved.remove("graphs")
    (problem,) = shelf.kept.sync(USUAL)
    assert "in the query: unknown saved search graphs" in problem
    assert keys(target) == ["graphs"]
    shelf.saved.add("graphs", "speech")
    assert shelf.kept.sync(USUAL) == []
    assert keys(target) == ["speech"]


def test_keep_in_a_read_only_library_is_refused(shelf: Library, tmp_path: Path) -> None:
    keep(shelf, tmp_path / "a.bib")
    shelf.close()
    database = shelf.folder / "carrel.db"
    database.chmod(0o400)
    with Library.open(shelf.folder) as library:
        assert library.kept.sync(USUAL) == []
        assert [file.papers for file in library.kept.all()] == [1]
        with pytest.raises(LibraryUnavailable, match="read-only"):
            keep(library, tmp_path / "b.bib")
        with pytest.raises(LibraryUnavailable, match="read-only"):
            library.kept.remove(tmp_path / "a.bib")


def test_sync_without_index_uses_the_database(
    shelf: Library, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise CarrelError("cannot write the search index")

    monkeypatch.setattr(shelf.index, "sync", broken)
    keep(shelf, target, "graphs")
    assert keys(target) == ["graphs"]


# -- two Carrels -----------------------------------------------------------------------------------


def test_two_carrels_write_one_file_in_turn(
    shelf: Library, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(shelf, target)
    with closing(Library.open(shelf.folder)) as other:
        other.apply(Bookmark(("graphs",)))
        assert other.kept.sync(USUAL) == []
        shelf.apply(Bookmark(("mark",)))
        assert shelf.kept.sync(USUAL) == []
        monkeypatch.setattr(other.kept, "_export", None)  # not called: it is current
        assert other.kept.sync(USUAL) == []
    assert keys(target) == ["mark", "speech", "graphs"]


def test_sync_while_another_writes_is_reported(
    shelf: Library, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(shelf, target)
    shelf.apply(Bookmark(("graphs",)))
    monkeypatch.setattr(service, "LOCK_TIMEOUT_S", 0)
    with FileLock(shelf.folder / LOCK_NAME):
        (problem,) = shelf.kept.sync(USUAL)
    assert "another process is writing them" in problem
    assert shelf.kept.sync(USUAL) == []
    assert keys(target) == ["speech", "graphs"]


def test_kept_files_are_not_in_dumps(shelf: Library, target: Path) -> None:
    before = list(shelf.dumps.dump().lines())
    keep(shelf, target)
    assert list(shelf.dumps.dump().lines()) == before


def test_store_returns_what_was_stored(shelf: Library, target: Path) -> None:
    file = shelf.kept.add(target, "bibtex", USUAL, options={"note": False})
    assert KeptFileStore(shelf._database).all() == [file]
