"""CSL-JSON, the exchange format of citation processors, Zotero and pandoc: one item per paper.

The format: https://github.com/citation-style-language/schema (csl-data.json). Other fields
are lines of the note, as in Zotero:
https://www.zotero.org/support/kb/item_types_and_fields#citing_fields_from_extra
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

from index.formats.base import USUAL, Format, Style
from index.formats.citation_keys import with_citation_keys
from index.formats.entry_types import citable
from index.formats.json import array
from index.formats.records.csl_values import ALIASES, citation_of, day_of, names_of
from index.formats.records.json_records import read_papers
from index.formats.records.markup import abstract, plain
from index.papers.citation import KeptFields, build_citation, citation_to_csl, is_preprint_venue
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.identifiers import parse_arxiv, parse_date
from index.papers.json_values import Shape, first, text, texts
from index.papers.names import to_csl
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean

_PUBLISHED_TYPES = frozenset(
    "article book report thesis manuscript preprint dataset software".split()
)
"""Types with a publisher and no container."""

_OWN_KEYS = frozenset(("id", "type"))
MAX_KEPT_CHARS = 4_000

_OTHERS = frozenset(("others", "et al.", "et al"))
_EXTRA = re.compile(r"^[{:\s]*(arxiv|doi|eprint|url)\s*:\s*([^\n}]+)", re.I | re.M)
# Ids that programs generate: links, numbers, identifiers, ITEM-1.
_GENERATED_ID = re.compile(r".*://|\W|\d|(?:doi|arxiv|isbn|pmid|urn):|zotero-\d|item-\d+$", re.I)


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the paper of each item."""
    return read_papers(stream, _paper)


def _paper(item: Shape) -> Paper:
    """Return the paper of an item, with the values that an export would write in another way."""
    paper = _bare_paper(item)
    again = _item("", paper)
    kept = [
        (name, json.dumps(value, ensure_ascii=False))
        for name, value in item.items()
        if name not in _OWN_KEYS and value not in ("", None, [], {}) and again.get(name) != value
    ]
    fields = [(name, value) for name, value in kept if len(value) <= MAX_KEPT_CHARS]
    citation = replace(paper.citation, kept=(KeptFields("csl", text(item, "type"), tuple(fields)),))
    return replace(paper, citation=build_citation(
        dict(citation.values), dict(citation.people), citation.kept))  # fmt: skip


def _bare_paper(item: Shape) -> Paper:
    note = text(item, "note")[:20_000]
    extra = {name.lower(): value for name, value in _EXTRA.findall(note)}
    day = day_of(item, "issued", "published")
    people = names_of(item, "author")
    et_al = bool(people) and str(people[-1]).lower() in _OTHERS
    paper = build_paper(
        id=_key(item),
        title=plain(first(item, "title")),
        abstract=abstract(plain(text(item, "abstract"))),
        names=people[:-1] if et_al else people,
        et_al=et_al,
        year=int(day[:4]) if day else None,
        date=day if len(day) > 4 else None,
        venue=plain(_venue(item)),
        url=text(item, "URL") or extra.get("url", ""),
        arxiv_id=_arxiv(item, extra),
        doi=text(item, "DOI", "doi") or extra.get("doi", ""),
        keywords=map(plain, _keywords(item)),
        type=text(item, "type"),
        citation=citation_of({**item, "annote": "", "note": _EXTRA.sub("", note).strip()}),
    )
    private = clean(text(item, "annote"), lines=True)
    return replace(paper, note=private) if private else paper


def _key(item: Shape) -> str:
    key = text(item, "citation-key") or text(item, "id")
    return "" if _GENERATED_ID.match(key) or re.search(r"\s", key) else key


def _venue(item: Shape) -> str:
    venue = first(item, "container-title") or first(item, "event-title", "event")
    if not venue and text(item, "type") in _PUBLISHED_TYPES:
        venue = text(item, "publisher")
    return venue


def _arxiv(item: Shape, extra: dict[str, str]) -> str:
    """Return the arXiv id of an item; a number counts only if the archive is arXiv."""
    archive = text(item, "archive", "archivePrefix", "eprinttype", "eprint-type")
    if archive.lower() == "arxiv":
        for name in ("archive_location", "archive-id", "eprint", "number"):
            if arxiv := parse_arxiv(text(item, name)):
                return arxiv
    candidates = [text(item, "number"), text(item, "DOI"), text(item, "URL"), text(item, "archive")]
    candidates += [f"arXiv:{extra[name]}" for name in ("arxiv", "eprint") if name in extra]
    return next((arxiv for each in candidates if "arxiv" in each.lower()
                 and (arxiv := parse_arxiv(each))), "")  # fmt: skip


