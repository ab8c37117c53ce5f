"""LaTeX in texts of any source: decoded for reading, kept as written for exports in LaTeX."""

import io
import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library
from index.formats import READERS, Style, bibtex, write_papers
from index.papers.entries import Origin, ParsedPaper
from index.papers.json_record import as_json, from_json
from index.papers.names import Name
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from index.text.latex.decoding import plain
from index.text.latex.encoding import latex
from index.text.latex.math import math_text
from index.text.latex.reading import readable

PAGES = Path(__file__).parents[2].parent / "shared" / "pages"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"from 40.4\% to 84.3\%", "from 40.4% to 84.3%"),
        (r"Poincar\'e and Schr\"odinger, na\"{\i}ve", "Poincaré and Schrödinger, naïve"),
        (r"Nguy{\~{\^e}}n and T{\d{\^{o}}}n", "Nguyễn and Tộn"),
        (r"$\epsilon$-optimal, {\epsilon}-optimal", "ε-optimal, ε-optimal"),
        ("M$^2$D and SAP^{2}, a CO$_2$ model", "M²D and SAP², a CO₂ model"),
        (r"50$\%$ or $\sim$5$\times$, up $+$1.6%", "50% or ~5×, up +1.6%"),
        (r"in $\mathbb{R}^{d\times k}$ or \mathbb{R}^n", "in ℝ^(d×k) or ℝⁿ"),
        (r"\emph{very {nested} words} and {\bf bold}", "very {nested} words and bold"),
        (r"see \url{https://a.org/x\_y}, \href{run:/bin/true}{a link}",
         "see https://a.org/x_y, a link"),
        (r"w.r.t.\ logic, \ie a\\new line", "w.r.t. logic, i.e. a new line"),
        (r"\ours{} beats \model, in common\situation", "ours beats model, in common situation"),
        ("``quoted'' but ''plain''", "“quoted” but ''plain''"),
        ("et~al. in Fig.~3, 1M~60M, ~5 of https://a.org/~b",
         "et al. in Fig. 3, 1M~60M, ~5 of https://a.org/~b"),
        (r"cite \cite{key} this", "cite this"),
        ("models (VLMs)--which, 13%--18%, 2.6×--3×, \"so\"--(it), U.S.--ROK, LLM-- a; 7°--89°",
         "models (VLMs)–which, 13%–18%, 2.6×–3×, \"so\"–(it), U.S.–ROK, LLM– a; 7°–89°"),
        ("Barnes--Hut -- a method, 1990--2000 --- a word---and",
         "Barnes–Hut – a method, 1990–2000 — a word—and"),
    ],
)  # fmt: skip
def test_latex_in_a_text_is_decoded_for_reading(written: str, shown: str) -> None:
    assert readable(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "from $2 to $7",
        "between $0.1 and $0.3 per query, or AU$ 5",
        "$5 billion (US$ 7) in total",
        "a set {1,2} and {BERT}",
        r"the path C:\Users\temp and the pattern \d+",
        "snake_case, a_b^c and M^2D",
        "run --help, C--, a/b--c, x_y--z, A-->B --> C (--4 dB) and https://a.org/b--c",
        "$",
        "\\",
    ],
)
def test_text_without_latex_is_unchanged(text: str) -> None:
    assert readable(text) == text


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (r"O(n \log n)", "O(n log n)"),
        (r"\frac{a+b}{c}", "(a+b)/c"),
        (r"p_\theta(x)", "p_θ(x)"),
        (r"\mathcal{L}_{t+1}", "ℒₜ₊₁"),
        (r"10^{-3}", "10⁻³"),
        (r"90^\circ", "90°"),
        (r"\hat{x}_i \in \mathbb{Z}", "x̂ᵢ ∈ ℤ"),
        (r"\left( \sqrt[3]{x+1} \right)", "(³√(x+1))"),
        (r"\mathbf{x}^\top y \not\in S", "xᵀy ∉ S"),
        (r"5^{th}", "5th"),
        ("{" * 50 + "x", "x"),
    ],
)
def test_formula_becomes_unicode(formula: str, shown: str) -> None:
    assert math_text(formula) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"Nguy{\~{\^e}}n, Th{\'{\u a}}ng", "Nguyễn, Thắng"),
        (r"Ph{\d{a}}m, Tr{\`{\^a}}n, {\DJ}{\d{\u{a}}}ng", "Phạm, Trần, Đặng"),
        (r"L{\h{a}}n, {\d{\ohorn}}, \'{\ae}", "Lản, ợ, ǽ"),
        (r"\S5, \P6, \textsection 7, \dag", "§5, ¶6, §7, †"),
    ],
)
def test_stacked_and_rare_accents_are_read(source: str, shown: str) -> None:
    assert plain(source) == shown


