"""A cache of query results, valid until papers or marks change."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from index.store.database import Database

T = TypeVar("T")

MAX_ANSWERS = 64


class AnswerCache:
    """The most recent answers for the current state of the library; thread-safe.

    Answers that do not depend on marks are cached apart, so that they outlive a change of marks.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers, self._marks = _Generation(), _Generation()
        self._lock = threading.Lock()

    def recall(self, name: Hashable, ask: Callable[[], T], *, marks: bool = False) -> T:
        """Return a cached answer; call `ask` if papers (or with `marks`, marks) have changed."""
        revision = self._database.clock("revision")
        clock = (revision, self._database.clock("marks") if marks else 0)
        with self._lock:
            answers = (self._marks if marks else self._papers).at(clock)
            if name in answers:
                answers.move_to_end(name)
                return cast("T", answers[name])
        answer = ask()
        with self._lock:
            # After a change in the meantime, this is the old collection, which is not used again.
            answers[name] = answer
            if len(answers) > MAX_ANSWERS:
                answers.popitem(last=False)
        return answer


class _Generation:
    """Answers for one state of the library."""

    def __init__(self) -> None:
        self._clock = (-1, -1)
        self._answers: OrderedDict[Hashable, object] = OrderedDict()

    def at(self, clock: tuple[int, int]) -> OrderedDict[Hashable, object]:
        """Return the answers for the state at `clock`, which are empty if it has changed."""
        if clock != self._clock:
            self._clock, self._answers = clock, OrderedDict()
        return self._answers
