"""`carrel export`: papers written to a file."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from index.text.cleaning import format_count
from tui.cli.arguments import LazyChoice, Type, WordsCommand, writer_names
from tui.cli.context import load_config, open_library
from tui.cli.help_sections import write_formats
from tui.cli.output import print_message
from tui.cli.selection import full_match_ids, search_papers


class ExportCommand(WordsCommand):
    """A command that takes a query, and whose help lists the file formats."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats below the options."""
        write_formats(formatter)


class KeyPattern(Type):
    """A pattern of citation keys."""

    name = "pattern"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the pattern; fails if it is not one of citation keys."""
        from index.errors import CarrelError
        from index.formats import Style

        try:
            return Style(keys=value).keys
        except CarrelError as error:
            self.fail(str(error), param, ctx)


@click.command(cls=ExportCommand)
@click.argument("query", nargs=-1)
@click.option("-o", "--output", "output", metavar="FILE", default="-",
              help="The file to write; else standard output.")  # fmt: skip
@click.option("--format", "form", type=LazyChoice(writer_names), metavar="F",
              help="The format, by its name below; else as FILE ends, else bibtex.")  # fmt: skip
@click.option("--template", metavar="FILE", type=click.Path(path_type=Path), default=None,
              help="A template of your own that writes them, in place of a format.")  # fmt: skip
@click.option("--no-abstract", is_flag=True, help="Leave abstracts out.")
@click.option("--no-tags", is_flag=True, help="Leave tags out.")
@click.option("--no-note", is_flag=True, help="Leave notes out.")
@click.option("--no-marks", is_flag=True, help="Leave all out that you added.")
@click.option("--keys", type=KeyPattern(), metavar="PATTERN", default=None,
              help="How citation keys are made, such as {Author}{year}{word}.")  # fmt: skip
@click.option("--unicode/--no-unicode", default=None,
              help="Write é and α in BibTeX as they are, or as LaTeX commands.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE where it is there.")
def export(
    query: tuple[str, ...], output: str, form: str | None, template: Path | None,
    keys: str | None, unicode: bool | None, force: bool, **left_out: bool,
) -> None:  # fmt: skip
    """Write papers to a file, for other programs.

    Those of a QUERY; without one, those that are bookmarked. In BibTeX and BibLaTeX a note stands
    where it is never printed, and tags are keywords. Citation keys are made of {author}, {Author},
    {authors}, {year}, {word}, {Word} (the first of the title that says something), {title}, {venue}
    and {id}.

    A template is written in Jinja. It has "papers", each with the keys of --json and its citation
    key as "key", and filters that make any text safe in a format: latex, markdown, org, json, csv.
    What a template that ends in .html or .xml writes is escaped. This one is a list for LaTeX:

    \b
      {% for paper in papers %}
      \\item {{ paper.title|latex }} \\cite{ {{- paper.key -}} }
      {% endfor %}

    \b
    Examples:
      carrel export -o reading.bib
      carrel export tag:thesis year:2020.. -o thesis.md
      carrel export is:unread --format csv > unread.csv
      carrel export tag:team -o team.jsonl --no-marks
      carrel export --format biblatex --keys '{Author}:{year}' -o thesis.bib
      carrel export tag:talk --template slides.tex -o talk.tex
    """
    style = load_config().style
    style = replace(
        style,
        keys=style.keys if keys is None else keys,
        unicode=style.unicode if unicode is None else unicode,
        template=template,
        **{name.removeprefix("no_"): not out for name, out in left_out.items()},
    )
    if template and form:
        raise click.UsageError("--format and --template both say how papers are written; give one")
    form = template.name if template else form or _format_of(output)
    wanted = " ".join(query) or "is:bookmarked"
    with open_library() as library:
        papers = full_match_ids(library, search_papers(library, wanted))
        if not papers:
            print_message(f"nothing to export: no paper is found by {wanted}")
        elif output == "-":
            sys.stdout.writelines(library.export(papers, form, style))
        else:
            library.export_file(papers, output, form, style, overwrite=force)
            print_message(f"exported {format_count(len(papers), 'paper')} to {output} as {form}")


def _format_of(output: str) -> str:
    """Return the format that a file's ending names; raises UsageError if it names none."""
    from index.formats import writer_for

    if output == "-":
        return "bibtex"
    form = writer_for(output)
    if form is None:
        known = ", ".join(writer_names())
        raise click.UsageError(
            f"the ending of {Path(output).name!r} names no format; give one with --format ({known})"
        )
    return form.name
