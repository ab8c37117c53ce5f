"""Text whose width terminals disagree about does not shift what is beside it."""

import pyte
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes

from tests.examples import examples
from tui.platform.columns import align_columns

from .terminal import ODD_TEXTS

AT, ROW = 5, 3


def column_after(text: str) -> int:
    """Return the column of a rule that is written after a text, by pyte."""
    screen = pyte.Screen(200, 10)
    stream = pyte.Stream(screen)
    stream.feed(align_columns(f"\x1b[{ROW};{AT}H{text}\x1b[1m┃"))
    cells = [screen.buffer[ROW - 1][column].data for column in range(200)]
    return cells.index("┃") + 1


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_rule_after_odd_text_is_in_its_column(text: str) -> None:
    assert column_after(text) == AT + cell_len(text)
    assert column_after(f"{text}          ") == AT + cell_len(text) + 10


@examples(100)
@given(st.lists(st.sampled_from([*"".join(ODD_TEXTS)]), max_size=40).map("".join))
def test_rule_after_any_text_is_in_its_column(text: str) -> None:
    assume(split_graphemes(text)[1] == cell_len(text))  # not for a joiner before a wide letter
    assert column_after(text) == AT + cell_len(text)


@pytest.mark.parametrize(
    "text", ["Képes 深度 “x” ─ ★ Ωμέγα", "\x1b[31mred\x1b[0m\r\n", "no place: क"]
)
def test_output_without_disputed_text_is_unchanged(text: str) -> None:
    assert align_columns(text) == text


def test_vowel_signs_are_written_together_if_there_is_room() -> None:
    text = "हिन्दी में"
    assert f"{text}\x1b[" in align_columns(f"\x1b[1;1H{text}{' ' * 9}")


def test_last_spacing_mark_is_left_out_at_an_edge() -> None:
    assert align_columns("\x1b[1;1Hका") == "\x1b[1;1H \x1b[1Gक\x1b[2G"


def test_joined_emoji_are_one() -> None:
    shown = align_columns("\x1b[1;1H👩🏽‍🚀 in 🇩🇪 1\u20e3")
    assert "👩\x1b[3G in DE 1" in shown
    assert "🚀" not in shown
