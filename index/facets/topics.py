"""Topics: phrases that occur in the titles and abstracts of a library.

A phrase is a topic only if it occurs in titles; others, such as "extensive experiments", occur in
abstracts alone. The phrases of papers are hashes: in a book that is rarely written, the base, and
those of papers changed since. Topics are found in both, as if in all texts at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from index.facets.columns import Column
from index.facets.layers import NONE, LayeredColumn
from index.facets.pairs import Names, Numbers
from index.facets.phrase_book import ONE, Codes, PaperPhrases, PhraseBook, Places, Texts
from index.facets.topic_names import NameTable, ReadTexts, TopicName, find_names, nesting
from index.text.phrases import phrase_key

MIN_TITLES = 2
"""Minimum number of titles that contain a topic."""

MIN_TITLE_FRACTION = 0.05
"""Minimum fraction of a topic's papers that have it in the title."""

MAX_NESTED_FRACTION = 0.9
"""A phrase is dropped if this fraction of its papers has the same longer phrase ending in it."""

MAX_TOPICS = 20_000
"""Number of topics, those with the most papers."""

MAX_SAMPLES = 9
"""Papers of a topic whose titles determine its spelling."""

NO_PHRASES = PaperPhrases.empty()


class ChosenPhrases(NamedTuple):
    """Phrases that may be topics: sorted `codes`, and the number of `papers` of each."""

    codes: Codes
    papers: Places


@dataclass(frozen=True)
class TopicBase:
    """The topics of a library when its book was written.

    `frequent` are the indices of the phrases in the book that enough titles have, `names` those of
    phrases that may be topics, and `shown` the codes of the column's values.
    """

    book: PhraseBook
    frequent: Numbers
    names: NameTable
    shown: Codes
    column: Column

    @cached_property
    def places(self) -> dict[int, int]:
        """The index of each topic in the column by its code."""
        return {one: at for at, one in enumerate(self.shown.tolist())}

    @cached_property
    def nested(self) -> tuple[Codes, Codes]:
        """Pairs of a phrase and a shorter one that it ends in."""
        return nesting(self.names)

    @cached_property
    def named(self) -> Codes:
        """The sorted codes of all names."""
        return np.sort(np.array(list(self.names), np.uint64))


