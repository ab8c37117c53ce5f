"""`LookupService`, the protocol of lookup services, and readers of their answers."""

import io
import json
from collections.abc import Sequence
from itertools import islice
from typing import BinaryIO, Protocol

from index import formats
from index.errors import FetchFailed
from index.fetch.client import Client
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper
from index.text.cleaning import clean, one_line

MAX_RECORDS = 2_000
"""Records of one answer that are read; no request asks for more."""

Found = Sequence[Sequence[Paper]]
"""The records found for each paper of a request."""


class LookupService(Protocol):
    """A way to look papers up at a service."""

    @property
    def name(self) -> str:
        """The name by which the user chooses the service."""

    @property
    def label(self) -> str:
        """The name of the service in messages, and of the source of its records."""

    @property
    def papers_per_request(self) -> int:
        """The number of papers in one request."""

    @property
    def searches(self) -> bool:
        """Whether papers are searched for by title, which is done for unknown papers only."""

    @property
    def has_publications(self) -> bool:
        """Whether a search is likely to find the published version of a preprint."""

    def accepts(self, paper: Paper) -> bool:
        """Return whether the service can be asked about a paper."""

    def find(self, client: Client, papers: Sequence[Paper]) -> Found:
        """Return the records of papers; raises NotFound if there are none, else FetchFailed."""


def read_json(body: BinaryIO, name: str) -> object:
    """Return the value of a JSON response; raises FetchFailed if it is damaged or an error."""
    with body:
        try:
            value: object = json.load(body)
        except (ValueError, RecursionError) as error:
            raise FetchFailed(f"{name} sent damaged JSON; try again later") from error
    if isinstance(value, dict):
        found = value.get("error")
        if isinstance(found, str) and found:
            raise FetchFailed(f"{name} answered: {one_line(clean(found), 120)}")
    return value


def read_records(format: str, value: object) -> list[Paper]:
    """Return the papers of a JSON value, read like a file of the format."""
    return papers_in(format, io.BytesIO(json.dumps(value).encode()))


def papers_in(format: str, body: BinaryIO) -> list[Paper]:
    """Return the papers of a response, read like a file of the format."""
    read = formats.READERS[format].read
    assert read
    items = islice(read(body, Origin(format)), MAX_RECORDS)
    return [item.paper for item in items if isinstance(item, ParsedPaper)]
