"""Draws pictures of the reader, and an animated one: `make screenshots`.

They show the starter shelf, and a listing page of invented papers, at several sizes in both themes.
The same code draws the same bytes each time: nothing moves or blinks, and the times of searches and
marks are fixed. The pictures name no font of a web host.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ.pop("NO_COLOR", None)

from textual.pilot import Pilot  # noqa: E402  # the settings above are read on import

from index import Library  # noqa: E402
from screenshots.libraries import stage_library  # noqa: E402
from screenshots.stages import PICTURES, Shot, searching, settled, still, until  # noqa: E402
from screenshots.svg import Picture, read_picture, write_animation, write_picture  # noqa: E402
from tui.app import CarrelApp  # noqa: E402
from tui.config.configuration import Config  # noqa: E402
from tui.screens.main import MainScreen  # noqa: E402

ANIMATION = "typing"
"""The name of the animated picture."""

TYPED = "language mod"
LETTER_S, PAUSE_S, END_S = 0.16, 1.2, 2.5
"""Seconds for which the animation shows a letter, the results, and its end."""


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
