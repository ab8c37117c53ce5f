"""The `carrel` command for tests: run inside the test's process, or as a separate process."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from tests.prebuilt import copy_library
from tui.cli import main

ROOT = Path(__file__).parents[2]

LISTING = """Get trending papers in your email inbox once a day!

Speech Diffusion at Scale
We present a model for speech synthesis by diffusion that is trained on more hours of speech than \
any before it, and evaluate it on four benchmarks, where it improves on earlier methods.

Retrieval Without Regret
We propose a retrieval method that bounds the regret of a language model over its documents, and \
show that it outperforms dense retrieval on three datasets of questions and answers.
"""
"""A listing page with two papers."""

PROCESS_TIMEOUT_S = 120

HANDLED = (signal.SIGTERM, signal.SIGHUP)
"""Signals for which `main` installs handlers."""

PAPERS = [
    {
        "id": "tree-ring",
        "title": "Tree-Ring Watermarks: Fingerprints for Diffusion Images",
        "abstract": "We watermark the output of diffusion models without a trace in the image.",
        "authors": ["Ada Lovelace"],
        "year": 2023,
        "venue": "NeurIPS",
    },
    {
        "id": "robust",
        "title": "Robust Distortion-free Watermarks for Language Models",
        "abstract": "We plant a watermark in text of a language model. https://github.com/x/y",
        "year": 2024,
        "arxiv_id": "2307.15593",
    },
    {
        "id": "parrots",
        "title": "Stochastic Parrots Looking for Graphs",
        "abstract": "Language models are looked at with care, and a graph of them is drawn.",
        "doi": "10.1145/1234567.89",
    },
    {
        "id": "hostile",
        "title": "[/INST] [b]x[/b] \x1b[31mred\x1b[0m \u202eevil",
        "abstract": "Nothing in a title acts on the terminal.",
    },
]


@dataclass(frozen=True)
class Run:
    """The result of a command: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The single line of standard error, when nothing else was printed."""
        assert self.out == ""
        assert "Traceback" not in self.err
        (line,) = self.err.splitlines()
        return line


class Carrel:
    """The command in a separate home folder.

    Calling it runs the command in this process, which takes milliseconds. `process` starts a real
    one, which takes half a second of CPU, for tests of the process itself.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.library = home / "library"
        # Nothing of the caller's own Carrel may be seen.
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CARREL", "XDG_", "COV"))}
        self.environment = {
            **kept,
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "CARREL_LIBRARY": str(self.library),
            "TZ": "UTC",
        }

    def __call__(self, *arguments: str | Path, stdin: str | bytes = "", **environment: str) -> Run:
        """Run the command in this process, with its own streams and environment."""
        wanted = {**self.environment, **environment}
        changes = {**dict.fromkeys(os.environ), **wanted}  # None unsets a variable
        with (
            CliRunner().isolation(stdin, changes) as (out, err, _),
            patch.object(sys, "argv", ["carrel", *map(str, arguments)]),
            _handlers_restored(),
        ):
            with pytest.raises(SystemExit) as left:
                main.main()
            sys.stdout.flush()
            return Run(int(left.value.code or 0), out.getvalue().decode(), err.getvalue().decode())

    def process(self, *arguments: str | Path, stdin: str | bytes = "", **environment: str) -> Run:
        """Run the command as a separate process."""
        done = subprocess.run(
            self.command(*arguments),
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env={**self.environment, **environment},
            cwd=ROOT,
            timeout=PROCESS_TIMEOUT_S,
            check=False,
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    def command(self, *arguments: str | Path) -> list[str]:
        """Return the command line that starts `carrel` as a process, from the project's folder."""
        return [sys.executable, "-m", "tui.cli", *map(str, arguments)]

    def file(self, name: str, text: str | bytes) -> Path:
        path = self.home / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def ids(self, *query: str) -> list[str]:
        return self("search", "--format", "ids", *query).out.split()

    def stock(self) -> "Carrel":
        """Import the four papers above."""
        lines = "".join(json.dumps(paper) + "\n" for paper in PAPERS)
        assert self("import", self.file("papers.jsonl", lines)).code == 0
        return self

    def copy_of(self, other: "Carrel") -> "Carrel":
        """Copy the library and the cache of another home."""
        copy_library(other.library, other.home / "cache", self.library, self.home / "cache")
        return self


@contextmanager
def _handlers_restored() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in HANDLED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
