"""A library of research papers: import, full-text search, marks and export, with no screen needed.

>>> from index import Library
>>> with Library.open("papers") as library:          # doctest: +SKIP
...     library.import_paths(["page.txt"])
...     for hit in library.search("diffusion speech").hits:
...         print(hit.id, hit.score)
"""

from index.errors import CarrelError
from index.library import Library
from index.paper import Paper

__version__ = "0.1.0"

__all__ = ["CarrelError", "Library", "Paper", "__version__"]
