"""Round trips: what a format writes, it reads back."""

import json
import shutil
import subprocess
from pathlib import Path

import citeproc
import pytest
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st

from index.formats import write_papers
from index.papers.citation import build_citation
from index.papers.names import Name
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from tests.examples import examples
from tests.index.round_trips import BOTH, FIELDS, SAMPLE, read_back

WHOLE = ("bibtex", "biblatex", "ris", "csv", "csl", "json", "jsonl")
"""The formats with room for citation data."""

word = st.text(st.sampled_from("abcdeéøßŁ中αñ"), min_size=2, max_size=7).map(str.capitalize)
phrase = st.lists(word, min_size=1, max_size=3).map(" ".join)
number = st.integers(1, 999).map(str)
person = st.builds(Name, phrase, word, st.sampled_from(["", "van", "de la"])) | st.builds(
    lambda words: Name(literal=f"{words} Society"), phrase
)
people = st.lists(person, max_size=2, unique_by=str)
KINDS = ("article-journal", "paper-conference", "chapter", "book", "thesis", "report")
CONTAINED = KINDS[:3]


@st.composite
def cited(draw: st.DrawFn) -> Paper:
    """A paper with citation data that every format of `WHOLE` has room for."""
    kind = draw(st.sampled_from(KINDS))
    values = {"publisher": draw(phrase), "publisher-place": draw(phrase), "language": "en"}
    values["page"] = draw(number | number.map(lambda start: f"{start}-{int(start) + 9}"))
    if kind in CONTAINED:
        values |= {"container-title": draw(phrase), "volume": draw(number)}
    if kind == "article-journal":
        values["issue"] = draw(number)
    known = {name: value for name, value in values.items() if draw(st.booleans())}
    if kind in CONTAINED:
        known["container-title"] = values["container-title"]
    return build_paper(
        title=draw(phrase),
        id=f"x{draw(number)}y",
        type=kind,
        names=draw(people),
        year=draw(st.integers(1000, 2100)),
        venue=known.get("container-title", ""),
        citation=build_citation(known, {"editor": draw(people), "translator": draw(people)}),
    )


def without_kept(paper: Paper) -> dict[str, str]:
    """Return the variables of a paper; a thesis has a genre in BibTeX, since its type says one."""
    return {name: value for name, value in paper.citation.values if name != "genre"}


@pytest.mark.parametrize("name", WHOLE)
@examples(40)
@given(paper=cited())
def test_citation_data_is_read_back(name: str, paper: Paper) -> None:
    back = read_back(paper, name)
    assert (back.title, back.id, back.year) == (paper.title, paper.id, paper.year)
    assert (back.type, back.names) == (paper.type, paper.names)
    assert without_kept(back) == without_kept(paper)
    assert dict(back.citation.people) == dict(paper.citation.people)


@pytest.mark.parametrize("name", WHOLE)
def test_every_field_of_a_citation_is_given_back(name: str) -> None:
    back = read_back(SAMPLE, name)
    lost = [field for field, value in FIELDS.items() if value(back) != value(SAMPLE)]
    assert lost == []


@pytest.mark.parametrize("name", BOTH)
@examples(30)
@given(title=phrase, authors=st.lists(st.tuples(word, word).map(" ".join), max_size=2, unique=True))
def test_title_and_authors_come_back_from_every_format(
    name: str, title: str, authors: list[str]
) -> None:
    paper = build_paper(title=title, authors=authors, id="x1y", year=2020, abstract="We study it.",
                        url="https://example.org/x")  # fmt: skip
    back = read_back(paper, name)
    assert (clean(back.title), back.authors) == (paper.title, paper.authors)


@pytest.mark.parametrize("one", ["bibtex", "ris", "csl"])
@pytest.mark.parametrize("other", ["bibtex", "ris", "csl"])
@pytest.mark.parametrize(
    "kind", ["article-journal", "paper-conference", "chapter", "book", "thesis", "report"]
)
def test_type_and_names_survive_two_formats(one: str, other: str, kind: str) -> None:
    paper = build_paper(title="Rivers", id="x1y", type=kind, names=SAMPLE.names, year=2020)
    back = read_back(read_back(paper, one), other)
    assert (back.type, back.names) == (kind, SAMPLE.names)


def written_in(name: str) -> str:
    return "".join(write_papers([SAMPLE], name))


def test_citation_processor_formats_exported_items() -> None:
    items = json.loads(written_in("csl"))
    source = CiteProcJSON(items)
    path = Path(citeproc.__file__).parent / "data" / "styles" / "harvard-cite-them-right.csl"
    style = citeproc.CitationStylesStyle(str(path), validate=False)
    bibliography = citeproc.CitationStylesBibliography(style, source, citeproc.formatter.plain)
    bibliography.register(citeproc.Citation([citeproc.CitationItem(items[0]["id"])]))
    (entry,) = map(str, bibliography.bibliography())
    for shown in (
        "García Márquez",
        "World Health Organization",
        "Rivers of the North",
        "J. Rivers",
    ):
        assert shown in entry


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "ris", "csl"])
def test_pandoc_reads_exports(name: str, tmp_path: Path) -> None:
    pandoc = shutil.which("pandoc")
    if not pandoc:
        pytest.skip("pandoc is not installed")
    file = tmp_path / "papers"
    file.write_text(written_in(name), encoding="utf-8")
    form = "csljson" if name == "csl" else name
    known = subprocess.run([pandoc, "--list-input-formats"], capture_output=True, check=True).stdout
    if form not in known.decode().split():
        pytest.skip(f"this pandoc does not read {form}")
    command = [pandoc, "-f", form, "-t", "csljson", str(file)]
    written = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    (item,) = json.loads(written)
    assert item["author"][0]["family"] == "García Márquez"


def test_biber_reads_exports(tmp_path: Path) -> None:
    biber = shutil.which("biber")
    if not biber:
        pytest.skip("biber is not installed")
    file = tmp_path / "papers.bib"
    file.write_text(written_in("biblatex"), encoding="utf-8")
    command = [biber, "--tool", "--validate-datamodel", str(file)]
    run = subprocess.run(command, capture_output=True, check=False, timeout=120, text=True)
    assert "ERROR" not in run.stdout
