"""Markdown documents as blocks of plain text, printed by `carrel help` and in the man page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

import click
from click.formatting import wrap_text

from tui.cli.tables import padded, width

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_TERM_COLUMNS = 34
"""A longer first cell of a two-column table takes a line of its own."""

MIN_LAST_COLUMNS = 14
GAP_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the level of a document's title is 1."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph on one line; `marker` is that of a list item, else ""."""

    text: str
    marker: str = ""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines that are printed as written."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table; a row whose other cells are empty is the title of those below it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | CodeBlock | Table


# -- parsing ---------------------------------------------------------------------------------------


def parse(text: str) -> list[Block]:
    """Return the blocks of a Markdown document; HTML and images are left out."""
    from markdown_it import MarkdownIt

    return list(_blocks(iter(MarkdownIt("commonmark").enable("table").parse(text))))


def section(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return a heading and the blocks below it, up to the next heading of its level or above.

    Raises LookupError if there is no such heading.
    """
    found: list[Block] = []
    level = 0
    for block in blocks:
        if isinstance(block, Heading):
            if found and block.level <= level:
                break
            if block.text == title:
                level = block.level
        if level:
            found.append(block)
    if not found:
        raise LookupError(f"no section {title!r}")
    return found


def _blocks(tokens: Iterator["Token"]) -> Iterator[Block]:
    markers: list[str] = []
    for token in tokens:
        match token.type:
            case "heading_open":
                yield Heading(int(token.tag[1:]), _text(next(tokens)))
            case "list_item_open":
                markers.append(f"{token.info}{token.markup} ")
            case "list_item_close":
                markers.pop()
            case "paragraph_open":
                if text := _text(next(tokens)):
                    yield Paragraph(text, markers[-1] if markers else "")
            case "fence" | "code_block":
                yield CodeBlock(tuple(token.content.splitlines()))
            case "table_open":
                header, *rows = _rows(tokens)
                yield Table(header, tuple(rows))


def _rows(tokens: Iterator["Token"]) -> Iterator[tuple[str, ...]]:
    cells: list[str] = []
    for token in tokens:
        match token.type:
            case "inline":
                cells.append(_text(token, quote=""))
            case "tr_close":
                yield tuple(cells)
                cells = []
            case "table_close":
                return


def _text(inline: "Token", quote: str = "`") -> str:
    """Return the text of a paragraph or cell; a link to the web is followed by its address."""
    parts: list[str] = []
    address = ""
    for token in inline.children or ():
        match token.type:
            case "text":
                parts.append(token.content)
            case "code_inline":
                parts.append(f"{quote}{token.content}{quote}")
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "link_open":
                address = str(token.attrs["href"])
            case "link_close" if address.startswith("http") and parts[-1:] != [address]:
                parts.append(f" ({address})")
    return "".join(parts).strip()


# -- plain text ------------------------------------------------------------------------------------


def plain_lines(blocks: Iterable[Block], columns: int) -> Iterator[str]:
    """Yield blocks as lines of plain text, wrapped to a number of columns."""
    previous: Block | None = None
    for block in blocks:
        both_items = _is_item(previous) and _is_item(block)
        if previous is not None and not both_items:
            yield ""
        yield from _block_lines(block, columns)
        previous = block


def _is_item(block: Block | None) -> bool:
    return isinstance(block, Paragraph) and bool(block.marker)


def _block_lines(block: Block, columns: int) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield click.style(text.upper() if level <= 2 else text, bold=True)
        case Paragraph(text, marker):
            yield from wrap_text(text, columns, marker, " " * len(marker)).splitlines()
        case CodeBlock(lines):
            yield from (f"    {line}".rstrip() for line in lines)
        case Table():
            yield from table_lines(block, columns)


def table_lines(table: Table, columns: int) -> Iterator[str]:
    """Yield a table with aligned columns, of which the last is wrapped.

    The header is printed only if there are more than two columns: two explain themselves.
    """
    rows = list(table.rows)
    if len(table.header) > 2:
        widths = _widths([table.header, *rows])
        rule = ["-" * size for size in (*widths, width(table.header[-1]))]
        rows = [table.header, tuple(rule), *rows]
    else:
        widths = _widths(rows)
    for number, row in enumerate(rows):
        if any(row[1:]):
            yield from _row_lines(row, widths, columns)
        else:
            if number:
                yield ""
            yield click.style(row[0], bold=True)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column but the last; a long first cell of two does not count."""
    *first, _ = zip(*(row for row in rows if any(row[1:])), strict=True)
    widths = [[width(cell) for cell in column] for column in first]
    if len(widths) == 1:
        return [max((size for size in widths[0] if size <= MAX_TERM_COLUMNS), default=0)]
    return [max(column) for column in widths]


def _row_lines(row: Sequence[str], widths: Sequence[int], columns: int) -> Iterator[str]:
    *cells, last = row
    gap = " " * GAP_COLUMNS
    start = gap + "".join(
        padded(cell, size) + gap for cell, size in zip(cells, widths, strict=True)
    )
    indent = GAP_COLUMNS + sum(size + GAP_COLUMNS for size in widths)
    lines = wrap(last, max(columns - indent, MIN_LAST_COLUMNS)) or [""]
    if width(start) > indent:  # a long first cell has a line of its own
        yield start.rstrip()
    else:
        yield (start + lines.pop(0)).rstrip()
    yield from (" " * indent + line for line in lines)
