"""The benchmark prints every row, here for a few generated papers."""

import os
from unittest.mock import patch

import pytest

from tests.bench import __main__, enriching, measures, queries


def test_bench_prints_all_rows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measures, "ENOUGH", 0.05)
    monkeypatch.setattr(measures, "TITLES", 1)
    monkeypatch.setattr(measures, "MAX_COMPARED", 55)
    monkeypatch.setattr(measures, "PROCESSES", 1)
    monkeypatch.setattr(queries, "TYPED", queries.TYPED[:1])
    monkeypatch.setattr(enriching, "SMALL_FILE_BYTES", 50_000)
    with patch.dict(os.environ):
        assert __main__.main(["--sizes", "50,60", "--no-terminal"]) == 0
    printed = capsys.readouterr().out
    assert "50 made-up papers" in printed
    for row in (
        "import into the database",
        "whole words, first time: p95",
        "letter by letter, first time: median",
        "facets: p95",
        "carrel search, a whole process",
        "bookmark 50 papers",
        "50 papers added until search and facets have them",
        "memory that import and index take",
        "completed from services: precision",
        "records of a file looked up",
        "how cost grows",
        "index: only FTS5 is compared for more than 55 papers",
    ):
        assert row in printed
