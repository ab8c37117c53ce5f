"""Daily Papers pages as captured by several tools.

A generated page is written in the layout of each tool and must be read back completely.
"""

import io
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index import Library, formats
from index.formats import READERS, markdown
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from tests.examples import examples


def read(
    text: str, name: str = "markdown", date: str = ""
) -> tuple[list[ParsedPaper | Skipped], Origin]:
    origin = Origin("page.md", date)
    reader = READERS[name].read
    assert reader
    return list(reader(io.BytesIO(text.encode()), origin)), origin


def papers(text: str, name: str = "markdown") -> list[Paper]:
    found, _ = read(text, name)
    assert [item for item in found if isinstance(item, Skipped)] == []
    return [item.paper for item in found if isinstance(item, ParsedPaper)]


def detected(text: str) -> str:
    form = formats.detect(text.encode()[:65536], "page")
    return form.name if form else ""


# -- pages in every shape --------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """The values on a card of the page; `votes` None is the dash that the site shows for none."""

    id: str
    title: str
    abstract: str
    votes: int | None = None


HEAD = """\
new

Get trending papers in your email inbox once a day!

Get trending papers in your email inbox!

[Subscribe](https://huggingface.co/login?next=%2Fpapers)

# Daily Papers

## by [![](https://huggingface.co/front/assets/papers-by.png)AK](https://huggingface.co/akhaliq)\
 and the research community

- Daily
- Weekly
- Monthly

[Trending Papers](https://huggingface.co/papers/trending)

Mar 4
"""
FOOT = """
[Previous](https://huggingface.co/papers/date/2025-03-03)

Trending Papers ranked by GitHub stars activity

Company

[TOS](https://huggingface.co/terms-of-service)
"""
URL = "https://huggingface.co/papers/"


def escaped(text: str) -> str:
    return re.sub(r"([\\\[\]_*`])", r"\\\1", text)


def firecrawl(cards: Sequence[Card]) -> str:
    """Links over several lines that end in backslashes."""
    body = [HEAD]
    for card in cards:
        lines = textwrap.wrap(card.abstract, 79, break_long_words=False, break_on_hyphens=False)
        body.append(f"""
[{card.votes or "-"}](https://huggingface.co/login?next=%2Fpapers%2F{card.id})

### [{card.title}]({URL}{card.id})

[{(chr(92) * 2 + chr(10)).join(lines)}]({URL}{card.id})

[- ![](https://huggingface.co/avatars/a.svg)\\\\
- 3 authors]({URL}{card.id})

·

Feb 27, 2025[6]({URL}{card.id}#community)
""")
    return "".join(body) + FOOT


def turndown(cards: Sequence[Card]) -> str:
    """Blocks inside of links, with signs escaped and relative addresses."""
    body = [HEAD]
    for card in cards:
        body.append(f"""
[

{card.votes or "-"}

](/login?next=%2Fpapers%2F{card.id})

### [{escaped(card.title)}](/papers/{card.id})

[

{escaped(card.abstract)}

](/papers/{card.id})

[

-   ![](/avatars/a.svg)
-   3 authors

](/papers/{card.id})

·Feb 27, 2025
""")
    return "".join(body) + FOOT


def plain_paragraphs(cards: Sequence[Card]) -> str:
    """Abstracts as paragraphs, titles linked, numbers of votes below, as on the trending page."""
    body = [HEAD.replace("Daily Papers", "Trending Papers")]
    for card in cards:
        for published in ("Published on ", ""):
            body.append(f"""
[![](https://cdn.example/thumb.png)]({URL}{card.id})

Submitted by

[![](https://huggingface.co/avatars/a.svg)somebody](https://huggingface.co/somebody)

### [{card.title}](<{URL}{card.id}>)

{card.abstract}

- 4 authors

· {published}Feb 27, 2025

[Upvote

{card.votes or "-"}](https://huggingface.co/login?next=%2Fpapers%2F{card.id})

[GitHub 1.3k](https://github.com/somebody/{card.id}) [arXiv Page](https://arxiv.org/abs/{card.id})
""")
    return "".join(body) + FOOT


def links_below(cards: Sequence[Card]) -> str:
    """Each text with its address on the next line."""
    body = ["---\ntitle: Daily Papers\n---\n# Daily Papers - Hugging Face\n\nMar 4\n"]
    for card in cards:
        body.append(f"""
 [-] {card.votes or "-"}

https://huggingface.co/login?next=%2Fpapers%2F{card.id}

{card.title}

{URL}{card.id}

{card.abstract}

{URL}{card.id}

[

3 authors]({URL}{card.id})

·

Feb 27, 2025
""")
    return "".join(body)


