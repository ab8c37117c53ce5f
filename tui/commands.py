"""Every action of the reader, once: its name, keys and help.

Bindings, palette, footer, help page and the README's key table are made from these.
"""

import string
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One action: `name` is that of the method `action_…` and of the key in the configuration.

    `keys` are in Textual's notation, the first is the one shown. `label` is the short form for the
    footer ("" stays out of it), `group` the part of the help page.
    """

    name: str
    keys: tuple[str, ...]
    help: str
    group: str
    label: str = ""


_NAMES = {
    "slash": "/", "minus": "-", "question_mark": "?", "colon": ":", "asterisk": "*",
    "down": "↓", "up": "↑",
    "home": "Home", "end": "End", "pagedown": "PgDn", "pageup": "PgUp", "escape": "Esc",
    "enter": "Enter", "space": "Space", "tab": "Tab", "shift+tab": "Shift-Tab",
}  # fmt: skip


def shown(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys as they are printed on a keyboard: `ctrl+d` as Ctrl-d, digits in a row as 1…9."""
    names = tuple(_shown(key) for key in keys)
    row = len(names) > 2 and "".join(names) in string.digits
    return (f"{names[0]}…{names[-1]}",) if row else names


def _shown(key: str) -> str:
    if key in _NAMES:
        return _NAMES[key]
    return "Ctrl-" + key.removeprefix("ctrl+") if key.startswith("ctrl+") else key


MOVING, SEARCHING, MARKING, TAKING, VIEWS, CARREL = (
    "Moving", "Searching", "Marking", "Taking away", "Views", "Carrel",
)  # fmt: skip

COMMANDS: tuple[Command, ...] = (
    Command("down", ("j", "down"), "next paper", MOVING),
    Command("up", ("k", "up"), "previous paper", MOVING),
    Command("top", ("g", "home"), "first paper", MOVING),
    Command("bottom", ("G", "end"), "last paper", MOVING),
    Command("half_down", ("ctrl+d", "pagedown"), "half a page down", MOVING),
    Command("half_up", ("ctrl+u", "pageup"), "half a page up", MOVING),
    Command("pane_left", ("h", "shift+tab"), "pane to the left", MOVING),
    Command("pane_right", ("l", "tab"), "pane to the right", MOVING),
    Command("open", ("enter",), "open the paper, or apply the filter", MOVING),
    Command("back", ("escape",), "back out, one step at a time", MOVING),
    Command(
        "search",
        ("slash",),
        "search; Tab takes what is offered, ↑ recalls earlier queries",
        SEARCHING,
        "search",
    ),
    Command("next_match", ("n",), "next match in the paper", SEARCHING),
    Command("previous_match", ("N",), "previous match in the paper", SEARCHING),
    Command("filters", ("f",), "filters", SEARCHING, "filters"),
    Command("exclude", ("minus",), "in the filters: leave a value out", SEARCHING),
    Command("clear_filters", ("F",), "clear filters", SEARCHING),
    Command("sort", ("s",), "change the sort", SEARCHING, "sort"),
    Command("save_search", ("S",), "save this search by a name", SEARCHING),
    Command("run_saved", tuple("123456789"), "run a saved search, by its number", SEARCHING),
    Command("everything", ("0",), "show everything", SEARCHING),
    Command("delete_saved", ("D",), "delete a saved search", SEARCHING),
    Command("search_history", (), "search again, from the history of queries", SEARCHING),
    Command("related", ("R",), "related papers of this one", SEARCHING),
    Command("related_selection", (), "papers like the selection", SEARCHING),
    Command("for_you", (), "for you: papers like your bookmarks, new to you", SEARCHING),
    Command("select", ("space",), "select and step", MARKING, "select"),
    Command("select_all", ("A",), "select all results", MARKING),
    Command("invert_selection", ("asterisk",), "invert the selection", MARKING),
    Command("bookmark", ("b",), "bookmark, or take the bookmark away", MARKING, "bookmark"),
    Command("tag", ("t",), "tag", MARKING, "tag"),
    Command("untag", ("T",), "untag", MARKING),
    Command("read", ("r",), "mark read, or unread", MARKING, "read"),
    Command("note", ("e",), "write a note", MARKING),
    Command("rename_tag", (), "rename a tag, and those below it", MARKING),
    Command("delete_tag", (), "delete a tag, and those below it", MARKING),
    Command("undo", ("u",), "undo", MARKING, "undo"),
    Command("redo", ("ctrl+r",), "redo", MARKING),
    Command(
        "copy",
        ("y",),
        "copy: y title and link, t title, a abstract, u URL, b BibTeX, m Markdown, i id",
        TAKING,
        "copy",
    ),
    Command("browse", ("o",), "open in the browser", TAKING),
    Command("export", ("x",), "export the selection, or the bookmarks", TAKING, "export"),
    Command("duplicates", (), "duplicates: papers that may be one, side by side", CARREL),
    Command("import", (), "import: bring in files or a folder", CARREL),
    Command("import_report", (), "import report: what became of the files imported last", CARREL),
    Command("fetch_daily", (), "fetch: papers of the day, from Hugging Face", CARREL),
    Command("fetch_arxiv", (), "fetch: search arXiv…", CARREL),
    Command("fetch_paper", (), "fetch: a paper by arXiv id or DOI…", CARREL),
    Command("fetch_new", (), "fetch: what is new since the last time", CARREL),
    Command("stop", (), "stop importing, fetching or indexing", CARREL),
    Command("rebuild", (), "rebuild the search index", CARREL),
    Command("palette", ("colon", "ctrl+p"), "every command by name", CARREL),
    Command("help", ("question_mark",), "keys and query syntax", CARREL, "help"),
    Command("quit", ("q",), "quit", CARREL),
)


@dataclass(frozen=True, slots=True)
class Syntax:
    """One line of the query syntax: what is written and what it means."""

    written: str
    means: str


SYNTAX: tuple[Syntax, ...] = (
    Syntax("diffusion speech", "papers with both words, in any form, case or accent"),
    Syntax('"in-context learning"', "the phrase"),
    Syntax("a OR b, NOT a, -a, ( … )", "either, without, grouping"),
    Syntax("trans*", "words that begin so; the word being typed always counts as begun"),
    Syntax("tranformer~", "words a slip or two away"),
    Syntax("title: abstract: author: venue: keyword:", "words in one field"),
    Syntax("tag:nlp", "papers tagged nlp, or nlp/rag below it"),
    Syntax('author:"Ada Lovelace"', "whole names in quotes mean just these; venue, keyword too"),
    Syntax('topic:"language models"', "papers that speak of it, as the filters count them"),
    Syntax("source: category: note: id: doi: arxiv:", "where from, what about, which"),
    Syntax("year:2020 year:2020..2024 year:>=2020", "years; votes:>50 likewise"),
    Syntax("date:2025-03.. date:7d added:7d", "dates, and the last seven days"),
    Syntax("is:bookmarked read unread tagged untagged noted selected", "states, each as is:read"),
    Syntax("has:code doi arxiv abstract authors note url venue year", "what is known, as has:code"),
    Syntax("query:name", 'what a saved search finds; query:"to read" if its name has spaces'),
)
