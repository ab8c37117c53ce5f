"""Importing: every entry of every file is accounted for, and no known paper is lost."""

import io
import json
import os
import random
import shutil
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import CarrelError, Library, Paper
from index.formats import READERS
from index.importing import service
from index.importing.report import ImportProgress, ImportReport
from index.importing.service import BATCH_PAPERS, ImportRequest
from index.marks.changes import Bookmark, Note, Tag
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import SourceRef, build_paper
from index.text.cleaning import clean, shown_path
from tests.keys import keys

MAX_FILE_BYTES = 500_000
"""Larger real files are left to the tests of their formats: reading all takes ten seconds."""


def lines(*titles: str) -> str:
    """Return records of one author and year, so that equal titles are one paper."""
    papers = ({"title": title, "authors": ["Ada Lovelace"], "year": 1843} for title in titles)
    return "".join(json.dumps(paper) + "\n" for paper in papers)


def adds_up(report: ImportReport) -> bool:
    """Return whether the counts of a report add up, in each file and in all."""
    shape = report.as_json()
    files = shape["files"]
    assert isinstance(files, list)
    for file in files:
        taken = file["added"] + file["merged"] + file["unchanged"]
        assert file["read"] == taken + len(file["skipped"])
        assert all(skip["reason"] for skip in file["skipped"])
    assert shape["skipped"] == sum(len(file["skipped"]) for file in files)
    for name in ("read", "added", "merged", "unchanged"):
        assert shape[name] == sum(file[name] for file in files)
    json.dumps(shape)
    return True


