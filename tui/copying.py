"""The texts that `y` copies, by the key that follows it."""

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
"""Each key with the name of the text that it copies."""


def copy_text(papers: Sequence[Paper], key: str, style: Style = USUAL) -> str:
    """Return the text that a key of `CHOICES` copies; "" if the papers have no such text.

    Copied entries contain no notes.
    """
    if key == "b":
        from index.formats import bibtex

        return "".join(bibtex.write([replace(p, note="") for p in papers], style)).strip()
    texts = [_text(paper, key) for paper in papers]
    return ("\n\n" if key == "a" else "\n").join(text for text in texts if text)


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
