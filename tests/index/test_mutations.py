"""Mutated real files: no exception, no hang, and every entry is accounted for."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import formats
from index.importing.service import ImportRequest, run_import
from index.papers.entries import ParsedPaper
from index.papers.paper import Paper
from index.store import Placement, Source
from index.text.cleaning import clean
from tests.examples import FUZZING
from tests.index.mutations import mutant

MUTANTS = 10_000 if FUZZING else 200
MAX_CPU_S = 10
WRITTEN = 2
"""Papers of each mutant that are written in every format."""


def check(name: str, data: bytes, folder: Path) -> None:
    """Import a file without a library, and check the report and what was read."""
    found: list[Paper] = []

    def add(entries: Sequence[ParsedPaper], _: Source) -> list[Placement]:
        found.extend(entry.paper for entry in entries)
        return [Placement("added", "x", "x") for _ in entries]

    path = folder / name
    path.write_bytes(data)
    start = time.process_time()
    report = run_import(ImportRequest((str(path),)), add)
    assert time.process_time() - start < MAX_CPU_S
    shape = report.as_json()
    json.dumps(shape).encode()
    assert shape["read"] == len(found) + report.total("skipped") > 0
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for skipped in (skipped for file in report.files for skipped in file.skipped):
        assert skipped.reason == clean(skipped.reason) != ""
        assert "internal error" not in skipped.reason
        assert data[:2] == b"\x1f\x8b" or skipped.line <= lines
    for paper in found:
        assert paper.title == clean(paper.title) != ""
        assert paper.abstract == clean(paper.abstract)
        paper.title.encode()
    for form in formats.WRITERS:
        assert "".join(formats.write_papers(found[:WRITTEN], form)) or not found


@settings(max_examples=MUTANTS)
@given(st.integers(0, 2**40))
def test_mutated_file_is_read_or_refused_and_all_is_accounted_for(
    tmp_path: Path, seed: int
) -> None:
    check(*mutant(seed), tmp_path)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.ris", b"TY  - JOUR\nno field\nTI  - A desk\nER  - \n"),
        ("a.ris", b"TY  - JOUR\nD\r\rO  - 10.1000/x\nTI  - A desk\nER  - \n"),
        ("a.json", b'{"id": "m1", "title": '),
        ("a.json", b'[{"authors": [{"name": "A"}], "title": "On desks", "x":'),
    ],
)
def test_file_that_was_misread_once_is_read_or_refused(
    name: str, data: bytes, tmp_path: Path
) -> None:
    check(name, data, tmp_path)
