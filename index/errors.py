"""What can go wrong, said so that a reader can mend it."""


class CarrelError(Exception):
    """A fault in the data or its surroundings, with a one-line message fit for a reader."""


class UnreadableFile(CarrelError):
    """A file that cannot be read, or in which no paper can be found."""


class UnknownPaper(CarrelError):
    """An id that no paper of the library has."""


class UnknownSource(CarrelError):
    """A source name that the library does not hold."""


class UnknownSearch(CarrelError):
    """A name that no search is saved by."""


class CannotUndo(CarrelError):
    """A change that cannot be taken back, since others have come blocking it.

    `blocking` are the keys of papers whose merging is to be undone first.
    """

    def __init__(self, message: str, blocking: frozenset[int] = frozenset()) -> None:
        super().__init__(message)
        self.blocking = blocking


class LibraryUnavailable(CarrelError):
    """A library that cannot be opened, written or understood."""


class ExportFailed(CarrelError):
    """An export file that could not be written."""


class FetchFailed(CarrelError):
    """An answer that did not come, or was not what was asked for."""


class NotFound(FetchFailed):
    """What a service does not have."""
