"""Translation of query trees to the queries of OpenSearch."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from index.corpus.documents import STOP_PREFIX, VALUES_BELOW, term
from index.engines.arrays.evaluation import as_phrase, is_plain
from index.engines.base import Keys, Sets
from index.facets.fields import FIELD_BY_NAME, NAME_FIELDS, STATE_BY_NAME, VALUE_FIELDS
from index.query import (
    And,
    Everything,
    Label,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Range,
    State,
    Word,
    asks_for_marks,
    every_leaf,
    leaves,
)
from index.text.analysis import stem
from index.text.folding import fold
from index.text.query_terms import halves, query_terms
from index.text.stopwords import STOP_WORDS
from index.text.unspaced import is_unspaced, signs

Dsl = dict[str, Any]

EVERYTHING: Dsl = {"match_all": {}}
NOTHING: Dsl = {"match_none": {}}

MAX_PREFIX_CHARS = 12
"""Longest prefix that the cluster has an index of."""

MAX_SIMILAR_WORDS = 50

TITLE_BONUS = 2.0
"""Score of a title that has all words of a query, for each of them."""

AUTHOR_BOOST = 1.0
YEAR_BOOST = 1.0

JOINED_PAPERS = 10_000
"""Papers of one filter by ids."""

MAX_JOINED = 100_000
"""Papers of the library that a question can be joined with."""

WORD_FIELDS = {"": ("title_words", "abstract_words"), "title": ("title_words",),
               "abstract": ("abstract_words",), "year": ("year_word",)}  # fmt: skip
STEM_FIELDS = {"": "text", "year": "year_word"}
UNSTEMMED = (*NAME_FIELDS, "year")


class TooManyMarks(Exception):
    """A question depends on more papers of the library than the cluster is sent ids of."""


def is_local(leaf: Node) -> bool:
    """Return whether the papers that match a leaf are known to the library alone."""
    if isinstance(leaf, State):
        row = STATE_BY_NAME[leaf.field, leaf.value]
        return asks_for_marks(leaf) or row.of_visit
    if isinstance(leaf, Label):
        return asks_for_marks(leaf) or leaf.field in ("source", "query")
    return isinstance(leaf, Range) and leaf.field == "added"


def asks_for_local_papers(tree: Node) -> bool:
    """Return whether all papers that match a tree are among those that the library has.

    Those with a mark are, and so are those of one of its sources.
    """
    match tree:
        case And():
            return any(map(asks_for_local_papers, tree.parts))
        case Or():
            return all(map(asks_for_local_papers, tree.parts))
        case State():
            return is_local(tree) and not STATE_BY_NAME[tree.field, tree.value].inverse_of
    return is_local(tree)


class Translation:
    """Translates the trees of one question.

    `names` returns the ids of papers of the library in the corpus, `sets` the papers that match a
    term, and `has_value` whether any document has a value of a field.
    """

    def __init__(
        self,
        names: Callable[[Keys], list[str]],
        sets: Sets,
        has_value: Callable[[str, str], bool],
    ) -> None:
        self._names = names
        self._sets = sets
        self._has_value = has_value

    def query(self, tree: Node) -> Dsl:
        """Return the query of a tree, with scores."""
        match tree:
            case Everything():
                return EVERYTHING
            case Nothing():
                return NOTHING
            case And():
                return self._and(tree)
            case Or():
                return any_of([self._times(part, n) for part, n in Counter(tree.parts).items()])
            case Not():
                return without(EVERYTHING, [self.query(tree.part)])
            case Word():
                return self._text(tree)
            case Phrase():
                return self._phrase(tree)
            case Range():
                return self._range(tree)
            case Label():
                return self._label(tree)
            case State():
                return self._state(tree)

    def _and(self, tree: And) -> Dsl:
        required = [part for part in tree.parts if not isinstance(part, Not)]
        must = [self._times(part, n) for part, n in Counter(required).items()]
        excluded = [self.query(part.part) for part in tree.parts if isinstance(part, Not)]
        return {"bool": {"must": must or [EVERYTHING], "must_not": excluded}}

    def _times(self, part: Node, times: int) -> Dsl:
        query = self.query(part)
        return query if times == 1 else {"bool": {"must": [query], "boost": times}}

    # -- values ------------------------------------------------------------------------------------

    def _state(self, state: State) -> Dsl:
        row = STATE_BY_NAME[state.field, state.value]
        if row.inverse_of:
            return without(EVERYTHING, [self.query(State(state.field, row.inverse_of))])
        return self._local(state) if is_local(state) else filtered("has", state.value)

    def _range(self, term: Range) -> Dsl:
        if is_local(term):
            return self._local(term)
        bounds = {"gte": term.low, "lte": term.high}
        given = {name: bound for name, bound in bounds.items() if bound is not None}
        return _constant({"range": {term.field: given}})

    def _label(self, label: Label) -> Dsl:
        if is_local(label):
            return self._local(label)
        value, field = fold(label.value), label.field
        match field:
            case "topic":
                return self.query(as_phrase(label))
            case "arxiv" | "doi":
                return _value("same", f"{field}:{label.value.lower()}", label.prefix)
        found = _value(f"{field}_key", value, label.prefix)
        separator = FIELD_BY_NAME[field].separator
        if label.prefix or field not in VALUES_BELOW:
            return found
        return any_of([found, _value(f"{field}_key", value + separator, True)])

    def _phrase(self, phrase: Phrase) -> Dsl:
        value, field = fold(phrase.text), phrase.field
        if field not in VALUE_FIELDS or not self._has_value(f"{field}_key", value):
            return self._text(phrase)
        return _value(f"{field}_key", value, phrase.prefix)

    def _local(self, leaf: Label | State | Range) -> Dsl:
        keys = self._sets(leaf)
        return NOTHING if keys is None else self.among(keys)

    def among(self, keys: Keys) -> Dsl:
        """Return a query for papers of the library; raises TooManyMarks."""
        if len(keys) > MAX_JOINED:
            raise TooManyMarks
        parts = [keys[at : at + JOINED_PAPERS] for at in range(0, len(keys), JOINED_PAPERS)]
        return any_of([_constant({"terms": {"same": self._names(part)}}) for part in parts])

    # -- words and phrases -------------------------------------------------------------------------

    def _text(self, leaf: Word | Phrase) -> Dsl:
        """Return the query of a word or phrase; without a field, authors and years match, too."""
        found = [self._in_field(leaf, leaf.field)]
        if not leaf.field and not (isinstance(leaf, Word) and (leaf.fuzzy or leaf.wildcard)):
            found.append(_boosted(self._in_field(leaf, "author"), AUTHOR_BOOST))
            if leaf.text.isdigit():
                found.append(_boosted(self._in_field(leaf, "year"), YEAR_BOOST))
        return any_of(found)

    def _in_field(self, leaf: Word | Phrase, field: str) -> Dsl:
        """Return the query of a leaf in one field, of which the best spelling counts."""
        if isinstance(leaf, Word) and (leaf.fuzzy or leaf.wildcard):
            return _best([_similar(leaf, name) for name in _word_fields(field)])
        stemmed = field not in UNSTEMMED
        runs = query_terms(leaf.text, stemmed=stemmed)
        if isinstance(leaf, Word) and stemmed:
            runs += [run for word in leaf.joined for run in query_terms(word.text)]
            runs += _number_halves(leaf.text)
        found = [_run(field, run) for run in runs]
        if leaf.prefix:
            found += [
                query
                for run in query_terms(leaf.text, stemmed=False)
                for query in _prefix_run(field, run, stemmed)
            ]
        return _best(found)

    # -- titles ------------------------------------------------------------------------------------

    def with_title_bonus(self, tree: Node, query: Dsl) -> Dsl:
        """Return a query with a bonus for papers whose titles have most of its words.

        The bonus is the cube of the share of words that a title has: the sum of the steps from each
        number of words to the next.
        """
        words = [leaf for leaf in dict.fromkeys(leaves(tree)) if is_plain(leaf)]
        if not words:
            return query
        titles = [self._in_field(leaf, "title") for leaf in words]
        total = len(words)
        steps = []
        for number in range(1, total + 1):
            share = (number**3 - (number - 1) ** 3) / total**3
            some = {"bool": {"should": titles, "minimum_should_match": number}}
            boost = TITLE_BONUS * total * share
            steps.append({"constant_score": {"filter": some, "boost": boost}})
        return {"bool": {"must": [query], "should": steps}}


def has_local_leaf(tree: Node) -> bool:
    """Return whether a tree depends on marks or sources of the library."""
    return any(map(is_local, every_leaf(tree)))


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
    return _constant({"term": {field: value}})


def _constant(query: Dsl) -> Dsl:
    return {"bool": {"filter": [query]}}


def _boosted(query: Dsl, boost: float) -> Dsl:
    return query if boost == 1.0 else {"bool": {"must": [query], "boost": boost}}


def _best(queries: Sequence[Dsl]) -> Dsl:
    if len(queries) == 1:
        return queries[0]
    return {"dis_max": {"queries": list(queries)}} if queries else NOTHING


def _value(field: str, value: str, prefix: bool) -> Dsl:
    return _constant({"prefix" if prefix else "term": {field: value}})


def _word_fields(field: str) -> tuple[str, ...]:
    """Return the fields with the unstemmed words of one of a query."""
    return WORD_FIELDS.get(field, (field,))


def _run(field: str, run: Sequence[str]) -> Dsl:
    """Return the query for consecutive terms."""
    name, words = STEM_FIELDS.get(field, field), list(map(term, run))
    if len(words) == 1:
        # A letter of a script without spaces begins the pairs that are indexed.
        is_first = is_unspaced(run[0]) and len(signs(run[0])) == 1
        return {"prefix": {name: words[0]}} if is_first else {"term": {name: words[0]}}
    return {"match_phrase": {name: " ".join(words)}}


def _prefix_run(field: str, run: Sequence[str], stemmed: bool) -> list[Dsl]:
    """Return the queries for consecutive terms of which the last is a prefix."""
    last = term(run[-1])
    if len(run) == 1:
        return [_prefix(name, last) for name in _word_fields(field)]
    before = " ".join(term(_stem_before(word) if stemmed else word) for word in run[:-1])
    found = []
    for name in _word_fields(field):
        match = {"match": {"query": before, "ordered": True, "max_gaps": 0}}
        begun = {"prefix": {"prefix": last, "use_field": name}}
        both = {"ordered": True, "max_gaps": 0, "intervals": [match, begun]}
        found.append({"intervals": {name.removesuffix("_words"): {"all_of": both}}})
    return found


def _stem_before(word: str) -> str:
    return STOP_PREFIX + word if word in STOP_WORDS else stem(word)


def _prefix(field: str, prefix: str) -> Dsl:
    if field == "keyword" or len(prefix) > MAX_PREFIX_CHARS:
        return {"prefix": {field: prefix}}
    return {"term": {f"{field}._index_prefix": prefix}}  # scored, as one word with its count


def _similar(leaf: Word, field: str) -> Dsl:
    """Return the query for words within some edits, or that match wildcards."""
    text = term(fold(leaf.text))
    if leaf.wildcard:
        return {"wildcard": {field: {"value": text.replace("\\", "\\\\")}}}
    edits = 0 if len(text) < 3 else 1 if len(text) < 6 else 2
    return {
        "fuzzy": {field: {"value": text, "fuzziness": edits, "max_expansions": MAX_SIMILAR_WORDS}}
    }


def _number_halves(text: str) -> list[list[str]]:
    """Return a word with digits as the two that it may be written as: gpt4 as gpt 4."""
    word = fold(text)
    pairs = halves(word) if word.isalnum() and not word.isalpha() else ()
    return [[stem(one), stem(two)] for one, two in pairs if one[-1].isdigit() != two[0].isdigit()]
