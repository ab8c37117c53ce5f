"""BibTeX exported after an import has the same entry types, fields and names."""

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import Style, biblatex, bibtex, write_papers
from index.formats.bib.entries import BibRecord, Macros, Scanner
from index.formats.bib.fields import CSL_TYPES
from index.formats.bib.names import names
from index.formats.bib.parsing import parse_entry
from index.formats.bib.written_names import plain_form, written_form
from index.papers.entries import Origin, ParsedPaper
from index.papers.names import Name
from index.papers.paper import Paper, build_paper
from index.text.latex.encoding import latex
from tests.index.linear import assert_linear

PLAIN = Style()


def papers(file: str) -> list[Paper]:
    items = bibtex.read(io.BytesIO(file.encode()), Origin("file.bib"))
    return [item.paper for item in items if isinstance(item, ParsedPaper)]


def records(file: str) -> list[BibRecord]:
    blocks = Scanner(io.BytesIO(file.encode())).blocks()
    return [parse_entry(block, Macros()) for block in blocks]


def fields(record: BibRecord) -> dict[str, list[str]]:
    """Return the fields of an entry with white space collapsed."""
    return {name: [" ".join(v.split()) for v in values] for name, values in record.fields.items()}


def back(file: str, *, as_biblatex: bool = False, style: Style = PLAIN) -> list[BibRecord]:
    """Return the entries of a file after import and export."""
    write = biblatex.write if as_biblatex else bibtex.write
    return records("".join(write(papers(file), style)))


COMMON = """
    title = {The {Rivers} of Øst}, author = {Ravn, Karl and {World Health Organization} and others},
    editor = {Ed, Ian and de la Cruz, Pia}, translator = {Moe, Bo}, year = {2015}, month = {July},
    volume = {7}, number = {3}, pages = {1-9}, series = {{LNCS}}, edition = {Second},
    publisher = {Pub \\& House}, address = {Berlin}, isbn = {978-1}, issn = {1234-5678},
    chapter = {4}, note = {In press}, howpublished = {Online}, key = {riv}, type = {Talk},
    organization = {Org}, institution = {Inst}, school = {University of X}, eid = {e12},
    doi = {10.1000/one}, url = {https://example.org/a}, language = {Danish}, file = {:a_b.pdf:PDF},
    shelfmark = {B~7, {Q}}, keywords = {water;salt}, urldate = {2020-01-02},
""".replace("Ø", "{\\O}")


@pytest.mark.parametrize("kind", [*sorted(CSL_TYPES), "hardware"])
@pytest.mark.parametrize("container", ["journal = {J. Rivers}", "booktitle = {Proc. of {Seas}}"])
def test_entry_of_any_type_goes_back_with_every_field(kind: str, container: str) -> None:
    file = f"@{kind}{{key, {COMMON} {container}}}"
    if is_biblatex := kind not in BIBTEX_TYPES:
        file = file.replace("address", "location").replace("journal", "journaltitle")
    (came,), (went,) = records(file), back(file, as_biblatex=is_biblatex)
    assert (went.kind, went.key) == (came.kind, "key")
    assert fields(went) == fields(came)


BIBTEX_TYPES = frozenset(
    """article book booklet conference inbook incollection inproceedings manual mastersthesis misc
    phdthesis proceedings techreport unpublished hardware""".split()
)

SMALL = """
@inproceedings{p1, title={A Proceedings Paper}, author={Ravn, Karl}, booktitle={Proc. of Rivers},
  editor={Ed, Ian}, volume={7}, number={3}, pages={1--9}, series={LNCS}, publisher={Springer},
  address={Berlin}, year={2015}, isbn={978-1}}
@phdthesis{p2, title={A Thesis on Rivers}, author={Ravn, Karl}, school={University of X}}
@mastersthesis{p3, title={Another Thesis}, author={Ravn, Karl}, school={University of X}}
@book{p4, title={A Book on Rivers}, editor={Ed, Ian}, publisher={Pub House}, edition={2}}
@article{p5, title={An Article}, author={Ravn, Karl}, journal={J. Rivers}, volume={12}, number={2},
  pages={100--110}, year={2018}, issn={1234-5678}}
@techreport{p6, title={Report}, author={Ravn, Karl}, institution={Inst}, number={TR-5}}
@unpublished{p7, title={A Talk}, author={Ravn, Karl}, note={Unpublished}, year={2019}}
@manual{p8, title={A manual}, organization={Org}, year={2017}}
@inbook{p9, title={A chapter}, author={Ravn, Karl}, publisher={Pub House}, year={2017}}
@misc{p10, title={Tides}, eprint={2101.00001}, archivePrefix={arXiv}, primaryClass={cs.CL}}
"""


