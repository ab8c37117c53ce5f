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

_COMMON_TITLES = frozenset(
    ("introduction", "editorial", "guesteditorial", "preface", "foreword", "erratum", "correction",
     "corrigendum", "discussion", "conclusion", "conclusions", "bookreview", "bookreviews",
     "frontmatter", "contents", "tableofcontents", "inthisissue", "abstract", "untitled",
     "acknowledgments", "acknowledgements", "afterword", "keynote", "panel", "obituary")
)  # fmt: skip


_WORD = re.compile(r"[^\W_]+")


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


def are_different_papers(one: Paper, other: Paper) -> bool:
    """Return whether papers with equal titles are different: other authors and another year.

    Papers with a common title, such as "Editorial" or "Introduction", are the same only if they
    share an author, or if no authors are known and year and venue do not differ.
    """
    years = {one.year, other.year} - {None}
    names, others = _name_words(one), _name_words(other)
    if title_key(one.title) in _COMMON_TITLES:
        venues = {fold(one.venue), fold(other.venue)} - {""}
        return not names & others if names or others else len(years) > 1 or len(venues) > 1
    return bool(len(years) > 1 and names and others and not names & others)


def _name_words(paper: Paper) -> set[str]:
    return {name for author in paper.authors for name in _WORD.findall(fold(author)) if name[1:]}


def title_key(title: str) -> str:
    """Return the letters and digits of a title, or the title itself if it has none."""
    return "".join(_WORD.findall(fold(title))) or unicodedata.normalize("NFKC", title).lower()


def slug(paper: Paper) -> str:
    """Return a generated id: the arXiv id, else the first four words of the title.

    >>> slug(Paper(title="Oreo: A Plug-in Context Reconstructor"))
    'oreo-plug-in-context'
    """
    if paper.arxiv_id:
        return paper.arxiv_id
    words = [w for w in _WORD.findall(fold(paper.title)) if w not in SLUG_STOP_WORDS]
    return "-".join(words[:4])[:60].strip("-") or "paper"
