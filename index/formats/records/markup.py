"""Text of titles and abstracts in HTML, JATS and MathML.

JATS: https://jats.nlm.nih.gov/archiving/tag-library/. Only known element names
count as markup, so that `p<q` and `x > y` are preserved.
"""

import html
import re

from index.text.cleaning import MAX_FIELD_CHARS

_INLINE = (
    "i|b|u|em|strong|sub|sup|small|span|a|font|sc|scp|tt|code|q|mark|italic|bold|underline"
    "|monospace|roman|inline-formula|tex-math|ext-link|xref|named-content|styled-content|inf|math"
    "|alternatives|graphic|inline-graphic|uri|email|abbrev"
)
_BLOCK = (
    "p|br|div|sec|title|abstract|list|list-item|disp-formula|label|ul|ol|li|table|tr|td|h[1-6]"
    "|blockquote|section|hr|def-list|pre"
)
_NAMED = r"(?:\s[^<>]{0,500})?/?>"
_BLOCK_TAG = re.compile(rf"</?(?:jats:)?(?:{_BLOCK}){_NAMED}", re.I)
_INLINE_TAG = re.compile(rf"</?(?:(?:jats:)?(?:{_INLINE})|mml:[a-z]{{1,20}}){_NAMED}", re.I)
# The same formula in TeX and in MathML; one of them is removed.
_FORMULA = re.compile(
    r"<(?:jats:)?alternatives>\s*<(?:jats:)?tex-math[^<>]{0,200}>([^<]{0,2000})"
    r"</(?:jats:)?tex-math>[^\0]{0,5000}?</(?:jats:)?alternatives>"
)
_HEADING = re.compile(
    r"<(jats:)?title>\s*([^<>]{1,100}?)[\s:.]*</(?:jats:)?title>|<!\[CDATA\[|\]\]>|<!--.{0,500}?-->"
)
# Numbers out of range, which Python may refuse to convert.
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
_ABSTRACT = re.compile(r"\s*(?:Abstract|Summary)\s*[:.]?\s*", re.I)
# A copied heading of an abstract, but not "Abstract meaning representation".
_HEADED = re.compile(
    r"\s*(?:(?i:abstract|summary)\s*(?:[:.\u2013\u2014]\s*|- |$)"
    r"|(?:Abstract|ABSTRACT)(?:(?=[A-Z][a-z]+ )"
    r"|\s+(?=(?:We|Our|This|These|In|The|A|An|It|As|To|For|With|While|Although|Recent|Recently"
    r"|Background|Objectives?|Purpose|Introduction|Motivation|Context|Aims?)\b)))"
)
_NONE = re.compile(r"\s*\[?(?:no abstract(?: available)?|n/?a|none|nan|null)\.?\]?\s*", re.I)


def abstract(text: str) -> str:
    """Return an abstract without its heading; "" for a placeholder."""
    text = _HEADED.sub("", text, count=1) if _HEADED.match(text) else text
    return "" if _NONE.fullmatch(text) else text


def plain(text: str) -> str:
    """Return a text without markup and (even doubly escaped) character references.

    Headings get a colon; the heading "Abstract" is removed.
    """
    text = text[: 2 * MAX_FIELD_CHARS]
    for _ in range(2):
        if "<" in text:
            text = _FORMULA.sub(r"\1", _HEADING.sub(_heading, text))
            text = _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))
        if "&" not in text:
            break
        text = html.unescape(_NO_CHARACTER.sub("", text))
    return text


def _heading(match: re.Match[str]) -> str:
    name = match[2]
    return "" if not name or _ABSTRACT.fullmatch(name) else f" {name}: "
