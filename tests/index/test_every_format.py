"""Properties of every readable format: isolation of errors, detection by content."""

import json
from pathlib import Path

import pytest

from index import Library
from index.formats import READERS
from index.papers.entries import ParsedPaper, Skipped
from tests.index.apart import MAX_MEMORY_MB, imported
from tests.index.files import KINDS, title
from tests.index.hostile import ACTING
from tests.index.reading import detected, entries

MANY = 1000
TITLES = [title(number) for number in range(1, MANY + 1)]
every = pytest.mark.parametrize("name", KINDS)


def found(name: str, data: str | bytes) -> list[str]:
    return [entry.paper.title for entry in entries(name, data) if isinstance(entry, ParsedPaper)]


def skipped(name: str, data: str | bytes) -> list[Skipped]:
    return [entry for entry in entries(name, data) if isinstance(entry, Skipped)]


def test_every_readable_format_has_a_sample() -> None:
    assert set(KINDS) == set(READERS)


@every
class TestWhole:
    def test_every_paper_is_read_with_its_position(self, name: str) -> None:
        read = entries(name, KINDS[name].of(TITLES))
        assert [entry for entry in read if isinstance(entry, Skipped)] == []
        papers = [entry for entry in read if isinstance(entry, ParsedPaper)]
        assert [entry.paper.title for entry in papers] == TITLES
        assert [entry.position for entry in papers] == list(range(1, MANY + 1))
        lines = [entry.line for entry in papers]
        assert lines == sorted(set(lines)) or name == "csv"
        assert all(entry.paper.abstract.startswith("We propose a method") for entry in papers)

    def test_format_is_detected_by_content(self, name: str) -> None:
        file = KINDS[name].of(TITLES[:20])
        for other in READERS.values():
            for ending in other.endings:
                assert detected(file, f"papers{ending}") == name
        assert detected(file, "") == name

    def test_line_ends_and_byte_order_marks_change_nothing(self, name: str) -> None:
        file = KINDS[name].of(TITLES[:20])
        for data in (
            file.replace("\n", "\r\n").encode(),
            file.encode("utf-8-sig"),
            file.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
        ):
            assert detected(data, "") == name
            assert found(name, data) == TITLES[:20]

    def test_legacy_encoding_is_read(self, name: str) -> None:
        titles = ["A Café at the Desk", "Über Lampen und Stühle", *TITLES[:5]]
        file = KINDS[name].of(titles).replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
        if "\\u" not in file:  # JSON may be all ASCII
            assert found(name, file.encode("latin-1")) == titles


@every
class TestBroken:
    def test_one_broken_entry_in_a_thousand_is_reported(self, name: str) -> None:
        kind = KINDS[name]
        if not kind.broken:
            pytest.skip("any text is valid on a page")
        written = [kind.entry(number, title) for number, title in enumerate(TITLES, 1)]
        written.insert(500, kind.broken)
        file = kind.file(written)
        read = entries(name, file)
        assert [entry.paper.title for entry in read if isinstance(entry, ParsedPaper)] == TITLES
        (skip,) = (entry for entry in read if isinstance(entry, Skipped))
        line = file[: file.index(kind.broken, len(kind.head))].count("\n") + 1
        assert abs(skip.line - line) <= 1
        assert len(skip.reason) > 3
        assert not ACTING.search(skip.reason)

    def test_truncated_file_loses_only_its_end(self, name: str) -> None:
        file = KINDS[name].of(TITLES[:50])
        for cut in (0.3, 0.6, 0.9):
            part = file[: int(len(file) * cut)]
            if name == "linkrefs":  # the link targets are at the end
                continue
            here = found(name, part)
            assert here[:-1] == TITLES[: len(here) - 1]
            assert len(here) >= 50 * cut - 3

    def test_terminal_control_characters_are_removed(self, name: str) -> None:
        file = KINDS[name].of(TITLES[:20])
        for acting in ("\x00", "\x1b[2J", "\u202e"):
            raw = file.replace("Ada", acting).replace("state-of", f"{acting}state-of")
            read = [entry for entry in entries(name, raw) if isinstance(entry, ParsedPaper)]
            assert [entry.paper.title for entry in read] == TITLES[:20]
            assert not ACTING.search("".join(e.paper.abstract + str(e.paper.authors) for e in read))

    def test_empty_and_random_files_have_no_papers(self, name: str) -> None:
        for data in (b"", b"\n" * 9, b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 99, bytes(range(256))):
            read = entries(name, data)
            assert all(entry.reason for entry in read if isinstance(entry, Skipped))

    def test_files_of_other_formats_are_read_without_exception(self, name: str) -> None:
        for kind in KINDS.values():
            read = entries(name, kind.of(TITLES[:5]))
            assert all(entry.reason for entry in read if isinstance(entry, Skipped))


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if "{" in kind.broken[:1]])
def test_values_of_wrong_type_count_as_missing(name: str) -> None:
    kind = KINDS[name]
    shape = json.loads(kind.entry(7, TITLES[6]))
    kept = ("title", "display_name", "id", "paperId", "submitter", "authors_parsed", "member")
    for key in shape.keys() - kept:
        odd_values: tuple[object, ...] = (7, True, None, "x", [], [[]], {}, {"x": [1]}, ["", None])
        for value in odd_values:
            odd = json.dumps({**shape, key: value})
            first, other = entries(name, kind.file([kind.entry(1, TITLES[0]), odd]))
            assert isinstance(first, ParsedPaper)
            assert first.paper.title == TITLES[0]
            assert isinstance(other, ParsedPaper) or other.reason


def test_folder_of_all_formats_is_imported(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for at, (name, kind) in enumerate(KINDS.items()):
        mine = [f"{title(number)} for {name}" for number in range(10 * at, 10 * at + 10)]
        (folder / f"{at:02}-{name}").write_text(kind.of(mine))
    (folder / "notes.txt").write_text("call the library\nbuy a lamp\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    report = library.import_paths([folder])
    by_name = {Path(file.path).name.partition("-")[2]: file for file in report.files}
    assert {name: by_name[name].format for name in KINDS} == {name: name for name in KINDS}
    assert {name: by_name[name].read for name in KINDS} == dict.fromkeys(KINDS, 10)
    assert [file.skipped[0].reason[:14] for file in report.files if not file.format] == [
        "unknown format"
    ] * 2
    # Several of the files have the same arXiv ids.
    assert library.count() == report.total("added") > 100


# -- size ------------------------------------------------------------------------------------------

FIVE_MEGABYTES = "word " * 1_000_000


@every
def test_huge_title_is_skipped_in_bounded_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "enormous"
    path.write_text(KINDS[name].of([*TITLES[:3], FIVE_MEGABYTES, *TITLES[3:6]]))
    _, most = imported(tmp_path / "library", path)
    assert most < MAX_MEMORY_MB
    with Library.open(tmp_path / "library") as library:
        papers = library.page(library.search("", limit=0))
    assert {paper.title for paper in papers} >= set(TITLES[:3])
    if name not in ("html", "linkrefs", "markdown", "listing"):  # pages are read up to a length
        assert {paper.title for paper in papers} >= set(TITLES[:6])
