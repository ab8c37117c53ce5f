"""Exports: content round-trips, and no content breaks the file.

Each file is read back by a parser that is not ours, or not of the same module.
"""

import csv as stdlib_csv
import io
import re
import unicodedata
from dataclasses import replace

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pylatexenc.latex2text import LatexNodes2Text

from index.errors import CarrelError
from index.formats import (
    WRITERS,
    Style,
    biblatex,
    bibtex,
    csv,
    detect,
    markdown,
    text,
    write_papers,
    writer_for,
)
from index.formats.tables.cells import escape_formula
from index.papers.citation import build_citation
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper, SourceRef, build_paper
from index.text.cleaning import clean
from index.text.latex.encoding import latex
from tests.examples import examples
from tests.index.hostile import ACTING
from tests.index.hostile import texts as hostile
from tests.index.round_trips import read_back

titled = hostile.filter(clean)
few = examples(20)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """A paper that came round the cleaning at import: every text in it is hostile."""
    some = st.lists(hostile, max_size=3).map(tuple)
    return Paper(
        title=draw(titled), abstract=draw(hostile), id=draw(hostile), authors=draw(some),
        et_al=draw(st.booleans()), year=draw(st.none() | st.integers(1000, 9999)),
        date=draw(st.none() | hostile), venue=draw(hostile), url=draw(hostile), urls=draw(some),
        arxiv_id=draw(hostile), doi=draw(hostile), keywords=draw(some), categories=draw(some),
        votes=draw(st.none() | st.integers()), tags=draw(some), note=draw(hostile),
        sources=(SourceRef(draw(hostile), 1),), added=draw(hostile),
    )  # fmt: skip


ATTENTION = build_paper(
    title="Attention Is All You Need",
    authors=["Ashish Vaswani", "Noam Shazeer"],
    et_al=True,
    year=2017,
    venue="NeurIPS",
    arxiv_id="1706.03762",
    url="https://arxiv.org/abs/1706.03762",
    categories=["cs.CL", "cs.LG"],
    keywords=["sequence models"],
    abstract="The dominant models are recurrent. We get 28.4 BLEU, 50% & more.",
)
MARKED = replace(
    ATTENTION, tags=("nlp/rag", "todo"), note="Read again.\nTwice.", bookmarked=True,
    sources=(SourceRef("page", 3),), added="2026-01-02T03:04:05+00:00",
)  # fmt: skip


def in_one_line(written: str) -> str:
    return " ".join(written.split())


@pytest.mark.parametrize("name", WRITERS)
class TestEveryFormat:
    def test_export_of_no_papers_is_valid(self, name: str) -> None:
        write = WRITERS[name].write
        assert write
        file = "".join(write([], Style()))
        assert "<article" not in file
        about = {"csv": 1, "json": 1, "csl": 1}  # a header, an empty array
        assert file.count("\n") == about.get(name, 0) or name == "html"

    @few
    @given(many=st.lists(papers(), max_size=2))
    def test_output_has_no_control_characters(self, name: str, many: list[Paper]) -> None:
        write = WRITERS[name].write
        assert write
        file = "".join(write(many, Style()))
        assert file.encode().decode() == file
        assert not ACTING.search(file.replace("\r\n", "\n"))

    def test_papers_are_streamed(self, name: str) -> None:
        def endless() -> object:
            while True:
                yield MARKED

        write = WRITERS[name].write
        assert write
        pieces = write(endless(), Style())  # type: ignore[arg-type]  # an endless list is the point
        assert all(next(pieces) for _ in range(3))

    def test_file_extension_determines_format(self, name: str) -> None:
        for ending in WRITERS[name].endings:
            form = writer_for(f"papers{ending.upper()}")
            assert form
            assert form.name == name


# BibTeX


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


# Markdown

_COMMONMARK = MarkdownIt("commonmark")
# Everything that dialects add: tables, strike-through, bare links.
_GITHUB = MarkdownIt("gfm-like")
_SHAPE = {"heading", "paragraph", "bullet_list", "list_item", "blockquote", "link", "inline"}


