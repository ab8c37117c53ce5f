"""Merging of two records of one paper."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.papers.paper import Paper


def merge_papers(known: Paper, new: Paper) -> Paper:
    """Return a paper with its missing values filled in from another record.

    Existing values are preserved; lists are united; a truncated abstract or author list is
    completed.
    """
    abstract = known.abstract
    if len(new.abstract) > len(abstract) and new.abstract.startswith(abstract.rstrip("….")):
        abstract = new.abstract
    authors, et_al = known.authors, known.et_al
    if not authors or (et_al and len(new.authors) > len(authors)):
        authors, et_al = new.authors, new.et_al
    date = known.date
    if not date or (new.date and new.date.startswith(date)):
        date = new.date or date
    year = known.year if known.year is not None else new.year
    if year is not None and date and int(date[:4]) != year:
        date = known.date
    votes = [v for v in (known.votes, new.votes) if v is not None]
    return replace(
        known,
        abstract=abstract,
        authors=authors,
        et_al=et_al,
        year=year,
        date=date,
        venue=known.venue or new.venue,
        url=known.url or new.url,
        urls=_union(known.urls, [u for u in (new.url, *new.urls) if u and u != known.url]
                    if known.url else new.urls),
        arxiv_id=known.arxiv_id or new.arxiv_id,
        doi=known.doi or new.doi,
        keywords=_union(known.keywords, new.keywords),
        categories=_union(known.categories, new.categories),
        votes=max(votes) if votes else None,
    )  # fmt: skip


def _union(known: Sequence[str], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *new)))
