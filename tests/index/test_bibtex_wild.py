"""BibTeX as services and programs write it, with their quirks removed."""

import io

import pytest

from index.formats import bibtex
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper
from index.text.latex.decoding import plain


def one(fields: str, kind: str = "article") -> Paper:
    file = f"@{kind}{{key, title = {{T}},\n{fields}\n}}\n"
    (item,) = bibtex.read(io.BytesIO(file.encode()), Origin("file.bib"))
    assert isinstance(item, ParsedPaper)
    return item.paper


class TestNames:
    @pytest.mark.parametrize(
        ("field", "authors"),
        [
            ("Ada Lovelace and and Charles Babbage", ("Ada Lovelace", "Charles Babbage")),
            ("Lo, Jessica and Riyadh, Md", ("Jessica Lo", "Md Riyadh")),
            ("Lo, Jessica and House, MD, Greg", ("Jessica Lo", "Greg House, MD")),
            ("Ball, L J and {1994}", ("L J Ball",)),
            ("Wei Wang 0042 and Jane Doe", ("Wei Wang", "Jane Doe")),
            ("{Lovelace, Ada} and {Babbage, Charles}", ("Ada Lovelace", "Charles Babbage")),
            ("{Barnes, Noble, Inc.} and Ada Lovelace", ("Barnes, Noble, Inc.", "Ada Lovelace")),
            ("{Google, Inc.}", ("Google, Inc.",)),
            ("林, 秀贞 and Smith, John", ("林秀贞", "John Smith")),
        ],
    )
    def test_quirks_of_programs_are_removed(self, field: str, authors: tuple[str, ...]) -> None:
        assert one(f"author = {{{field}}}").authors == authors


class TestEscapes:
    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            (r"{\textbackslash}'Etude and Garc\textbackslash{}'ia", "Étude and García"),
            (r"of 70{\textbackslash}\%", "of 70%"),
            (r"5\${\textbackslash}times\$ faster", r"5$\times$ faster"),
            (r"N\$\_\{\textbackslash{}boldsymbol\{x\}\}\$", r"N$_{\boldsymbol{x}}$"),
            (r"(1\textbackslash{}times1)", "(1×1)"),
            (r"{\textbackslash}emph\{all\} of it", "all of it"),
            (r"C:\textbackslash{}foo", r"C:\foo"),
            (r"{\textless}i{\textgreater}in vivo{\textless}/i{\textgreater}", "in vivo"),
            (r"3 {\textless} 4 {\textgreater} 2", "3 < 4 > 2"),
            (r"{{Harvard}}\&\#039;s", "Harvard's"),
            (r"Type-\{\vphantom\}{{II}}\vphantom\{\} traps", "Type-II traps"),
            (r"3.4 M$_{\ensuremath{\odot}}$", "3.4 M⊙"),
            (r"S{$\not$}ren", "Sren"),
        ],
    )
    def test_doubly_escaped_latex_is_decoded(self, source: str, shown: str) -> None:
        assert " ".join(plain(source).split()) == shown


class TestFields:
    def test_journal_macros_are_expanded(self) -> None:
        assert one(r"journal = {\apjl}").venue == "Astrophysical Journal Letters"
        assert one(r"journal = {\nosuch}").venue == "nosuch"

    def test_doi_ends_before_query(self) -> None:
        assert one("doi = {10.2307/223443?ref=search-gateway:f7}").doi == "10.2307/223443"

    def test_doubly_braced_keywords_are_split(self) -> None:
        paper = one("Keywords = {{deep learning; images}}, Unique-ID = {{WOS:1}}")
        assert paper.keywords == ("deep learning", "images")
