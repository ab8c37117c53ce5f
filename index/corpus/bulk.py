"""Many operations on the documents of a corpus, in requests that are repeated while it fails."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeVar

from index.corpus.cluster import WRITE_S, Cluster, CorpusRefused, CorpusUnavailable, Json
from index.text.cleaning import clean, one_line

MAX_BULK_BYTES = 8_000_000
"""Size of one request, about 1,500 papers."""

BULK_TIMEOUT = "20s"
"""How long a node waits for a shard that cannot be written to."""

PAUSES_S = (1, 2, 4, 8)
"""Seconds between attempts to write, in which a cluster replaces a dead node."""

CONFLICT = 409
"""Status of an operation on a document that was written meanwhile, or by the same one before."""

T = TypeVar("T")


class Operation(NamedTuple):
    """An action, such as `create`, on the document `name`, which becomes `text`."""

    action: str
    name: str
    text: str = ""
    condition: Mapping[str, int] = {}
    """The version that the document must have: `if_seq_no` and `if_primary_term`."""


class Written(NamedTuple):
    """The outcome of an operation on the document `name`: a status of HTTP, and why it failed."""

    name: str
    status: int
    reason: str

    @property
    def failed(self) -> bool:
        """Whether the document was not written, and not because of a conflict."""
        return self.status >= 300 and self.status != CONFLICT


def run(cluster: Cluster, operations: Iterable[Operation]) -> Iterator[Written]:
    """Yield the outcome of each operation; raises CorpusUnavailable if the cluster goes on failing.

    An operation of a request that is repeated conflicts with itself if it was carried out.
    """
    lines: list[str] = []
    size = 0
    for one in operations:
        lines.append(json.dumps({one.action: {"_id": one.name, **one.condition}}))
        if one.text:
            lines.append(one.text)
        size += len(one.text)
        if size > MAX_BULK_BYTES:
            yield from patiently(partial(_send, cluster, lines))
            lines, size = [], 0
    if lines:
        yield from patiently(partial(_send, cluster, lines))


def _send(cluster: Cluster, lines: Iterable[str]) -> list[Written]:
    answer = cluster.ask(
        "bulk",
        index=cluster.index,
        body="\n".join(lines) + "\n",
        seconds=WRITE_S,
        patient=True,
        params={"timeout": BULK_TIMEOUT},
    )
    outcomes = [_outcome(result) for item in answer["items"] for result in item.values()]
    if any(one.status in (429, 503) for one in outcomes):
        raise CorpusUnavailable(f"{cluster.name} cannot write now; run the command again to resume")
    return outcomes


def _outcome(result: Json) -> Written:
    reason: Any = result.get("error", {}).get("reason", "")
    return Written(result["_id"], result["status"], one_line(clean(str(reason)), 200))


def patiently(work: Callable[[], T]) -> T:
    """Return the result of work, repeated while the cluster fails."""
    for pause in PAUSES_S:
        try:
            return work()
        except CorpusRefused:
            raise
        except CorpusUnavailable:
            time.sleep(pause)
    return work()
