"""BibTeX and BibLaTeX read back after an export, and files of real programs."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import Style, biblatex, bibtex, detect
from index.papers.entries import ParsedPaper, Skipped
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from tests.index.test_bibtex import papers, read, uncited

_TEXT = st.text(
    alphabet=st.sampled_from("abcXYZ 019.,:;!?()[]+/=*@#%&_^~{}|<>éüŰßøłñćαβ∈≤–—“”…Ж中文²₂€"),
    min_size=1,
    max_size=40,
).map(clean)  # fmt: skip
_WORDS = _TEXT.filter(lambda text: any(c.isalnum() for c in text))
_NAME = st.lists(
    st.text("abcXYZéüßłø.中", min_size=1, max_size=8).map(lambda word: "A" + clean(word)),
    min_size=1,
    max_size=4,
).map(" ".join)
_PATH = st.text("abcXYZ019_-~%&=/?", max_size=20)


@st.composite
def known(draw: st.DrawFn) -> Paper:
    """A paper as read from a file, without LaTeX in its texts."""
    year = draw(st.integers(1000, 9999))
    date = draw(st.sampled_from([None, f"{year}-03", f"{year}-11-30"]))
    paper = build_paper(
        id="key1",
        title=draw(_WORDS),
        abstract=draw(_TEXT | st.just("")),
        authors=draw(st.lists(_NAME, max_size=4)),
        year=year,
        date=date,
        venue=draw(st.sampled_from(["", "Nature", "NeurIPS 2017", "PhD thesis, MIT", "MIT Press",
                                    "Technical report, Bell & Co", "Bachelor's thesis, ETH"])),
        url="https://x.org/" + draw(_PATH),
        doi=draw(st.sampled_from(["", "10.1000/a_b(c)1", "10.48550/arXiv.1706.03762"])),
        arxiv_id=draw(st.sampled_from(["", "1706.03762", "hep-th/9901001"])),
        keywords=draw(st.lists(_WORDS, max_size=3)),
    )  # fmt: skip
    lines = st.lists(_TEXT.filter(bool), max_size=3).map("\n".join)
    return replace(paper, et_al=bool(paper.authors) and draw(st.booleans()), note=draw(lines))


class TestRoundTrip:
    @pytest.mark.parametrize("form", [bibtex, biblatex], ids=["bibtex", "biblatex"])
    @pytest.mark.parametrize("unicode", [False, True], ids=["latex", "unicode"])
    @given(paper=known())
    def test_export_round_trips(self, form: object, unicode: bool, paper: Paper) -> None:
        written = "".join(form.FORMAT.write([paper], Style(unicode=unicode)))  # type: ignore[attr-defined]
        (back,) = papers(written)
        arxiv = back.arxiv_id if "arXiv" in paper.doi else paper.arxiv_id
        assert uncited(back) == replace(paper, arxiv_id=arxiv, urls=back.urls), written

    def test_tags_are_read_back_as_keywords(self) -> None:
        paper = Paper(title="T", keywords=("a",), tags=("nlp/rag",))
        (back,) = papers("".join(bibtex.write([paper])))
        assert back.keywords == ("a", "nlp/rag")

    @pytest.mark.parametrize("name", ["Martin Luther King, Jr.", "Ludwig van Berg, III",
                                      "Google; Inc", "Barnes and Noble", "others"])  # fmt: skip
    def test_names_with_separators_round_trip(self, name: str) -> None:
        (back,) = papers(bibtex.citation(Paper(title="T", authors=(name, "A B"))))
        assert back.authors == (name, "A B")


# -- real files ------------------------------------------------------------------------------------


class TestRealFiles:
    @pytest.fixture
    def bibs(self, shared: Path) -> Path:
        folder = shared / "formats" / "bibtex"
        if not folder.is_dir():
            pytest.skip("no ../shared/formats/bibtex with real files")
        return folder

    @pytest.mark.parametrize(
        ("name", "found", "left"),
        [
            ("aclanthology-acl2022", 1031, 0), ("cobib-top10", 11, 0), ("rss2020", 103, 0),
            ("jabref-BibtexImporter.examples", 2, 2), ("jabref-bibWithUserComments", 2, 0),
            ("jabref-tiny-BE-noBOM", 1, 0), ("jabref-utf8-bom", 2, 0), ("jabref-crossref", 4, 0),
            ("jabref-bug1283", 2, 0), ("jabref-jabref-authors", 212, 0),
            ("jabref-testjabref", 156, 0), ("openreview-iclr2018", 943, 0),
            ("zbb-EDTF_dates_in_BibLaTeX_590.biblatex", 27, 0),
            ("zbb-Split_CJK_names_2624.biblatex", 35, 0),
        ],
    )  # fmt: skip
    def test_real_entries_are_read_or_reported(
        self, bibs: Path, name: str, found: int, left: int
    ) -> None:
        data = (bibs / f"{name}.bib").read_bytes()
        form = detect(data[:65536], f"{name}.bib")
        assert form
        assert form.name == "bibtex"
        items = read(data)
        assert sum(isinstance(item, ParsedPaper) for item in items) == found
        assert sum(isinstance(item, Skipped) for item in items) == left

    def test_real_papers_have_clean_text(self, bibs: Path) -> None:
        acl = {
            paper.id: paper for paper in papers((bibs / "aclanthology-acl2022.bib").read_bytes())
        }
        paper = acl["zhou-srikumar-2022-closer"]
        assert paper.title == "A Closer Look at How Fine-tuning Changes BERT"
        assert paper.authors == ("Yichu Zhou", "Vivek Srikumar")
        assert (paper.date, paper.doi) == ("2022-05", "10.18653/v1/2022.acl-long.75")
        assert paper.url == "https://aclanthology.org/2022.acl-long.75/"
        (turkey,) = papers((bibs / "jabref-tiny-BE-noBOM.bib").read_bytes())
        assert (turkey.venue, turkey.date) == ("Veterinary Record", "2011-12")
