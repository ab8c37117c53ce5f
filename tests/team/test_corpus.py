"""A corpus on a cluster: questions as a library answers them, marks, dead nodes, pushes."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import Library, Paper
from index.corpus.cluster import Cluster
from index.corpus.documents import KEYWORDS, record
from index.engines.base import Page
from index.errors import CarrelError
from index.marks.changes import Bookmark, Dismissed
from index.papers.entries import ParsedPaper
from index.progress import Stop
from index.text.cleaning import clean
from tests.index.engines import PAPERS as TEXTS
from tests.index.engines import make_papers
from tests.team.engine import NOWHERE, corpus_of, opened, pushed
from tests.team.nodes import Nodes

ROOT = Path(__file__).resolve().parents[2]

SPECIAL = [
    Paper("Attention Is All You Need", "We propose the Transformer, based on attention.",
          "vaswani", ("Ashish Vaswani", "Noam Shazeer"), year=2017, date="2017-06-12",
          venue="NeurIPS", arxiv_id="1706.03762", categories=("cs.CL", "cs.LG"), votes=90),
    Paper("Out-of-distribution detection in C++ and C#", "Pre-training helps GPT-4 with 1,000,000 "
          "images. No distribution out of range.", "ood", ("Wei Zhang",), year=2021,
          date="2021-03", doi="10.1000/ood", categories=("stat.ML",), type="article-journal"),
    Paper("Deep Learning: an overview", "", "deep", ("Wei Zhang Li", "Will An"), year=2015,
          venue="Neural Networks", keywords=("deep learning", "survey"), votes=3),
    Paper("β-VAE: 学習する表現", "Learning of disentangled representations", "beta",
          ("José Álvarez",), year=2017, date="2017-01-02", url="https://github.com/a/b"),
    Paper("<script>alert(1)</script> | _the_ \x1f a|b", "hostile $x^2$ {\"query\": {}}", "hostile"),
]  # fmt: skip
PAPERS = [*(replace(paper, key=SPECIAL[0].key) for paper in TEXTS), *SPECIAL]

QUERIES = [
    "learning", "Learni", "language models", '"language models"', '"graph neural"',
    "models speech",
    "-speech", "speech -planning", "speech OR robots", "(speech OR robots) -scaling", "speech*",
    "tran*", "pre-training", "pretraining", "pre training", '"pre training"', "speehc~", "att*n",
    "langua*", "pre-traini*",
    "gra?h", "title:speech", "abstract:speech", "title:spe*", "author:Löve1", "author:vaswani",
    "author:vasw*", 'author:"Wei Zhang"', 'author:"Wei"', "vaswani 2017", "venue:journal",
    'venue:NeurIPS', 'venue:"Journal of Things"', 'keyword:"deep learning"', "keyword:learn",
    "year:2017", "year:2015..2017", "year:>=2017", "date:2017-06", "date:2017..2021", "votes:>50",
    "votes:3", "category:cs", "category:cs.CL", "category:stat*", "type:article-journal",
    "has:arxiv", "has:code", "has:abstract", "-has:abstract", "is:incomplete", "id:vaswani",
    "id:ood", "arxiv:1706.03762", "doi:10.1000/ood", '"out of distribution"', "c++", "c#",
    "GPT-4", "gpt4", "1000000", "beta-vae", "学習", "alvarez", "hostile", "a OR", "title:",
    "models year:2017 -category:cs", '"of distribution" OR title:deep', "the", '"the"',
]  # fmt: skip


@pytest.fixture(scope="module")
def address(nodes: Nodes, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a corpus of `PAPERS`, in two shards with a replica of each."""
    where = nodes.address("papers")
    with opened(tmp_path_factory.mktemp("writer") / "library", where) as library:
        assert library.corpus
        library.corpus.writer.create(2, 1)
        assert {one.outcome for one in pushed(library.corpus, PAPERS)} == {"added"}
    return where


