"""Large updates of an index, in a worker process."""

import os
from pathlib import Path
from typing import Any

import pytest

from index import Library, Paper, paths
from index.engines.base import EngineBroken
from index.search import index_sync
from index.search.index_sync import LargeUpdates
from index.workers import start_worker


@pytest.fixture
def shelf(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library with papers that a worker will index."""
    monkeypatch.setattr(index_sync, "MIN_WORKER_PAPERS", 3)
    library.add([Paper(f"Graph networks {number}") for number in range(20)], "page")
    return library


def test_large_update_is_done_by_a_worker(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[tuple[int, int]] = []
    with monkeypatch.context() as patch:
        patch.setattr(shelf.index.engine, "update", None)  # not in this process
        shelf.index.sync(lambda done, total: reported.append((done, total)))
    assert reported[0] == (0, 20)
    assert reported[-1] == (20, 20)
    assert shelf.search("graph", wait=False).total == 20
    shelf.add([Paper("One more graph")], "page")
    assert shelf.search("graph").total == 21


def test_large_update_stopped_by_progress_is_done_next_time(shelf: Library) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.index.sync(stop)
    assert shelf.search("graph").total == 20


def test_large_update_whose_worker_is_killed_is_tried_again(
    shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    def start(*arguments: Any, **more: Any) -> Any:
        started.append(arguments)
        return start_worker(os.abort) if len(started) == 1 else start_worker(*arguments, **more)

    monkeypatch.setattr(index_sync, "start_worker", start)
    shelf.index.sync()
    assert len(started) == 2
    assert shelf.search("graph", wait=False).total == 20
    monkeypatch.setattr(index_sync, "start_worker", lambda *_, **__: start_worker(os.abort))
    with pytest.raises(EngineBroken, match="a worker was killed"):
        shelf.index.rebuild()


def test_large_update_reports_the_error_of_its_worker(tmp_path: Path) -> None:
    (tmp_path / "carrel.db").write_text("not a database, but as long as one is at least" * 9)
    work = LargeUpdates(tmp_path, "whoosh", paths.index_folder(tmp_path))
    with pytest.raises(EngineBroken, match="not a database"):
        work.run(None)
