"""The Whoosh index on disk: its schema, how it is written, and how far it has followed."""

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, cast

from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.index import FileIndex, create_in, open_dir
from whoosh.util.filelock import FileLock, try_for

from index.engines.base import EngineBroken, Progress, Step
from index.engines.vocabulary import Vocabulary
from index.paper import Paper
from index.words import GAP, stem, terms

SCHEMA_VERSION = 1
"""Counted up whenever the schema or the analysis changes: older indexes are rebuilt."""

TITLE_WEIGHT = 2
"""How often a title counts in the blended text (search.md: two to three rank best)."""

MEMORY = 128
"""Megabytes a writer holds before it goes to disk."""


PATIENCE = 300.0
"""Seconds to wait for another process that builds the index."""


PROGRESS_FILE = "followed.json"


Placed = tuple[str, int]
"""A term and its place among the others."""

GAP_WIDTH = 100
"""Places left free between a title and what follows it, so that no phrase reaches across."""


class Kept(NamedTuple):
    """What is written down about an index: `files` has each one's size and time of writing."""

    schema: int
    library: str
    revision: int
    generation: int
    files: dict[str, list[int]]


class Analysed(TEXT):
    """A text field that is given its terms, analysed before.

    A class of its own, so that Whoosh can pickle the schema.
    """

    def __init__(self) -> None:
        super().__init__(phrase=True)

    def index(
        self, value: Iterable[Placed], **_: object
    ) -> Generator[tuple[bytes, int, float, bytes], None, None]:
        """Yield each term with its frequency, its weight and its encoded positions."""
        positions: defaultdict[str, list[int]] = defaultdict(list)
        for text, place in value:
            positions[text].append(place)
        form: Any = self.format
        for text, places in positions.items():
            yield text.encode(), len(places), float(len(places)), form.encode(places)


def schema() -> Schema:
    """Return the fields: blended text and its parts, and the paper's key."""
    return Schema(
        id=ID(unique=True),
        key=COLUMN(NumericColumn("I")),  # type: ignore[no-untyped-call]  # Whoosh's own
        text=Analysed(),
        title=Analysed(),
        author=Analysed(),
        venue=Analysed(),
        keyword=Analysed(),
    )