def _keywords(item: Shape) -> list[str]:
    keywords = texts(item, "keyword") or texts(item, "keywords")
    if len(keywords) != 1:
        return keywords
    return re.split(r";" if ";" in keywords[0] else r",", keywords[0])


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield one array with one item per paper under a unique citation key."""
    keyed = with_citation_keys(papers, style.keys, style.exported)
    return array(_whole_item(key, paper) for key, paper in keyed)


def _whole_item(key: str, paper: Paper) -> dict[str, object]:
    """Return the item of a paper; values that came with it and still read the same as they came."""
    item = _item(key, paper)
    kept = paper.citation.kept_in("csl")
    if kept is None:
        return item
    if kept.type and not paper.type:
        item["type"] = kept.type
    if not paper.url:
        item.pop("URL", None)
    now = _bare_paper(item)
    for name, value in kept.fields:
        if name == "citation-key":
            item[name] = key
            continue
        with suppress(ValueError, RecursionError):
            trial = {**item, name: json.loads(value)}
            if name not in _OWN_KEYS and _bare_paper(trial) == now:
                item = trial
                item.pop(ALIASES.get(name, ""), None)
    return item


def _item(key: str, paper: Paper) -> dict[str, object]:
    cited = citable(paper)
    preprint = cited.type == "article" and paper.arxiv_id
    notes = [f"arXiv: {paper.arxiv_id}"] if paper.arxiv_id and not preprint else []
    notes.append(cited.citation.get("note"))
    item: dict[str, object] = {
        "id": key,
        "type": cited.type if paper.type or cited.type != "document" else "article",
        "title": clean(paper.title),
        "author": [*_authors(paper, cited), *_et_al_name(paper)],
        "issued": {"date-parts": [_date(paper)]} if paper.year else {},
        "number": f"arXiv:{paper.arxiv_id}" if preprint else "",
        "publisher": clean(paper.venue).split()[0] if is_preprint_venue(paper.venue) else "",
        **citation_to_csl(replace(cited.citation, kept=())),
        "DOI": paper.doi,
        "URL": paper.link if paper.link == paper.url or not paper.doi else "",
        "keyword": _join_keywords([*paper.keywords, *paper.tags]),
        "abstract": clean(paper.abstract),
        "note": "\n".join(note for note in notes if note),
        "annote": clean(paper.note, lines=True) or cited.citation.get("annote"),
    }
    return {name: value for name, value in item.items() if value}


def _authors(paper: Paper, cited: Paper) -> Iterator[dict[str, object]]:
    """Yield the authors; one in plain text of one word may be of any kind, so it is a literal."""
    for name in cited.names:
        single = not paper.names and not name.given and not name.literal
        yield {"literal": clean(str(name))} if single else to_csl(name)


def _et_al_name(paper: Paper) -> list[dict[str, object]]:
    return [{"literal": "et al."}] if paper.et_al and paper.authors else []


def _date(paper: Paper) -> list[int]:
    return [int(part) for part in (parse_date(paper.date) or str(paper.year)).split("-")]


def _join_keywords(words: list[str]) -> str:
    return ("; " if any("," in word for word in words) else ", ").join(words)


_CARREL = re.compile(r'"(?:arxiv_id|known_as)"\s*:')
_ITEM = re.compile(r"[\[{]")
_OWN = re.compile(
    r'"(?:date-parts|container-title|citation-key)"\s*:'
    r'|"type"\s*:\s*"(?:article-(?:journal|magazine|newspaper)|paper-conference|chapter|book'
    r'|thesis|report|manuscript|webpage|post-weblog|post|motion_picture|entry-[a-z]+|speech)"'
    r'|"author"\s*:\s*\[\s*\{\s*"(?:family|given|literal)"\s*:'
)


def recognise(head: str) -> bool:
    """Return whether a text is JSON with the keys of CSL, but not a record of Carrel."""
    head = head.lstrip("\ufeff \t\r\n")
    return bool(_ITEM.match(head) and _OWN.search(head) and not _CARREL.search(head))


FORMAT = Format(
    name="csl",
    label="CSL-JSON",
    endings=(".csl.json", ".csljson"),
    recognise=recognise,
    read=read,
    write=write,
)