@dataclass(frozen=True)
class Phrases:
    """A base, and the phrases of papers changed since.

    `recent` are the phrases of these papers, `removed` those of papers `outdated` in the base.
    `names` are those determined since.
    """

    base: TopicBase
    recent: PaperPhrases = NO_PHRASES
    removed: PaperPhrases = NO_PHRASES
    outdated: Numbers = field(default_factory=lambda: NONE)
    names: NameTable = field(default_factory=dict)

    def changed(self, outdated: Sequence[int], texts: Texts) -> "Phrases":
        """Return the phrases without outdated papers, and with those of texts."""
        old = [key for key in outdated if key <= self.base.book.highest]
        new = np.setdiff1d(np.array(old, np.int32), self.outdated).astype(np.int32)
        removed = self.removed.joined(self.base.book.of_papers(new.tolist()))
        recent = self.recent.changed(outdated, texts)
        return replace(
            self,
            recent=recent,
            removed=removed,
            outdated=np.union1d(self.outdated, new).astype(np.int32),
        )

    def name(self, one: int) -> TopicName:
        """Return the name of a phrase."""
        return self.names.get(one) or self.base.names[one]

    # -- counting ----------------------------------------------------------------------------------

    def frequent(self) -> tuple[ChosenPhrases, Places]:
        """Return the phrases that enough titles have, and the number of titles of each."""
        book, at = self.base.book, self.base.frequent
        touched, papers, titles = self._changes()
        codes = book.codes[at]
        counts = book.counts(at.astype(np.int64))
        place = np.minimum(np.searchsorted(codes, touched), max(0, len(codes) - 1))
        known = codes[place] == touched if len(codes) else np.zeros(len(touched), np.bool_)
        counts[0][place[known]] += papers[known]
        counts[1][place[known]] += titles[known]
        more = touched[~known]
        old = book.counts(book.find(more))
        sums = old[0] + papers[~known], old[1] + titles[~known]
        where = np.searchsorted(codes, more)
        codes = np.insert(codes, where, more)
        every = [np.insert(count, where, new) for count, new in zip(counts, sums, strict=True)]
        enough = every[1] >= MIN_TITLES
        return ChosenPhrases(codes[enough], every[0][enough]), every[1][enough]

    def _changes(self) -> tuple[Codes, Places, Places]:
        """Return the phrases of changed papers, and by how much their counts differ."""
        codes = np.concatenate((self.recent.codes, self.removed.codes))
        signs = np.ones(len(codes), np.int64)
        signs[len(self.recent.codes) :] = -1
        touched, at = np.unique(codes & ~ONE, return_inverse=True)
        papers = np.bincount(at, signs, len(touched)).astype(np.int64)
        titles = np.bincount(at, signs * (codes & ONE).astype(np.int64), len(touched))
        return touched, papers, titles.astype(np.int64)

    def chosen(self) -> ChosenPhrases:
        """Return the phrases that may be topics, those with the most papers."""
        (codes, papers), titles = self.frequent()
        at = np.flatnonzero(titles >= MIN_TITLE_FRACTION * papers)
        at = np.sort(at[np.argsort(-papers[at], kind="stable")[:MAX_TOPICS]])
        return ChosenPhrases(codes[at], papers[at])

    # -- names -------------------------------------------------------------------------------------

    def named(self, chosen: Codes, texts: ReadTexts) -> "Phrases":
        """Return the phrases with the names of those chosen, reusing those that are the same."""
        changed = np.concatenate((self.recent.codes, self.removed.codes))
        in_titles = changed[changed & ONE > 0] & ~ONE
        doubtful = chosen[np.isin(chosen, in_titles) | ~np.isin(chosen, self.base.named)]
        samples = self.samples(doubtful)
        names = {one: self._known(one, papers) for one, papers in samples.items()}
        unknown = {one: papers for one, papers in samples.items() if names[one] is None}
        known = {one: name for one, name in names.items() if name}
        return replace(self, names=known | find_names(unknown, texts))

    def _known(self, one: int, papers: tuple[int, ...]) -> TopicName | None:
        """Return the known name of a phrase, if the same titles determined it."""
        for names in (self.base.names, self.names):
            if one in names and names[one].papers == papers:
                return names[one]
        return None

    def samples(self, codes: Codes) -> dict[int, tuple[int, ...]]:
        """Return the papers whose titles determine the spelling of phrases: the first ones."""
        book = self.base.book
        recent = _by_code(self.recent, codes)
        found = {}
        for one, at in zip(codes.tolist(), book.find(codes).tolist(), strict=True):
            papers = _without(book.papers(at, in_title=True), self.outdated).tolist()
            found[one] = tuple(sorted({*papers, *recent.get(one, ())})[:MAX_SAMPLES])
        return found

    def shown(self, chosen: ChosenPhrases) -> Codes:
        """Return the chosen phrases without those that mostly occur as ends of longer ones."""
        longs, shorts = self.base.nested
        if self.names:
            same = ~np.isin(longs, np.array(list(self.names), np.uint64))
            more = nesting(self.names)
            longs = np.concatenate((longs[same], more[0]))
            shorts = np.concatenate((shorts[same], more[1]))
        longer, shorter = _indices(chosen.codes, longs), _indices(chosen.codes, shorts)
        both = (longer >= 0) & (shorter >= 0)
        longer, shorter = longer[both], shorter[both]
        nested = chosen.papers[longer] >= MAX_NESTED_FRACTION * chosen.papers[shorter]
        shown = np.ones(len(chosen.codes), np.bool_)
        shown[shorter[nested]] = False
        return chosen.codes[shown]

    # -- the column --------------------------------------------------------------------------------

    def column(self, shown: Codes) -> LayeredColumn:
        """Return the column of topics, given the codes of those shown."""
        base = self.base
        at = _indices(shown, base.shown)
        stays = at >= 0
        for one in self.names.keys() & base.places.keys():
            if self.names[one].text != base.names[one].text:  # it becomes another value
                stays[base.places[one]] = False
        kept = base.shown[stays]
        added = np.setdiff1d(shown, kept)
        codes, papers = self._recent_pairs(shown)
        for one in added.tolist():
            (place,) = base.book.find(np.array([one], np.uint64)).tolist()
            members = _without(base.book.papers(place), self.outdated)
            papers = np.concatenate((papers, members))
            codes = np.concatenate((codes, np.full(len(members), one, np.uint64)))
        known = dict(zip(kept.tolist(), np.flatnonzero(stays).tolist(), strict=True))
        texts = {one: self.name(one).text for one in np.unique(codes).tolist()}
        # The base is sorted by the keys of names: only new ones need theirs.
        order = {
            one: (known[one], 1, "")
            if one in known
            else (_insertion(base.column, text), 0, phrase_key(text))
            for one, text in texts.items()
        }
        ordered = sorted(texts, key=order.__getitem__)
        recent = _column({one: texts[one] for one in ordered}, codes, papers)
        places = [order[one][0] if one in known else -1 - order[one][0] for one in ordered]
        dropped = np.flatnonzero(~stays).astype(np.int32)
        return LayeredColumn(
            base.column, recent, np.array(places, np.int32), self.outdated, dropped
        )

    def _recent_pairs(self, shown: Codes) -> tuple[Codes, Numbers]:
        """Return the topics of recent papers, as pairs of code and paper."""
        codes = self.recent.codes & ~ONE
        among = _indices(shown, codes) >= 0
        return codes[among], self.recent.paper_of_each[among]


