"""Sections of help below a command's options: the file formats and the query syntax."""

import click


def write_formats(formatter: click.HelpFormatter) -> None:
    """Write a row for each format, with its support for import (in) and export (out)."""
    from index.formats import FORMATS

    with formatter.section("Formats"):
        formatter.write_dl(
            [
                (
                    f"{form.name:<16}  {'in' if form.read else '  '} {'out' if form.write else ''}",
                    "  ".join(filter(None, (form.label, " ".join(form.endings)))),
                )
                for form in FORMATS
            ]
        )


def write_query_syntax(formatter: click.HelpFormatter) -> None:
    """Write the query syntax, one row for each construct."""
    from tui.commands.syntax import SYNTAX

    with formatter.section("Query syntax"):
        formatter.write_dl([(syntax.written, syntax.means) for syntax in SYNTAX], col_max=34)
