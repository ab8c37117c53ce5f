"""Text out of what was written as HTML, as feeds and publishers put it into their records."""

import re
from html import unescape

# Only tags by name: in mathematics `a<b` is no tag.
_TAG = re.compile(
    r"</?(?:jats:)?(?:a|abbr|b|bold|br|code|div|em|font|h\d|i|inf|inline-formula|italic|li|mml:\w+"
    r"|ol|p|sc|sec|small|span|strike|strong|sub|sup|title|tt|u|ul)(?:\s[^<>]{0,500})?/?>",
    re.I,
)
_BLOCK = re.compile(r"</?(?:jats:)?(?:br|div|h\d|li|p|sec|title|tr)\b", re.I)


def without_markup(text: str) -> str:
    """Return the text of a fragment of HTML; where a block ends, a space stands.

    >>> without_markup("<p>One <i>way</i></p><p>R&amp;D</p>").split()
    ['One', 'way', 'R&D']
    """
    if "<" in text:
        text = _TAG.sub(lambda tag: " " if _BLOCK.match(tag[0]) else "", text)
    return unescape(text) if "&" in text else text
