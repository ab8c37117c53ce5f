"""What the `carrel` command prints: data to standard output, talk to standard error."""

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from index.text.cleaning import clean, counted

if TYPE_CHECKING:
    from index import Paper
    from index.doctor import Check
    from index.facets.counting import Facet
    from index.importing.report import FileReport, ImportReport
    from index.search.results import Hit, RelatedPaper, Results

MOST_SKIPPED = 20
"""Skipped entries of one file that are told one by one."""

MOST_VALUES = 20
"""Values of one facet that are listed for reading."""

ID_WIDTH = 44
"""Columns that ids have in a table on a terminal; a longer one takes room from its title."""

LEAST_TITLE = 20
"""Columns that a title has at least, however narrow the terminal."""

SOME = "— papers with some of the words —"


def say(text: str) -> None:
    """Print one line of talk; nothing in it can act on the terminal, or break the line."""
    click.echo(clean(text), err=True)


def emit(lines: Iterable[str]) -> None:
    """Print lines of data."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def emit_json(value: object) -> None:
    """Print a value as JSON, for reading and for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def columns() -> int | None:
    """Return how wide the terminal is; None where the output is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


# -- tables ----------------------------------------------------------------------------------------


def width(text: str) -> int:
    """Return the columns a text takes on a terminal: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitted(text: str, columns: int) -> str:
    """Return a text in at most so many columns, its end cut off with an ellipsis."""
    if width(text) <= columns:
        return text
    kept, used = "", 0
    for character in text:
        used += _columns(character)
        if used > columns - 1:
            break
        kept += character
    return f"{kept.rstrip()}…"


def padded(text: str, columns: int) -> str:
    """Return a text followed by as many spaces as make it so many columns."""
    return text + " " * (columns - width(text))


def table(rows: Sequence[Sequence[str]], numbers: Iterable[int] = ()) -> Iterator[str]:
    """Yield rows with their columns aligned, those of `numbers` to the right."""
    right = set(numbers)
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for at, (cell, room) in enumerate(zip(row, widths, strict=True)):
            cells.append(" " * (room - width(cell)) + cell if at in right else padded(cell, room))
        yield "  ".join(cells).rstrip()


# -- papers ----------------------------------------------------------------------------------------


def signs(paper: "Paper") -> tuple[str, ...]:
    """Return the signs of a paper's marks, each in its place: bookmark, unread, tags, note."""
    return (
        "★" if paper.bookmarked else " ",
        " " if paper.read else "○",
        "#" if paper.tags else " ",
        "✎" if paper.note else " ",
    )


def paper_table(
    papers: Sequence["Paper"], hits: Sequence["Hit"], columns: int | None
) -> Iterator[str]:
    """Yield a line a paper: signs, id, year, title, cut to `columns` where given.

    Papers that hold only some of the query's words stand under a line that says so.
    """
    every = [signs(paper) for paper in papers]
    shown = [at for at in range(4) if any(own[at] != " " for own in every)]
    longest = max((width(paper.id) for paper in papers), default=0)
    room = min(longest, ID_WIDTH) if columns else longest
    dated = any(paper.year for paper in papers)
    told = False
    for paper, hit, own in zip(papers, hits, every, strict=True):
        if hit.match == "some" and not told:
            told = True
            yield SOME
        parts = ["".join(own[at] for at in shown)] if shown else []
        parts.append(padded(paper.id, room))
        if dated:
            parts.append(f"{paper.year or '':<4}")
        start = "  ".join(parts) + "  "
        left = max(columns - width(start), LEAST_TITLE) if columns else None
        yield start + (fitted(paper.title, left) if left else paper.title)


def related_table(
    found: Sequence[tuple["Paper", "RelatedPaper"]], columns: int | None
) -> Iterator[str]:
    """Yield two lines a paper: as in the table of results, then the words it shares."""
    from index.search.results import Hit

    hits = [Hit(one.id, one.score, "all", one.key) for _, one in found]
    lines = paper_table([paper for paper, _ in found], hits, columns)
    for line, (_, one) in zip(lines, found, strict=True):
        yield line
        shares = f"    shares: {', '.join(one.shares)}"
        yield fitted(shares, columns) if columns else shares


def papers_in_words(results: "Results", count: int, offset: int) -> str:
    """Return how many papers of how many were found, how fast, and where more are shown."""
    milliseconds = max(1, round(results.took * 1000))
    words = f"{results.total:,} of {count:,} papers, {milliseconds:,} ms"
    if len(results.hits) < results.total:
        first, last = offset + 1, offset + len(results.hits)
        part = f"{first:,} to {last:,} shown" if results.hits else "none shown"
        words += f"; {part}, --limit and --offset show more"
    return words


