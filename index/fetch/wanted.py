"""What can be fetched, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from index.errors import CarrelError
from index.papers.identifiers import parse_arxiv, parse_doi
from index.text.cleaning import clean, one_line


@dataclass(frozen=True, slots=True)
class Daily:
    """The papers that Hugging Face lists for a day, a week or a month; the latest day by default.

    `day` is YYYY-MM-DD, `week` YYYY-Www, `month` YYYY-MM; one of them is given at most.
    """

    day: str = ""
    week: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class ArxivSearch:
    """What arXiv finds by a query, the latest first: at most so many papers.

    The query is plain words, which a paper has all, or in arXiv's own syntax
    (https://info.arxiv.org/help/api/user-manual.html#query_details).
    """

    query: str
    most: int = 100


@dataclass(frozen=True, slots=True)
class ByIdentifier:
    """Single papers: those that arXiv has, and those that Crossref has by their DOIs."""

    arxiv: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()

    @classmethod
    def by(cls, words: Iterable[str]) -> Self:
        """Return the papers that arXiv ids, DOIs or links name; raises CarrelError for any other.

        arXiv's own DOIs (10.48550/arXiv.…) name papers of arXiv.
        """
        arxiv: dict[str, None] = {}
        dois: dict[str, None] = {}
        for word in map(clean, words):
            doi = parse_doi(word)
            own = doi.lower().startswith("10.48550/arxiv.")
            there = doi[len("10.48550/") :] if own else word
            if doi and not own:
                dois[doi] = None
            elif known := parse_arxiv(there):
                arxiv[known] = None
            else:
                raise CarrelError(
                    f"{one_line(word, 60)!r} is neither an arXiv id nor a DOI; write them like "
                    "1706.03762 or 10.1145/3292500.3330701"
                )
        return cls(tuple(arxiv), tuple(dois))


@dataclass(frozen=True, slots=True)
class New:
    """What is new since the last time: all earlier fetches again, up to what is known already."""


Wanted = Daily | ArxivSearch | ByIdentifier | New
