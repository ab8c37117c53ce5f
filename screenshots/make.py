"""Draws the README's pictures from the starter shelf: `make screenshots`.

The same code draws the same bytes each time: the screen has a fixed size, nothing moves or blinks,
and a search takes as long as it is said to. The pictures name no font of a web host.
"""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
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
from index.marks.changes import Bookmark, Change, Note, Read, Tag  # noqa: E402
from index.search.results import Results  # noqa: E402
from tui.app import CarrelApp  # noqa: E402
from tui.config.configuration import Config  # noqa: E402
from tui.screens.dialogs.files import ExportDialog  # noqa: E402
from tui.screens.dialogs.tags import TagDialog  # noqa: E402
from tui.screens.main import MainScreen  # noqa: E402

SIZE = (120, 36)
TOOK = 0.001
"""Seconds a search takes in the pictures."""

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


def marked_library(folder: Path) -> Library:
    """Return the starter shelf in a new library, marked, its index up to date."""
    library = Library.open(folder)
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


# -- what is on the stage --------------------------------------------------------------------------


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


PICTURES: dict[str, Stage] = {
    "main": main_view,
    "search": searching,
    "related": relating,
    "tagging": tagging,
    "export": exporting,
}


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
async def reader(library: Library) -> AsyncIterator[Pilot[None]]:
    """Open the reader without a terminal."""
    app = CarrelApp(library, Config())
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await settled(pilot)
        await still(pilot)
        yield pilot


async def picture(library: Library, stage: Stage) -> str:
    """Return one picture as SVG."""
    async with reader(library) as pilot:
        await stage(pilot)
        await still(pilot)
        return offline(pilot.app.export_screenshot(title="carrel"))


def offline(svg: str) -> str:
    """Return a picture that asks no host for a font, has a size, and no space at line ends."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"^\s*<!-- Generated .*?-->\n", "", svg, flags=re.MULTILINE)
    svg = re.sub(r"font-family: Fira Code, monospace", 'font-family: "Fira Code", monospace', svg)
    svg = re.sub(r"font-family: arial", "font-family: sans-serif", svg)
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found:
        width, height = found.groups()
        svg = svg.replace("<svg ", f'<svg width="{width}" height="{height}" ', 1)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


async def draw(target: Path) -> list[Path]:
    """Draw every picture into a folder; return the files."""
    files = []
    for name, stage in PICTURES.items():
        with (
            tempfile.TemporaryDirectory() as home,
            patch("index.paths.index_folder", lambda _, home=home: Path(home) / "index"),
            patch.object(Library, "search", _timed(Library.search)),
            marked_library(Path(home) / "library") as library,
        ):
            svg = await picture(library, stage)
        file = target / f"{name}.svg"
        file.write_text(svg, encoding="utf-8")
        files.append(file)
    return files


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for drawn in asyncio.run(draw(folder)):
        print(drawn)
