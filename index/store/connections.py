"""Connections to a database: one for each thread."""

import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress

from index.errors import LibraryUnavailable


class Connections:
    """The open connections to a file; those of threads that have ended are closed."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._by_thread: dict[threading.Thread, sqlite3.Connection] = {}
        self._lock = threading.Lock()
        self._closed = False

    def __len__(self) -> int:
        return len(self._by_thread)

    def current(self) -> sqlite3.Connection:
        """Return the calling thread's connection, opened if it has none.

        Raises LibraryUnavailable after `close`.
        """
        thread = threading.current_thread()
        connection = self._by_thread.get(thread)
        if connection is None:
            with self._lock:
                if self._closed:
                    raise LibraryUnavailable("cannot use the library: it is closed")
                self._close([known for known in self._by_thread if not known.is_alive()])
                connection = self._by_thread[thread] = self._connect()
        return connection

    def close(self) -> None:
        """Close all connections; no more are opened.

        SQLite crashes if a connection is closed that another thread is using, so those of other
        threads are closed by Python, once nothing refers to them.
        """
        with self._lock:
            self._closed = True
            others = [one for one in self._by_thread if one.is_alive()]
            for thread in others:
                if thread is not threading.current_thread():
                    del self._by_thread[thread]
            self._close(list(self._by_thread))

    def _close(self, threads: Iterable[threading.Thread]) -> None:
        for thread in threads:
            with suppress(sqlite3.Error):
                self._by_thread.pop(thread).close()
