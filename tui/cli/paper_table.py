"""The table of papers: a line for each, cut to the width of the terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui.cli.tables import padded, truncated, width

if TYPE_CHECKING:
    from index import Paper
    from index.search.results import Hit

MAX_ID_COLUMNS = 44
"""Columns of ids on a terminal; a longer id takes columns from its title."""

MIN_TITLE_COLUMNS = 20
"""Columns that a title has at least, however narrow the terminal."""

PARTIAL_MATCHES = "— papers with some of the words —"
"""The line above the papers that match only some of the query's words."""


def paper_table(
    papers: Sequence["Paper"], hits: Sequence["Hit"], columns: int | None
) -> Iterator[str]:
    """Yield a line for each paper: signs of its marks, id, year, title.

    `hits` are those of the papers, in the same order. Lines are cut to `columns` if given.
    """
    signs = [mark_signs(paper) for paper in papers]
    used = [at for at in range(4) if any(own[at] != " " for own in signs)]
    longest = max((width(paper.id) for paper in papers), default=0)
    id_columns = min(longest, MAX_ID_COLUMNS) if columns else longest
    dated = any(paper.year for paper in papers)
    separated = False
    for paper, hit, own in zip(papers, hits, signs, strict=True):
        if hit.match == "some" and not separated:
            separated = True
            yield PARTIAL_MATCHES
        parts = ["".join(own[at] for at in used)] if used else []
        parts.append(padded(paper.id, id_columns))
        if dated:
            parts.append(f"{paper.year or '':<4}")
        start = "  ".join(parts) + "  "
        left = max(columns - width(start), MIN_TITLE_COLUMNS) if columns else None
        yield start + (truncated(paper.title, left) if left else paper.title)


def mark_signs(paper: "Paper") -> tuple[str, ...]:
    """Return the signs of a paper's marks: bookmark, unread, tags, note; a space for none."""
    return (
        "★" if paper.bookmarked else " ",
        " " if paper.read else "○",
        "#" if paper.tags else " ",
        "✎" if paper.note else " ",
    )
