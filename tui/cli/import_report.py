"""The report of an import or a fetch: the outcome of each file, and the entries skipped."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.text.cleaning import format_count
from index.text.encodings import encoding_label
from tui.cli.output import print_message
from tui.cli.tables import truncated

if TYPE_CHECKING:
    from index.importing.report import FileReport, ImportReport

MAX_SKIPPED, MAX_MERGES = 20, 100
"""Skipped entries and merges listed for each file."""


def print_report(report: "ImportReport", dry_run: bool) -> None:
    """Print the outcome of each file, each skipped entry, and a summary."""
    lines = list(report_lines(report))
    prefix = "" if report.total("imported") else "carrel: "
    for line in lines:
        print_message(prefix + line)
    if (count := report.without_authors) and not dry_run:
        verb = "has" if count == 1 else "have"
        missing = f"{format_count(count, 'paper')} {verb} no authors"
        print_message(f"{missing} · carrel enrich is:incomplete")
    if (merges := [merge for file in report.files for merge in file.new_merges]) and not dry_run:
        merged = format_count(len(merges), "paper")
        split = f"carrel duplicates split {merges[0].into}"
        print_message(f"{merged} merged · {split} takes a record out again")
    if (near := [miss for file in report.files for miss in file.near_misses]) and not dry_run:
        kept = format_count(len(near), "paper")
        print_message(f"{kept} not merged · carrel show {near[0].into} {near[0].other} compares")
    if report.total("imported") or len(lines) > 1:
        print_message(report.summary() + ("; dry run, nothing changed" if dry_run else ""))


def report_lines(report: "ImportReport") -> Iterator[str]:
    """Yield a line for each file, if there are several, and for each merge and skipped entry."""
    from index.importing.report import merge_lines

    for file in report.files:
        fetched = "://" in file.path  # for an address, the source name is clearer
        name = file.source if fetched else "standard input" if file.path == "-" else file.path
        reached = file.imported or any(skipped.line for skipped in file.skipped)
        if len(report.files) > 1 and file.format and reached:
            papers = format_count(file.read, "paper")
            yield f"{name}: {papers} read ({file.format}): {_counts(file)}"
        if file.encoding.guessed and file.imported:
            guess = encoding_label(file.encoding.name)
            yield f"{name}: read as {guess}, which is a guess; --encoding E sets another"
        merges = list(merge_lines(file))
        for line, words in merges[:MAX_MERGES]:
            yield f"{name if fetched or not line else f'{name}:{line}'}: {words}"
        if len(merges) > MAX_MERGES:
            yield f"{name}: … and {len(merges) - MAX_MERGES:,} more (all with --json)"
        for skipped in file.skipped[:MAX_SKIPPED]:
            place = f"{name}:{skipped.line}" if skipped.line and not fetched else name
            yield f"{place}: {skipped.reason}"
        if len(file.skipped) > MAX_SKIPPED:
            yield f"{name}: … and {len(file.skipped) - MAX_SKIPPED:,} more (all with --json)"


def _counts(file: "FileReport") -> str:
    counts = {name: getattr(file, name) for name in ("added", "merged", "unchanged")}
    counts["skipped"] = len(file.skipped)
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def plan_lines(report: "ImportReport", columns: int | None) -> Iterator[str]:
    """Yield the first titles that an import would add or merge, and the number of others.

    Titles are truncated to `columns` if given.
    """
    from index.importing.report import MAX_TITLES

    for outcome in ("added", "merged"):
        titles = [title for file in report.files for title in file.titles.get(outcome, ())]
        total = report.total(outcome)
        if not total:
            continue
        yield f"would be {outcome}: {total:,}"
        for title in titles[:MAX_TITLES]:
            yield "  " + (truncated(title, columns - 2) if columns else title)
        if total > MAX_TITLES:
            yield f"  … and {total - MAX_TITLES:,} more"
