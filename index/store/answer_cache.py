"""Answers worth keeping: what SQLite was asked once serves until papers or marks change."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from index.store.database import Database

T = TypeVar("T")

MAX_ANSWERS = 64


class AnswerCache:
    """The latest answers about one state of the library; any thread may ask.

    There are two shelves: answers about papers outlive a change of marks.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers, self._marks = _Generation(), _Generation()
        self._lock = threading.Lock()

    def recall(self, name: Hashable, ask: Callable[[], T], *, marks: bool = False) -> T:
        """Return the answer known by a name, asked anew once papers (or `marks`) have changed."""
        revision = self._database.clock("revision")
        clock = (revision, self._database.clock("marks") if marks else 0)
        with self._lock:
            answers = (self._marks if marks else self._papers).at(clock)
            if name in answers:
                answers.move_to_end(name)
                return cast("T", answers[name])
        answer = ask()
        with self._lock:
            # Where there was a change meanwhile, this goes into the old collection, and with it.
            answers[name] = answer
            if len(answers) > MAX_ANSWERS:
                answers.popitem(last=False)
        return answer


class _Generation:
    """Answers of one moment."""

    def __init__(self) -> None:
        self._clock = (-1, -1)
        self._answers: OrderedDict[Hashable, object] = OrderedDict()

    def at(self, clock: tuple[int, int]) -> OrderedDict[Hashable, object]:
        """Return the answers of a moment, none where it is a new one."""
        if clock != self._clock:
            self._clock, self._answers = clock, OrderedDict()
        return self._answers
