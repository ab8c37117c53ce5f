"""The engine: index updates, results compared with plain Whoosh, and repair."""

import io
import math
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from whoosh.query import And, Every, Not, Or, Phrase, Prefix, Term
from whoosh.scoring import BM25F

from index import Library, Paper, paths
from index.engines import folder, manifest, upkeep, vocabulary
from index.engines.base import Engine, EngineBroken
from index.engines.manifest import SCHEMA_VERSION
from index.engines.registry import DEFAULT, open_engine
from index.engines.vocabulary import Vocabulary
from index.engines.whoosh import codec, lexicon, merging, parallel, writer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.lexicon import Lexicon
from index.engines.whoosh.reader import Arrays
from index.engines.whoosh.schema import TITLE_WEIGHT
from index.engines.whoosh.snapshot import K1, B
from index.engines.whoosh.writer import ArrayPool, ArrayWriter
from index.engines.word_list import SortedWords
from index.papers.paper import PaperKey
from index.query import Phrase as QueryPhrase
from index.query import Word
from index.text.query_terms import query_terms
from tests.index.engines import PAPERS, asked, build, keys, make_papers, stems_of, step
from tests.workers import run_here

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Whoosh index of `PAPERS`, to copy."""
    return build("whoosh", tmp_path_factory.mktemp("built"))


@pytest.fixture
def whoosh(built: Path) -> Iterator[WhooshEngine]:
    """The Whoosh engine on the index of `PAPERS`, to read only."""
    engine = WhooshEngine(built, "library")
    yield engine
    engine.close()


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class TestRegistry:
    def test_library_opens_default_engine(self, library: Library) -> None:
        assert type(library.index.engine) is type(open_engine(Path("nowhere"), "", DEFAULT))

    def test_open_engine_unknown_name_raises(self, tmp_path: Path) -> None:
        with pytest.raises(KeyError):
            open_engine(tmp_path, "library", "no such engine")


class TestUpdate:
    def test_revision_without_index_is_minus_one(self, new_engine: Engine) -> None:
        assert new_engine.revision() == -1
        with pytest.raises(EngineBroken):
            new_engine.search(asked(Word("x")))

    def test_update_empty_library_creates_index(self, new_engine: Engine) -> None:
        assert new_engine.update(step([]))
        assert new_engine.size() == 0
        assert keys(new_engine, Word("x")) == set()
        assert keys(new_engine, Word("x", prefix=True)) == set()

    def test_update_added_changed_and_removed_papers_are_indexed(self, new_engine: Engine) -> None:
        assert new_engine.update(step(PAPERS[:3]))
        assert keys(new_engine, Word("study")) == {1, 2, 3}
        changed = replace(PAPERS[0], title="Cats", abstract="")
        assert new_engine.update(step([changed, PAPERS[3]], 1, 2, removed=[2]))
        assert new_engine.revision() == 2
        assert new_engine.size() == 3
        assert keys(new_engine, Word("study")) == {3, 4}
        assert keys(new_engine, Word("cats")) == {1}

    def test_update_from_other_revision_changes_nothing(self, new_engine: Engine) -> None:
        new_engine.update(step(PAPERS[:3], to=5))
        assert not new_engine.update(step(PAPERS[3:5], 4, 6))
        assert not new_engine.update(step(PAPERS[:3]))
        assert (new_engine.revision(), new_engine.size()) == (5, 3)

    def test_update_repeated_after_interruption_adds_no_duplicates(
        self, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = Path(shutil.copytree(built, tmp_path / "index"))
        engine = WhooshEngine(place, "library")
        with monkeypatch.context() as killed:
            killed.setattr(folder.IndexFolder, "write_manifest", interrupt)
            with pytest.raises(KeyboardInterrupt):
                engine.update(step(PAPERS[:5], 1, 2))
        assert engine.revision() == 1
        before = engine.vocabulary().count("study")
        assert engine.update(step(PAPERS[:5], 1, 2))
        assert engine.size() == len(PAPERS)
        assert engine.vocabulary().count("study") == before + 5

    def test_update_reports_progress_to_the_end(self, new_engine: Engine) -> None:
        reported: list[tuple[int, int]] = []
        new_engine.update(step(PAPERS), lambda done, total: reported.append((done, total)))
        assert reported[-1] == (len(PAPERS), len(PAPERS))

    def test_update_interrupted_leaves_no_index(self, new_engine: Engine) -> None:
        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            new_engine.update(step(PAPERS), stop)
        assert new_engine.revision() == -1
        assert new_engine.update(step(PAPERS))

    def test_index_folder_is_private(self, built_by: tuple[str, Path]) -> None:
        assert built_by[1].stat().st_mode & 0o777 == 0o700

    def test_index_of_other_library_is_ignored(self, built_by: tuple[str, Path]) -> None:
        name, place = built_by
        assert open_engine(place, "library", name).revision() == 1
        assert open_engine(place, "another", name).revision() == -1

    def test_index_of_other_schema_is_ignored(
        self, built: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(manifest, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
        assert WhooshEngine(built, "library").revision() == -1


class TestParallelBuild:
    @pytest.fixture
    def in_parts(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WhooshEngine]:
        monkeypatch.setattr(parallel, "MIN_PARALLEL_PAPERS", 1)
        monkeypatch.setattr(parallel, "BATCH_PAPERS", 15)
        engine = WhooshEngine(tmp_path / "index", "library")
        reported: list[tuple[int, int]] = []
        assert engine.update(step(PAPERS), lambda done, total: reported.append((done, total)))
        assert reported[-1] == (200, 200)
        yield engine
        engine.close()

    def test_parallel_build_gives_results_of_one_process(
        self, in_parts: WhooshEngine, whoosh: WhooshEngine
    ) -> None:
        assert in_parts.size() == 200
        for leaf in (Word("retrieval"), Word("pre-training"), Word("generativ", prefix=True),
                     Word("ada", "author"), QueryPhrase("language models")):  # fmt: skip
            ours, theirs = in_parts.postings(leaf), whoosh.postings(leaf)
            scores = dict(zip(theirs.keys.tolist(), theirs.scores.tolist(), strict=True))
            assert dict(
                zip(ours.keys.tolist(), ours.scores.tolist(), strict=True)
            ) == pytest.approx(scores, rel=1e-5)
        words, others = in_parts.vocabulary(), whoosh.vocabulary()
        assert list(words) == list(others)
        assert all(words.count(word) == others.count(word) for word in words)

    def test_update_in_parallel_replaces_changed_papers(self, in_parts: WhooshEngine) -> None:
        changed = [replace(paper, title=f"Quokka {paper.key}") for paper in PAPERS[10:60]]
        new = [replace(PAPERS[0], key=PaperKey(key), title="Quokka") for key in range(201, 231)]
        assert in_parts.update(step([*changed, *new], 1, 2, removed=[1, 2]))
        assert keys(in_parts, Word("quokka")) == {*range(11, 61), *range(201, 231)}
        assert in_parts.size() == 200 - 2 + 30
        assert 1 not in keys(in_parts, Word("study"))

    def test_parallel_build_can_be_updated(self, in_parts: WhooshEngine) -> None:
        assert not list(in_parts.files.folder.glob("part-*"))
        cats = replace(PAPERS[0], title="Cats", abstract="")
        assert in_parts.update(step([cats], 1, 2, removed=[2]))
        assert keys(in_parts, Word("cats")) == {1}
        assert in_parts.size() == 199

    def test_worker_killed_raises_and_leaves_no_partial_index(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parallel, "MIN_PARALLEL_PAPERS", 1)
        monkeypatch.setattr(parallel.write_part, "__module__", "no.such.module")
        engine = WhooshEngine(tmp_path / "index", "library")
        with pytest.raises(EngineBroken, match="was killed"):
            engine.update(step(PAPERS))
        assert engine.revision() == -1

    def test_worker_error_is_reported(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parallel, "MIN_PARALLEL_PAPERS", 1)
        engine = WhooshEngine(tmp_path / "index", "library")
        wrong = replace(PAPERS[0], key=PaperKey(-1))  # no key of a paper
        with pytest.raises(EngineBroken, match="cannot write"):
            engine.update(step([wrong]))


def plain(engine: WhooshEngine, query: Any) -> set[int]:
    """The papers that Whoosh itself finds, through its public interface."""
    with engine.files.open().searcher() as searcher:
        return matches(searcher, query)


def matches(searcher: Any, query: Any) -> set[int]:
    """The papers that a searcher of Whoosh finds."""
    column = searcher.reader().column_reader("key")
    return {int(column[number]) for number in searcher.docs_for_query(query)}


def term(word: str, field: str = "text") -> Term:
    ((stem,),) = query_terms(word)
    return Term(field, stem)


class TestAnswers:
    @pytest.mark.parametrize("word", ["models", "folding", "generative", "study", "transformers3",
                                      "scale", "absent", "data"])  # fmt: skip
    def test_words_match_as_in_plain_whoosh(self, whoosh: WhooshEngine, word: str) -> None:
        assert keys(whoosh, Word(word)) == plain(whoosh, term(word))
        assert keys(whoosh, Word(word, "title")) == plain(whoosh, term(word, "title"))

    @pytest.mark.parametrize("words", ["language models", "graph neural networks", "few labels",
                                       "human feedback", "models language", "models"])  # fmt: skip
    def test_phrases_match_as_in_plain_whoosh(self, whoosh: WhooshEngine, words: str) -> None:
        stems = [query_terms(word)[0][0] for word in words.split()]
        for field in ("text", "title"):
            asked = QueryPhrase(words, "" if field == "text" else field)
            assert keys(whoosh, asked) == plain(whoosh, Phrase(field, stems))

    def test_phrase_across_fields_or_authors_does_not_match(self, engine: Engine) -> None:
        assert keys(engine, QueryPhrase("scale 4 study")) == set()
        assert keys(engine, QueryPhrase("löve1 bob", "author")) == set()

    def test_phrase_in_a_name_has_scores(self, engine: Engine) -> None:
        assert keys(engine, QueryPhrase("bob kepes", "author")) == set(range(1, 201))

    def test_abstract_field_excludes_title(self, engine: Engine) -> None:
        for word in ("models", "folding", "transformers3", "pre-training"):
            expected = {p.key for p in PAPERS if holds(p.abstract, word)}
            assert keys(engine, Word(word, "abstract")) == expected
            assert keys(engine, Word(word, "title")) == {
                p.key for p in PAPERS if holds(p.title, word)
            }
            assert keys(engine, Word(word)) == expected | keys(engine, Word(word, "title"))

    def test_scores_equal_bm25(self, whoosh: WhooshEngine) -> None:
        found = whoosh.postings(Word("folding"))
        with whoosh.files.open().searcher() as searcher:
            average = searcher.avg_field_length("text")
        idf = math.log(len(PAPERS) / (len(found.keys) + 1)) + 1
        for key, score in zip(found.keys.tolist(), found.scores.tolist(), strict=True):
            paper = PAPERS[key - 1]
            times = paper.title.count("folding") * TITLE_WEIGHT + paper.abstract.count("folding")
            low, high = (
                idf * times * (K1 + 1) / (times + K1 * (1 - B + B * length / average))
                for length in (60, 15)
            )
            assert low <= score <= high

    def test_prefix_of_both_forms_of_a_compound_does_not_match_elsewhere(
        self, new_engine: Engine
    ) -> None:
        new_engine.update(
            step([Paper(title="Retrieval of augmented-attention maps", id="a", key=PaperKey(1))])
        )
        assert keys(new_engine, QueryPhrase("retrieval of a", prefix=True)) == {1}
        assert keys(new_engine, QueryPhrase("retrieval a", prefix=True)) == set()

    def test_phrase_matches_compound_that_begins_with_stop_word(self, new_engine: Engine) -> None:
        titles = (
            "Speech for under-represented languages",
            "Gains in stance segmentation",
            "Instance segmentation of scenes",
        )
        papers = [Paper(title=t, id=t, key=PaperKey(n)) for n, t in enumerate(titles, 1)]
        new_engine.update(step(papers))
        assert keys(new_engine, QueryPhrase("underrepresented languages")) == {1}
        assert keys(new_engine, QueryPhrase("for underrepresented languages")) == {1}
        assert keys(new_engine, QueryPhrase("underrepresented lang", prefix=True)) == {1}
        assert keys(new_engine, QueryPhrase("instance segmentation")) == {3}

    def test_prefix_matches_unstemmed_words(self, engine: Engine) -> None:
        generative = keys(engine, Word("generative"))
        for written in ("generativ", "generati", "gener"):
            assert keys(engine, Word(written, prefix=True)) >= generative > set()

    def test_wildcard_matches_all_words_with_prefix(self, engine: Engine) -> None:
        assert keys(engine, Word("transf", prefix=True, starred=True)) == set(range(1, 201))
        assert keys(engine, Word("zz", prefix=True, starred=True)) == set()

    def test_prefix_exact_word_ranks_first(self, new_engine: Engine) -> None:
        new_engine.update(
            step([Paper(title="Graphical", key=PaperKey(1)), Paper(title="Graph", key=PaperKey(2))])
        )
        assert new_engine.search(asked(Word("graph", prefix=True), limit=2)).keys.tolist() == [2, 1]

    def test_fuzzy_word_matches_up_to_two_edits(self, engine: Engine) -> None:
        for typo in ("retreival", "retrieva", "retrievall", "rettieval"):
            assert keys(engine, Word(typo, fuzzy=True)) >= keys(engine, Word("retrieval")) > set()
        assert keys(engine, Word("xyzzyx", fuzzy=True)) == set()
        assert keys(engine, Word("Bbo", "author", fuzzy=True)) == set(range(1, 201))

    def test_names_match_unstemmed(self, engine: Engine) -> None:
        every = set(range(1, 201))
        assert (
            keys(engine, Word("kepes", "author"))
            == keys(engine, Word(r"K\'epes", "author"))
            == every
        )
        assert keys(engine, Word("Löve3", "author")) == {
            p.key for p in PAPERS if "Ada Löve3" in p.authors
        }
        assert keys(engine, Word("löve", "author", prefix=True)) == every
        assert keys(engine, Word("neurips", "venue")) == {
            p.key for p in PAPERS if p.venue == "NeurIPS"
        }
        assert keys(engine, QueryPhrase("Journal of", "venue")) == {
            p.key for p in PAPERS if p.venue != "NeurIPS"
        }

    def test_prefix_matches_keywords(self, new_engine: Engine) -> None:
        new_engine.update(step([Paper(title="A", keywords=("imitation game",), key=PaperKey(1))]))
        assert keys(new_engine, Word("imit", "keyword", prefix=True)) == {1}
        assert keys(new_engine, Word("imitation")) == set()

    def test_compound_matches_both_spellings(self, engine: Engine) -> None:
        assert keys(engine, Word("pretraining")) == keys(engine, Word("pre-training")) > set()
        assert keys(engine, Word("pretrain", prefix=True)) >= keys(engine, Word("pre-training"))


def holds(text: str, word: str) -> bool:
    return word.lower() in text.lower()


@pytest.fixture(scope="module")
def same_as_whoosh(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, Any], None]]:
    """Compare a query through the library with one of plain Whoosh."""
    place = tmp_path_factory.mktemp("library")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        library = Library.open(place)
    library.add(PAPERS, "page")
    engine = WhooshEngine(built, "library")

    def compare(text: str, query: Any) -> None:
        results = library.search(text, limit=0)
        assert set(results.all_keys()[: results.full].tolist()) == plain(engine, query), text

    yield compare
    engine.close()
    library.close()


class TestBooleans:
    """Whole queries through the library, against plain Whoosh on the same papers."""

    def test_and_matches_as_in_plain_whoosh(
        self, same_as_whoosh: Callable[[str, Any], None]
    ) -> None:
        for one, two in [
            ("models", "scale"),
            ("speech", "few"),
            ("graph", "protein"),
            ("data", "absent"),
        ]:
            same_as_whoosh(f"{one} {two}", And([term(one), term(two)]))
            same_as_whoosh(f"title:{one} {two}", And([term(one, "title"), term(two)]))

    def test_or_matches_as_in_plain_whoosh(
        self, same_as_whoosh: Callable[[str, Any], None]
    ) -> None:
        same_as_whoosh("speech OR robot", Or([term("speech"), term("robot")]))
        same_as_whoosh("speech OR absent", term("speech"))
        same_as_whoosh(
            "models scale OR speech", Or([And([term("models"), term("scale")]), term("speech")])
        )

    def test_not_matches_as_in_plain_whoosh(
        self, same_as_whoosh: Callable[[str, Any], None]
    ) -> None:
        same_as_whoosh("models -speech", And([term("models"), Not(term("speech"))]))
        same_as_whoosh("-models", And([Every(), Not(term("models"))]))
        same_as_whoosh(
            "models -(speech OR graph)",
            And([term("models"), Not(Or([term("speech"), term("graph")]))]),
        )

    def test_phrases_in_booleans_match_as_in_plain_whoosh(
        self, same_as_whoosh: Callable[[str, Any], None]
    ) -> None:
        phrase = Phrase("text", ["languag", "model"])
        same_as_whoosh('"language models" scale', And([phrase, term("scale")]))
        same_as_whoosh('learning -"language models"', And([term("learning"), Not(phrase)]))


@pytest.fixture(scope="module", params=["one segment", "several, with deletions"])
def searched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WhooshEngine]:
    """An index as built, and one that was updated."""
    engine = WhooshEngine(tmp_path_factory.mktemp("cache") / "index", "library")
    papers = make_papers(600)
    if request.param == "one segment":
        engine.update(step(papers))
    else:
        engine.update(step(papers[:300]))
        engine.update(step(papers[300:500], 1, 2))
        engine.update(step(papers[500:], 2, 3, removed=range(100, 160)))
        changed = [replace(paper, abstract=f"{paper.abstract} again") for paper in papers[:40]]
        engine.update(step(changed, 3, 4, removed=[300, 301, 550]))
        assert len(engine._current().segments) == 4
    yield engine
    engine.close()


class TestArrays:
    """Posting lists read in place, compared with Whoosh's own search on the same index."""

    def test_arrays_all_words_have_scores_of_whoosh(self, searched: WhooshEngine) -> None:
        with searched.files.open().searcher(weighting=BM25F(B=B, K1=K1)) as searcher:
            column = searcher.reader().column_reader("key")
            deleted = searcher.reader().has_deletions()
            for stem in stems_of(make_papers(600)):
                hits = searcher.search(Term("text", stem), limit=None)
                expected = {int(column[hit.docnum]): hit.score for hit in hits}
                found = searched.term(stem)
                scores = dict(zip(found.keys.tolist(), found.scores.tolist(), strict=True))
                # Whoosh goes on counting deleted papers where it asks how rare a word is.
                assert scores.keys() == expected.keys(), stem
                rarer = sum(scores.values()) / (sum(expected.values()) or 1)
                assert deleted or rarer == pytest.approx(1, rel=1e-4)
                scaled = {key: score * rarer for key, score in expected.items()}
                assert scores == pytest.approx(scaled, rel=1e-4), stem

    def test_arrays_many_queries_match_as_in_plain_whoosh(self, searched: WhooshEngine) -> None:
        draw = random.Random(1)
        papers = make_papers(600)
        stems = stems_of(papers)
        with searched.files.open().searcher() as searcher:
            for _ in range(100):
                words = draw.choice(papers).abstract.split()
                place = draw.randrange(len(words) - 2)
                phrase = " ".join(words[place : place + draw.choice((2, 3))])
                runs = [Phrase("text", run) for run in query_terms(phrase)]
                assert keys(searched, QueryPhrase(phrase)) == matches(searcher, Or(runs)), phrase
                prefix = draw.choice(stems)[: draw.choice((1, 2, 3))]
                expected = matches(searcher, Prefix("text", prefix))
                assert keys(searched, Word(prefix, prefix=True)) == expected, prefix
                word, field = draw.choice(words), draw.choice(("title", "keyword"))
                one = [Phrase(field, run) for run in query_terms(word)]
                assert keys(searched, Word(word, field)) == matches(searcher, Or(one)), word

    def test_private_names_of_whoosh_exist(self, searched: WhooshEngine) -> None:
        segment = searched._current().segments[0]
        assert {"_fieldmap", "_tindex"} <= set(vars(segment.terms))
        assert (segment.lengths("text") > 0).all()
        assert len(segment.keys) == segment.count
        writer = codec.writer(searched.files.open(), Lexicon())
        try:
            assert isinstance(writer.pool, ArrayPool)
            assert isinstance(writer.fieldwriter, ArrayWriter)
        finally:
            writer.cancel()

    def test_arrays_truncated_file_raises(self, built: Path, tmp_path: Path) -> None:
        (whole,) = built.glob("*.pst")
        for size in (0, 8, 100, whole.stat().st_size - 4):
            part = tmp_path / "part.pst"
            part.write_bytes(whole.read_bytes()[:size])
            with pytest.raises(ValueError, match=r"part\.pst|empty file"):
                Arrays(part)

    def test_worker_that_starts_new_lexicons_counts_all_words(
        self, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parallel, "MAX_SEGMENT_PAPERS", parallel.BATCH_PAPERS)
        monkeypatch.setattr(parallel, "MAX_TERMS", 10)
        batches = (PAPERS[:80], PAPERS[80:90], PAPERS[90:], None)
        part = tmp_path / "part"
        parallel._write_segments(str(part), io.BytesIO(b"".join(map(pickle.dumps, batches))))
        whole, parted = SortedWords.load(built, "words-1"), SortedWords.load(part, parallel.WORDS)
        assert list(parted.words) == list(whole.words)
        assert [*map(parted.count, whole.words)] == [*map(whole.count, whole.words)]
        assert len(list(part.glob("*.pst"))) == 3

    def test_array_writer_several_passes_write_equal_segment(
        self, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer, "MAX_BATCH_TEXTS", 7)
        monkeypatch.setattr(writer, "MAX_BATCH_OCCURRENCES", 50)
        monkeypatch.setattr(lexicon, "MAX_UNCOUNTED_WORDS", 90)
        WhooshEngine(tmp_path / "index", "library").update(step(PAPERS))
        for name in ("*.pst", "*.trm", "*_len.col", "words-*", "recent-*"):
            whole, parted = (sorted(place.glob(name)) for place in (built, tmp_path / "index"))
            assert [file.read_bytes() for file in whole] == [file.read_bytes() for file in parted]
            assert whole


