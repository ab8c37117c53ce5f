"""arXiv's OAI-PMH records, with arXiv, arXivRaw or Dublin Core metadata.

The formats: https://info.arxiv.org/help/oa/index.html (metadata formats) and
https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from typing import TYPE_CHECKING

from index.formats.arxiv_rss import names, page
from index.formats.records.dates import iso_date
from index.formats.records.names import natural_order, split_et_al
from index.formats.records.references import citation_of, journal, type_of
from index.formats.records.xml_records import text_of, texts_of
from index.papers.identifiers import links_in, parse_arxiv
from index.papers.names import Name, build_name
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from index.text.latex.decoding import plain_arxiv

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def paper(record: "Element") -> Paper | str:
    """Return the paper of a record, or the reason why it has none."""
    header, metadata = record.find("header"), record.find("metadata")
    if header is not None and header.get("status") == "deleted":
        return "arXiv has deleted this record; remove it from the file"
    known = None if metadata is None else next(iter(metadata), None)
    if known is None:
        return "no metadata in this record; harvest it again"
    own = parse_arxiv(text_of(known, "id")) or parse_arxiv(text_of(header, "identifier"))
    return _dublin_core(known, own) if known.tag == "dc" else _arxiv(known, own)


def _arxiv(known: "Element", own: str) -> Paper:
    people = [_name(author) for author in known.iterfind("authors/author")]
    authors, et_al = ([], False) if people else names(texts_of(known, "authors"))
    comment, reference = text_of(known, "comments"), plain_arxiv(text_of(known, "journal-ref"))
    created = text_of(known, "created") or iso_date(text_of(known, "version/date"))
    return build_paper(
        title=plain_arxiv(text_of(known, "title")),
        abstract=plain_arxiv(text_of(known, "abstract")),
        authors=map(plain_arxiv, authors),
        names=people,
        et_al=et_al,
        date=created.strip(),
        venue=journal(reference),
        type=type_of(reference),
        citation=citation_of(reference, plain_arxiv(comment)),
        url=page("", own),
        urls=links_in(comment),
        arxiv_id=own,
        doi=text_of(known, "doi"),
        categories=text_of(known, "categories").split(),
    )


def _name(author: "Element") -> Name:
    """Return the name of an author, given as forenames, key name and suffix."""
    last, first, suffix = (
        clean(plain_arxiv(text_of(author, part))) for part in ("keyname", "forenames", "suffix")
    )
    return build_name(last, first, suffix) if last and first else Name(literal=last or first)


def _dublin_core(known: "Element", own: str) -> Paper:
    authors, et_al = split_et_al(map(natural_order, texts_of(known, "creator")))
    identifiers = texts_of(known, "identifier")
    descriptions = [text.strip() for text in texts_of(known, "description")]
    comments = [text for text in descriptions if text.startswith("Comment:")]
    abstracts = [text for text in descriptions if not text.startswith("Comment:")]
    comment = " ".join(comments)
    return build_paper(
        title=plain_arxiv(text_of(known, "title")),
        abstract=plain_arxiv(abstracts[0]) if abstracts else "",
        type="article",
        citation=citation_of("", plain_arxiv(comment.removeprefix("Comment:"))),
        authors=map(plain_arxiv, authors),
        et_al=et_al,
        date=min(filter(None, map(iso_date, texts_of(known, "date"))), default=""),
        url=page("", own),
        urls=links_in(comment),
        arxiv_id=own,
        doi=next((text for text in identifiers if text.startswith(("doi:", "10."))), ""),
        keywords=texts_of(known, "subject"),
    )
