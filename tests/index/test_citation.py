"""Citation data: names in their parts, CSL variables, their JSON, their merging, their storage."""

import io
import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library, Paper
from index.formats import READERS, Origin, ParsedPaper, detect, write_papers
from index.papers.citation import (
    DATE_VARIABLES,
    NAME_VARIABLES,
    NO_CITATION,
    TYPES,
    VARIABLES,
    Citation,
    KeptFields,
    build_citation,
    citation_from_csl,
    citation_to_csl,
    date_from_csl,
)
from index.papers.facts import publication_facts
from index.papers.json_record import as_json, as_line, from_json
from index.papers.merging import merge_papers
from index.papers.names import (
    Name,
    family_name,
    from_csl,
    guess_name,
    name_key,
    parse_inverted,
    to_csl,
)
from index.papers.paper import build_paper

MARQUEZ = Name("García Márquez", "Gabriel")
POUSSIN = Name("Vallée Poussin", "Charles", "de la")
KING = Name("King", "Martin L.", suffix="Jr.")
OLIVEIRA = Name("Oliveira", "Maria Manuel", dropping_particle="de")
WHO = Name(literal="World Health Organization")
BARNES = Name(literal="Barnes and Noble, Inc.")
NAMES = (MARQUEZ, POUSSIN, KING, OLIVEIRA, WHO, BARNES)

BOOK = build_citation(
    {"publisher": "Pub House", "publisher-place": "Berlin", "ISBN": "978-1", "edition": "2"},
    {"editor": [Name("Ed", "Ian")], "translator": [Name("Moe", "Bo"), WHO]},
    [KeptFields("bibtex", "book", (("shelf", "B 7"), ("shelf", "B 8"), ("totalpages", "310")))],
)


# -- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown", "inverted"),
    [
        (MARQUEZ, "Gabriel García Márquez", "García Márquez, Gabriel"),
        (POUSSIN, "Charles de la Vallée Poussin", "de la Vallée Poussin, Charles"),
        (KING, "Martin L. King Jr.", "King, Martin L., Jr."),
        (OLIVEIRA, "Maria Manuel de Oliveira", "Oliveira, Maria Manuel de"),
        (WHO, "World Health Organization", "World Health Organization"),
        (BARNES, "Barnes and Noble, Inc.", "Barnes and Noble, Inc."),
        (Name("Alembert", "Jean", "d'"), "Jean d'Alembert", "d'Alembert, Jean"),
        (Name("毛", "泽东"), "毛泽东", "毛, 泽东"),
        (Name("King", "M.", suffix="Jr.", comma_suffix=True), "M. King, Jr.", "King, M., Jr."),
        (Name("Aristotle"), "Aristotle", "Aristotle"),
    ],
)
def test_name_is_written_in_both_orders(name: Name, shown: str, inverted: str) -> None:
    assert (str(name), name.inverted) == (shown, inverted)


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_inverted_name_is_read_back(name: Name) -> None:
    assert parse_inverted(name.inverted) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("King, Jr., Martin L.", KING),
        ("King, Martin L. Jr.", KING),
        ("World Health Organization,", WHO),
        ("University of California,, Irvine", Name(literal="University of California, Irvine")),
        ("van der Berg, Ann", Name("Berg", "Ann", "van der")),
        ("Van Assche, Gilles", Name("Van Assche", "Gilles")),
        ("de", Name(literal="de")),
        ("hooks, bell", Name("hooks", "bell")),
        ("Uddin, Md", Name("Uddin", "Md")),
        ("", Name()),
    ],
)
def test_inverted_name_is_parsed(written: str, name: Name) -> None:
    assert parse_inverted(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ludwig van Beethoven", Name("Beethoven", "Ludwig", "van")),
        ("Martin L. King Jr.", KING),
        ("Martin L. King, Jr.", Name("King", "Martin L.", suffix="Jr.", comma_suffix=True)),
        ("The BigScience Team", Name(literal="The BigScience Team")),
        ("Cher", Name("Cher")),
        ("Barnes and Noble, Inc.", BARNES),
        ("Van Nguyen", Name("Nguyen", "Van")),
        ("", Name(literal="")),
    ],
)
def test_name_in_natural_order_is_guessed(written: str, name: Name) -> None:
    assert guess_name(written) == name


