"""`carrel export`: papers written to a file or to standard output."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.text.cleaning import format_count
from tui.cli.arguments import LazyChoice, WordsCommand, writer_names
from tui.cli.context import load_config, open_library
from tui.cli.help_sections import write_formats
from tui.cli.output import print_message
from tui.cli.selection import full_match_ids, search_papers
from tui.cli.style_options import chosen_parts, style_options

if TYPE_CHECKING:
    from index.formats import Style


class ExportCommand(WordsCommand):
    """A command that takes a query and whose help lists the file formats."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats below the options."""
        write_formats(formatter)


@click.command(cls=ExportCommand)
@click.argument("query", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Export the whole library.")
@click.option("-o", "--output", "output", metavar="FILE", default="-",
              help="Output file; standard output by default.")  # fmt: skip
@click.option("--format", "form", type=LazyChoice(writer_names), metavar="F",
              help="Output format; default: FILE's extension, or bibtex.")  # fmt: skip
@click.option("--template", metavar="FILE", type=click.Path(path_type=Path), default=None,
              help="Custom Jinja template, instead of a format.")  # fmt: skip
@style_options
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def export(
    query: tuple[str, ...], everything: bool, output: str, form: str | None, template: Path | None,
    force: bool, **options: bool | str | None,
) -> None:  # fmt: skip
    """Export papers to a file or to standard output.

    Exports the papers that match QUERY, the bookmarked ones without QUERY, or all with --all. In
    BibTeX and BibLaTeX, notes are written to a field that is not typeset, and tags to keywords.
    Citation key patterns may use {author}, {Author}, {authors}, {year}, {word}, {Word} (the first
    significant word of the title), {title}, {venue} and {id}.

    A template is written in Jinja. It receives "papers", each with the keys of --json and its
    citation key as "key", and filters that escape text for a format: latex, markdown, org, json,
    csv. The output of templates named *.html or *.xml is escaped automatically. For example, a list
    in LaTeX:

    \b
      {% for paper in papers %}
      \\item {{ paper.title|latex }} \\cite{ {{- paper.key -}} }
      {% endfor %}

    \b
    Examples:
      carrel export -o reading.bib
      carrel export tag:thesis year:2020.. -o thesis.md
      carrel export is:unread --format csv > unread.csv
      carrel export --all -o library.bib
      carrel export tag:team -o team.jsonl --no-marks
      carrel export --format biblatex --keys '{Author}:{year}' -o thesis.bib
      carrel export tag:talk --template slides.tex -o talk.tex
    """
    chosen = chosen_parts(options)
    style = replace(load_config().style, template=template, **chosen)  # type: ignore[arg-type]
    if template and form:
        raise click.UsageError("--format and --template cannot be combined; give one")
    form = template.name if template else form or detect_format(output)
    if everything and query:
        raise click.UsageError("--all and QUERY cannot be combined; give one")
    text = "" if everything else " ".join(query) or "is:bookmarked"
    _write(text, output, form, style, overwrite=force)


def _write(query: str, output: str, form: str, style: "Style", *, overwrite: bool) -> None:
    """Export the papers that match a query to a file, or to standard output for "-"."""
    with open_library() as library:
        papers = full_match_ids(library, search_papers(library, query))
        if not papers:
            reason = f"no papers match {query}" if query else "the library is empty"
            print_message(f"nothing to export: {reason}")
        elif output == "-":
            sys.stdout.writelines(library.export(papers, form, style))
        else:
            library.export_file(papers, output, form, style, overwrite=overwrite)
            print_message(f"exported {format_count(len(papers), 'paper')} to {output} as {form}")


def detect_format(output: str) -> str:
    """Return the format of a file's extension, bibtex for standard output; raises UsageError."""
    from index.formats import writer_for

    if output == "-":
        return "bibtex"
    form = writer_for(output)
    if form is None:
        known = ", ".join(writer_names())
        raise click.UsageError(
            f"cannot detect the format of {Path(output).name!r}; try --format with one of {known}"
        )
    return form.name