def found_topics(phrases: Phrases, texts: ReadTexts) -> tuple[Phrases, LayeredColumn]:
    """Return the phrases with the names of topics, and the column of topics."""
    chosen = phrases.chosen()
    phrases = phrases.named(chosen.codes, texts)
    return phrases, phrases.column(phrases.shown(chosen))


def new_base(book: PhraseBook, known: NameTable, texts: ReadTexts) -> TopicBase:
    """Return the base of a book; names in `known` are reused where they are the same."""
    frequent = np.flatnonzero(book.titles >= MIN_TITLES).astype(np.int32)
    empty = Column.empty(phrase_key)
    bare = TopicBase(book, frequent, known, np.empty(0, np.uint64), empty)
    chosen = Phrases(bare).chosen()
    names = _renewed(bare, chosen.codes, texts)
    shown = Phrases(replace(bare, names=names)).shown(chosen)
    ordered = sorted(shown.tolist(), key=lambda one: phrase_key(names[one].text))
    members = [book.papers(at) for at in book.find(np.array(ordered, np.uint64)).tolist()]
    papers = np.concatenate([np.empty(0, np.int32), *members])
    codes = np.repeat(np.array(ordered, np.uint64), [len(some) for some in members])
    column = _column({one: names[one].text for one in ordered}, codes, papers)
    return TopicBase(book, frequent, names, np.array(ordered, np.uint64), column)


def _renewed(bare: TopicBase, chosen: Codes, texts: ReadTexts) -> dict[int, TopicName]:
    """Return the names of the chosen phrases of a book."""
    samples = Phrases(bare).samples(chosen)
    known = {
        one: bare.names[one]
        for one, papers in samples.items()
        if one in bare.names and bare.names[one].papers == papers
    }
    new = find_names({one: samples[one] for one in samples if one not in known}, texts)
    return {one: known.get(one) or new[one] for one in samples}


def _column(texts: Mapping[int, str], codes: Codes, papers: Numbers) -> Column:
    """Return a column of named phrases, in their order, with pairs of code and paper."""
    wanted = np.array(list(texts), np.uint64)
    order = np.argsort(wanted)
    value = order[np.searchsorted(wanted[order], codes)] if len(codes) else order[:0]
    names = Names.of(list(texts.values()))
    return Column.build(names, value.astype(np.int32), papers.astype(np.int32), phrase_key)


def _insertion(column: Column, text: str) -> int:
    place = column.place(text)
    return place if place >= 0 else -1 - place


def _indices(codes: Codes, wanted: Codes) -> Places:
    """Return the index of each wanted code among sorted codes, or -1."""
    if not len(codes):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where(codes[at] == wanted, at, -1)


def _without(papers: Numbers, others: Numbers) -> Numbers:
    return papers[~np.isin(papers, others)] if len(others) else papers


def _by_code(phrases: PaperPhrases, wanted: Codes) -> dict[int, list[int]]:
    """Return the papers whose titles have each of some sorted codes."""
    codes = phrases.codes & ~ONE
    chosen = (phrases.codes & ONE > 0) & (_indices(wanted, codes) >= 0)
    found: dict[int, list[int]] = {}
    pairs = zip(codes[chosen].tolist(), phrases.paper_of_each[chosen].tolist(), strict=True)
    for one, paper in pairs:
        found.setdefault(one, []).append(paper)
    return found
