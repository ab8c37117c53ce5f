"""Text of papers as `Content`, without markup, with matches highlighted and signs for marks."""

from collections.abc import Sequence

from textual.content import Content, Span

from index.search.highlight import Highlighter
from index.search.likely_model import LikelyWords
from tui.themes import DIM

HIGHLIGHT = "$match $accent"
CURRENT_HIGHLIGHT = "bold reverse $accent"


def highlight(
    text: str, name: str, highlighter: Highlighter | None, current: int | None = None
) -> Content:
    """Return the text of a field with its matches highlighted, and match `current` emphasised."""
    content = Content(text)
    if not highlighter:
        return content
    spans = [
        Span(start, end, CURRENT_HIGHLIGHT if number == current else HIGHLIGHT)
        for number, (start, end) in enumerate(highlighter.spans(text, name))
    ]
    return content.add_spans(spans) if spans else content


def format_shared_terms(terms: Sequence[str]) -> Content:
    """Return the terms that a paper has in common with others."""
    return Content.styled(f"in common: {', '.join(terms)}", DIM)


def format_likely(words: LikelyWords, width: int) -> Content:
    """Return the words for and against a paper as one line; each has half of it, or what is left.

    >>> format_likely(LikelyWords(("speech", "diffusion"), ("graph",)), 40).plain
    'for speech, diffusion  against graph'
    """
    parts = [
        Content.assemble((f"{name} ", f"bold {DIM}"), (", ".join(terms), DIM))
        for name, terms in (("for", words.likely), ("against", words.unlikely))
        if terms
    ]
    gap = 2 * (len(parts) - 1)
    while parts and sum(part.cell_length for part in parts) + gap > width:
        longest = max(range(len(parts)), key=lambda at: parts[at].cell_length)
        others = sum(part.cell_length for part in parts) - parts[longest].cell_length
        room = max((width - gap) // len(parts), width - gap - others)
        if room >= parts[longest].cell_length:
            break
        parts[longest] = parts[longest].truncate(room, ellipsis=True)
    return Content("  ").join(parts).truncate(width, ellipsis=True)
