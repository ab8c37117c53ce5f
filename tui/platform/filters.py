"""Filters of what is drawn, for terminals with few colours and for those that show ASCII only."""

from collections.abc import Sequence
from functools import lru_cache

from rich.color import Color as TerminalColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.glyphs import EMPHASIZED, to_ascii
from tui.platform.capabilities import Capabilities

SIGN_COLOR = TerminalColor.from_ansi(5)
"""Magenta: of the 16 colours the one with enough contrast on black and on white, by any palette."""


class Attributes(LineFilter):
    """Draws with bold, underline and reverse alone; with `signs_in_color` signs have a colour.

    Text has the colours of the terminal, so that it is readable on a dark and a light background.
    Italics are underlined: terminals with few colours lack them, or show them in reverse. Text that
    is struck through is reversed: Textual ignores "reverse" in the styles of a part of a widget.
    """

    def __init__(self, *, signs_in_color: bool) -> None:
        super().__init__()
        self._signs_in_color = signs_in_color

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return segments without colours of their own."""
        return [
            Segment(text, _without_colors(style, self._is_sign(text)) if style else None, control)
            for text, style, control in segments
        ]

    def _is_sign(self, text: str) -> bool:
        signs = set(text) - {" "}
        return self._signs_in_color and bool(signs) and signs <= EMPHASIZED


@lru_cache(maxsize=4_096)
def _without_colors(style: Style, is_sign: bool) -> Style:
    """Return a style of bold, underline and reverse, with the metadata for the mouse."""
    plain = Style(
        color=SIGN_COLOR if is_sign else None,
        bold=style.bold,
        underline=style.underline or style.italic,
        reverse=style.reverse or style.strike,
    )
    return plain + Style.from_meta(style.meta) if style.meta else plain


class Ascii(LineFilter):
    """Draws with ASCII characters alone, one for each cell."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return segments of ASCII characters."""
        return [_ascii_segment(text, style) for text, style, _ in segments]


def _ascii_segment(text: str, style: Style | None) -> Segment:
    if not text.isascii() and style and style.meta.get("@mouse.down") == "grab":
        # An end of the thumb of a scroll bar, which would be a part of a cell.
        return Segment(" " * len(text), style + Style(reverse=True))
    return Segment(to_ascii(text), style)


def filters_for(terminal: Capabilities) -> Sequence[LineFilter]:
    """Return the filters that a terminal needs."""
    filters: list[LineFilter] = []
    if terminal.draws_attributes:
        filters.append(Attributes(signs_in_color=terminal.colors > 0))
    if terminal.ascii:
        filters.append(Ascii())
    return filters
