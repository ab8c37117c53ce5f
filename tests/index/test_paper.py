"""Papers: identifiers, identity, generated ids and merging."""

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.papers.citation import build_citation
from index.papers.identifiers import (
    is_code,
    links_in,
    parse_arxiv,
    parse_date,
    parse_doi,
    parse_id,
    web_url,
)
from index.papers.identity import Identity, identity, slug, title_key
from index.papers.merging import merge_papers
from index.papers.names import Name
from index.papers.paper import Paper, build_paper


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("written", "found"),
        [
            ("1706.03762", "1706.03762"),
            ("1706.03762v7", "1706.03762"),
            ("arXiv:1706.03762", "1706.03762"),
            ("arxiv: 0704.0001v1", "0704.0001"),
            ("https://arxiv.org/abs/1706.03762v2", "1706.03762"),
            ("http://www.arxiv.org/pdf/1706.03762.pdf", "1706.03762"),
            ("https://arxiv.org/html/2401.12345v1", "2401.12345"),
            ("https://export.arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
            ("math.GT/0309136", "math.GT/0309136"),
            ("10.48550/arXiv.1706.03762", "1706.03762"),
            ("https://ar5iv.labs.arxiv.org/html/1706.03762", "1706.03762"),
            ("", ""),
            ("10.1000/182", ""),
            ("Smith 2020", ""),
            ("1706.037", ""),
            ("11706.03762", ""),
            ("1706.0376212", ""),
            ("https://example.org/v1", ""),
        ],
    )
    def test_parse_arxiv_finds_id_in_all_forms(self, written: str, found: str) -> None:
        assert parse_arxiv(written) == found

    @pytest.mark.parametrize(
        ("written", "found"),
        [
            ("10.1145/3442188.3445922", "10.1145/3442188.3445922"),
            ("doi:10.1145/3442188.3445922.", "10.1145/3442188.3445922"),
            ("https://doi.org/10.1109/5.771073", "10.1109/5.771073"),
            ("https://dx.doi.org/10.1002/(SICI)1099-1360", "10.1002/(SICI)1099-1360"),
            ("https://doi.org/10.1000%2F182", "10.1000/182"),
            ("10.1093/mind/LIX.236.433", "10.1093/mind/LIX.236.433"),
            (
                "10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9",
                "10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9",
            ),
            (
                "https://doi.org/10.1175/1520-0493(1998)126%3C1::A%3E2.0.CO;2",
                "10.1175/1520-0493(1998)126<1::A>2.0.CO;2",
            ),
            ("<i>10.1000/182</i>", "10.1000/182"),
            ("", ""),
            ("10.1/x", ""),
            ("no doi", ""),
            ("10.1234/\x1b[2Jx", "10.1234/x"),
        ],
    )
    def test_parse_doi_finds_doi_in_all_forms(self, written: str, found: str) -> None:
        assert parse_doi(written) == found

    @given(st.text())
    def test_parse_functions_are_idempotent(self, text: str) -> None:
        for parse in (parse_arxiv, parse_doi, parse_id, web_url):
            assert parse(parse(text)) == parse(text)

    @given(st.from_regex(r"10\.[0-9]{4,9}/[-._;()/:A-Za-z0-9]{0,20}[A-Za-z0-9]", fullmatch=True))
    def test_parse_doi_in_url_equals_doi(self, doi: str) -> None:
        assert parse_doi(doi) == parse_doi(f"https://doi.org/{doi}") == doi

    @pytest.mark.parametrize(
        ("written", "found"),
        [("2024", "2024"), ("2024-03", "2024-03"), ("2024-02-29", "2024-02-29"),
         ("2024-02-29T10:00:00Z", "2024-02-29"), ("2023-02-29", None), ("2024-13", None),
         ("0999", None), ("24-03", None), ("March 2024", None), ("", None), (None, None)],
    )  # fmt: skip
    def test_parse_date_accepts_only_valid_dates(
        self, written: str | None, found: str | None
    ) -> None:
        assert parse_date(written) == found

    @pytest.mark.parametrize(
        ("given_id", "expected"), [("-rf", "rf"), ("two words", "two-words"), ("a\x1b[2Jb", "ab")]
    )
    def test_parse_id_removes_spaces_and_leading_signs(self, given_id: str, expected: str) -> None:
        assert parse_id(given_id) == expected


