"""What `y` copies of papers, by the key that follows it."""

from collections.abc import Sequence
from dataclasses import replace

from index import Paper
from index.formats import USUAL, Style

CHOICES = {
    "y": "title and link",
    "t": "title",
    "a": "abstract",
    "u": "URL",
    "b": "BibTeX",
    "m": "Markdown",
    "i": "id",
}
"""Each key and what it copies."""


def text_of(papers: Sequence[Paper], key: str, style: Style = USUAL) -> str:
    """Return what a key of `CHOICES` copies of papers; "" where they have nothing of the kind.

    Notes are in no entry that is copied.
    """
    if key == "b":
        from index.formats import bibtex

        return "".join(bibtex.write([replace(p, note="") for p in papers], style)).strip()
    each = [_text(paper, key) for paper in papers]
    return ("\n\n" if key == "a" else "\n").join(text for text in each if text)


def _text(paper: Paper, key: str) -> str:
    match key:
        case "y":
            return f"{paper.title}\n{paper.link}".strip()
        case "t":
            return paper.title
        case "a":
            return paper.abstract
        case "u":
            return paper.link
        case "m":
            from index.formats import markdown

            return markdown.link(paper)
    return paper.id