def bare_html(cards: Sequence[Card]) -> str:
    """Markdown with remnants of HTML: links and line breaks as tags, classes behind links."""
    body = ["# Daily Papers\n\n<div class='flex'>\n\nMar 4\n\n"]
    for card in cards:
        title = card.title.replace("&", "&amp;").replace("<", "&lt;")
        body.append(
            f'<a class="b" href="/login?next=%2Fpapers%2F{card.id}">{card.votes or "-"}</a>'
        )
        body.append(f'\n\n### <a class="line-clamp-3" href="/papers/{card.id}">{title}</a>\n\n')
        body.append(f"[{card.abstract}](/papers/{card.id}){{.line-clamp-2 .text-sm}}\n\n<br>\n\n")
    return "".join(body)


def numbered(cards: Sequence[Card], *, has_links: bool = True) -> str:
    """Numbers for links, wrapped lines, in a fenced block; their addresses below or cut off."""
    links: list[str] = []

    def ref(url: str) -> str:
        links.append(url)
        return f"[{len(links)}]"

    home = ref("https://huggingface.co/")
    body = [f"# Web source\n\n- URL: {URL}?q=x\n- Captured (UTC): 2025-03-05T16:31:22+00:00\n\n"
            f"```text\n[[Hugging Face's logo] Hugging Face]{home}\n* [ Models ]{home}\n"
            f"Get trending papers in your email inbox!\n\n# Daily Papers\n\nMar 4\n"]  # fmt: skip
    for card in cards:
        title = "\n### ".join(textwrap.wrap(card.title, 100, break_long_words=False))
        abstract = "\n".join(textwrap.wrap(card.abstract, 100, break_long_words=False))
        vote = ref(f"https://huggingface.co/login?next=%2Fpapers%2F{card.id}")
        own = [ref(URL + card.id) for _ in range(3)]
        body.append(f"[\n{card.votes or '-'}\n]{vote}\n\n### [{title}]{own[0]}\n\n"
                    f"[\n\n{abstract}\n\n]{own[1]}\n[\n* 3 authors\n]{own[2]}\n"
                    "·\nFeb 27, 2025\n")  # fmt: skip
    numbers = "".join(f"[{number}]: {url}\n" for number, url in enumerate(links, 1))
    return "".join(body) + "```\n" + (f"\n{numbers}" if has_links else "")


def numbered_before(cards: Sequence[Card]) -> str:
    """Numbers before what they stand for, indented and wrapped, as Lynx writes."""
    links: list[str] = []

    def ref(url: str) -> str:
        links.append(url)
        return f"[{len(links)}]"

    body = [
        f"   Get trending papers in your email inbox!\n   {ref(URL)}Subscribe\n\nDaily Papers\n\n"
    ]
    for card in cards:
        vote = ref(f"https://huggingface.co/login?next=%2Fpapers%2F{card.id}")
        for part in (f"{vote}{card.votes or '-'}", ref(URL + card.id) + card.title,
                     ref(URL + card.id) + card.abstract):  # fmt: skip
            body.append(textwrap.indent("\n".join(textwrap.wrap(part, 72)), "   ") + "\n\n")
        body.append(f"     * {ref(URL + card.id)}3 authors\n\n   · Feb 27, 2025\n\n")
    numbers = "".join(f"{number:4}. {url}\n" for number, url in enumerate(links, 1))
    return "".join(body) + "References\n\n" + numbers


Shape = Callable[[Sequence[Card]], str]
SHAPES: dict[Shape, str] = {
    firecrawl: "markdown",
    turndown: "markdown",
    plain_paragraphs: "markdown",
    links_below: "markdown",
    bare_html: "markdown",
    numbered: "linkrefs",
    numbered_before: "linkrefs",
}
shapes = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)

WORDS = "we propose a novel method for (large) language models, 3.5x on GPT-4: image speech".split()
ODD = ["[CLS]", "[0, 1)", "(0, 1]", "$x_i$", "a*b", "R&D", "1)", "2 -- 6x", "e.g.", "é", "深度",
       "https://github.com/x/y", "|", "50%", "<s>", "#1", "+", "~10"]  # fmt: skip


