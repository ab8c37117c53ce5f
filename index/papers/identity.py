"""Identity: the keys that decide whether two records are one paper, and generated ids."""

import re
import unicodedata
from dataclasses import dataclass

from index.papers.identifiers import (
    parse_arxiv,
)
from index.papers.paper import Paper
from index.text.folding import fold
from index.text.stopwords import SLUG_STOP_WORDS

_WORD = re.compile(r"[^\W_]+")
_SIGN = re.compile(r"[+#]|\d[.,]\d|(?:^|\s)\.[a-z]")
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))|[{}$]")
_SIGNED_WORD = re.compile(
    r"(?:(?:(?<=\s)|^)\.(?=[a-z]))?[^\W_]+(?:(?<=\d)\.\d+)*(?:\+\++|[+#]+(?![^\W_]))?"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """The keys of a paper: records with equal arXiv ids, else DOIs, else titles are one paper."""

    arxiv: str
    doi: str
    title: str

    def conflicts(self, other: "Identity") -> bool:
        """Return whether both have an arXiv id, or both a DOI, and these differ."""
        return bool(
            (self.arxiv and other.arxiv and self.arxiv != other.arxiv)
            or (self.doi and other.doi and self.doi != other.doi)
        )


def identity(paper: Paper) -> Identity:
    """Return the keys of a paper, ignoring versions, case, accents, LaTeX and punctuation.

    DOIs assigned by arXiv (10.48550/arXiv.…) count as arXiv ids.
    """
    doi = paper.doi.lower()
    arxiv = paper.arxiv_id.lower()
    if doi.startswith("10.48550/arxiv."):
        arxiv, doi = arxiv or parse_arxiv(doi.removeprefix("10.48550/")).lower(), ""
    return Identity(arxiv, doi, title_key(paper.title))


def title_key(title: str) -> str:
    """Return the words of a title without spaces, or the title itself if it has none.

    Signs that distinguish words are preserved: C, C++ and C# are different titles, and so are 1.5
    and 15.
    """
    return "".join(title_words(title)) or unicodedata.normalize("NFKC", title).lower()


def title_words(title: str) -> list[str]:
    """Return the folded words of a title, with the signs of C++, C#, .NET and 1.5."""
    folded = fold(title.replace("\\#", "#"))
    if not _SIGN.search(folded):
        return _WORD.findall(folded)
    return _SIGNED_WORD.findall(_GROUPING.sub("", folded))


def slug(paper: Paper) -> str:
    """Return a generated id: the arXiv id, else the first four words of the title.

    >>> slug(Paper(title="Oreo: A Plug-in Context Reconstructor"))
    'oreo-plug-in-context'
    """
    if paper.arxiv_id:
        return paper.arxiv_id
    words = [w for w in _WORD.findall(fold(paper.title)) if w not in SLUG_STOP_WORDS]
    return "-".join(words[:4])[:60].strip("-") or "paper"