QUESTIONS = ["models", "language models scale", '"human feedback"', "generativ*", "author:kepes",
             "retreival~", "title:speech", "abstract:speech"]  # fmt: skip


def answers(library: Library) -> list[tuple[int, int]]:
    found = [library.search(text, limit=300) for text in QUESTIONS]
    return [(hash(tuple(hit.id for hit in results.hits)), results.full) for results in found]


def silently_flipped(path: Path, chance: random.Random | None = None) -> None:
    """Change a byte of a file without changing its size or time."""
    state = path.stat()
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data)) if chance else len(data) // 2
    data[at] ^= 1 << (chance.randrange(8) if chance else 7)
    path.write_bytes(data)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


class TestRepair:
    """Searches return the same results after any damage to the index."""

    @pytest.fixture
    def shelf(self, library: Library) -> Library:
        library.add(PAPERS[:60], "page")
        return library

    @pytest.fixture
    def place(self, folder: Path) -> Path:
        return paths.index_folder(folder)

    def reopened(self, library: Library) -> list[tuple[int, int]]:
        with Library.open(library.folder) as again:
            found = answers(again)
            assert all(check.passed for check in again.doctor.check())
        return found

    def files(self, place: Path) -> list[str]:
        return sorted(path.name for path in place.iterdir() if path.stat().st_size)

    @pytest.mark.parametrize("harm", ["flip", "truncate", "empty", "garbage", "remove"])
    def test_damaged_or_missing_file_is_rebuilt(
        self, shelf: Library, place: Path, harm: str
    ) -> None:
        expected = answers(shelf)
        shelf.close()
        for at in range(len(self.files(place))):
            target = place / self.files(place)[at]
            data = target.read_bytes()
            if harm == "remove":
                target.unlink()
            else:
                flipped = bytearray(data)
                flipped[len(data) // 2] ^= 0x10
                target.write_bytes(
                    {"flip": bytes(flipped), "truncate": data[: len(data) // 2], "empty": b"",
                     "garbage": b"\x80\x05garbage" * 99}[harm]
                )  # fmt: skip
            assert self.reopened(shelf) == expected, target.name

    def test_flipped_bytes_in_postings_are_rebuilt(self, shelf: Library, place: Path) -> None:
        expected = answers(shelf)
        shelf.close()
        for tenth in range(10):
            (target,) = place.glob("*.pst")
            data = bytearray(target.read_bytes())
            data[len(data) * tenth // 10 + 5] ^= 0xFF
            target.write_bytes(data)
            assert self.reopened(shelf) == expected, tenth

    def test_damage_with_equal_size_and_time_is_found_by_check(
        self, shelf: Library, place: Path
    ) -> None:
        expected = answers(shelf)
        shelf.close()
        chance = random.Random(2)
        for name in [name for name in self.files(place) for _ in range(2)]:
            if not (target := place / name).exists():  # rebuilt since, under another name
                target = next(place.glob(f"*{target.suffix}"))
            silently_flipped(target, chance)
            with Library.open(shelf.folder) as again:
                answers(again)  # perhaps wrong, but answers
            silently_flipped(target if target.exists() else next(place.glob("*.pst")), chance)
            with Library.open(shelf.folder) as again:
                problems = [check.message for check in again.doctor.check() if not check.passed]
                assert len(problems) == 1, name
                assert "run carrel doctor --rebuild" in problems[0]
                again.doctor.fix()
                assert answers(again) == expected, name
                assert all(check.passed for check in again.doctor.check())

    @pytest.mark.parametrize("ending", ["toc", "col", "json"])
    def test_damage_of_small_file_is_found_on_open(
        self, shelf: Library, place: Path, ending: str
    ) -> None:
        expected = answers(shelf)
        shelf.close()
        for target in place.glob(f"*.{ending}"):
            if target.exists():
                silently_flipped(target, random.Random(3))
                assert self.reopened(shelf) == expected, target.name

    def test_update_damaged_index_does_not_renew_checksums(
        self, shelf: Library, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upkeep, "start_worker", run_here)
        answers(shelf)
        silently_flipped(place / "words-1.txt")
        shelf.add([Paper(title="More models")], "page")
        answers(shelf)
        assert all(check.passed for check in shelf.doctor.check())
        for number in range(merging.MAX_SMALL_SEGMENTS - 1):
            shelf.add([Paper(title=f"Paper {number}")], "page")
            shelf.index.sync()
        silently_flipped(max(place.glob("*.pst"), key=lambda path: path.stat().st_size))
        for number in range(3):
            shelf.add([Paper(title=f"Other paper {number}")], "page")
            shelf.index.sync()
        assert all(check.passed for check in shelf.doctor.check())

    @pytest.mark.parametrize("kind", ["file", "link"])
    def test_other_file_in_place_of_index_is_replaced(
        self, shelf: Library, place: Path, kind: str
    ) -> None:
        expected = answers(shelf)
        shelf.close()
        shutil.rmtree(place)
        if kind == "file":
            place.write_text("no index")
        else:
            place.symlink_to(place.parent / "nowhere")
        assert self.reopened(shelf) == expected

    def test_missing_folder_is_rebuilt(self, shelf: Library, place: Path) -> None:
        expected = answers(shelf)
        shutil.rmtree(place)
        assert answers(shelf) == expected
        assert self.reopened(shelf) == expected

    def test_index_of_older_schema_is_rebuilt(
        self, shelf: Library, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        expected = answers(shelf)
        shelf.close()
        monkeypatch.setattr(manifest, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
        assert self.reopened(shelf) == expected
        assert f'"schema": {SCHEMA_VERSION + 1}' in (place / "followed.json").read_text()

    def test_database_restored_from_copy_is_indexed_again(
        self, shelf: Library, folder: Path, tmp_path: Path
    ) -> None:
        expected = answers(shelf)
        shelf.close()
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        with Library.open(folder) as later:
            later.add([Paper(title="More models", abstract="models " * 9)], "late")
            assert later.search("models").hits[0].id == "more-models"
        for file in folder.iterdir():
            file.unlink()
        shutil.copytree(copy, folder, dirs_exist_ok=True)
        assert self.reopened(shelf) == expected

    def test_unwritable_cache_folder_searches_without_index(
        self, shelf: Library, tmp_path: Path
    ) -> None:
        (tmp_path / "cache").touch()
        with pytest.raises(EngineBroken, match=r"cannot write.*XDG_CACHE_HOME"):
            shelf.search("models")
        assert shelf.search("").total == 60

    def test_rebuild_indexes_all_papers(self, shelf: Library) -> None:
        expected = answers(shelf)
        shelf.rebuild()
        assert answers(shelf) == expected
        assert shelf.index.pending() == 0


class TestWithoutAnIndex:
    """With `wait=False`, SQLite answers by substrings until the index is built."""

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("speech", "speech"),
            ("SPEECH is:unread", "speech"),
            ("title:speech", "title:speech"),
            ('"language models"', '"language models"'),
            ("author:Löve2", "author:Löve2"),
            ("generat", "generative"),
            ("100%_nothing", "absent"),
            ("speech -robots", "speech -robots"),
        ],
    )
    def test_search_without_index_matches_words(
        self, library: Library, text: str, found: str
    ) -> None:
        library.add(PAPERS[:60], "page")
        results = library.search(text, limit=0, wait=False)
        assert results.index == "missing"
        library.index.sync()
        indexed = library.search(found, limit=0, wait=False)
        assert indexed.index == "current"
        assert set(results.all_keys()[: results.full]) >= set(indexed.all_keys()[: indexed.full])
        assert len(results.all_keys()[: results.full]) < 60 or found == "speech -robots"

    def test_search_without_waiting_uses_outdated_index(self, library: Library) -> None:
        library.add(PAPERS[:10], "page")
        library.index.sync()
        library.add([Paper(title="Late speech")], "late")
        before = library.search("speech", limit=0, wait=False)
        assert before.index == "outdated"
        assert library.search("speech", limit=0).total == before.total + 1


class TestLock:
    def test_update_while_another_writer_holds_the_lock_changes_nothing(
        self, built: Path, tmp_path: Path
    ) -> None:
        engine = WhooshEngine(Path(shutil.copytree(built, tmp_path / "index")), "library")
        with FileLock(tmp_path / "index.lock"):
            assert not engine.update(step(PAPERS[:1], 1, 2))
        assert engine.revision() == 1
        assert engine.update(step(PAPERS[:1], 1, 2))

    def test_update_after_the_holder_of_the_lock_is_killed_succeeds(
        self, built: Path, tmp_path: Path
    ) -> None:
        engine = WhooshEngine(Path(shutil.copytree(built, tmp_path / "index")), "library")
        script = (
            "import os, signal, sys; from pathlib import Path\n"
            "from index.engines.folder import IndexFolder\n"
            "with IndexFolder(Path(sys.argv[1]), 'library').locked(wait=True) as locked:\n"
            "    os.kill(os.getpid(), signal.SIGKILL if locked else signal.SIGTERM)\n"
        )
        holder = subprocess.run(
            [sys.executable, "-c", script, tmp_path / "index"], cwd=ROOT, check=False
        )
        assert holder.returncode == -signal.SIGKILL
        assert engine.update(step(PAPERS[:1], 1, 2))


class TestConcurrentProcesses:
    def test_papers_of_other_process_are_indexed_and_removed(
        self, library: Library, folder: Path
    ) -> None:
        library.add([Paper(title="First cats")], "page")
        assert library.search("cats").total == 1
        script = (
            "import sys; from index import Library, Paper\n"
            "with Library.open(sys.argv[1]) as library:\n"
            "    library.add([Paper(title='Second cats')], 'other')\n"
            "    library.remove_source('page')\n"
            "    print(*(hit.id for hit in library.search('cats').hits))\n"
        )
        run = subprocess.run(
            [sys.executable, "-c", script, folder], cwd=ROOT, env=dict(os.environ), check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        assert run.stdout.split() == ["second-cats"]
        assert [hit.id for hit in library.search("cats").hits] == ["second-cats"]
        assert library.index.pending() == 0
        assert library.doctor.check()[-1].message.split()[0] == "1"


counted_words = st.dictionaries(
    st.text("abcé1", min_size=1, max_size=9), st.integers(1, 9), max_size=30
)


class TestVocabulary:
    COUNTS: ClassVar = {"cats": 3, "café": 1, "catalog": 2, "generative": 4, "generation": 5}

    def test_words_saved_are_loaded(self, tmp_path: Path) -> None:
        SortedWords.of(self.COUNTS).save(tmp_path, "words")
        words = SortedWords.load(tmp_path, "words")
        assert list(words.words) == sorted(self.COUNTS)
        assert {word: words.count(word) for word in words.words} == self.COUNTS
        assert words.count("cat") == 0
        assert words.words[-1] == "generative"

    def test_words_empty_are_saved(self, tmp_path: Path) -> None:
        SortedWords.of({}).save(tmp_path, "words")
        empty = SortedWords.load(tmp_path, "words")
        words = Vocabulary(empty, empty)
        assert list(words) == words.most_common("", 9) == words.near("model", 3) == []

    def test_words_files_that_do_not_match_raise(self, tmp_path: Path) -> None:
        SortedWords.of(self.COUNTS).save(tmp_path, "words")
        (tmp_path / "words.txt").write_text("cats")
        with pytest.raises(ValueError, match="do not match"):
            SortedWords.load(tmp_path, "words")

    def test_vocabulary_with_counts_adds_words(self) -> None:
        words = Vocabulary.of(self.COUNTS).with_counts({"cats": 2, "dogs": 1})
        assert words.count("cats") == 5
        assert words.count("dogs") == 1
        assert list(words) == sorted([*self.COUNTS, "dogs"])

    @pytest.mark.parametrize("most", [0, 1_000], ids=["one list", "two lists"])
    @given(counts=counted_words, more=counted_words, word=st.text("abcé1", min_size=1))
    def test_vocabulary_with_counts_answers_as_if_counted_at_once(
        self, most: int, counts: dict[str, int], more: dict[str, int], word: str
    ) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(vocabulary, "MIN_RECENT_WORDS", most)
            words = Vocabulary.of(counts).with_counts(more)
        whole = Vocabulary.of(Counter(counts) + Counter(more))
        assert list(words) == list(whole)
        for each in (word, *whole):
            assert words.count(each) == whole.count(each)
        for prefix in ("", word[:1], word):
            assert words.most_common(prefix, 5) == whole.most_common(prefix, 5)
            assert words.matching(f"{prefix}*a?", 5) == whole.matching(f"{prefix}*a?", 5)
            assert set(words.odd_stems(prefix)) == set(whole.odd_stems(prefix))
        assert sorted(words.distinctive(list(whole))) == list(whole)
        edits = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
        near = [(OSA.distance(word, each), -whole.count(each), each) for each in whole]
        expected = [each for distance, _, each in sorted(near) if distance <= edits]
        assert words.near(word, 1_000) == whole.near(word, 1_000) == expected

    def test_vocabulary_prefix_matches_unstemmed_words(self) -> None:
        words = Vocabulary.of(self.COUNTS)
        assert words.most_common("cat", 9) == ["cats", "catalog"]
        assert words.most_common("cat", 1) == ["cats"]
        assert words.most_common("x", 9) == []

    def test_vocabulary_prefix_matches_stems_with_other_spelling(self) -> None:
        words = Vocabulary.of(self.COUNTS)
        assert words.odd_stems("generativ") == ["generat"]
        assert words.odd_stems("gen") == []

    def test_vocabulary_words_with_a_stem_of_others_are_not_distinctive(self) -> None:
        words = Vocabulary.of({"performance": 9, "performer": 8, "reformer": 1, "perform": 1})
        assert words.distinctive(["performer", "reformer"]) == ["reformer"]
        assert words.distinctive(["performer"]) == ["performer"]
        assert words.distinctive(["performance", "performer"]) == ["performance", "performer"]
        assert words.distinctive([]) == []

    @pytest.mark.parametrize(
        ("typo", "near"),
        [("modle", ["model"]), ("modrn", ["modern", "model"]), ("mo", []), ("zzzzzz", [])],
    )  # fmt: skip
    def test_vocabulary_near_words_are_within_edit_distance(
        self, typo: str, near: list[str]
    ) -> None:
        words = Vocabulary.of({"model": 5, "modern": 7})
        assert words.near(typo, 5)[:1] == near[:1]
