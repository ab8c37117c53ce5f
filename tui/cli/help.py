"""`carrel help`: the documentation, by topic."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from tui.cli.output import print_lines
from tui.cli.tables import table

if TYPE_CHECKING:
    from tui.cli.markdown import Block


@dataclass(frozen=True, slots=True)
class Topic:
    """A section of a README that is installed with Carrel.

    `package` and `path` name the file, `section` its heading; "" is the whole file.
    """

    package: str
    path: str
    section: str
    summary: str

    def blocks(self) -> list["Block"]:
        """Return the text of the topic."""
        from tui.cli import markdown

        text = files(self.package).joinpath(self.path).read_text(encoding="utf-8")
        blocks = markdown.parse(text)
        return markdown.section(blocks, self.section) if self.section else blocks


TOPICS = {
    "keys": Topic("tui", "README.md", "Keys", "Keys of the reader"),
    "syntax": Topic("tui", "README.md", "Query syntax", "How to write a query"),
    "triaging": Topic("tui", "README.md", "Triage", "Judging papers one at a time"),
    "terminals": Topic("tui", "README.md", "Terminals", "What the reader needs and draws"),
    "browser": Topic("tui", "README.md", "In a browser", "The reader in a browser on this machine"),
    "team": Topic("tui", "README.md", "A team's corpus", "Papers shared on a cluster"),
    "commands": Topic(
        "tui", "README.md", "Command line", "Commands, and examples that combine them"
    ),
    "json": Topic("tui", "README.md", "JSON output", "Output of --json, for scripts"),
    "configuration": Topic("tui", "README.md", "Configuration", "Every setting and its default"),
    "formats": Topic("index", "formats/README.md", "", "File formats for import and export"),
    "files": Topic("tui", "README.md", "Files", "Where Carrel stores its data"),
    "backups": Topic("tui", "README.md", "Backups", "Dump, restore and merge marks"),
    "reliability": Topic("tui", "README.md", "Reliability", "What survives a crash or a full disk"),
    "privacy": Topic("tui", "README.md", "Privacy", "Network access, permissions, hostile files"),
    "python": Topic("index", "README.md", "Python API", "Carrel as a Python library"),
    "development": Topic("index", "README.md", "", "How the code is organised and extended"),
}
"""Every topic by name, in the order of `carrel help`."""


def _complete(context: click.Context, _: click.Parameter, prefix: str) -> list[CompletionItem]:
    names = (*TOPICS, *_root(context).list_commands(context))
    return [CompletionItem(name) for name in names if name.startswith(prefix)]


@click.command()
@click.argument("topic", default="", metavar="[TOPIC]", shell_complete=_complete)
@click.pass_context
def help(context: click.Context, topic: str) -> None:  # noqa: A001  # the name of the command
    """Print the documentation on a topic.

    Without TOPIC, list the topics. The name of a command prints the help of the command.

    \b
    Examples:
      carrel help
      carrel help syntax
      carrel help export
    """
    if not topic:
        print_lines(table([(name, topic.summary) for name, topic in TOPICS.items()]))
    elif topic in TOPICS:
        for line in _topic_lines(context, TOPICS[topic]):
            click.echo(line)
    elif command := _root(context).get_command(context, topic):
        with click.Context(command, info_name=topic, parent=context.parent) as asked:
            click.echo(command.get_help(asked))
    else:
        raise click.UsageError(f"unknown topic {topic!r}; topics are {', '.join(TOPICS)}")


def _topic_lines(context: click.Context, topic: Topic) -> Iterator[str]:
    from tui.cli.markdown import plain_lines

    return plain_lines(topic.blocks(), context.make_formatter().width)


def _root(context: click.Context) -> click.Group:
    root = context.find_root().command
    assert isinstance(root, click.Group)
    return root
