"""Org export: text from papers adds no headings, drawers or blocks."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.formats import org
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from tests.examples import examples
from tests.index.hostile import ACTING

from .exported import ATTENTION, MARKED, papers

ORG = [
    "* a",
    "TODO x",
    "#+end_quote",
    "#+begin_src",
    ":END:",
    ":x:",
    "[[file:a][b]]",
    "[[shell:ls]]",
    "elisp:(x)",
    "[fn:1]",
    "<2024-01-01 Mon>",
    "<<t>>",
    "{{{m}}}",
    "@@html:x@@",
    "src_sh{ls}",
    "| a",
    "- a",
    "1. a",
    "# c",
    "*b*",
    "/i/",
    "=v=",
    "~c~",
    "_u_",
    "+s+",
    "\\begin{x}",
    "%%(x)",
    "-----",
    "CLOCK: x",
    "SCHEDULED: <2024-01-01>",
    "$x$",
    "\n",
]
hostile = st.lists(st.sampled_from(ORG), min_size=1, max_size=6).map(" ".join)


def kinds(text: str) -> Iterator[str]:
    """Yield the kind of each line, by the rules of Org's syntax page."""
    quoted = False
    for line in text.split("\n"):
        if line == "#+begin_quote" and not quoted:
            quoted = True
            yield "begin"
        elif line == "#+end_quote" and quoted:
            quoted = False
            yield "end"
        elif re.match(r"\*+ ", line):
            yield "heading"
        elif re.match(r"\s*:[\w+-]+:(?:\s|$)", line):
            yield "property"
        elif re.match(
            r"\s*(?:#|\||[-+*] |-{5,}|\d+[.)](?: |$)|[A-Za-z][.)] )|\[fn:|%%\(", line, re.I
        ) or re.match(r"\s*(?:\\begin|CLOCK:|SCHEDULED:|DEADLINE:|CLOSED:)", line):
            yield "markup"
        elif line:
            yield "text"


def written(*many: Paper) -> str:
    return "".join(org.write(many))


def test_paper_is_written_as_heading_with_properties_and_quote() -> None:
    text = written(MARKED)
    assert text.startswith("* Attention Is All You Need :nlp_rag:todo:\n:PROPERTIES:\n")
    assert "\n:AUTHOR: Ashish Vaswani and Noam Shazeer and others\n" in text
    assert "\n:ARXIV: 1706.03762\n:URL: https://arxiv.org/abs/1706.03762\n" in text
    assert "\n:END:\n\nRead again.\nTwice.\n\n#+begin_quote\nThe dominant models" in text
    assert text.endswith("#+end_quote\n")
    assert "DOI" not in text


@examples(100)
@example("* a", "#+end_quote", "- x")
@given(hostile, hostile, hostile)
def test_lines_of_papers_are_escaped(title: str, abstract: str, note: str) -> None:
    text = written(replace(build_paper(title=title, abstract=abstract), note=note), ATTENTION)
    found = list(kinds(text))
    assert found.count("heading") == 2
    assert found.count("begin") == found.count("end") == 1 + bool(clean(abstract))
    assert "markup" not in found
    for line in text.split("\n"):
        assert not re.match(r"\* (?:TODO|DONE|COMMENT|\[#)", line)
        plain = re.sub(r":\\zwnj\{\}", ": ", line)
        assert not re.search(r"\[\[|\[fn:|<<|<\d|\{\{\{|@@|\bsrc_", plain)
        assert not re.search(r"\b(?:shell|elisp|file):\S*[^\\\s]", plain)


@examples(40)
@given(papers())
def test_any_paper_is_one_heading(paper: Paper) -> None:
    text = written(paper)
    assert not ACTING.search(text)
    found = list(kinds(text))
    assert found.count("heading") == 1
    assert found[0] == "heading"
    assert "markup" not in found


@pytest.mark.parametrize(
    "text", ["a*b", "x_i in 3/4", "https://a.io/b_c", "C++", "2 < 3", r"$\alpha$"]
)
def test_text_without_markup_is_unchanged(text: str) -> None:
    assert org.escape(text) == clean(text)
