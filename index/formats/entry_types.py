"""Entry types of papers, guessed from the names of their venues."""

import re
from typing import NamedTuple

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