def test_plain_entries_go_back_without_being_kept() -> None:
    assert [fields(r) for r in back(SMALL)] == [fields(r) for r in records(SMALL)]
    assert all(kept.fields == () for paper in papers(SMALL) for kept in paper.citation.kept)


def test_variables_of_an_entry_are_those_of_csl() -> None:
    paper, thesis, _, book, article, report, *_ = papers(SMALL)
    assert (paper.type, thesis.type, book.type) == ("paper-conference", "thesis", "book")
    assert (article.type, report.type) == ("article-journal", "report")
    assert dict(paper.citation.values) == {
        "container-title": "Proc. of Rivers", "volume": "7", "collection-number": "3",
        "page": "1-9", "collection-title": "LNCS", "publisher": "Springer",
        "publisher-place": "Berlin", "ISBN": "978-1",
    }  # fmt: skip
    assert dict(thesis.citation.values) == {"publisher": "University of X", "genre": "PhD thesis"}
    assert book.authors == ()
    assert book.citation.names("editor") == (Name("Ed", "Ian"),)
    assert article.citation.get("issue") == "2"


@pytest.mark.parametrize(
    ("entry", "kind", "names"),
    [
        ("@thesis{k, title={Tides}, type={phdthesis}, institution={U}, date={2019-05}}",
         "phdthesis", {"title", "school", "year", "month"}),
        ("@online{k, title={Tides}, url={https://example.org}, date={2019}}",
         "misc", {"title", "url", "year"}),
        ("@report{k, title={Tides}, institution={I}, location={Bonn}, date={2019}}",
         "techreport", {"title", "institution", "address", "year"}),
        ("@article{k, title={Tides}, journaltitle={J}, date={2019-05-02}}",
         "article", {"title", "journal", "year", "month", "day"}),
    ],
)  # fmt: skip
def test_entry_of_biblatex_is_translated_for_bibtex(entry: str, kind: str, names: set[str]) -> None:
    (went,) = back(entry)
    assert (went.kind, set(went.fields)) == (kind, names)
    (same,) = back(entry, as_biblatex=True)
    assert fields(same) == fields(records(entry)[0])


def test_changed_value_replaces_the_kept_one() -> None:
    (paper,) = papers("@book{k, title={The {ABC}}, publisher={{P} House}, author={A. {B}}}")
    changed = build_paper(
        title="New", type="book", id="k", names=[Name("Lee", "Ann")], citation=paper.citation
    )
    (went,) = records(bibtex.citation(changed))
    assert (went.first("title"), went.first("author")) == ("New", "Lee, Ann")
    assert went.first("publisher") == "{P} House"


