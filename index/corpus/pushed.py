"""Papers that are pushed to a corpus, and those that it has, by the ids they are known by."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from index.corpus.documents import ARXIV, MAX_DOCUMENT_BYTES, document, record, same
from index.papers.paper import Paper
from index.store import Outcome, Placement, Source

SOURCE_CHARS, RECORD_CHARS = 8, 24
"""Length of the two parts of a stamp."""

MAX_STAMPS = 16
"""Sources of a paper whose stamps are kept."""


class Stored(NamedTuple):
    """A document: its name, the ids of its paper, and the stamps of what was pushed into it."""

    name: str
    ids: Sequence[str]
    stamps: Sequence[str]


class StoredPapers:
    """Documents by the ids of their papers."""

    def __init__(self, documents: Iterable[Stored]) -> None:
        self._by_id: dict[str, list[Stored]] = {}
        for one in documents:
            self.note(one)

    def note(self, stored: Stored) -> None:
        """Add a document."""
        for name in stored.ids:
            self._by_id.setdefault(name, []).append(stored)

    def of(self, paper: "PushedPaper") -> Stored | None:
        """Return the document of a paper; another with its title may have another arXiv id."""
        own = [name for name in paper.ids if name.startswith(ARXIV)]
        for name in paper.ids:
            for stored in self._by_id.get(name, ()):
                others = [other for other in stored.ids if other.startswith(ARXIV)]
                if not (own and others) or own == others:
                    return stored
        return None


@dataclass(slots=True)
class PushedPaper:
    """A paper that is pushed, its ids, the stamp by which it is known again, and its outcome."""

    paper: Paper
    ids: list[str]
    stamp: str
    outcome: Outcome = "unchanged"
    reason: str = ""

    @classmethod
    def of(cls, paper: Paper, source: Source) -> "PushedPaper":
        """Return a paper of a source."""
        text = json.dumps(record(paper), sort_keys=True)
        parts = ((source.name, SOURCE_CHARS), (text, RECORD_CHARS))
        digests = (
            blake2b(part.encode("utf-8", "replace"), digest_size=chars // 2).hexdigest()
            for part, chars in parts
        )
        return cls(paper, same(paper), "".join(digests))

    @property
    def name(self) -> str:
        """The name of its document, if it is new."""
        return self.ids[0]

    def text(self, paper: Paper, added: str, stamps: Sequence[str]) -> str:
        """Return the document of this paper as it shall be, "" if that is too long."""
        text = json.dumps(document(paper, added, stamps))
        if len(text) <= MAX_DOCUMENT_BYTES:
            return text
        self.skip(f"longer than {MAX_DOCUMENT_BYTES:,} bytes")
        return ""

    def skip(self, reason: str) -> None:
        """Note why the paper is not written."""
        self.outcome, self.reason = "skipped", reason

    def placement(self) -> Placement:
        """Return the outcome for a report."""
        return Placement(self.outcome, self.name, "" if self.reason else self.name,
                         reason=self.reason)  # fmt: skip


def with_stamp(stamps: Sequence[str], stamp: str) -> list[str]:
    """Return stamps with another, which replaces that of its source."""
    others = [one for one in stamps if one[:SOURCE_CHARS] != stamp[:SOURCE_CHARS]]
    return [*others, stamp][-MAX_STAMPS:]