def tokens(file: str, parser: MarkdownIt = _GITHUB) -> list[Token]:
    flat = []
    for token in parser.parse(file):
        flat.append(token)
        flat += token.children or []
    return flat


def shown(inline: Token) -> str:
    children = inline.children or []
    return "".join(" " if child.type.endswith("break") else child.content for child in children)


@pytest.mark.parametrize("parser", [_COMMONMARK, _GITHUB], ids=["commonmark", "github"])
class TestMarkdown:
    @given(title=titled)
    def test_heading_renders_title(self, parser: MarkdownIt, title: str) -> None:
        file = "".join(markdown.write([Paper(title=title, url="https://x.org/")]))
        opening, inline, closing = parser.parse(file)
        assert (opening.tag, closing.tag) == ("h2", "h2")
        assert shown(inline) == clean(title)
        links = [
            token.attrs["href"] for token in inline.children or [] if token.type == "link_open"
        ]
        assert links == ["https://x.org/"]

    @given(abstract=titled, note=titled.filter(lambda note: clean(note, lines=True).strip()))
    def test_abstract_and_note_render_unchanged(
        self, parser: MarkdownIt, abstract: str, note: str
    ) -> None:
        file = "".join(markdown.write([Paper(title="T", abstract=abstract, note=note)]))
        inlines = [token for token in parser.parse(file) if token.type == "inline"]
        assert in_one_line(" ".join(map(shown, inlines[1:-1]))) == clean(f"Note: {note}")
        assert shown(inlines[-1]) == clean(abstract)

    @few
    @given(many=st.lists(papers(), max_size=2))
    def test_papers_add_no_markup(self, parser: MarkdownIt, many: list[Paper]) -> None:
        found = tokens("".join(markdown.write(many)), parser)
        kinds = {re.sub(r"_(open|close)$", "", token.type) for token in found}
        assert kinds <= _SHAPE | {"text", "text_special", "softbreak", "hardbreak"}
        assert sum(token.type == "heading_open" for token in found) == len(many)
        links = [token.attrs["href"] for token in found if token.type == "link_open"]
        written = " ".join(f"{paper.abstract} {paper.note}" for paper in many)
        assert len(links) <= len(many) + written.count("http")
        assert all(str(link).startswith(("http://", "https://")) for link in links)


