"""HTML pages: metadata is preferred, visible text fills the gaps, and output is safe."""

import base64
import hashlib
import html as stdlib_html
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from index import formats
from index.formats import READERS, WRITERS, Style
from index.formats.pages.html_tokens import tokens
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from index.text.latex.reading import readable
from tests.examples import examples
from tests.index.hostile import ACTING
from tests.index.hostile import texts as hostile

from .exported import MARKED, papers


def read(text: str | bytes) -> tuple[list[ParsedPaper | Skipped], Origin]:
    origin = Origin("page.html")
    reader = READERS["html"].read
    assert reader
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return list(reader(io.BytesIO(data), origin)), origin


def taken(text: str | bytes) -> list[Paper]:
    return [item.paper for item in read(text)[0] if isinstance(item, ParsedPaper)]


def detected(text: str) -> str:
    form = formats.detect(text.encode()[:65536], "page")
    return form.name if form else ""


# -- Daily Papers pages ----------------------------------------------------------------------------


def entry(number: int, **changed: object) -> dict[str, object]:
    """An entry of the page's data, in the site's shape."""
    paper: dict[str, object] = {
        "id": f"2502.{number:05}",
        "authors": [{"_id": "6", "name": "Ada Lovelace", "hidden": False}, {"name": "Bo Li"}],
        "publishedAt": "2025-02-27T18:59:59.000Z",
        "submittedOnDailyAt": "2025-03-04T00:11:22.333Z",
        "title": f'Study {number} of <b> & "quotes"',
        "summary": f"We study number {number}.\nIt works. Code: https://github.com/x/{number}",
        "upvotes": 60 + number,
        "ai_keywords": ["diffusion", "speech"],
        "githubRepo": f"https://github.com/lab/{number}",
    }
    paper |= changed
    return {"paper": paper, "title": paper["title"], "numComments": 2, "submittedBy": {"name": "x"}}


def card(number: int, title: str = "") -> str:
    return f"""<article><a href="/papers/2502.{number:05}"><img src="t.png"></a>
<div>Submitted by <img alt="">somebody</div>
<a href="/login?next=%2Fpapers%2F2502.{number:05}"><svg></svg><div>{60 + number}</div></a>
<h3><a href="/papers/2502.{number:05}" class="line-clamp-3">{title or f"Study {number}"}</a></h3>
<p class="line-clamp-2">We study it.</p>
<ul><li><img></li><li>3 authors</li></ul>·<time>Feb 27, 2025</time></article>"""


def page(props: Mapping[str, object] | str, body: str = "", target: str = "DailyPapers") -> str:
    data = props if isinstance(props, str) else json.dumps(props)
    return f"""<!DOCTYPE html>
<!-- saved from url=(0044)https://huggingface.co/papers/date/2025-03-04 -->
<html class=""><head><meta charset="utf-8"><title>Daily Papers - Hugging Face</title>
<script>var x = "<h3><a href='/papers/2502.09999'>No paper</a></h3>";</script></head><body>
<div class="SVELTE_HYDRATER contents" data-target="MainHeader" data-props="{{&quot;a&quot;:1}}">
<header><a href="/models">Models</a><a href="/papers">Daily Papers</a></header></div>
<div class="SVELTE_HYDRATER contents" data-target="{target}"
 data-props="{stdlib_html.escape(data)}"><main><h1>Daily Papers</h1>
<h2>by <a href="/akhaliq">AK</a> and the research community</h2><div>Mar 4</div>{body}
<h3><a href="/papers/date/2025-03-03">Previous</a></h3></main></div>
<footer><h3>Company</h3><a href="/privacy">Privacy</a></footer></body></html>"""


