"""The table of columns of a row: an entry is all that a column needs."""

import pytest

from index import Paper
from tui.row_columns import COLUMNS, NOTE_RANK, RowColumn
from tui.widgets import paper_rows
from tui.widgets.paper_rows import RowStyle, facts

PAPER = Paper("Desks", authors=("Ada Lovelace",), year=1843, votes=7, tags=("wood",), note="N")


def test_entry_in_table_is_drawn_and_left_out_by_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    votes = RowColumn("votes", lambda paper: f"{paper.votes} votes", "after", 0)
    monkeypatch.setattr(paper_rows, "COLUMNS", (*COLUMNS, votes))
    style = RowStyle(("tags", "authors", "year", "votes"))
    assert facts(PAPER, style, None, 80).plain == "✎ #wood Lovelace 1843 · 7 votes"
    assert facts(PAPER, style, None, 23).plain == "✎ #wood Lovelace 1843"
    assert facts(PAPER, style, None, 19).plain == "#wood Lovelace 1843"
    assert facts(PAPER, style, None, 12).plain == "#wood 1843"


def test_ranks_of_columns_are_distinct() -> None:
    ranks = [NOTE_RANK, *(column.rank for column in COLUMNS)]
    assert len(set(ranks)) == len(ranks)
