"""Types of papers: known from their records, else guessed from the names of their venues."""

import re
from dataclasses import replace
from typing import NamedTuple

from index.papers.citation import CONTAINED_TYPES, is_preprint_venue
from index.papers.names import guess_name
from index.papers.paper import Paper
from index.text.cleaning import clean

ARXIV = re.compile(r"\s*(?:arXiv|CoRR)\b", re.IGNORECASE)
_JOURNAL = re.compile(
    r"\b(?:Journal|Transactions|Magazine|Annals|Bulletin|Quarterly)\b|\b(?:Letters|Reviews?)$"
    r"|\b(?:J|Trans)\. "
    r"|\bProceedings of the (?:IEEE$|National Academy|Royal Society|VLDB|ACM on)"
    r"|\bProc\. (?:IEEE$|Natl\. Acad|ACM )",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"(?i:\b(?:proceedings|conference|conférence|conf\.|workshop|symposium|meeting|congress"
    r"|colloquium|actes|findings of|advances in neural information|neural information processing"
    r"|computer vision and pattern recognition|chapter of the association for computational)\b)"
    r"|\bProc\. "
    r"|(?<![A-Za-z])(?:NeurIPS|NIPS|ICML|ICLR|A?ACL|EMNLP|NAACL|EACL|CoNLL|COLING|IJCNLP|LREC|TREC"
    r"|SemEval|CVPR|ICCV|ECCV|WACV|BMVC|SIGIR|CIKM|WSDM|ECIR|RecSys|AAAI|IJCAI|ECAI|AAMAS|KDD|ICDM"
    r"|ICDE|SIGMOD|WWW|COLT|COLM|ALT|AISTATS|UAI|CoRL|RSS|ICRA|IROS|INTERSPEECH|Interspeech"
    r"|ICASSP|ISMIR|MICCAI|CHI|UIST|SIGGRAPH|STOC|FOCS|SODA|PODC|PODS|OSDI|SOSP|NSDI|EuroSys|ATC"
    r"|ASPLOS|ISCA|MICRO|HPCA|PLDI|POPL|ICSE|FSE|ASE|ISSTA|CRYPTO|EUROCRYPT|CCS|NDSS|SIGCOMM"
    r"|INFOCOM|MLSys)(?![A-Za-z])"
)
_THESIS = re.compile(r"([\w'. -]{0,40}\b(?:[Tt]hesis|[Dd]issertation))(?:, (.+))?")
_REPORT = re.compile(r"Technical [Rr]eport(?:, (.+))?")
_PUBLISHER = re.compile(
    r"\b(?:Press|Publish(?:ers?|ing)|Verlag|Books|Springer(?:-Verlag)?|Elsevier|Wiley|Pearson"
    r"|McGraw-Hill|O'Reilly|Addison-Wesley|Prentice[ -]Hall|Morgan Kaufmann|Birkhäuser"
    r"|(?:De|de|Walter de) Gruyter|Routledge)\b"
)


class VenueType(NamedTuple):
    """A BibTeX entry type (`kind`), the place of publication and the type of a thesis."""

    kind: str
    place: str
    sort: str = ""


def classify_venue(venue: str) -> VenueType:
    """Return the entry type of a venue, and the place without the type."""
    venue = clean(venue)
    if not venue or ARXIV.match(venue):
        return VenueType("misc", venue)
    if thesis := _THESIS.fullmatch(venue):
        doctoral = re.search(r"(?i)ph\.? ?d|doctor|dissertation", thesis[1])
        return VenueType("phdthesis" if doctoral else "mastersthesis", thesis[2] or "", thesis[1])
    if report := _REPORT.fullmatch(venue):
        return VenueType("techreport", report[1] or "")
    journal = _JOURNAL.search(venue)
    if _MEETING.search(venue) and not journal:
        return VenueType("inproceedings", venue)
    return VenueType("book" if _PUBLISHER.search(venue) and not journal else "article", venue)


_CSL_TYPES = {
    "article": ("article-journal", "container-title"),
    "inproceedings": ("paper-conference", "container-title"),
    "phdthesis": ("thesis", "publisher"), "mastersthesis": ("thesis", "publisher"),
    "techreport": ("report", "publisher"), "book": ("book", "publisher"),
}  # fmt: skip


def citable(paper: Paper) -> Paper:
    """Return a paper as exports cite it: with its type, the variables of its venue, and names.

    Known values are preserved. The venue of a paper of an unknown type is classified by its name,
    and authors in plain text are divided by `guess_name`; a preprint server is no venue.
    """
    values = dict(paper.citation.values)
    kind, venue = paper.type, clean(paper.venue)
    if not kind:
        guess = classify_venue(venue)
        kind, variable = _CSL_TYPES.get(guess.kind, ("", ""))
        if variable and guess.place:
            values.setdefault(variable, guess.place)
        if guess.sort:
            values.setdefault("genre", guess.sort)
        kind = kind or ("article" if paper.arxiv_id or ARXIV.match(venue) else "document")
    elif kind in CONTAINED_TYPES and venue and not is_preprint_venue(venue):
        values.setdefault("container-title", venue)
    names = paper.names or tuple(guess_name(name) for name in paper.authors if clean(name))
    citation = replace(paper.citation, values=tuple(sorted(values.items())))
    return replace(paper, type=kind, citation=citation, names=names)
