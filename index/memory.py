"""Answers worth keeping: what SQLite was asked once serves until papers or marks change."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from index.store import Database

T = TypeVar("T")

MOST_ANSWERS = 64


class Memory:
    """The latest answers about one state of the library; any thread may ask."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._clocks = (-1, -1)
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, name: Hashable, ask: Callable[[], T]) -> T:
        """Return the answer known by a name, asked anew once papers or marks have changed."""
        clocks = (self._database.clock("revision"), self._database.clock("marks"))
        with self._lock:
            if clocks != self._clocks:
                # Answers still being asked for go into the old collection, and with it.
                self._clocks, self._answers = clocks, OrderedDict()
            answers = self._answers
            if name in answers:
                answers.move_to_end(name)
                return cast("T", answers[name])
        answer = ask()
        with self._lock:
            answers[name] = answer
            if len(answers) > MOST_ANSWERS:
                answers.popitem(last=False)
        return answer
