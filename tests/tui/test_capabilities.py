"""The capabilities of a terminal, detected from its environment, and what is drawn with them."""

import pytest

from index import Library
from tui.platform.capabilities import (
    TRUE_COLORS,
    Capabilities,
    count_colors,
    detect_capabilities,
    erases_with_background,
)

from .conftest import Open, Reader


@pytest.mark.parametrize(
    ("environment", "colors"),
    [({"TERM": "xterm-256color"}, 256), ({"TERM": "xterm"}, 16), ({"TERM": "linux"}, 16),
     ({"TERM": "screen"}, 16), ({"TERM": "tmux-256color"}, 256), ({"TERM": "xterm-kitty"}, 256),
     ({"TERM": "vt100"}, 0), ({"TERM": "vt220"}, 0), ({"TERM": "xterm-mono"}, 0), ({}, 0),
     ({"TERM": "xterm", "COLORTERM": "truecolor"}, TRUE_COLORS),
     ({"TERM": "xterm", "COLORTERM": "24bit"}, TRUE_COLORS),
     ({"TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "1"}, 0),
     ({"TERM": "xterm-256color", "NO_COLOR": ""}, 256)],
)  # fmt: skip
def test_color_count_follows_environment(environment: dict[str, str], colors: int) -> None:
    assert count_colors(environment) == colors


@pytest.mark.parametrize(
    ("environment", "is_ascii"),
    [({"LANG": "C.UTF-8"}, False), ({"LANG": "en_US.utf8"}, False), ({"LANG": "C"}, True),
     ({"LANG": "en_US.ISO-8859-1"}, True), ({}, True), ({"LC_ALL": "C", "LANG": "C.UTF-8"}, True),
     ({"LC_ALL": "", "LC_CTYPE": "de_DE.UTF-8", "LANG": "C"}, False)],
)  # fmt: skip
def test_ascii_follows_locale(environment: dict[str, str], is_ascii: bool) -> None:
    assert detect_capabilities(environment).ascii == is_ascii
    assert detect_capabilities(environment, "ascii").ascii
    assert not detect_capabilities(environment, "unicode").ascii


def test_erased_cells_have_no_background_in_gnu_screen() -> None:
    assert erases_with_background({"TERM": "xterm-256color"})
    assert not erases_with_background({"TERM": "screen-256color"})
    assert erases_with_background({"TERM": "screen-256color", "TMUX": "/tmp/tmux"})
    assert not erases_with_background({"TERM": "vt100"})


# -- what is drawn ---------------------------------------------------------------------------------


def styled(reader: Reader, text: str) -> list[str]:
    """Return the attributes and the colour of each place of a text."""
    return [
        " ".join(name for name in ("bold", "underline", "reverse") if getattr(segment.style, name))
        + (f" {segment.style.color.number}" if segment.style.color else "")
        for strip in reader.painted()
        for segment in strip
        if segment.style and segment.text.strip() == text
    ]


async def test_without_colors_attributes_show_what_colors_do(
    reading: Open, library: Library
) -> None:
    async with reading(library, terminal=Capabilities(colors=0)) as reader:
        await reader.search("diffusion")
        await reader.press("b")
        for strip in reader.painted():
            for segment in strip:
                assert not (segment.style and (segment.style.color or segment.style.bgcolor))
        assert set(styled(reader, "diffusion")) == {"bold underline"}
        await reader.press("n")
        assert "bold reverse" in styled(reader, "diffusion")
        assert "bold" in styled(reader, "★")  # on the row of the cursor
        await reader.press("x")
        assert styled(reader, "BibTeX")[0] == "reverse"


async def test_with_16_colors_signs_are_colored(reading: Open, library: Library) -> None:
    async with reading(library, terminal=Capabilities(colors=16)) as reader:
        await reader.press("b")
        assert styled(reader, "★") == [" 5", "bold 5"]  # in the strip and the row
        assert styled(reader, "▌") == ["bold 5", "bold 5"]
        colored = {
            segment.text.strip()[:1]
            for strip in reader.painted()
            for segment in strip
            if segment.style and segment.style.color
        }
        assert colored == set("★▌━┳┃")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
async def test_ascii_screen_has_same_cells(
    reading: Open, marked: Library, size: tuple[int, int]
) -> None:
    async with reading(marked, size=size, terminal=Capabilities(ascii=True)) as reader:
        for keys in (("b",), ("f",), ("escape", "question_mark"), ("escape", "x")):
            await reader.press(*keys)
            lines = reader.seen.splitlines()
            assert all(line.isascii() and len(line) == size[0] for line in lines)
    async with reading(marked, size=size) as reader:
        await reader.press("G")
        assert not reader.seen.isascii()
