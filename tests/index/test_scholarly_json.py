"""JSON of Semantic Scholar, OpenAlex, Crossref and the arXiv snapshot."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import READERS, detect
from index.formats.records.markup import plain
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper
from index.text.cleaning import clean
from index.text.latex.decoding import plain_arxiv

DATA = Path(__file__).parents[1] / "data" / "json"
FILES = {
    "huggingface-daily.json": "huggingface",
    "huggingface-paper.json": "huggingface",
    "huggingface-scraped.json": "huggingface",
    "semantic-scholar-search.json": "semantic-scholar",
    "openalex-works.json": "openalex",
    "crossref-works.json": "crossref",
    "arxiv-snapshot.jsonl": "arxiv-snapshot",
    "csl-zotero.json": "csl",
}


def entries(form: str, data: bytes) -> list[ParsedPaper | Skipped]:
    read = READERS[form].read
    assert read
    return list(read(io.BytesIO(data), Origin("file.json")))


def papers(form: str, *shapes: object) -> list[Paper]:
    read = entries(form, json.dumps(shapes).encode())
    assert all(isinstance(entry, ParsedPaper) for entry in read)
    return [entry.paper for entry in read if isinstance(entry, ParsedPaper)]


def of_file(name: str) -> list[Paper]:
    read = entries(FILES[name], (DATA / name).read_bytes())
    return [entry.paper for entry in read if isinstance(entry, ParsedPaper)]


class TestRecognising:
    @pytest.mark.parametrize(("name", "form"), FILES.items())
    def test_format_is_detected_by_content(self, name: str, form: str) -> None:
        data = (DATA / name).read_bytes()
        for layout in (data, b"\xef\xbb\xbf \r\n" + data):
            found = detect(layout[:65_536], "download.txt")
            assert found
            assert found.name == form

    @pytest.mark.parametrize(("name", "form"), FILES.items())
    def test_json_lines_and_pretty_printed_json_are_recognised(self, name: str, form: str) -> None:
        text = (DATA / name).read_text(encoding="utf-8")
        if name.endswith("jsonl"):
            shapes = [json.loads(line) for line in text.splitlines()]
        else:
            shapes = json.loads(text)
        inner = shapes if isinstance(shapes, list) else [shapes]
        lines = "\n".join(map(json.dumps, inner))
        for layout in (lines, json.dumps(shapes, indent=4), json.dumps(inner[0], indent=1)):
            found = detect(layout.encode()[:65_536], "download")
            assert found
            assert found.name == form
            assert entries(form, layout.encode())

    @pytest.mark.parametrize(
        ("text", "form"),
        [
            ('{"id": "a", "title": "A"}\n{"id": "b", "title": "B"}', "jsonl"),
            ('[{"id": "a", "title": "A"}]', "json"),
            ('{"papers": [{"id": "a", "title": "A"}]}', "json"),
            ('{\n  "id": "a",\n  "title": "A"\n}', "json"),
            ('{"title": "A", "abstract": "' + "x " * 40_000 + '"}', "jsonl"),
            ('{"papers": [{"title": "A", "abstract": "' + "x " * 40_000 + '"}]}', "json"),
            ('{"title": "On \\"paperId\\": and \\"authors_parsed\\": too"}', "jsonl"),
        ],
    )
    def test_own_json_is_not_recognised_as_another_format(self, text: str, form: str) -> None:
        found = detect(text.encode()[:65_536], "file")
        assert found
        assert found.name == form

    @pytest.mark.parametrize("text", ["@article{a, title={B}}", "A title\nAn abstract.", "TY  - J"])
    def test_other_text_is_not_recognised(self, text: str) -> None:
        found = detect(text.encode(), "file")
        assert found is None or found.name not in {*FILES.values(), "json", "jsonl"}


class TestSemanticScholar:
    def test_search_response_gives_all_fields(self) -> None:
        first, second = of_file("semantic-scholar-search.json")
        assert (first.title, first.abstract) == ("Desks and Lamps", "We study desks.")
        assert first.authors == ("Mira Okafor", "Jonas Lindqvist")
        assert (first.year, first.date) == (2025, "2025-03-10")
        assert (first.arxiv_id, first.doi) == ("2503.04242", "10.1234/desk.1")
        assert first.venue == "Conference on Desks"
        assert first.urls == ("https://www.example.org/desk.pdf",)
        assert first.categories == ("Computer Science",)
        assert first.votes is None
        assert (second.abstract, second.venue) == ("", "arXiv.org")
        assert second.categories == ("Physics",)

    def test_generated_summary_is_no_abstract(self) -> None:
        (paper,) = papers("semantic-scholar", {"paperId": "a", "title": "T", "tldr": {"text": "x"}})
        assert paper.abstract == ""

    def test_null_papers_are_skipped_with_their_place(self) -> None:
        found, missing = entries("semantic-scholar", b'[{"paperId": "a", "title": "T"},\nnull]')
        assert isinstance(found, ParsedPaper)
        assert missing == Skipped(2, 'not a JSON object; write papers as {"title": …}')

    def test_citations_and_dataset_lines_are_read(self) -> None:
        cited, line, old = papers(
            "semantic-scholar",
            {"citingPaper": {"paperId": "a", "title": "Cited"}, "contexts": []},
            {"corpusid": 1, "externalids": {"ArXiv": "2101.00001"}, "title": "Line",
             "authors": [{"name": "Ada Lovelace"}], "publicationdate": "2021-01-02",
             "s2fieldsofstudy": [{"category": "Art"}], "journal": {"name": "J"}, "venue": ""},
            {"paper_id": "1", "title": "Old", "authors": [{"first": "Ada", "middle": ["B."],
             "last": "Lovelace", "suffix": ""}], "arxiv_id": "hep-th/9901001", "journal": "PRL",
             "venue": None, "doi": "10.1234/x"},
        )  # fmt: skip
        assert cited.title == "Cited"
        assert (line.arxiv_id, line.authors, line.date) == (
            "2101.00001", ("Ada Lovelace",), "2021-01-02",
        )  # fmt: skip
        assert (line.venue, line.categories) == ("J", ("Art",))
        assert (old.authors, old.venue) == (("Ada B. Lovelace",), "PRL")
        assert (old.arxiv_id, old.doi) == ("hep-th/9901001", "10.1234/x")


class TestOpenAlex:
    def test_page_of_works_gives_all_fields(self) -> None:
        first, second = of_file("openalex-works.json")
        assert first.title == "The state of desks"
        assert first.abstract == "Desks are wide. Lamps are bright."
        assert first.authors == ("Heather Desk", "Jonas Lindqvist")
        assert (first.year, first.date, first.venue) == (2018, "2018-02-13", "DeskJ")
        assert (first.doi, first.arxiv_id) == ("10.7717/peerj.4375", "1802.00001")
        assert first.keywords == ("Desk", "Furniture and reading")
        assert first.urls == ("https://peerj.example/4375.pdf",)
        assert (second.title, second.year, second.keywords) == ("Lamps", 2019, ("Lighting",))

    def test_invalid_word_positions_are_ignored(self) -> None:
        assert of_file("openalex-works.json")[1].abstract == "one"

    def test_truncated_author_list_sets_et_al(self) -> None:
        some = [{"author": {"display_name": f"A {n}"}} for n in range(100)]
        (paper,) = papers("openalex", {"title": "T", "authorships": some})
        assert paper.et_al


class TestCrossref:
    def test_list_of_works_gives_all_fields(self) -> None:
        first, second = of_file("crossref-works.json")
        assert first.title == "How readers read: A study & its end"
        assert first.authors == ("Mira Okafor", "The Reading Group")
        assert (first.year, first.date) == (2019, "2019-03")
        assert (first.venue, first.doi) == ("Journal of Reading", "10.1234/jr.2019.5")
        assert first.url == "https://press.example/jr/5"
        assert first.categories == ("Education",)
        assert (second.venue, second.date) == ("bioDesk", "2020-01-02")

    def test_markup_of_abstract_is_removed(self) -> None:
        assert of_file("crossref-works.json")[0].abstract == (
            "Background: Readers read much, p < 0.01. Results: With x² desks."
        )

    def test_single_work_is_read_with_and_without_envelope(self) -> None:
        work = json.loads((DATA / "crossref-works.json").read_text())["message"]["items"][0]
        answer = {"status": "ok", "message-type": "work", "message": work}
        assert papers("crossref", work) == papers("crossref", answer)


class TestArxivSnapshot:
    def test_snapshot_line_gives_all_fields(self) -> None:
        paper, _ = of_file("arxiv-snapshot.jsonl")
        assert paper.title == "On the width of desks and lamps"
        assert paper.authors == ("M. Okafor", "L. van Beethoven Jr.", "E. Álvarez")
        assert (paper.year, paper.date) == (2007, "2007-04-02")
        assert (paper.arxiv_id, paper.doi) == ("0704.0001", "10.1103/PhysRevD.76.013009")
        assert paper.venue == "J. Desks"
        assert paper.categories == ("hep-ph", "cs.DL")
        assert paper.code == ("https://github.com/example/desks",)
        assert paper.abstract == (
            "A desk of width α by Schrödinger and Erdős is wide. It costs 5% more."
        )

    def test_missing_fields_are_derived_from_others(self) -> None:
        _, paper = of_file("arxiv-snapshot.jsonl")
        assert paper.authors == ("Jonas Lindqvist", "A. B. Chen", "C. D.")
        assert (paper.arxiv_id, paper.date) == ("hep-th/9901001", "2009-01-02")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a <i>b</i> c", "a b c"),
        ("H<sub>2</sub>O", "H2O"),
        ("<p>One.</p><p>Two.</p>", " One.  Two. "),
        ("x<y and z>w", "x<y and z>w"),
        ("if p < q then a > b", "if p < q then a > b"),
        ("R&amp;D &amp;lt; all", "R&D < all"),
        ("&lt;jats:p&gt;Escaped&lt;/jats:p&gt;", " Escaped "),
        ('<span class="nocase">GPT</span>', "GPT"),
        ("a <b", "a <b"),
        pytest.param("&#" + "9" * 5000 + ";", "", id="a character of 5,000 digits"),
    ],
)
def test_markup_is_removed_and_similar_text_preserved(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_any_markup_is_read_in_linear_time() -> None:
    for part in (
        "<jats:alternatives><jats:tex-math>",
        "<!--",
        "<title>",
        "<p ",
        "&lt;i ",
        "{\\em ",
    ):
        assert isinstance(plain_arxiv(plain(part * 20_000)), str)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Erd\H{o}s and Schr\"odinger", "Erdős and Schrödinger"),
        (r"{\'E}tale \emph{maps} of {\bf R}", "Étale maps of R"),
        (r"$\{x\}$ in ${\cal O}(n)$ and {GPT}", r"$\{x\}$ in ${\cal O}(n)$ and GPT"),
        (r"100\% \& more", "100% & more"),
        ("plain", "plain"),
    ],
)
def test_arxiv_latex_is_decoded_and_math_preserved(written: str, read: str) -> None:
    assert plain_arxiv(written) == read


NAMES = ("title id paper authors abstract summary details message items results data issued author "
         "date-parts container-title DOI externalIds ArXiv authorships primary_location journal "
         "abstract_inverted_index versions authors_parsed categories comments note number URL "
         "keyword keywords subject venue year upvotes created literal family").split()  # fmt: skip
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["arXiv:2101.00001", "2020-13-45", "\x1b[2J", "\ud800", "<i>", "{\\'"]),
    lambda within: st.lists(within, max_size=3)
    | st.dictionaries(st.sampled_from(NAMES), within, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize("form", sorted({*FILES.values(), "json"}))
@given(shape=st.dictionaries(st.sampled_from(NAMES), _VALUES, max_size=8))
def test_any_values_are_read_without_exception(form: str, shape: dict[str, object]) -> None:
    for entry in entries(form, json.dumps([{**shape, "title": "A title"}, shape]).encode()):
        if isinstance(entry, ParsedPaper):
            texts = (entry.paper.title, entry.paper.abstract, entry.paper.venue, entry.paper.doi)
            assert all(clean(text) == text for text in (*texts, *entry.paper.authors))


@pytest.mark.parametrize("form", sorted({*FILES.values(), "json"}))
@given(data=st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_without_exception(form: str, data: bytes) -> None:
    assert isinstance(entries(form, b"[" + data), list)
