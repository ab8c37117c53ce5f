"""Checks of a library, and fixes for common problems."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index import paths
from index.engines.base import EngineBroken
from index.engines.registry import EXTRAS, is_installed
from index.kept_files.service import KeptFiles
from index.progress import Progress
from index.search.index_sync import IndexSync
from index.store import Database, KeptFile, PaperStore, StampStore
from index.store.latex_remains import decode_latex, papers_with_latex
from index.text.cleaning import format_count, one_line, shown_path

LATEX_CHECK = "LaTeX"

LARGE_ENGINE, MIN_LARGE_PAPERS = "tantivy", 500_000
"""The engine for large libraries, and the number of papers from which it is advised."""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check; `message` gives details, or how to fix a problem."""

    name: str
    passed: bool
    message: str


class Doctor:
    """Checks a library and applies fixes that are safe."""

    def __init__(
        self, folder: Path, database: Database, index: IndexSync, kept: KeptFiles, engine: str
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._database = database
        self._papers = PaperStore(database)
        self._index = index
        self._kept = kept

    def check(self) -> list[Check]:
        """Return the results of checking folders, database, index, kept files and texts."""
        cache = paths.index_folder(self._folder, self._engine)
        found = [_library(self._folder, cache), _database(self._database, self._papers)]
        if found[-1].passed:
            found += [*_pending_marks(self._database), _backups(self._database)]
            found.append(_index(self._papers, self._index, cache))
            found += _engine(self._papers.count(), self._engine)
            found += [*_kept_files(self._kept), *_latex(self._database)]
        return found

    def fix(self, progress: Progress | None = None) -> list[str]:
        """Fix permissions, LaTeX and a broken search index; return one line for each fix."""
        done = restrict_access(self._folder, paths.index_folder(self._folder, self._engine))
        failed = {check.name for check in self.check() if not check.passed}
        if LATEX_CHECK in failed:
            number = decode_latex(self._database)
            done.append(f"decoded the LaTeX in venues, names and keywords of {number:,} papers")
        if "search index" in failed:
            self._index.rebuild(progress)
            done.append("rebuilt the search index")
        return done


def _library(folder: Path, cache: Path) -> Check:
    exposed = [str(path) for path in _exposed_paths(folder, cache)]
    if not exposed:
        return Check("library", True, f"{folder}")
    more = f" and {len(exposed) - 1} more" if exposed[1:] else ""
    message = f"other users can access {exposed[0]}{more}; carrel doctor --fix restricts access"
    return Check("library", False, message)


def _database(database: Database, papers: PaperStore) -> Check:
    found = database.integrity()
    if found == "ok" and (strays := database.dangling_references()):
        rows = ", ".join(f"{number:,} in {table}" for table, number in strays.items())
        found = f"orphaned rows: {rows}"
    if found == "ok":
        return Check("database", True, f"{format_count(papers.count(), 'paper')}")
    fix = "save the marks with carrel dump -o FILE and restore them into a new library"
    return Check("database", False, f"{one_line(found)}; {fix}")


def _pending_marks(database: Database) -> list[Check]:
    """Return a note on marks restored for papers that are not in the library, if there are any."""
    pending = len(StampStore(database).pending())
    message = f"marks of {format_count(pending, 'paper')}, applied when the papers are imported"
    return [Check("pending marks", True, message)] if pending else []


def _backups(database: Database) -> Check:
    backups = database.backups()
    if not backups:
        return Check("backups", True, "none; one is made before each change of database schema")
    newest = datetime.fromtimestamp(backups[0].stat().st_mtime, UTC).date()
    return Check("backups", True, f"{len(backups)}, the latest from {newest}: {backups[0]}")


def _index(papers: PaperStore, index: IndexSync, cache: Path) -> Check:
    count, pending = papers.count(), index.pending()
    try:
        indexed = index.engine.size() if count else 0
        if count:
            index.engine.check()
    except EngineBroken as error:
        return Check("search index", False, f"{error}; run carrel doctor --rebuild")
    if indexed != count and not pending:
        message = (
            f"{indexed:,} of {format_count(count, 'paper')} indexed; run carrel doctor --rebuild"
        )
        return Check("search index", False, message)
    note = f", {pending:,} to be indexed at the next search" if pending else ""
    return Check("search index", True, f"{format_count(indexed, 'paper')}{note}, in {cache}")


def _kept_files(kept: KeptFiles) -> list[Check]:
    """Return a check for each kept file that is not current; one for all, if there are any."""
    files = kept.all()
    failed = [
        Check("kept file", False, _kept_file(kept, file))
        for file in files
        if kept.state(file) in ("changed", "failed")
    ]
    if failed or not files:
        return failed
    return [Check("kept files", True, f"{format_count(len(files), 'file')}, as Carrel wrote them")]


def _kept_file(kept: KeptFiles, file: KeptFile) -> str:
    """Return the problem of a kept file, with a suggested fix."""
    if file.problem:
        return file.problem
    name = shown_path(str(file.path))
    if kept.state(file) == "changed":
        return (
            f"{name} was changed since Carrel wrote it; "
            "try carrel keep add --overwrite, or carrel keep rm"
        )
    return f"{name} cannot be read; make it readable, or try carrel keep rm"


def _latex(database: Database) -> list[Check]:
    """Return a check if papers that were imported by an older Carrel have LaTeX to be decoded."""
    number = len(papers_with_latex(database))
    message = (
        f"{format_count(number, 'paper')} with LaTeX in venue, names or keywords; "
        "carrel doctor --fix decodes it"
    )
    return [Check(LATEX_CHECK, False, message)] if number else []


def _engine(papers: int, engine: str) -> list[Check]:
    """Return the advice to use another engine, if it answers large libraries faster."""
    if papers < MIN_LARGE_PAPERS or engine == LARGE_ENGINE:
        return []
    extra = "" if is_installed(LARGE_ENGINE) else f" ({EXTRAS[LARGE_ENGINE]})"
    message = (
        f"{engine}; with {MIN_LARGE_PAPERS:,} papers or more, set"
        f' engine = "{LARGE_ENGINE}" in the configuration{extra}'
    )
    return [Check("search engine", True, message)]


# -- permissions -----------------------------------------------------------------------------------


def _exposed_paths(folder: Path, cache: Path) -> dict[Path, int]:
    """Return the folders and files of a library that others can access, with the mode bits.

    Others may read the library's folder, which the user may have chosen, but not its files.
    """
    wanted = {folder: 0o022, cache: 0o077, **dict.fromkeys(folder.glob("carrel.db*"), 0o077)}
    rights = {path: path.stat().st_mode & bits for path, bits in wanted.items() if path.exists()}
    return {path: bits for path, bits in rights.items() if bits}


def restrict_access(folder: Path, cache: Path) -> list[str]:
    """Revoke other users' access to a library; return one line for each fix or failure."""
    done = []
    for path, rights in _exposed_paths(folder, cache).items():
        try:
            path.chmod(path.stat().st_mode & 0o777 & ~rights)
            done.append(f"removed other users' access to {path}")
        except OSError as error:
            done.append(f"cannot change the permissions of {path}: {error.strerror}")
    return done
