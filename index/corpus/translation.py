"""Translation of query trees to the queries of OpenSearch."""

from collections import Counter
from collections.abc import Callable
from itertools import islice, pairwise

from index.corpus.documents import VALUES_BELOW
from index.corpus.dsl import (
    EVERYTHING,
    NOTHING,
    UNSTEMMED,
    Dsl,
    any_of,
    best,
    boosted,
    compounds,
    constant,
    filtered,
    forms,
    number_halves,
    prefix_run,
    similar,
    with_value,
    without,
    word_fields,
)
from index.engines.arrays.evaluation import as_phrase, is_plain
from index.engines.base import Keys, Sets
from index.facets.fields import FIELD_BY_NAME, STATE_BY_NAME, VALUE_FIELDS
from index.papers.identifiers import sought_identifier
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
from index.text.folding import fold
from index.text.phrases import phrase_key
from index.text.query_terms import query_terms
from index.text.rewriting import rewrite_phrase

TITLE_BONUS = 0.8
"""Boost of the words of a title that has all words of a query."""

AUTHOR_BOOST = 1.0
HALF_TYPED_AUTHOR_BOOST = 0.25
"""The same for the word that is being typed: "tran" is rather a transformer than one named Tran."""

YEAR_BOOST = 1.0

MAX_TITLE_STEPS = 4
"""Numbers of words of a title for which the bonus grows."""

MIN_TITLE_SHARE = 0.1
"""The least share of the bonus that is worth the time."""

MAX_TITLE_WORDS = 20
"""Words of a query for which there is a bonus.

A cluster refuses queries with more than 1,024 clauses, which a pasted abstract would have.
"""

MAX_WORDS_IN_FORMS = 12
"""Words of a query that match in all their forms, and among authors and years."""

MAX_TITLE_FORMS = 2

MAX_REWRITTEN = 60
"""Other ways to write the phrases of a query that are searched for."""

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
    term, and `has_value` whether any document has a value of a field. `tree` is the question's.
    """

    def __init__(
        self,
        names: Callable[[Keys], list[str]],
        sets: Sets,
        has_value: Callable[[str, str], bool],
        tree: Node,
    ) -> None:
        every = list(every_leaf(tree))
        phrases = sum(isinstance(leaf, Phrase) for leaf in every)
        self._is_long = len(every) > MAX_WORDS_IN_FORMS
        self._rewritten = 0 if self._is_long else MAX_REWRITTEN // max(1, phrases)
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
                sought, is_prefix = sought_identifier(field, label.value, is_prefix=label.prefix)
                return with_value("same", f"{field}:{sought.lower()}", is_prefix)
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
        found = [self._in_field(leaf, leaf.field, 1 if self._is_long else None)]
        is_pattern = isinstance(leaf, Word) and (leaf.fuzzy or leaf.wildcard)
        if not (leaf.field or is_pattern or self._is_long):
            boost = HALF_TYPED_AUTHOR_BOOST if leaf.prefix else AUTHOR_BOOST
            found.append(boosted(self._in_field(leaf, "author"), boost))
            if leaf.text.isdigit():
                found.append(boosted(self._in_field(leaf, "year"), YEAR_BOOST))
        return any_of(found)

    def _in_field(self, leaf: Word | Phrase, field: str, most: int | None = None) -> Dsl:
        """Return the query of a leaf in one field, of which the best form counts.

        It has the first `most` of its forms, by default all.
        """
        if isinstance(leaf, Word) and (leaf.fuzzy or leaf.wildcard):
            return best([similar(leaf, name) for name in word_fields(field)])
        stemmed = field not in UNSTEMMED
        runs = query_terms(leaf.text, stemmed=stemmed)
        if isinstance(leaf, Word) and stemmed:
            runs += [run for word in leaf.joined for run in query_terms(word.text)]
            runs += number_halves(leaf.text)
        if isinstance(leaf, Phrase) and stemmed and not leaf.prefix:
            # Whether words are known is not asked: phrases of others match nothing.
            others = islice(rewrite_phrase(leaf.text, lambda _: True), self._rewritten)
            runs += [run for text in others for run in query_terms(text)]
        found = forms(field, list(dict.fromkeys(map(tuple, runs)))[:most])
        if isinstance(leaf, Phrase) and stemmed and most is None:
            found += islice(compounds(field, leaf), self._rewritten)
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
        the next, of which there are a few. Titles with few of the words have none.
        """
        words = [leaf for leaf in dict.fromkeys(leaves(tree)) if is_plain(leaf)]
        total = len(words)
        if not 0 < total <= MAX_TITLE_WORDS:
            return query
        titles = [self._in_field(leaf, "title", MAX_TITLE_FORMS) for leaf in words]
        steps = []
        most = min(total, MAX_TITLE_STEPS)
        numbers = [-(-total * step // most) for step in range(1, most + 1)]
        enough = [number for number in numbers if number**3 >= MIN_TITLE_SHARE * total**3]
        for before, number in pairwise([0, *enough]):
            share = (number**3 - before**3) / total**3
            some = {"should": titles, "minimum_should_match": number, "boost": TITLE_BONUS * share}
            steps.append({"bool": some})
        return {"bool": {"must": [query], "should": steps}}
