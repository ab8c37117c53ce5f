"""Files in every readable format, built of entries that tests can name, count and break."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

ABSTRACT = (
    "We propose a method of our own for reading papers at desks and show in experiments that "
    "models of this work do well. Our approach compares to the state-of-the-art on all "
    "of the benchmarks."
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How to write files of a format: the text before, between and after entries.

    `entry` writes the entry of a number and a title; `broken` is an invalid one, "" if any text is
    an entry.
    """

    entry: Callable[[int, str], str]
    broken: str = ""
    head: str = ""
    between: str = "\n"
    tail: str = "\n"

    def file(self, entries: Iterable[str]) -> str:
        """Return a file of entries."""
        return self.head + self.between.join(entries) + self.tail

    def of(self, titles: Iterable[str]) -> str:
        """Return a file of papers with these titles."""
        return self.file(self.entry(number, title) for number, title in enumerate(titles, 1))


def title(number: int) -> str:
    """Return a unique title for a number, in words."""
    tens = "Lamps Chairs Shelves Books Pages Inks Pens Seals Maps Globes".split()
    first, second, third = tens[number // 100 % 10], tens[number // 10 % 10], tens[number % 10]
    return f"On {first} and {second} beside {third}: Paper Number {number}"


def _json(shape: Callable[[int, str], dict[str, object]], head: str = "[\n", tail: str = "\n]\n",
          between: str = ",\n") -> Kind:  # fmt: skip
    return Kind(
        lambda number, title: json.dumps(shape(number, title)),
        '{"title": "Broken" "abstract" here}',
        head,
        between,
        tail,
    )


def _hugging(number: int, title: str) -> dict[str, object]:
    paper = {
        "id": f"2511.{number:05}",
        "title": title,
        "summary": ABSTRACT,
        "upvotes": number,
        "authors": [{"name": "Ada Lovelace"}],
        "publishedAt": "2025-11-03T00:00:00.000Z",
    }
    return {"paper": paper, "title": title, "publishedAt": "2025-11-04T00:00:00.000Z"}


def _openalex(number: int, title: str) -> dict[str, object]:
    words = {word: [at] for at, word in enumerate(dict.fromkeys(ABSTRACT.split()))}
    return {"id": f"https://openalex.org/W{number}", "display_name": title, "title": title,
            "publication_year": 2025, "authorships": [{"author": {"display_name": "A. Lovelace"}}],
            "abstract_inverted_index": words, "primary_location": None}  # fmt: skip


def _crossref(number: int, title: str) -> dict[str, object]:
    return {
        "DOI": f"10.1234/desk.{number}",
        "type": "journal-article",
        "title": [title],
        "container-title": ["Journal of Desks"],
        "issued": {"date-parts": [[2025]]},
        "author": [{"given": "Ada", "family": "Lovelace", "sequence": "first"}],
        "source": "Crossref",
        "member": "1",
        "abstract": f"<jats:p>{ABSTRACT}</jats:p>",
    }


def _semantic(number: int, title: str) -> dict[str, object]:
    return {"paperId": f"{number:040x}", "title": title, "abstract": ABSTRACT, "year": 2025,
            "externalIds": {"CorpusId": number}, "authors": [{"name": "Ada Lovelace"}]}  # fmt: skip


def _snapshot(number: int, title: str) -> dict[str, object]:
    return {"id": f"2511.{number:05}", "submitter": "Ada Lovelace", "authors": "Ada Lovelace",
            "title": title, "abstract": ABSTRACT, "categories": "cs.CL",
            "versions": [{"version": "v1", "created": "Mon, 3 Nov 2025 00:00:00 GMT"}],
            "update_date": "2025-11-03", "authors_parsed": [["Lovelace", "Ada", ""]]}  # fmt: skip


def _csl(number: int, title: str) -> dict[str, object]:
    return {"id": f"desk{number}", "type": "article-journal", "title": title, "abstract": ABSTRACT,
            "author": [{"family": "Lovelace", "given": "Ada"}],
            "issued": {"date-parts": [[2025]]}}  # fmt: skip


def _own(number: int, title: str) -> dict[str, object]:
    return {
        "id": f"desk-{number}",
        "title": title,
        "abstract": ABSTRACT,
        "authors": ["A. Lovelace"],
    }


def _bibtex(number: int, title: str) -> str:
    return (f"@article{{desk{number},\n  title = {{{title}}},\n  author = {{Lovelace, Ada}},\n"
            f"  abstract = {{{ABSTRACT}}},\n  year = {{2025}}\n}}")  # fmt: skip


def _ris(number: int, title: str) -> str:
    return (f"TY  - JOUR\nID  - desk{number}\nTI  - {title}\nAU  - Lovelace, Ada\n"
            f"AB  - {ABSTRACT}\nPY  - 2025\nER  - \n")  # fmt: skip


def _wos(number: int, title: str) -> str:
    return (
        f"PT J\nAU Lovelace, A\n   Babbage, C\nAF Lovelace, Ada\n   Babbage, Charles\nTI {title}\n"
        f"SO DESKS\nAB {ABSTRACT}\nPY 2025\nVL {number}\nER\n"
    )


def _enw(number: int, title: str) -> str:
    return (
        f"%0 Journal Article\n%T {title}\n%A Lovelace, Ada\n%J Desks\n%V {number}\n%D 2025\n"
        f"%X {ABSTRACT}\n"
    )


def _refworks(number: int, title: str) -> str:
    return (
        f"RT Journal Article\nSR Electronic\nA1 Lovelace,Ada\nT1 {title}\nJF Desks\nYR 2025\n"
        f"VO {number}\nAB {ABSTRACT}\n"
    )


def _endnote(number: int, title: str) -> str:
    return (
        '<record><ref-type name="Journal Article">17</ref-type><contributors><authors><author>'
        f"Lovelace, Ada</author></authors></contributors><titles><title><style>{escape(title)}"
        f"</style></title></titles><volume>{number}</volume><dates><year>2025</year></dates>"
        f"<abstract>{ABSTRACT}</abstract></record>"
    )


def _nbib(number: int, title: str) -> str:
    return f"PMID- {number}\nTI  - {title}\nAB  - {ABSTRACT}\nFAU - Lovelace, Ada\nDP  - 2025 Nov\n"


def _pubmed(number: int, title: str) -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article>"
        f"<ArticleTitle>{escape(title)}</ArticleTitle>"
        f"<Abstract><AbstractText>{ABSTRACT}</AbstractText></Abstract>"
        "<Journal><Title>Journal of Desks</Title><JournalIssue><PubDate><Year>2025</Year>"
        "</PubDate></JournalIssue></Journal></Article></MedlineCitation></PubmedArticle>"
    )


