"""Exported files: written atomically, private, and overwritten only on request."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import CarrelError, Library, Paper
from index.errors import ExportFailed, UnknownPaper
from index.files import create_private_folder, replace_file, write_file
from index.formats import Style
from index.marks.changes import Bookmark, Note, Tag


def failing() -> Iterator[str]:
    yield "half a file\n"
    raise RuntimeError


class TestWriting:
    def test_write_file_is_verbatim_and_private(self, tmp_path: Path) -> None:
        write_file(tmp_path / "out.txt", ["Képes\r\n", "中文\n"])
        assert (tmp_path / "out.txt").read_bytes() == "Képes\r\n中文\n".encode()
        assert (tmp_path / "out.txt").stat().st_mode & 0o777 == 0o600

    def test_write_file_existing_needs_overwrite(self, tmp_path: Path) -> None:
        (tmp_path / "out.txt").write_text("old")
        with pytest.raises(ExportFailed, match="already exists; use --force"):
            write_file(tmp_path / "out.txt", ["new"])
        assert (tmp_path / "out.txt").read_text() == "old"
        write_file(tmp_path / "out.txt", ["new"], overwrite=True)
        assert (tmp_path / "out.txt").read_text() == "new"

    @pytest.mark.parametrize("there", [False, True])
    def test_write_file_error_changes_nothing(self, tmp_path: Path, there: bool) -> None:
        if there:
            (tmp_path / "out.txt").write_text("old")
        before = sorted(tmp_path.iterdir())
        with pytest.raises(RuntimeError):
            write_file(tmp_path / "out.txt", failing(), overwrite=True)
        assert sorted(tmp_path.iterdir()) == before
        assert not there or (tmp_path / "out.txt").read_text() == "old"

    def test_write_file_link_writes_target(self, tmp_path: Path) -> None:
        (tmp_path / "target.txt").write_text("old")
        (tmp_path / "link.txt").symlink_to("target.txt")
        with pytest.raises(ExportFailed):
            write_file(tmp_path / "link.txt", ["new"])
        write_file(tmp_path / "link.txt", ["new"], overwrite=True)
        assert (tmp_path / "link.txt").is_symlink()
        assert (tmp_path / "target.txt").read_text() == "new"

    def test_write_file_dangling_link_creates_private_target(self, tmp_path: Path) -> None:
        (tmp_path / "link.txt").symlink_to("target.txt")
        with pytest.raises(RuntimeError):
            write_file(tmp_path / "link.txt", failing())
        assert not (tmp_path / "target.txt").exists()
        write_file(tmp_path / "link.txt", ["new"])
        assert (tmp_path / "target.txt").read_text() == "new"
        assert (tmp_path / "target.txt").stat().st_mode & 0o777 == 0o600

    def test_write_file_keeps_permissions(self, tmp_path: Path) -> None:
        (tmp_path / "out.txt").write_text("old")
        for rights in (0o644, 0o600):
            (tmp_path / "out.txt").chmod(rights)
            write_file(tmp_path / "out.txt", ["new"], overwrite=True)
            assert (tmp_path / "out.txt").stat().st_mode & 0o777 == rights

    def test_remove_leftovers_keeps_files_of_running_writers(self, tmp_path: Path) -> None:
        (tmp_path / ".[out].txt.left.part").touch()
        (tmp_path / ".other.txt.left.part").touch()

        def pieces() -> Iterator[str]:
            write_file(tmp_path / "[out].txt", ["meanwhile"])
            yield "last"

        write_file(tmp_path / "[out].txt", pieces())
        assert (tmp_path / "[out].txt").read_text() == "last"
        names = sorted(path.name for path in tmp_path.iterdir())
        assert names == [".other.txt.left.part", "[out].txt"]

    def test_write_file_writes_to_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        write_file(tmp_path / "pipe", ["a", "b"])
        assert os.read(reader, 10) == b"ab"
        os.close(reader)

    @pytest.mark.parametrize(
        ("name", "reason"),
        [("", "is a folder"), ("none/out.txt", "No such file"), ("file/out.txt", "Not a directory"),
         ("circle", "cannot write"), ("x" * 300, "cannot write")],
    )  # fmt: skip
    def test_write_file_invalid_path_raises(self, tmp_path: Path, name: str, reason: str) -> None:
        (tmp_path / "file").touch()
        (tmp_path / "circle").symlink_to("circle")
        with pytest.raises(ExportFailed, match=reason):
            write_file(tmp_path / name, ["x"], overwrite=True)

    def test_write_file_expands_home_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        write_file(Path("~/out.txt"), ["x"])
        assert (tmp_path / "out.txt").exists()


class TestLibrary:
    def test_export_keeps_given_order(self, library: Library) -> None:
        library.add([Paper(title=f"P{n}", id=f"p{n}") for n in range(1200)], "page")
        wanted = [f"p{n}" for n in reversed(range(1200))]
        text = "".join(library.export(wanted, "jsonl"))
        assert [json.loads(line)["id"] for line in text.splitlines()] == wanted

    def test_export_can_omit_marks(self, library: Library) -> None:
        library.add([Paper(title="One", abstract="Long.", id="one")], "page")
        library.apply(Bookmark(("one",)))
        library.apply(Tag(("one",), add=("nlp",)))
        library.apply(Note(("one",), "mine"))

        def written(style: Style) -> list[object]:
            paper = json.loads("".join(library.export(["one"], "jsonl", style)))
            return [paper[name] for name in ("abstract", "bookmarked", "tags", "note")]

        assert written(Style()) == ["Long.", True, ["nlp"], "mine"]
        assert written(Style(abstract=False)) == ["", True, ["nlp"], "mine"]
        assert written(Style(tags=False)) == ["Long.", True, [], "mine"]
        assert written(Style(note=False)) == ["Long.", True, ["nlp"], ""]
        assert written(Style(marks=False)) == ["Long.", False, [], ""]

    def test_export_error_is_raised_before_writing(self, library: Library, tmp_path: Path) -> None:
        with pytest.raises(UnknownPaper):
            library.export(["nothing"], "jsonl")
        with pytest.raises(CarrelError, match="cannot export to 'docx': unknown format; try"):
            library.export_file([], tmp_path / "out.docx", "docx")
        assert not (tmp_path / "out.docx").exists()


def test_create_private_folder_makes_missing_parents_private(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    for _ in range(2):
        create_private_folder(tmp_path / "a" / "b" / "c")
    modes = [(tmp_path / path).stat().st_mode & 0o777 for path in ("a", "a/b", "a/b/c")]
    assert modes == [0o755, 0o700, 0o700]


class TestReplacing:
    """Atomic writes of files."""

    def test_replace_file_replaces_at_end_of_block(self, tmp_path: Path) -> None:
        path = tmp_path / "cache.bin"
        path.write_bytes(b"old")
        with replace_file(path, durable=False) as file:
            file.write(b"new")
            assert path.read_bytes() == b"old"
            assert Path(file.name).parent == tmp_path
        assert path.read_bytes() == b"new"
        assert path.stat().st_mode & 0o777 == 0o600
        assert list(tmp_path.iterdir()) == [path]

    def test_replace_file_error_leaves_original_only(self, tmp_path: Path) -> None:
        path = tmp_path / "cache.bin"
        path.write_bytes(b"old")

        def write() -> None:
            with replace_file(path) as file:
                file.write(b"half")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write()
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("lock", [True, False])
    def test_replace_file_removes_leftovers(self, tmp_path: Path, lock: bool) -> None:
        path, left = tmp_path / "a[b].bin", tmp_path / ".a[b].bin.left.part"
        left.touch()
        (tmp_path / f"{left.name}-journal").touch()  # SQLite's, beside a database
        with replace_file(path, lock=lock):
            assert not left.exists()
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("durable", [True, False])
    def test_replace_file_syncs_durable_file_only(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: bool
    ) -> None:
        synced: list[int] = []
        monkeypatch.setattr(os, "fsync", synced.append)
        with replace_file(tmp_path / "file", durable=durable) as file:
            file.write(b"x")
        assert bool(synced) == durable

    def test_replace_file_killed_writer_leaves_original(self, tmp_path: Path) -> None:
        path = tmp_path / "columns.npz"
        path.write_bytes(b"old")
        script = (
            "import os, signal, sys; from pathlib import Path\n"
            "from index.files import replace_file\n"
            "with replace_file(Path(sys.argv[1])) as file:\n"
            "    file.write(b'half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        root = Path(__file__).resolve().parents[2]
        subprocess.run([sys.executable, "-c", script, path], cwd=root, check=False)
        assert path.read_bytes() == b"old"
        assert len(list(tmp_path.iterdir())) == 2
        with replace_file(path) as file:
            file.write(b"new")
        assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {path.name: b"new"}
