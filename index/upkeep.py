"""Upkeep: what a library holds, and whether it is well."""

from index.engines.base import EngineBroken
from index.following import Follower
from index.results import Check
from index.store import Database, Marks, Papers, Sets
from index.text import counted

STATES = ("bookmarked", "read", "unread", "tagged", "noted")
KNOWN = ("abstract", "authors", "year", "doi", "arxiv", "code")


def numbers(papers: Papers, marks: Marks, sets: Sets) -> dict[str, int]:
    """Return how many papers there are of each kind, and how many sources, tags and changes."""
    return {
        "papers": papers.count(),
        "sources": len(papers.sources()),
        **{name: len(sets.state("is", name)) for name in STATES},
        **{f"with_{name}": len(sets.state("has", name)) for name in KNOWN},
        "tags": len(marks.tags()),
        "changes": marks.changes(),
    }


def checks(database: Database, papers: Papers, index: Follower) -> list[Check]:
    """Return whether the database and the search index are in order."""
    found = database.integrity()
    count, behind = papers.count(), index.behind()
    said = counted(count, "paper") if found == "ok" else found
    try:
        indexed = index.engine.size() if count else 0
    except EngineBroken as error:
        broken = Check("search index", False, f"{error}; carrel doctor --rebuild mends it")
        return [Check("database", found == "ok", said), broken]
    late = f", {behind:,} to follow at the next search" if behind else ""
    fine = indexed == count or behind > 0
    return [
        Check("database", found == "ok", said),
        Check("search index", fine, f"{counted(indexed, 'paper')}{late}"),
    ]
