"""The doctor: checks a library and fixes what it can; and what a library holds in numbers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index import paths
from index.engines.base import EngineBroken
from index.facets.fields import summary_states
from index.progress import Progress
from index.search.index_sync import IndexSync
from index.store import Database, MarkStore, PaperSets, PaperStore, StampStore
from index.text.cleaning import format_count, one_line


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: whether it is `fine`, and details or the way to fix it."""

    name: str
    fine: bool
    message: str


def count_papers(papers: PaperStore, marks: MarkStore, sets: PaperSets) -> dict[str, int]:
    """Return how many papers there are of each kind, and how many sources, tags and changes."""
    return {
        "papers": papers.count(),
        "sources": len(papers.sources()),
        **{name: len(sets.state("is", name)) for name in summary_states("is")},
        **{f"with_{name}": len(sets.state("has", name)) for name in summary_states("has")},
        "tags": len(marks.tags()),
        "changes": marks.changes(),
    }


class Doctor:
    """Checks a library and fixes what can be fixed without risk."""

    def __init__(self, folder: Path, database: Database, index: IndexSync) -> None:
        self._folder = folder
        self._database = database
        self._papers = PaperStore(database)
        self._index = index

    def check(self) -> list[Check]:
        """Return whether folders, database, backups and search index are in order."""
        cache = paths.index_folder(self._folder)
        found = [_library(self._folder, cache), _database(self._database, self._papers)]
        if found[-1].fine:
            found += [*_aside(self._database), _copies(self._database)]
            found.append(_index(self._papers, self._index, cache))
        return found

    def fix(self, progress: Progress | None = None) -> list[str]:
        """Fix permissions and a broken index; return a line for each fix made."""
        done = close_to_others(self._folder, paths.index_folder(self._folder))
        if any(check.name == "search index" and not check.fine for check in self.check()):
            self._index.rebuild(progress)
            done.append("the search index was built anew")
        return done


def _library(folder: Path, cache: Path) -> Check:
    loose = [str(path) for path in _open_to_others(folder, cache)]
    if not loose:
        return Check("library", True, f"{folder}")
    more = f" and {len(loose) - 1} more" if loose[1:] else ""
    told = f"others on this machine may use {loose[0]}{more}; carrel doctor --mend closes it"
    return Check("library", False, told)


def _database(database: Database, papers: PaperStore) -> Check:
    found = database.integrity()
    if found == "ok" and (strays := database.dangling_references()):
        rows = ", ".join(f"{number:,} of {table}" for table, number in strays.items())
        found = f"rows that belong to nothing: {rows}"
    if found == "ok":
        return Check("database", True, f"{format_count(papers.count(), 'paper')}")
    mend = "carrel dump -o FILE saves the marks, to be restored into a new library"
    return Check("database", False, f"{one_line(found)}; {mend}")


def _aside(database: Database) -> list[Check]:
    """Return what waits for papers to come, where anything does."""
    waiting = len(StampStore(database).pending())
    told = f"marks of {format_count(waiting, 'paper')} of a dump wait until the papers are imported"
    return [Check("kept aside", True, told)] if waiting else []


def _copies(database: Database) -> Check:
    kept = database.backups()
    if not kept:
        return Check("copies", True, "none; one is kept before the schema of the database changes")
    newest = datetime.fromtimestamp(kept[0].stat().st_mtime, UTC).date()
    return Check("copies", True, f"{len(kept)}, the newest of {newest}: {kept[0]}")


def _index(papers: PaperStore, index: IndexSync, cache: Path) -> Check:
    count, behind = papers.count(), index.behind()
    try:
        indexed = index.engine.size() if count else 0
        if count:
            index.engine.check()
    except EngineBroken as error:
        return Check("search index", False, f"{error}; carrel doctor --rebuild mends it")
    if indexed != count and not behind:
        expected = format_count(count, "paper")
        told = f"it has {indexed:,} of {expected}; carrel doctor --rebuild mends it"
        return Check("search index", False, told)
    late = f", {behind:,} to follow at the next search" if behind else ""
    return Check("search index", True, f"{format_count(indexed, 'paper')}{late}, in {cache}")


# -- mending ---------------------------------------------------------------------------------------


def _open_to_others(folder: Path, cache: Path) -> dict[Path, int]:
    """Return the folders and files of a library that others may use, and the rights they have.

    A folder that the reader chose may be read by others, since what Carrel has in it may not.
    """
    wanted = {folder: 0o022, cache: 0o077, **dict.fromkeys(folder.glob("carrel.db*"), 0o077)}
    rights = {path: path.stat().st_mode & bits for path, bits in wanted.items() if path.exists()}
    return {path: bits for path, bits in rights.items() if bits}


def close_to_others(folder: Path, cache: Path) -> list[str]:
    """Take from others the rights to a library; return what was done, or could not be."""
    done = []
    for path, rights in _open_to_others(folder, cache).items():
        try:
            path.chmod(path.stat().st_mode & 0o777 & ~rights)
            done.append(f"{path} is closed to others now")
        except OSError as error:
            done.append(f"the rights of {path} cannot be changed ({error.strerror})")
    return done