@pytest.mark.parametrize(
    "value",
    [r"\input{/etc/passwd}", r"a \write18{x} b", r"\href{javascript:x}{y}", "50% #1",
     r"\catcode`\%=12", r"\def\x{y}"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["shelfmark", "title", "publisher", "file", "author"])
def test_kept_value_cannot_run_commands(value: str, field: str) -> None:
    fields = {"title": "T", "publisher": "P", field: value}
    inner = ", ".join(f"{name} = {{{text}}}" for name, text in fields.items())
    (went,) = back(f"@book{{k, {inner}}}")
    written = " ".join(went.first(name) for name in went.fields)
    for command in ("\\input", "\\write", "\\href", "\\catcode", "\\def"):
        assert command not in written
    if field not in ("file", "author"):
        assert "%" not in written.replace("\\%", "")


def test_unicode_style_writes_kept_accents_as_letters() -> None:
    (went,) = back("@book{k, title={{\\'E}cole {ABC}}}", style=Style(unicode=True))
    assert went.first("title").startswith("École")


# -- names -----------------------------------------------------------------------------------------

GREAT = (
    r"Garc{\'i}a M{\'a}rquez, Gabriel and Lloyd Webber, Andrew and Van Assche, Gilles"
    r" and de la Vall{\'e}e Poussin, Charles and King, Jr., Martin L. and Oliveira, Maria Manuel de"
    r" and {World Health Organization} and {Barnes and Noble, Inc.} and {The PGF Team}"
    r" and {Aristotle} and {van der Berg}, Jan"
)


def test_family_names_are_read_whole() -> None:
    found, _ = names(GREAT)
    assert [name.literal or name.family for name in found] == [
        "García Márquez", "Lloyd Webber", "Van Assche", "Vallée Poussin", "King", "Oliveira",
        "World Health Organization", "Barnes and Noble, Inc.", "The PGF Team", "Aristotle",
        "van der Berg",
    ]  # fmt: skip
    assert found[3].non_dropping_particle == "de la"
    assert found[5].dropping_particle == "de"


def test_written_names_are_read_back() -> None:
    found, _ = names(GREAT)
    assert names(" and ".join(written_form(name, str) for name in found)) == (found, False)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"Knut Ravn and \O{}yvind Strand", ["Knut Ravn", "Øyvind Strand"]),
        (r"Knut Ravn and \O yvind Strand", ["Knut Ravn", "Øyvind Strand"]),
        (r"Knut Ravn and {\O}yvind Strand", ["Knut Ravn", "Øyvind Strand"]),
        (r"Ravn, Knut and \"Ozt\"urk, Can", ["Knut Ravn", "Can Öztürk"]),
        ("Ravn, Knut and\n  \\'Alvarez, Jos\\'e", ["Knut Ravn", "José Álvarez"]),
        (r"Ravn, K and \v Sim\r unek, Jan and \L{}uka, E",
         ["K Ravn", "Jan Šimůnek", "E Łuka"]),
        ("Ravn K, Moe B, Nye CA", ["K Ravn", "B Moe", "CA Nye"]),
        ("Ravn K, Moe B", ["K Ravn", "B Moe"]),
        ("Ravn K and Moe B", ["K Ravn", "B Moe"]),
        ("Ravn K, Moe B, Nye CA, Poe D", ["K Ravn", "B Moe", "CA Nye", "D Poe"]),
        ("Ravn, K., Moe, B., Nye, C.A.", ["K. Ravn", "B. Moe", "C.A. Nye"]),
        ("K. Ravn, B. Moe, C. A. Nye", ["K. Ravn", "B. Moe", "C. A. Nye"]),
        ("Ravn, K. and Moe, B., Nye, C.", ["K. Ravn", "B. Moe", "C. Nye"]),
        ("Smith, J., Doe, A., and Roe, B.", ["J. Smith", "A. Doe", "B. Roe"]),
        ("Ravn, K. & Moe, B.", ["K. Ravn", "B. Moe"]),
        (r"Karl Ravn \& Bo Moe", ["Karl Ravn", "Bo Moe"]),
        ("Ravn, K.; Moe, B.", ["K. Ravn", "B. Moe"]),
        ("Johnson & Johnson", ["Johnson & Johnson"]),
        ("Ravn, Karl (111) and Moe, B [2]", ["Karl Ravn", "B Moe"]),
        ("Wei LI and Jie XU", ["Wei LI", "Jie XU"]),
        ("Wei Li 0001 and Ann Lee", ["Wei Li", "Ann Lee"]),
        ("William H. Press", ["William H. Press"]),
        ("bell hooks", ["bell hooks"]),
    ],
)  # fmt: skip
def test_names_of_files_by_hand_are_divided(source: str, shown: list[str]) -> None:
    found, more = names(source)
    assert ([str(name) for name in found], more) == (shown, False)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Sanayya A et al.", ["A Sanayya"]),
        ("Ravn, K., et al.", ["K. Ravn"]),
        ("Ravn, Karl and others", ["Karl Ravn"]),
        ("Ravn K, Moe B, et al", ["K Ravn", "B Moe"]),
        ("Karl Ravn & others", ["Karl Ravn"]),
    ],
)
def test_more_names_are_noted(source: str, shown: list[str]) -> None:
    found, more = names(source)
    assert ([str(name) for name in found], more) == (shown, True)


