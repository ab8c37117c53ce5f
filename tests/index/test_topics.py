"""Topics: phrases of titles and abstracts, their counts, updates and searches."""

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library, Paper
from index.facets import phrase_book
from index.facets.columns import FacetColumn
from index.facets.phrase_book import PaperPhrases, PhraseBook
from index.facets.topic_names import ReadTexts
from index.facets.topics import Phrases, TopicBase, found_topics, new_base
from index.importing.service import ImportRequest
from index.text.phrases import PhraseWords, find_phrases, phrase_key, singularize, split_runs
from tests.examples import examples

Text = tuple[int, str, str]

TEXTS: list[Text] = [
    (1, "Pre-Trained Language Models for Text Generation", "We use pre-trained language models."),
    (2, "A Survey of Pretrained Language Models", "Extensive experiments show a wide range."),
    (3, "Reinforcement Learning", "A pretrained language model. Extensive experiments are done."),
    (4, "On Reinforcement Learning, and On Text Generation", "Extensive experiments, wide range."),
    (5, "Text Generation with LLM Agents", "We study LLM agents. Wide range, once more."),
    (6, "LLM Agents", "Text generation by language models: text generations."),
    (7, "Few-Shot Learning", "Few shot learning is hard."),
    (8, "What Few Shot Learning Does", ""),
    (9, "Few-Shot Learning Again", ""),
]  # fmt: skip


def topics(texts: Sequence[Text]) -> dict[str, set[int]]:
    """Return the topics of texts with their papers."""
    by_key = {text[0]: text for text in texts}
    column = base_of(texts, lambda keys: (by_key[key] for key in sorted(keys))).column
    return {name: set(column.papers(at).tolist()) for at, name in enumerate(column.names)}


def base_of(texts: Sequence[Text], read: ReadTexts) -> TopicBase:
    """Return the topics of texts that are counted at once."""
    return new_base(PhraseBook.of(PaperPhrases.empty().changed((), texts)), {}, read)


class TestPhrases:
    def test_split_runs_at_punctuation_and_stop_words(self) -> None:
        text = "We propose large language models (LLMs), a neural network for speech translation."
        assert [run.split() for run in split_runs(text, PhraseWords()) if len(run.split()) > 1] == [
            ["large", "language", "model"], ["neural", "network"], ["speech", "translation"]
        ]  # fmt: skip

    def test_find_phrases_returns_ends_of_runs_with_spans(self) -> None:
        text = "On large language models."
        found = find_phrases(text, PhraseWords())
        assert [(text[start:end], letters) for letters, start, end in found] == [
            ("language models", "languagemodel"), ("large language models", "largelanguagemodel")
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("pre-trained model", "Pretrained Models"),
            ("fine-tuning", "finetuning"),
            ("few-shot learning", "few shot learning"),
            ("word embeddings", "word-embedding"),
            ("Képes networks", "Kepes network"),
            ("Bayes’s theorem", "Bayes theorem"),
        ],
    )
    def test_phrase_key_ignores_plurals_hyphens_case_and_accents(
        self, one: str, other: str
    ) -> None:
        assert phrase_key(one) == phrase_key(other)

    def test_singularize_words_that_look_like_plurals_are_unchanged(self) -> None:
        for word in ("analysis", "bias", "corpus", "loss", "gas"):
            assert singularize(word) in (word, word.removesuffix("s"))
        assert [singularize(w) for w in ("models", "studies", "phrases", "trees", "analysis")] == [
            "model", "study", "phrase", "tree", "analysis"
        ]  # fmt: skip

    @given(st.text(max_size=80))
    def test_find_phrases_accepts_any_text(self, text: str) -> None:
        for phrase in find_phrases(text, PhraseWords()):
            assert 0 <= phrase.start < phrase.end <= len(text)
            assert phrase.letters == phrase_key(text[phrase.start : phrase.end])


