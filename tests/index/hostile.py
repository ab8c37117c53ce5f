"""Hostile pieces of text, and a pattern that finds those that get through.

Tests put the pieces into every field of every format, and search all output for `ACTING`.
"""

import re

from hypothesis import strategies as st

BIBTEX = [r"\'e", r"\textbf{", "$x^2$", r"$\{a\}\\$", "$", "$$", "{", "}", "\\", r"\{", r"\}",
          r"\\", r"\(O(n)\)", r"\(", r"\href{https://x.org/a}{", r"\url{x}", r"{\em A}", "%", "#",
          "&", "_", "~", "^", '"', "@article{a,", "@comment{", "=", ",", r"\alpha", r"{\mu}",
          r"\frac", r"\begin{x}", " and ", "GPT", "3D"]  # fmt: skip
MARKDOWN = ["[a](b)", "![", "](", "<b>", "<!--", "&amp;", "&", "`", "``", "*", "**", "_", "~~", "#",
            "## ", "- ", "1. ", "1) ", "> ", "|", "---", "===", "http://a.io", "www.a.io", "a.io",
            "a@b.io", "mailto:a@b.io", "[^1]", "[ ]", ":smile:", "<https://a.io>", "    ", "\\",
            "!", ")", "(", "\\[", "$x$", "+", "```", "~~~", "*a*", "__a__", "www.1.2"]  # fmt: skip
TERMINAL = ["\x1b[31m", "\x1b]0;t\x07", "\x9b2J", "\x00", "\r", "\n", "\t", "\u202e", "\u2066",
            "\u200b", "\u2028", "\ufeff", "e" + "\u0301" * 9, "\ud800", "\U000e0041"]  # fmt: skip
OTHER = ["=1+1", "@SUM(A1)", "+", "-2", "＝1", ";", "'", " ", " ", "a", "Word", "é", "É", "Ű", "ß",
         "中文", "😀", "“q”", "–", "∈", "⁴", "ﬁ", "Ж", "ο", "½", "٣"]  # fmt: skip
PIECES = [*BIBTEX, *MARKDOWN, *TERMINAL, *OTHER]

texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=10).map("".join)
"""Texts with special characters of terminals, formats and spreadsheets."""

ACTING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    r"\ufeff\U000e0000-\U000e007f]"
)
"""Control, bidi control and invisible characters, and line breaks other than LF."""
