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
    """A change that cannot be taken back, since others have come upon it."""


class LibraryUnavailable(CarrelError):
    """A library that cannot be opened, written or understood."""


class ExportFailed(CarrelError):
    """An export file that could not be written."""
