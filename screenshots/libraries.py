"""The libraries in the pictures: the starter shelf with marks, or a listing page."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch

from index import Library
from index.importing.service import ImportRequest
from index.marks.changes import Bookmark, Change, Note, Read, Tag
from index.search.results import Results

LISTING = Path(__file__).with_name("listing.txt")

SEARCH_TIME_S = 0.001
"""Seconds that each search takes in the pictures."""

FIRST_MARK_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
MARK_INTERVAL_DAYS = 4
"""The time of the first mark in the pictures, and the days between marks."""

MARKS: tuple[tuple[str, Change], ...] = (
    ("title:attention", Tag((), add=("nlp/attention",))),
    ('title:"language models"', Tag((), add=("nlp/llm",))),
    ("title:retrieval", Tag((), add=("nlp/rag",))),
    ("title:diffusion", Tag((), add=("vision/diffusion",))),
    ("title:image year:2012..", Tag((), add=("vision",))),
    ('title:"reinforcement learning"', Tag((), add=("rl",))),
    ('title:"attention is all you need"', Bookmark(())),
    ("title:BERT year:2019", Bookmark(())),
    ("title:lora", Bookmark(())),
    ('title:"denoising diffusion"', Bookmark(())),
    ("title:shannon OR author:shannon", Bookmark(())),
    ('title:"segment anything"', Tag((), add=("vision/segmentation", "toread"))),
    ('title:"segment anything"', Note((), "Try the promptable decoder on the microscope slides.")),
    ("author:Turing", Note((), "The child machine of the last section is a programme to follow.")),
    ("year:..1955 OR year:2017 OR year:2024..", Read(())),
)
"""The marks in the pictures: a query, and the change to its papers."""


def marked_library(folder: Path, *, listing: bool) -> Library:
    """Return a new library of the listing page, or of the starter shelf with marks."""
    library = Library.open(folder)
    if listing:
        library.import_files(ImportRequest((str(LISTING),), date="2026-03-12"))
        library.index.sync()
        library.catalogue.sync()
        return library
    library.add_starter_shelf()
    for query, change in MARKS:
        ids = tuple(hit.id for hit in library.search(query, limit=1_000).hits if hit.match == "all")
        if not ids:
            raise LookupError(f"the starter shelf has no paper for {query}")
        library.apply(replace(change, ids=ids))
    library.saved.add("to read", "tag:toread")
    library.saved.add("attention, unread", "attention is:unread")
    return library


def _timed(search: Callable[..., Results]) -> Callable[..., Results]:
    """Return a search whose results always report the same time."""

    def timed(*arguments: object, **options: object) -> Results:
        return replace(search(*arguments, **options), took=SEARCH_TIME_S)

    return timed


def _mark_time(number: int) -> str:
    """Return the time of a mark, numbered from 0."""
    return (FIRST_MARK_AT + timedelta(days=number * MARK_INTERVAL_DAYS)).isoformat()


@contextmanager
def stage_library(*, listing: bool) -> Iterator[Library]:
    """Open a new library in a temporary home, with the same times in each run."""
    with (
        tempfile.TemporaryDirectory() as home,
        patch("index.paths.index_folder", lambda *_: Path(home) / "index"),
        patch("tui.screens.main.state_file", lambda: Path(home) / "state.json"),
        patch("index.store.marks.now", map(_mark_time, count()).__next__),
        patch.object(Library, "search", _timed(Library.search)),
        marked_library(Path(home) / "library", listing=listing) as library,
    ):
        yield library
