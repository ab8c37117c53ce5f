"""`carrel dump`: all marks and saved searches, written to a file."""

import sys

import click

from index.text.cleaning import format_count
from tui.cli.context import open_library
from tui.cli.output import print_message


@click.command()
@click.option("-o", "--output", "output", metavar="FILE", default="-",
              help="The file to write; else standard output.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE where it is there.")
def dump(output: str, force: bool) -> None:
    """Write all marks and saved searches to a file of JSON lines.

    One line a paper that has marks, or had some, and one a saved search, sorted, so that versions
    of the file compare well under git. Papers themselves are not in it: carrel export '' writes
    them. The file is for you alone, and is written whole or not at all.

    \b
    Examples:
      carrel dump -o marks.jsonl
      carrel dump > marks.jsonl && git commit -m "Marks" marks.jsonl
    """
    with open_library() as library:
        lines = library.dumps.dump()
        if output == "-":
            sys.stdout.writelines(lines.lines())
            return
        lines.write_file(output, overwrite=force)
    papers, searches = len(lines.papers), len(lines.searches)
    said = f"{format_count(papers, 'paper')} and {format_count(searches, 'saved search', 'es')}"
    print_message(f"dumped the marks of {said} to {output}")
