"""Requests for papers, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from index.errors import CarrelError
from index.papers.identifiers import parse_arxiv, parse_doi
from index.text.cleaning import clean, one_line


@dataclass(frozen=True, slots=True)
class Daily:
    """The papers listed by Hugging Face for a day, week or month, by default the latest day.

    `day` is YYYY-MM-DD, `week` YYYY-Www, `month` YYYY-MM; at most one of them is set.
    """

    day: str = ""
    week: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class ArxivSearch:
    """Up to `limit` papers that arXiv finds for a query, the latest first.

    The query consists of words that must all occur, or is written in arXiv's own syntax
    (https://info.arxiv.org/help/api/user-manual.html#query_details).
    """

    query: str
    limit: int = 100


@dataclass(frozen=True, slots=True)
class ByIdentifier:
    """Papers by their arXiv ids, from arXiv, and by their DOIs, from Crossref."""

    arxiv: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()

    @classmethod
    def parse(cls, words: Iterable[str]) -> Self:
        """Return the request for arXiv ids, DOIs or links; raises CarrelError for other words.

        arXiv's own DOIs (10.48550/arXiv.…) are treated as arXiv ids.
        """
        arxiv: dict[str, None] = {}
        dois: dict[str, None] = {}
        for word in map(clean, words):
            doi = parse_doi(word)
            own = doi.lower().startswith("10.48550/arxiv.")
            candidate = doi[len("10.48550/") :] if own else word
            if doi and not own:
                dois[doi] = None
            elif known := parse_arxiv(candidate):
                arxiv[known] = None
            else:
                raise CarrelError(
                    f"{one_line(word, 60)!r} is neither an arXiv id nor a DOI; examples are "
                    "1706.03762 and 10.1145/3292500.3330701"
                )
        return cls(tuple(arxiv), tuple(dois))


@dataclass(frozen=True, slots=True)
class New:
    """Papers new since the last fetch: all earlier fetches again, up to the first known paper."""


Wanted = Daily | ArxivSearch | ByIdentifier | New