@st.composite
def pages(draw: st.DrawFn) -> list[Card]:
    """A page of up to five cards, their texts with signs that mean something in Markdown."""
    word = st.sampled_from(WORDS)
    numbers = count(1)
    cards = []
    for _ in range(draw(st.integers(1, 5))):
        number = next(numbers)
        title = " ".join(draw(st.lists(word, min_size=3, max_size=30)))
        body = draw(st.lists(word | st.sampled_from(ODD), min_size=40, max_size=60))
        abstract = f"We study it. {' '.join(body)} in all cases of {number}."
        votes = draw(st.none() | st.integers(1, 2000))
        cards.append(Card(f"2502.{number:05}", f"Study {number} {title}", abstract, votes))
    return cards


@shapes
@examples(15)
@given(cards=pages())
def test_every_card_is_a_paper_in_every_capture(shape: Shape, cards: list[Card]) -> None:
    text = shape(cards)
    assert detected(text) == SHAPES[shape]
    found = papers(text, SHAPES[shape])
    assert [paper.title for paper in found] == [card.title for card in cards]
    assert [paper.arxiv_id for paper in found] == [card.id for card in cards]
    assert [paper.url for paper in found] == [URL + card.id for card in cards]
    assert [paper.votes for paper in found] == [card.votes for card in cards]


@shapes
@examples(15)
@given(cards=pages())
def test_abstracts_are_complete_in_every_capture(shape: Shape, cards: list[Card]) -> None:
    def bare(text: str) -> str:
        return re.sub(r"\W+|<s>", "", text.replace("<s>", ""))

    found = papers(shape(cards), SHAPES[shape])
    assert [bare(paper.written_abstract) for paper in found] == [
        bare(card.abstract) for card in cards
    ]


ATTENTION = Card("1706.03762", "Attention Is All You Need", "We use no recurrence. " * 20, 65)
BERT = Card("1810.04805", "BERT: Pre-training of Transformers", "We pre-train deeply. " * 20)


@shapes
def test_broken_entry_costs_only_itself(shape: Shape) -> None:
    if "###" not in shape([BERT]):
        pytest.skip("this shape has no mark for what a title is")
    broken = replace(BERT, title="")
    found, _ = read(shape([ATTENTION, broken, replace(BERT, id="1810.04806")]), SHAPES[shape])
    assert [item.paper.title for item in found if isinstance(item, ParsedPaper)] == [
        ATTENTION.title,
        BERT.title,
    ]


def test_missing_title_is_reported_with_its_line() -> None:
    text = firecrawl([ATTENTION, replace(BERT, title="")])
    line = text.split(f"### []({URL}")[0].count("\n") + 1
    found, _ = read(text)
    assert found[1:] == [Skipped(line, "no title; give the entry one")]


def test_title_without_abstract_is_a_paper() -> None:
    text = (
        f"{HEAD}\n### [{BERT.title}]({URL}{BERT.id})\n\n- 4 authors\n\n### [Next](/papers/2502.1)\n"
    )
    assert papers(text)[0] == build_paper(title=BERT.title, arxiv_id=BERT.id, url=URL + BERT.id)


def test_site_navigation_is_no_paper() -> None:
    for shape, name in SHAPES.items():
        found, _ = read(shape([]), name)
        assert found == [], shape.__name__


def test_titles_without_links_are_headings() -> None:
    text = ("# A page\n\nGet trending papers in your email inbox!\n\n## Trending Papers\n\n"
            "## by AK and the research community\n\n### Agents that\n  Lightly Train\n\nA "
            "framework for agents.\n- 8 authors\n[LINK: GitHub 11.3k](https://github.com/x/agents)\n\n"
            "### Agents that\n  Lightly Train\n\nA framework for agents.\n- 8 authors\n\n"
            "### Songs\n\nA suite of\nmodels.\n- 28 authors\n")  # fmt: skip
    assert detected(text) == "markdown"
    agents, songs = papers(text)
    assert (agents.title, agents.abstract) == (
        "Agents that Lightly Train",
        "A framework for agents.",
    )
    assert agents.code == ("https://github.com/x/agents",)
    assert (songs.title, songs.abstract) == ("Songs", "A suite of models.")


