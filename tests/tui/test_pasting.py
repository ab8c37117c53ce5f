"""Pasted text, in which escape sequences are neither keys nor the end of the paste."""

from collections.abc import Iterator

import pytest
from textual import events
from textual.drivers import linux_driver

from tui.platform.driver import PARSER, PasteFilteringParser
from tui.platform.pasting import END, START, PasteFilter

from .terminal import Start

HOSTILE = "before \x1b[31m\x07\x1b\x1b[200~q\x1b[A after"


def pieces(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
def test_filter_removes_escapes_from_pastes_alone(size: int) -> None:
    data = f"a\x1b[A{START}{HOSTILE}{END}\x1b[Bb\x1b{START}{END}c"
    pastes = PasteFilter()
    plain = HOSTILE.replace("\x1b", "")
    found = "".join(map(pastes.filter, pieces(data, size)))
    assert found == f"a\x1b[A{START}{plain}{END}\x1b[Bb\x1b{START}{END}c"


@pytest.mark.parametrize("size", [1, 6, 1000])
def test_parser_of_textual_reads_a_hostile_paste_as_one_event(size: int) -> None:
    assert hasattr(linux_driver, PARSER)
    parser = PasteFilteringParser()
    found = [
        event for piece in pieces(f"x{START}{HOSTILE}{END}y", size) for event in parser.feed(piece)
    ]
    assert [type(event) for event in found] == [events.Key, events.Paste, events.Key]
    assert isinstance(found[1], events.Paste)
    assert found[1].text == HOSTILE.replace("\x1b", "")


def test_pasted_escape_sequence_runs_no_command(start: Start) -> None:
    carrel = start(80, 24)
    carrel.until("▌   A Mathematical Theory")
    carrel.type(f"{START}\x1b[31m bbq m{END}")
    carrel.until("the pasted text is not a file")
    assert "▌   A Mathematical Theory" in carrel.text
