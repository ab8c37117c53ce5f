"""Kept files: exports that are written again when the papers of their query change.

A file is written only if its content differs, atomically, and never if anyone else has changed it
since Carrel wrote it: then each change of the library still costs one whole export, since the query
may match other papers. It lists papers in the order in which they were added to the library, so
that a new paper changes nothing before it.
"""

import hashlib
import json
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, Protocol

from index.errors import CarrelError, ExportFailed
from index.files import PRIVATE_MODE, file_digest, update_file
from index.kept_files.target import (
    absolute,
    changed_by_others,
    signature,
    system_errors,
    write_pieces,
)
from index.papers.paper import PaperKey
from index.query import MAX_QUERY_CHARS
from index.search.index_sync import IndexSync
from index.search.results import Results
from index.store import Database, KeptFile, KeptFileStore, SearchStore
from index.store.database import now
from index.text.cleaning import clean, shown_path
from index.version import __version__

if TYPE_CHECKING:
    from index.formats import Style

log = logging.getLogger(__name__)

LOCK_NAME = "kept-files.lock"
"""The lock file in the library folder, held by the process that writes kept files."""

LOCK_TIMEOUT_S = 60.0
"""Seconds to wait for another process that writes kept files."""

DEFAULT_QUERY = "is:bookmarked"

FileState = Literal["current", "changed", "missing", "failed"]
"""Whether a file is as it was written, was changed by others, is missing, or could not be written.

Only a file whose last update failed for another reason is `failed`.
"""


class QuerySearch(Protocol):
    """Searches a library, as `Searcher.search` does."""

    def __call__(self, text: str, *, limit: int, wait: bool) -> Results:
        """Return the results of a query."""


