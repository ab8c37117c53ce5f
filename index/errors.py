"""Exceptions: all derive from `CarrelError`, whose message is one line for the user."""


class CarrelError(Exception):
    """An error in the data or its environment, with a one-line message for the user."""


class UnreadableFile(CarrelError):
    """Raised when a file cannot be read or contains no papers."""


class UnknownPaper(CarrelError):
    """Raised for an id that no paper in the library has."""


class UnknownSource(CarrelError):
    """Raised for a source that is not in the library."""


class UnknownSearch(CarrelError):
    """Raised for a saved search that does not exist."""


class CannotUndo(CarrelError):
    """Raised when a change cannot be undone because of later changes.

    `blocking` is the set of keys of papers whose merges must be undone first.
    """

    def __init__(self, message: str, blocking: frozenset[int] = frozenset()) -> None:
        super().__init__(message)
        self.blocking = blocking


class LibraryUnavailable(CarrelError):
    """Raised when a library cannot be opened, read or written."""


class ExportFailed(CarrelError):
    """Raised when an export file cannot be written."""


class FetchFailed(CarrelError):
    """Raised when a request fails or its response is not as expected."""


class NotFound(FetchFailed):
    """Raised when a service has no record of what was requested."""