class TestDailyPapers:
    def test_page_data_gives_all_fields(self) -> None:
        text = page({"dateString": "2025-03-04", "dailyPapers": [entry(1), entry(2)]})
        assert detected(text) == "html"
        found, origin = read(text)
        assert origin.date == "2025-03-04"
        assert found[0] == ParsedPaper(
            build_paper(
                title='Study 1 of <b> & "quotes"',
                abstract="We study number 1. It works. Code: https://github.com/x/1",
                authors=["Ada Lovelace", "Bo Li"],
                date="2025-02-27",
                url="https://huggingface.co/papers/2502.00001",
                urls=["https://github.com/lab/1"],
                arxiv_id="2502.00001",
                keywords=["diffusion", "speech"],
                votes=61,
            ),
            1,
            7,
        )
        assert len(found) == 2

    def test_visible_papers_missing_in_data_are_read(self) -> None:
        text = page({"dailyPapers": [entry(1), entry(2)]}, card(1) + card(3))
        assert [paper.arxiv_id[-1] for paper in taken(text)] == ["1", "2", "3"]
        assert taken(text)[2].title == "Study 3"

    @pytest.mark.parametrize("props", ["", "{", "[" * 100_000, "[1]", '{"dailyPapers": 7}'])
    def test_page_without_data_is_read_from_visible_text(self, props: str) -> None:
        found, origin = read(page(props, card(1) + card(2, "R&amp;D of <i>x</i>")))
        assert origin.date == "2025-03-04"
        first, second = [item.paper for item in found if isinstance(item, ParsedPaper)]
        assert (first.title, first.arxiv_id, first.votes) == ("Study 1", "2502.00001", 61)
        assert (first.abstract, first.date) == ("We study it.", "2025-02-27")
        assert second.title == "R&D of x"

    def test_search_page_gives_its_results(self) -> None:
        text = page({"query": {"q": "x"}, "dailyPapers": [entry(1)],
                     "searchResults": [entry(2), entry(3)]})  # fmt: skip
        assert [paper.arxiv_id[-1] for paper in taken(text)] == ["2", "3"]

    def test_paper_page_gives_one_paper(self) -> None:
        text = page({"paper": entry(1)["paper"], "comments": []}, card(2), "PaperContent")
        assert [paper.arxiv_id for paper in taken(text)] == ["2502.00001"]

    def test_broken_entry_costs_only_itself(self) -> None:
        broken: list[object] = [entry(1), {"paper": 7}, "x", None, entry(2, title=None), entry(3)]
        found, _ = read(page({"dailyPapers": broken}))
        assert [type(item) for item in found].count(ParsedPaper) == 2
        assert {item.reason for item in found if isinstance(item, Skipped)} == {
            "no title; give the entry one"
        }
        odd = entry(1, summary=[], authors="x", upvotes="9", publishedAt=7, ai_keywords={})
        paper = taken(page({"dailyPapers": [odd]}))[0]
        assert (paper.abstract, paper.authors, paper.votes, paper.date) == ("", (), 9, None)

    def test_web_archive_is_read(self) -> None:
        body = base64.b64encode(page({"dailyPapers": [entry(1)]}).encode()).decode()
        archive = ("From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n"
                   'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
                   "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                   f"{body}\r\n--b--\r\n")  # fmt: skip
        assert detected(archive) == "html"
        assert taken(archive)[0].votes == 61


# -- pages of one paper ----------------------------------------------------------------------------


def tagged(**tags: str | Sequence[str]) -> str:
    metas = "".join(
        f'<meta name="{name.replace("__", ".")}" content="{stdlib_html.escape(one)}" />\n'
        for name, value in tags.items()
        for one in ([value] if isinstance(value, str) else value)
    )
    return f"<!doctype html><html><head>{metas}</head><body><h1>T</h1></body></html>"


class TestTagsForSearchEngines:
    def test_meta_tags_give_the_paper(self) -> None:
        text = tagged(
            citation_title="Attention Is <i>All</i> You Need",
            citation_author=["Vaswani, Ashish", "Noam Shazeer", "Jones, Simon Peyton, Jr."],
            citation_date="2017/06/12",
            citation_doi="10.48550/arXiv.1706.03762",
            citation_arxiv_id="1706.03762",
            citation_abstract="The dominant models.",
            citation_conference_title="NeurIPS",
            citation_keywords="attention; translation",
            citation_pdf_url="https://arxiv.org/pdf/1706.03762",
        )
        assert detected(text) == "html"
        assert taken(text) == [
            build_paper(
                title="Attention Is All You Need",
                authors=["Ashish Vaswani", "Noam Shazeer", "Simon Peyton Jones Jr."],
                date="2017-06-12",
                doi="10.48550/arXiv.1706.03762",
                arxiv_id="1706.03762",
                abstract="The dominant models.",
                venue="NeurIPS",
                keywords=["attention", "translation"],
                urls=["https://arxiv.org/pdf/1706.03762"],
            )
        ]

    @pytest.mark.parametrize(
        ("date_text", "date"),
        [("2017", "2017"), ("2017/6", "2017-06"), ("2017-06-12T00:00", "2017-06-12"),
         ("12/06/2017", "2017-06-12"), ("June 12, 2017", "2017-06-12"),
         ("12 Jun 2017", "2017-06-12"), ("2017/13/40", "2017"), ("soon", None)],
    )  # fmt: skip
    def test_meta_tag_dates_are_parsed(self, date_text: str, date: str | None) -> None:
        assert taken(tagged(citation_title="T", citation_date=date_text))[0].date == date

    def test_page_without_meta_tags_is_no_paper(self) -> None:
        assert read(tagged(description="A blog", og__title="Hello"))[0] == []
        assert read(tagged(citation_title=" ", citation_author="A"))[0] == []


# -- Carrel's own pages ----------------------------------------------------------------------------


def written(*many: Paper) -> str:
    write = WRITERS["html"].write
    assert write
    return "".join(write(many, Style()))


def test_export_round_trips() -> None:
    plain = replace(MARKED, bookmarked=False, sources=(), added="")
    back = taken(written(plain, build_paper(title="Bare", year=1999)))
    assert back[0] == replace(plain, date="2017")
    assert back[1] == build_paper(title="Bare", date="1999")


@examples(60)
@given(papers())
def test_any_paper_round_trips(paper: Paper) -> None:
    paper = build_paper(
        title=paper.title, abstract=paper.abstract, authors=paper.authors, venue=paper.venue,
        keywords=paper.keywords, categories=paper.categories,
    )  # fmt: skip
    # What is left of LaTeX may be LaTeX again: $$\\'e$x$ gives $'ex$.
    if "et al." not in paper.authors and readable(paper.venue) == paper.venue:
        back = taken(written(paper))
        assert [replace(one, urls=(), url="", doi="", arxiv_id="") for one in back] == [
            replace(paper, urls=(), url="")
        ]


@examples(60)
@given(papers())
def test_page_runs_and_loads_nothing(paper: Paper) -> None:
    text = written(paper)
    assert not ACTING.search(text)
    soup = BeautifulSoup(text, "html.parser")
    assert {tag.name for tag in soup.find_all(True)} <= {
        "html", "head", "meta", "title", "style", "body", "main", "article", "h2", "a", "span", "p",
        "time",
    }  # fmt: skip
    for tag in soup.find_all(True):
        assert not any(name.startswith("on") or name in ("style", "src") for name in tag.attrs)
    for link in soup.find_all("a"):
        assert re.match(r"https?://[^\s]+$", str(link["href"]))
    assert len(soup.find_all("article")) == 1
    headline = soup.find(itemprop="headline")
    assert headline
    assert clean(headline.get_text()) == clean(paper.title)


def test_content_security_policy_allows_only_the_page_style() -> None:
    soup = BeautifulSoup(written(), "html.parser")
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert policy
    assert soup.style
    digest = hashlib.sha256((soup.style.string or "").encode()).digest()
    assert f"'sha256-{base64.b64encode(digest).decode()}'" in str(policy["content"])
    assert str(policy["content"]).startswith("default-src 'none'")


# -- hostile pages ---------------------------------------------------------------------------------

TAGS = [
    "<html>",
    "<a href='/papers/2502.00001'>",
    "</a>",
    "<h3>",
    "</h3>",
    "<!--",
    "-->",
    "<",
    ">",
    "<p>",
    "</p>",
    "<article itemscope itemtype='https://schema.org/ScholarlyArticle'>",
    "</article>",
    "<span itemprop=headline>",
    "</span>",
    "<div data-props='",
    '{"dailyPapers":[{"paper":{"id":"1"',
    "}]}",
    "'>",
    "<script>",
    "</script>",
    "<meta name=citation_title content=",
    "&amp;",
    "&#0;",
    '"',
    "=",
    "/",
    "huggingface.co",
    "text",
    "\x00",
    "<time datetime=2020>",
    "</title>",
    "<title>",
]


@examples(150)
@given(st.lists(st.sampled_from(TAGS) | hostile, max_size=30).map("".join))
def test_any_page_is_read_without_exception(text: str) -> None:
    for item in read(text)[0]:
        assert item.line >= 1
        if isinstance(item, ParsedPaper):
            assert item.paper.title == clean(item.paper.title) != ""


@pytest.mark.parametrize(
    "unit", ["<div>", "<a ", "<!--", "<a href=\"'", "<", "<script>", "<p itemprop=x itemscope>"]
)
def test_nested_and_unclosed_tags_are_read_in_linear_time(unit: str) -> None:
    assert read("<html>" + unit * (1_000_000 // len(unit)))[0] == []


def test_end_of_page_closes_open_elements() -> None:
    assert list(tokens("a<b")) == list(tokens("a<b "))[:1] + list(tokens("a<b"))[1:]
    assert taken("<html><meta name=citation_title content=T><a href='x")[0].title == "T"