def _acl(number: int, title: str) -> str:
    return (f'<paper id="{number}"><title>{escape(title)}</title><author><first>Ada</first>'
            f"<last>Lovelace</last></author><abstract>{ABSTRACT}</abstract>"
            f"<bibkey>desk-{number}</bibkey></paper>")  # fmt: skip


def _atom(number: int, title: str) -> str:
    return (f"<entry><id>http://arxiv.org/abs/2511.{number:05}v1</id><title>{escape(title)}</title>"
            f"<summary>{ABSTRACT}</summary><author><name>Ada Lovelace</name></author>"
            "<published>2025-11-03T00:00:00Z</published></entry>")  # fmt: skip


def _mail(number: int, title: str) -> str:
    return (
        f"------------------------------------------------------------------------------\n\\\\\n"
        f"arXiv:2511.{number:05}\nDate: Mon, 3 Nov 2025 17:59:59 GMT   (12kb)\n\nTitle: {title}\n"
        f"Authors: Ada Lovelace\nCategories: cs.CL\n\\\\\n  {ABSTRACT}\n"
        f"\\\\ ( https://arxiv.org/abs/2511.{number:05} ,  12kb)"
    )


def _linkref(number: int, title: str) -> str:
    return f"[\n{number}\n][{2 * number}]\n\n### [{title}][{2 * number + 1}]\n\n{ABSTRACT}\n"


