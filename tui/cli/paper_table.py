"""The table of papers: one line for each, truncated to the width of the terminal."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from tui.cli.tables import padded, truncated, width

if TYPE_CHECKING:
    from index import Paper
    from index.search.results import Hit

MAX_ID_COLUMNS = 44
"""Columns of ids on a terminal; a longer id shortens its title."""

INDENT = "    "

MIN_TITLE_COLUMNS = 20
"""Minimum columns of a title, however narrow the terminal."""


def paper_table(
    papers: Sequence["Paper"],
    hits: Sequence["Hit"],
    columns: int | None,
    partial_heading: str = "",
    below: Callable[["Paper"], str] | None = None,
) -> Iterator[str]:
    """Yield a line for each paper: signs of its marks, id, year, title.

    `hits` are those of the papers, in the same order. Lines are truncated to `columns` if given.
    `partial_heading` is yielded before the first paper that matches only some words. `below`
    returns what a line of its own says of a paper, if anything.
    """
    all_signs = [mark_signs(paper) for paper in papers]
    used = [at for at in range(4) if any(signs[at] != " " for signs in all_signs)]
    longest = max((width(paper.id) for paper in papers), default=0)
    id_columns = min(longest, MAX_ID_COLUMNS) if columns else longest
    has_years = any(paper.year for paper in papers)
    has_heading = not partial_heading
    for paper, hit, signs in zip(papers, hits, all_signs, strict=True):
        if hit.match == "some" and not has_heading:
            has_heading = True
            yield partial_heading
        parts = ["".join(signs[at] for at in used)] if used else []
        parts.append(padded(paper.id, id_columns))
        if has_years:
            parts.append(f"{paper.year or '':<4}")
        start = "  ".join(parts) + "  "
        left = max(columns - width(start), MIN_TITLE_COLUMNS) if columns else None
        yield start + (truncated(paper.title, left) if left else paper.title)
        if below and (more := INDENT + below(paper)) != INDENT:
            yield truncated(more, columns) if columns else more


def mark_signs(paper: "Paper") -> tuple[str, ...]:
    """Return the signs of a paper's marks: bookmark, unread, tags, note; a space if not set."""
    return (
        "★" if paper.bookmarked else " ",
        " " if paper.read else "○",
        "#" if paper.tags else " ",
        "✎" if paper.note else " ",
    )
