"""Draws pictures of the reader, and an animated one: `make screenshots`.

They show the starter shelf, and a listing page of invented papers, at several sizes in both themes.
The same code draws the same bytes each time: nothing moves or blinks, and a search takes as long as
it is said to. The pictures name no font of a web host.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ.pop("NO_COLOR", None)

from textual.pilot import Pilot  # noqa: E402  # the settings above are read on import
from textual.widgets import Input, TextArea  # noqa: E402
from textual.worker import WorkerError  # noqa: E402

from index import Library  # noqa: E402
from index.importing.service import ImportRequest  # noqa: E402
from index.marks.changes import Bookmark, Change, Note, Read, Tag  # noqa: E402
from index.search.results import Results  # noqa: E402
from screenshots.svg import Picture, read_picture, write_animation, write_picture  # noqa: E402
from tui.app import CarrelApp  # noqa: E402
from tui.config.configuration import Config  # noqa: E402
from tui.screens.dialogs.files import ExportDialog  # noqa: E402
from tui.screens.dialogs.tags import TagDialog  # noqa: E402
from tui.screens.main import MainScreen  # noqa: E402
from tui.screens.stats import StatsScreen  # noqa: E402
from tui.screens.triage import TriageScreen  # noqa: E402

TOOK = 0.001
"""Seconds a search takes in the pictures."""

ANIMATION = "typing"
"""The name of the animated picture."""

FIRST_MARK = datetime(2026, 1, 5, 9, tzinfo=UTC)
MARK_DAYS = 4
"""The time of the first mark in the pictures, and the days from each to the next."""

PATIENCE = 500
"""Turns of the event loop that a screen is waited for."""

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
"""The marks in the pictures: a query, and what is done to its papers."""

Stage = Callable[[Pilot[None]], Awaitable[None]]


# -- the library -----------------------------------------------------------------------------------


def marked_library(folder: Path, *, listing: bool) -> Library:
    """Return a new library of the listing page, or of the starter shelf with marks."""
    library = Library.open(folder)
    if listing:
        library.import_files(ImportRequest((str(HERE / "listing.txt"),), date="2026-03-12"))
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
    """Return a search whose results always say the same time."""

    def timed(*arguments: object, **options: object) -> Results:
        return replace(search(*arguments, **options), took=TOOK)

    return timed


def _time_of_mark(number: int) -> str:
    """Return the time of a mark, by its number from 0."""
    return (FIRST_MARK + timedelta(days=number * MARK_DAYS)).isoformat()


# -- what is on the stage --------------------------------------------------------------------------


async def triaging(pilot: Pilot[None]) -> None:
    """Show a paper of the listing page in triage, after a few verdicts."""
    await search(pilot, "is:unread")
    await pilot.press("m")
    await until(pilot, lambda: isinstance(pilot.app.screen, TriageScreen))
    for key in "bdwd":
        await pilot.press(key)
        await settled(pilot)


async def reading_list(pilot: Pilot[None]) -> None:
    """Show the listing page, some of it read and marked."""
    for key in ("r", "j", "j", "b", "j", "w", "j", "k"):
        await pilot.press(key)
        await settled(pilot)


async def empty(pilot: Pilot[None]) -> None:
    """Show a search that finds nothing."""
    await search(pilot, "year:1815 -is:read")


async def main_view(pilot: Pilot[None]) -> None:
    """Show the shelf from its newest paper on, and a paper in it that was just bookmarked."""
    screen = main_screen(pilot)
    screen.sort = "newest"
    await settled(pilot)
    wanted = screen.library.search('title:"segment anything"').hits[0].key
    assert screen.results
    screen.papers.move_to([int(key) for key in screen.results.keys].index(wanted))
    await pilot.press("b")
    await until(pilot, lambda: screen.current is not None and screen.current.bookmarked)
    await settled(pilot)


async def searching(pilot: Pilot[None]) -> None:
    """Show a search with a tag chosen, a venue left out and its words lit."""
    await search(pilot, "tag:nlp -venue:OpenAI language model")
    await pilot.press("slash")
    await settled(pilot)


async def tagging(pilot: Pilot[None]) -> None:
    """Show the tag dialog over a selection, a tag half typed."""
    await search(pilot, "translation")
    await pilot.press("space", "space", "space", "t")
    await until(pilot, lambda: isinstance(pilot.app.screen, TagDialog))
    await still(pilot)
    field = pilot.app.screen.query_one(Input)
    field.value = "toread nlp"
    field.cursor_position = len(field.value)


async def exporting(pilot: Pilot[None]) -> None:
    """Show the export dialog over the bookmarks."""
    await search(pilot, "is:bookmarked")
    await pilot.press("x")
    await until(pilot, lambda: isinstance(pilot.app.screen, ExportDialog))


async def relating(pilot: Pilot[None]) -> None:
    """Show the papers related to one, with the shared terms."""
    screen = main_screen(pilot)
    await search(pilot, 'title:"attention is all you need"')
    await pilot.press("R")
    await until(pilot, lambda: screen.results is not None and screen.results.sort == "related")
    await settled(pilot)


async def counting(pilot: Pilot[None]) -> None:
    """Show the statistics of the shelf."""
    await pilot.press("colon", *"statistics", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, StatsScreen))


async def commanding(pilot: Pilot[None]) -> None:
    """Show the palette, a command half typed."""
    await pilot.press("colon", *"sea")
    await settled(pilot)


async def helping(pilot: Pilot[None]) -> None:
    """Show the help, opened at the list of papers."""
    await pilot.press("question_mark")
    await settled(pilot)


@dataclass(frozen=True)
class Shot:
    """What one picture shows: a stage at a size and in a theme, over a kind of library."""

    stage: Stage
    size: tuple[int, int] = (120, 36)
    theme: str = "carrel-dark"
    listing: bool = False


PICTURES: dict[str, Shot] = {
    "main": Shot(main_view),
    "search": Shot(searching),
    "related": Shot(relating),
    "tagging": Shot(tagging),
    "export": Shot(exporting),
    "palette": Shot(commanding),
    "help": Shot(helping),
    "statistics": Shot(counting, (120, 40)),
    "triage": Shot(triaging, (120, 40), listing=True),
    "triage-80x24-light": Shot(triaging, (80, 24), "carrel-light", listing=True),
    "nothing": Shot(empty, (80, 24)),
    **{
        f"{name}-{columns}x{lines}-{shade}": Shot(
            stage, (columns, lines), f"carrel-{shade}", name == "page"
        )
        for name, stage in (("shelf", searching), ("page", reading_list))
        for columns, lines in ((60, 20), (80, 24), (120, 40), (200, 50))
        for shade in ("dark", "light")
    },
}
"""Every picture by its name."""

TYPED = "language mod"
LETTER_S, PAUSE_S, END_S = 0.16, 1.2, 2.5
"""Seconds for which the animation shows a letter, the results, and its end."""


def main_screen(pilot: Pilot[None]) -> MainScreen:
    """Return the reader's main screen, which lies under the dialogs."""
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, MainScreen))


