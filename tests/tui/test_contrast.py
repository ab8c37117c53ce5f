"""The contrast of every cell of the reader, as WCAG 2.1 defines it, in both of Carrel's themes."""

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from textual.color import Color

from index import Library
from index.marks.changes import Bookmark, Note, Read, Tag
from tui.config.configuration import Config

from .conftest import Open, Reader

RULES = set("━─┃│┳┬▌▕▁▂▃▄▅▆▇█▔▊▎▏╭╮╰╯ ")
"""Signs of frames, scroll bars and the cursor: of graphics, whose contrast may be lower."""

MIN_TEXT_CONTRAST, MIN_RULE_CONTRAST = 4.5, 3.0
"""WCAG 2.1, success criteria 1.4.3 and 1.4.11."""


def contrast(segment: Segment, system: ColorSystem = ColorSystem.TRUECOLOR) -> float:
    """Return the contrast of a painted text with its background, on a terminal with its colours."""
    style = segment.style
    assert style
    assert style.color
    assert style.bgcolor
    front, back = (
        Color.from_rich_color(color.downgrade(system)) for color in (style.color, style.bgcolor)
    )
    bright, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    """Return the relative luminance of a colour."""
    parts = [value / 255 for value in color.rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def too_faint(reader: Reader) -> list[tuple[str, float]]:
    """Return the texts, rules and thumbs on the screen that have too little contrast."""
    faint = []
    screen = reader.app.screen
    # What is below a dialog is dimmed, since it is inactive.
    x, y, width, height = next((box.region for box in screen.query(".box")), screen.region)
    strips = [strip.crop(x, x + width) for strip in reader.painted()[y : y + height]]
    for segment in (one for strip in strips for one in strip):
        is_thumb = segment.style and segment.style.reverse
        if not (segment.text.strip() or is_thumb):
            continue
        least = MIN_RULE_CONTRAST if set(segment.text) <= RULES else MIN_TEXT_CONTRAST
        for system in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
            if (found := contrast(segment, system)) < least:
                faint.append((segment.text.strip(), round(found, 2)))
    return faint


themes = pytest.mark.parametrize("theme", ["carrel-dark", "carrel-light"])


@pytest.fixture
def marked_library(library: Library) -> Library:
    """The library with a mark of each kind."""
    library.apply(Bookmark(("study-0", "study-2")))
    library.apply(Read(("study-0", "study-1")))
    library.apply(Tag(("study-0", "study-1"), add=("nlp/rag",)))
    library.apply(Note(("study-0",), "again"))
    library.saved.add("graphs", "graph")
    return library


@themes
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_contrast_of_panes_is_sufficient(
    reading: Open, marked_library: Library, theme: str, size: tuple[int, int]
) -> None:
    async with reading(marked_library, Config(theme=theme), size=size) as reader:
        for query, keys in (
            ("", ["space", "b", "v"]),
            ("graph -year:2020", ["l", "n"]),
            ("tag:nlp study", ["h"]),
            ("zz:y", ["f"]),
            ("nothing-has-this-word", ["slash"]),
        ):
            await reader.search(query)
            assert too_faint(reader) == []
            for key in keys:
                await reader.press(key)
                assert too_faint(reader) == []


@themes
async def test_contrast_of_dialogs_is_sufficient(
    reading: Open, marked_library: Library, theme: str
) -> None:
    async with reading(marked_library, Config(theme=theme), size=(80, 24)) as reader:
        await reader.search("study")
        for opening in ("colon", "question_mark", "t", "e", "x", "S", "y", "z", "s"):
            await reader.press(opening)
            assert len(reader.app.screen_stack) > 2
            assert (opening, too_faint(reader)) == (opening, [])
            for key in ("down", "a", "b"):
                await reader.press(key)
                assert (opening, too_faint(reader)) == (opening, [])
            while reader.app.screen is not reader.screen:
                await reader.press("escape")
