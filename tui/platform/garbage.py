"""Garbage collection: Python looks for garbage when it interrupts nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

COMMAND_THRESHOLD = 20_000
"""New objects after which a command looks for garbage: Python's 700 cost a tenth of its time."""

READER_THRESHOLDS = (2_000, 500, 500)
"""The reader's: 2,000 objects take a tenth of a millisecond; older ones, which take longer than a
key may, wait for a pause."""

MIN_PIECES = 5
"""Collections of new objects after which it is worth looking through the older ones."""


@contextmanager
def loading() -> Iterator[None]:
    """Load modules without garbage collection: looking through them takes a tenth of the time.

    What has been loaded stays, and is left out of later collections.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*READER_THRESHOLDS)
        gc.enable()


def collect_at_rest() -> None:
    """Look for garbage among all objects that were not loaded, if there may be any."""
    if max(gc.get_count()[1:]) >= MIN_PIECES:
        gc.collect()
