"""Random queries: no errors, notes within the text, bounded work."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index import Library, Paper, paths
from index.engines.arrays.postings import Postings
from index.engines.whoosh.engine import WhooshEngine
from index.marks.changes import Bookmark, Note, Tag
from index.query import (
    And,
    Node,
    Not,
    Or,
    Phrase,
    Word,
    every_leaf,
    parse,
    remove_filters,
    toggle_value,
)
from index.query.notes import MAX_NOTES
from index.query.parser import MAX_DEPTH, MAX_QUERY_CHARS, MAX_QUERY_WORDS
from index.query.wildcards import MAX_WILDCARDS
from index.search.highlight import Highlighter
from index.search.spelling import MAX_CANDIDATES
from index.text.query_terms import halves, query_terms
from tests.examples import examples

PIECES = [
    "(", ")", '"', "“", "”", "-", "--", "*", "~", ":", "/", "#", " ", "  ", "\n", "\t", "\x00",
    "OR ", " AND ", "NOT ", "tag:", "-tag:", "year:", "date:", "added:", "votes:", "is:", "has:",
    "author:", "title:", "source:", "doi:", "arxiv:", "id:", "note:", "category:", "foo:", "x:(",
    "2020", "..", ">", "<=", "9999999999", "-5", "7d", "99999y", "2025-03", "2025-13-45", "0",
    "yesterdayish", "cats", "dogs", "the", "watermark", "é", "e\u0301\u0302", r"\"o", r"\'{e}",
    r"$\alpha_{2}$", r"\cite{x}", "\\", "{", "}", "深度学习", "مرحبا", "\u202e", "\u200b", "👩‍🔬",
    "\ud800", "\U0010ffff", "İ", "ß", "GPT-4", "S^3c-Math", "C++", "1.5B", "a*", "a~", "x" * 300,
    "a-b-c-d-e", "https://arxiv.org/abs/2401.00001", "10.1000/182", "don't", "tranformer",
]  # fmt: skip

jumbles = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join)
spaced = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
repeated = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map(
    lambda pieces: ("".join(pieces) * MAX_QUERY_CHARS)[:MAX_QUERY_CHARS]
)
queries = jumbles | spaced | repeated

WORST = [
    "-" * MAX_QUERY_CHARS,
    "(" * 100 + "cats" + ")" * 100,
    "-(" * 100 + "cats",
    " OR ".join(f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz"),
    " ".join(f"watermar{letter}~" for letter in "abcdefghijklmnopqrstuvwxyz"),
    "a~",
    "year:9999999999",
    "date:yesterdayish",
    " ".join(f"word{number}" for number in range(1_000)),
    "cats " * 2_000,
    '"' + "cats dogs " * 1_000 + '"',
    "x" * MAX_QUERY_CHARS,
    "a-" * (MAX_QUERY_CHARS // 2),
    "a1" * (MAX_QUERY_CHARS // 2),
    "'" * MAX_QUERY_CHARS,
    '"o' * (MAX_QUERY_CHARS // 2),
    "-tag:x " * 1_500,
    "tag:(" + " OR ".join(f"t{number}" for number in range(2_000)) + ")",
    "category:" * 1_000 + "x",
    "is:bookmrked " * 800,
]


class Counting(WhooshEngine):
    """An engine that counts the words and phrases that it looks up."""

    asked = 0

    def postings(self, leaf: Word | Phrase) -> Postings:
        self.asked += 1
        return super().postings(leaf)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A few papers with all kinds of values, with an engine that counts its calls."""
    home: Path = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        with Library.open(home / "library") as library:
            papers = [
                Paper(f"Cats and dogs, part {number}", "A watermark of transformers; 深度学习.",
                      id=f"p{number}", authors=("Ada Képes", "Bo Li"), year=2020 + number,
                      date=f"{2020 + number}-03", venue="NeurIPS", votes=number,
                      doi=f"10.1000/18{number}", categories=("cs.CL",), keywords=("GAN",))
                for number in range(3)
            ]  # fmt: skip
            library.add(papers, "page")
            library.apply(Bookmark(("p0",)))
            library.apply(Tag(("p0", "p1"), add=("nlp/rag",)))
            library.apply(Note(("p1",), "read again"))
            library.index.sync()
            library.index.engine.close()
            library.index.engine = Counting(paths.index_folder(library.folder), library.identity)
            yield library