class TestLinks:
    @pytest.mark.parametrize(
        ("text", "links"),
        [
            ("Code: https://github.com/a/b.", ("https://github.com/a/b",)),
            ("(see https://x.org/a_(b))", ("https://x.org/a_(b)",)),
            ("at github.com/a/b, and www.x.org!", ("https://github.com/a/b", "https://www.x.org")),
            ("https://x.org https://x.org", ("https://x.org",)),
            ("javascript:alert(1) file:///etc/passwd ftp://x.org", ()),
            ("me@github.com/a", ()),
            ("https:// http://[::1 https://localhost/x", ()),
            ("<https://x.org/a>", ("https://x.org/a",)),
        ],
    )
    def test_links_in_text_exclude_trailing_punctuation(
        self, text: str, links: tuple[str, ...]
    ) -> None:
        assert links_in(text) == links

    @given(st.text())
    def test_web_url_other_schemes_are_empty(self, text: str) -> None:
        for link in (*links_in(text), web_url(text)):
            assert link == "" or link.lower().startswith(("http://", "https://"))

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("https://github.com/a/b", True),
            ("https://www.gitlab.com/a", True),
            ("https://anonymous.4open.science/r/x", True),
            ("https://gist.github.com/a", True),
            ("https://a.github.io/b", False),
            ("https://notgithub.com/a", False),
            ("https://x.org/github.com", False),
            ("https://[", False),
        ],
    )
    def test_is_code_by_host(self, url: str, code: bool) -> None:
        assert is_code(url) == code

    def test_link_of_doi_is_quoted(self) -> None:
        doi = "10.1002/(SICI)1097(199009)41:6<391::AID>3.0.CO;2-9"
        (link,) = Paper(title="T", doi=doi).links
        assert link == "https://doi.org/10.1002/(SICI)1097(199009)41:6%3C391::AID%3E3.0.CO;2-9"
        assert parse_doi(link) == doi

    def test_links_are_unique_with_own_page_first(self) -> None:
        paper = build_paper(
            title="T",
            abstract="Code at https://github.com/a/b and https://x.org/p.",
            url="https://x.org/p",
            arxiv_id="1706.03762",
            doi="10.1000/182",
        )
        assert paper.link == "https://x.org/p"
        assert paper.links == (
            "https://x.org/p",
            "https://arxiv.org/abs/1706.03762",
            "https://doi.org/10.1000/182",
            "https://github.com/a/b",
        )
        assert paper.code == ("https://github.com/a/b",)


