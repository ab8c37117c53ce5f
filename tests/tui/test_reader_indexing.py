"""The reader: building, repairing, rebuilding and stopping the index in the background."""

import asyncio
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from textual.dom import DOMNode
from textual.message import Message

from index import Library, Paper, paths
from index.facets.catalogue import Catalogue
from index.importing.report import ImportProgress, ImportReport
from index.importing.service import ImportRequest
from index.search.index_sync import IndexSync
from tests.tui.conftest import Open
from tui.controllers.jobs import Cancelled, Jobs


def damage(library: Library) -> None:
    """Flip bytes all over the postings, and make the reader reopen them."""
    (postings,) = paths.index_folder(library.folder).glob("*.pst")
    postings.write_bytes(bytes(255 - byte for byte in postings.read_bytes()))
    library.index.engine.close()


async def test_damaged_index_is_rebuilt_while_sqlite_searches(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, sync = threading.Event(), IndexSync.sync

    def held(
        self: IndexSync, progress: Callable[[int, int], None] | None = None, *, wait: bool = False
    ) -> None:
        assert go_on.wait(10)
        sync(self, progress, wait=wait)

    async with reading(library) as reader:
        await reader.search("graph")
        found = set(reader.ids)
        monkeypatch.setattr(IndexSync, "sync", held)
        damage(library)
        for text in ("graph is:unread", "graph"):
            reader.screen.bar.value = text
            await reader.pilot.pause()
            while not (reader.screen.results and reader.screen.results.query.text == text):
                await reader.pilot.pause()
            assert reader.screen.results.index == "missing"
            assert found <= set(reader.ids)
            assert "no index yet" in reader.seen.splitlines()[0]
        go_on.set()
        await reader.settle()
        assert reader.screen.results
        assert reader.screen.results.index == "current"
        assert set(reader.ids) == found
        assert all(check.passed for check in library.doctor.check())


async def test_missing_index_is_built_by_job_with_progress(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    building, sync = [], IndexSync.sync

    def recorded(
        self: IndexSync, progress: Callable[[int, int], None] | None = None, *, wait: bool = False
    ) -> None:
        if self.pending():
            building.append(progress)
        sync(self, progress, wait=wait)

    monkeypatch.setattr(IndexSync, "sync", recorded)
    library.index.engine.clear()
    library.visits.end()  # new papers are counted only after a visit
    library.add([Paper("Quokkas at last")], "elsewhere")
    async with reading(library) as reader:
        await reader.press("J")
        await reader.settle()
    assert building
    assert None not in building


async def test_papers_added_by_other_process_are_found(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        with Library.open(library.folder) as other:
            other.add([Paper("Quokkas at last")], "elsewhere")
        await reader.search("quokka")
        assert reader.ids == ["quokkas-last"]


async def test_papers_indexed_by_other_process_are_counted(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        before = library.count()
        with Library.open(library.folder) as other:
            other.add([Paper("Quokkas at last", authors=("Ada Quoll",))], "elsewhere")
            other.index.sync()
        await reader.search("quokka")
        assert f"1 of {before + 1} " in reader.seen.splitlines()[0]
        assert ("author", "Ada Quoll") in [
            (row.field, row.value) for row in reader.screen.facets.rows
        ]


async def test_reader_without_index_searches(reading: Open, library: Library) -> None:
    shutil.rmtree(paths.index_folder(library.folder))
    async with reading(library, query="speech") as reader:
        assert len(reader.ids) >= 8
        assert library.index.pending() == 0


async def test_unwritable_index_is_reported_once(
    reading: Open, library: Library, home: Path
) -> None:
    library.index.engine.close()
    shutil.rmtree(home / "xdg_cache_home")
    (home / "xdg_cache_home").touch()
    async with reading(library, query="speech") as reader:
        assert "XDG_CACHE_HOME" in reader.said
        assert len(reader.ids) >= 8
        await reader.press("b")
        assert "bookmarked" in reader.said


async def test_import_stopped_resumes_without_loss_or_duplicates(
    reading: Open, library: Library, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.importing.service.BATCH_PAPERS", 2)
    page = home / "many.jsonl"
    page.write_text("".join(f'{{"title": "Paper number {n} of many"}}\n' for n in range(20)))
    at_six, go_on = threading.Event(), threading.Event()
    import_files = Library.import_files

    def held(
        self: Library, request: ImportRequest, *, dry_run: bool = False,
        step: Callable[[ImportProgress], None] | None = None,
    ) -> ImportReport:  # fmt: skip
        def tell(at: ImportProgress) -> None:
            if at.papers == 6:
                at_six.set()
                assert go_on.wait(10)
            assert step
            step(at)

        return import_files(self, request, step=tell)

    async with reading(library) as reader:
        before = library.count()
        monkeypatch.setattr(Library, "import_files", held)
        reader.screen.library_jobs.import_files(str(page))
        assert await asyncio.to_thread(at_six.wait, 10)
        await reader.command("stop")
        go_on.set()
        await reader.settle()
        assert reader.said.startswith("import stopped")
        assert library.count() == before + 6
        reader.screen.library_jobs.import_files(str(page))
        await reader.settle()
        assert reader.said.startswith("20 papers read: 14 added, 6 unchanged · ")
        assert library.count() == before + 20
        await reader.search("paper many")
        assert len(reader.ids) == 20
        await reader.command("stop")
        assert reader.said == "no job is running"


async def test_stop_cancels_topic_counting(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, ended = threading.Event(), threading.Event()

    def count_forever(self: Catalogue, progress: Callable[[int, int], None] | None = None) -> None:
        assert progress
        try:
            while True:
                progress(1, 2)
                started.set()
        finally:
            ended.set()

    async with reading(library) as reader:
        # Only now, so that nothing but this one call counts.
        monkeypatch.setattr(Catalogue, "sync", count_forever)
        monkeypatch.setattr(Catalogue, "is_current", lambda self: False)
        reader.screen.library_jobs.update_catalogue()
        assert await asyncio.to_thread(started.wait, 20)
        await reader.command("stop")
        await reader.settle()
        assert ended.is_set()
        assert reader.screen.footer.message.startswith("topics not updated")
        assert not reader.screen.jobs.stop()  # nothing is running any more


def test_job_cancel_leaves_other_jobs_running() -> None:
    class Host:
        def post_message(self, message: Message) -> None:
            pass

    jobs = Jobs(cast("DOMNode", Host()))
    with jobs.run() as one:
        with jobs.run() as other:
            other.cancel()
            with pytest.raises(Cancelled):
                other.report("")
            one.report("")
        assert jobs.stop()
        with pytest.raises(Cancelled):
            one.report("")
    assert not jobs.stop()