word = st.text(st.sampled_from("ABÉØabéçß"), min_size=1, max_size=6).map(str.capitalize)
family = st.lists(word, min_size=1, max_size=2).map(" ".join)
people = st.builds(
    lambda family, given, particle, suffix: Name(
        family, given, particle, suffix=suffix, comma_suffix=bool(suffix)
    ),
    family,
    word,
    st.sampled_from(["", "van", "de la"]),
    st.sampled_from(["", "Jr.", "III"]),
)
bodies = st.lists(word, min_size=2, max_size=4).map(lambda w: Name(literal=" and ".join(w)))


@given(st.lists(people | bodies, min_size=1, max_size=3, unique_by=str))
def test_any_names_are_written_and_read_back(listed: list[Name]) -> None:
    assert names(" and ".join(written_form(name, latex) for name in listed)) == (listed, False)


@given(st.text(st.sampled_from("aA ,;&{}\\'\"~=and."), max_size=40))
def test_any_text_is_a_list_of_names(source: str) -> None:
    found, _ = names(source)
    assert all(str(name) for name in found)


@pytest.mark.parametrize("part", ["Ravn, K. & ", "a,", "{", "\\& ", "A B; ", "and and ", "A(1 "])
def test_long_lists_of_names_are_read_in_linear_time(part: str) -> None:
    assert_linear(names, str, part)


def test_plain_author_is_written_as_it_is_unless_bibtex_would_divide_it() -> None:
    written = [plain_form(a, str) for a in ("Ada Lovelace", "The PGF Team", "Martin King Jr.")]
    assert written == ["Ada Lovelace", "{The PGF Team}", "King, Jr., Martin"]


# -- identifiers -----------------------------------------------------------------------------------

SICI = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<", ">"), (r"{\textless}", r"{\textgreater}"), (r"\textless ", r"\textgreater "),
     ("$<$", "$>$"), (r"\%3C", r"\%3E"), ("%3C", "%3E"), ("&lt;", "&gt;"), (r"\&lt;", r"\&gt;")],
)  # fmt: skip
@pytest.mark.parametrize("host", ["", "https://doi.org/"])
def test_doi_with_angle_brackets_is_read_and_written_whole(
    opening: str, closing: str, host: str
) -> None:
    written = SICI.replace("<", opening).replace(">", closing)
    (paper,) = papers(f"@article{{k, title={{T}}, doi={{{host}{written}}}}}")
    assert paper.doi == SICI
    (went,) = records(bibtex.citation(paper))
    assert went.first("doi") == SICI
    assert papers(bibtex.citation(paper))[0].doi == SICI


def test_arxiv_paper_is_an_eprint_and_names_no_journal_or_publisher() -> None:
    paper = Paper("T", venue="arXiv cs.CV", arxiv_id="2101.00001", categories=("cs.CV",))
    for write in (bibtex.write, biblatex.write):
        written = "".join(write([paper]))
        assert "arXiv cs.CV" not in written
        assert "2101.00001" in written
        assert "publisher" not in written


@pytest.mark.parametrize(
    "key", ["baker*2018", "o'connor2018", "(jake)2018", "Müller+2020:a", "a/b.c"]
)
def test_key_of_a_file_is_given_back(key: str) -> None:
    (went,) = records(bibtex.citation(papers(f"@misc{{{key}, title={{T}}}}")[0]))
    assert went.key == key


def test_keys_of_names_come_from_family_names() -> None:
    listed = ["García Márquez, Gabriel", "{World Health Organization}", "de la Cruz, Pia"]
    found = [build_paper(title="Rivers", year=2020, names=names(one)[0]) for one in listed]
    keys = [record.key for record in records("".join(bibtex.write(found)))]
    assert keys == [
        "garciamarquez2020rivers", "worldhealthorganization2020rivers", "cruz2020rivers"
    ]  # fmt: skip