def depth(node: Node) -> int:
    match node:
        case And() | Or():
            return 1 + max(map(depth, node.parts), default=0)
        case Not():
            return 1 + depth(node.part)
    return 1


Test = Callable[..., None]


def each(texts: st.SearchStrategy[str]) -> Callable[[Test], Test]:
    """Test all worst-case texts, then random ones."""

    def decorated(test: Test) -> Test:
        test = given(text=texts)(test)
        for text in WORST:
            test = example(text=text)(test)
        return examples(60)(test)

    return decorated


@each(queries)
def test_parse_any_text_is_bounded(text: str) -> None:
    for typing in (False, True):
        query = parse(text, typing=typing)
        leaves = list(every_leaf(query.tree))
        words = [leaf for leaf in leaves if isinstance(leaf, Word | Phrase)]
        assert len(leaves) <= MAX_QUERY_WORDS * 10  # a prefix of is:x matches several states
        assert sum(len(leaf.text.split()) for leaf in words) <= MAX_QUERY_WORDS
        single = {leaf for leaf in words if isinstance(leaf, Word)}
        assert (
            sum(leaf.starred for leaf in single) <= 2 * MAX_WILDCARDS["*"]
        )  # with and without typing
        assert sum(leaf.fuzzy for leaf in single) <= MAX_WILDCARDS["~"]
        assert depth(query.tree) <= 4 * MAX_DEPTH
        assert len(query.notes) <= MAX_NOTES
        for note in query.notes:
            assert 0 <= note.start <= note.end <= len(text)
            assert len(note.message) < 250
        assert all(0 <= term.start < term.end <= len(text) for term in query.filters)
        for word in query.words:
            assert text[word.start : word.end] == word.word.text


@each(queries)
def test_search_any_text_is_bounded(shelf: Library, text: str) -> None:
    engine = shelf.index.engine
    assert isinstance(engine, Counting)
    for typing in (False, True):
        engine.asked = 0
        results = shelf.search(text, typing=typing)
        assert engine.asked <= 2 * MAX_QUERY_WORDS
        assert 0 <= results.full <= results.total <= shelf.count()
    shelf.facets(results)
    engine.asked = 0
    for note in shelf.spelling.suggestions(results):
        assert 0 <= note.start < note.end <= len(text)
        assert 1 <= len(note.offers) <= MAX_CANDIDATES
    assert engine.asked <= 3 * MAX_QUERY_WORDS


def test_terms_any_text_has_bounded_alternatives() -> None:
    for text in WORST:
        runs = [run for leaf in every_leaf(parse(text).tree) if isinstance(leaf, Word)
                for run in (*query_terms(leaf.text), *halves(leaf.text))]  # fmt: skip
        assert len(runs) <= 4 * MAX_QUERY_WORDS


@each(queries)
def test_highlight_any_text_is_ordered(text: str) -> None:
    for typing in (False, True):
        highlighter = Highlighter(parse(text, typing=typing).tree)
        for shown in (text[:500], "Cats and dogs: a watermark of the word0 a-b-c, 深度学习."):
            last = -1
            for start, end in highlighter.spans(shown, "title"):
                assert last < start < end <= len(shown)
                last = end


@each(queries)
def test_toggle_value_any_text_is_reversible(text: str) -> None:
    chosen = toggle_value(text, "tag", "nlp/rag")
    parse(toggle_value(chosen, "tag", "nlp/rag"))
    parse(toggle_value(text, "source", 'an "odd" name', exclude=True))
    remove_filters(text)


@each(queries)
def test_any_text_may_be_offered_an_end(shelf: Library, text: str) -> None:
    offer = shelf.completions.complete(text)
    if offer:
        assert offer.shown
        parse(offer.text, typing=True)


def test_search_repeated_word_is_evaluated_once(shelf: Library) -> None:
    engine = shelf.index.engine
    assert isinstance(engine, Counting)
    engine.asked = 0
    shelf.search("cats -dogs " * 150 + "OR dogs cats " * 50)
    assert engine.asked <= 6  # joined to a neighbour it is another word
    engine.asked = 0
    shelf.search("cats " * 400)
    assert engine.asked <= 3
