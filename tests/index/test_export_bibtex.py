"""Exports to BibTeX and BibLaTeX: content round-trips, and no content breaks the file.

Each file is read back by a parser that is not ours, or not of the same module.
"""

import re
import unicodedata
from dataclasses import replace

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry
from hypothesis import example, given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from index.errors import CarrelError
from index.formats import (
    Style,
    biblatex,
    bibtex,
)
from index.papers.paper import Paper
from index.text.cleaning import clean
from index.text.latex.encoding import latex
from tests.index.exported import ATTENTION, MARKED, few, in_one_line, papers
from tests.index.hostile import texts as hostile


def entries(file: str) -> list[Entry]:
    library = parse_string(file)
    assert not library.failed_blocks
    assert not library.comments
    return library.entries


def fields(paper: Paper) -> dict[str, str]:
    (entry,) = entries(bibtex.citation(paper))
    return {field.key: field.value for field in entry.fields}


def entry_type(**known: object) -> str:
    (entry,) = entries(bibtex.citation(Paper(title="T", **known)))  # type: ignore[arg-type]  # by test
    return str(entry.entry_type)


def balance(written: str, mark: str) -> int:
    """Return the depth of open braces at the end; -1 if one is closed that is not open."""
    depth = 0
    for brace in re.findall(mark, written):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return -1
    return depth


def plain(shown: str) -> str:
    """Return a text with look-alikes unified that LaTeX does not distinguish."""
    alike = str.maketrans("ˆ‘’ʼ′‐‑‒−∗", "^''''----*", "^")
    return in_one_line(unicodedata.normalize("NFKC", shown).translate(alike).replace("^", ""))


def readable(latex: str) -> str:
    """Return LaTeX as a reader of the printed page sees it."""
    return plain(LatexNodes2Text().latex_to_text(latex.replace(r"{\textbar}", "|")))