CITED = build_paper(
    title="Rivers", id="r1", venue="J. *Rivers*", year=2015, type="article-journal",
    citation=build_citation({"volume": "7", "page": "1-9", "publisher": "<House>"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("markdown", r"- Published: journal article · vol. 7, pp. 1–9 · \<House\>"),
        ("html", '<p class="facts">journal article · vol. 7, pp. 1–9 · &lt;House&gt;</p>'),
    ],
)
def test_page_has_the_facts_of_a_publication(name: str, shown: str) -> None:
    written = "".join(write_papers([CITED], name))
    assert shown in written
    back = read_back(CITED, name)
    assert (back.title, back.venue, back.year) == ("Rivers", "J. *Rivers*", 2015)
    assert (back.abstract, back.note, back.authors) == ("", "", ())


class TestMarkdownSections:
    def test_section_has_all_fields(self) -> None:
        assert "".join(markdown.write([MARKED, Paper(title="Two")])) == (
            "## [Attention Is All You Need](<https://arxiv.org/abs/1706.03762>)\n\n"
            "Ashish Vaswani, Noam Shazeer, et al. · 2017 · NeurIPS\n\n"
            "- Tags: nlp/rag, todo\n"
            "- Note: Read again.\\\n"
            "  Twice.\n\n"
            "> The dominant models are recurrent. We get 28.4 BLEU, 50% \\& more.\n"
            "\n## Two\n"
        )

    def test_links_in_abstracts_and_notes_are_clickable(self) -> None:
        url = "https://github.com/x/y_z?a=b&copy=c"
        paper = Paper(title=f"On {url}", abstract=f"Code ({url}).", note=f"See {url}, too.")
        file = "".join(markdown.write([paper]))
        assert f"> Code (<{url}>)." in file
        assert f"See <{url}>, too." in file
        links = [t.attrs["href"] for t in tokens(file) if t.type == "link_open"]
        assert links == [url, url]

    def test_title_links_to_the_page_of_the_paper_not_to_its_code(self) -> None:
        code = Paper(title="T", url="https://github.com/a/b", doi="10.1000/x")
        assert markdown.link(code) == "[T](<https://doi.org/10.1000/x>)"
        assert markdown.link(replace(code, doi="")) == "[T](<https://github.com/a/b>)"

    @pytest.mark.parametrize("authors", [(), ("Ann Brow",)])
    def test_papers_without_links_are_read_back_with_their_ids(
        self, authors: tuple[str, ...]
    ) -> None:
        bare = [Paper(title="On rivers", id="m_1", authors=authors, year=2020),
                Paper(title="On lakes", id="10.1/a*b", authors=authors)]  # fmt: skip
        file = "".join(markdown.write(bare)).encode()
        form = detect(file)
        assert form
        assert form.name == "markdown"
        read = markdown.FORMAT.read
        assert read
        found = [item.paper for item in read(io.BytesIO(file), Origin("a.md"))
                 if isinstance(item, ParsedPaper)]  # fmt: skip
        assert found == bare

    def test_note_keeps_paragraphs_within_its_item(self) -> None:
        found = tokens(
            "".join(markdown.write([Paper(title="T", note="# one\n\n- two\n    three")]))
        )
        assert sum(token.type == "list_item_open" for token in found) == 1
        inline = [shown(token) for token in found if token.type == "inline"]
        assert inline == ["T", "Note: # one", "- two three"]

    @pytest.mark.parametrize(
        ("url", "target"),
        [
            ("https://x.org/a_(b)?c=d&e=f#g", "https://x.org/a_%28b%29?c=d&e=f#g"),
            ("https://x.org/a b>c<d", "https://x.org/a%20b%3Ec%3Cd"),
            ("https://x.org/%20\\`[]", "https://x.org/%20%5C%60%5B%5D"),
            ("https://x.org/?a&lt;b", "https://x.org/?a&lt;b"),
        ],
    )
    def test_link_target_is_the_url(self, url: str, target: str) -> None:
        found = tokens(markdown.link(Paper(title="T", url=url)))
        assert [t.attrs["href"] for t in found if t.type == "link_open"] == [target]

    @pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd", "ftp://a.io"])
    def test_title_without_web_link_is_plain(self, url: str) -> None:
        assert markdown.link(Paper(title="*T*", url=url)) == r"\*T\*"


# CSV

HEADER = [
    "id", "title", "authors", "year", "date", "venue", "url", "arxiv_id", "doi", "keywords",
    "categories", "votes", "tags", "bookmarked", "read", "note", "sources", "added", "abstract",
    "dismissed", "later", "type", "names", "container", "volume", "issue", "number", "pages",
    "chapter", "publisher", "place", "edition", "series", "series_number", "event", "genre",
    "language", "isbn", "issn", "pmid", "pmcid", "editors", "translators",
]  # fmt: skip


def rows(file: str) -> list[dict[str, str]]:
    return list(stdlib_csv.DictReader(io.StringIO(file, newline=""), strict=True))


class TestCSV:
    def test_csv_of_no_papers_is_the_header(self) -> None:
        assert "".join(csv.write([])) == ",".join(HEADER) + "\r\n"

    def test_row_has_all_fields(self) -> None:
        (row,) = rows("".join(csv.write([replace(MARKED, votes=-2, id="Vaswani2017")])))
        assert list(row.values()) == [
            "Vaswani2017", "Attention Is All You Need", "Ashish Vaswani; Noam Shazeer; et al.",
            "2017", "", "NeurIPS", "https://arxiv.org/abs/1706.03762", "1706.03762", "",
            "sequence models", "cs.CL; cs.LG", "-2", "nlp/rag; todo", "true", "false",
            "Read again.\nTwice.", "page", "2026-01-02T03:04:05+00:00", MARKED.abstract,
            "false", *[""] * 23,
        ]  # fmt: skip

    @few
    @given(st.lists(papers(), max_size=3))
    def test_any_papers_give_one_row_each(self, many: list[Paper]) -> None:
        file = "".join(csv.write(many))
        read = rows(file)
        for row, paper in zip(read, many, strict=True):
            title = clean(paper.title)
            assert row["title"] in (title, f"'{title}")
        assert all(list(row) == HEADER and None not in row.values() for row in read)
        assert file.endswith("\r\n")

    @few
    @given(st.lists(papers(), max_size=2))
    def test_no_cell_is_a_formula(self, many: list[Paper]) -> None:
        for row in rows("".join(csv.write(many))):
            for cell in row.values():
                first = unicodedata.normalize("NFKC", cell.lstrip())[:1]
                assert (
                    first not in {"=", "+", "-", "@"} or cell.strip()[1:].replace(".", "").isdigit()
                )
                assert cell[:1] not in {"\t", "\r", "\n"}

    @pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "  =1", "＝1", "-1+1"])
    def test_formula_gets_an_apostrophe(self, text: str) -> None:
        assert escape_formula(text) == "'" + text.strip()

    def test_formulas_in_lists_get_an_apostrophe(self) -> None:
        (row,) = rows("".join(csv.write([Paper(title="T", keywords=("-2", "b", "=c", "-3"))])))
        assert row["keywords"] == "'-2; b; '=c; -3"

    @pytest.mark.parametrize("text", ["-5", "+1.5", "2024", "a=b", "", "'quoted'", "C++"])
    def test_numbers_and_other_text_are_unchanged(self, text: str) -> None:
        assert escape_formula(text) == text


