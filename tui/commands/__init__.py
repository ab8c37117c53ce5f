"""The commands of the reader, by subject.

Bindings, palette, footer, help page, `carrel config keys` and the README's table are generated from
`EVERY_COMMAND`. To add a command, write a handler in the module of its subject.
"""

from tui.commands.application import application
from tui.commands.command import Command, display_keys
from tui.commands.editing import editing
from tui.commands.enriching import enriching
from tui.commands.exporting import exporting
from tui.commands.judging import judging
from tui.commands.layout import layout
from tui.commands.library import library
from tui.commands.marking import marking
from tui.commands.moving import moving
from tui.commands.related import related
from tui.commands.saved_searches import saved_searches
from tui.commands.searching import searching
from tui.commands.selecting import selecting
from tui.commands.triaging import triaging

COMMANDS: tuple[Command, ...] = tuple(
    command
    for group in (
        moving, searching, saved_searches, related,
        selecting, triaging, marking, editing, exporting, enriching, layout, library,
        application,
    )
    for command in group.commands
)  # fmt: skip

TRIAGE_COMMANDS = tuple(judging.commands)

EVERY_COMMAND = (*COMMANDS, *TRIAGE_COMMANDS)

BY_NAME = {command.name: command for command in EVERY_COMMAND}

__all__ = ["BY_NAME", "COMMANDS", "EVERY_COMMAND", "TRIAGE_COMMANDS", "Command", "display_keys"]