class TestBibTeX:
    def test_entry_has_all_fields(self) -> None:
        assert bibtex.citation(MARKED) == (
            "@inproceedings{vaswani2017attention,\n"
            "  title = {Attention Is All You Need},\n"
            "  author = {Ashish Vaswani and Noam Shazeer and others},\n"
            "  booktitle = {NeurIPS},\n"
            "  year = {2017},\n"
            "  url = {https://arxiv.org/abs/1706.03762},\n"
            "  eprint = {1706.03762},\n"
            "  archivePrefix = {arXiv},\n"
            "  primaryClass = {cs.CL},\n"
            "  keywords = {sequence models, nlp/rag, todo},\n"
            "  abstract = {The dominant models are recurrent. We get 28.4 BLEU, 50\\% \\& more.},\n"
            "}\n"
        )

    def test_title_alone_makes_an_entry(self) -> None:
        paper = Paper(title="Oreo: A Plug-in", id="oreo-plug")
        assert bibtex.citation(paper) == "@misc{oreo-plug,\n  title = {Oreo: A Plug-in},\n}\n"

    @few
    @given(st.lists(papers(), max_size=3))
    def test_any_papers_give_one_balanced_entry_each(self, many: list[Paper]) -> None:
        file = "".join(bibtex.write(many))
        assert len(entries(file)) == len(many)
        assert balance(file, r"[{}]") == 0, "as BibTeX counts, which knows no escape"
        assert balance(file, r"\\.|[{}]") == 0, "as parsers count that know one"
        for entry in entries(file):
            assert all(balance(str(field.value), r"[{}]") == 0 for field in entry.fields)

    @given(hostile.map(lambda title: clean(re.sub(r"[\\$`'\"-]", "", title))).filter(bool))
    @example("‐‐ ′′")
    @example("{a, b} } { _ ^ ~ # % & < > | = @ é Ű ß 中 ⁴ ∈ – “ ” … ο Ж")
    def test_title_without_latex_round_trips(self, title: str) -> None:
        assert readable(fields(Paper(title=title))["title"]) == plain(title)

    @pytest.mark.parametrize(
        ("title", "written"),
        [
            (r"Sorting in $O(n)$ steps", r"Sorting in {$O(n)$} steps"),
            (r"Sorting in \(O(n)\) steps", r"Sorting in {$O(n)$} steps"),
            (r"M$^2$CD", r"{M}{$^2$}{CD}"),
            (r"$\{a\}$ and $50%$", r"{$\lbrace a\rbrace $} and {$50\%$}"),
            (r"K\'epes, K{\'e}pes, Képes", r"K{\'e}pes, K{\'e}pes, K{\'e}pes"),
            (r"Schr\"odinger and Bj{\o}rn", r"Schr{\"o}dinger and Bj{\o}rn"),
            (r"in 10 {\mu}m, at 360{\deg}", r"in 10 {\ensuremath{\mu}}m, at 360{\textdegree}"),
            (r"\textbf{R}est\emph{o}re", r"\textbf{R}est\emph{o}re"),
            (r"a {\em very \textit{deep}} net", r"a \emph{very \textit{deep}} net"),
            (r"R\&D at 50\%, for \$5", r"{R}\&{D} at 50\%, for \$5"),
            (r"\href{https://x.org/a_b}{here}", r"\href{https://x.org/a_b}{here}"),
        ],
    )
    def test_latex_in_title_is_preserved(self, title: str, written: str) -> None:
        assert fields(Paper(title=title))["title"] == written

    @pytest.mark.parametrize(
        ("title", "written"),
        [
            ("from $5 to $10", r"from \$5 to \$10"),
            ("for $500", r"for \$500"),
            (r"$a}b$", r"\$a{\ensuremath{\rbrace}}b\$"),
            (r"\ours beats", r"{\textbackslash}ours beats"),
            (r"\textbf{open", r"{\textbackslash}textbf{\ensuremath{\lbrace}}open"),
            ("a {b} c", r"a {\ensuremath{\lbrace}}b{\ensuremath{\rbrace}} c"),
            ("the end\\", r"the end{\textbackslash}"),
            (r"a\\}b", r"a{\textbackslash}{\textbackslash}{\ensuremath{\rbrace}}b"),
        ],
    )
    def test_text_similar_to_latex_is_escaped(self, title: str, written: str) -> None:
        assert fields(Paper(title=title))["title"] == written

    @pytest.mark.parametrize(
        ("title", "written"),
        [
            ("BERT and GPT-4 for NeRFs", "{BERT} and {GPT}-4 for {NeRFs}"),
            ("Attention in 3D and Text2SQL", "Attention in {3D} and {Text2SQL}"),
            ("B2 on Plan B: A Study", "{B2} on Plan {B}: A Study"),
            ("ÉCOLE École", r"{{\'E}COLE} {\'E}cole"),
        ],
    )
    def test_capitals_in_titles_are_protected(self, title: str, written: str) -> None:
        assert fields(Paper(title=title))["title"] == written

    def test_abstract_is_not_braced(self) -> None:
        assert fields(Paper(title="T", abstract="BERT in $O(N)$"))["abstract"] == "BERT in $O(N)$"

    def test_unclosed_commands_are_encoded_in_linear_time(self) -> None:
        title = r"\textbf{" * 20_000 + r"\(" * 20_000 + "${" * 20_000
        assert balance(latex(title, title=True), "[{}]") == 0
        nested = r"\textbf{" * 20_000 + "}" * 20_000
        assert latex(nested) == nested

    @pytest.mark.parametrize(
        ("name", "written"),
        [
            ("Jürgen Müller", r"J{\"u}rgen M{\"u}ller"),
            ("Vaswani, Ashish", "Vaswani, Ashish"),
            ("Research and Development", "{Research and Development}"),
            ("Johnson AND Sons", "{Johnson AND Sons}"),
            ("Alexander Anderson", "Alexander Anderson"),
            ("others", "{others}"),
            ("A, B, C, D", "{A, B, C, D}"),
        ],
    )
    def test_name_is_written_as_one_name(self, name: str, written: str) -> None:
        assert fields(Paper(title="T", authors=(name,)))["author"] == written

    @pytest.mark.parametrize(
        ("venue", "kind"),
        [
            ("NeurIPS 2017", "inproceedings"),
            ("Proceedings of the 58th Annual Meeting of the ACL", "inproceedings"),
            ("Findings of the Association for Computational Linguistics", "inproceedings"),
            ("ICLR (Poster)", "inproceedings"),
            ("Workshop on Noisy Text", "inproceedings"),
            ("Transactions of the Association for Computational Linguistics", "article"),
            ("Proceedings of the National Academy of Sciences", "article"),
            ("Journal of Machine Learning Research", "article"),
            ("Nature", "article"),
            ("arXiv cs.CL", "misc"),
            ("CoRR abs/1706.03762", "misc"),
            ("", "misc"),
        ],
    )
    def test_entry_type_follows_venue(self, venue: str, kind: str) -> None:
        assert entry_type(venue=venue) == kind
        assert entry_type(venue=venue, arxiv_id="1706.03762") == kind

    def test_arxiv_paper_is_an_eprint(self) -> None:
        known = fields(Paper(title="T", arxiv_id="1706.03762", categories=("cs.CL",)))
        assert (known["eprint"], known["archivePrefix"]) == ("1706.03762", "arXiv")
        assert known["primaryClass"] == "cs.CL"
        assert known["url"] == "https://arxiv.org/abs/1706.03762"
        assert fields(Paper(title="T", venue="arXiv:1706.03762"))["eprint"] == "1706.03762"
        other = fields(Paper(title="T", arxiv_id="1706.03762", categories=("text generation",)))
        assert "primaryClass" not in other

    def test_links_are_verbatim_and_stay_in_their_field(self) -> None:
        known = fields(Paper(title="T", url="https://x.org/a_b?c=%20&d=}{\\ é#1"))
        assert known["url"] == "https://x.org/a_b?c=%20&d=%7D%7B%5C%20%C3%A9#1"

    def test_note_is_in_annote_and_not_in_citation(self) -> None:
        assert "again" not in bibtex.citation(MARKED)
        (entry,) = entries("".join(bibtex.write([MARKED])))
        assert entry.fields_dict["annote"].value == "Read again.\nTwice."

    def test_line_of_note_begins_no_entry(self) -> None:
        noted = replace(MARKED, note="as in\n@article{a,\n title = {b},")
        assert len(entries("".join(bibtex.write([noted])))) == 1

    def test_date_is_written_as_year_month_and_day(self) -> None:
        known = fields(Paper(title="T", year=2017, date="2017-06-12"))
        assert (known["year"], known["month"], known["day"]) == ("2017", "jun", "12")
        assert "month = jun,\n" in bibtex.citation(Paper(title="T", year=2017, date="2017-06"))

    def test_unicode_style_keeps_letters_and_escapes_specials(self) -> None:
        paper = Paper(title="Képes & α $x$", authors=("Jürgen Ж",), abstract="50% – ñ")
        (entry,) = entries(bibtex.citation(paper, Style(unicode=True)))
        known = {field.key: field.value for field in entry.fields}
        assert known["title"] == r"Képes \& α {$x$}"
        assert known["author"] == "Jürgen Ж"
        assert known["abstract"] == r"50\% – ñ"

    @pytest.mark.parametrize(
        ("venue", "kind", "place"),
        [
            ("PhD thesis, MIT", "phdthesis", ("school", "MIT")),
            ("Master's thesis, ETH", "mastersthesis", ("school", "ETH")),
            ("Technical report, Bell Labs", "techreport", ("institution", "Bell Labs")),
            ("MIT Press", "book", ("publisher", "MIT Press")),
        ],
    )
    def test_type_of_work_comes_from_venue(
        self, venue: str, kind: str, place: tuple[str, str]
    ) -> None:
        (entry,) = entries(bibtex.citation(Paper(title="T", venue=venue)))
        assert entry.entry_type == kind
        assert entry.fields_dict[place[0]].value == place[1]


