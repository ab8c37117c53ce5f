"""One entry of a BibTeX file parsed, in the short way for most and the long way for the others."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.bib import parsing
from index.formats.bib.entries import BibRecord, Block, Macros, Scanner
from tests.index.linear import assert_linear

FILES = sorted((Path(__file__).parents[3] / "shared" / "formats" / "bibtex").glob("*.bib"))


def blocks(file: bytes) -> Iterator[tuple[Block, Macros]]:
    macros = Macros()
    for block in Scanner(io.BytesIO(file)).blocks():
        if block.kind == "string":
            macros.define(block)
        elif block.kind not in ("comment", "preamble") and not block.error:
            yield block, macros


def in_the_long_way(block: Block, macros: Macros) -> BibRecord | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "_parse_simple", lambda *_: None)
        try:
            return parsing.parse_entry(block, macros)
        except ValueError as error:
            return str(error)


@pytest.mark.parametrize(
    "entry",
    [
        "@article{a1, title = {Of {B} and {{C}}}, year = 1999, month = jun}",
        '@Book{\n  b:2,\n  Title = "The {"}{A}{"} sign" ,\n Year = "1999",\n}',
        "@misc{c, title = {One} , title = {Two}, note = {a {\\'e} \\{ b \\} c},}",
        "@misc{d,title={@ sign},note={line\n@ of a value},}",
        "@misc{e, title = {A}}",
    ],
)
def test_simple_entry_has_the_fields_of_the_long_way(entry: str) -> None:
    ((block, macros),) = blocks(entry.encode())
    assert parsing.parse_entry(block, macros) == in_the_long_way(block, macros)


PIECES = ["{", "}", '"', ",", "=", " ", "\n", "\\", "#", "%", "@", "a", "B1", "title", "jan", "é"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_entry_of_any_signs_has_the_fields_of_the_long_way(text: str) -> None:
    for block, macros in blocks(f"@misc{{k, title = {{A}}, {text}}}".encode()):
        simple = parsing._parse_simple(block, macros)
        assert simple is None or simple == in_the_long_way(block, macros)


@pytest.mark.skipif(not FILES, reason="needs ../shared/formats")
def test_entries_of_real_files_are_mostly_simple_and_have_the_same_fields() -> None:
    every = [pair for file in FILES for pair in blocks(file.read_bytes())][::20]
    simple = [(parsing._parse_simple(*pair), pair) for pair in every]
    known = [(record, pair) for record, pair in simple if record]
    assert len(known) > len(every) * 0.9
    assert [record for record, _ in known] == [in_the_long_way(*pair) for _, pair in known]


@pytest.mark.parametrize("piece", ["{", "a={", 'a="', "{a}", "a = ", "a = {{", " ", "a={b},"])
def test_entry_that_is_not_simple_is_recognised_in_linear_time(piece: str) -> None:
    def parse(text: str) -> None:
        parsing._parse_simple(Block("misc", text, 1), Macros())

    assert_linear(parse, lambda text: f"@misc{{k, {text}", piece)
