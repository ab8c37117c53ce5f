"""Exports to Markdown: content round-trips, and no content adds markup.

Each file is read back by a parser that is not ours, or not of the same module.
"""

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.formats import (
    detect,
    markdown,
)
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper
from index.text.cleaning import clean
from tests.index.exported import MARKED, few, in_one_line, papers, titled

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
