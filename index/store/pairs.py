"""The facts by which two papers become one, and a record becomes a paper of its own."""

from collections.abc import Sequence

from index.marks.changes import LATER, Fact
from index.papers.identity import slug
from index.papers.paper import PaperKey
from index.papers.records import SourceRecord
from index.store.database import Database
from index.store.marks import MarkStore
from index.store.merges import DIFFERENT, MERGED, MergeStore
from index.store.record_changes import RECORD
from index.store.records import RecordStore


def merge_facts(database: Database, keep: PaperKey, merged: Sequence[PaperKey]) -> list[Fact]:
    """Return the facts of a merge: first the marks that move, then the merged papers."""
    held, *others = MarkStore(database).of([keep, *merged])
    moved = {mark: None for other in others for mark in sorted(other.facts - held.facts)}
    places = [mark for mark in moved if mark[0] == LATER]
    left_out = places if held.values(LATER) else places[1:]  # a paper has one place in the queue
    facts = {Fact(keep, *mark, True): None for mark in moved if mark not in left_out}
    facts |= {Fact(other.paper, *mark, False): None for other in others for mark in other.facts}
    return [*facts, *(Fact(key, MERGED, str(keep), True) for key in merged)]


def split_facts(database: Database, key: PaperKey, record: SourceRecord) -> list[Fact]:
    """Return the facts of a split: a paper merged by hand gets its key and id back."""
    merged = MergeStore(database).merged_as(key, record.key)
    if merged:
        facts, new = [Fact(merged, MERGED, str(key), False)], merged
    else:
        number = str(record.key)
        wanted = record.paper.id or slug(record.paper)
        new = RecordStore(database).reserve(wanted, record.added)
        facts = [Fact(key, RECORD, number, False), Fact(new, RECORD, number, True)]
    low, high = sorted((key, new))
    return [*facts, Fact(low, DIFFERENT, str(high), True)]
