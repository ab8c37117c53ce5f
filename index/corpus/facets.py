"""Facets of a corpus, counted by the cluster."""

from collections.abc import Iterator, Mapping
from typing import Any

from index.corpus.dsl import Dsl, filtered
from index.corpus.found import missing
from index.corpus.reader import CorpusReader
from index.corpus.translation import JOINED_PAPERS
from index.engines.base import Ask, Keys
from index.facets.counting import Count, Facet, histogram, sort_counts, with_inverse_states
from index.facets.fields import FACET_FIELDS, STATE_NAMES

VALUE_FACETS = tuple(
    field.name
    for field in FACET_FIELDS
    if field.counted_from == "column" and field.order != "number"
)
"""Facets whose values are counted as the papers have them."""

MAX_YEARS = 3_000
MAX_MONTHS = 600
MAX_TAGS = 100

Marked = Mapping[str, Mapping[str, Keys]]
"""The papers of the library with each state (`is`) and each tag (`tag`)."""


def count_facets(
    reader: CorpusReader, ask: Ask, marked: Marked, dismissed: int, most: int
) -> tuple[Facet, ...]:
    """Return the facets of a question's papers; topics and sources, which it lacks, are empty.

    `dismissed` is the number of papers left out.

    States and tags are counted if there are no more marked papers than one filter takes. Raises
    CorpusUnavailable.
    """
    translation, query = reader.query(ask)
    aggregations: dict[str, Any] = {
        "year": {"terms": {"field": "year", "size": MAX_YEARS}},
        "month": {"terms": {"field": "month", "size": MAX_MONTHS}},
        "has": _filters({name: filtered("has", name) for name in STATE_NAMES["has"]}),
    }
    for name in VALUE_FACETS:
        field = f"{name}_value"
        aggregations[name] = {"terms": {"field": field, "size": most}}
        aggregations[f"{name} total"] = {"cardinality": {"field": field}}
    unmarked: dict[str, Any] = {}
    for name, values in marked.items():
        chosen = dict(list(values.items())[:MAX_TAGS])
        if not chosen:
            unmarked[name] = {"buckets": {}}
        elif sum(map(len, chosen.values())) <= JOINED_PAPERS:
            filters = {value: translation.among(keys) for value, keys in chosen.items()}
            aggregations[name] = _filters(filters)
    body = {"query": query, "size": 0, "track_total_hits": True, "aggs": aggregations}
    answer = reader.cluster.search(body)
    total = answer["hits"]["total"]["value"]
    is_partial = bool(missing(answer))
    found = {**unmarked, **answer["aggregations"]}
    return tuple(_facets(found, total, dismissed, is_partial=is_partial))


def _filters(filters: Mapping[str, Dsl]) -> Dsl:
    return {"filters": {"filters": dict(filters)}}


def _facets(
    found: Mapping[str, Any], papers: int, dismissed: int, *, is_partial: bool
) -> Iterator[Facet]:
    months = {count.value: count.count for count in _counts(found["month"])}
    for field in FACET_FIELDS:
        name = field.name
        counts = list(_counts(found[name])) if name in found else []
        total = len(counts)
        if f"{name} total" in found:
            total = max(total, found[f"{name} total"]["value"])
        if field.counted_from == "states" and name in found:
            counts = with_inverse_states(counts, papers, dismissed)
            total = len(counts)
        sort_counts(counts, field)
        years = {count.value: count.count for count in counts} if name == "year" else {}
        bars = histogram(years, months) if years else ()
        yield Facet(field.facet, name, tuple(counts), total, bars, is_partial)


def _counts(aggregation: Mapping[str, Any]) -> Iterator[Count]:
    """Yield the values of an aggregation, by terms or by named filters, that papers have."""
    buckets = aggregation["buckets"]
    named = buckets.items() if isinstance(buckets, dict) else ((b["key"], b) for b in buckets)
    for name, bucket in named:
        if bucket["doc_count"]:
            yield Count(str(name), bucket["doc_count"])