def _html(number: int, title: str) -> str:
    return (f'<article><h3><a href="/papers/2511.{number:05}">{escape(title)}</a></h3>'
            f"<p>{ABSTRACT}</p></article>")  # fmt: skip


TARGETS = "\n\n" + "".join(
    f"[{2 * number + 1}]: https://huggingface.co/papers/2511.{number:05}\n"
    for number in range(1, 1500)
)
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
KINDS = {
    "bibtex": Kind(_bibtex, "@article{broken,\n  title = {Never Closed {in Braces},\n"),
    "ris": Kind(_ris, "TY  - JOUR\nAB  - of no title\nER  - \n"),
    "wos": Kind(_wos, "PT J\nAB of no title\nER\n",
                "FN Clarivate Analytics Web of Science\nVR 1.0\n", tail="\nEF\n"),
    "enw": Kind(_enw, "%0 Journal Article\n%X of no title\n"),
    "refworks": Kind(_refworks, "RT Journal Article\nAB of no title\n"),
    "endnote-xml": Kind(_endnote, "<record><titles><title>Broken</record>",
                        f"{XML}<xml><records>\n", tail="\n</records></xml>\n"),
    "nbib": Kind(_nbib, "PMID- 9\nAB  - of no title\n"),
    "pubmed": Kind(_pubmed, "<PubmedArticle><Article></PubmedArticle>",
                   f"{XML}<PubmedArticleSet>\n", tail="\n</PubmedArticleSet>\n"),
    "csv": Kind(lambda number, title: f'"{title}","Ada Lovelace",2025,"{ABSTRACT}"',
                ',"Charles Babbage",1999,', "title,authors,year,abstract\n"),
    "acl": Kind(_acl, "<paper><title>Broken</paper>",
                f'{XML}<collection id="2025.desk"><volume id="1"><meta><booktitle>Desks</booktitle>'
                "<year>2025</year></meta>\n", tail="\n</volume></collection>\n"),
    "arxiv": Kind(_atom, "<entry><title>Broken</entry>",
                  f'{XML}<feed xmlns="http://www.w3.org/2005/Atom">\n<link href="http://arxiv.org/'
                  'api/query" rel="self"/>\n', tail="\n</feed>\n"),
    "arxiv-listing": Kind(_mail),
    "arxiv-snapshot": _json(_snapshot, "", "\n", "\n"),
    "huggingface": _json(_hugging),
    "semantic-scholar": _json(_semantic, '{"total": 9, "offset": 0, "data": [\n', "\n]}\n"),
    "openalex": _json(_openalex, '{"meta": {"count": 9}, "results": [\n', "\n]}\n"),
    "crossref": _json(_crossref, '{"status": "ok", "message-type": "work-list", "message": '
                      '{"total-results": 9, "items": [\n', "\n]}}\n"),
    "csl": _json(_csl),
    "html": Kind(_html, head="<!doctype html>\n<title>Daily Papers - Hugging Face</title>\n"
                 '<link rel="canonical" href="https://huggingface.co/papers">\n'),
    "linkrefs": Kind(_linkref, head="# Daily Papers\n\nNov 20\n\n", tail=TARGETS),
    "markdown": Kind(lambda number, title: f"### [{title}](https://huggingface.co/papers/2511."
                     f"{number:05})\n\n{ABSTRACT}\n", head="# Daily Papers\n\nNov 20\n\n"),
    "listing": Kind(lambda number, title: f"{title}\n\n{ABSTRACT} It is number {number}.\n"),
    "json": _json(_own),
    "jsonl": _json(_own, "", "\n", "\n"),
}  # fmt: skip
"""A file of each format; `https://…/papers/2511.00007` is the seventh paper's page."""
