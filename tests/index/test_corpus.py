"""A team's corpus without a cluster: addresses, documents, translation, copies, failures."""

import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from index import Library, Paper
from index.corpus.cluster import RETRY_S, Cluster, CorpusUnavailable, parse_address
from index.corpus.copies import clean_record
from index.corpus.documents import document, record, same
from index.corpus.dsl import EVERYTHING, without
from index.corpus.facets import count_facets
from index.corpus.translation import (
    HALF_TYPED_AUTHOR_BOOST,
    TITLE_BONUS,
    DslTranslation,
    TooManyMarks,
    asks_for_local_papers,
)
from index.engines.arrays.evaluation import relax
from index.engines.base import Ask, Keys
from index.errors import CarrelError
from index.marks.changes import Bookmark, Dismissed
from index.progress import Stop
from index.query import Everything, Node, join_neighbours, parse
from tests.services import Answer, FakeService
from tui.config.parsers import shortened

ROOT = Path(__file__).resolve().parents[2]
JSON_HEADERS = {"Content-Type": "application/json"}
NOWHERE = "http://127.0.0.1:1/papers"


def tree(text: str) -> Node:
    return join_neighbours(parse(text, saved={}).tree)


def translated(text: str, marked: Keys | None = None, *, has_value: bool = False) -> dict[str, Any]:
    keys = np.array([1, 2], np.int64) if marked is None else marked
    asked = tree(text)
    translation = DslTranslation(
        lambda some: [f"paper{k}" for k in some], lambda _: keys, lambda *_: has_value, asked
    )
    return translation.query(asked)


def clauses(query: object) -> int:
    """Return the number of terms and phrases of a query."""
    parts = query.items() if isinstance(query, dict) else [("", part) for part in query]  # type: ignore[attr-defined]
    return sum(
        1 if name in ("term", "match_phrase", "prefix") else clauses(part)
        for name, part in parts
        if isinstance(part, dict | list)
    )