def test_family_name_of_plain_text_is_its_last_word() -> None:
    authors = ("Ada Lovelace", "Ludwig van Beethoven", "Martin King Jr.")
    assert [family_name(author) for author in authors] == ["Lovelace", "Beethoven", "King"]
    assert [name_key(name) for name in NAMES[:2]] == ["garciamarquez", "valleepoussin"]
    assert name_key(WHO) == "worldhealthorganization"


words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=12)
parts = st.builds(Name, words, words, words, words, words, st.just(""), st.just(False))


@given(parts)
def test_name_survives_csl(name: Name) -> None:
    read = from_csl(to_csl(name))
    assert read is None or from_csl(to_csl(read)) == read


@pytest.mark.parametrize(
    "shape", [{}, {"family": 7}, {"family": ""}, {"literal": " "}, {"given": ["A"]}]
)
def test_csl_name_without_text_is_none(shape: dict[str, object]) -> None:
    assert from_csl(shape) is None


# -- citations -------------------------------------------------------------------------------------


def test_citation_survives_csl() -> None:
    assert citation_from_csl(citation_to_csl(BOOK)) == BOOK
    assert hash(BOOK) == hash(citation_from_csl(json.loads(json.dumps(citation_to_csl(BOOK)))))


def test_citation_values_are_clean_and_known() -> None:
    cited = build_citation({"volume": " 7\x1b[31m ", "colour": "red", "issue": ""})
    assert cited == Citation((("volume", "7"),))
    assert build_citation({"colour": "red"}, {"friend": [WHO]}) is NO_CITATION
    assert not NO_CITATION
    assert BOOK.get("issue", "edition") == "2"


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ({"date-parts": [[2020, 5, 1]]}, "2020-05-01"),
        ({"date-parts": [["2020", "5"]]}, "2020-05"),
        ({"date-parts": [[2020, 5, 1], [2020, 5, 3]]}, "2020-05-01/2020-05-03"),
        ({"raw": "Spring 2020"}, "Spring 2020"),
        ({"date-parts": [[]], "literal": "n.d."}, "n.d."),
        ("2020-05", "2020-05"),
        (7, ""),
    ],
)
def test_csl_date_is_read(date: object, read: str) -> None:
    assert date_from_csl(date) == read


variables = st.dictionaries(
    st.sampled_from(sorted(VARIABLES | DATE_VARIABLES)), st.text(max_size=30), max_size=4
)
people = st.dictionaries(
    st.sampled_from(sorted(NAME_VARIABLES)), st.lists(st.sampled_from(NAMES)), max_size=2
)


@given(variables, people, st.sampled_from(sorted(TYPES)))
def test_any_paper_survives_a_json_line(
    values: dict[str, str], named: dict[str, list[Name]], kind: str
) -> None:
    paper = build_paper(title="T", type=kind, names=NAMES, citation=build_citation(values, named))
    assert from_json(json.loads(as_line(as_json(paper)))) == paper


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["custom", "bibtex", "type", "fields", "volume", "editor", "accessed"]
                ),
                inner,
            )
        ),
    )
)
def test_any_json_is_a_citation(shape: object) -> None:
    read = citation_from_csl(shape if isinstance(shape, dict) else {})
    assert citation_from_csl(citation_to_csl(read)) == read


# -- papers ----------------------------------------------------------------------------------------


def test_authors_are_those_of_names() -> None:
    paper = build_paper(title="T", names=[MARQUEZ, KING, MARQUEZ])
    assert paper.authors == ("Gabriel García Márquez", "Martin L. King Jr.")
    assert paper.names == (MARQUEZ, KING)


def test_authors_that_differ_from_names_have_no_parts() -> None:
    assert build_paper(title="T", authors=["Ann Lee"], names=[KING]).names == ()


def test_unknown_type_is_dropped() -> None:
    assert build_paper(title="T", type="zine").type == ""


def test_json_line_without_new_keys_is_read_as_before() -> None:
    paper = from_json({"title": "T", "authors": ["Ada Lovelace"]})
    assert paper == Paper("T", authors=("Ada Lovelace",))


def test_library_returns_the_whole_citation(library: Library) -> None:
    paper = build_paper(title="Rivers", id="b1", type="book", names=NAMES, citation=BOOK)
    library.add([paper], "file")
    (stored,) = library.papers(["b1"])
    assert (stored.type, stored.names, stored.citation) == ("book", NAMES, BOOK)


