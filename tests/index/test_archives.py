"""Compressed files and archives: read within bounds, each member on its own."""

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
import zstandard

from index import Library
from index.importing import archives

BIB = b"@article{a, title={Rivers of the North}, year=2020}\n"


def imported(tmp_path: Path, *names: str) -> tuple[list[str], list[str]]:
    """Return the imported titles, and the reasons of what is skipped."""
    with Library.open(tmp_path / "library") as library:
        report = library.import_paths([tmp_path / name for name in names])
        titles = [paper.title for paper in library.page(library.search("", sort="title"))]
    reasons = [f"{Path(f.path).name}: {s.reason}" for f in report.files for s in f.skipped]
    return titles, reasons


@pytest.mark.parametrize(
    ("ending", "compress"),
    [("gz", gzip.compress), ("xz", lzma.compress), ("zst", zstandard.compress)],
)
def test_compressed_file_is_read_as_its_contents(
    ending: str, compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    (tmp_path / f"a.bib.{ending}").write_bytes(
        compress(BIB) + compress(BIB.replace(b"North", b"South"))
    )
    titles, reasons = imported(tmp_path, f"a.bib.{ending}")
    assert titles == ["Rivers of the North", "Rivers of the South"]
    assert not reasons


def test_members_of_zip_are_read_and_bad_ones_cost_themselves(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("deep/a.bib", BIB)
        archive.writestr("../../b.bib", BIB.replace(b"North", b"South").decode("latin-1"))
        archive.writestr("photo.png", b"\x89PNG\x00")
        archive.writestr(".hidden.bib", BIB.replace(b"North", b"East").decode("latin-1"))
    titles, reasons = imported(tmp_path, "a.zip")
    assert titles == ["Rivers of the North", "Rivers of the South"]
    assert [reason.split(":")[0] for reason in reasons] == ["photo.png"]


def test_office_document_is_no_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    titles, reasons = imported(tmp_path, "a.docx")
    assert not titles
    assert len(reasons) == 1


def test_bomb_is_named_and_the_rest_comes_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MIN_BOMB_BYTES", 1 << 20)
    (tmp_path / "bomb.bib.gz").write_bytes(gzip.compress(bytes(8 << 20)))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bib", bytes(8 << 20))
    (tmp_path / "good.bib").write_bytes(BIB)
    titles, reasons = imported(tmp_path, "bomb.bib.gz", "bomb.zip", "good.bib")
    assert titles == ["Rivers of the North"]
    assert [reason for reason in reasons if "a decompression bomb" in reason] == reasons
    assert len(reasons) == 2


@pytest.mark.parametrize(
    ("ending", "compress"),
    [("gz", gzip.compress), ("xz", lzma.compress), ("zst", zstandard.compress)],
)
def test_cut_off_archive_gives_what_it_has_and_says_so(
    ending: str, compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    numbers = Random(1)
    entries = [
        b"@book{a%d, title={Rivers of N%d}, note={%x}}\n" % (n, n, numbers.getrandbits(2000))
        for n in range(900)
    ]
    whole = compress(b"".join(entries))
    (tmp_path / f"a.bib.{ending}").write_bytes(whole[: len(whole) * 2 // 3])
    titles, reasons = imported(tmp_path, f"a.bib.{ending}")
    assert 0 < len(titles) < 900
    assert "damaged or cut off" in reasons[-1]


def tar(*members: tuple[str, bytes]) -> bytes:
    """Return a tar archive."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link.bib")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return stream.getvalue()


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


SOUTH = BIB.replace(b"North", b"South")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tar", tar(("a.bib", BIB), ("deep/b.bib", SOUTH), (".c.bib", BIB))),
        ("a.tar.gz", gzip.compress(tar(("a.bib", BIB), ("../../b.bib", SOUTH)))),
        ("a.tar.zst", zstandard.compress(tar(("a.bib", BIB), ("b.bib", SOUTH)))),
        ("a.zip", zipped(("inner.zip", zipped(("a.bib", BIB))), ("b.bib", SOUTH))),
        ("b.zip", zipped(("a.bib.gz", gzip.compress(BIB)), ("b.tar", tar(("b.bib", SOUTH))))),
    ],
)
def test_archive_within_an_archive_is_read(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    titles, reasons = imported(tmp_path, name)
    assert titles == ["Rivers of the North", "Rivers of the South"]
    assert not reasons


def test_archives_too_deep_are_named_and_the_rest_comes_in(tmp_path: Path) -> None:
    deep = BIB
    for _ in range(archives.MAX_DEPTH):
        deep = zipped(("inner.zip", deep))
    (tmp_path / "a.zip").write_bytes(zipped(("a.zip", deep), ("b.bib", SOUTH)))
    titles, (reason,) = imported(tmp_path, "a.zip")
    assert titles == ["Rivers of the South"]
    assert reason == "inner.zip: too many archives within one another; unpack it yourself"


def test_bomb_within_an_archive_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MIN_BOMB_BYTES", 1 << 20)
    bomb = zstandard.compress(bytes(64 << 20))
    (tmp_path / "a.zip").write_bytes(zipped(("a.bib.zst", bomb)))
    titles, (reason,) = imported(tmp_path, "a.zip")
    assert not titles
    assert "a decompression bomb" in reason


def test_cut_off_tar_gives_what_it_has_and_says_so(tmp_path: Path) -> None:
    whole = tar(("a.bib", BIB), ("b.bib", SOUTH * 100))
    (tmp_path / "a.tar").write_bytes(whole[:2000])
    titles, reasons = imported(tmp_path, "a.tar")
    assert titles[0] == "Rivers of the North"
    assert "damaged or cut off" in reasons[-1]


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"\x1f\x8b\x08", b"\xfd7zXZ\x00", b"(\xb5/\xfd"])
def test_damaged_archive_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_bytes(data + b"x" * 50)
    titles, reasons = imported(tmp_path, "a.bib")
    assert not titles
    assert len(reasons) == 1


def test_standard_input_is_decompressed(tmp_path: Path) -> None:
    parts = list(archives.parts("-", io.BytesIO(gzip.compress(BIB))))
    assert [part.stream.read() for part in parts] == [BIB]


PROSE = {
    "letter.txt": "Dear Ann,\n\nthank you for the book.\n\nYours,\nBob\n",
    "prose.txt": "The river rose.\n\nIt was a long night, and nobody slept in the village below.\n",
    "references.txt": "[1] K. Ravn. Rivers. J. Rivers, 2020.\n[2] B. Moe. Lakes. 2021.\n",
    "code.txt": "import os\n\ndef main():\n    print(os.name)\n",
    "readme.md": "# A tool\n\nIt does things.\n\n## Usage\n\nRun it.\n",
    "abstract.txt": "1. J Rivers. 2020 Mar 5;7(3):1-9. doi: 10.1000/pm1.\n\n"
                    "Rivers and human health: a trial.\n\nRavn K(1).\n\n"
                    "BACKGROUND: Rivers are good.\n\nPMID: 33333333\n",
}  # fmt: skip


@pytest.mark.parametrize("name", PROSE)
def test_text_that_lists_no_papers_is_refused_when_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(PROSE[name])
    titles, reasons = imported(tmp_path, name)
    assert not titles
    assert "unknown format" in reasons[0]
