"""The Whoosh index on disk: opening, checking, updating and deleting its files."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from whoosh.index import FileIndex, create_in, open_dir

from index.engines.base import EngineBroken, IndexUpdate
from index.engines.folder import IndexFolder
from index.engines.upkeep import Upkeep, places
from index.engines.vocabulary import Counts, Vocabulary
from index.engines.whoosh import codec, merging, parallel
from index.engines.whoosh.lexicon import Lexicon
from index.engines.whoosh.outdated import Outdated
from index.engines.whoosh.reader import segments_of
from index.engines.whoosh.schema import document, schema
from index.progress import Progress

MAX_WAITING_SEGMENTS = 16
"""Segments to merge above which an update merges them itself: no worker has managed to."""


class WhooshIndex:
    """The files of an index in its folder, private to its user: Whoosh's files hold pickles."""

    def __init__(self, folder: Path, library: str) -> None:
        self.folder = folder
        self.place = IndexFolder(folder, library)
        self._upkeep = Upkeep(merging.keep_up, self.place)
        self._waiting = 0  # segments to merge after the last update

    def vocabulary(self) -> Vocabulary:
        """Return the unstemmed words; raises EngineBroken if they cannot be read."""
        return self.place.vocabulary()

    def open(self) -> FileIndex:
        """Return the index; raises EngineBroken if it is missing or its files have changed."""
        record = self.place.manifest()
        try:
            index: Any = open_dir(str(self.folder))
            generation = index.latest_generation()
            if generation < record.generation:  # another process is rebuilding it
                raise EngineBroken("there is no search index")
            # A later generation: a writer has committed and not yet written the manifest.
            changed = record.changed(self.folder) if generation == record.generation else []
        except EngineBroken:
            raise
        except Exception as error:  # unpickling a damaged file can raise anything
            raise EngineBroken(f"cannot read the search index: {error}") from error
        if changed:
            raise EngineBroken(f"the search index is damaged: {', '.join(changed)}")
        return cast("FileIndex", index)

    def check(self) -> None:
        """Verify all files; raises EngineBroken if any is damaged."""
        try:
            self.place.manifest().verify(self.folder)
        except EngineBroken:
            with self.place.locked(
                wait=True
            ):  # by an update or merge that has not finished, perhaps
                self.place.manifest().verify(self.folder)
        self.open()

    def clear(self) -> None:
        """Delete all files, after any writer has finished."""
        self.place.clear()

    def update(self, step: IndexUpdate, progress: Progress | None) -> bool:
        """Write changes to the index, and start what is due; see `Engine.update`."""
        if not self.place.update(step, lambda: self._write(step, progress)):
            return False
        if self._waiting > MAX_WAITING_SEGMENTS:
            merging.keep_up(*places(self.place))
        elif self._waiting or self.place.words_due:
            self._upkeep.start()
        return True

    def _write(self, step: IndexUpdate, progress: Progress | None) -> None:
        record = None if step.since < 0 else self.place.manifest()
        if record is None:
            self.place.remove()
            self.folder.mkdir(mode=0o700)
        else:
            parallel.clear(self.folder)
        index: Any = self.open() if record else create_in(str(self.folder), schema())
        if step.total >= parallel.MIN_PARALLEL_PAPERS:
            words: Counts = parallel.add(index, self.folder, step, progress)
        else:
            words = self._add(index, step, progress)
        latest: Any = open_dir(str(self.folder))
        generation = latest.latest_generation()
        names = self.place.count_words(record, words)
        files = merging.files_of(self.folder)
        self.place.write_manifest(step.revision, generation, names, files)
        self._waiting = len(merging.to_merge(segments_of(latest)))

    def _add(self, index: Any, step: IndexUpdate, progress: Progress | None) -> Mapping[str, int]:
        """Write changes to an index; return how often each word occurs in them."""
        lexicon = Lexicon()
        writer = codec.writer(index, lexicon)
        outdated = Outdated(index, step.removed)
        try:
            for done, paper in enumerate(outdated.seen(step.papers), 1):
                writer.add_document(**document(paper, lexicon))
                if progress and (done % 200 == 0 or done == step.total):
                    progress(done, step.total)
            outdated.delete(writer)
            writer.commit(merge=False)
        except BaseException:
            with suppress(Exception):
                writer.cancel()
            raise
        return lexicon.counts()
