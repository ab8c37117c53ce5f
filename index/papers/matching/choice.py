"""The choice of the paper that a record joins."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from index.papers.matching.rules import Record, Verdict, compare

K = TypeVar("K", bound=Hashable)


class Near(NamedTuple, Generic[K]):
    """A paper that a record might have joined, and why it did not."""

    key: K
    reason: str


@dataclass(frozen=True, slots=True)
class Choice(Generic[K]):
    """The paper that a record joins by a rule, or None; and the papers that it was `near` to.

    `is_known` is whether the paper already has the record.
    """

    key: K | None = None
    rule: str = ""
    near: tuple[Near[K], ...] = ()
    is_known: bool = False


class _Match(NamedTuple):
    """How a record compares with the records of one paper."""

    best: Verdict
    identifiers: frozenset[str]
    contradiction: str


def choose(record: Record, papers: Mapping[K, Sequence[Record]]) -> Choice[K]:
    """Return the paper that a record joins: by arXiv id, else by DOI, else by title.

    `papers` holds the records of the papers that have an identifier or the title of the record. The
    record joins a paper that one of its records matches and none contradicts. It joins none if two
    match by identifiers, or two by their titles and none by an identifier.
    """
    titled = sum(
        any(known.identity.title == record.identity.title for known in records)
        for records in papers.values()
    )
    matches = {key: _match(record, records, is_only=titled <= 1) for key, records in papers.items()}
    open_ = {key: m for key, m in matches.items() if m.best.rule and not m.contradiction}
    identified = {key: m for key, m in open_.items() if m.best.rank < 3}
    chosen = _only(identified) if identified else next(iter(open_)) if len(open_) == 1 else None
    near = [
        Near(key, reason)
        for key, match in matches.items()
        if key != chosen and (reason := _reason(match, tied=chosen is None))
    ]
    return Choice(chosen, open_[chosen].best.rule if chosen is not None else "", tuple(near))


def _match(record: Record, records: Sequence[Record], *, is_only: bool) -> _Match:
    verdicts = [compare(record, known, is_only=is_only) for known in records]
    found = [(verdict, known) for verdict, known in zip(verdicts, records, strict=True)
             if verdict.rule]  # fmt: skip
    best, matched = min(found, key=lambda pair: pair[0].rank, default=(Verdict(), record))
    identifiers = frozenset(
        value
        for known in records
        for value in (known.identity.arxiv, known.identity.doi)
        if value and value in (record.identity.arxiv, record.identity.doi)
    )
    # An identifier outweighs what titles, authors and years contradict. The reader may have merged
    # records that contradict each other: then a record that equals one of them does not contradict.
    contradictions = [
        verdict.contradiction
        for verdict, known in zip(verdicts, records, strict=True)
        if verdict.contradiction
        and (best.rank in (0, 3) or verdict.contradiction.startswith("different"))
        and not (best.rule and compare(matched, known).contradiction)
    ]
    return _Match(best, identifiers, contradictions[0] if contradictions else "")


def _only(matches: Mapping[K, _Match]) -> K | None:
    """Return the paper whose identifiers include those of all others, or None."""
    most = max(matches, key=lambda key: len(matches[key].identifiers))
    others = [match.identifiers for key, match in matches.items() if key != most]
    return most if all(found < matches[most].identifiers for found in others) else None


def _reason(match: _Match, *, tied: bool) -> str:
    """Return why a record that has something in common with a paper did not join it, or ""."""
    if match.best.rule and match.contradiction:
        return f"{match.best.rule}, but another record contradicts: {match.contradiction}"
    if match.best.rule:
        return f"{match.best.rule}, as has another paper" if tied else match.best.rule
    return match.contradiction if match.identifiers else ""