async def search(pilot: Pilot[None], query: str) -> None:
    """Have the reader search, and wait for what is found."""
    main_screen(pilot).query_text = query
    await settled(pilot)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until all that was begun is done, or gave way to what was begun after it."""
    await pilot.pause()
    while under_way := [worker for worker in pilot.app.workers if not worker.is_finished]:
        for worker in under_way:
            with suppress(WorkerError):
                await worker.wait()
        await pilot.pause()


async def until(pilot: Pilot[None], there: Callable[[], bool]) -> None:
    """Wait until something is on the screen."""
    for _ in range(PATIENCE):
        if there():
            return
        await pilot.pause()
    raise TimeoutError("the screen never came to what the picture is to show")


async def still(pilot: Pilot[None]) -> None:
    """Stop the cursors of the screen from blinking."""
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    for area in pilot.app.screen.query(TextArea):
        area.cursor_blink = False
    await pilot.pause()


# -- drawing ---------------------------------------------------------------------------------------


@asynccontextmanager
async def reader(library: Library, shot: Shot) -> AsyncIterator[Pilot[None]]:
    """Open the reader without a terminal."""
    app = CarrelApp(library, Config(theme=shot.theme))
    async with app.run_test(size=shot.size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await settled(pilot)
        await still(pilot)
        yield pilot


async def picture(pilot: Pilot[None]) -> Picture:
    """Return what is on the screen."""
    await settled(pilot)
    await still(pilot)
    return read_picture(pilot.app.export_screenshot(), pilot.app.size)


async def animation(library: Library) -> str:
    """Return a search that is typed, as an animation."""
    async with reader(library, Shot(searching, (100, 28))) as pilot:
        frames = [(await picture(pilot), PAUSE_S)]
        await pilot.press("slash")
        for letter in TYPED:
            await pilot.press("space" if letter == " " else letter)
            frames.append((await picture(pilot), LETTER_S))
        frames.append((frames[-1][0], PAUSE_S))
        await pilot.press("tab", "enter")
        for key in ("j", "j"):
            frames.append((await picture(pilot), PAUSE_S / 2))
            await pilot.press(key)
        frames.append((await picture(pilot), END_S))
    return write_animation(frames)


@contextmanager
def stage_library(*, listing: bool) -> Iterator[Library]:
    """Open a new library in a temporary home, at the same time each time."""
    with (
        tempfile.TemporaryDirectory() as home,
        patch("index.paths.index_folder", lambda _: Path(home) / "index"),
        patch("tui.screens.main.state_file", lambda: Path(home) / "state.json"),
        patch("index.store.marks.now", map(_time_of_mark, count()).__next__),
        patch.object(Library, "search", _timed(Library.search)),
        marked_library(Path(home) / "library", listing=listing) as library,
    ):
        yield library


async def draw(target: Path, names: Sequence[str]) -> list[Path]:
    """Draw pictures into a folder; return the files."""
    files = []
    for name in names:
        with stage_library(listing=name != ANIMATION and PICTURES[name].listing) as library:
            if name == ANIMATION:
                svg = await animation(library)
            else:
                async with reader(library, PICTURES[name]) as pilot:
                    await PICTURES[name].stage(pilot)
                    svg = write_picture(await picture(pilot))
        files.append(target / f"{name}.svg")
        files[-1].write_text(svg, encoding="utf-8")
    return files


if __name__ == "__main__":
    folder, *chosen = sys.argv[1:] or [str(HERE)]
    for drawn in asyncio.run(draw(Path(folder), chosen or [*PICTURES, ANIMATION])):
        print(drawn)
