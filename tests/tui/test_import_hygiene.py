"""Imports: a command loads only what it uses, and only the reader loads Textual."""

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

from tui.platform.garbage import MIN_PIECES, READER_THRESHOLDS, collect_at_rest, loading

SCREEN = {"textual", "rich"}
UNUSED_BY_SEARCH = {
    "index.dumps.service",
    "index.duplicates.service",
    "index.enrich.service",
    "index.fetch",
    "index.formats",
    "index.importing.service",
    "index.store.paper_writer",
}
HEAVY = SCREEN | {"numpy", "whoosh", "httpx", "bibtexparser"}


def _loaded(home: Path, code: str) -> set[str]:
    """Return the modules in memory after a piece of Python, run alone."""
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "CARREL_LIBRARY": str(home / "library"),
    }
    script = f"""
import sys
try:
    {code}
except SystemExit as done:
    assert not done.code, done.code
print("|".join(sys.modules), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split("|"))


def _carrel(*arguments: str) -> str:
    return f"sys.argv[1:] = {list(arguments)!r}; from tui.cli.main import main; main()"


def test_index_imports_no_textual(tmp_path: Path) -> None:
    assert not _loaded(tmp_path, "import index") & (SCREEN | {"tui", "click"})


def test_open_library_imports_no_engine(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path, "from index import Library; Library.open().close()")
    assert "index.engines.whoosh.engine" in loaded  # opened, and not read
    assert "whoosh" not in loaded
    assert "whoosh" not in _loaded(tmp_path, _carrel("stats"))


def test_search_imports_no_textual(tmp_path: Path) -> None:
    page = tmp_path / "papers.jsonl"
    page.write_text('{"title": "Attention"}\n')
    assert not _loaded(tmp_path, _carrel("import", str(page))) & SCREEN
    loaded = _loaded(tmp_path, _carrel("search", "attention"))
    assert not loaded & SCREEN
    assert "whoosh" in loaded  # so the search was a real one
    assert not loaded & UNUSED_BY_SEARCH


def test_reader_imports_no_format(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path, "import tui.app, index.library")
    assert "textual" in loaded
    assert not loaded & UNUSED_BY_SEARCH


def test_command_line_imports_little() -> None:
    assert not _loaded(Path("/nowhere"), "import tui.cli") & (HEAVY | {"sqlite3"})


def test_help_imports_little(tmp_path: Path) -> None:
    assert not _loaded(tmp_path, _carrel("--help")) & HEAVY
    assert not _loaded(tmp_path, _carrel("search", "--help")) & SCREEN


def test_version_imports_little(tmp_path: Path) -> None:
    assert not _loaded(tmp_path, _carrel("--version")) & HEAVY


def test_command_imports_no_other_command(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path, _carrel("stats"))
    assert "tui.cli.stats" in loaded
    assert not loaded & {"tui.cli.search", "tui.cli.fetch", "tui.cli.export", "tui.commands"}


def test_garbage_collection_is_on_again_after_loading() -> None:
    before = gc.get_threshold()
    try:
        with loading():
            assert not gc.isenabled()
        assert gc.isenabled()
        assert gc.get_threshold() == READER_THRESHOLDS
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def test_garbage_among_older_objects_is_collected_at_rest() -> None:
    class Knot:
        def __init__(self) -> None:
            self.itself = self

    knot = Knot()
    found = weakref.ref(knot)
    for _ in range(MIN_PIECES):
        gc.collect(0)
    del knot  # garbage by now, but an older object
    gc.collect(0)
    assert found() is not None
    collect_at_rest()
    assert found() is None


def test_corpus_is_imported_only_if_configured(tmp_path: Path) -> None:
    page = tmp_path / "papers.jsonl"
    page.write_text('{"title": "Attention"}\n')
    corpus = {"opensearchpy", "index.corpus", "index.corpus.service", "keyring"}
    assert not _loaded(tmp_path, _carrel("import", str(page))) & corpus
    assert not _loaded(tmp_path, _carrel("search", "attention")) & corpus
    there = "--corpus", "https://127.0.0.1:1/papers"
    assert "opensearchpy" not in _loaded(tmp_path, _carrel(*there, "source"))
    assert "opensearchpy" in _loaded(tmp_path, _carrel(*there, "search", "attention"))
