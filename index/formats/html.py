"""HTML: one self-contained page of papers for the browser, mail and the web.

It loads and runs nothing; its content security policy (https://www.w3.org/TR/CSP3/) enforces that.
Papers are marked up as https://schema.org/ScholarlyArticle, for programs and for Carrel itself.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape

from index.formats.base import USUAL, Format, Style
from index.formats.pages.html_reading import read, recognise
from index.papers.facts import publication_facts
from index.papers.identifiers import web_url
from index.papers.paper import Paper
from index.text.cleaning import clean

_STYLE = """
:root { color-scheme: light dark; --ink: #26282d; --dim: #6a6d75; --paper: #faf8f4; --line: #d3ccbf;
  --link: #8a5a13; }
@media (prefers-color-scheme: dark) { :root { --ink: #d8d5cf; --dim: #979ba5; --paper: #16171b;
  --line: #353842; --link: #e2b269; } }
body { margin: 2rem auto; padding: 0 1rem; max-width: 46rem; font: 1rem/1.55 Georgia, serif;
  color: var(--ink); background: var(--paper); overflow-wrap: break-word; }
a { color: var(--link); }
article { padding: 1.2rem 0; border-top: 1px solid var(--line); }
article:first-of-type { border-top: 0; }
h2 { margin: 0 0 .3rem; font-size: 1.2rem; line-height: 1.3; }
.facts, .links, .tags { margin: .2rem 0; color: var(--dim); font-size: .9rem; }
.note { margin: .6rem 0; padding-left: .8rem; border-left: 3px solid var(--link);
  white-space: pre-line; }
.abstract { margin: .6rem 0 0; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEAD = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Papers</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
"""
_FOOT = "</main>\n</body>\n</html>\n"


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one page with an article per paper."""
    yield _HEAD
    for paper in papers:
        yield "\n".join(_article(paper)) + "\n"
    yield _FOOT


def _article(paper: Paper) -> Iterator[str]:
    yield '<article itemscope itemtype="https://schema.org/ScholarlyArticle">'
    title = f'<span itemprop="headline">{_text(paper.title)}</span>'
    link = web_url(paper.link)
    yield f"<h2>{_link(link, title, 'url') if link else title}</h2>"
    if facts := " · ".join(_facts(paper)):
        yield f'<p class="facts">{facts}</p>'
    if published := " · ".join(map(_text, publication_facts(paper))):
        yield f'<p class="facts">{published}</p>'
    others = [url for url in map(web_url, paper.links) if url and url != link]
    if others:
        shown = " · ".join(_link(url, _text(url), "sameAs") for url in others)
        yield f'<p class="links">{shown}</p>'
    for css, itemprop, values in (
        ("tags", "tag", paper.tags),
        ("facts", "keywords", paper.keywords),
        ("facts", "about", paper.categories),
    ):
        if values := tuple(filter(None, map(clean, values))):
            yield f'<p class="{css}">{", ".join(_span(itemprop, value) for value in values)}</p>'
    if note := clean(paper.note, lines=True):
        yield f'<p class="note" itemprop="note">{escape(note)}</p>'
    if abstract := _text(paper.abstract):
        yield f'<p class="abstract" itemprop="abstract">{abstract}</p>'
    yield "</article>"


def _facts(paper: Paper) -> Iterator[str]:
    names = [*paper.authors, "et al."] if paper.et_al else paper.authors
    if authors := [_span("author", name) for name in names if clean(name)]:
        yield ", ".join(authors)
    if when := _text(paper.date or str(paper.year or "")):
        yield f'<time itemprop="datePublished" datetime="{when}">{when}</time>'
    if venue := clean(paper.venue):
        yield _span("isPartOf", venue)


def _span(itemprop: str, value: str) -> str:
    return f'<span itemprop="{itemprop}">{_text(value)}</span>'


def _link(url: str, shown: str, itemprop: str) -> str:
    return f'<a itemprop="{itemprop}" href="{_text(url)}" rel="noopener noreferrer">{shown}</a>'


def _text(text: str) -> str:
    return escape(clean(text))


FORMAT = Format(
    name="html",
    label="HTML page",
    endings=(".html", ".htm", ".xhtml", ".mhtml", ".mht"),
    recognise=recognise,
    read=read,
    write=write,
)