def paper_shapes(papers: Sequence["Paper"], hits: Sequence["Hit"]) -> Iterator[dict[str, object]]:
    """Yield the JSON object of each result: the paper's, with its score and match."""
    from index.papers.json_record import as_json

    for paper, hit in zip(papers, hits, strict=True):
        yield {**as_json(paper), "score": hit.score, "match": hit.match}


def results_shape(results: "Results", papers: Sequence["Paper"]) -> dict[str, object]:
    """Return the JSON object of a whole answer: its counts, notes on the query, its papers."""
    hits = {hit.key: hit for hit in results.hits}
    return {
        "query": results.query.text,
        "total": results.total,
        "full": results.full,
        "took": round(results.took, 6),
        "notes": [note._asdict() for note in results.notes],
        "hits": list(paper_shapes(papers, [hits[paper.key] for paper in papers])),
    }


def related_shapes(
    found: Iterable[tuple["Paper", "RelatedPaper"]],
) -> Iterator[dict[str, object]]:
    """Yield the JSON object of each related paper: the paper's, with its score and shares."""
    from index.papers.json_record import as_json

    for paper, one in found:
        yield {**as_json(paper), "score": one.score, "shares": list(one.shares)}


def json_line(shape: Mapping[str, object]) -> str:
    """Return a JSON object in one line."""
    return json.dumps(shape, ensure_ascii=False)


# -- reports ---------------------------------------------------------------------------------------


def import_lines(report: "ImportReport") -> Iterator[str]:
    """Yield what became of each file, where there are several, and of each entry skipped."""
    for file in report.files:
        fetched = "://" in file.path  # of which the address says less than its name
        name = file.source if fetched else "standard input" if file.path == "-" else file.path
        reached = file.taken or any(skipped.line for skipped in file.skipped)
        if len(report.files) > 1 and file.format and reached:
            counts = [
                f"{count:,} {name}"
                for name in ("added", "merged", "unchanged")
                if (count := getattr(file, name))
            ]
            yield f"{name}: {counted(file.read, 'paper')} read ({file.format}): " + (
                ", ".join([*counts, *_skipped_count(file)])
            )
        for skipped in file.skipped[:MOST_SKIPPED]:
            place = f"{name}:{skipped.line}" if skipped.line and not fetched else name
            yield f"{place}: {skipped.reason}"
        if len(file.skipped) > MOST_SKIPPED:
            yield f"{name}: … and {len(file.skipped) - MOST_SKIPPED:,} more (all with --json)"


def plan_lines(report: "ImportReport", columns: int | None) -> Iterator[str]:
    """Yield what an import would bring: the first titles of each outcome, and how many more."""
    from index.importing.report import MOST_TITLES

    for outcome in ("added", "merged"):
        titles = [title for file in report.files for title in file.titles.get(outcome, ())]
        total = report.total(outcome)
        if not total:
            continue
        yield f"would be {outcome}: {total:,}"
        for title in titles[:MOST_TITLES]:
            yield "  " + (fitted(title, columns - 2) if columns else title)
        if total > MOST_TITLES:
            yield f"  … and {total - MOST_TITLES:,} more"


def _skipped_count(file: "FileReport") -> list[str]:
    return [f"{len(file.skipped):,} skipped"] if file.skipped else []


def facet_lines(facets: Iterable["Facet"], *, every: bool = False) -> Iterator[str]:
    """Yield each facet with its values and their counts, the many cut off but for `every`."""
    for facet in facets:
        if not facet.counts:
            continue
        yield facet.title
        shown = facet.counts if every else facet.counts[:MOST_VALUES]
        rows = [(f"  {fitted(count.value, 60)}", f"{count.count:,}") for count in shown]
        yield from table(rows, [1])
        if facet.total > len(shown):
            yield f"  … and {facet.total - len(shown):,} more (all with --all)"


def facet_shapes(facets: Iterable["Facet"]) -> list[dict[str, object]]:
    """Return the JSON of facets."""
    return [_facet_shape(facet) for facet in facets]


def _facet_shape(facet: "Facet") -> dict[str, object]:
    more = facet.total - len(facet.counts)
    return {
        "title": facet.title,
        "field": facet.field,
        "values": [{"value": count.value, "count": count.count} for count in facet.counts],
        **({"more": more} if more else {}),
    }


def check_lines(checks: Iterable["Check"]) -> Iterator[str]:
    """Yield a line a finding: ok, or !! before what is to be mended."""
    rows = [("ok" if check.fine else "!!", check.name, check.message) for check in checks]
    yield from table(rows)


def moment(text: str) -> str:
    """Return a moment of the library (UTC, ISO 8601) on the reader's own clock."""
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S")