class TestAddress:
    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("https://host:9200/papers", ("https", [("host", 9200)], "papers")),
            ("https://host/papers/", ("https", [("host", 9200)], "papers")),
            ("http://[::1]:9201/a-b", ("http", [("::1", 9201)], "a-b")),
            ("https://a:1,b:2/x", ("https", [("a", 1), ("b", 2)], "x")),
        ],
    )
    def test_address_is_divided(self, address: str, expected: object) -> None:
        assert parse_address(address) == expected

    @pytest.mark.parametrize(
        "address",
        ["", "papers", "ftp://host/papers", "https://host", "https:///papers", "https://h:x/p",
         "https://host/Papers", "https://host/a*", "https://host/a/b", "https://host:70000/a"],
    )  # fmt: skip
    def test_invalid_address_raises(self, address: str) -> None:
        with pytest.raises(CarrelError, match="is not the address of a corpus"):
            parse_address(address)

    @pytest.mark.parametrize(
        "address",
        ["https://me:secret@host/papers", "https://me:secret@host:x/papers", "me:secret@host",
         "https:/me:secret@host/papers", "https://me:1/secret@host/papers", "https://me:1/secret@h",
         "https://me:se#cret@host/p", "https://me:se?cret@host/p", "https://me:secret%40host/p"],
    )  # fmt: skip
    def test_password_in_address_is_refused_and_not_printed(self, address: str) -> None:
        with pytest.raises(CarrelError, match="CARREL_CORPUS_PASSWORD") as caught:
            parse_address(address)
        assert "secret" not in str(caught.value)
        assert "cret" not in str(caught.value)
        assert "cret" not in shortened(address)
        assert "cret" not in shortened([address])

    def test_password_is_not_sent_over_http(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CARREL_CORPUS_USER", "me")
        monkeypatch.setenv("CARREL_CORPUS_PASSWORD", "secret")
        with pytest.raises(CarrelError, match="https://"):
            Cluster("http://host/papers").search({})

    def test_certificates_are_verified(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given: dict[str, Any] = {}
        monkeypatch.setattr("opensearchpy.OpenSearch", lambda **options: given.update(options))
        monkeypatch.setenv("CARREL_CORPUS_USER", "me")
        monkeypatch.setenv("CARREL_CORPUS_PASSWORD", "secret")
        assert Cluster("https://host/papers").client is None
        assert (given["use_ssl"], given["verify_certs"]) == (True, True)
        assert given["http_auth"] == ("me", "secret")


class TestKeyring:
    @pytest.fixture(autouse=True)
    def backend(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
        """The keyring, with its passwords in a file of the test."""
        keyring = pytest.importorskip("keyring")
        pytest.importorskip("keyrings.alt")
        from keyrings.alt.file import PlaintextKeyring

        before, passwords = keyring.get_keyring(), PlaintextKeyring()
        monkeypatch.setattr(PlaintextKeyring, "file_path", str(tmp_path / "passwords"))
        monkeypatch.setenv("CARREL_CORPUS_USER", "ada")
        monkeypatch.delenv("CARREL_CORPUS_PASSWORD", raising=False)
        keyring.set_keyring(passwords)
        keyring.set_password("carrel host", "ada", "secret")
        yield keyring
        keyring.set_keyring(before)

    def test_password_of_the_keyring_is_sent(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given: dict[str, Any] = {}
        monkeypatch.setattr("opensearchpy.OpenSearch", lambda **options: given.update(options))
        for address in ("https://host/papers", "https://host:9201,other/papers"):
            assert Cluster(address).client is None
            assert given.pop("http_auth") == ("ada", "secret")
        assert Cluster("https://other/papers").client is None
        assert given.pop("http_auth") is None
        monkeypatch.setenv("CARREL_CORPUS_USER", "bob")
        assert Cluster("https://host/papers").client is None
        assert given.pop("http_auth") is None

    def test_password_of_the_environment_is_preferred(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given: dict[str, Any] = {}
        monkeypatch.setattr("opensearchpy.OpenSearch", lambda **options: given.update(options))
        monkeypatch.setenv("CARREL_CORPUS_PASSWORD", "other")
        assert Cluster("https://host/papers").client is None
        assert given["http_auth"] == ("ada", "other")

    def test_keyring_that_cannot_be_read_is_an_error_with_the_remedy(
        self, backend: Any, tmp_path: Path
    ) -> None:
        from keyring.backends.fail import Keyring

        backend.set_keyring(Keyring())  # type: ignore[no-untyped-call]
        with Library.open(tmp_path / "library") as library:
            library.connect("https://host/papers")
            (note,) = library.search("x").notes
        assert note.message.startswith("your library answers instead: cannot read the keyring: ")
        assert "set CARREL_CORPUS_PASSWORD instead" in note.message


def test_compose_file_of_the_manual_starts_the_tested_version_with_a_password() -> None:
    text = (ROOT / "tui/README.md").read_text()
    compose = yaml.safe_load(
        text.split("### A small cluster")[1].split("```yaml")[1].split("```")[0]
    )
    assert compose.keys() == {"services", "volumes"}
    (service,) = compose["services"].values()
    assert service.keys() == {"image", "environment", "ulimits", "volumes", "ports"}
    image, version = service["image"].split(":")
    assert image == "opensearchproject/opensearch"
    assert f"<opensearch>{version}</opensearch>" in (ROOT / "tests/team/pom.xml").read_text()
    options = service["environment"]
    assert options["discovery.type"] == "single-node"
    heap = re.fullmatch(r"-Xms(\d+)g -Xmx(\d+)g", options["OPENSEARCH_JAVA_OPTS"])
    assert heap
    assert heap[1] == heap[2]
    assert f"One machine with {2 * int(heap[1])} GB of memory" in text
    # The image makes certificates and the user admin, and does not start without a password.
    assert options["OPENSEARCH_INITIAL_ADMIN_PASSWORD"] == "${PASSWORD}"
    assert not any("disabled" in str(option).lower() for option in options)
    assert service["ulimits"]["nofile"] >= 65_536  # as OpenSearch checks at its start
    (volume,) = service["volumes"]
    name, path = volume.split(":")
    assert compose["volumes"].keys() == {name}
    assert path == "/usr/share/opensearch/data"
    assert service["ports"] == ["9200:9200"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a certificate for 127.0.0.1, signed by itself, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    where = folder / "certificate.pem"
    make = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=corpus "
        f"-addext subjectAltName=IP:127.0.0.1 -keyout {folder / 'key.pem'} -out {where}"
    )
    subprocess.run(make.split(), check=True, capture_output=True, timeout=60)
    where.write_text(where.read_text() + (folder / "key.pem").read_text())
    return where


class TestCertificates:
    @pytest.fixture
    def encrypted(self, service: FakeService, certificate: Path) -> FakeService:
        """A service over TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        service.encrypt(context)
        return service

    def test_unknown_certificate_is_refused_with_the_remedy(self, encrypted: FakeService) -> None:
        address = encrypted.url.replace("http:", "https:")
        with pytest.raises(CorpusUnavailable) as caught:
            Cluster(f"{address}/papers").search({})
        assert str(caught.value) == (
            "papers on 127.0.0.1 does not answer: its certificate is not trusted; set "
            "CARREL_CORPUS_CA to a file with it"
        )
        assert not encrypted.requests

    def test_certificate_of_the_named_file_is_trusted(
        self, encrypted: FakeService, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        encrypted.answers = lambda _: Answer('{"took": 1}', 200, JSON_HEADERS)
        monkeypatch.setenv("CARREL_CORPUS_CA", str(certificate))
        address = encrypted.url.replace("http:", "https:")
        assert Cluster(f"{address}/papers").search({}) == {"took": 1}
        with pytest.raises(CorpusUnavailable, match="that of another host"):
            Cluster(f"{address.replace('127.0.0.1', 'localhost')}/papers").search({})


class TestDocuments:
    def test_terms_at_one_place_are_joined(self) -> None:
        found = document(Paper("Pre-training of C++", "The GPT-4"))
        assert found["title"] == "pretrain|pre train _of c++"
        assert found["abstract_words"] == "_the gpt4|gpt 4"

    def test_hostile_title_has_no_terms_of_its_own(self) -> None:
        found = document(Paper("a|b _the_ \x1f\x1e c"))
        assert found["title"] == "_a b _the c"

    def test_marks_are_not_part_of_a_record(self) -> None:
        paper = Paper("T", bookmarked=True, tags=("secret",), note="mine", read=True, later=3)
        assert not {"bookmarked", "tags", "note", "read", "later", "sources"} & record(paper).keys()

    def test_parents_of_categories_match_but_are_not_counted(self) -> None:
        found = document(Paper("T", categories=("cs.CL",)))
        assert found["category_key"] == ["cs", "cs.cl"]
        assert found["category_value"] == ["cs.CL"]

    def test_ids_are_those_of_the_same_paper(self) -> None:
        one = Paper("Attention!", authors=("A",), year=2017, arxiv_id="1706.03762", doi="10.1/A")
        other = Paper("attention", authors=("Á",), year=2017)
        assert same(one)[:2] == ["arxiv:1706.03762", "doi:10.1/a"]
        assert same(one)[2] == same(other)[0]
        assert same(other) != same(Paper("attention", authors=("B",), year=2017))

    @pytest.mark.parametrize("shape", [None, [], "x", {}, {"title": ""}, {"title": 1}])
    def test_document_that_is_no_paper_is_left_out(self, shape: object) -> None:
        assert clean_record({"_id": "x", "_source": {"paper": shape}}) is None

    def test_document_is_cleaned_and_brings_no_marks(self) -> None:
        shape = {
            "title": "a\x1b[31m\u202eb",
            "url": "javascript:x",
            "bookmarked": True,
            "note": "n",
        }
        paper = clean_record({"_id": "arxiv:1", "_source": {"paper": shape}})
        assert paper
        assert "\x1b" not in paper.title
        assert "\u202e" not in paper.title
        assert (paper.url, paper.bookmarked, paper.note) == ("", False, "")


class TestTranslation:
    def test_unread_papers_are_all_but_those_read(self) -> None:
        inverse = {"bool": {"must": [{"match_all": {}}], "must_not": [
            {"bool": {"filter": [{"terms": {"same": ["paper1", "paper2"]}}]}}]}}  # fmt: skip
        assert translated("is:unread") == inverse
        assert translated("-is:read") == inverse

    def test_many_marks_are_divided(self) -> None:
        found = translated("is:read", np.arange(25_000))
        sizes = [
            len(part["bool"]["filter"][0]["terms"]["same"]) for part in found["bool"]["should"]
        ]
        assert sizes == [10_000, 10_000, 5_000]

    def test_too_many_marks_raise(self) -> None:
        with pytest.raises(TooManyMarks):
            translated("is:read", np.arange(100_001))

    def test_half_typed_word_counts_for_less_among_authors(self) -> None:
        boosts = []
        for typing in (False, True):
            leaf = parse("tran", typing=typing, saved={}).tree
            found = DslTranslation(lambda _: [], lambda _: None, lambda *_: False, leaf).query(leaf)
            author = found["bool"]["should"][1]
            boosts.append(author.get("bool", {}).get("boost", 1.0))
        assert boosts == [1.0, HALF_TYPED_AUTHOR_BOOST]

    def test_title_bonus_is_of_scores_and_the_cube_of_the_share(self) -> None:
        words = parse("graph speech", saved={}).tree
        translation = DslTranslation(lambda _: [], lambda _: None, lambda *_: False, words)
        steps = translation.with_title_bonus(words, EVERYTHING)["bool"]["should"]
        titles = [{"term": {"title": "graph"}}, {"term": {"title": "speech"}}]
        assert [step["bool"]["should"] for step in steps] == [titles, titles]
        boosts = [step["bool"]["boost"] for step in steps]
        assert boosts == pytest.approx([TITLE_BONUS / 8, TITLE_BONUS * 7 / 8])

    @pytest.mark.parametrize("words", [5, 12, 13, 20, 21, 150])
    def test_pasted_text_has_no_more_clauses_than_a_cluster_accepts(self, words: int) -> None:
        for shape in ("in-context{}", "state-of-the-art{}", "word{}", "multi-modal-{}b"):
            asked = tree(" ".join(shape.format(number) for number in range(words)))
            relaxed = relax(asked)
            assert relaxed
            translation = DslTranslation(lambda _: [], lambda _: None, lambda *_: False, asked)
            some = without(translation.query(relaxed), [translation.query(asked)])
            assert clauses(translation.with_title_bonus(asked, some)) <= 1_024

    def test_text_is_a_value_not_syntax(self) -> None:
        (first, *_) = translated('title:"} {match_all *"')["dis_max"]["queries"]
        assert first == {"match_phrase": {"title": "match all"}}

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("is:bookmarked word", True),
            ("word tag:nlp", True),
            ("is:bookmarked OR tag:nlp", True),
            ("source:page word", True),
            ("is:unread word", False),
            ("-is:bookmarked word", False),
            ("is:bookmarked OR word", False),
            ("word", False),
        ],
    )
    def test_library_answers_if_only_its_papers_can_match(self, query: str, expected: bool) -> None:
        assert asks_for_local_papers(tree(query)) is expected


def answered(papers: list[Paper]) -> dict[str, Any]:
    """Return the answer of a cluster to a search."""
    hits = [{"_id": same(one)[0], "_score": 1.0, "_source": {"paper": record(one)}}
            for one in papers]  # fmt: skip
    return {
        "hits": {"hits": hits, "total": {"value": len(papers)}},
        "_shards": {"total": 1, "successful": 1},
        "timed_out": False,
        "suggest": {},
        "aggregations": {"stems": {"buckets": {}}, "every": {"doc_count": len(papers) + 1}},
    }


class TestCopies:
    @pytest.fixture
    def library(self, tmp_path: Path) -> Iterator[Library]:
        with Library.open(tmp_path / "library") as library:
            yield library

    def listed(
        self, library: Library, papers: list[Paper], monkeypatch: pytest.MonkeyPatch
    ) -> list[Paper]:
        """Return the papers that a new session lists."""
        library.connect(NOWHERE)
        assert library.corpus
        client = library.corpus.reader.cluster.client
        monkeypatch.setattr(client, "search", lambda **_: answered(papers))
        return library.page(library.search("transformer"))

    def test_copy_of_a_changed_document_is_renewed_with_its_marks(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paper = Paper("Transformers", "Old", "t", ("A. B",), year=2017, arxiv_id="1706.03762")
        self.listed(library, [paper], monkeypatch)
        library.apply(Bookmark(("t",), True))
        changed = replace(paper, title="Transformer", abstract="New", doi="10.1000/1")
        (shown,) = self.listed(library, [changed], monkeypatch)
        assert (shown.id, shown.title, shown.abstract) == ("t", "Transformer", "New")
        assert shown.bookmarked
        assert library.papers(["10.1000/1"])[0].title == "Transformer"
        assert library.search("new", local=True).total == 1

    def test_copy_of_an_unchanged_document_is_not_written(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        papers = [
            Paper("Transformer", r"The $\alpha$ of it…", "t", ("A. B",), year=2017, votes=3,
                  date="2017-06", doi="10.1000/1", categories=("cs.CL",), keywords=("x", "y"),
                  url="https://host/a", urls=("https://host/b",), type="article-journal"),
            Paper("Transformer of words", id="w"),
        ]  # fmt: skip
        self.listed(library, papers, monkeypatch)
        library.index.sync()
        self.listed(library, papers, monkeypatch)
        assert library.index.pending() == 0

    def test_paper_of_another_source_stays_as_it_is(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paper = Paper("Transformer", "Mine", "t", doi="10.1000/1")
        library.add([paper], "own")
        (shown,) = self.listed(library, [replace(paper, abstract="Theirs")], monkeypatch)
        assert shown.abstract == "Mine"


class TestDeadline:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        now = [100.0]
        monkeypatch.setattr("index.corpus.cluster.time.monotonic", lambda: now[0])
        return now

    @pytest.fixture
    def asked(
        self, library: Library, clock: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> list[tuple[float, str]]:
        """The timeouts of requests in seconds, and of searches; each takes 1.5 seconds."""
        found: list[tuple[float, str]] = []

        def search(*, body: dict[str, Any], request_timeout: Any, **_: object) -> dict[str, Any]:
            found.append((request_timeout.total, body["timeout"]))
            clock[0] += 1.5
            return answered([Paper("Speech and language", id="s")])

        assert library.corpus
        monkeypatch.setattr(library.corpus.reader.cluster.client, "search", search)
        return found

    @pytest.fixture
    def library(self, tmp_path: Path) -> Iterator[Library]:
        with Library.open(tmp_path / "library") as library:
            library.connect(NOWHERE)
            library.add([Paper("Hidden", id="h")], "own")
            library.apply(Dismissed(("h",), True))
            yield library

    def test_requests_of_a_search_share_its_deadline(
        self, library: Library, asked: list[tuple[float, str]]
    ) -> None:
        results = library.search("speech language")
        assert asked == [(4.0, "2000ms"), (2.5, "1300ms")]
        assert results.exact
        assert results.dismissed == 1

    def test_answer_without_its_late_part_is_incomplete(
        self, library: Library, asked: list[tuple[float, str]]
    ) -> None:
        results = library.search("speech language", stop=Stop(1.4))
        assert [round(seconds, 6) for seconds, _ in asked] == [1.4]
        assert results.index == "corpus"
        assert not results.exact
        assert "papers that the corpus did not return in time" in results.notes[-1].message

    def test_library_answers_a_search_that_is_stopped(
        self, library: Library, asked: list[tuple[float, str]]
    ) -> None:
        results = library.search("hidden is:dismissed OR other", stop=Stop(0))
        assert not asked
        note = results.notes[0].message
        assert note == "your library answers instead: papers on 127.0.0.1 does not answer in time"

    def test_facets_and_rows_have_a_deadline_of_their_own(
        self, library: Library, asked: list[tuple[float, str]], clock: list[float]
    ) -> None:
        results = library.search("speech", stop=Stop(4))
        clock[0] += 100
        asked.clear()
        assert results.rows.ask
        assert library.corpus
        library.corpus.reader.search(replace(results.rows.ask, cursor=1))
        assert asked[0] == (4.0, "2000ms")

    def test_hosts_that_cannot_be_reached_share_the_time(
        self, clock: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from opensearchpy.exceptions import ConnectionError as Unreachable

        cluster = Cluster("http://127.0.0.1:1,localhost:2,127.0.0.1:3/papers")
        waits: list[float] = []

        def search(*, request_timeout: Any, **_: object) -> None:
            waits.append(request_timeout.connect_timeout)
            clock[0] += request_timeout.connect_timeout
            raise Unreachable("N/A", "", Exception())

        monkeypatch.setattr(cluster.client, "search", search)
        with pytest.raises(CorpusUnavailable):
            cluster.search({})
        assert sum(waits) == pytest.approx(4.0)
        assert len(waits) == 3

    def test_silent_host_leaves_half_of_the_time_to_another(
        self, clock: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from opensearchpy.exceptions import ConnectionTimeout

        cluster = Cluster("http://127.0.0.1:1,localhost:2,127.0.0.1:3/papers")
        waits: list[tuple[str, float]] = []

        def search(*, body: dict[str, Any], request_timeout: Any, **_: object) -> None:
            waits.append((body["timeout"], request_timeout.total))
            clock[0] += request_timeout.total
            raise ConnectionTimeout("TIMEOUT", "timed out", Exception("timed out"))

        monkeypatch.setattr(cluster.client, "search", search)
        with pytest.raises(CorpusUnavailable, match="timed out"):
            cluster.search({})
        assert waits == [("1400ms", 2.0), ("1400ms", 2.0)]

    def test_write_that_takes_too_long_is_not_sent_to_another_host(
        self, clock: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from opensearchpy.exceptions import ConnectionTimeout

        cluster = Cluster("http://127.0.0.1:1,localhost:2/papers")
        waits: list[float] = []

        def bulk(*, request_timeout: Any) -> None:
            waits.append(request_timeout.total)
            raise ConnectionTimeout("TIMEOUT", "timed out", Exception("timed out"))

        monkeypatch.setattr(cluster.client, "bulk", bulk)
        with pytest.raises(CorpusUnavailable):
            cluster.ask("bulk", seconds=60)
        assert waits == [60]

    def test_completion_and_related_papers_have_one_deadline(
        self, library: Library, asked: list[tuple[float, str]]
    ) -> None:
        library.completions.complete("speec")
        assert asked.pop()[0] == pytest.approx(0.8)
        assert not library.related(["h"])
        assert [seconds for seconds, _ in asked] == [4.0, 2.5, 1.0][: len(asked)]
        assert len(asked) > 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [(401, "user or password is wrong"), (429, "it has too much to do now"),
     (503, "its shards are not ready")],
)  # fmt: skip
def test_refusal_is_named(service: FakeService, status: int, reason: str) -> None:
    service.answers = lambda _: Answer('{"error": {"root_cause": []}}', status, JSON_HEADERS)
    with pytest.raises(CorpusUnavailable, match=f"papers on 127.0.0.1 refused: {reason}"):
        Cluster(f"{service.url}/papers").search({})


class TestFailure:
    @pytest.fixture
    def library(self, tmp_path: Path) -> Iterator[Library]:
        with Library.open(tmp_path / "library") as library:
            library.connect(NOWHERE)
            library.add([Paper("Attention is all you need", id="a"), Paper("Other")], "own")
            yield library

    def test_library_answers_and_says_so(self, library: Library) -> None:
        results = library.search("attention")
        assert [hit.id for hit in results.hits] == ["a"]
        assert [note.message for note in results.notes] == [
            "your library answers instead: papers on 127.0.0.1 does not answer: connection refused"
        ]
        assert library.facets(results)
        assert library.search("").total == 2

    def test_order_of_the_library_alone_is_noted(self, library: Library) -> None:
        for query in ("", "attention"):
            notes = [note.message for note in library.search(query, sort="likely").notes]
            assert "your library answers instead: a corpus is not sorted by likely" in notes
            assert not any("refused" in note for note in notes)
        assert not library.search("is:later", sort="relevance").notes

    def test_marks_are_answered_without_the_corpus(self, library: Library) -> None:
        library.apply(Bookmark(("a",), True))
        assert not library.search("is:bookmarked attention").notes

    def test_saved_search_is_counted_in_the_library(self, library: Library) -> None:
        library.saved.add("heed", "attention")
        library.saved.add("kept", "is:bookmarked")
        library.apply(Bookmark(("a",), True))
        assert [count.count for count in library.saved.counts()] == [1, 1]

    def test_dead_cluster_is_not_asked_again_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = [100.0]
        monkeypatch.setattr("index.corpus.cluster.time.monotonic", lambda: now[0])
        cluster = Cluster(NOWHERE)
        with pytest.raises(CorpusUnavailable, match="connection refused"):
            cluster.search({})
        asked: list[object] = []
        monkeypatch.setattr(cluster.client, "search", lambda **options: asked.append(options))
        with pytest.raises(CorpusUnavailable, match="connection refused"):
            cluster.search({})
        assert not asked
        now[0] += RETRY_S
        cluster.search({})
        assert len(asked) == 1

    def test_other_completions_and_related_papers_come_from_the_library(
        self, library: Library
    ) -> None:
        assert library.completions.complete("attent") is None
        assert library.related(["a"]) == ()

    def test_facets_of_a_dead_cluster_raise(self, library: Library) -> None:
        assert library.corpus
        with pytest.raises(CorpusUnavailable):
            count_facets(library.corpus.reader, Ask(Everything()), {}, 0, 10)

    def test_refusal_names_what_to_set(self, service: FakeService, tmp_path: Path) -> None:
        service.answers = lambda _: Answer('{"error": "no", "status": 401}', 401, JSON_HEADERS)
        with Library.open(tmp_path / "library") as library:
            library.connect(f"{service.url}/papers")
            assert "set CARREL_CORPUS_USER" in library.search("x").notes[0].message

    def test_invalid_setting_is_printed_and_the_library_searched(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from click.testing import CliRunner

        from tui.cli.main import cli

        config = tmp_path / "config.toml"
        config.write_text('corpus = "https://me:secret@host/papers"\n')
        monkeypatch.setenv("CARREL_CONFIG", str(config))
        monkeypatch.delenv("CARREL_CORPUS", raising=False)
        done = CliRunner().invoke(cli, ["--library", str(tmp_path / "library"), "source"])
        assert "has no user or password" in done.stderr
        shown = CliRunner().invoke(cli, ["--debug", str(tmp_path / "log"), "config", "show"])
        assert "corpus = " in shown.stderr
        checked = CliRunner().invoke(cli, ["--library", str(tmp_path / "library"), "doctor"])
        assert "corpus = " in checked.output
        log = (tmp_path / "log").read_text()
        assert "secret" not in f"{done.output}{shown.output}{checked.output}{log}"