class TestReports:
    def test_every_entry_is_added_merged_unchanged_or_skipped(
        self, library: Library, tmp_path: Path
    ) -> None:
        page = tmp_path / "page.jsonl"
        page.write_text(lines("One", "Two", "one!") + "nonsense\n" + '{"title": ""}\n')
        report = library.import_paths([page])
        assert adds_up(report)
        (file,) = report.files
        assert (file.read, file.added, file.unchanged) == (5, 2, 1)
        assert [skip.line for skip in file.skipped] == [4, 5]
        assert report.summary() == "5 papers read: 2 added, 1 unchanged, 2 skipped"
        odd = tmp_path / "odd.xyz"
        odd.write_text("nothing known")
        both = library.import_paths([page, odd])
        assert both.summary() == "5 papers read: 0 added, 3 unchanged, 2 skipped; 1 file skipped"
        assert (file.format, file.source, file.path) == ("jsonl", "page", str(page))

    def test_report_json_has_documented_keys(self, library: Library, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_text(lines("One"))
        assert library.import_paths([tmp_path / "a.jsonl"]).as_json() == {
            "read": 1, "added": 1, "merged": 0, "unchanged": 0, "skipped": 0,
            "files": [{
                "path": str(tmp_path / "a.jsonl"), "format": "jsonl", "source": "a", "read": 1,
                "added": 1, "merged": 0, "unchanged": 0, "skipped": [],
            }],
            "merges": [],
        }  # fmt: skip

    def test_import_again_is_unchanged(self, library: Library, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_text(lines("One", "Two"))
        library.import_paths([tmp_path / "a.jsonl"])
        assert library.import_paths([tmp_path / "a.jsonl"]).total("unchanged") == 2
        (tmp_path / "b.jsonl").write_text(lines("Two", "Three"))
        report = library.import_paths([tmp_path / "b.jsonl"])
        assert (report.total("merged"), report.total("added")) == (1, 1)

    def test_dry_run_reports_the_same_and_changes_nothing(
        self, library: Library, tmp_path: Path
    ) -> None:
        (tmp_path / "a.jsonl").write_text(lines("One", "Two", "one"))
        request = ImportRequest((str(tmp_path / "a.jsonl"),))
        told = library.import_files(request, dry_run=True)
        assert (library.count(), library.sources(), library.index.pending()) == (0, [], 0)
        assert library.import_files(request).as_json() == told.as_json()

    def test_import_given_source_date_and_format_are_used(
        self, library: Library, tmp_path: Path
    ) -> None:
        (tmp_path / "a.txt").write_text(lines("One"))
        library.import_files(
            ImportRequest(
                (str(tmp_path / "a.txt"),), format="jsonl", source="mine", date="2025-03-11"
            )
        )
        (source,) = library.sources()
        assert (source.name, source.date, source.format, source.papers) == (
            "mine",
            "2025-03-11",
            "jsonl",
            1,
        )
        assert source.path == str(tmp_path / "a.txt")

    def test_import_unknown_format_raises(self, library: Library, tmp_path: Path) -> None:
        with pytest.raises(CarrelError, match="unknown format 'docx'; use one of"):
            library.import_files(ImportRequest((str(tmp_path),), format="docx"))

    pieces = st.sampled_from(
        [b'{"title": "A"}\n', b'{"title": "B"}\n', b"junk\n", b"\xff\xfe", b"\n", b"\x00",
         b"@misc{x, title={C}}\n", b"Title\n"]
    )  # fmt: skip

    @given(st.lists(pieces).map(b"".join))
    def test_any_bytes_are_accounted_for(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "any").write_bytes(data)
        with Library.open(tmp_path / "library") as library:
            assert adds_up(library.import_paths([tmp_path / "any"]))


class TestFiles:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "the file is empty"),
            (b"\xef\xbb\xbf \n", "the file is empty"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 50, "unknown format"),
        ],
    )
    def test_import_file_without_papers_has_reason(
        self, library: Library, tmp_path: Path, data: bytes, reason: str
    ) -> None:
        (tmp_path / "a.bin").write_bytes(data)
        report = library.import_paths([tmp_path / "a.bin"])
        assert adds_up(report)
        (skip,) = report.files[0].skipped
        assert skip.reason.startswith(reason)

    def test_import_unreadable_file_does_not_stop_others(
        self, library: Library, tmp_path: Path
    ) -> None:
        (tmp_path / "a.jsonl").write_text(lines("One"))
        os.mkfifo(tmp_path / "pipe")
        paths = [tmp_path / "missing.txt", tmp_path / "pipe", tmp_path / "a.jsonl"]
        report = library.import_paths(paths)
        assert adds_up(report)
        assert [file.added for file in report.files] == [0, 0, 1]
        assert report.files[0].skipped[0].reason.startswith("cannot read the file: No such file")
        assert report.files[1].skipped[0].reason.startswith("cannot read the file: not a regular")

    def test_import_folder_skips_hidden_files_and_outward_links(
        self, library: Library, tmp_path: Path
    ) -> None:
        folder = tmp_path / "pages"
        (folder / "sub").mkdir(parents=True)
        (folder / ".git").mkdir()
        (folder / "b.jsonl").write_text(lines("B"))
        (folder / "sub" / "a.jsonl").write_text(lines("A"))
        (folder / ".hidden.jsonl").write_text(lines("Hidden"))
        (folder / ".git" / "c.jsonl").write_text(lines("Git"))
        (tmp_path / "outside.jsonl").write_text(lines("Outside"))
        (folder / "link.jsonl").symlink_to(tmp_path / "outside.jsonl")
        (folder / "links").symlink_to(tmp_path)
        report = library.import_paths([folder])
        assert [Path(file.path).name for file in report.files] == ["b.jsonl", "a.jsonl"]
        assert library.count() == 2

    def test_import_given_link_is_followed(self, library: Library, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_text(lines("One"))
        (tmp_path / "link.jsonl").symlink_to(tmp_path / "a.jsonl")
        assert library.import_paths([tmp_path / "link.jsonl"]).total("added") == 1

    def test_import_empty_folder_raises(self, library: Library, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(CarrelError, match="the folder contains no files"):
            library.import_paths([tmp_path / "empty"])

    def test_standard_input_is_a_file_called_stdin(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given = SimpleNamespace(buffer=io.BytesIO(lines("One", "Two").encode()))
        monkeypatch.setattr(sys, "stdin", given)
        report = library.import_paths(["-"])
        assert (report.total("added"), report.files[0].source) == (2, "stdin")
        assert library.sources()[0].path == ""

    def test_import_file_name_is_cleaned(self, library: Library, tmp_path: Path) -> None:
        path = tmp_path / "a\x1b[2J\u202eb.jsonl"
        path.write_text(lines("One"))
        library.import_paths([path])
        assert library.sources()[0].name == "ab"


class TestSteps:
    def big(self, tmp_path: Path, count: int) -> ImportRequest:
        (tmp_path / "big.jsonl").write_text(lines(*(f"Paper {n}" for n in range(count))))
        return ImportRequest((str(tmp_path / "big.jsonl"),))

    def test_import_reports_progress_to_the_end(self, library: Library, tmp_path: Path) -> None:
        told: list[ImportProgress] = []
        library.import_files(self.big(tmp_path, 2 * BATCH_PAPERS), step=told.append)
        assert [step.papers for step in told][-1] == 2 * BATCH_PAPERS
        assert told[-1].bytes_done == told[-1].bytes_total > 0
        assert [step.bytes_done for step in told] == sorted(step.bytes_done for step in told)

    def test_import_stopped_keeps_complete_batches(self, library: Library, tmp_path: Path) -> None:
        def stop(step: ImportProgress) -> None:
            if step.papers >= 2 * BATCH_PAPERS:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            library.import_files(self.big(tmp_path, 5 * BATCH_PAPERS), step=stop)
        assert library.count() == 2 * BATCH_PAPERS
        assert library.search("paper").total == 2 * BATCH_PAPERS

    def test_import_long_file_uses_little_memory(
        self, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(service, "BATCH_PAPERS", 20)
        page = tmp_path / "big.jsonl"
        with page.open("w") as file:
            for n in range(400):
                file.write(json.dumps({"title": f"Paper {n}", "abstract": f"{n} " * 2000}) + "\n")
        library.import_paths([tmp_path / "big.jsonl"])  # what is loaded once is loaded now
        tracemalloc.start()
        library.import_files(ImportRequest((str(page),), source="again"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < page.stat().st_size / 2


class TestExportAndBack:
    def test_import_exported_json_lines_round_trips(self, library: Library, tmp_path: Path) -> None:
        papers = [
            build_paper(title="Képes: “quoted” \\LaTeX", abstract="Text at https://x.org/a.",
                 authors=["A", "B"], et_al=True, date="2024-03", venue="V", keywords=["k"],
                 categories=["c"], votes=3),
            build_paper(title="A Bare Title Alone"),
            build_paper(title="Ids", arxiv_id="1706.03762", doi="10.1000/182", url="https://x.org/p",
                 id="my-id"),
        ]  # fmt: skip
        library.add(papers, "page")
        library.add([papers[1]], "second page")
        library.apply(Bookmark(("bare-title-alone",)))
        library.apply(Tag(("bare-title-alone", "my-id"), ("nlp/rag", "todo")))
        library.apply(Note(("my-id",), "two\nlines"))
        three = keys(1, 2, 3)
        library.export_file(library.ids(three), tmp_path / "all.jsonl", "jsonl")
        with Library.open(tmp_path / "other") as other:
            report = other.import_paths([tmp_path / "all.jsonl"])
            assert (report.total("added"), report.total("skipped")) == (3, 0)
            assert other._papers.rows(three) == library._papers.rows(three)
            assert {source.name for source in other.sources()} == {"page", "second page"}
            assert other.import_paths([tmp_path / "all.jsonl"]).total("unchanged") == 3

    def test_import_given_source_replaces_those_of_file(
        self, library: Library, tmp_path: Path
    ) -> None:
        library.add([Paper(title="One")], "page")
        library.export_file(library.ids(keys(1)), tmp_path / "all.jsonl", "jsonl")
        with Library.open(tmp_path / "other") as other:
            other.import_files(ImportRequest((str(tmp_path / "all.jsonl"),), source="mine"))
            assert other.papers(["one"])[0].sources == (SourceRef("mine", 1),)

    def test_any_order_of_records_gives_the_same_papers(self, tmp_path: Path) -> None:
        whole = Paper(
            title="One", abstract="Text.", year=2020, doi="10.1000/182", venue="V", votes=2
        )
        parts = [
            replace(Paper(title="One of the first"), abstract="Text."),
            replace(Paper(title="one of the first"), year=2020, doi="10.1000/182"),
            replace(Paper(title="ONE OF THE FIRST"), venue="V", votes=2),
        ]
        for seed in range(6):
            random.Random(seed).shuffle(parts)
            with Library.open(tmp_path / f"library{seed}") as library:
                library.add(parts, "page")
                (paper,) = library._papers.rows(keys(1))
            assert (paper.abstract, paper.year, paper.doi, paper.venue, paper.votes) == (
                whole.abstract, whole.year, whole.doi, whole.venue, whole.votes
            )  # fmt: skip


class TestRealFiles:
    def test_import_real_pages_reads_every_paper(self, library: Library, shared: Path) -> None:
        report = library.import_paths([shared / "pages"])
        assert adds_up(report)
        assert report.total("added") > 400
        assert library.search("language models").total > 50
        assert library.import_paths([shared / "pages"]).total("added") == 0

    def test_every_file_there_is_is_accounted_for(
        self, library: Library, shared: Path, tmp_path: Path
    ) -> None:
        for path in (shared / "formats").rglob("*"):
            if path.is_file() and path.suffix != ".xz" and path.stat().st_size < MAX_FILE_BYTES:
                copy = tmp_path / "formats" / path.relative_to(shared / "formats")
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
        assert adds_up(library.import_paths([tmp_path / "formats"]))


def test_error_in_a_reader_costs_only_its_own_file(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
        yield ParsedPaper(build_paper(title="Read before"), 1, 1)
        raise KeyError(origin.name)

    reader = replace(READERS["bibtex"], read=broken)
    monkeypatch.setitem(READERS, "bibtex", reader)
    (tmp_path / "a.bib").write_text("@article{a, title={x}, year=2000}\n")
    (tmp_path / "b.jsonl").write_text(lines("One"))
    report = library.import_paths([tmp_path / "a.bib", tmp_path / "b.jsonl"])
    assert report.total("added") == 2
    assert [skipped.reason for skipped in report.files[0].skipped] == [
        "cannot read the rest: internal error (KeyError); please report it"
    ]


class TestFileNames:
    names = (b"a\x1b]52;c;eA==\x07.jsonl", b"new\nline.jsonl", b"bad\xff.jsonl", b"ok.jsonl")
    shown = (r"a\x1b]52;c;eA==\x07.jsonl", r"bad\xff.jsonl", r"new\nline.jsonl", "ok.jsonl")

    def test_names_of_any_bytes_are_imported_and_escaped(self, tmp_path: Path) -> None:
        folder = tmp_path / "names"
        folder.mkdir()
        for number, name in enumerate(self.names):
            path = folder / os.fsdecode(name)
            try:
                path.write_text(f'{{"title": "Paper number {number}"}}\n')
            except OSError:  # macOS refuses bytes that are not UTF-8
                pytest.skip("the file system refuses such names")
        with Library.open(tmp_path / "library") as library:
            report = library.import_paths([folder])
            assert report.total("added") == len(self.names)
            assert [Path(file.path).name for file in report.files] == list(self.shown)
            stored = {source.path for source in library.sources()}
            assert stored == {str(folder / name) for name in self.shown}

    @given(st.binary(max_size=30))
    def test_any_path_is_shown_on_one_line(self, name: bytes) -> None:
        path = shown_path(os.fsdecode(name))
        assert path == clean(path) or path != path.strip() or "  " in path
        path.encode()
        assert len(path.splitlines()) <= 1
