"""The commands of triage: verdicts, steps, and what follows after the last paper."""

from typing import TYPE_CHECKING

from tui.commands.application import show_commands, show_triage_help
from tui.commands.command import JUDGING, TRIAGE, CommandGroup

if TYPE_CHECKING:
    from tui.screens.triage import TriageScreen

judging = CommandGroup(JUDGING, TRIAGE)


@judging.command("b", label="keep", panes="judging", name="triage_keep")
async def keep(screen: "TriageScreen") -> None:
    """Keep: bookmark the paper."""
    await screen.judge("kept")


@judging.command("d", label="dismiss", panes="judging", name="triage_dismiss")
async def dismiss(screen: "TriageScreen") -> None:
    """Dismiss the paper."""
    await screen.judge("dismissed")


@judging.command("w", label="later", panes="judging", name="triage_later")
async def later(screen: "TriageScreen") -> None:
    """Add the paper to those to read later."""
    await screen.judge("later")


@judging.command("space", "j", label="skip", panes="judging", name="triage_skip")
async def skip(screen: "TriageScreen") -> None:
    """Skip the paper."""
    await screen.judge("skipped")


@judging.command("l", name="triage_likely")
async def likely(screen: "TriageScreen") -> None:
    """The likeliest papers first, or as listed; the current one stays."""
    await screen.toggle_likely()


@judging.command("x", label="export", panes="end", name="triage_export")
async def export(screen: "TriageScreen") -> None:
    """At the end: export the kept papers."""
    await screen.hand_on("export")


@judging.command("E", label="complete", panes="end", name="triage_enrich")
async def enrich(screen: "TriageScreen") -> None:
    """At the end: complete the kept papers."""
    await screen.hand_on("enrich")


@judging.command("r", label="skipped again", panes="end", name="triage_restart")
async def restart(screen: "TriageScreen") -> None:
    """At the end: go through the skipped papers again."""
    await screen.restart()


@judging.command("u", label="undo", name="triage_undo")
async def take_back(screen: "TriageScreen") -> None:
    """Take the last verdict back, and return to its paper."""
    await screen.take_back()


@judging.command("k", label="back", panes="judging", name="triage_back")
async def step_back(screen: "TriageScreen") -> None:
    """Step back; another verdict replaces the first."""
    await screen.step_back()


@judging.command("q", "escape", label="close", name="triage_close")
async def leave(screen: "TriageScreen") -> None:
    """Leave; the triage of a query resumes where it was left."""
    await screen.leave()


@judging.command("ctrl+d", "pagedown", name="triage_down")
def scroll_down(screen: "TriageScreen") -> None:
    """Half a page down."""
    screen.sheet.half_page(1)


@judging.command("ctrl+u", "pageup", name="triage_up")
def scroll_up(screen: "TriageScreen") -> None:
    """Half a page up."""
    screen.sheet.half_page(-1)


@judging.command("colon", "ctrl+p", label="commands", panes="always", name="triage_palette")
async def triage_palette(screen: "TriageScreen") -> None:
    """Command palette of triage."""
    await show_commands(screen, TRIAGE, screen.recent)


@judging.command("question_mark", "f1", label="help", panes="always", name="triage_help")
async def triage_help(screen: "TriageScreen") -> None:
    """Keys of triage."""
    await show_triage_help(screen)