class TestBuildPaper:
    def test_build_paper_invalid_values_are_dropped(self) -> None:
        paper = build_paper(
            title=" A\x1b[2J  title ", year=20250, date="2024-13", url="file:///etc", doi="?",
            arxiv_id="?", votes=2**40, authors=["", "Ada", "Ada"], keywords=[" a ", "a"],
        )  # fmt: skip
        assert paper == Paper(title="A title", authors=("Ada",), keywords=("a",))

    def test_build_paper_decodes_latex_of_names_venue_and_keywords(self) -> None:
        paper = build_paper(
            title="T", venue=r'Z. f{\"u}r Physik \& Chemie', keywords=[r"na\"{\i}ve", r"R\&D"],
            names=[Name(r'M{\"u}ller', r"J{\'o}n"), Name(literal=r"Ren\'e \& Co")],
            citation=build_citation(
                {"container-title": r'Z. f{\"u}r Physik', "publisher": r"Fran\c{c}ois"},
                {"editor": [Name(r"Erd\H{o}s", "P.")]},
            ),
        )  # fmt: skip
        assert (paper.venue, paper.keywords) == ("Z. für Physik & Chemie", ("naïve", "R&D"))
        assert paper.authors == ("Jón Müller", "René & Co")
        assert paper.names == (Name("Müller", "Jón"), Name(literal="René & Co"))
        assert paper.citation.get("container-title") == "Z. für Physik"
        assert paper.citation.get("publisher") == "François"
        assert paper.citation.names("editor") == (Name("Erdős", "P."),)

    def test_build_paper_decodes_authors_in_plain_text(self) -> None:
        assert build_paper(title="T", authors=[r"J. M\"uller"]).authors == ("J. Müller",)

    def test_build_paper_derives_year_and_arxiv_id(self) -> None:
        paper = build_paper(title="T", date="2024-03-01", url="https://arxiv.org/abs/1706.03762v1")
        assert (paper.year, paper.arxiv_id) == (2024, "1706.03762")


class TestIdentity:
    def test_identity_ignores_case_accents_and_punctuation(self) -> None:
        spellings = ["Képes: A Tale?", "kepes -- a tale", r"K\'epes, A TALE", "Kepes a tale."]
        assert {title_key(title) for title in spellings} == {"kepesatale"}

    def test_identity_titles_without_letters_differ(self) -> None:
        assert title_key("?!") != title_key("...")

    def test_identity_ignores_versions_and_case(self) -> None:
        one = identity(build_paper(title="T", arxiv_id="hep-th/9901001v2", doi="10.1000/ABC"))
        two = identity(build_paper(title="T", arxiv_id="HEP-TH/9901001", doi="10.1000/abc"))
        assert one == two

    def test_identity_arxiv_doi_is_arxiv_id(self) -> None:
        paper = build_paper(title="T", doi="10.48550/arXiv.1706.03762")
        assert identity(paper) == Identity("1706.03762", "", "t")

    @pytest.mark.parametrize(
        ("one", "two", "conflict"),
        [
            (("1", "", "t"), ("2", "", "t"), True),
            (("", "a", "t"), ("", "b", "t"), True),
            (("1", "a", "t"), ("1", "b", "t"), True),
            (("1", "", "t"), ("", "b", "t"), False),
            (("", "", "t"), ("2", "b", "t"), False),
        ],
    )
    def test_conflicts_only_different_identifiers(
        self, one: tuple[str, str, str], two: tuple[str, str, str], conflict: bool
    ) -> None:
        assert Identity(*one).conflicts(Identity(*two)) is conflict
        assert Identity(*two).conflicts(Identity(*one)) is conflict


class TestSlug:
    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("Oreo: A Plug-in Context Reconstructor", "oreo-plug-in-context"),
            ("The Attention of the Machines", "attention-machines"),
            ("Képes 中文 Straße", "kepes-中文-strasse"),
            ("???", "paper"),
            ("The", "paper"),
        ],
    )
    def test_slug_uses_first_words_of_title(self, title: str, expected: str) -> None:
        assert slug(Paper(title=title)) == expected

    def test_slug_prefers_arxiv_id(self) -> None:
        assert slug(Paper(title="T", arxiv_id="1706.03762")) == "1706.03762"

    @given(st.text())
    def test_slug_any_title_is_ascii_safe(self, title: str) -> None:
        name = slug(Paper(title=title))
        assert name
        assert len(name) <= 60
        assert not set(name) & set(" \t\n'\"\\$&;|<>()*?!#")
        assert name[0] != "-"


