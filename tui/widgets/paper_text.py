"""Paper text as `Content`: never markup, matches lit, marks told by sign as well as by colour."""

from collections.abc import Sequence

from textual.content import Content, Span

from index import Paper
from index.search.highlight import Highlighter

BOOKMARK, UNREAD, SELECTED, NOTE, TAG = "★", "○", "✓", "✎", "#"

LIT = "bold $accent"
CURRENT = "bold reverse $accent"


def lit(
    text: str, name: str, highlighter: Highlighter | None, current: int | None = None
) -> Content:
    """Return a field's text with the matches of a query lit, the one numbered `current` most."""
    content = Content(text)
    if not highlighter:
        return content
    spans = [
        Span(start, end, CURRENT if number == current else LIT)
        for number, (start, end) in enumerate(highlighter.spans(text, name))
    ]
    return content.add_spans(spans) if spans else content


def shared(words: Sequence[str]) -> Content:
    """Return the words that tie a paper to others."""
    return Content.styled(f"shares: {', '.join(words)}", "$foreground 58%")


def people(paper: Paper, most: int = 3) -> str:
    """Return the authors in short: all where they are few, else the first and "et al."."""
    names = paper.authors
    if not names:
        return ""
    if len(names) > most or paper.et_al:
        return f"{_surname(names[0])} et al."
    return ", ".join(_surname(name) for name in names)


def _surname(name: str) -> str:
    return name.split(",")[0].strip() if "," in name else name.split()[-1] if name.split() else name
