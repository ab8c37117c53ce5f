"""CSL-JSON and JSON: reading and writing."""

import io
import json
import string
from dataclasses import replace
from pathlib import Path

import citeproc
import pytest
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st

from index.formats import WRITERS, Style, csl, detect, writer_for
from index.formats import json as plain_json
from index.formats.records.csl_values import day_of
from index.papers.citation import NO_CITATION, build_citation
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.names import from_csl
from index.papers.paper import Paper, SourceRef, build_paper
from tests.examples import examples

DATA = Path(__file__).parents[1] / "data" / "json"

ATTENTION = build_paper(
    title="Attention Is All You Need",
    authors=["Ashish Vaswani", "Ludwig van Beethoven", "John Smith Jr.", "OpenAI Team", "Plato"],
    date="2017-06-12", venue="NeurIPS", arxiv_id="1706.03762", doi="10.1234/x", keywords=["a", "b"],
    abstract="The dominant models are recurrent.", url="https://x.org/attention",
)  # fmt: skip


def found(data: bytes) -> list[ParsedPaper | Skipped]:
    return list(csl.read(io.BytesIO(data), Origin("items.json")))


def papers(data: bytes | str) -> list[Paper]:
    entries = found(data if isinstance(data, bytes) else data.encode())
    return [entry.paper for entry in entries if isinstance(entry, ParsedPaper)]


def paper_of(**item: object) -> Paper:
    (paper,) = papers(json.dumps([{"title": "T", **item}]))
    return paper


def item_of(paper: Paper) -> dict[str, object]:
    (item,) = json.loads("".join(csl.write([paper])))
    assert isinstance(item, dict)
    return item