def _file_of(papers: Iterable[Paper]) -> str:
    return "".join(as_line(as_json(paper)) for paper in papers)


def test_json_lines_of_a_library_import_unchanged(library: Library) -> None:
    library.add([build_paper(title="Rivers", id="b1", names=NAMES, citation=BOOK)], "file")
    read = READERS["jsonl"].read
    assert read is not None
    lines = io.BytesIO(_file_of(library.papers(["b1"])).encode())
    found = [item for item in read(lines, Origin("f")) if isinstance(item, ParsedPaper)]
    assert library.add([item.paper for item in found], "file") == ["unchanged"]


def test_exported_json_is_recognised_as_json() -> None:
    paper = build_paper(title="Rivers", venue="J", type="article-journal", names=NAMES,
                        citation=build_citation({"container-title": "J"}))  # fmt: skip
    for name in ("json", "jsonl"):
        written = "".join(write_papers([paper], name)).encode()
        for file in ("", f"papers.{name}"):
            form = detect(written, file)
            assert form
            assert form.name == name


def test_edited_book_of_a_short_title_is_known_by_its_editors(library: Library) -> None:
    book = build_paper(title="An edited book", id="b5", type="book", year=2017,
                       citation=build_citation(people={"editor": [Name("Ed", "Ian")]}))  # fmt: skip
    library.add([book], "one")
    library.add([book], "two")
    assert len(library.papers(["b5"])) == 1
    assert library.search("edited book").total == 1


# -- merging ---------------------------------------------------------------------------------------


def test_merge_fills_in_citation_and_parts_of_names() -> None:
    bare = Paper("T", authors=("Gabriel García Márquez", "M. King"), id="a")
    full = build_paper(
        title="T", id="b", type="book", names=[MARQUEZ, Name("King", "Martin")], citation=BOOK
    )
    merged = merge_papers(bare, full)
    assert (merged.type, merged.citation, merged.known_as) == ("book", BOOK, ("b",))
    assert (merged.names, merged.authors) == (full.names, full.authors)
    assert merge_papers(merged, full) == merged


def test_merge_keeps_authors_whose_parts_are_shorter() -> None:
    bare = Paper("T", authors=("Gabriel García Márquez",))
    short = build_paper(title="T", names=[Name("García Márquez", "G.")])
    assert merge_papers(bare, short).authors == bare.authors


def test_merge_of_a_preprint_takes_the_published_version() -> None:
    preprint = Paper("T", type="article", venue="arXiv", citation=build_citation({"number": "1"}))
    published = Paper(
        "T", type="article-journal", venue="J. Rivers", citation=build_citation({"volume": "7"})
    )
    for merged in (merge_papers(preprint, published), merge_papers(published, preprint)):
        assert (merged.type, merged.venue) == ("article-journal", "J. Rivers")
        assert merged.citation == build_citation({"number": "1", "volume": "7"})


def test_merge_of_a_report_and_its_article_does_not_mix_them() -> None:
    report = Paper("T", type="report", citation=build_citation({"number": "TR-5"}))
    article = Paper("T", type="article-journal", citation=build_citation({"volume": "7"}))
    assert merge_papers(report, article).citation == report.citation


# -- facts for reading -----------------------------------------------------------------------------


def test_publication_facts_name_what_is_known() -> None:
    cited = build_citation(
        {"container-title": "Handbook of Water", "volume": "7", "page": "1-9", "publisher": "House",
         "publisher-place": "Bonn", "edition": "2", "collection-title": "LNCS", "ISBN": "978-1"},
        {"editor": [Name("Ed", "Ian")]},
    )  # fmt: skip
    facts = publication_facts(Paper("T", type="chapter", citation=cited))
    assert facts == [
        "chapter", "in Handbook of Water", "vol. 7, pp. 1\u20139", "LNCS", "edition 2",
        "House, Bonn", "edited by Ian Ed", "ISBN 978-1",
    ]  # fmt: skip
    assert publication_facts(Paper("T")) == []


def test_text_shows_the_facts_of_a_publication() -> None:
    paper = Paper("T", venue="House", type="book", citation=BOOK)
    written = "".join(write_papers([paper], "text"))
    assert "edited by Ian Ed" in written
    assert "ISBN 978-1" in written
