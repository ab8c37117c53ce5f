"""Keys of papers, written as numbers."""

from index.papers.paper import PaperKey


def keys(*numbers: int) -> list[PaperKey]:
    """Return numbers as the keys that a library would give."""
    return [PaperKey(number) for number in numbers]