# Plain text


def columns(line: str) -> int:
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in line
    )


class TestPlainText:
    def test_paper_is_laid_out_as_text(self) -> None:
        assert "".join(text.write([MARKED, Paper(title="Two", abstract="word " * 20)])) == (
            "Attention Is All You Need\n"
            "  Ashish Vaswani, Noam Shazeer, et al. (2017)\n"
            "  NeurIPS\n"
            "  https://arxiv.org/abs/1706.03762\n"
            "  Tags: nlp/rag, todo\n"
            "  Note: Read again.\n"
            "  Twice.\n"
            "    The dominant models are recurrent. We get 28.4 BLEU, 50% & more.\n"
            "\n"
            "Two\n" + f"    {'word ' * 15}".rstrip() + "\n" + f"    {'word ' * 5}".rstrip() + "\n"
        )

    @few
    @given(st.lists(papers(), max_size=2))
    def test_only_titles_begin_in_first_column(self, many: list[Paper]) -> None:
        lines = "".join(text.write(many)).split("\n")
        assert sum(bool(line) and line[0] != " " for line in lines) == len(many)

    @few
    @given(st.lists(papers(), max_size=2))
    def test_only_links_exceed_the_width(self, many: list[Paper]) -> None:
        links = {f"  {clean(paper.link)}" for paper in many}
        for line in "".join(text.write(many)).split("\n"):
            assert line in links or columns(line) <= 80

    def test_wide_characters_count_as_two_columns(self) -> None:
        lines = "".join(text.write([Paper(title="T", abstract="中" * 100)])).split("\n")
        assert max(map(columns, lines)) in (79, 80)
        assert sum(line.count("中") for line in lines) == 100

    def test_links_are_not_wrapped(self) -> None:
        url = "https://x.org/" + "a-b/" * 40
        assert f"\n  {url}\n" in "".join(text.write([Paper(title="T", url=url)]))
