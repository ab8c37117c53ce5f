"""The signs of the reader: each has an ASCII equivalent, of as many cells."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.examples import examples
from tui.commands import COMMANDS, display_keys
from tui.glyphs import LEVELS, UNKNOWN, is_ascii_sign, to_ascii

TUI = Path(__file__).parents[2] / "tui"

WRITTEN = ("Képes", "Gödel", "Erdős", "Łukasiewicz", "ﬁx", "α-β", "x²", "“quoted” – and…")


def drawn_texts() -> Iterator[tuple[str, str]]:
    """Yield the texts that the code of the reader draws, and their files."""
    for path in sorted(TUI.rglob("*.py")):
        if path.parent.name == "cli" or path.name in ("glyphs.py", "columns.py"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            match node:
                case ast.Constant(value=str(text)) if node not in docstrings:
                    yield text, path.name


def test_every_sign_of_reader_has_ascii_equivalent() -> None:
    texts = list(drawn_texts())
    assert any("…" in text for text, _ in texts)
    help_texts = [(command.help, command.name) for command in COMMANDS]
    keys = [(key, c.name) for c in COMMANDS for key in display_keys(c.keys)]
    missing = [
        (character, place)
        for text, place in [*texts, *help_texts, *keys, (LEVELS, "levels")]
        for character in text
        if not is_ascii_sign(character)
    ]
    assert missing == []


def test_levels_stay_distinct_in_ascii() -> None:
    assert len(set(to_ascii(LEVELS))) == len(LEVELS)


@pytest.mark.parametrize("text", WRITTEN)
def test_latin_and_greek_text_is_transliterated(text: str) -> None:
    assert UNKNOWN not in to_ascii(text)


@examples(200)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_ascii_text_has_as_many_cells(text: str) -> None:
    written = to_ascii(text)
    assert written.isascii()
    assert len(written) == cell_len(text)