@given(st.text(alphabet="\\{}$~&<>^_%'`\"()[]-abcuvH1 \n", max_size=80))
def test_any_text_is_readable(text: str) -> None:
    assert bool(readable(text)) == bool(text)
    math_text(text)


@pytest.mark.parametrize("unit", ["\\(", "$a ", "{", "x^{", "\\frac{", "\\cite{a", "``a", "$\\a $"])
def test_long_unclosed_latex_is_read_in_linear_time(unit: str) -> None:
    assert readable(unit * (100_000 // len(unit)))


WRITTEN = r"Nets for $\epsilon$-optimal M$^2$D at 40\% with $\frac{a}{b}$"
SHOWN = "Nets for ε-optimal M²D at 40% with a/b"


@pytest.fixture(scope="module")
def stocked_latex(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library.open(tmp_path_factory.mktemp("latex"))
    library.add([build_paper(id="eps", title=WRITTEN), build_paper(id="o", title="Other")], "s")
    stored = next(iter(library.papers(["eps"])))
    assert (stored.title, stored.written_title) == (SHOWN, WRITTEN)
    return library


class TestPaper:
    def test_title_is_for_reading_and_latex_exports_give_the_source(self) -> None:
        paper = build_paper(title=WRITTEN, abstract=r"We cost \$5 in $x_{\text{GPU}}$.")
        assert paper.title == SHOWN
        assert paper.abstract == "We cost $5 in x_GPU."
        for name in ("bibtex", "biblatex"):
            text = "".join(write_papers([paper], name))
            assert r"{$\epsilon$}-" in text
            assert r"$\frac{a}{b}$" in text
            assert r"$x_{\text{GPU}}$" in text
        for name in ("markdown", "org", "csv", "ris"):
            assert "frac" not in "".join(write_papers([paper], name))

    def test_json_record_keeps_what_was_written(self) -> None:
        paper = build_paper(title=WRITTEN)
        shape = json.loads(json.dumps(as_json(paper)))
        assert shape["title"] == SHOWN
        assert shape["latex"] == {"title": WRITTEN}
        assert from_json(shape).written_title == WRITTEN
        # A title that was edited since is what counts.
        assert from_json(shape | {"title": "Another"}).written_title == "Another"

    def test_link_of_a_text_is_kept(self) -> None:
        paper = build_paper(title="T", abstract=r"See \href{https://a.org/code}{our code}.")
        assert paper.abstract == "See our code."
        assert "https://a.org/code" in paper.urls

    @pytest.mark.parametrize(
        "query",
        ["epsilon-optimal", "ε-optimal", r"$\epsilon$-optimal", "M2D", "M²D", "M$^2$D", "epsilon"],
    )
    def test_search_finds_both_forms(self, query: str, stocked_latex: Library) -> None:
        assert [hit.id for hit in stocked_latex.search(query).hits] == ["eps"]


ATTACKS = [
    r"$\immediate\write18{id}$",
    r"\input{/etc/passwd}",
    r"\href{run:/bin/true}{a link}",
    r"\url{javascript:alert}",
    r"$\catcode`\@=0 @input{x}$",
    r"$x^^5cinput{/etc/passwd}$",
    r"\href{https://a.org/^^5cinput}{x}",
    r"$\def\alpha{\input{x}}\alpha$",
    r"\(\csname input\endcsname x\)",
    r"\emph{\openout1=x}",
    r"$\text{\write18{id}}$",
    r"\begin{filecontents}{x}",
    r"$\lowercase{\include{x}}$",
]
ACTIVE = re.compile(
    r"\\(?:immediate|write|input|include|href\{(?!https?:)|url\{(?!https?:)|catcode|def|csname|openout"
    r"|begin|lowercase|endcsname)|\^\^"
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_export_passes_no_command_but_listed_math(attack: str, tmp_path: Path) -> None:
    paper = build_paper(
        id="k", title=f"Rates {attack} and $x_1^2 \\alpha$", abstract=attack, venue=attack,
        authors=[f"Ann {attack} Moe"], keywords=[attack], year=2020,
    )  # fmt: skip
    paper = replace(paper, note=attack, tags=("t",))
    template = tmp_path / "t.tex"
    template.write_text("{% for p in papers %}{{ p.title|latex }} {{ p.note|latex }}{% endfor %}")
    for form, style in (
        ("bibtex", Style()), ("biblatex", Style()), ("bibtex", Style(unicode=True)),
        ("bibtex", Style(template=template)),
    ):  # fmt: skip
        text = "".join(write_papers([paper], form, style))
        assert not ACTIVE.search(text)
        assert r"$x_1^2 \alpha$" in text


@pytest.mark.parametrize("field", ["title", "journal", "note", "url", "file", "mine", "pages"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_field_kept_from_bibtex_passes_no_command_but_listed_math(attack: str, field: str) -> None:
    source = f"@article{{k,\n  title = {{T}},\n  {field} = {{x {attack}}},\n  year = 2020\n}}\n"
    reader = READERS["bibtex"].read
    assert reader
    found = list(reader(io.BytesIO(source.encode()), Origin("a", "")))
    papers = [item.paper for item in found if isinstance(item, ParsedPaper)]
    for form in ("bibtex", "biblatex"):
        assert not ACTIVE.search("".join(write_papers(papers, form)))


@pytest.mark.parametrize(
    "text", [r"\textbackslash{}input{/etc/passwd}", "$x^^5cinput{y}$ and $a^^5c$"]
)
def test_org_text_has_no_latex(text: str) -> None:
    shown = "".join(write_papers([build_paper(title=f"T {text}", abstract=f"A {text}")], "org"))
    assert not re.search(r"\\(?!backslash|dollar|zwnj|slash)[a-z(\[]|\$", shown)


@pytest.mark.parametrize(
    "value",
    ["[[elisp:(shell-command)]]", "see elisp:(x)", "<<target>>", "{{{macro}}}", "shell:id",
     "src_elisp{(x)}", "file+sys:/bin/true", "ELISP:(x)", "id:x", "@@html:<b>@@"],
)  # fmt: skip
def test_org_property_opens_and_runs_nothing(value: str) -> None:
    paper = build_paper(id="DBLP:conf/x", title="T", venue=value, authors=[value], keywords=[value])
    text = "".join(write_papers([paper], "org"))
    assert value not in text
    assert ":CUSTOM_ID: DBLP:conf/x" in text
    assert ":URL: https://a.org" in "".join(
        write_papers([build_paper(title="T", url="https://a.org")], "org")
    )


@pytest.mark.skipif(not PAGES.is_dir(), reason="the saved pages are not on this machine")
def test_saved_pages_show_no_latex(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.import_paths([str(path) for path in sorted(PAGES.glob("*.txt"))])
        found = library.search("", limit=1000).hits
        texts = [t for p in library.papers([h.id for h in found]) for t in (p.title, p.abstract)]
        assert len(texts) > 800
        assert not [text for text in texts if "\\" in text]
        assert [text for text in texts if "$" in text] == [t for t in texts if "a $250M" in t]


@pytest.mark.parametrize(
    "title",
    [
        "Μηχανική μάθηση για την ελληνική γλώσσα", "β-blockers and α, αβ T cells", "TGF-β1",
        "Non\u2011breaking in low\u2010cost", "Na⁺, Ca²⁺ and Hₓ over ℝⁿ", "5 − 3 ∼ 2 ′ ∗ ϵ ϕ ħ ℏ",
        "x\u0302 and e\u0301", "Łódź, Đặng, Nguyễn, ß, Æ, ı",
    ],
)  # fmt: skip
def test_exported_text_is_read_back_letter_for_letter(title: str) -> None:
    paper = build_paper(title=title, names=[Name("García Márquez", clean(title))])
    (back,) = bib_papers(bibtex.citation(paper))
    assert (back.title, back.authors) == (paper.title, paper.authors)


def test_greek_words_are_not_written_as_math() -> None:
    assert latex("Μηχανική μάθηση") == "Μηχανική μάθηση"
    assert latex("α-helix") == r"{\ensuremath{\alpha}}-helix"


@pytest.mark.parametrize("block", [0xA0, 0x2000, 0x2100, 0x2200, 0x2A00, 0x1E00])
def test_every_letter_of_a_block_is_read_back(block: int) -> None:
    letters = [chr(code) for code in range(block, block + 0x100)]
    letters = [one for one in letters if unicodedata.category(one)[0] in "LNS"]
    papers = [build_paper(title=f"a {one}b c") for one in letters]
    back = bib_papers("".join(bibtex.write(papers)))
    assert [paper.title for paper in back] == [paper.title for paper in papers]


def bib_papers(file: str) -> list[Paper]:
    items = bibtex.read(io.BytesIO(file.encode()), Origin("file.bib"))
    return [item.paper for item in items if isinstance(item, ParsedPaper)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Nguyễn Thắng", r"Nguy{\~{\^{e}}}n Th{\'{\u{a}}}ng"),
        ("Phạm, Lản, ặ", r"Ph{\d{a}}m, L{\h{a}}n, {\u{\d{a}}}"),
    ],
)
def test_stacked_accents_are_written_as_commands(text: str, written: str) -> None:
    assert latex(text) == written
    assert plain(written) == text
