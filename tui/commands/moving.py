"""Navigation: moving the cursor in a pane, moving between panes, and going back."""

from typing import TYPE_CHECKING

from tui.commands.command import MOVING, CommandGroup
from tui.commands.filtering import choose_filter

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

moving = CommandGroup(MOVING)


@moving.command("j", "down")
def down(reader: "MainScreen") -> None:
    """Next paper."""
    reader.panes.stepped.move(1)


@moving.command("k", "up")
def up(reader: "MainScreen") -> None:
    """Previous paper."""
    reader.panes.stepped.move(-1)


@moving.command("g", "home")
def top(reader: "MainScreen") -> None:
    """First paper."""
    reader.pane.move_to(0)


@moving.command("G", "end")
def bottom(reader: "MainScreen") -> None:
    """Last paper."""
    reader.pane.move_to(-1)


@moving.command("ctrl+d", "pagedown")
def half_down(reader: "MainScreen") -> None:
    """Half a page down."""
    reader.pane.half_page(1)


@moving.command("ctrl+u", "pageup")
def half_up(reader: "MainScreen") -> None:
    """Half a page up."""
    reader.pane.half_page(-1)


@moving.command("h", "shift+tab")
def pane_left(reader: "MainScreen") -> None:
    """Pane to the left."""
    reader.panes.step(-1)


@moving.command("l", "tab")
def pane_right(reader: "MainScreen") -> None:
    """Pane to the right."""
    reader.panes.step(1)


@moving.command("enter", label="apply", panes="filters", name="open")
def open_paper(reader: "MainScreen") -> None:
    """Open the paper, or apply the filter."""
    if reader.pane is reader.facets:
        choose_filter(reader, exclude=False)
    elif reader.pane is reader.papers and reader.current:
        reader.panes.go(reader.view)


@moving.command("escape", label="back", panes="filters paper")
def back(reader: "MainScreen") -> None:
    """Go back one step."""
    if reader.focused is not reader.panes.home:
        reader.panes.go(reader.panes.home)
    elif reader.panes.layout_name == "read":
        reader.desk.leave_read()
    elif reader.presenter.back():
        pass
    elif reader.selection:
        reader.selection = frozenset()
        reader.say("selection cleared")
    elif reader.query_text:
        reader.query_text = ""
