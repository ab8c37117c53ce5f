"""The benchmark prints every row, here for a few generated papers."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_bench_prints_all_rows() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--sizes", "50,60", "--no-terminal"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "50 made-up papers" in done.stdout
    for row in (
        "import into the database",
        "whole words, first time: p95",
        "letter by letter, first time: median",
        "facets: p95",
        "carrel search, a whole process",
        "bookmark 50 papers",
        "50 papers added until found",
        "memory that import and index take",
        "completed from services: precision",
        "records of a file looked up",
        "how cost grows",
    ):
        assert row in done.stdout
