"""Which records are of one paper: the rules, as a table of cases."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library, Paper
from index.papers.citation import build_citation
from index.papers.identifiers import parse_doi
from index.papers.identity import title_key
from index.papers.matching import titles
from index.papers.matching.abstracts import overlap
from index.papers.matching.choice import choose
from index.papers.matching.families import families, shared
from index.papers.matching.rules import Record, compare, is_preprint_doi
from index.papers.names import Name, build_name
from index.papers.paper import build_paper
from tests.bench import titles as bench_titles

TEXT = (
    "Sensors along forty lakes recorded temperature and oxygen for a decade, and a small network "
    "predicts both from weather alone with errors below those of hydrodynamic simulation."
)
REVISED = (
    "Over ten years sensors recorded temperature in forty lakes. A network predicts oxygen from "
    "weather with errors below those of simulation, and transfers between continents unchanged."
)
OTHER_TEXT = (
    "Medieval ledgers list the catch of every monastery pond, which allows prices of carp to be "
    "reconstructed and compared across three centuries of famine and plague."
)
TITLE = "Deep nets for lakes"


def record(title: str = TITLE, **known: Any) -> Record:
    """Return a record; page, volume, number and so on, and its `book`, are of its citation."""
    names = ("page", "volume", "issue", "edition", "version", "number", "PMID")
    variables = {name: known.pop(name, "") for name in names}
    variables["container-title"] = known.pop("book", "")
    known["citation"] = build_citation(variables)
    return Record(build_paper(title=title, **known))


def by(*authors: str, **known: Any) -> Record:
    return record(authors=authors, **known)


ARXIV, DOI = "1901.00001", "10.1000/lakes.1"

ONE = {
    "arXiv id, retitled and reworked": (
        record("Deep nets", arxiv_id="1901.00001v1", authors=["E. Ewe"], abstract=TEXT),
        record("Shallow seas", arxiv_id="1901.00001v3", authors=["Ewe, Eva"], abstract=OTHER_TEXT),
    ),
    "arXiv id, in a DOI of arXiv": (
        record(arxiv_id=ARXIV), record("Nets", doi="10.48550/arXiv.1901.00001"),
    ),
    "arXiv id, different published DOIs": (
        record(arxiv_id=ARXIV, doi="10.1000/a"), record(arxiv_id=ARXIV, doi="10.1000/b"),
    ),
    "DOI in another case": (record(doi=DOI), record(doi=DOI.upper(), year=2031)),
    "DOI, one without its subtitle": (
        record("Deep nets: a study of lakes", doi=DOI), record("Deep Nets", doi=DOI),
    ),
    "DOI, misspelled title": (
        record("A study of the nitrogen cycle in lakes", doi=DOI),
        record("A study of the nitrogen cycl in lakes", doi=DOI),
    ),
    "DOI, container, volume and first page": (
        record("Seen", doi=DOI, book="J. Lakes", volume="3", page="17-29"),
        record("Gesehen", doi=DOI, book="J. Lakes", volume="3", page="17"),
    ),
    "DOI, same abstract": (
        record("Lakes", doi=DOI, abstract=TEXT), record("Etangs", doi=DOI, abstract=TEXT),
    ),
    "preprint and published version a year later": (
        by("Ewe, E", "Fox, F", year=2019, arxiv_id=ARXIV),
        by("E. Ewe", "F. Fox", year=2020, doi="10.1000/PUB", venue="J. Lakes",
           title="Deep Nets for Lakes."),
    ),
    "preprint two years before, abstract rewritten": (
        by("Eva Ewe", year=2018, venue="arXiv cs.LG", abstract=TEXT),
        by("Ewe, Eva", year=2020, venue="J. Lakes", abstract=OTHER_TEXT),
    ),
    "preprints on two servers": (
        by("Eva Ewe", doi="10.1101/2020.01.01.900001"), by("Eva Ewe", doi="10.21203/rs.3.rs-1/v1"),
    ),
    "LaTeX and accents": (
        by("Gee, G", title="Results for {H$_2$}O in {\\'e}tat", year=2001),
        by("Gee, Gina", title="Results for H2O in etat", year=2001),
    ),
    "family name that text without structure does not divide": (
        record(names=[build_name("García Márquez", "Gabriel")]), by("Gabriel Garcia Marquez"),
    ),
    "particles written otherwise": (
        by("Vallée Poussin, C."), record(names=[build_name("de la Vallée Poussin", "Charles")]),
    ),
    "names in either order": (by("Wang Wei"), by("Wei Wang")),
    "umlaut written with an e": (by("Jörg Müller"), by("Mueller, J.")),
    "initials after the family name": (by("Ravn K", "Moe B"), by("Karen Ravn")),
    "organization": (
        record(names=[Name(literal="World Health Organization")]), by("World Health Organization"),
    ),
    "no authors on a side, half of the abstract": (
        by("Eva Ewe", abstract=TEXT), record(abstract=REVISED),
    ),
    "no authors on a side, abstract cut off": (
        by("Eva Ewe", abstract=TEXT), record(abstract=TEXT[:80] + "…"),
    ),
    "no authors, no abstract on a side": (record(abstract=TEXT), by("Eva Ewe", year=2020)),
    "no common author, but the same abstract": (
        by("Lake Group", abstract=TEXT), by("Eva Ewe", abstract=TEXT),
    ),
    "short title, equal names, a year apart": (
        by("Eva Ewe", "F. Fox", title="Deep lakes", year=2019),
        by("Ewe, E.", "Fox, F.", title="Deep lakes", year=2020),
    ),
    "short title, same abstract": (
        record("Lakes", abstract=TEXT), record("Lakes", abstract=TEXT + " Code is online."),
    ),
    "patent with its number in two forms": (
        by("E. Ewe", year=2019, type="patent", number="US7123456B2"),
        by("E. Ewe", year=2019, type="patent", number="US 7,123,456"),
    ),
    "preprint of no kind, and an article": (
        by("E. Ewe", year=2019, type="article"), by("E. Ewe", year=2019, type="article-journal"),
    ),
    "volume and edition in other words": (
        by("E. Ewe", year=2019, type="book", volume="II", edition="Second"),
        by("E. Ewe", year=2019, type="book", volume="2", edition="2nd ed."),
    ),
    "volume mistyped, one first page": (
        by("E. Ewe", year=2019, book="J. Lakes", volume="3", page="17"),
        by("E. Ewe", year=2019, book="J. Lakes", volume="33", page="17-29"),
    ),
    "kind of text, equal authors, year and venue": (
        by("Ann Adams", title="Editorial", year=2010, venue="Journal of X"),
        by("Adams, A.", title="Editorial.", year=2010, venue="journal of x"),
    ),
}  # fmt: skip

TWO = {
    "arXiv id, but all else differs": (
        record("Deep nets", arxiv_id=ARXIV, authors=["E. Ewe"], abstract=TEXT),
        record("Carp", arxiv_id=ARXIV, authors=["B. Moe"], abstract=OTHER_TEXT),
    ),
    "chapters with the DOI of their book": (
        by("Ravn, K", title="Rivers of the north", doi="10.1000/hb", venue="Handbook of Water"),
        by("Moe, M", title="Lakes of the south", doi="10.1000/hb", venue="Handbook of Water"),
    ),
    "chapter and book": (
        by("Ravn, K", title="Rivers", doi="10.1000/hb", venue="Handbook of Water", type="chapter"),
        record("Handbook of Water", doi="10.1000/hb", type="book"),
    ),
    "chapter with the title of its book": (
        by("Nye, N", title="Handbook of Water", doi="10.1000/hb", venue="Handbook of Water"),
        record("Handbook of Water", doi="10.1000/hb", type="book"),
    ),
    "numbered chapters with one DOI": (
        by("Jay, J", title="Chapter 3", doi="10.1000/BOOK"),
        by("Kay, K", title="Chapter 4", doi="10.1000/book"),
    ),
    "parts in Roman numerals with one DOI": (
        record("A long study of northern rivers, part I", doi=DOI),
        record("A long study of northern rivers, part II", doi=DOI),
    ),
    "lettered parts with one DOI": (
        record("A long study of northern rivers, part A", doi=DOI),
        record("A long study of northern rivers, part B", doi=DOI),
    ),
    "years in titles with one DOI": (
        record("Two-dimensional maps of rivers in 2019", doi=DOI),
        record("Two-dimensional maps of rivers in 2020", doi=DOI),
    ),
    "similar chapters by others with one DOI": (
        by("Ann Ash", title="The waters of northern Norway in winter", doi=DOI),
        by("Bo Birk", title="The waters of northern Norway in water", doi=DOI),
    ),
    "introductions by others with one DOI": (
        by("Ann Ash", title="Introduction", doi=DOI), by("Bo Birk", title="Introduction", doi=DOI),
    ),
    "part of a subtitle with one DOI": (
        record("Northern rivers", doi=DOI), record("Northern rivers: Part II", doi=DOI),
    ),
    "chapters with DOI and abstract of their book": (
        record("Rivers", doi=DOI, abstract=TEXT, page="1-9"),
        record("Lakes", doi=DOI, abstract=TEXT, page="10-19"),
    ),
    "different arXiv ids": (
        by("E. Ewe", arxiv_id=ARXIV, abstract=TEXT), by("E. Ewe", arxiv_id="1901.00002"),
    ),
    "different DOIs of published versions": (
        by("E. Ewe", doi="10.1000/a", abstract=TEXT), by("E. Ewe", doi="10.1000/b", abstract=TEXT),
    ),
    "annual reports": (
        by("Water Agency", title="Annual Report", year=2018),
        by("Water Agency", title="Annual Report", year=2019),
    ),
    "one title and author, other editions": (
        by("Huber, P", title="Robust rivers", year=1981),
        by("Huber, P", "Ronk, E", title="Robust rivers", year=2009),
    ),
    "published a year apart": (
        by("E. Ewe", year=2019, venue="J. Lakes"), by("E. Ewe", year=2020, venue="J. Ponds"),
    ),
    "preprint three years before": (
        by("E. Ewe", year=2017, arxiv_id=ARXIV), by("E. Ewe", year=2020, venue="J. Lakes"),
    ),
    "only a first name in common": (by("Ann Lee", year=1985), by("Ann Moe", year=1985)),
    "only a particle in common": (by("Ana de la Cruz"), by("Eva de la Rosa")),
    "only a particle in common, inverted": (by("van der Berg, J."), by("van der Meer, J.")),
    "only a Chinese given name in common": (by("Wang Wei"), by("Li Wei")),
    "other author": (by("Lee, L", year=2010), by("Moe, M", year=2010)),
    "one common name in long lists": (
        by("Wei Li", "Ann Ash", "Bo Birk", "Cy Cole", abstract=TEXT),
        by("Jun Li", "Di Dahl", "Ed Elm", "Flo Fir", abstract=OTHER_TEXT),
    ),
    "no authors, different abstracts": (record(abstract=TEXT), record(abstract=OTHER_TEXT)),
    "short title, nothing else": (record("Deep lakes"), by("E. Ewe", title="Deep lakes")),
    "short title, one common name": (
        by("E. Ewe", "F. Fox", title="Deep lakes", year=2019),
        by("E. Ewe", title="Deep lakes", year=2019),
    ),
    "short title, equal names, two years apart": (
        by("E. Ewe", title="Deep lakes", year=2019), by("E. Ewe", title="Deep lakes", year=2021),
    ),
    "thesis and article": (
        by("E. Ewe", year=2019, type="thesis"), by("E. Ewe", year=2019, type="article-journal"),
    ),
    "book and a review of it without a name": (
        by("E. Ewe", year=2019, type="book"), record(year=2019, type="review-book"),
    ),
    "data set and the article on it": (
        by("E. Ewe", year=2019, type="dataset"), by("E. Ewe", year=2019, type="article-journal"),
    ),
    "patents with two numbers": (
        by("E. Ewe", year=2019, type="patent", number="US 7,123,456"),
        by("E. Ewe", year=2019, type="patent", number="US 7,999,111"),
    ),
    "replies with two PMIDs": (
        by("E. Ewe", title="Reply", year=2019, venue="J. X", PMID="101"),
        by("E. Ewe", title="Reply", year=2019, venue="J. X", PMID="102"),
    ),
    "volumes of a book": (
        by("E. Ewe", year=1990, type="book", volume="1"),
        by("E. Ewe", year=1990, type="book", volume="2"),
    ),
    "editions of a book a year apart": (
        by("E. Ewe", title="Mud", year=2000, type="book", edition="1"),
        by("E. Ewe", title="Mud", year=2001, type="book", edition="Second edition"),
    ),
    "versions of a data set with their own DOIs": (
        by("E. Ewe", year=2020, type="dataset", doi="10.5281/zenodo.111"),
        by("E. Ewe", year=2020, type="dataset", doi="10.5281/zenodo.112"),
    ),
    "versions of a program": (
        by("E. Ewe", year=2020, type="software", version="1.9"),
        by("E. Ewe", year=2020, type="software", version="1.10"),
    ),
    "one title in two volumes of a journal": (
        by("E. Ewe", year=2019, book="J. Lakes", volume="3", page="1"),
        by("E. Ewe", year=2019, book="J. Lakes", volume="4", page="99"),
    ),
    "editorials of two volumes in a year": (
        by("Ann Adams", title="Editorial", year=2010, book="J. X", venue="J. X", volume="1"),
        by("Ann Adams", title="Editorial", year=2010, book="J. X", venue="J. X", volume="2"),
    ),
    "reviews of books on other pages": (
        by("Ann Adams", title="Book review", year=2010, venue="J. X", page="1-2"),
        by("Ann Adams", title="Book review", year=2010, venue="J. X", page="3-4"),
    ),
    "abstracts by others on one page of a supplement": (
        by("E. Ewe", title="Cough in infants", doi=DOI, book="J. X", volume="5", page="S2"),
        by("B. Moe", title="Rash in infants", doi=DOI, book="J. X", volume="5", page="S2"),
    ),
    "numbered abstracts on one page of a supplement": (
        by("E. Ewe", title="P2: Cough in infants", doi=DOI, book="J. X", volume="5", page="S2"),
        by("E. Ewe", title="P3: Rash in infants", doi=DOI, book="J. X", volume="5", page="S2"),
    ),
    "kind of text in another venue": (
        by("Ann Adams", title="Editorial", year=2010, venue="Journal of X"),
        by("Ann Adams", title="Editorial", year=2010, venue="Journal of Y"),
    ),
    "kind of text, unknown authors": (
        record("Untitled", year=2010), record("Untitled", year=2010),
    ),
    "comments on one paper": (
        by("L. Lee", title="Comment on “Nets for lakes”", year=2010, venue="J. X"),
        by("L. Lee", title="Comment on “Nets for lakes”", year=2011),
    ),
    "C, C++": (by("E. Ewe", title="A book of C for all"),
               by("E. Ewe", title="A book of C++ for all")),
    "C++, C#": (by("E. Ewe", title="A book of C++ for all"),
                by("E. Ewe", title="A book of C# for all")),
    "1.5, 15": (by("E. Ewe", title="Warming by 1.5 degrees today"),
                by("E. Ewe", title="Warming by 15 degrees today")),
    "erratum": (by("D. Dole", title="Erratum: A study of lakes"),
                by("D. Dole", title="A study of lakes")),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE)
def test_records_of_one_paper_match_by_a_rule(case: str) -> None:
    one, other = ONE[case]
    assert compare(one, other).rule
    assert compare(one, other) == compare(other, one)


@pytest.mark.parametrize("case", TWO)
def test_records_of_two_papers_do_not_match(case: str) -> None:
    one, other = TWO[case]
    assert not compare(one, other).rule
    assert compare(one, other) == compare(other, one)


def test_title_without_abstract_does_not_match_if_a_second_paper_has_it() -> None:
    assert compare(record(), by("E. Ewe"), is_only=True).rule == "same title"
    assert not compare(record(), by("E. Ewe"), is_only=False).rule


def test_summary_of_starter_shelf_counts_as_no_abstract() -> None:
    shelf = Record(build_paper(title=TITLE, abstract=OTHER_TEXT), is_summary=True)
    assert compare(shelf, record(abstract=TEXT)).rule == "same title"


class TestChoice:
    """The paper that a record joins."""

    def test_record_joins_no_paper_that_one_of_its_records_contradicts(self) -> None:
        preprint = by("E. Ewe", year=2018, arxiv_id=ARXIV)
        published = by("E. Ewe", year=2020, venue="J. Lakes")
        choice = choose(by("E. Ewe", year=2021), {"a": [preprint, published]})
        assert choice.key is None
        assert choice.near[0].reason == (
            "same title, author in common, but another record contradicts: "
            "same title, but 3 years apart"
        )

    def test_record_joins_paper_merged_by_reader_despite_contradiction(self) -> None:
        both = [by("E. Ewe", doi="10.1000/a"), by("E. Ewe", doi="10.1000/b")]
        assert choose(by("E. Ewe", doi="10.1000/b"), {"a": both}).key == "a"

    def test_tied_papers_are_reported_and_not_joined(self) -> None:
        papers = {"a": [by("E. Ewe", doi="10.1000/a")], "b": [by("E. Ewe", doi="10.1000/b")]}
        choice = choose(by("E. Ewe"), papers)
        assert (choice.key, {near.key for near in choice.near}) == (None, {"a", "b"})

    def test_identifiers_of_two_papers_join_none(self) -> None:
        papers = {"a": [record("Deep nets", arxiv_id=ARXIV)], "b": [record("Lakes", doi=DOI)]}
        choice = choose(record("Lakes", arxiv_id=ARXIV, doi=DOI), papers)
        assert (choice.key, len(choice.near)) == (None, 2)

    def test_identifier_precedes_title(self) -> None:
        papers = {"a": [by("E. Ewe", year=2020, arxiv_id=ARXIV)], "b": [by("E. Ewe", year=2020)]}
        choice = choose(by("E. Ewe", arxiv_id=ARXIV), papers)
        assert (choice.key, [near.key for near in choice.near]) == ("a", ["b"])

    def test_shared_doi_of_different_titles_is_reported(self) -> None:
        choice = choose(record("Rivers", doi=DOI), {"a": [record("Lakes", doi=DOI)]})
        assert choice.key is None
        assert choice.near[0].reason == "same DOI, but different titles"


@pytest.mark.parametrize(
    "title",
    [
        "Editorial", "Guest Editorial", "The Editorial.", "Annual Report 2018", "Summary",
        "Comment on “Deep nets”", "Comments on a paper by Fox", "Reply to Moe", "Preface",
        "Erratum: Deep nets for lakes", "Editorial: lakes today", "Chapter 3", "Part II",
        "Introduction to the special issue on lakes", "Book Reviews", "Vorwort", "Rapport annuel",
        "Corrigendum to “Deep nets”", "In Memoriam", "2019", "Discussion of: Deep nets", "序言",
        "The Annual Report of the Water Agency", "Water Agency: Annual Report 2019",
        "Statistical Yearbook of Norway", "Quarterly bulletin", "Progress report for 2011",
        "Proceedings of the Conference on Lakes", "The reply to Moe",
    ],
)  # fmt: skip
def test_title_of_a_kind_of_text_is_recognized(title: str) -> None:
    assert titles.names_kind(title)


@pytest.mark.parametrize(
    "title",
    [
        "Introduction to algorithms", "A review of deep nets", "Response of wheat to drought",
        "Correction of distortion in images", "Attention Is All You Need", "Notes on lakes",
        "Summary statistics of rivers", "Letter frequencies in Danish", "Indexing lakes",
        "Annual report readability and earnings", "Reading annual reports with nets",
    ],
)  # fmt: skip
def test_title_of_its_own_names_no_kind_of_text(title: str) -> None:
    assert not titles.names_kind(title)


@pytest.mark.parametrize(
    ("title", "is_short"),
    [("Deep lakes", True), ("Nets for lakes", True), (TITLE, False), ("深度学习", True),
     ("深度学习在湖泊研究中的应用", False), ("C++", True)],
)  # fmt: skip
def test_short_title_has_at_most_three_words(title: str, is_short: bool) -> None:
    assert titles.is_short(title) is is_short


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Programming in C", "Programming in C++"), ("C++ today", "C# today"), ("F#", "F"),
        ("Warming by 1.5 degrees", "Warming by 15 degrees"), ("GPT-3.5", "GPT-35"),
        ("The .NET way", "The net way"), ("C++11", "C11"),
    ],
)  # fmt: skip
def test_titles_that_differ_by_a_sign_have_different_keys(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deep-Nets: 1,000 lakes.", "deep nets 1000 lakes"), ("{C++} today", "C++ today"),
        (r"C\# today", "C# today"), ("Képes' law", "Kepes law"),
    ],
)  # fmt: skip
def test_titles_that_differ_by_punctuation_have_equal_keys(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_overlap_is_by_content_words() -> None:
    assert overlap(TEXT, TEXT, TITLE) == 1.0
    assert (overlap(TEXT, REVISED, TITLE) or 0) > 0.5
    assert (overlap(TEXT, OTHER_TEXT, TITLE) or 0) < 0.1
    assert overlap(TEXT, "", TITLE) is None
    assert overlap("We study.", f"We study lakes. {OTHER_TEXT}", TITLE) != 1.0


def test_common_names_of_long_lists_are_counted_once_each() -> None:
    many = families(Paper("t", authors=tuple(f"Ann Name{n}" for n in range(3000))))
    assert shared(many, many[1000:]) == 2000


@pytest.mark.parametrize(
    ("doi", "is_preprint"),
    [("10.1101/2020.01.01.900001", True), ("10.1101/gr.1", False), ("10.21203/rs.3.rs-1/v1", True),
     ("10.31234/osf.io/ab", True), ("10.2139/ssrn.1", True), ("10.1000/1", False), ("", False)],
)  # fmt: skip
def test_preprint_doi_is_recognized_by_prefix(doi: str, is_preprint: bool) -> None:
    assert is_preprint_doi(doi) is is_preprint


# Papers of which any two records agree by the rules, and records of different papers do not.
CLUSTERS = [
    [by("Eva Ewe", year=2019, arxiv_id=ARXIV), by("E. Ewe", year=2019, abstract=TEXT),
     by("Ewe, E.", year=2020, doi="10.1000/pub", abstract=TEXT), record(abstract=TEXT)],
    [by("Ann Ash", title="Annual Report", year=2018), by("Ash, A.", title="Annual Report",
                                                       year=2018)],
    [by("Ann Ash", title="Annual Report", year=2019)],
    [record("Rivers of the north", doi="10.1000/hb", venue="Handbook of Water")],
    [record("Handbook of Water", doi="10.1000/hb", type="book"),
     record("The Handbook of Water", doi="10.1000/hb", type="book")],
]  # fmt: skip
RECORDS = [(number, known) for number, cluster in enumerate(CLUSTERS) for known in cluster]


def joined(records: list[tuple[int, Record]]) -> set[frozenset[int]]:
    """Return the positions in `RECORDS` that become one paper when added in an order."""
    papers: dict[int, list[Record]] = {}
    for _, known in records:
        key = choose(known, papers).key
        papers.setdefault(len(papers) if key is None else key, []).append(known)
    places = {id(known): place for place, (_, known) in enumerate(RECORDS)}
    return {frozenset(places[id(known)] for known in group) for group in papers.values()}


@given(st.permutations(RECORDS))
def test_order_of_records_does_not_decide(records: list[tuple[int, Record]]) -> None:
    expected = {
        frozenset(place for place, (number, _) in enumerate(RECORDS) if number == cluster)
        for cluster in range(len(CLUSTERS))
    }
    assert joined(records) == expected


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_import_in_any_order_gives_the_same_papers(library: Library, order: list[int]) -> None:
    records = [
        build_paper(title=TITLE, authors=["E. Ewe"], year=2019, arxiv_id=ARXIV),
        build_paper(title=TITLE, authors=["Ewe, E."], year=2020, doi=DOI, venue="J. Lakes"),
        build_paper(title="Annual Report", authors=["E. Ewe"], year=2020),
    ]
    library.add([records[place] for place in order], "file")
    assert library.count() == 2


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1007/978-3-031-19830-4 _37", "10.1007/978-3-031-19830-4_37"),
        ("https://doi.org/10.1007/978-3-031-19830-4 _37", "10.1007/978-3-031-19830-4_37"),
        ("10.1007/978-3-031-19830-", ""),
        ("10.1007/978-3-031-19830-4_", ""),
        ("10.1000/x1.", "10.1000/x1"),
        ("DOI 10.1000/x1 (2020)", "10.1000/x1"),
    ],
)
def test_doi_with_a_space_or_cut_off_is_not_that_of_the_book(written: str, doi: str) -> None:
    assert parse_doi(written) == doi


def test_bench_lists_pairs_of_equal_titles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bib = tmp_path / "two.bib"
    bib.write_text(
        "@article{a, title={Deep nets}, author={E. Ewe}, year=2019}\n"
        "@article{b, title={Deep Nets}, author={Ewe, Eva}, year=2019}\n"
        "@article{c, title={Deep nets.}, author={F. Fox}, year=2019}\n"
    )
    assert bench_titles.main([str(bib)]) == 0
    printed = capsys.readouterr().out
    assert "3 pairs of equal titles" in printed
    assert "one: same title, author in common\n  Deep nets" in printed
    assert "2  two: same title, but no author in common" in printed