def test_truncated_links_leave_titles_and_abstracts() -> None:
    text = numbered([ATTENTION, BERT], has_links=False)
    cut = text[: text.rindex("deeply")] + "\n\n[Content truncated]\n```\n"
    first, last = papers(cut, "linkrefs")
    assert (first.title, first.abstract, first.votes) == (
        ATTENTION.title,
        clean(ATTENTION.abstract),
        65,
    )
    assert (first.arxiv_id, first.url) == ("", "")
    assert last.abstract.endswith("We pre-train")


class TestDates:
    def test_page_header_gives_date_of_source(self) -> None:
        assert read(firecrawl([BERT]))[1].date == "--03-04"
        assert read(firecrawl([BERT]), date="2025")[1].date == "2025-03-04"
        assert read(firecrawl([BERT]), date="2024-12-01")[1].date == "2024-12-01"

    def test_year_comes_from_time_of_capture(self) -> None:
        front = "---\nurl: https://huggingface.co/papers?q=x\nretrieved: {}\n---\n"
        assert read(front.format("2026-10-02") + firecrawl([BERT]))[1].date == "2026-03-04"
        assert read(front.format("2026-01-02") + firecrawl([BERT]))[1].date == "2025-03-04"

    def test_page_address_gives_date_of_source(self) -> None:
        front = f"---\nurl: {URL}date/2025-03-01\n---\n"
        assert read(front + firecrawl([BERT]))[1].date == "2025-03-01"

    def test_card_date_is_date_of_paper(self) -> None:
        assert papers(firecrawl([BERT]))[0].date == "2025-02-27"
        undated = firecrawl([BERT]).replace("Feb 27, 2025", "Feb 27")
        assert papers(undated)[0].date is None
        captured = f"retrieved: 2025-03-05\n\n{undated}"
        assert papers(captured)[0].date == "2025-02-27"


# -- lists and exports -----------------------------------------------------------------------------

AWESOME = """\
# Awesome Retrieval [![Awesome](https://awesome.re/badge.svg)](https://awesome.re)

- [Surveys](#surveys)

## Surveys

- [Dense Text Retrieval: A Survey](https://arxiv.org/abs/2211.14876) - *TOIS 2023*
- [x] [Retrieval-Augmented Generation](https://arxiv.org/pdf/2312.10997v5.pdf) [[code](https://github.com/x/rag)]
* **Lost in the Middle** [[paper]](https://aclanthology.org/2024.tacl-1.9/) [[code](https://github.com/nelson/lost)]
1. [ColBERT](https://doi.org/10.1145/3397271.3401075) by
   Khattab
- [[pdf]](https://arxiv.org/abs/2004.04906)
- [A blog post](https://example.org/post)
"""


def test_items_linked_to_papers_are_papers() -> None:
    assert detected(AWESOME) == "markdown"
    found, _ = read(AWESOME)
    titles = [item.paper.title for item in found if isinstance(item, ParsedPaper)]
    assert titles == ["Dense Text Retrieval: A Survey", "Retrieval-Augmented Generation",
                      "Lost in the Middle", "ColBERT"]  # fmt: skip
    assert found[-1] == Skipped(12, "no title; give the entry one")
    survey, rag, lost, colbert = (item.paper for item in found if isinstance(item, ParsedPaper))
    assert survey.arxiv_id == "2211.14876"
    assert (rag.arxiv_id, rag.code) == ("2312.10997", ("https://github.com/x/rag",))
    assert lost.url == "https://aclanthology.org/2024.tacl-1.9/"
    assert colbert.doi == "10.1145/3397271.3401075"


def test_other_markdown_has_no_papers() -> None:
    readme = (
        "# Tool\n\n## Installation\n\nRun `pip`.\n\n## [1.0](https://github.com/x/y)\n\n- Fixed\n"
    )
    assert detected(readme) == ""
    assert read(readme)[0] == []


def written(*many: Paper) -> str:
    return "".join(markdown.write(many))


MARKED = replace(
    build_paper(
        title="A *new* [method] for $x_i$",
        authors=["Ada Lovelace", "Kepes & Sons"],
        et_al=True,
        date="2024-05",
        venue="NeurIPS · Datasets",
        url="https://arxiv.org/abs/2405.00001",
        abstract="We show # that - 1. <b>all</b> is well. `Yes`",
    ),
    tags=("nlp/rag", "toread"),
    note="Read again.\n\n- not a list\n> no quote",
)


