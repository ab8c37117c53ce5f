"""The type of progress callbacks."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with the number of papers done and their total; may raise to stop the work."""
