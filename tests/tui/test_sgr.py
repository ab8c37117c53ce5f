"""Shorter styles: the terminal shows the same for fewer bytes."""

from typing import Any

import pyte
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tui.platform.sgr import erase_blanks, shorten

CODES = ["1", "2", "3", "4", "7", "9", "31", "97", "42", "38;5;3", "38;2;1;2;3", "48;2;9;8;7"]
MOVES = ["\x1b[2;3H", "\x1b[5;1H", "\x1b[?25l", ""]
STYLES = st.lists(st.sampled_from(CODES), max_size=3).map(";".join)
PIECES = st.tuples(st.sampled_from(MOVES), STYLES, st.sampled_from(["ab", " ", "深", "", " " * 14]))


def shown(data: str) -> list[dict[int, Any]]:
    screen = pyte.Screen(150, 6)
    pyte.Stream(screen).feed(data)
    return [dict(screen.buffer[y]) for y in range(6)] + [{0: screen.cursor.attrs}]


@examples(200)
@given(st.lists(PIECES, max_size=8))
def test_shorten_shows_the_same(pieces: list[tuple[str, str, str]]) -> None:
    data = "".join(
        f"{move}\x1b[{style}m{text}\x1b[0m" if style else f"{move}{text}"
        for move, style, text in pieces
    )
    assert shown(shorten(data)) == shown(data)
    assert shown(erase_blanks(shorten(data))) == shown(data)
    assert len(shorten(data)) <= len(data) + len("\x1b[0m") * 2


def test_shorten_writes_changes_only() -> None:
    red, bold = "38;2;255;0;0;48;2;0;0;0", "1;38;2;255;0;0;48;2;0;0;0"
    data = f"\x1b[{red}mab\x1b[0m\x1b[{red}mc\x1b[0m\x1b[{bold}md\x1b[0m\n"
    assert shorten(data) == f"\x1b[{red}mabc\x1b[1md\n\x1b[0m"


def test_blanks_are_erased_unless_they_have_lines() -> None:
    blanks = " " * 20
    data = f"\x1b[38;5;7;48;5;4ma{blanks}b\x1b[7m{blanks}\x1b[27;4m{blanks}\x1b[0m{blanks}"
    erased = "\x1b[20X\x1b[20C"
    assert erase_blanks(data) == data.replace(f"a{blanks}", f"a{erased}").replace(
        f"\x1b[0m{blanks}", f"\x1b[0m{erased}"
    )


def test_shorten_unknown_parameters_are_unchanged() -> None:
    data = "\x1b[58;5;1mab\x1b[0m\x1b[1mc\x1b[0m"
    assert shorten(data) == data
