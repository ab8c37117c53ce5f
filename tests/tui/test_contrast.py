"""The contrast of every cell of the reader, as WCAG 2.1 defines it, in both of Carrel's themes."""

import pytest
from rich.segment import Segment
from textual.color import Color

from index import Library
from index.marks.changes import Bookmark, Note, Read, Tag
from tui.config.configuration import Config

from .conftest import Open

RULES = set("━─┃│┳┬▌▕▁▂▃▄▅▆▇█ ")
"""Signs of frames, scroll bars and the cursor: of graphics, whose contrast may be lower."""

MIN_TEXT_CONTRAST, MIN_RULE_CONTRAST = 4.5, 3.0
"""WCAG 2.1, success criteria 1.4.3 and 1.4.11."""


def contrast(segment: Segment) -> float:
    """Return the contrast of a painted text with its background."""
    style = segment.style
    assert style
    assert style.color
    assert style.bgcolor
    front, back = (Color.from_rich_color(color) for color in (style.color, style.bgcolor))
    bright, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    """Return the relative luminance of a colour."""
    parts = [value / 255 for value in color.rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["carrel-dark", "carrel-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_contrast_is_sufficient(
    reading: Open, library: Library, theme: str, size: tuple[int, int]
) -> None:
    library.apply(Bookmark(("study-0", "study-2")))
    library.apply(Read(("study-0", "study-1")))
    library.apply(Tag(("study-0", "study-1"), add=("nlp/rag",)))
    library.apply(Note(("study-0",), "again"))
    async with reading(library, Config(theme=theme), size=size) as reader:
        for query, keys in (("", ["space", "b"]), ("graph -year:2020", ["l"]), ("zz:y", ["f"])):
            await reader.search(query)
            for key in keys:
                await reader.press(key)
            for segment in (one for strip in reader.painted() for one in strip):
                if text := segment.text.strip():
                    least = MIN_RULE_CONTRAST if set(text) <= RULES else MIN_TEXT_CONTRAST
                    assert contrast(segment) >= least, (text, segment.style)
