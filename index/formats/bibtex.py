"""BibTeX: one entry a paper, written with bibtexparser, its text encoded for LaTeX.

The format: https://ctan.org/pkg/btxdoc (O. Patashnik, BibTeXing).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote

from index.formats.base import USUAL, Format, Style
from index.formats.latex import latex
from index.paper import Paper, parsed_arxiv, slug
from index.text import clean, fold

_KEY = re.compile(r"\w[\w:./+-]*")
_SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
_ARXIV = re.compile(r"\s*(?:arXiv|CoRR)\b", re.IGNORECASE)
_ARXIV_CLASS = re.compile(
    r"(?:cs|math|stat|eess|econ|q-bio|q-fin|physics|cond-mat|astro-ph|nlin)\.[A-Za-z-]{2,}"
    r"|(?:hep-(?:th|ph|ex|lat)|nucl-(?:th|ex)|gr-qc|quant-ph|math-ph|cond-mat|astro-ph)"
)
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


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one entry a paper, each under a key of its own; only the keys are held."""
    for number, (key, paper) in enumerate(keyed(papers)):
        yield ("\n" if number else "") + _entry(key, paper)


def citation(paper: Paper) -> str:
    """Return the BibTeX entry of one paper, as for copying."""
    return _entry(_key(paper), paper)


def citation_keys(papers: Iterable[Paper]) -> list[str]:
    """Return the citation keys of papers that share a file, in their order.

    A key that came with the paper (its id, where that is neither an arXiv id nor made from the
    title) stays. Else it is first author's last name, year and first significant word of the title,
    in lower-case ASCII: `vaswani2017attention`. Without an author whose name has such letters it is
    the id, made valid. Where a key is taken, in any case of letters, a, b, … z, aa follow.
    """
    return [key for key, _ in keyed(papers)]


def keyed(papers: Iterable[Paper]) -> Iterator[tuple[str, Paper]]:
    """Yield papers with their citation keys as they come; only the keys are held."""
    taken: dict[str, int] = {}
    for paper in papers:
        key = base = _key(paper)
        while key.lower() in taken:
            taken[base.lower()] += 1
            key = base + _suffix(taken[base.lower()])
        taken[key.lower()] = 0
        yield key, paper


def _suffix(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _key(paper: Paper) -> str:
    made = slug(replace(paper, arxiv_id=""))
    own = _KEY.fullmatch(paper.id) and not parsed_arxiv(paper.id) and not paper.id.isdecimal()
    if own and not re.fullmatch(rf"{re.escape(made)}(?:-\d+)?", paper.id):
        return paper.id
    surname = _surname(clean(paper.authors[0])) if paper.authors else ""
    if surname:
        word = next((word for word in made.split("-") if word.isascii()), "")
        return f"{surname}{paper.year or ''}{word}"
    return re.sub(r"[^A-Za-z0-9:.+-]+", "-", fold(paper.id or made)).strip("-.:+") or "paper"


def _surname(name: str) -> str:
    words = (name.partition(",")[0] or name).split()
    while len(words) > 1 and words[-1].lower().strip(".") in _SUFFIXES:
        words.pop()
    return re.sub(r"[^a-z0-9]", "", fold(words[-1])) if words else ""


def _entry(key: str, paper: Paper) -> str:
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.middlewares.parsestack import default_unparse_stack
    from bibtexparser.model import Entry, Field
    from bibtexparser.writer import BibtexFormat

    form = BibtexFormat()  # type: ignore[no-untyped-call]  # its __init__ has no annotations
    form.indent = "  "
    form.trailing_comma = True
    kind, fields = _described(paper)
    entry = Entry(kind, key, [Field(name, value) for name, value in fields.items() if value])
    stack = default_unparse_stack(allow_inplace_modification=True)
    return write_string(Library([entry]), unparse_stack=stack, bibtex_format=form)


def _described(paper: Paper) -> tuple[str, dict[str, str]]:
    """Return the entry type that what is known allows, and the fields in their order."""
    kind, place = _kind(paper.venue)
    arxiv = paper.arxiv_id or (parsed_arxiv(paper.venue) if _ARXIV.match(paper.venue) else "")
    on_arxiv = {"eprint": _verbatim(arxiv), "archivePrefix": "arXiv"} if arxiv else {}
    category = paper.categories[0] if arxiv and paper.categories else ""
    if kind == "misc" and arxiv:
        place = ""
    return kind, {
        "title": latex(paper.title, title=True),
        "author": _authors(paper),
        **({place: latex(paper.venue)} if place else {}),
        "year": str(paper.year or ""),
        "doi": _verbatim(paper.doi),
        "url": _verbatim(paper.url or (f"https://arxiv.org/abs/{arxiv}" if arxiv else "")),
        **on_arxiv,
        "primaryClass": category if _ARXIV_CLASS.fullmatch(category) else "",
        "keywords": ", ".join(_keyword(word) for word in (*paper.keywords, *paper.tags)),
        "abstract": latex(paper.abstract),
    }


def _kind(venue: str) -> tuple[str, str]:
    """Return the entry type that a venue's name calls for, and the field that holds the name."""
    if not venue or _ARXIV.match(venue):
        return "misc", "howpublished"
    if _MEETING.search(venue) and not _JOURNAL.search(venue):
        return "inproceedings", "booktitle"
    return "article", "journal"


def _authors(paper: Paper) -> str:
    names = [_name(clean(name)) for name in paper.authors if clean(name)]
    return " and ".join([*names, "others"] if names and paper.et_al else names)


def _name(name: str) -> str:
    """Return a name so that BibTeX takes it for one: braced where it reads as a list."""
    list_like = re.search(r"(?i:(?:^|\s)and(?:\s|$)|^others$)|^\s*,|,\s*,|,\s*$", name)
    return f"{{{latex(name)}}}" if list_like or name.count(",") > 2 else latex(name)


def _keyword(word: str) -> str:
    return f"{{{latex(word)}}}" if "," in word else latex(word)


def _verbatim(text: str) -> str:
    """Return a link or identifier as styles take it, raw; what could break the file as %XX."""
    return quote(clean(text), safe="%/:?#[]@!$&'()*+,;=~|")


FORMAT = Format(name="bibtex", label="BibTeX", endings=(".bib",), write=write)
