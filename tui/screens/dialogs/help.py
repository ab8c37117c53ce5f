"""The help: keys and query syntax, filtered by typing; Enter runs a command or an example."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from textual.binding import Binding
from textual.content import Content

from tui.fuzzy import Match
from tui.screens.dialogs.filtering import DialogRow, FilterDialog, best_first, columns, lit
from tui.themes import DIM

KEY_CELLS, SYNTAX_CELLS = 14, 26
"""Cells of the keys of a command, and of a construct of the query syntax."""


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A line of the help: keys or a construct, and what they mean.

    Enter runs the `command`, or the `query`, if there is one.
    """

    keys: str
    text: str
    command: str = ""
    query: str = ""


class HelpDialog(FilterDialog[HelpLine]):
    """Shows keys and query syntax; returns the line chosen."""

    BINDINGS = [Binding("f1", "leave", "leave", show=False, priority=True)]

    def __init__(self, title: str, sections: Mapping[str, Sequence[HelpLine]], start: str) -> None:
        """Show lines by section, with the section `start` at the top."""
        super().__init__(title)
        self.lines = [(section, line) for section, lines in sections.items() for line in lines]
        names = [section for section, _ in self.lines]
        before = names.index(start)
        self._start = before + len(set(names[:before]))  # its heading, below other headings
        self.first = self._start

    def typed(self, text: str) -> None:
        """Show the lines that match, and highlight the one that does best."""
        rows = self.rows(text)
        self.show_rows(text, max(range(len(rows)), key=lambda at: rows[at].score, default=0))

    def on_resize(self) -> None:
        """Show the first section to read at the top, before anything is typed."""
        if self.choices.highlighted == self._start + 1:
            self.call_after_refresh(self._show_heading)

    def _show_heading(self) -> None:
        self.choices.scroll_to_highlight(top=True)
        self.choices.scroll_relative(y=-1, animate=False)

    def rows(self, typed: str) -> Sequence[DialogRow[HelpLine]]:
        """Return the lines that match, below the headings of their sections."""
        texts = [(line.text, section, line.keys, line.query) for section, line in self.lines]
        matches, shown, seen = dict(best_first(typed, texts)), {}, set()
        for place in sorted(matches):
            command = self.lines[place][1].command
            if command not in seen or not typed:  # a command is found once
                shown[place] = matches[place]
            seen.update([command] if command else [])
        return list(self._grouped(shown))

    def _grouped(self, matches: Mapping[int, Match]) -> Iterator[DialogRow[HelpLine]]:
        for section, places in groupby(matches, lambda place: self.lines[place][0]):
            yield DialogRow(partial(_paint_heading, section), is_heading=True)
            for place in places:
                line = self.lines[place][1]
                matched = matches[place]
                yield DialogRow(partial(_paint, line, matched), line, score=matched.score)

    def hint(self, row: DialogRow[HelpLine] | None) -> str:
        """Return what Enter does."""
        line = row.answer if row else None
        if line is None:
            return "nothing matches · Esc close"
        does = f"search: {line.query}" if line.query else "run" if line.command else "close"
        return f"Enter {does} · Esc close"

    def choose(self, row: DialogRow[HelpLine]) -> None:
        """Close with the line of a row."""
        self.dismiss(row.answer)


def _paint_heading(text: str, width: int) -> Content:
    return Content.styled(text, "bold $accent").truncate(width)


def _paint(line: HelpLine, matched: Match, width: int) -> Content:
    left = min(SYNTAX_CELLS, width // 2) if line.query else KEY_CELLS
    right = width - left - 3
    keys, text = Content.styled(line.keys, "bold"), lit(line.text, matched)
    painted = columns((Content(""), 1), (keys, left), (text, right))
    if line.query in ("", line.keys):
        return painted
    example = Content.assemble(("e.g. ", DIM), (line.query, "$accent"))
    below = columns((Content(""), left + 2), (example, right))
    return Content("\n").join([painted, below])
