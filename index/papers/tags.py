"""Tag names: the one form in which they are kept."""

import re

from index.errors import CarrelError
from index.text.cleaning import clean, one_line

MAX_TAG_CHARS = 100


def normalize_tag(text: str) -> str:
    """Return a tag in its form: no white space, parts of a hierarchy joined by `/`.

    Raises CarrelError for one that has no letter or digit.
    """
    name = clean(re.sub(r"[\"“”(),:*~]", "", text)).replace(" ", "-")
    name = "/".join(part for part in name.lstrip("#+-/").split("/") if part)
    name = name[:MAX_TAG_CHARS].rstrip("-/")
    if not re.search(r"\w", name):
        raise CarrelError(f"{one_line(text, 40)!r} is not a tag: write letters, as in nlp/rag")
    return name