def test_entries_keep_their_order() -> None:
    lines = [record.key for record in back(SMALL)]
    assert all(int(one[1:]) < int(other[1:]) for one, other in pairwise(lines))


@pytest.mark.parametrize(
    "entry",
    [
        "author = {Ravn, Karl} title = {Rivers}, volume = {4}, year = {1990}",
        "author = {Ravn, Karl}title={Rivers} volume = 4, year = 1990",
        'author = "Ravn, Karl" title = "Rivers", year = 1990 volume = 4',
        'author = "Ravn" # ", Karl" title = {Rivers}, year = {1990} volume = {4}',
        "author = {Ravn, Karl},\n title = {Rivers}\n volume = {4}, year = 1990\n",
    ],
)
def test_missing_comma_loses_no_field(entry: str) -> None:
    (paper,) = papers(f"@article{{k, {entry}}}")
    assert (paper.title, paper.authors, paper.year) == ("Rivers", ("Karl Ravn",), 1990)
    assert paper.citation.get("volume") == "4"


def test_equals_sign_in_a_value_is_text() -> None:
    (paper,) = papers("@article{k, title = {On x = {y} and a = b}, year = 1990}")
    assert (paper.title, paper.year) == ("On x = y and a = b", 1990)


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "json", "jsonl"])
def test_marks_that_came_with_a_file_are_left_out_as_marks(form: str) -> None:
    (paper,) = papers("@book{k, title={T}, comment={Secret {one}}, groups={mine}, owner={x}}")
    assert "Secret" in "".join(write_papers([paper], form))
    written = "".join(write_papers([paper], form, Style(marks=False)))
    assert "Secret" not in written
    assert "mine" not in written
    assert "owner" in written
    assert "Secret" not in "".join(write_papers([paper], form, Style(note=False)))


@pytest.mark.parametrize(
    ("came", "written"),
    [
        ("Ravn K, Moe B, Nye CA", "Ravn, K and Moe, B and Nye, CA"),
        ("Ravn K and Moe B", "Ravn, K and Moe, B"),
        ("K. Ravn, B. Moe, C. A. Nye", "Ravn, K. and Moe, B. and Nye, C. A."),
        ("Ravn, K. \\& Moe, B.", "Ravn, K. and Moe, B."),
        ("Ravn, K.; Moe, B.", "Ravn, K. and Moe, B."),
        ("Ravn, Karl et al.", "Ravn, Karl and others"),
        ("Ravn K., Moe B. and Nye C.", "Ravn, K. and Moe, B. and Nye, C."),
        ("Ravn K. J., de la Cruz B.-A.", "Ravn, K. J. and de la Cruz, B.-A."),
        ("de la Cruz M and Moe B", "de la Cruz, M and Moe, B"),
    ],
)
def test_list_that_is_no_bibtex_is_written_as_bibtex(came: str, written: str) -> None:
    (record,) = back(f"@misc{{a, title = {{T}}, author = {{{came}}}}}")
    assert record.first("author") == written


@pytest.mark.parametrize(
    "came",
    [
        "Knut Ravn and \\O yvind Strand",
        "{World Health Organization} and {United Nations}",
        "Ravn, Jr., Karl and others",
        "Li HE and Wang LI",
        "Anna Smith and Bo L.",
        "LI, Bo and Y, An",
        "Ludwig van Beethoven and {\\'A}lvarez, Jos{\\'e}",
    ],
)
def test_names_in_bibtex_go_back_as_they_came(came: str) -> None:
    (record,) = back(f"@misc{{a, title = {{T}}, author = {{{came}}}}}")
    assert record.first("author") == came


def test_author_with_an_initial_for_a_family_name_goes_back() -> None:
    paper = build_paper(title="T", authors=["Jing S.", "Anna B"])
    (read,) = papers("".join(bibtex.write([paper])))
    assert read.authors == ("Jing S.", "Anna B")
