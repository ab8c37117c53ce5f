"""Queries of OpenSearch: how they are combined, and those for words."""

from collections.abc import Iterator, Sequence
from typing import Any

from index.corpus.documents import PLACE, STOP_PREFIX, max_prefix_chars, term
from index.facets.fields import NAME_FIELDS
from index.query import Phrase, Word
from index.text.analysis import stem
from index.text.folding import fold
from index.text.query_terms import halves, query_terms
from index.text.rewriting import hyphenate_phrase
from index.text.stopwords import STOP_WORDS, stop_words_with
from index.text.unspaced import is_unspaced, signs

Dsl = dict[str, Any]

EVERYTHING: Dsl = {"match_all": {}}
NOTHING: Dsl = {"match_none": {}}

MAX_SIMILAR_WORDS = 50

WORD_FIELDS = {"": ("title_words", "abstract_words"), "title": ("title_words",),
               "abstract": ("abstract_words",), "year": ("year_word",)}  # fmt: skip
STEM_FIELDS = {"": "text", "year": "year_word"}
UNSTEMMED = (*NAME_FIELDS, "year")


def any_of(queries: Sequence[Dsl]) -> Dsl:
    """Return a query for papers that match any of some."""
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else NOTHING


def without(query: Dsl, excluded: Sequence[Dsl]) -> Dsl:
    """Return a query for papers that match none of those excluded."""
    return {"bool": {"must": [query], "must_not": list(excluded)}} if excluded else query


def filtered(field: str, value: str) -> Dsl:
    """Return a query for papers with a value of a field, without scores."""
    return constant({"term": {field: value}})


def constant(query: Dsl) -> Dsl:
    """Return a query without scores."""
    return {"bool": {"filter": [query]}}


def boosted(query: Dsl, boost: float) -> Dsl:
    """Return a query with its score multiplied."""
    return query if boost == 1.0 else {"bool": {"must": [query], "boost": boost}}


def best(queries: Sequence[Dsl]) -> Dsl:
    """Return a query for papers that match any of some, with the highest score."""
    if len(queries) == 1:
        return queries[0]
    return {"dis_max": {"queries": list(queries)}} if queries else NOTHING


def with_value(field: str, value: str, prefix: bool) -> Dsl:
    """Return a query for papers with a value of a field, or one with a prefix."""
    return constant({"prefix" if prefix else "term": {field: value}})


def word_fields(field: str) -> tuple[str, ...]:
    """Return the fields with the unstemmed words of one of a query."""
    return WORD_FIELDS.get(field, (field,))


def forms(field: str, runs: Sequence[Sequence[str]]) -> list[Dsl]:
    """Return the queries for the forms of a word or phrase, each of consecutive terms.

    Forms of one term are scored as one word: a rare spelling is not worth more than the word.
    """
    name = STEM_FIELDS.get(field, field)
    alone = [run for run in runs if len(run) == 1 and not _begins_pairs(run[0])]
    if len(alone) < 2:
        return [terms_in_order(field, run) for run in runs]
    found = [terms_in_order(field, run) for run in runs if run not in alone]
    return [{"match": {name: PLACE.join(term(run[0]) for run in alone)}}, *found]


def terms_in_order(field: str, run: Sequence[str]) -> Dsl:
    """Return the query for consecutive terms."""
    name, words = STEM_FIELDS.get(field, field), list(map(term, run))
    if len(words) == 1:
        return {"prefix" if _begins_pairs(run[0]) else "term": {name: words[0]}}
    return {"match_phrase": {name: " ".join(words)}}


def _begins_pairs(word: str) -> bool:
    """Return whether a word is a letter of a script without spaces, of which pairs are indexed."""
    return is_unspaced(word) and len(signs(word)) == 1


def prefix_run(field: str, run: Sequence[str], stemmed: bool) -> list[Dsl]:
    """Return the queries for consecutive terms of which the last is a prefix."""
    last = term(run[-1])
    if len(run) == 1:
        return [_prefix(name, last) for name in word_fields(field)]
    before = " ".join(term(_stem_before(word) if stemmed else word) for word in run[:-1])
    phrase: list[Dsl] = [{"match": {"query": before, "ordered": True, "max_gaps": 0}}]
    found = _begun(field, phrase, last)
    if stemmed and stop_words_with(run[-1]):
        stop_word = {"prefix": {"prefix": STOP_PREFIX + last}}
        names = (name.removesuffix("_words") for name in word_fields(field))
        found += [_in_order(name, [*phrase, stop_word]) for name in names]
    return found


def compounds(field: str, phrase: Phrase) -> Iterator[Dsl]:
    """Yield the queries for a phrase with a word that texts may hyphenate after a stop word.

    `under-represented` is under and represented, and at the place of under also the whole word.
    """
    for text, word, (one, two) in hyphenate_phrase(phrase.text, lambda _: True):
        whole = {"contained_by": {"match": {"query": term(stem(word))}}}
        for run in query_terms(text, stemmed=False):
            words = run[:-1] if phrase.prefix else run
            for at in range(len(words) - 1):
                if words[at : at + 2] == [one, two]:
                    before: list[Dsl] = [{"match": {"query": term(_stem_before(w))}} for w in words]
                    before[at]["match"]["filter"] = whole
                    if phrase.prefix:
                        yield from _begun(field, before, term(run[-1]))
                    else:
                        yield _in_order(STEM_FIELDS.get(field, field), before)


def _begun(field: str, before: Sequence[Dsl], last: str) -> list[Dsl]:
    """Return the queries for intervals that are followed by a word with a prefix."""
    found = []
    for name in word_fields(field):
        begun = {"prefix": {"prefix": last[: max_prefix_chars(name)], "use_field": name}}
        phrase = _in_order(name.removesuffix("_words"), [*before, begun])
        found.append(_also_begun(phrase, name, last))
    return found


def _in_order(field: str, intervals: Sequence[Dsl]) -> Dsl:
    """Return the query for consecutive intervals."""
    every = {"ordered": True, "max_gaps": 0, "intervals": list(intervals)}
    return {"intervals": {field: {"all_of": every}}}


def _stem_before(word: str) -> str:
    return STOP_PREFIX + word if word in STOP_WORDS else stem(word)


def _prefix(field: str, prefix: str) -> Dsl:
    if field == "keyword" or len(prefix) > max_prefix_chars(field):
        return {"prefix": {field: prefix}}  # of which all are scored alike
    return {"term": {f"{field}._index_prefix": prefix}}  # scored, as one word with its count


def _also_begun(query: Dsl, field: str, prefix: str) -> Dsl:
    """Return a query for the beginning of a prefix, with the condition that all of it matches."""
    if len(prefix) <= max_prefix_chars(field):
        return query
    return {"bool": {"must": [query], "filter": [{"prefix": {field: prefix}}]}}


def similar(leaf: Word, field: str) -> Dsl:
    """Return the query for words within some edits, or that match wildcards."""
    text = term(fold(leaf.text))
    if leaf.wildcard:
        return {"wildcard": {field: {"value": text.replace("\\", "\\\\")}}}
    edits = 0 if len(text) < 3 else 1 if len(text) < 6 else 2
    return {
        "fuzzy": {field: {"value": text, "fuzziness": edits, "max_expansions": MAX_SIMILAR_WORDS}}
    }


def number_halves(text: str) -> list[list[str]]:
    """Return a word with digits as the two that it may be written as: gpt4 as gpt 4."""
    word = fold(text)
    pairs = halves(word) if word.isalnum() and not word.isalpha() else ()
    return [[stem(one), stem(two)] for one, two in pairs if one[-1].isdigit() != two[0].isdigit()]