class TestReading:
    def test_article_gives_all_fields(self) -> None:
        paper = papers((DATA / "csl-zotero.json").read_bytes())[0]
        assert paper.title == "How readers read: A study"
        assert paper.authors == ("Mira Okafor", "Ludwig van Beethoven Jr.", "The Reading Group")
        assert (paper.year, paper.date) == (2019, "2019-03-07")
        assert (paper.venue, paper.doi) == ("Journal of Reading", "10.1234/jr.2019.5")
        assert paper.arxiv_id == "1903.01234"
        assert paper.abstract == "Readers do read, in H2O & elsewhere."
        assert paper.id == ""

    def test_other_types_are_read(self) -> None:
        _, preprint, talk, book = papers((DATA / "csl-zotero.json").read_bytes())
        assert (preprint.id, preprint.arxiv_id) == ("lindqvist_desks_2020", "2003.00001")
        assert (preprint.authors, preprint.et_al) == (("Jonas Lindqvist",), True)
        assert (preprint.venue, preprint.date) == ("arXiv", "2020-03-01")
        assert preprint.keywords == ("desks", "lamps")
        assert (talk.venue, talk.arxiv_id) == ("Conference on Desks", "1801.00002")
        assert (talk.year, talk.date) == (2018, None)
        assert talk.keywords == ("one, two", "three")
        assert (book.authors, book.year, book.id) == ((), 1950, "")
        assert list(map(str, book.citation.names("editor"))) == ["Emma Editrix"]

    def test_item_without_title_is_skipped_with_its_line(self) -> None:
        skipped = found((DATA / "csl-zotero.json").read_bytes())[-1]
        assert skipped == Skipped(6, "no title; give the entry one")

    def test_single_item_is_read(self) -> None:
        assert papers('{"id": "a", "type": "book", "title": "T"}')[0].title == "T"

    @pytest.mark.parametrize(
        ("issued", "day"),
        [
            ({"date-parts": [[2017, 6, 12]]}, "2017-06-12"),
            ({"date-parts": [["2017", "06"]]}, "2017-06"),
            ({"date-parts": [[2017, 13]]}, "2017"),
            ({"date-parts": [2017, 6]}, "2017-06"),
            ({"date-parts": [["2011", 5, 25], ["2012", 6, 26]], "circa": True}, "2011-05-25"),
            ({"date-parts": [[2017]], "season": 3}, "2017"),
            ({"date-parts": [["-333", 1]]}, ""),
            ({"date-parts": [[0]]}, ""),
            ({"date-parts": []}, ""),
            ({"raw": "2017-06-12"}, "2017-06-12"),
            ({"raw": "2017-23"}, "2017"),
            ({"raw": "12 June 2017"}, "2017"),
            ({"literal": "13th cent"}, ""),
            ({"raw": "2017-06-12/2018-01-01"}, "2017-06-12"),
            ("2017-06", "2017-06"),
            ("2017?", "2017"),
            (2017, ""),
            (None, ""),
        ],
    )
    def test_date_is_read_to_known_precision(self, issued: object, day: str) -> None:
        assert day_of({"issued": issued}, "issued") == day

    @pytest.mark.parametrize(
        ("name", "order"),
        [
            ({"family": "Lovelace", "given": "Ada"}, "Ada Lovelace"),
            ({"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"},
             "Ludwig van Beethoven"),
            ({"family": "Smith", "given": "John", "suffix": "Jr."}, "John Smith Jr."),
            ({"literal": "The Group"}, "The Group"),
            ({"family": "Plato"}, "Plato"),
            ({"family": "", "given": 7}, ""),
        ],
    )  # fmt: skip
    def test_names_are_in_natural_order(self, name: dict[str, object], order: str) -> None:
        assert str(from_csl(name) or "") == order

    @pytest.mark.parametrize(
        ("id", "known"),
        [
            ("vaswani2017attention", "vaswani2017attention"),
            ("DBLP:conf/nips/Vaswani", "DBLP:conf/nips/Vaswani"),
            ("friends:leia:dvd", "friends:leia:dvd"),
            ("http://zotero.org/users/1/items/A", ""),
            ("zotero-5/ABCD", ""),
            ("1234/ABCD", ""),
            ("ITEM-1", ""),
            ("10.1234/x", ""),
            ("doi:10.1234/x", ""),
            (17, ""),
        ],
    )
    def test_citation_key_is_the_id_and_generated_id_is_dropped(
        self, id: object, known: str
    ) -> None:
        assert paper_of(id=id).id == known

    @pytest.mark.parametrize(
        ("item", "arxiv"),
        [
            ({"number": "arXiv:1706.03762"}, "1706.03762"),
            ({"archive": "arXiv", "eprint": "1706.03762v5"}, "1706.03762"),
            ({"note": "Some words\narXiv: hep-th/9901001 [hep-th]"}, "hep-th/9901001"),
            ({"note": "{:arxiv: 1706.03762}"}, "1706.03762"),
            ({"DOI": "10.48550/arXiv.1706.03762"}, "1706.03762"),
            ({"URL": "http://arxiv.org/abs/1706.03762"}, "1706.03762"),
            ({"number": "1706.03762"}, ""),
            ({"DOI": "10.1234/1706.03762"}, ""),
        ],
    )
    def test_arxiv_id_is_found_in_any_field(self, item: dict[str, object], arxiv: str) -> None:
        assert paper_of(**item).arxiv_id == arxiv

    def test_fields_in_note_are_read(self) -> None:
        assert paper_of(note="DOI: 10.1234/x").doi == "10.1234/x"

    def test_real_items_are_read(self, shared: Path) -> None:
        for file in sorted((shared / "formats" / "csl-json").glob("*.json")):
            data = file.read_bytes()
            form = detect(data[:65_536], "items")
            assert form
            assert form.name == "csl"
            items = json.loads(data)
            entries = found(data)
            assert len(entries) == len(items)
            for item, entry in zip(items, entries, strict=True):
                assert isinstance(entry, ParsedPaper) == ("title" in item)
                if isinstance(entry, ParsedPaper):
                    paper = entry.paper
                    assert paper.id == item["id"]
                    assert len(paper.authors) == len(item.get("author", []))
                    assert len(paper.citation.names("editor")) == len(item.get("editor", []))
                    assert not set("<>{}").intersection(paper.title)
                    assert paper.doi == item.get("DOI", "")


