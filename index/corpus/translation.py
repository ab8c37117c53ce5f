"""Translation of query trees to the queries of OpenSearch."""

from collections import Counter
from collections.abc import Callable

from index.corpus.documents import VALUES_BELOW
from index.corpus.dsl import (
    EVERYTHING,
    NOTHING,
    UNSTEMMED,
    Dsl,
    any_of,
    best,
    boosted,
    constant,
    filtered,
    number_halves,
    prefix_run,
    similar,
    terms_in_order,
    with_value,
    without,
    word_fields,
)
from index.engines.arrays.evaluation import as_phrase, is_plain
from index.engines.base import Keys, Sets
from index.facets.fields import FIELD_BY_NAME, STATE_BY_NAME, VALUE_FIELDS
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
    leaves,
)
from index.text.folding import fold
from index.text.phrases import phrase_key
from index.text.query_terms import query_terms

TITLE_BONUS = 0.8
"""Boost of the words of a title that has all words of a query."""

AUTHOR_BOOST = 1.0
HALF_TYPED_AUTHOR_BOOST = 0.25
"""The same for the word that is being typed: "tran" is rather a transformer than one named Tran."""

YEAR_BOOST = 1.0

JOINED_PAPERS = 10_000
"""Papers of one filter by ids."""

MAX_JOINED = 100_000
"""Papers of the library that a question can be joined with."""


class TooManyMarks(Exception):
    """A question depends on more papers of the library than the cluster is sent ids of."""


def is_local(leaf: Node) -> bool:
    """Return whether the papers that match a leaf are known to the library alone."""
    if isinstance(leaf, State):
        row = STATE_BY_NAME[leaf.field, leaf.value]
        return asks_for_marks(leaf) or row.of_visit
    return isinstance(leaf, Label) and (asks_for_marks(leaf) or leaf.field in ("source", "query"))


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


class DslTranslation:
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
        bounds = {"gte": term.low, "lte": term.high}
        given = {name: bound for name, bound in bounds.items() if bound is not None}
        return constant({"range": {term.field: given}})

    def _label(self, label: Label) -> Dsl:
        if is_local(label):
            return self._local(label)
        value, field = fold(label.value), label.field
        match field:
            case "topic":
                key = phrase_key(label.value)
                is_known = self._has_value("topic_key", key)
                return filtered("topic_key", key) if is_known else self.query(as_phrase(label))
            case "arxiv" | "doi":
                return with_value("same", f"{field}:{label.value.lower()}", label.prefix)
        found = with_value(f"{field}_key", value, label.prefix)
        separator = FIELD_BY_NAME[field].separator
        if label.prefix or field not in VALUES_BELOW:
            return found
        return any_of([found, with_value(f"{field}_key", value + separator, True)])

    def _phrase(self, phrase: Phrase) -> Dsl:
        value, field = fold(phrase.text), phrase.field
        if field not in VALUE_FIELDS or not self._has_value(f"{field}_key", value):
            return self._text(phrase)
        return with_value(f"{field}_key", value, phrase.prefix)

    def _local(self, leaf: Label | State) -> Dsl:
        keys = self._sets(leaf)
        return NOTHING if keys is None else self.among(keys)

    def among(self, keys: Keys) -> Dsl:
        """Return a query for papers of the library; raises TooManyMarks."""
        if len(keys) > MAX_JOINED:
            raise TooManyMarks
        parts = [keys[at : at + JOINED_PAPERS] for at in range(0, len(keys), JOINED_PAPERS)]
        return any_of([constant({"terms": {"same": self._names(part)}}) for part in parts])

    # -- words and phrases -------------------------------------------------------------------------

    def _text(self, leaf: Word | Phrase) -> Dsl:
        """Return the query of a word or phrase; without a field, authors and years match, too."""
        found = [self._in_field(leaf, leaf.field)]
        if not leaf.field and not (isinstance(leaf, Word) and (leaf.fuzzy or leaf.wildcard)):
            boost = HALF_TYPED_AUTHOR_BOOST if leaf.prefix else AUTHOR_BOOST
            found.append(boosted(self._in_field(leaf, "author"), boost))
            if leaf.text.isdigit():
                found.append(boosted(self._in_field(leaf, "year"), YEAR_BOOST))
        return any_of(found)

    def _in_field(self, leaf: Word | Phrase, field: str) -> Dsl:
        """Return the query of a leaf in one field, of which the best spelling counts."""
        if isinstance(leaf, Word) and (leaf.fuzzy or leaf.wildcard):
            return best([similar(leaf, name) for name in word_fields(field)])
        stemmed = field not in UNSTEMMED
        runs = query_terms(leaf.text, stemmed=stemmed)
        if isinstance(leaf, Word) and stemmed:
            runs += [run for word in leaf.joined for run in query_terms(word.text)]
            runs += number_halves(leaf.text)
        found = [terms_in_order(field, run) for run in runs]
        if leaf.prefix:
            found += [
                query
                for run in query_terms(leaf.text, stemmed=False)
                for query in prefix_run(field, run, stemmed)
            ]
        return best(found)

    # -- titles ------------------------------------------------------------------------------------

    def with_title_bonus(self, tree: Node, query: Dsl) -> Dsl:
        """Return a query with a bonus for papers whose titles have most of its words.

        The bonus is the scores of the words in the title, so that rare ones count for more, by the
        cube of the share of words that it has: the sum of the steps from each number of words to
        the next.
        """
        words = [leaf for leaf in dict.fromkeys(leaves(tree)) if is_plain(leaf)]
        if not words:
            return query
        titles = [self._in_field(leaf, "title") for leaf in words]
        total = len(words)
        steps = []
        for number in range(1, total + 1):
            share = (number**3 - (number - 1) ** 3) / total**3
            some = {"should": titles, "minimum_should_match": number, "boost": TITLE_BONUS * share}
            steps.append({"bool": some})
        return {"bool": {"must": [query], "should": steps}}
