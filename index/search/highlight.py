"""Finds the words of a query in a text, with the same analysis as the search."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.engines.vocabulary import wildcard_pattern
from index.facets.fields import NAME_FIELDS, PLAIN_TEXT_FIELDS
from index.query import Label, Node, Phrase, Word, join_neighbours, leaves
from index.text.analysis import STOP_MARK, Term, stem, terms
from index.text.folding import fold
from index.text.query_terms import halves, query_terms
from index.text.rewriting import hyphenate_phrase, rewrite_phrase
from index.text.stopwords import STOP_WORDS
from index.text.unspaced import is_unspaced, signs

Span = tuple[int, int]


@dataclass(slots=True)
class Highlighter:
    """Finds the words of one query as sorted `spans` of characters, end excluded.

    Terms with a field match in that field only, those without one in title and abstract.
    """

    tree: Node
    _runs: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    _prefixes: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    _near: list[tuple[str, str]] = field(default_factory=list)
    _patterns: list[tuple[str, re.Pattern[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for leaf in dict.fromkeys(leaves(join_neighbours(self.tree))):
            if isinstance(leaf, Label) and leaf.field == "topic":
                leaf = Phrase(leaf.value, "", leaf.prefix)
            if isinstance(leaf, Word) and leaf.fuzzy:
                self._near.append((leaf.field, fold(leaf.text)))
            elif isinstance(leaf, Word) and leaf.wildcard:
                self._patterns.append((leaf.field, wildcard_pattern(fold(leaf.text))))
            elif isinstance(leaf, Word | Phrase):
                self._add(leaf)
        self._runs = list(dict.fromkeys(self._runs))
        self._prefixes = list(dict.fromkeys(self._prefixes))

    def _add(self, leaf: Word | Phrase) -> None:
        self._add_text(leaf)
        if isinstance(leaf, Phrase) and leaf.field not in NAME_FIELDS:
            for text in rewrite_phrase(leaf.text, lambda word: bool(word)):
                self._add_text(replace(leaf, text=text))
            for text, _, _ in hyphenate_phrase(leaf.text, bool):
                self._add_text(replace(leaf, text=text))

    def _add_text(self, leaf: Word | Phrase) -> None:
        for run in query_terms(leaf.text, stemmed=leaf.field not in NAME_FIELDS):
            self._runs.append((leaf.field, tuple(run)))
        if leaf.prefix:
            self._add_prefix(leaf)
        if isinstance(leaf, Word):
            if not leaf.field:
                self._add(replace(leaf, field="author", joined=()))
            for word in leaf.joined:
                self._add(word)
            if leaf.text.isalnum() and leaf.field not in NAME_FIELDS:
                self._runs += [
                    (leaf.field, (stem(one), stem(two))) for one, two in halves(fold(leaf.text))
                ]

    def _add_prefix(self, leaf: Word | Phrase) -> None:
        for written in query_terms(leaf.text, stemmed=False):
            *before, last = written
            stems = tuple(before)
            if leaf.field not in NAME_FIELDS:
                stems = tuple(STOP_MARK + w if w in STOP_WORDS else stem(w) for w in before)
            self._prefixes.append((leaf.field, stems, last))

    def __bool__(self) -> bool:
        return bool(self._runs or self._prefixes or self._near or self._patterns)

    def spans(self, text: str, name: str = "") -> list[Span]:
        """Return the spans to highlight in a text of the field `name` ("title", "abstract", …)."""
        if not self:
            return []
        named = name in NAME_FIELDS
        words = list(terms(text, stemmed=False, stops=named, marked=True))
        stems = [word.text if named else stem(word.text) for word in words]
        found: list[Span] = []
        for where, run in self._runs:
            if _is_searched(where, name):
                found += _find_runs(words, stems, run)
        for where, before, last in self._prefixes:
            if _is_searched(where, name):
                found += _find_prefixes(words, stems, before, last)
        for where, wanted in self._near:
            if _is_searched(where, name):
                found += [(w.start, w.end) for w in words if is_near(w.text, wanted)]
        for where, pattern in self._patterns:
            if _is_searched(where, name):
                found += [(w.start, w.end) for w in words if pattern.fullmatch(w.text)]
        return _merge(found)


def _is_searched(where: str, name: str) -> bool:
    """Return whether a term with the field `where` is searched for in the field `name`."""
    return where == name or (not where and (not name or name in PLAIN_TEXT_FIELDS))


def _find_runs(words: list[Term], stems: list[str], run: tuple[str, ...]) -> Iterator[Span]:
    for at, text in enumerate(stems):
        if text == run[0] or (len(run) == 1 and _begins_pair(text, run[0])):
            end = _match_rest(words, stems, at, run[1:])
            if end is not None:
                stop = words[end].end
                if len(run) == 1 and text != run[0]:  # the first letter of a pair
                    stop = words[at].start + len(run[0])
                yield words[at].start, stop


def _begins_pair(term: str, letter: str) -> bool:
    """Return whether a term is a pair of letters that begins with one that was searched for."""
    return term.startswith(letter) and is_unspaced(letter) and len(signs(letter)) == 1


def _match_rest(words: list[Term], stems: list[str], at: int, rest: tuple[str, ...]) -> int | None:
    """Return the index of the last word of a run that continues after `at`, or None."""
    for wanted in rest:
        place = words[at].position + 1
        after = (i for i in range(at + 1, min(at + 4, len(words))) if words[i].position == place)
        following = next((i for i in after if stems[i] == wanted), None)
        if following is None:
            return None
        at = following
    return at


def _find_prefixes(
    words: list[Term], stems: list[str], before: tuple[str, ...], last: str
) -> Iterator[Span]:
    for at, word in enumerate(words):
        text = word.text.removeprefix(STOP_MARK) if before else word.text
        if not text.startswith(last):
            continue
        start = at - 1
        for wanted in reversed(before):
            place = words[start + 1].position - 1
            while start >= 0 and (words[start].position > place or stems[start] != wanted):
                if words[start].position < place:
                    start = -1
                    break
                start -= 1
            if start < 0:
                break
            start -= 1
        else:
            yield words[start + 1].start if before else word.start, word.end


def is_near(word: str, wanted: str) -> bool:
    """Return whether a folded word is a fuzzy match of another, as in `Vocabulary.near`."""
    from rapidfuzz.distance import OSA

    max_edits = 0 if len(wanted) < 3 else 1 if len(wanted) < 6 else 2
    return OSA.distance(word, wanted, score_cutoff=max_edits) <= max_edits


def _merge(spans: list[Span]) -> list[Span]:
    """Return sorted spans, with overlapping ones merged."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