class TestTopics:
    def test_topic_occurs_in_two_titles_and_is_no_stock_phrase(self) -> None:
        assert topics(TEXTS) == {
            "pre-trained language models": {1, 2, 3},
            "text generation": {1, 4, 5, 6},
            "reinforcement learning": {3, 4},
            "LLM agents": {5, 6},
            "few-shot learning": {7, 8, 9},
            "language models": {1, 2, 3, 6},
        }

    def test_topic_within_longer_topic_is_omitted(self) -> None:
        texts = [(n, "Catastrophic Weight Forgetting", "") for n in range(1, 4)]
        assert list(topics(texts)) == ["catastrophic weight forgetting"]

    def test_topic_rare_in_titles_is_omitted(self) -> None:
        texts = [(n, f"Study x{n}", "Here is a failure mode.") for n in range(1, 60)]
        texts += [(60, "A Failure Mode", ""), (61, "The Failure Mode", "")]
        assert topics(texts) == {}
        assert list(topics(texts[30:])) == ["failure mode"]

    def test_topic_names_keep_capitals_of_sentences(self) -> None:
        texts = [
            (1, "Deep Gaussian Processes", "We use Gaussian processes, and 3D scenes."),
            (2, "Sparse Gaussian Processes", "All Gaussian processes. With 3D scenes."),
            (3, "On 3D Scenes", ""),
            (4, "Of 3D Scenes", ""),
        ]
        assert set(topics(texts)) == {"Gaussian processes", "3D scenes"}

    def test_topics_without_text_are_empty(self) -> None:
        assert topics([]) == {}
        assert topics([(1, "", ""), (2, "Word", "")]) == {}


WORDS = "graph neural network of speech model models, the pre-trained deep Gaussian".split()
sentences = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)


@examples(60)
@given(
    st.lists(st.tuples(sentences, sentences), max_size=14),
    st.lists(st.tuples(sentences, sentences), max_size=6),
    st.sets(st.integers(1, 14), max_size=5),
)
def test_topics_updated_equal_rebuilt_topics(
    first: list[tuple[str, str]], then: list[tuple[str, str]], gone: set[int]
) -> None:
    before = [(n, title, abstract) for n, (title, abstract) in enumerate(first, 1)]
    new = [(n, title, abstract) for n, (title, abstract) in enumerate(then, 20)]
    after = [text for text in before if text[0] not in gone] + new
    by_key = {text[0]: text for text in [*before, *new]}

    def texts(keys: object) -> list[Text]:
        return [by_key[key] for key in sorted(keys)]  # type: ignore[call-overload]

    fresh = members(base_of(after, texts).column)
    phrases, _ = found_topics(Phrases(base_of(before, texts)).changed(sorted(gone), ()), texts)
    for one in new:  # one by one, so that later ones build on what earlier ones determined
        phrases, column = found_topics(phrases.changed([one[0]], [one]), texts)
        assert all(column.find(name) >= 0 for name in members(column))
    phrases, column = found_topics(phrases, texts)
    assert members(column) == fresh
    book = phrases.base.book.changed(phrases.outdated, phrases.recent)
    renewed = new_base(book, {**phrases.base.names, **phrases.names}, texts)
    assert members(renewed.column) == fresh
    assert [*renewed.column.names] == [*base_of(after, texts).column.names]


def members(column: FacetColumn) -> dict[str, list[int]]:
    """Return the papers of each value, with the values in their order."""
    places = np.arange(len(column.names))
    ordered = places[np.argsort(column.order(places))].tolist()
    every = {column.names[at]: column.papers(at).tolist() for at in ordered}
    counts = column.counts(np.ones(100, np.bool_))
    assert [len(papers) for papers in every.values()] == counts[ordered].tolist()
    return {name: papers for name, papers in every.items() if papers}


@given(st.lists(st.tuples(sentences, sentences), max_size=9))
def test_phrase_book_saved_is_loaded(texts: list[tuple[str, str]]) -> None:
    every = [(n, title, abstract) for n, (title, abstract) in enumerate(texts, 1)]
    book = PhraseBook.of(PaperPhrases.empty().changed((), every))
    with TemporaryDirectory() as folder:
        book.save(Path(folder) / "book.npy")
        again = PhraseBook.load(Path(folder) / "book.npy")
    for name in ("codes", "starts", "titles", "entries"):
        assert np.array_equal(getattr(again, name), getattr(book, name))
    phrases = again.of_papers([1, 3])
    alone = PaperPhrases.empty().changed((), [text for text in every if text[0] in (1, 3)])
    assert sorted(phrases.codes.tolist()) == sorted(alone.codes.tolist())