class TestWriting:
    def test_item_has_all_fields(self) -> None:
        assert item_of(replace(ATTENTION, tags=("todo",), note="Read\nagain.")) == {
            "id": "vaswani2017attention",
            "type": "paper-conference",
            "title": "Attention Is All You Need",
            "author": [
                {"family": "Vaswani", "given": "Ashish"},
                {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
                {"family": "Smith", "given": "John", "suffix": "Jr."},
                {"literal": "OpenAI Team"},
                {"literal": "Plato"},
            ],
            "issued": {"date-parts": [[2017, 6, 12]]},
            "container-title": "NeurIPS",
            "DOI": "10.1234/x",
            "URL": "https://x.org/attention",
            "keyword": "a, b, todo",
            "abstract": "The dominant models are recurrent.",
            "note": "arXiv: 1706.03762",
            "annote": "Read\nagain.",
        }

    def test_title_alone_makes_an_item(self) -> None:
        assert item_of(Paper(title="T")) == {"id": "t", "type": "article", "title": "T"}

    def test_preprint_has_its_number(self) -> None:
        item = item_of(build_paper(title="T", arxiv_id="1706.03762", year=2017))
        assert (item["type"], item["number"]) == ("article", "arXiv:1706.03762")
        assert item["issued"] == {"date-parts": [[2017]]}

    def test_type_follows_venue(self) -> None:
        assert item_of(build_paper(title="T", venue="Journal of X"))["type"] == "article-journal"

    @pytest.mark.parametrize("name", ["Lovelace, Ada", "Ada Lovelace", "王小明", "A, B, C", ","])
    def test_any_name_has_family_or_literal(self, name: str) -> None:
        written = item_of(Paper("T", authors=(name,)))["author"]
        assert isinstance(written, list)
        assert [{"family", "literal"} & set(each) for each in written] != [set()]

    def test_file_extension_determines_format(self) -> None:
        for name, form in (("a.csl.json", "csl"), ("a.json", "json"), ("a.jsonl", "jsonl")):
            writer = writer_for(name)
            assert writer
            assert writer.name == form


_PLACEHOLDERS = frozenset(("na", "nan", "none", "null", "nil", "others", "et", "al", "etal"))
"""Words that stand for a value that is missing, or for authors who are not named."""

_WORDS = st.text(string.ascii_letters + "éßŁ中", min_size=1, max_size=8).filter(
    lambda word: word.lower() not in _PLACEHOLDERS
)
_PHRASES = st.lists(_WORDS, min_size=1, max_size=4).map(" ".join)
_NAMES = st.tuples(_WORDS, _WORDS).map(" ".join) | _WORDS
_ODD = st.text(max_size=8) | st.sampled_from(
    ["\x1b[2J", "<i>x</i>", "&amp;", "{", '"', ",", "von der", "et al.", "\ud800", "\u2028", "[{"]
)


@st.composite
def known(draw: st.DrawFn) -> Paper:
    """A paper with only values that CSL-JSON can represent."""
    date = draw(st.none() | st.dates().map(str).filter(lambda day: day >= "1000"))
    return build_paper(
        title=draw(_PHRASES), abstract=draw(_PHRASES | st.just("")),
        authors=draw(st.lists(_NAMES, max_size=3)),
        year=draw(st.none() | st.integers(1000, 9999)) if date is None else int(date[:4]),
        date=date, venue=draw(st.sampled_from(["", "NeurIPS", "Journal of Desks", "arXiv"])),
        url="https://x.org/a", arxiv_id=draw(st.sampled_from(["", "1706.03762", "cs/9901001"])),
        doi=draw(st.sampled_from(["", "10.1234/x"])),
        keywords=draw(st.lists(_PHRASES, max_size=3)),
    )  # fmt: skip


@given(st.lists(known(), max_size=3))
def test_csl_round_trips(many: list[Paper]) -> None:
    read = papers("".join(csl.write(many)))
    bare = [replace(p, id="", type="", names=(), citation=NO_CITATION) for p in read]
    assert bare == many


def test_item_is_given_back_whole() -> None:
    items = [
        {
            "id": "marquez1967", "type": "book", "title": "Solitude, <i>a</i> study",
            "author": [
                {"family": "García Márquez", "given": "Gabriel"},
                {"family": "King", "given": "Martin L.", "suffix": "Jr.", "comma-suffix": True},
                {"family": "Vallée Poussin", "given": "C.", "non-dropping-particle": "de la"},
                {"literal": "Barnes and Noble, Inc."},
            ],
            "editor": [{"family": "Ed", "given": "Ian"}],
            "original-author": [{"literal": "Aristotle"}],
            "issued": {"date-parts": [[1967, 5], [1967, 6]], "circa": True},
            "accessed": {"date-parts": [[2020, 1, 2]]}, "edition": 2, "publisher": "House",
            "ISBN": "978-1", "container-title-short": "S.", "event": "Fair", "x-shelf": ["B", 7],
            "note": "Signed.", "language": "es", "custom": {"colour": "red"},
        },
        {"id": "k2", "type": "article-journal", "title": "Tides", "container-title": ["J. Rivers"],
         "volume": 7, "issue": "2", "page": "1-9", "citation-key": "k2",
         "issued": {"raw": "Spring 2020"}},
        {"id": "k3", "type": "zine", "title": "Tides"},
    ]  # fmt: skip
    written = json.loads("".join(csl.write(papers(json.dumps(items)))))
    assert written == items


def test_kept_value_gives_way_to_a_new_one() -> None:
    (paper,) = papers(json.dumps([{"title": "T", "type": "book", "edition": 2, "x": 1}]))
    changed = build_citation({"edition": "3"}, kept=paper.citation.kept)
    assert item_of(replace(paper, citation=changed)) == {
        "id": "t", "type": "book", "title": "T", "edition": "3", "x": 1
    }  # fmt: skip


hostile = st.builds(
    Paper, title=st.just("T"), abstract=_ODD, id=_ODD, authors=st.lists(_ODD).map(tuple),
    et_al=st.booleans(), year=st.none() | st.integers(1000, 9999), venue=_ODD, url=_ODD, doi=_ODD,
    arxiv_id=_ODD, keywords=st.lists(_ODD, max_size=2).map(tuple), note=_ODD,
    tags=st.lists(_ODD, max_size=2).map(tuple), sources=st.just((SourceRef("page", 1),)),
)  # fmt: skip


@examples(30)
@given(st.lists(hostile, max_size=3))
def test_citation_processor_formats_every_item(many: list[Paper]) -> None:
    items = json.loads("".join(csl.write(many)))
    assert len(items) == len(many)
    style = Path(citeproc.__file__).parent / "data" / "styles" / "harvard-cite-them-right.csl"
    bibliography = citeproc.CitationStylesBibliography(
        citeproc.CitationStylesStyle(str(style), validate=False),
        CiteProcJSON(items),
        citeproc.formatter.plain,
    )
    for item in items:
        bibliography.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
    assert len([str(entry) for entry in bibliography.bibliography()]) == len(many)


@pytest.mark.parametrize("name", ["csl", "json"])
class TestArrays:
    @given(many=st.lists(hostile, max_size=3))
    def test_any_papers_give_one_array_without_control_characters(
        self, name: str, many: list[Paper]
    ) -> None:
        write = WRITERS[name].write
        assert write
        file = "".join(write(many, Style()))
        assert len(json.loads(file)) == len(many)
        assert file.encode()
        assert file.replace("\n", "").isprintable()
        assert file.endswith("]\n")

    def test_papers_are_streamed(self, name: str) -> None:
        def endless() -> object:
            while True:
                yield ATTENTION

        write = WRITERS[name].write
        assert write
        pieces = write(endless(), Style())  # type: ignore[arg-type]  # an endless list is the point
        assert all(next(pieces) for _ in range(3))


@given(st.lists(known(), max_size=3))
def test_json_round_trips(many: list[Paper]) -> None:
    marked = [
        replace(paper, tags=("nlp/rag",), note="one\ntwo", bookmarked=True, read=True,
                sources=(SourceRef("page", 3),), added="2026-01-02T03:04:05+00:00")
        for paper in many
    ]  # fmt: skip
    file = "".join(plain_json.write(marked)).encode()
    read = plain_json.read(io.BytesIO(file), Origin("file.json"))
    assert [entry.paper for entry in read if isinstance(entry, ParsedPaper)] == marked