@pytest.fixture
def library(address: str, tmp_path: Path) -> Iterator[Library]:
    """An empty library that reads the corpus."""
    with opened(tmp_path / "library", address) as library:
        yield library


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library with the papers of the corpus."""
    with Library.open(tmp_path_factory.mktemp("whole") / "library") as library:
        library.add(PAPERS, "all")
        yield library


def full_matches(library: Library, query: str) -> set[str]:
    results = library.search(query, limit=1000)
    return set(library.ids(results.paper_keys(0, results.full)))


def states(library: Library, query: str) -> dict[str, int]:
    """Return the numbers of papers in each state."""
    facets = {facet.field: facet for facet in library.facets(query)}
    return {count.value: count.count for count in facets["is"].counts}


class TestQuestions:
    @pytest.mark.parametrize("query", QUERIES)
    def test_query_finds_papers_that_a_library_finds(
        self, library: Library, whole: Library, query: str
    ) -> None:
        results = library.search(query)
        assert results.index == "corpus"
        assert full_matches(library, query) == full_matches(whole, query)

    @pytest.mark.parametrize("sort", ["newest", "oldest", "title", "votes"])
    def test_sort_orders_papers_as_a_library_does(
        self, library: Library, whole: Library, sort: str
    ) -> None:
        query = "year:2015.. -has:doi votes:>=0"
        found, expected = library.search(query, sort=sort), whole.search(query, sort=sort)
        assert [hit.id for hit in found.hits] == [hit.id for hit in expected.hits]

    def test_title_with_all_words_is_first(self, library: Library) -> None:
        assert library.search("attention need").hits[0].id == "vaswani"

    def test_half_typed_word_is_a_prefix(self, library: Library) -> None:
        assert library.search("vasw", typing=True).total == 1
        assert library.search('"you ne', typing=True).total == 1

    def test_half_typed_word_is_rather_of_a_title_than_a_name(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        with opened(tmp_path / "library", nodes.address("names")) as library:
            assert library.corpus
            library.corpus.writer.create(1, 0)
            named = [
                Paper(f"Diffusion of {word}", authors=("Minh Tran",), id=f"by-{word}")
                for word in ("heat", "ink")
            ]
            about = [
                Paper(f"Diffusion transformers, part {at}", authors=("A. Li",), id=f"on-{at}")
                for at in range(30)
            ]
            others = [Paper(f"Study {at} of speech", authors=("B. Ek",)) for at in range(100)]
            pushed(library.corpus, [*named, *about, *others])
            hits = library.search("diffusion tran", typing=True).hits[:30]
            assert {hit.id[:3] for hit in hits} == {"on-"}
            assert library.search("minh tran", typing=True).hits[0].id.startswith("by-")

    def test_misspelt_word_is_replaced_with_a_note(self, library: Library) -> None:
        results = library.search("trnsformer attention")
        assert "showing transformer" in " ".join(note.message for note in results.notes)
        assert results.full == 1

    def test_correction_is_one_of_the_papers_with_the_other_words(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        with opened(tmp_path / "library", nodes.address("corrected")) as library:
            assert library.corpus
            library.corpus.writer.create(1, 0)
            broad = [Paper(f"Broad fields, part {at}", id=f"b{at}") for at in range(9)]
            brood = [Paper(f"Brood of birds {at}", id=f"c{at}") for at in range(2)]
            pushed(library.corpus, [*broad, *brood])
            assert "showing brood" in library.search("birds broid").notes[0].message
            assert "showing broad" in library.search("fields broid").notes[0].message

    def test_few_matches_are_followed_by_papers_with_some_words(self, library: Library) -> None:
        results = library.search("attention speech vaswani")
        assert results.full < results.total
        assert results.hits[0].match == "some"

    def test_rows_beyond_the_first_page_are_asked_for(self, library: Library) -> None:
        results = library.search("", limit=10)
        assert results.total == len(PAPERS)
        pages = results.paper_keys(60, 140) + results.paper_keys(140, 205)
        assert len(set(pages)) == 145
        assert pages == results.paper_keys(0, None)[60:205]

    def test_facets_are_those_of_a_library(self, library: Library, whole: Library) -> None:
        for query in ("models", "year:2017", ""):
            counted = {one.field: one for one in library.facets(query, most=None)}
            expected = {one.field: one for one in whole.facets(query, most=None)}
            for field in ("year", "venue", "author", "category", "keyword", "type", "has"):
                assert counted[field].counts == expected[field].counts, field
            assert counted["year"].histogram == expected["year"].histogram

    def test_topics_are_phrases_of_titles_and_find_what_they_count(self, library: Library) -> None:
        facets = {one.field: one for one in library.facets("-has:doi")}
        assert facets["topic"].counts
        for topic in facets["topic"].counts[:5]:
            found = library.search(f'-has:doi topic:"{topic.value}"', limit=300)
            assert found.full == topic.count
            words = topic.value.split()
            titles = [paper.title.lower() for paper in library.page(found, 0, found.full)]
            assert all(words[0][:-1] in title for title in titles)

    def test_papers_are_sorted_by_when_they_were_added(self, library: Library) -> None:
        assert library.search("added:1d").full == len(PAPERS)
        assert not library.search("added:..2020").full
        results = library.search("speech", sort="added")
        assert results.index == "corpus"
        assert results.total

    def test_related_papers_share_terms(self, library: Library) -> None:
        first = library.search("title:speech").hits[0]
        related = library.related([first.id], limit=5)
        assert len(related) == 5
        assert first.id not in {one.id for one in related}
        assert all("speech" in " ".join(one.shared_terms) for one in related[:2])

    def test_completion_is_a_word_of_the_corpus(self, library: Library) -> None:
        completion = library.completions.complete("benchm")
        assert completion
        assert completion.text == "benchmarking"

    def test_saved_search_is_counted_in_the_corpus(self, library: Library, whole: Library) -> None:
        library.saved.add("spoken", "speech")
        assert library.saved.counts()[0].count == whole.search("speech").full
        library.apply(Dismissed((library.search("speech").hits[0].id,), True))
        assert library.saved.visit("spoken").count == whole.search("speech").full - 1
        assert not library.saved.visit("spoken").new


class TestMarks:
    def test_marks_are_local_and_joined(self, library: Library, whole: Library) -> None:
        ids = [hit.id for hit in library.search("speech", limit=5).hits]
        assert states(library, "speech")["unread"] == whole.search("speech").total
        library.apply(Bookmark(tuple(ids), True))
        assert full_matches(library, "is:bookmarked speech") == set(ids)
        rest = full_matches(library, "speech -is:bookmarked")
        assert rest == full_matches(whole, "speech") - set(ids)
        assert full_matches(library, "speech is:unread") == full_matches(whole, "speech")
        assert states(library, "speech")["bookmarked"] == len(ids)

    def test_dismissed_papers_are_left_out_and_counted(
        self, library: Library, whole: Library
    ) -> None:
        ids = [hit.id for hit in library.search("speech", limit=3).hits]
        library.apply(Dismissed(tuple(ids), True))
        results = library.search("speech")
        assert results.dismissed == 3
        assert results.total == whole.search("speech").total - 3

    def test_marks_beyond_one_filter_are_joined_in_parts(
        self, library: Library, whole: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("index.corpus.translation.JOINED_PAPERS", 2)
        ids = [hit.id for hit in library.search("speech", limit=7).hits]
        library.apply(Bookmark(tuple(ids), True))
        rest = full_matches(library, "speech -is:bookmarked")
        assert rest == full_matches(whole, "speech") - set(ids)

    def test_copies_without_marks_are_a_cache(self, library: Library) -> None:
        ids = [hit.id for hit in library.search("speech", limit=5).hits]
        library.apply(Bookmark((ids[0],), True))
        deleted, retained = library.remove_source("corpus papers")
        assert (retained, library.count()) == (1, 1)
        assert deleted > 0
        assert [hit.id for hit in library.search("speech", limit=5).hits] == ids

    def test_triage_has_the_first_papers(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("index.triage.MAX_OF_CORPUS", 70)
        results = library.search("models")
        assert results.full > 70
        assert library.triage(results).keys == results.paper_keys(0, 70)

    def test_export_writes_all_papers_of_a_query(self, library: Library, whole: Library) -> None:
        results = library.search("models")
        text = "".join(library.export(library.ids(results.paper_keys()), "jsonl"))
        found = {json.loads(line)["title"] for line in text.splitlines()}
        every = whole.search("models", limit=1000)
        assert found == {paper.title for paper in whole.page(every)}

    def test_paper_removed_from_the_library_is_not_shown(self, library: Library) -> None:
        hit = library.search("attention need").hits[0]
        library.editing.remove([hit.key])
        assert hit.id not in {one.id for one in library.search("attention need").hits}


class TestPushing:
    def test_pushed_again_changes_nothing(self, library: Library) -> None:
        assert library.corpus
        assert {one.outcome for one in pushed(library.corpus, PAPERS)} == {"unchanged"}
        assert library.corpus.writer.status().papers == len(PAPERS)

    def test_interrupted_push_resumes(self, nodes: Nodes, tmp_path: Path) -> None:
        with opened(tmp_path / "library", nodes.address("resumed")) as library:
            assert library.corpus
            library.corpus.writer.create(1, 1)
            pushed(library.corpus, PAPERS[:50])
            outcomes = [one.outcome for one in pushed(library.corpus, PAPERS)]
            assert outcomes == ["unchanged"] * 50 + ["added"] * (len(PAPERS) - 50)

    def test_paper_given_twice_is_written_once(self, nodes: Nodes, tmp_path: Path) -> None:
        with opened(tmp_path / "library", nodes.address("twice")) as library:
            assert library.corpus
            library.corpus.writer.create(1, 0)
            outcomes = [one.outcome for one in pushed(library.corpus, [SPECIAL[0], SPECIAL[0]])]
            assert outcomes == ["added", "unchanged"]

    def test_changed_paper_is_merged_and_keeps_what_it_lacks(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        with opened(tmp_path / "library", nodes.address("changed")) as library:
            corpus = corpus_of(library)
            corpus.writer.create(2, 0)
            pushed(corpus, SPECIAL)
            before = library.search("vaswani").hits[0]
            changed = replace(SPECIAL[0], title="Attention is all", abstract="", votes=100)
            outcomes = [one.outcome for one in pushed(corpus, [changed, *SPECIAL[1:]])]
            assert outcomes == ["merged", *["unchanged"] * (len(SPECIAL) - 1)]
            assert corpus.writer.status().papers == len(SPECIAL)
            library.connect(nodes.address("changed"))  # as in another session
            (paper,) = library.page(library.search("vaswani"))
            assert (paper.key, paper.title, paper.votes) == (before.key, changed.title, 100)
            assert paper.abstract == SPECIAL[0].abstract
            assert {one.outcome for one in pushed(corpus, [changed])} == {"unchanged"}

    def test_paper_of_two_sources_is_unchanged_when_both_are_pushed_again(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        with opened(tmp_path / "library", nodes.address("sources")) as library:
            corpus = corpus_of(library)
            corpus.writer.create(1, 0)
            sources = [NOWHERE._replace(name=name) for name in ("one", "two")]
            papers = [replace(SPECIAL[0], title=f"Attention {number}") for number in (1, 2)]

            def push(at: int) -> str:
                entry = ParsedPaper(papers[at], 1, 1)
                (placement,) = corpus.writer.add([entry], sources[at])
                return placement.outcome

            # The cluster does not search what was written just now, but it is read.
            assert [push(at) for at in (0, 1, 0, 1)] == ["added", "merged", *["unchanged"] * 2]
            papers[0] = replace(papers[0], year=2018)
            assert [push(at) for at in (0, 1, 0)] == ["merged", "unchanged", "unchanged"]

    def test_papers_of_one_title_with_other_arxiv_ids_are_two(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        with opened(tmp_path / "library", nodes.address("titles")) as library:
            corpus = corpus_of(library)
            corpus.writer.create(1, 0)
            papers = [replace(SPECIAL[0], arxiv_id=f"1706.0376{number}") for number in (1, 2)]
            for _ in range(2):
                pushed(corpus, papers)
                assert corpus.writer.status().papers == 2

    def test_papers_written_at_the_same_time_are_all_merged(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        with opened(tmp_path / "library", nodes.address("same")) as library:
            corpus = corpus_of(library)
            corpus.writer.create(1, 0)
            outcomes: list[str] = []

            def push(number: int) -> None:
                paper = replace(SPECIAL[0], keywords=(f"keyword {number}",))
                source = NOWHERE._replace(name=str(number))
                (placement,) = corpus.writer.add([ParsedPaper(paper, 1, 1)], source)
                outcomes.append(placement.outcome)

            pushing = [threading.Thread(target=push, args=(number,)) for number in range(3)]
            for one in pushing:
                one.start()
            for one in pushing:
                one.join(100)
            assert sorted(outcomes) == ["added", "merged", "merged"]
            corpus.writer.status()
            (paper,) = library.page(library.search("vaswani"))
            assert set(paper.keywords) == {f"keyword {number}" for number in range(3)}

    def test_removed_paper_is_not_found_until_it_is_pushed_again(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        with opened(tmp_path / "library", nodes.address("removed")) as library:
            corpus = corpus_of(library)
            corpus.writer.create(2, 0)
            pushed(corpus, SPECIAL)
            for unknown in ("nothing", "1706.99999"):
                with pytest.raises(CarrelError, match=f"has no paper {unknown}"):
                    corpus.remove(["deep", unknown])
            assert corpus.remove(["https://arxiv.org/abs/1706.03762", "10.1000/ood", "deep"]) == 3
            assert library.search("").total == len(SPECIAL) - 3
            pushed(corpus, SPECIAL)
            assert library.search("").total == len(SPECIAL)

    def test_killed_push_resumes(self, nodes: Nodes, tmp_path: Path) -> None:
        address = nodes.address("killed")
        with opened(tmp_path / "library", address) as library:
            corpus = corpus_of(library)
            corpus.writer.create(2, 0)
            papers = make_papers(2_000)
            file = tmp_path / "papers.jsonl"
            file.write_text("".join(json.dumps(record(paper)) + "\n" for paper in papers))
            command = [sys.executable, "-m", "tui.cli", "--corpus", address, "corpus", "push",
                       str(file)]  # fmt: skip
            with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as push:
                while not (some := corpus.writer.status().papers):
                    assert push.poll() is None
                push.kill()
            assert some < len(papers)
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, done.stderr
            assert "unchanged" in done.stderr
            assert corpus.writer.status().papers == len(papers)

    def test_create_existing_corpus_raises(self, library: Library) -> None:
        assert library.corpus
        with pytest.raises(CarrelError, match="it exists"):
            library.corpus.writer.create()

    def test_index_of_another_program_is_refused(self, nodes: Nodes, tmp_path: Path) -> None:
        address = nodes.address("others")
        Cluster(address).ask("indices.create", index="others")
        with opened(tmp_path / "library", address) as library:
            assert library.corpus
            with pytest.raises(CarrelError, match="not created by this version"):
                pushed(library.corpus, SPECIAL)

    def test_missing_corpus_is_named_and_the_library_answers(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        with opened(tmp_path / "library", nodes.address("absent")) as library:
            library.add(SPECIAL, "own")
            results = library.search("attention")
            assert results.total >= 1
            assert "no such corpus" in results.notes[0].message

    def test_hostile_documents_are_cleaned_or_left_out(self, nodes: Nodes, tmp_path: Path) -> None:
        with opened(tmp_path / "library", nodes.address("hostile")) as library:
            corpus = library.corpus
            assert corpus
            corpus.writer.create(1, 0)
            cluster = corpus.reader.cluster
            shapes: list[object] = [
                {"title": "evil \x1b[31m red\u202e", "bookmarked": True, "tags": ["x"],
                 "url": "javascript:alert(1)", "year": "x", "authors": {"a": 1}},
                {"title": ""}, {"title": 7}, ["no"], "text", None, {"id": "a\nb"},
            ]  # fmt: skip
            for at, shape in enumerate(shapes):
                body = {"paper": shape, "text": "evil", "title": "evil"}
                if not isinstance(shape, dict):
                    body.pop("paper")
                cluster.ask("index", index="hostile", id=str(at), body=body, refresh=True)
            results = library.search("evil", limit=50)
            assert results.total == len(shapes)
            (paper,) = library.page(results)
            assert paper.title == "evil [31m red" or "\x1b" not in paper.title
            assert (paper.bookmarked, paper.tags, paper.url, paper.year) == (False, (), "", None)

    def test_hostile_values_are_cleaned_in_facets_and_corrections(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        evil = "\x1b]0;evil\x07\u202ered\n"
        with opened(tmp_path / "library", nodes.address("values")) as library:
            corpus = corpus_of(library)
            corpus.writer.create(1, 0)
            cluster = corpus.reader.cluster
            values = [name for name in KEYWORDS if name.endswith(("_value", "_key"))]
            for number, year in enumerate((2**31 - 1, -(2**31), 2017)):
                body = {
                    "paper": {"title": "Evil values", "id": f"evil{number}"}, "text": "evil value",
                    "title_words": f"evil\x1b[31m\u202e{year} evils", **dict.fromkeys(values, evil),
                    "year": year, "date": evil, "month": [evil, "2017-xx", "99999999-01"],
                    "has": [evil, "abstract"], "added": evil, "votes": -5, "same": [evil],
                }  # fmt: skip
                cluster.ask("index", index="values", id=str(year), body=body, refresh=True)
            results = library.search("evil")
            assert results.total == 3
            for facet in library.facets(results, most=None):
                for count in facet.counts:
                    assert clean(count.value) == count.value, facet.field
                assert len(facet.histogram) <= 12
            for sort in ("newest", "votes", "added", "title"):
                assert library.search("evil", sort=sort).total == 3
            for words in (corpus.reader.similar_words("evli", 9), corpus.reader.complete("ev", 9)):
                assert all(clean(word) == word for word in words)
            assert all(clean(note.message) == note.message for note in library.search("evl").notes)


class TestFailures:
    def test_node_killed_during_queries_is_survived_by_replicas(
        self, nodes: Nodes, library: Library
    ) -> None:
        before = library.search("models").total
        nodes.wait("green")
        victim = 1 - nodes.manager()
        some_done = threading.Event()
        totals: list[int] = []

        def read() -> None:
            for number in range(60):
                totals.append(library.search("models").total)
                if number == 10:
                    some_done.set()

        reading = threading.Thread(target=read)
        reading.start()
        try:
            assert some_done.wait(60)
            nodes.kill(victim)
            reading.join(120)
            assert len(totals) == 60
            assert totals[0] == totals[-1] == before
        finally:
            nodes.start(victim)
            nodes.wait()

    def test_missing_shard_gives_partial_answer_that_says_so(
        self, nodes: Nodes, tmp_path: Path
    ) -> None:
        with opened(tmp_path / "library", nodes.address("thin")) as library:
            corpus = library.corpus
            assert corpus
            corpus.writer.create(2, 0)
            apart = {"index.routing.allocation.total_shards_per_node": 1}
            corpus.reader.cluster.ask("indices.put_settings", index="thin", body=apart)
            nodes.wait()
            pushed(corpus, PAPERS)
            victim = 1 - nodes.manager()
            nodes.kill(victim)
            try:
                results = library.search("")
                assert results.index == "corpus"
                assert not results.exact
                assert 0 < results.total < len(PAPERS)
                assert "1 of 2 shards" in results.notes[-1].message
                assert any(one.is_partial for one in library.facets(results))
                with pytest.raises(CarrelError):
                    results.all_keys()
            finally:
                nodes.start(victim)
                nodes.wait()

    def test_node_killed_during_push_loses_no_paper(self, nodes: Nodes, tmp_path: Path) -> None:
        with opened(tmp_path / "library", nodes.address("pushed")) as library:
            corpus = library.corpus
            assert corpus
            corpus.writer.create(2, 1)
            nodes.wait("green")
            victim = 1 - nodes.manager()
            some_done = threading.Event()
            outcomes: list[str] = []

            def write() -> None:
                for first in range(0, len(PAPERS), 10):
                    some = PAPERS[first : first + 10]
                    entries = [ParsedPaper(paper, at, at) for at, paper in enumerate(some, 1)]
                    outcomes.extend(one.outcome for one in corpus.writer.add(entries, NOWHERE))
                    if first == 50:
                        some_done.set()

            writing = threading.Thread(target=write)
            writing.start()
            try:
                assert some_done.wait(60)
                nodes.kill(victim)
                writing.join(200)
                assert len(outcomes) == len(PAPERS)
                assert "skipped" not in outcomes
            finally:
                nodes.start(victim)
                nodes.wait()
            pushed(corpus, PAPERS)
            assert corpus.writer.status().papers == len(PAPERS)
            assert library.search("").total == len(PAPERS)

    def test_dead_cluster_library_answers_with_a_note(
        self, nodes: Nodes, library: Library, tmp_path: Path
    ) -> None:
        ids = {hit.id for hit in library.search("speech", limit=5).hits}
        library.connect("http://127.0.0.1:1/papers")
        results = library.search("speech", limit=100)
        assert results.index == "current"
        assert ids <= {hit.id for hit in results.hits}
        assert "your library answers instead: papers on 127.0.0.1" in results.notes[0].message

    def test_silent_cluster_library_answers_at_the_deadline(
        self, nodes: Nodes, library: Library
    ) -> None:
        library.search("speech", limit=5)
        with nodes.silent():
            results = library.search("speech", stop=Stop(0.5))
            assert results.index == "current"
            assert results.notes[0].message.startswith("your library answers instead")
            assert "timed out" in results.notes[0].message
        nodes.wait()
        assert library.search("speech").index == "corpus"

    def test_silent_node_is_not_waited_for_if_another_answers(
        self, nodes: Nodes, library: Library
    ) -> None:
        before = library.search("speech").total
        victim = 1 - nodes.manager()
        nodes.wait("green")
        assert library.corpus
        hosts = library.corpus.reader.cluster.client.transport.connection_pool
        hosts.connections.sort(key=lambda host: host.port != nodes.ports[victim])
        with nodes.silent(victim):
            first = library.search("speech", stop=Stop(6))
            assert (first.index, first.total, first.exact) == ("corpus", before, True)
            assert [host.port for host in hosts.connections] == [nodes.ports[1 - victim]]
            again = library.search("speech models", stop=Stop(6))
            assert again.exact
            assert library.related([first.hits[0].id])
            assert library.facets(again)
        nodes.wait()

    def test_further_rows_of_a_dead_cluster_are_not_available(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        results = library.search("")
        assert library.corpus
        monkeypatch.setattr(library.corpus.reader.cluster, "_failed", float("inf"))
        assert results.paper_keys(100, 110) == [0] * 10
        monkeypatch.setattr(library.corpus.reader.cluster, "_failed", float("-inf"))
        assert 0 not in results.paper_keys(100, 110)


def test_page_has_keys_of_the_library(library: Library) -> None:
    results = library.search("speech")
    assert isinstance(results.rows.first, Page)
    assert library.keys(library.ids(results.paper_keys(0, 5))) == results.paper_keys(0, 5)
    assert np.all(results.all_keys() > 0)
