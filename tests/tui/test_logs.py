"""The log of `carrel --debug FILE`."""

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from index import Library
from index.errors import CarrelError
from tui.platform import logs
from tui.wording import describe_error

from .command import Carrel
from .conftest import Open

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ \S+ [A-Z]+ [\w.]+: \S.*")

HOSTILE = """@article{a, title = {One}, title = {Two \x1b[31mred\x1b[0m}}
@article{b, title {no equals sign \x1b]0;evil\x07}}
"""


def lines(path: Path) -> list[str]:
    """The lines of a log, each of which is a record."""
    found = path.read_text().splitlines()
    assert all(LINE.fullmatch(line) and line.isprintable() for line in found)
    return found


@pytest.fixture(autouse=True)
def _loggers_restored() -> Iterator[None]:
    """Close the log of this process, and restore its loggers."""
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    logs.set_up(None)
    root.handlers[:] = before


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of this process."""
    logs.set_up(str(tmp_path / "carrel.log"))
    return tmp_path / "carrel.log"


class TestCommand:
    def test_log_records_import_and_search(self, carrel: Carrel) -> None:
        page, log = carrel.file("papers.bib", HOSTILE), carrel.home / "carrel.log"
        assert carrel("--debug", log, "import", page).code == 0
        assert carrel("--debug", log, "search", "one").code == 0
        text = "\n".join(lines(log))
        assert re.search(r"INFO index.store.migration: migrating \S+carrel.db from schema 0", text)
        assert "INFO index.store.database: opened" in text
        assert f"imported {page} as bibtex: 1 added, 0 merged, 0 unchanged, 1 skipped" in text
        assert "DEBUG index.importing.service: skipped line 2: " in text
        assert re.search(r"updating index from revision -1 to \d+, 1 papers", text)
        assert log.stat().st_mode & 0o777 == 0o600

    def test_log_broken_index_has_reason(self, stocked: Carrel) -> None:
        log = stocked.home / "carrel.log"
        stocked("search", "speech")
        for path in stocked.home.glob("cache/carrel/index-*/*.pst"):
            path.write_bytes(b"damaged")
        stocked("--debug", log, "search", "speech")
        text = "\n".join(lines(log))
        assert "WARNING index.search.index_sync: index cannot be read" in text
        assert "the search index is damaged" in text
        assert "deleting the index" in text

    def test_log_without_option_prints_nothing(self, carrel: Carrel) -> None:
        page = carrel.file("papers.bib", HOSTILE)
        without = carrel.process("import", page)
        other = Carrel(carrel.home / "other")
        other.home.mkdir()
        logged = other.process("--debug", other.home / "carrel.log", "import", page)
        assert without.err == logged.err
        assert "aborted" not in without.err  # as bibtexparser warns of the second entry
        assert "WARNING bibtexparser" in "\n".join(lines(other.home / "carrel.log"))

    @pytest.mark.parametrize("name", ["nowhere/carrel.log", "."])
    def test_log_unwritable_file_prints_one_line(self, carrel: Carrel, name: str) -> None:
        run = carrel("--debug", carrel.home / name, "stats")
        assert run.code == 1
        assert run.error.startswith(f"carrel: cannot write the log {carrel.home / name}: ")
        assert run.error.endswith("; name another file")

    def test_log_full_disk_is_ignored(self, stocked: Carrel) -> None:
        if not Path("/dev/full").exists():
            pytest.skip("no /dev/full here")
        run = stocked.process("--debug", "/dev/full", "search", "speech")
        assert run.code == 0
        assert re.fullmatch(r"\d of 4 papers, \d+ ms\n", run.err)

    def test_help_lists_debug_option(self, carrel: Carrel) -> None:
        assert "--debug FILE" in carrel("--help").out


class TestErrors:
    def test_log_internal_error_has_traceback_on_one_line(self, log: Path) -> None:
        try:
            raise ValueError("first\nsecond \x1b[31m")
        except ValueError as error:
            describe_error(error)
        (line,) = lines(log)
        assert "ERROR tui.wording: ValueError" in line
        assert "test_logs.py" in line
        assert "first" in line
        assert "second" in line

    def test_log_carrel_error_has_no_traceback(self, log: Path) -> None:
        describe_error(CarrelError("no such paper"))
        (line,) = lines(log)
        assert line.endswith("INFO tui.wording: reported: no such paper")


class TestSetUp:
    def test_log_levels_are_reset_without_file(self, log: Path) -> None:
        assert logging.getLogger("index").level == logging.DEBUG
        logs.set_up(None)
        assert logging.getLogger("index").level == logging.NOTSET

    def test_log_second_file_replaces_first(self, log: Path, tmp_path: Path) -> None:
        logs.set_up(str(tmp_path / "other.log"))
        logging.getLogger("index").info("once")
        assert lines(log) == []
        assert len(lines(tmp_path / "other.log")) == 1

    def test_log_folder_is_rejected(self, tmp_path: Path) -> None:
        with pytest.raises(click.ClickException, match="cannot write the log"):
            logs.set_up(str(tmp_path))


async def test_log_records_reader_jobs(log: Path, reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.search("graph")
    text = "\n".join(lines(log))
    assert "DEBUG tui.controllers.host: job search/" in text
    assert ": running" in text
    assert ": success" in text


def test_index_does_not_configure_logging(tmp_path: Path) -> None:
    page = tmp_path / "papers.bib"
    page.write_text(HOSTILE + "@article{b, title = {\\unknowncommand{x} \\alpha}}")
    script = """
import logging, sys
def state():
    names = ["", "index", "bibtexparser", "pylatexenc", "whoosh", "httpx"]
    return [(name, one.level, list(one.handlers), one.disabled, one.propagate)
            for name in names for one in [logging.getLogger(name)]]
before = state()
from index import Library
with Library.open(sys.argv[1]) as library:
    library.import_paths([sys.argv[2]])
    library.search("one")
    list(library.export([library.search("").hits[0].id], "bibtex"))
assert state() == before
assert logging.root.manager.disable == 0
"""
    subprocess.run(
        [sys.executable, "-c", script, tmp_path / "library", page],
        check=True,
        cwd=Path(__file__).parents[2],
        env={"XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": "/usr/bin"},
    )
