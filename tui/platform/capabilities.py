"""Capabilities of the terminal: the number of its colours, and whether it shows Unicode."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

TRUE_COLORS = 1 << 24
MIN_THEME_COLORS = 256
"""Colours from which the themes are shown; with fewer, text has the colours of the terminal."""

LOCALE_VARIABLES = ("LC_ALL", "LC_CTYPE", "LANG")
"""In the order of POSIX: the first one set counts."""

COERCED_LOCALES = ("C.UTF-8", "C.utf8", "UTF-8")
"""Values of LC_CTYPE that Python sets in the locale C, for its own files (PEP 538)."""


_MONOCHROME = re.compile(r"^vt\d|^(dumb|unknown)?$|-m(ono)?$")
_MANY_COLORS = re.compile(r"256|kitty|alacritty|ghostty|wezterm|foot|contour|rio")
"""Terminals by the names of their terminfo entries; the others have 16 colours."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The capabilities of a terminal.

    `colors` is the number of its colours, 0 if there are none or none are wanted. With `ascii`, it
    shows ASCII characters only.
    """

    colors: int = TRUE_COLORS
    ascii: bool = False

    @property
    def draws_attributes(self) -> bool:
        """Whether there are too few colours for a theme."""
        return self.colors < MIN_THEME_COLORS

    @property
    def color_system(self) -> str:
        """The name of the colour system in Rich and Textual."""
        if self.colors >= TRUE_COLORS:
            return "truecolor"
        return "256" if self.colors >= MIN_THEME_COLORS else "standard"


def detect_capabilities(
    environment: Mapping[str, str] = os.environ, characters: str = "auto"
) -> Capabilities:
    """Return what the terminal can show; `characters` is "auto", "unicode" or "ascii"."""
    is_ascii = characters == "ascii" or (characters == "auto" and not locale_is_utf8(environment))
    return Capabilities(count_colors(environment), is_ascii)


def count_colors(environment: Mapping[str, str] = os.environ) -> int:
    """Return the number of colours to use: 0 with NO_COLOR (https://no-color.org).

    >>> [count_colors({"TERM": term}) for term in ("vt100", "linux-m", "xterm", "xterm-256color")]
    [0, 0, 16, 256]
    >>> count_colors({"TERM": "xterm", "COLORTERM": "truecolor"})
    16777216
    """
    term = environment.get("TERM", "")
    if environment.get("NO_COLOR"):
        return 0
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or "-direct" in term:
        return TRUE_COLORS
    if _MONOCHROME.search(term):
        return 0
    return 256 if _MANY_COLORS.search(term) else 16


def erases_with_background(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether erased cells have the current background; in GNU screen they have none.

    tmux, which also calls itself screen, says so in `TMUX`.
    """
    is_gnu_screen = environment.get("TERM", "").startswith("screen") and not environment.get("TMUX")
    return count_colors(environment) >= MIN_THEME_COLORS and not is_gnu_screen


def locale_variable(environment: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """Return the variable that sets the locale of characters, and its value, "" if none does."""
    for name in LOCALE_VARIABLES:
        value = environment.get(name, "")
        is_coerced = name == "LC_CTYPE" and sys.flags.utf8_mode and value in COERCED_LOCALES
        if value and not is_coerced:
            return name, value
    return "LANG", ""


def locale_is_utf8(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the locale has characters in UTF-8."""
    _, value = locale_variable(environment)
    return "utf8" in value.lower().replace("-", "")
