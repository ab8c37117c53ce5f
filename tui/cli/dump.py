"""`carrel dump`: a file with all marks and saved searches."""

import sys

import click

from index.text.cleaning import format_count
from tui.cli.context import open_library
from tui.cli.output import print_message


@click.command()
@click.option("-o", "--output", "output", metavar="FILE", default="-",
              help="Output file; standard output by default.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def dump(output: str, force: bool) -> None:
    """Write all marks and saved searches as JSON lines.

    There is one line for each paper that has or had marks, and one for each saved search, sorted so
    that versions of the file compare well under git. Papers are not included; carrel export ''
    writes them. The file is written atomically and only you can read it.

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
    contents = f"{format_count(papers, 'paper')} and {format_count(searches, 'saved search', 'es')}"
    print_message(f"wrote the marks of {contents} to {output}")
