"""Merging of two records of one paper."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.papers.citation import (
    PREPRINT_TYPES,
    Citation,
    is_preprint_venue,
    merge_citations,
)
from index.papers.names import Name, family_name, name_key
from index.papers.paper import Paper
from index.text.folding import fold


def merge_papers(known: Paper, new: Paper) -> Paper:
    """Return a paper with its missing values filled in from another record.

    Existing values are preserved; lists are united; a truncated abstract or author list is
    completed, and authors in plain text get the parts of the same names. The published version
    of a preprint gives type, venue and citation (see `_publication`).
    """
    is_truncated = len(new.abstract) > len(known.abstract) and new.abstract.startswith(
        known.abstract.rstrip("….")
    )
    full = new if is_truncated else known
    authors, names, et_al = _authors(known, new)
    year, date = _year_and_date(known, new)
    votes = [v for v in (known.votes, new.votes) if v is not None]
    kind, venue, citation = _publication(known, new)
    return replace(
        known,
        abstract=full.abstract,
        abstract_latex=full.abstract_latex,
        authors=authors,
        names=names,
        et_al=et_al,
        year=year,
        date=date,
        venue=venue,
        url=known.url or new.url,
        urls=_union(known.urls, [u for u in (new.url, *new.urls) if u and u != known.url]
                    if known.url else new.urls),
        arxiv_id=known.arxiv_id or new.arxiv_id,
        doi=known.doi or new.doi,
        keywords=_union(known.keywords, new.keywords),
        categories=_union(known.categories, new.categories),
        votes=max(votes) if votes else None,
        type=kind,
        citation=citation,
        known_as=_known_as(known, new),
    )  # fmt: skip


def _year_and_date(known: Paper, new: Paper) -> tuple[int | None, str | None]:
    """Return the year, and the more precise of two dates unless it is in another year."""
    date = known.date
    if not date or (new.date and new.date.startswith(date)):
        date = new.date or date
    year = known.year if known.year is not None else new.year
    if year is not None and date and int(date[:4]) != year:
        date = known.date
    return year, date


def _authors(known: Paper, new: Paper) -> tuple[tuple[str, ...], tuple[Name, ...], bool]:
    """Return the authors, their parts and whether there are more, from the fuller record."""
    if not known.authors or (known.et_al and len(new.authors) > len(known.authors)):
        return new.authors, new.names, new.et_al
    if new.names and not known.names and _are_same(known.authors, new.names):
        return new.authors, new.names, known.et_al
    return known.authors, known.names, known.et_al


def _are_same(authors: Sequence[str], names: Sequence[Name]) -> bool:
    """Return whether names are those of authors in plain text, none of them written shorter."""
    return len(authors) == len(names) and all(
        fold(author) == fold(str(name))
        or (
            len(str(name)) >= len(author)
            and not name.literal
            and name_key(name).endswith(fold(family_name(author)))
            and author[:1] == name.given[:1]
        )
        for author, name in zip(authors, names, strict=True)
    )


def _publication(known: Paper, new: Paper) -> tuple[str, str, Citation]:
    """Return type, venue and citation of two records.

    Records of one type, or of which one has none, complete each other. If one is of a preprint and
    the other of its published version, the published one's values are taken first. If both are
    published, differently (a report and the article made of it), the known one's are kept.
    """
    kind, venue, other = known.type, known.venue, new.type
    if is_preprint_venue(venue) and new.venue and not is_preprint_venue(new.venue):
        venue = new.venue
    venue = venue or new.venue
    if kind == other or not kind or not other:
        return kind or other, venue, merge_citations(known.citation, new.citation, whole=True)
    if kind in PREPRINT_TYPES and other not in PREPRINT_TYPES:
        return other, new.venue or venue, merge_citations(new.citation, known.citation, whole=True)
    preprint = other in PREPRINT_TYPES and kind not in PREPRINT_TYPES
    return kind, venue, merge_citations(known.citation, new.citation, whole=preprint)


def _known_as(known: Paper, new: Paper) -> tuple[str, ...]:
    """Return the ids that other records have for the known paper."""
    own = {known.id, known.arxiv_id, new.arxiv_id, new.doi, ""}
    return _union(known.known_as, (name for name in (new.id, *new.known_as) if name not in own))


def _union(known: Sequence[str], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *new)))