def test_export_round_trips() -> None:
    text = written(MARKED, build_paper(title="Bare"), replace(MARKED, note=""))
    assert detected(text) == "markdown"
    back = papers(text)
    assert back[0] == MARKED
    assert back[1] == build_paper(title="Bare")
    assert len(back) == 3


PHRASES = st.text(
    st.characters(codec="utf-8", exclude_characters="·", exclude_categories=["Cc", "Cs", "Cn"]),
    max_size=40,
).map(clean)


@examples(60)
@given(PHRASES.filter(bool), PHRASES, PHRASES, st.integers(1000, 9999), PHRASES)
def test_any_exported_text_round_trips(
    title: str, abstract: str, author: str, year: int, note: str
) -> None:
    paper = build_paper(title=title, abstract=abstract, year=year, url="https://example.org/a",
                 authors=[author.replace(",", "").strip()])  # fmt: skip
    back = papers(written(replace(paper, note=note)))
    assert [one.title for one in back] == [paper.title]
    assert (back[0].abstract, back[0].authors, back[0].year) == (
        paper.abstract, paper.authors, year)  # fmt: skip
    assert back[0].note == note


# -- hostile files ---------------------------------------------------------------------------------

PIECES = [
    "[",
    "]",
    "](",
    ")",
    "![",
    "][1]",
    "[1]: /papers/2502.00001\n",
    "\n",
    "\n\n",
    "### ",
    "- ",
    "> ",
    "\\",
    "\\\\\n",
    URL + "2502.00001",
    "(/papers/2502.00001)",
    "·",
    "3 authors",
    "`",
    "#",
    "Get trending papers in your email inbox!\n",
    "Oct 2",
    "<a href='/papers/2502.00002'>",
    "</a>",
    "[\n",
    "\n][2]",
    "**",
    "text",
    "\x00",
    "\ud800",
    "1. ",
    "---\n",
]


@examples(100)
@example(["[", "\n", "](", URL, ")"])
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_text_is_read_without_exception(parts: list[str]) -> None:
    data = "".join(parts).encode("utf-8", "surrogatepass")
    for name in ("markdown", "linkrefs"):
        form = READERS[name]
        assert form.read
        assert form.recognise
        form.recognise(data.decode("utf-8", "replace"))
        for item in form.read(io.BytesIO(data), Origin("x")):
            line = item.line
            assert 1 <= line <= data.count(b"\n") + 1
            if isinstance(item, ParsedPaper):
                assert item.paper.title == clean(item.paper.title) != ""


@pytest.mark.parametrize("unit", ["[", "![", "[a](b", "[\n\n", "](https://a ", "[](("])
def test_unclosed_brackets_are_read_in_linear_time(unit: str) -> None:
    found, _ = read(HEAD + unit * (300_000 // len(unit)) + f"\n\n### [T](/papers/{BERT.id})\n")
    assert len(found) <= 1


def test_overlong_page_is_reported() -> None:
    text = firecrawl([BERT]) + ("word " * 1000 + "\n") * 900
    found, _ = read(text)
    assert isinstance(found[-1], Skipped)
    assert "longer than 4,000,000 characters" in found[-1].reason


# -- real files ------------------------------------------------------------------------------------


def real(shared: Path) -> Iterator[Path]:
    yield from sorted((shared / "pages").glob("*.md"))


def test_real_captures_give_every_paper(shared: Path, library: Library) -> None:
    counts = {"firecrawl-markdown-2026-10-02": 4, "linkrefs-text-capture-2026-06-29": 5}
    known = [path for path in real(shared) if path.stem in counts]
    if not known:
        pytest.skip("no captures in ../shared")
    report = library.import_paths(known)
    for file in report.files:
        assert file.read == counts[Path(file.path).stem]
        assert file.skipped == []
    rows = library.page(library.search("", limit=0))
    assert all(len(paper.abstract) > 900 and "\\" not in paper.title for paper in rows)
    assert {source.date for source in library.sources()} == {"2026-10-02", "2026-06-29"}
    occ = library.papers(["2606.00683"])[0]
    assert (occ.votes, occ.date) == (101, "2026-05-29")
    assert occ.title == "OCC-RAG: Optimal Cognitive Core for Faithful Question Answering"


def test_plain_text_pages_are_detected_as_listing(shared: Path) -> None:
    for path in (shared / "pages").glob("*.txt"):
        form = formats.detect(path.read_bytes()[:65536], "page")
        assert form
        assert form.name == "listing"
