"""Triage: verdicts on the papers of a result, one after another, resumed where they were left."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.errors import CannotUndo
from index.marks.changes import Bookmark, Change, ChangeResult, Dismissed, Later, Read
from index.papers.paper import Paper, PaperKey
from index.search.likely import Likely
from index.search.likely_model import LikelyWords
from index.search.orders import LIKELY
from index.search.results import Results
from index.store import Database, MarkStore, PaperSets, PaperStore
from index.store.triage import StoredVerdict, TriageStore

Keys = npt.NDArray[np.int64]

MAX_OF_CORPUS = 1_000
"""Papers of a corpus that one triage has; each is copied to the library."""

Verdict = Literal["kept", "dismissed", "later", "skipped"]

CHANGES: dict[str, Callable[[tuple[str, ...]], Change]] = {
    "kept": Bookmark,
    "dismissed": Dismissed,
    "later": Later,
}
"""The change of marks of each verdict; skipping a paper changes none."""


class Triage:
    """The triage of a query: its papers, the place among them, and the verdicts so far.

    A verdict and the change of marks that it makes are written in one transaction before `judge`
    returns, so that nothing is lost whenever the process ends. Not thread-safe: run one method at a
    time.
    """

    def __init__(
        self,
        database: Database,
        apply: Callable[[Change], ChangeResult],
        likely: Likely,
        results: Results,
    ) -> None:
        """Start the triage of a result, or resume that of its query; `apply` changes marks.

        Only full matches are triaged, of a corpus the first `MAX_OF_CORPUS`. Papers found since are
        added at the end, and papers no longer found are left out unless there is a verdict on them.
        If the result has the likeliest papers first, so does the triage.
        """
        self.query = results.query.text
        self.likely_first = results.sort == LIKELY
        self._database = database
        self._apply = apply
        self._likely = likely
        self._papers = PaperStore(database)
        self._marks = MarkStore(database)
        self._sets = PaperSets(database)
        self._store = TriageStore(database)
        self._verdicts = self._store.verdicts(self.query)
        self.keys: list[PaperKey] = []
        self.at = 0
        most = MAX_OF_CORPUS if results.index == "corpus" else results.total
        self._open(results.paper_keys(0, min(most, results.full or results.total)))
        self._listed = np.array(self.keys, np.int64)
        if self.likely_first:
            self.sort_ahead(results.all_keys(), current=True)

    def _open(self, results: Sequence[PaperKey]) -> None:
        known, found = self._store.papers(self.query), set(results)
        listed, read = set(known), self._sets.state("is", "read")
        new = sorted((key for key in results if key not in listed), key=read.__contains__)
        # The likeliest may have been judged first, out of listing order.
        judged = sorted(self._verdicts, key=lambda key: self._verdicts[key].number)
        existing = self._papers.ids_of(key for key in judged if key not in found)
        judged = [key for key in judged if key in found or key in existing]
        left = [key for key in known if key in found and key not in self._verdicts]
        self.keys = [*judged, *left, *new]
        if self.keys != known:
            self._store.put(self.query, self.keys)
        self.resume()

    def prepare(self) -> None:
        """Check the database ahead of the first verdict, which takes seconds for a large library.

        Raises LibraryUnavailable if it is damaged.
        """
        self._database.ensure_intact()

    def resume(self) -> None:
        """Go to the first paper without a verdict, or past the last one if there is none."""
        undecided = (at for at, key in enumerate(self.keys) if key not in self._verdicts)
        self.at = next(undecided, len(self.keys))

    def restart(self) -> None:
        """Start again with the papers that were skipped or have no verdict."""
        left = [key for key in self.keys if self.verdict(key) in ("", "skipped")]
        with self._database.transaction():
            self._store.remove(self.query)
            self._store.put(self.query, left)
        self._verdicts = {}
        self.keys, self.at = left, 0

    # -- the likeliest first -----------------------------------------------------------------------

    def likely_order(self) -> Keys:
        """Return all papers of the library, the likeliest first; thread-safe, changes nothing."""
        return self._likely.order()

    def listed_order(self) -> Keys:
        """Return the papers in the order in which the triage was started."""
        return self._listed

    def has_learned(self) -> bool:
        """Return whether any paper was kept, so that there is something to learn from."""
        return self._likely.model().kept > 0

    def likely_words(self, paper: Paper) -> LikelyWords:
        """Return the words that count for a paper and against it; thread-safe."""
        return self._likely.words(paper)

    def sort_ahead(self, order: Keys, *, current: bool = False) -> None:
        """Sort the papers without a verdict after the current one, and with `current` this one.

        With the likeliest first, papers that were read or kept before are behind the others.
        """
        start = self.at + (not current)
        ahead = self.keys[start:]
        judged = [key for key in ahead if key in self._verdicts]
        left = np.array([key for key in ahead if key not in self._verdicts], np.int64)
        highest = max(int(order.max(initial=0)), int(left.max(initial=0)))
        places = np.full(highest + 1, len(order))
        places[order] = np.arange(len(order))
        behind = np.zeros(len(left), np.bool_)
        for state in ("read", "bookmarked", "later") if self.likely_first else ():
            behind |= np.isin(left, np.fromiter(self._sets.state("is", state), np.int64))
        by_place = left[np.lexsort((places[left], behind))].tolist()
        self.keys[start:] = [*judged, *map(PaperKey, by_place)]

    # -- reading -----------------------------------------------------------------------------------

    @property
    def is_finished(self) -> bool:
        """Whether the last paper has been passed."""
        return self.at >= len(self.keys)

    def paper(self, offset: int = 0) -> Paper | None:
        """Return the current paper, or one at an offset from it; None if there is none."""
        at = self.at + offset
        found = self._papers.rows(self.keys[at : at + 1]) if 0 <= at < len(self.keys) else []
        return found[0] if found else None

    def verdict(self, key: PaperKey) -> str:
        """Return the verdict on a paper, or "" if there is none."""
        return self._verdicts[key].verdict if key in self._verdicts else ""

    def counts(self) -> Counter[str]:
        """Return the number of papers by verdict."""
        return Counter(stored.verdict for stored in self._verdicts.values())

    def kept(self) -> list[PaperKey]:
        """Return the papers that were kept, in order."""
        return [key for key in self.keys if self.verdict(key) == "kept"]

    # -- verdicts ----------------------------------------------------------------------------------

    def judge(self, verdict: Verdict, *, read: bool = False) -> str:
        """Judge the current paper, go to the next, and return a description of the change.

        A new verdict replaces an earlier one. Skipping a paper leaves an earlier verdict as it is.
        With `read`, the paper is marked as read too; taking the verdict back leaves that.
        """
        if self.is_finished:
            return ""
        key, words = self.keys[self.at], ""
        with self._database.transaction():
            ids = self._papers.ids_of([key])
            if read and key in ids and not self._is_read(key):
                self._apply(Read((ids[key],)))
            if key in ids and (verdict != "skipped" or key not in self._verdicts):
                words = self._judge(key, ids[key], verdict)
        self.at += 1
        return words

    def _is_read(self, key: PaperKey) -> bool:
        (paper,) = self._papers.rows([key])
        return paper.read

    def _judge(self, key: PaperKey, paper_id: str, verdict: Verdict) -> str:
        self._revert(key)
        entry, words = 0, "skipped"
        if verdict in CHANGES:
            done = self._apply(CHANGES[verdict]((paper_id,)))
            entry = self._marks.last_entry() if done.papers else 0
            words = done.words if done.papers else f"{verdict} already"
        number = max((stored.number for stored in self._verdicts.values()), default=0) + 1
        stored = StoredVerdict(number, verdict, entry)
        self._store.judge(self.query, key, stored)
        self._verdicts[key] = stored
        return words

    def step_back(self) -> bool:
        """Go to the previous paper; return False at the first."""
        self.at = max(self.at - 1, 0)
        return self.at > 0 or bool(self.keys)

    def take_back(self) -> Paper | None:
        """Take the last verdict back and go to its paper; return None if there is no verdict.

        A skipped paper has no verdict to take back.
        """
        given = {k: stored for k, stored in self._verdicts.items() if stored.verdict in CHANGES}
        if not given:
            return None
        key = max(given, key=lambda paper: given[paper].number)
        with self._database.transaction():
            self._revert(key)
            self._store.take_back(self.query, key)
        del self._verdicts[key]
        self.at = self.keys.index(key)
        return self.paper()

    def _revert(self, key: PaperKey) -> None:
        """Undo the change of marks of an earlier verdict, unless marks have changed since."""
        earlier = self._verdicts.get(key)
        if earlier and earlier.entry:
            with suppress(CannotUndo):
                self._marks.undo_entry(earlier.entry)
