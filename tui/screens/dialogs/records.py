"""The dialog that lists what each source says of a paper, to take a record out of it."""

from collections.abc import Iterator, Sequence
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from index.papers.records import SourceRecord
from index.text.cleaning import clean, one_line
from tui.screens.dialogs.base import Dialog
from tui.screens.dialogs.filtering import Painted, columns
from tui.themes import DIM

NAME_CELLS = 8

MAX_CHARACTERS = 200
"""Characters of a value that are shown."""


class RecordsDialog(Dialog[int]):
    """Lists the records of a paper; returns the number of the one to take out."""

    def __init__(self, title: str, records: Sequence[SourceRecord]) -> None:
        super().__init__()
        self.title_text = title
        self.records = records

    def compose(self) -> ComposeResult:
        """Compose the list of records."""
        with Vertical(classes="box") as box:
            box.border_title = Content(f"Records of “{one_line(self.title_text, 48)}”")
            yield OptionList(
                *(
                    Option(Painted(partial(_paint, number, record)))
                    for number, record in enumerate(self.records, 1)
                ),
                markup=False,
            )
            yield Static("", classes="error", markup=False)
            yield Static("Esc cancel · Enter split off as a paper of its own", classes="hint")

    def on_mount(self) -> None:
        """Highlight the last record."""
        records = self.query_one(OptionList)
        records.highlighted = len(self.records) - 1
        records.focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        described = [record for record in self.records if record.paper.title]
        if len(described) < 2:
            self.query_one(".error", Static).update("the only record; nothing can be split off")
        elif self.records[event.option_index] not in described:
            self.query_one(".error", Static).update("an edit of yours; undo it with u")
        else:
            self.dismiss(event.option_index + 1)


def _paint(number: int, record: SourceRecord, width: int) -> Content:
    """Return a record in a width: its sources and rule, then its values beside their names."""
    sources = ", ".join(
        f"{source.name} #{source.position}" if source.position else source.name
        for source in record.sources
    )
    head = " · ".join(filter(None, (sources or "no source", record.rule)))
    room = width - NAME_CELLS - 4
    lines = [
        columns(
            (Content(""), 2),
            (Content.styled(name, DIM), NAME_CELLS),
            (Content(one_line(text, MAX_CHARACTERS)), room),
        )
        for name, text in _values(record)
    ]
    return Content("\n").join(
        [Content.styled(f"{number}  {clean(head)}", "bold $accent").truncate(width), *lines]
    )


def _values(record: SourceRecord) -> Iterator[tuple[str, str]]:
    paper = record.paper
    values = {
        "title": paper.title,
        "authors": ", ".join(paper.authors),
        "date": paper.date or str(paper.year or ""),
        "venue": paper.venue,
        "arXiv id": paper.arxiv_id,
        "DOI": paper.doi,
        "id": paper.id,
        "abstract": paper.abstract,
    }
    yield from ((name, text) for name, text in values.items() if text)
