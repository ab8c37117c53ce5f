"""Papers found by the searches of a question, and a list of those missing from the answers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from index.corpus.cluster import CorpusUnavailable
from index.engines.base import Keys

LATE = "papers that the corpus did not return in time"


@dataclass(slots=True)
class Found:
    """Papers found by one or two searches, and what was wrong with the answers.

    `hidden` is the number of papers that the last search found, but left out.
    """

    keys: list[Keys] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)
    hidden: int = 0

    @contextmanager
    def if_in_time(self) -> Iterator[None]:
        """Add that papers are missing if the requests of a block fail or are too late."""
        try:
            yield
        except CorpusUnavailable:
            self.missing[LATE] = None


def missing(answer: Mapping[str, Any]) -> list[str]:
    """Return what is missing from an answer: shards that failed, or did not answer in time."""
    shards = answer["_shards"]
    failed = shards["total"] - shards["successful"]
    found = [f"{failed} of {shards['total']} shards of the corpus"] if failed else []
    return [*found, *(["slow shards of the corpus"] if answer["timed_out"] else [])]
