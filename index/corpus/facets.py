"""Facets of a corpus, counted by the cluster."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any

from index.corpus.documents import KEY_END
from index.corpus.dsl import Dsl
from index.corpus.found import missing
from index.corpus.reader import CorpusReader
from index.corpus.translation import JOINED_PAPERS
from index.engines.base import Ask, Keys
from index.facets.counting import Count, Facet, histogram, sort_counts, with_inverse_states
from index.facets.fields import FACET_FIELDS, STATE_NAMES
from index.facets.topics import MAX_NESTED_FRACTION, MIN_TITLES
from index.text.cleaning import clean

VALUE_FACETS = tuple(
    field.name
    for field in FACET_FIELDS
    if field.counted_from == "column" and field.order != "number"
)
"""Facets whose values are counted as the papers have them."""

DATE = re.compile(r"[1-9]\d{3}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)
MAX_YEARS = 3_000
MAX_MONTHS = 600
MAX_STATES = 100
MAX_TAGS = 100
MAX_SPELLINGS = 400
"""Spellings of topics that are counted, the most frequent ones."""

Marked = Mapping[str, Mapping[str, Keys]]
"""The papers of the library with each state (`is`) and each tag (`tag`)."""


def count_facets(
    reader: CorpusReader, ask: Ask, marked: Marked, dismissed: int, most: int
) -> tuple[Facet, ...]:
    """Return the facets of a question's papers; that of sources, which it lacks, is empty.

    Topics are counted in titles. `dismissed` is the number of papers left out.

    States and tags are counted if there are no more marked papers than one filter takes. Raises
    CorpusUnavailable.
    """
    translation, query = reader.query(ask)
    aggregations: dict[str, Any] = {
        "year": {"terms": {"field": "year", "size": MAX_YEARS}},
        "month": {"terms": {"field": "month", "size": MAX_MONTHS}},
        "topic": {"terms": {"field": "topic_value", "size": MAX_SPELLINGS}},
        "has": {"terms": {"field": "has", "size": MAX_STATES}},
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
    known = [one for one in found["has"]["buckets"] if one["key"] in STATE_NAMES["has"]]
    found["has"] = {"buckets": known}
    return tuple(_facets(found, total, dismissed, is_partial=is_partial))


def _filters(filters: Mapping[str, Dsl]) -> Dsl:
    return {"filters": {"filters": dict(filters)}}


def _facets(
    found: Mapping[str, Any], papers: int, dismissed: int, *, is_partial: bool
) -> Iterator[Facet]:
    months = {count.value: count.count for count in _dates(found["month"])}
    for field in FACET_FIELDS:
        name = field.name
        read = _dates if name == "year" else _counts
        counts = list(read(found[name])) if name in found else []
        counts = _topics(counts) if name == "topic" else counts
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
    """Yield the values of an aggregation, by terms or by named filters, that papers have.

    They are cleaned, as documents may have been written by others than Carrel.
    """
    buckets = aggregation["buckets"]
    named = buckets.items() if isinstance(buckets, dict) else ((b["key"], b) for b in buckets)
    for name, bucket in named:
        value = KEY_END.join(map(clean, str(name).split(KEY_END)))
        if value and bucket["doc_count"]:
            yield Count(value, bucket["doc_count"])


def _dates(aggregation: Mapping[str, Any]) -> list[Count]:
    """Return the years or months of an aggregation, without those that no paper has."""
    return [count for count in _counts(aggregation) if DATE.fullmatch(count.value)]


def _topics(spellings: Sequence[Count]) -> list[Count]:
    """Return the topics of phrases in titles, the most frequent first, each as mostly written.

    Those of one title, and those that mostly occur as ends of longer ones, are dropped.
    """
    papers, names = Counter[str](), dict[str, str]()
    for count in spellings:
        key, _, written = count.value.partition(KEY_END)
        papers[key] += count.count
        names.setdefault(key, clean(written))
    nested = {
        key[start:]
        for key, count in papers.items()
        for start in range(1, len(key))
        if count >= MAX_NESTED_FRACTION * papers.get(key[start:], inf)
    }
    found = papers.most_common()
    return [Count(names[key], n) for key, n in found if n >= MIN_TITLES and key not in nested]