class WhooshIndex:
    """The files of an index in its folder, private to its user: Whoosh's files hold pickles."""

    def __init__(self, folder: Path, library: str) -> None:
        self.folder = folder
        self.library = library  # whose index it is: another database in the same place has another
        self.progress_file = folder / PROGRESS_FILE
        self.vocabulary_file = folder / "vocabulary.tsv"

    def followed(self) -> int:
        """Return the revision followed; -1 for no index, another schema's or another library's."""
        kept = self._kept()
        return kept.revision if kept else -1

    def _kept(self) -> "Kept | None":
        try:
            kept = Kept(**json.loads(self.progress_file.read_text(encoding="utf-8")))
            known = kept.schema == SCHEMA_VERSION and kept.library == self.library
            return kept._replace(revision=int(kept.revision)) if known else None
        except (OSError, ValueError, TypeError):
            return None

    def open(self) -> FileIndex:
        """Return the index; raises EngineBroken where it cannot be read or is not as it was left.

        A file that anyone else has touched since is not to be trusted: a damaged list of postings
        may still be read, and be wrong.
        """
        try:
            index: Any = open_dir(str(self.folder))
            kept = self._kept()
            # With another generation a writer is between its commit and its record of it.
            if kept and kept.generation == index.latest_generation():
                touched = [name for name, was in kept.files.items() if self._state(name) != was]
            else:
                touched = []
        except Exception as error:  # unpickling a damaged file can raise anything
            raise EngineBroken(f"the search index cannot be read ({error})") from error
        if touched:
            raise EngineBroken(f"the search index is damaged ({', '.join(touched)})")
        return cast("FileIndex", index)

    def _state(self, name: str) -> list[int]:
        """Return the size of a file and when it was written, in nanoseconds."""
        found = (self.folder / name).stat()
        return [found.st_size, found.st_mtime_ns]

    def vocabulary(self) -> Vocabulary:
        """Return the written words; raises EngineBroken where they cannot be read."""
        try:
            return Vocabulary.load(self.vocabulary_file)
        except (OSError, ValueError) as error:
            raise EngineBroken(f"the search vocabulary cannot be read ({error})") from error

    def clear(self) -> None:
        """Remove all files, once no one is writing them."""
        with self._locked(wait=True):
            shutil.rmtree(self.folder, ignore_errors=True)

    def follow(self, step: Step, progress: Progress | None) -> bool:
        """Write papers into the index; see `Engine.follow`."""
        # Where there is no index yet there is nothing to search with until it is written.
        with self._locked(wait=step.since < 0) as locked:
            if not locked or self.followed() != step.since:
                return False
            try:
                self._write(step, progress)
            except (EngineBroken, KeyboardInterrupt):
                raise
            except Exception as error:  # a damaged or vanished file can make Whoosh raise anything
                raise EngineBroken(f"the search index cannot be written ({error})") from error
            return True

    @contextmanager
    def _locked(self, *, wait: bool) -> Iterator[bool]:
        """Hold the lock of all writers of this index, beside its folder; yields whether it is held.

        Whoosh's own lock lies in the folder, which a rebuild removes.
        """
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = FileLock(str(self.folder) + ".lock")
            held = try_for(lock.acquire, timeout=PATIENCE if wait else 0.0, delay=0.05)
        except OSError as error:
            raise EngineBroken(
                f"the search index {self.folder} cannot be written ({error.strerror or error}); "
                "set XDG_CACHE_HOME to a folder of yours"
            ) from error
        try:
            yield bool(held)
        finally:
            if held:
                lock.release()

    def _write(self, step: Step, progress: Progress | None) -> None:
        fresh = step.since < 0
        if fresh:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(mode=0o700)
        known = Vocabulary({}) if fresh else self.vocabulary()
        index: Any = create_in(str(self.folder), schema()) if fresh else self.open()
        writer: Any = index.writer(limitmb=MEMORY)
        words: Counter[str] = Counter()
        try:
            for key in step.removed:
                writer.delete_by_term("id", str(key))
            put = writer.add_document if fresh else writer.update_document
            for done, paper in enumerate(step.papers, 1):
                put(**_document(paper, words))
                if progress and (done % 200 == 0 or done == step.total):
                    progress(done, step.total)
            writer.commit()
        except BaseException:
            with suppress(Exception):
                writer.cancel()
            raise
        known.grown(words).save(self.vocabulary_file)
        self._keep(step.revision, index.latest_generation())

    def _keep(self, revision: int, generation: int) -> None:
        files = {path.name: self._state(path.name) for path in self.folder.glob("*MAIN_*.*")}
        files[self.vocabulary_file.name] = self._state(self.vocabulary_file.name)
        kept = Kept(SCHEMA_VERSION, self.library, revision, generation, files)
        beside = self.progress_file.with_suffix(".new")
        beside.write_text(json.dumps(kept._asdict()), encoding="utf-8")
        beside.replace(self.progress_file)


def _document(paper: Paper, words: Counter[str]) -> dict[str, object]:
    """Return a paper as a Whoosh document, and count its written words."""
    title = _stemmed(paper.title, words)
    length = title[-1][1] if title else 0
    blended: list[Placed] = []
    for start in (n * (length + GAP_WIDTH) for n in range(TITLE_WEIGHT)):
        blended += [(text, place + start) for text, place in title]
    start = TITLE_WEIGHT * (length + GAP_WIDTH)
    blended += [(text, place + start) for text, place in _stemmed(paper.abstract, words)]
    return {
        "id": str(paper.key),
        "key": paper.key,
        "text": blended,
        "title": title,
        "author": _whole(GAP.join(paper.authors)),
        "venue": _whole(paper.venue),
        "keyword": _stemmed(GAP.join(paper.keywords), words),
    }


def _stemmed(text: str, words: Counter[str]) -> list[Placed]:
    placed = []
    for term in terms(text, stemmed=False):
        words[term.text] += 1
        placed.append((stem(term.text), term.position))
    return placed


def _whole(text: str) -> list[Placed]:
    return [(term.text, term.position) for term in terms(text, stemmed=False, stops=True)]