words = st.text(string.ascii_letters, max_size=8)
records = st.builds(
    Paper,
    title=st.just("T"),
    abstract=words | words.map(lambda text: text + "…"),
    id=words,
    authors=st.lists(words.filter(bool), max_size=3).map(tuple),
    et_al=st.booleans(),
    year=st.none() | st.integers(2000, 2003),
    date=st.sampled_from([None, "2001", "2001-02", "2001-02-03", "2002-05-06"]),
    venue=words,
    url=st.sampled_from(["", "https://a.org/1", "https://a.org/2"]),
    urls=st.lists(st.sampled_from(["https://a.org/1", "https://b.org/"]), unique=True).map(tuple),
    arxiv_id=st.sampled_from(["", "1706.03762"]),
    doi=st.sampled_from(["", "10.1000/182"]),
    keywords=st.lists(words.filter(bool), max_size=2, unique=True).map(tuple),
    categories=st.lists(words.filter(bool), max_size=2, unique=True).map(tuple),
    votes=st.none() | st.integers(0, 9),
)


class TestMerging:
    def test_merge_fills_missing_values(self) -> None:
        known = Paper(title="T", authors=("Ada",))
        new = Paper(title="t.", abstract="Known now.", year=2020, doi="10.1000/182", votes=3)
        assert merge_papers(known, new) == replace(
            known, abstract="Known now.", year=2020, doi="10.1000/182", votes=3
        )

    @pytest.mark.parametrize(
        "cut", ["We show that models", "We show that models…", "We show that models ..."]
    )
    def test_merge_completes_truncated_abstract(self, cut: str) -> None:
        whole = "We show that models reason."
        assert (
            merge_papers(Paper(title="T", abstract=cut), Paper(title="T", abstract=whole)).abstract
            == whole
        )
        assert (
            merge_papers(Paper(title="T", abstract=whole), Paper(title="T", abstract=cut)).abstract
            == whole
        )

    def test_merge_preserves_known_abstract(self) -> None:
        known, new = (
            Paper(title="T", abstract="One text."),
            Paper(title="T", abstract="A longer text."),
        )
        assert merge_papers(known, new).abstract == "One text."

    def test_merge_completes_author_list(self) -> None:
        first = Paper(title="T", authors=("Ada",), et_al=True)
        every = Paper(title="T", authors=("Ada", "Bob"))
        assert (
            merge_papers(first, every).authors
            == merge_papers(every, first).authors
            == ("Ada", "Bob")
        )
        assert not merge_papers(first, every).et_al

    def test_merge_completes_date_only_within_year(self) -> None:
        year, day = Paper(title="T", year=2001, date="2001"), Paper(title="T", date="2001-02-03")
        assert merge_papers(year, day).date == "2001-02-03"
        assert merge_papers(year, Paper(title="T", date="2002-01-01")).date == "2001"
        assert (
            merge_papers(Paper(title="T", year=2001), Paper(title="T", date="2002-01-01")).date
            is None
        )

    def test_merge_adds_other_page_to_links(self) -> None:
        known, new = (
            Paper(title="T", url="https://a.org/1"),
            Paper(title="T", url="https://a.org/2"),
        )
        assert merge_papers(known, new).urls == ("https://a.org/2",)

    @given(records, records)
    def test_merge_preserves_known_values(self, known: Paper, new: Paper) -> None:
        both = merge_papers(known, new)
        for name in ("venue", "url", "arxiv_id", "doi", "year"):
            assert getattr(both, name) == (getattr(known, name) or getattr(new, name))
        for name in ("keywords", "categories", "links"):
            assert set(getattr(both, name)) >= set(getattr(known, name)) | set(getattr(new, name))
        assert both.abstract.startswith(known.abstract.rstrip("…"))
        assert (both.date or "").startswith(known.date or "")
        assert len(both.authors) >= len(known.authors)
        assert (both.votes or 0) >= max(known.votes or 0, new.votes or 0)
        assert both.id == known.id

    @given(records, records)
    def test_merge_is_idempotent(self, known: Paper, new: Paper) -> None:
        both = merge_papers(known, new)
        assert merge_papers(both, new) == both
        assert merge_papers(known, known) == known