class KeptFiles:
    """The kept files of a library; thread-safe, and one process writes them at a time."""

    def __init__(
        self,
        database: Database,
        index: IndexSync,
        search: QuerySearch,
        ids: Callable[[Iterable[PaperKey]], list[str]],
        export: "Callable[[list[str], str, Style], Iterator[str]]",
    ) -> None:
        self._database = database
        self._store = KeptFileStore(database)
        self._searches = SearchStore(database)
        self._index = index
        self._search = search
        self._ids = ids
        self._export = export

    def all(self) -> list[KeptFile]:
        """Return the kept files, sorted by path."""
        return self._store.all()

    def get(self, path: Path | str) -> KeptFile | None:
        """Return the kept file at a path, or None."""
        return self._store.get(absolute(path))

    def state(self, file: KeptFile) -> FileState:
        """Return the state of a kept file on the disk."""
        try:
            found = file_digest(file.path)
        except OSError:
            return "failed"
        if found and found not in (file.digest, file.writing):
            return "changed"
        return "failed" if file.problem else "current" if found else "missing"

    def add(
        self,
        path: Path | str,
        format: str,
        style: "Style",
        *,
        query: str | None = None,
        options: Mapping[str, bool | str] | None = None,
        overwrite: bool = False,
    ) -> KeptFile:
        """Write a file and keep it current with a query; return it.

        `style` is that of the configuration, which `options` override. Without a query, it is that
        of the file if it is kept already, else `DEFAULT_QUERY`. Without `overwrite`, a file that
        Carrel did not write remains.

        Raises CarrelError if the query has an error, or the file cannot be written; it is not kept
        then.
        """
        path = absolute(path)
        with self._locked():
            known = self._store.get(path)
            file = replace(known or KeptFile(path, DEFAULT_QUERY, format), format=format)
            if query is not None:
                query = query.encode("utf-8", "replace").decode("utf-8")
                file = replace(file, query=clean(query)[:MAX_QUERY_CHARS])
            if options is not None:
                file = replace(file, options=options)
            try:
                return self._update(file, style, self._synced_state(), overwrite=overwrite)
            except BaseException:
                self._restore(path, known)
                raise

    def _restore(self, path: Path, known: KeptFile | None) -> None:
        """Restore the stored state of a file as it was before `add`."""
        if self._database.read_only:
            return
        if known:
            self._store.put(known)
        else:
            self._store.remove(path)

    def remove(self, path: Path | str) -> KeptFile:
        """Stop keeping a file, which stays as it is; raises CarrelError if it is not kept."""
        path = absolute(path)
        file = self._store.get(path)
        if file is None:
            raise CarrelError(
                f"{shown_path(str(path))} is not a kept file; carrel keep list shows all"
            )
        self._store.remove(path)
        return file

    # -- updates -----------------------------------------------------------------------------------

    def sync(self, style: "Style") -> list[str]:
        """Write the kept files whose papers have changed; return a line for each that cannot be.

        `style` is that of the configuration. A problem is reported again only after the library or
        the file has changed.
        """
        if self._database.read_only or all(map(self._is_checked(style), self.all())):
            return []
        problems = []
        try:
            with self._locked():
                is_checked = self._is_checked(style)  # another process may have written them
                for file in self.all():
                    if not is_checked(file):
                        problems += self._check(file, style)
        except CarrelError as error:
            problems.append(str(error))
        return problems

    def _check(self, file: KeptFile, style: "Style") -> list[str]:
        """Write a file if its papers have changed; return the problem, if any."""
        state = self._synced_state()
        try:
            self._update(file, style, state)
        except CarrelError as error:
            log.warning("kept file: %s", error)
            file = self._store.get(file.path) or file
            stamp = self._stamp(file, state, style)
            self._store.put(replace(file, checked=stamp, problem=str(error)))
            return [str(error)]
        return []

    def _update(
        self, file: KeptFile, style: "Style", state: str, *, overwrite: bool = False
    ) -> KeptFile:
        """Write a file if its content has changed, store its new state, and return it.

        `state` is that of the library before: a change in the meantime is found the next time.
        """
        keys = self._find(file)
        with (
            system_errors(file.path, is_new=not file.digest),
            tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as text,  # may be long
        ):
            ids = self._ids(sorted(keys))
            digest = write_pieces(text, self._export(ids, file.format, _style(style, file)))
            file = self._replace(file, digest, text, overwrite=overwrite)
        file = replace(file, papers=len(ids) if file.digest == digest else file.papers, problem="")
        file = replace(file, checked=self._stamp(file, state, style))
        self._store.put(file)
        return file

    def _find(self, file: KeptFile) -> list[PaperKey]:
        """Return the papers that match a file's query; raises CarrelError if it has an error."""
        try:
            results = self._search(file.query, limit=0, wait=True)
        except CarrelError:  # the index cannot be written
            results = self._search(file.query, limit=0, wait=False)
        problems = [note.message for note in results.query.notes]
        if file.query and results.query.is_everything:
            problems.append(f"{file.query!r} matches every paper")
        if problems:
            raise CarrelError(
                f"cannot update {shown_path(str(file.path))}: in the query: {problems[0]}; "
                "try carrel keep add with another query"
            )
        return results.paper_keys(0, results.full)

    def _replace(self, file: KeptFile, digest: str, text: IO[str], *, overwrite: bool) -> KeptFile:
        """Write a text to a file, unless it is there already; return the new state of the file."""
        found = file_digest(file.path)
        if found == digest:
            return replace(file, digest=digest, writing="", written=file.written or now())
        if found and not overwrite and found not in (file.digest, file.writing):
            if digest == file.digest:  # nothing to write
                return file
            raise changed_by_others(file.path, is_new=not file.digest)
        self._store.put(replace(file, writing=digest))  # in case Carrel is killed after writing
        text.seek(0)
        update_file(file.path, text)
        log.info("wrote the kept file %s", file.path)
        return replace(file, digest=digest, writing="", written=now())

    # -- what has changed --------------------------------------------------------------------------

    def _is_checked(self, style: "Style") -> Callable[[KeptFile], bool]:
        """Return a function: whether neither the library nor a file has changed since the check."""
        state = ""

        def is_checked(file: KeptFile) -> bool:
            nonlocal state
            state = state or self._library_state()
            return file.checked == self._stamp(file, state, style)

        return is_checked

    def _synced_state(self) -> str:
        """Return the state of the library once its index is current."""
        try:
            self._index.sync()
        except CarrelError as error:  # the search reports it, or does without the index
            log.info("kept files: %s", error)
        return self._library_state()

    def _library_state(self) -> str:
        """Return a text that differs whenever the papers of a query may differ."""
        clocks = [self._database.clock(name) for name in ("revision", "marks")]
        revision = self._index.engine.revision()
        return json.dumps([*clocks, revision, self._searches.texts(), str(date.today())])

    def _stamp(self, file: KeptFile, state: str, style: "Style") -> str:
        """Return a digest of all that the content of a file depends on, and of the file itself."""
        values = (state, file.query, file.format, _style(style, file), __version__)
        return hashlib.sha256(repr((*values, signature(file.path))).encode()).hexdigest()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock of the kept files; raises CarrelError."""
        from filelock import FileLock, Timeout  # an import that most commands do not need

        if self._database.read_only:
            with self._database.transaction():  # raises an error that suggests a fix
                pass
        path = self._database.folder / LOCK_NAME
        lock = FileLock(path, timeout=LOCK_TIMEOUT_S, mode=PRIVATE_MODE, fallback_to_soft=False)
        try:
            with lock:
                yield
        except Timeout as error:
            raise ExportFailed(
                "cannot update kept files: another process is writing them; try again later"
            ) from error
        except OSError as error:
            raise ExportFailed(
                f"cannot update kept files: cannot lock {path}: {error.strerror or error}; "
                "make the library folder writable"
            ) from error


def _style(style: "Style", file: KeptFile) -> "Style":
    """Return the style of a file: that of the configuration with the options of the file."""
    return replace(style, **file.options)  # type: ignore[arg-type]  # the names of its parts