class TestBibLaTeX:
    def test_entry_has_all_fields(self) -> None:
        paper = replace(MARKED, date="2017-06-12", venue="Nature")
        assert "".join(biblatex.write([paper])) == (
            "@article{vaswani2017attention,\n"
            "  title = {Attention Is All You Need},\n"
            "  author = {Ashish Vaswani and Noam Shazeer and others},\n"
            "  journaltitle = {Nature},\n"
            "  date = {2017-06-12},\n"
            "  url = {https://arxiv.org/abs/1706.03762},\n"
            "  eprint = {1706.03762},\n"
            "  eprinttype = {arxiv},\n"
            "  eprintclass = {cs.CL},\n"
            "  keywords = {sequence models, nlp/rag, todo},\n"
            "  abstract = {The dominant models are recurrent. We get 28.4 BLEU, 50\\% \\& more.},\n"
            "  annotation = {Read again.\nTwice.},\n"
            "}\n"
        )

    @pytest.mark.parametrize(
        ("known", "kind"),
        [
            ({"arxiv_id": "1706.03762"}, "online"),
            ({"url": "https://x.org/"}, "online"),
            ({"venue": "NeurIPS"}, "inproceedings"),
            ({"venue": "PhD thesis, MIT"}, "thesis"),
            ({"venue": "Technical report, MIT"}, "report"),
            ({}, "misc"),
        ],
    )
    def test_entry_type_follows_known_fields(self, known: dict[str, str], kind: str) -> None:
        (entry,) = entries("".join(biblatex.write([replace(Paper(title="T"), **known)])))  # type: ignore[arg-type]  # by test
        assert entry.entry_type == kind

    @few
    @given(st.lists(papers(), max_size=3))
    def test_any_papers_give_one_entry_each(self, many: list[Paper]) -> None:
        file = "".join(biblatex.write(many))
        assert len(entries(file)) == len(many)
        assert balance(file, r"[{}]") == 0


