"""Tag names in normalized form."""

import re

from index.errors import CarrelError
from index.text.cleaning import clean, one_line

MAX_TAG_CHARS = 100


def normalize_tag(text: str) -> str:
    """Return a tag without white space and signs, with `/` between the levels of a hierarchy.

    Raises CarrelError for a tag without letters and digits.
    """
    name = clean(re.sub(r"[\"“”(),:*~]", "", text)).replace(" ", "-")
    name = "/".join(part for part in name.lstrip("#+-/").split("/") if part)
    name = name[:MAX_TAG_CHARS].rstrip("-/")
    if not re.search(r"\w", name):
        raise CarrelError(
            f"invalid tag {one_line(text, 40)!r}: use letters or digits, as in nlp/rag"
        )
    return name