book_texts = st.lists(st.tuples(sentences, sentences), max_size=9)


@given(book_texts, st.sets(st.integers(1, 12)), book_texts)
def test_phrase_book_changed_is_that_of_all_papers(
    before: list[tuple[str, str]], outdated: set[int], more: list[tuple[str, str]]
) -> None:
    every = [(n, title, abstract) for n, (title, abstract) in enumerate(before, 1)]
    recent = [
        (n, title, abstract)
        for n, (title, abstract) in enumerate(more, 1)
        if n in outdated or n > len(before)
    ]
    phrases = PaperPhrases.empty()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phrase_book, "MAX_SCANNED_ENTRIES", 3)
        changed = PhraseBook.of(phrases.changed((), every)).changed(
            np.array(sorted(outdated), np.int32), phrases.changed((), recent)
        )
    retained = [text for text in every if text[0] not in outdated]
    whole = PhraseBook.of(phrases.changed((), retained + recent))
    for name in ("codes", "starts", "titles", "entries"):
        assert np.array_equal(getattr(changed, name), getattr(whole, name))


class TestLibrary:
    def test_topic_as_query_finds_counted_papers(self, library: Library) -> None:
        library.add([Paper(title, abstract) for _, title, abstract in TEXTS], "page")
        for query in ("", "learning", '-topic:"text generation"'):
            shown = set(library.search(query, limit=0).all_keys().tolist())
            counts = next(f for f in library.facets(query) if f.field == "topic").counts
            assert counts
            for count in counts:
                keys = library.search(f'topic:"{count.value}"', limit=0).all_keys().tolist()
                assert len(shown & set(keys)) == count.count

    def test_unknown_topic_is_searched_as_phrase(self, library: Library) -> None:
        library.add([Paper(title, abstract) for _, title, abstract in TEXTS], "page")
        assert library.search('topic:"wide range"').total == 3
        assert library.search("topic:nowhere").total == 0
        assert library.search("topic:the").total == 0

    def test_unfinished_topic_matches_prefix(self, library: Library) -> None:
        library.add([Paper(title, abstract) for _, title, abstract in TEXTS], "page")
        assert library.search("topic:reinf", typing=True).total == 2
        assert library.search('topic:"text gen', typing=True).total == 4

    def test_topics_follow_added_and_removed_papers(self, library: Library) -> None:
        library.add([Paper("Graph Networks", "")], "one")
        assert topic_names(library) == []
        library.add([Paper("All Graph Networks", "")], "two")
        assert topic_names(library) == ["graph networks"]
        library.remove_source("two")
        assert topic_names(library) == []


def topic_names(library: Library, query: str = "") -> list[str]:
    counts = next(facet for facet in library.facets(query) if facet.field == "topic").counts
    return [count.value for count in counts]


GLUE = {
    "experimental results",
    "extensive experiments",
    "wide range",
    "propose novel",
    "results show",
    "state-of-the-art performance",
    "large language",
    "recent years",
}


def test_topics_of_real_pages_name_subjects(library: Library, shared: Path) -> None:
    pages = sorted((shared / "pages").glob("0*.txt"))
    library.import_files(ImportRequest(tuple(map(str, pages))))
    top = topic_names(library)[:20]
    assert {"language models", "reinforcement learning", "text generation"} <= set(top)
    assert not set(top) & GLUE


def test_topics_of_single_real_page_exist(library: Library, shared: Path) -> None:
    for page in sorted((shared / "pages").glob("0*.txt")):
        library.import_files(ImportRequest((str(page),)))
        names = topic_names(library, f'source:"{page.stem}"')
        assert len(names) >= 10
        assert not set(names[:20]) & GLUE


def test_topics_do_not_depend_on_order_of_papers() -> None:
    shuffled = TEXTS.copy()
    random.Random(7).shuffle(shuffled)
    assert topics(shuffled) == topics(TEXTS)
