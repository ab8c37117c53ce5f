"""The stages of the pictures: what the reader shows in each, at which size and in which theme."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from textual.pilot import Pilot
from textual.widgets import Input, TextArea
from textual.worker import WorkerError

from tui.screens.dialogs.files import ExportDialog
from tui.screens.dialogs.tags import TagDialog
from tui.screens.main import MainScreen
from tui.screens.stats import StatsScreen
from tui.screens.triage import TriageScreen

MAX_TURNS = 500
"""Turns of the event loop for which a screen is awaited."""

Stage = Callable[[Pilot[None]], Awaitable[None]]
"""Brings the reader to what a picture shows."""


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
    """Show the shelf, newest papers first, with a paper that was just bookmarked."""
    screen = main_screen(pilot)
    screen.sort = "newest"
    await settled(pilot)
    wanted = screen.library.search('title:"segment anything"').hits[0].key
    assert screen.results
    screen.papers.move_to([int(key) for key in screen.results.all_keys()].index(wanted))
    await pilot.press("b")
    await until(pilot, lambda: screen.current is not None and screen.current.bookmarked)
    await settled(pilot)


async def searching(pilot: Pilot[None]) -> None:
    """Show a search with a tag chosen, a venue left out and its words highlighted."""
    await search(pilot, "tag:nlp -venue:OpenAI language model")
    await pilot.press("slash")
    await settled(pilot)


async def tagging(pilot: Pilot[None]) -> None:
    """Show the tag dialog over a selection, with a tag half typed."""
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
    """Show the palette with a command half typed."""
    await pilot.press("colon", *"sea")
    await settled(pilot)


async def helping(pilot: Pilot[None]) -> None:
    """Show the help, opened at the list of papers."""
    await pilot.press("question_mark")
    await settled(pilot)


@dataclass(frozen=True)
class Shot:
    """One picture: a stage at a size and in a theme; `listing` selects the library."""

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


# -- waiting ---------------------------------------------------------------------------------------


def main_screen(pilot: Pilot[None]) -> MainScreen:
    """Return the reader's main screen, which lies under the dialogs."""
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, MainScreen))


async def search(pilot: Pilot[None], query: str) -> None:
    """Search, and wait for the results."""
    main_screen(pilot).query_text = query
    await settled(pilot)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until all background work is finished or cancelled."""
    await pilot.pause()
    while running := [worker for worker in pilot.app.workers if not worker.is_finished]:
        for worker in running:
            with suppress(WorkerError):
                await worker.wait()
        await pilot.pause()


async def until(pilot: Pilot[None], is_shown: Callable[[], bool]) -> None:
    """Wait until something is on the screen."""
    for _ in range(MAX_TURNS):
        if is_shown():
            return
        await pilot.pause()
    raise TimeoutError("the screen did not show what the picture needs")


async def still(pilot: Pilot[None]) -> None:
    """Stop the cursors of the screen from blinking."""
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    for area in pilot.app.screen.query(TextArea):
        area.cursor_blink = False
    await pilot.pause()