class TestCitationKeys:
    @pytest.mark.parametrize(
        ("pattern", "key"),
        [
            ("{Author}{year}{Word}", "Vaswani2017Attention"),
            ("{author}:{year}", "vaswani:2017"),
            ("{authors}-{venue}", "VaswaniShazeerEtAl-neurips"),
            ("{title}_{year}", "attention-all-you-need_2017"),
            ("x/{id}", "x/Vas17"),
        ],
    )
    def test_pattern_builds_keys(self, pattern: str, key: str) -> None:
        paper = replace(ATTENTION, id="Vas17")
        assert bibtex.citation_keys([paper, paper], pattern) == [key, f"{key}a"]
        written = "".join(bibtex.write([paper], Style(keys=pattern)))
        assert entries(written)[0].key == key

    def test_pattern_without_values_falls_back_to_default_key(self) -> None:
        assert bibtex.citation_keys([Paper(title="Oreo", id="o1")], "{author}{year}") == ["o1"]

    @pytest.mark.parametrize(
        ("pattern", "message"),
        [
            ("{autor}{year}", "did you mean {author}?"),
            ("{zzz}", "try {author}, "),
            ("author", "invalid citation key pattern"),
            ("{author} {year}", "invalid citation key pattern"),
            ("{author},{year}", "invalid citation key pattern"),
            ("{author", "invalid citation key pattern"),
        ],
    )
    def test_invalid_pattern_suggests_fields(self, pattern: str, message: str) -> None:
        with pytest.raises(CarrelError, match=re.escape(message)):
            Style(keys=pattern)

    @few
    @given(st.lists(papers(), max_size=4))
    def test_pattern_keys_are_valid_and_unique(self, many: list[Paper]) -> None:
        style = Style(keys="{Author}{id}{venue}{word}")
        keys = [entry.key for entry in entries("".join(bibtex.write(many, style)))]
        assert len({key.lower() for key in keys}) == len(many)

    @pytest.mark.parametrize(
        ("paper", "key"),
        [
            (ATTENTION, "vaswani2017attention"),
            (replace(ATTENTION, id="1706.03762"), "vaswani2017attention"),
            (replace(ATTENTION, id="arXiv:1706.03762v5"), "vaswani2017attention"),
            (replace(ATTENTION, id="attention-all-you-need"), "vaswani2017attention"),
            (replace(ATTENTION, id="attention-all-you-need-2"), "vaswani2017attention"),
            (replace(ATTENTION, id="12345"), "vaswani2017attention"),
            (replace(ATTENTION, id="Vaswani+:2017"), "Vaswani+:2017"),
            (replace(ATTENTION, id="DBLP:conf/nips/VaswaniSPUJGKP17"),
             "DBLP:conf/nips/VaswaniSPUJGKP17"),
            (replace(ATTENTION, id="no, {key}"), "vaswani2017attention"),
            (replace(ATTENTION, authors=("Képes, Ágnes",)), "kepes2017attention"),
            (replace(ATTENTION, authors=("Martin King Jr.",)), "king2017attention"),
            (replace(ATTENTION, year=None, title="On the Ö-notation"), "vaswanio"),
            (Paper(title="Oreo: A Plug-in", id="oreo-plug-in"), "oreo-plug-in"),
            (Paper(title="T", id="hep-th/9901001"), "hep-th-9901001"),
            (Paper(title="T", id="注意力", authors=("王伟",)), "注意力"),
            (Paper(title="注意力", id="注意力", authors=("王伟",)), "paper"),
        ],
    )  # fmt: skip
    def test_key_is_imported_or_name_year_word(self, paper: Paper, key: str) -> None:
        assert bibtex.citation_keys([paper]) == [key]
        assert entries(bibtex.citation(paper))[0].key == key

    def test_duplicate_key_gets_a_suffix(self) -> None:
        keys = bibtex.citation_keys([ATTENTION] * 30)
        assert keys[:3] == [f"vaswani2017attention{letter}" for letter in ("", "a", "b")]
        assert keys[26:29] == [f"vaswani2017attention{letters}" for letters in ("z", "aa", "ab")]

    def test_imported_key_may_equal_another_default_key(self) -> None:
        given_key = replace(ATTENTION, id="Vaswani2017AttentionA")
        keys = bibtex.citation_keys([given_key, ATTENTION, ATTENTION])
        assert keys == ["Vaswani2017AttentionA", "vaswani2017attention", "vaswani2017attentionb"]

    @few
    @given(st.lists(papers(), max_size=5))
    def test_keys_are_unique_and_match_the_file(self, many: list[Paper]) -> None:
        keys = bibtex.citation_keys(many)
        assert len({key.lower() for key in keys}) == len(many)
        assert keys == [entry.key for entry in entries("".join(bibtex.write(many)))]
