"""The mapping of a corpus, and papers as its documents.

The terms of a text are Carrel's own: the cluster splits at spaces, and at bars terms at one place.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from index.papers.citation import citation_to_csl
from index.papers.identifiers import parse_arxiv, parse_doi
from index.papers.identity import identity, slug
from index.papers.json_record import LIBRARY, as_json
from index.papers.paper import Paper
from index.text.analysis import STOP_MARK, split_word, split_words
from index.text.cleaning import one_line
from index.text.folding import fold
from index.text.phrases import PhraseWords, find_phrases

VERSION = 3
"""Incremented whenever documents change; a corpus of another version is not written to."""

ARXIV = "arxiv:"
"""Prefix of the arXiv ids among those of a document."""

STOP_PREFIX = "_"
"""First character of the terms of stop words; `STOP_MARK` counts as a space on the cluster."""

VALUES_BELOW = ("publisher", "editor")
"""Fields in which a value also stands for those that begin with its words."""

MAX_PREFIX_CHARS = 12
"""Longest prefix of words that is indexed."""

MAX_ABSTRACT_PREFIX_CHARS = 4
"""The same in abstracts, where longer ones would take half of the time to write a paper."""

PLACE = "|"
"""Separator of terms at the same place of a text."""

KEY_END = "\t"
"""Separator of the key of a topic and its text; spellings with the same key are one topic."""

MAX_TERM_CHARS = 200
MAX_VALUE_CHARS = 500
MAX_DOCUMENT_BYTES = 1_000_000
"""Size of the largest record that is sent; an abstract has about 2,000 bytes."""

MAX_ROWS = 100_000
"""Papers of an answer that can be listed; all are counted."""

STEMMED = ("text", "title", "abstract", "keyword")
UNSTEMMED = ("title_words", "abstract_words", "author", "venue", "year_word")

KEYWORDS = (
    "same", "id_key", "author_key", "venue_key", "keyword_key", "category_key", "type_key",
    "publisher_key", "editor_key", "topic_key", "author_value", "venue_value", "keyword_value",
    "category_value", "type_value", "topic_value", "has", "date", "month", "added", "title_order",
    "pushed",
)  # fmt: skip


def settings(shards: int, replicas: int) -> dict[str, Any]:
    """Return the body of the request that creates a corpus."""
    text: dict[str, object] = {"type": "text", "analyzer": "terms", "search_analyzer": "terms"}
    words = {name: {**text, "index_prefixes": {"min_chars": 1, "max_chars": max_prefix_chars(name)}}
             for name in UNSTEMMED}  # fmt: skip
    properties: dict[str, object] = {
        **dict.fromkeys(STEMMED, text),
        **words,
        **{name: {"type": "keyword", "ignore_above": MAX_VALUE_CHARS} for name in KEYWORDS},
        "year": {"type": "integer"},
        "votes": {"type": "integer"},
        "paper": {"type": "object", "enabled": False},
    }
    captures = {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}
    analyzer = {"type": "custom", "tokenizer": "whitespace", "filter": ["places"]}
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "max_result_window": MAX_ROWS,
            "refresh_interval": "5s",
            # A shard that was killed is back once these are replayed, some 9,000 papers.
            "translog.flush_threshold_size": "64mb",
            "codec": "best_compression",
            "analysis": {"filter": {"places": captures}, "analyzer": {"terms": analyzer}},
        },
        "mappings": {
            "dynamic": False,
            "_meta": {"carrel": VERSION},
            # All else is made from the record.
            "_source": {"includes": ["paper", "added", "pushed"]},
            "properties": properties,
        },
    }


def max_prefix_chars(field: str) -> int:
    """Return the length of the longest prefix that is indexed in a field."""
    return MAX_ABSTRACT_PREFIX_CHARS if field == "abstract_words" else MAX_PREFIX_CHARS


def same(paper: Paper) -> list[str]:
    """Return the ids by which a document and a paper are known to be the same, the best first."""
    known = identity(paper)
    own = f"{known.title}\n{fold(paper.authors[0]) if paper.authors else ''}\n{paper.year or ''}"
    ids = [f"{ARXIV}{known.arxiv}" if known.arxiv else "", f"doi:{known.doi}" if known.doi else ""]
    ids.append(f"title:{blake2b(own.encode('utf-8', 'replace'), digest_size=12).hexdigest()}")
    return [name[:MAX_VALUE_CHARS] for name in ids if name]


def same_as(name: str) -> list[str]:
    """Return the ids of a document that an arXiv id or DOI stands for."""
    arxiv, doi = parse_arxiv(name).lower(), parse_doi(name).lower()
    return [f"{ARXIV}{arxiv}"] * bool(arxiv) + [f"doi:{doi}"] * bool(doi)


def record(paper: Paper) -> dict[str, object]:
    """Return the JSON record of a paper without marks."""
    return {name: value for name, value in as_json(paper).items() if name not in LIBRARY}


def document(paper: Paper, added: str = "", stamps: Sequence[str] = ()) -> dict[str, object]:
    """Return a paper as a document, with the time when it was `added` to the corpus, in UTC.

    `stamps` are those of what was pushed into it.
    """
    title, abstract = _terms(paper.title), _terms(paper.abstract)
    found: dict[str, object] = {
        "paper": record(paper),
        "same": same(paper),
        "id_key": [
            fold(name)[:MAX_VALUE_CHARS] for name in (paper.id or slug(paper), *paper.known_as)
        ],
        # The title counts twice, as in a library.
        "text": [title, title, abstract],
        "title": title,
        "abstract": abstract,
        "title_words": _words(paper.title),
        "abstract_words": _words(paper.abstract),
        "author": [_words(name, stops=True) for name in paper.authors],
        "venue": _words(paper.venue, stops=True),
        "keyword": list(map(_terms, paper.keywords)),
        "year": paper.year,
        "year_word": str(paper.year) if paper.year else "",
        "votes": paper.votes,
        "added": added or None,
        "pushed": list(stamps),
        "date": paper.date or (str(paper.year) if paper.year else None),
        "month": paper.date[:7] if paper.date and len(paper.date) > 6 else None,
        "title_order": fold(paper.title)[:MAX_VALUE_CHARS],
        "has": list(_states(paper)),
    }
    return {**found, **_values(paper)}


def _values(paper: Paper) -> dict[str, object]:
    """Return the values that are filtered by and counted, folded and as written."""
    found: dict[str, object] = {}
    csl: Any = citation_to_csl(paper.citation)
    editors = [_name(name) for name in csl.get("editor", ())]
    values = {
        "author": paper.authors,
        "venue": [paper.venue],
        "keyword": paper.keywords,
        "category": paper.categories,
        "type": [paper.type],
        "publisher": [str(csl.get("publisher", ""))],
        "editor": [*editors, *(name.rsplit(" ", 1)[-1] for name in editors)],
    }
    for name, some in values.items():
        written = [value[:MAX_VALUE_CHARS] for value in some if value]
        found[f"{name}_key"] = list(map(fold, written))
        if f"{name}_value" in KEYWORDS:
            found[f"{name}_value"] = written
    found["category_key"] = list(map(fold, _with_parents(paper.categories)))
    topics = dict(_topics(paper.title))
    found["topic_key"] = list(topics)
    found["topic_value"] = [f"{key}{KEY_END}{written}" for key, written in topics.items()]
    return found


def _topics(title: str) -> Iterator[tuple[str, str]]:
    """Yield the key of each phrase of a title that may be a topic, and the phrase in lower case."""
    for key, start, end in find_phrases(title, PhraseWords()):
        if len(key) + end - start < MAX_VALUE_CHARS:
            yield key, one_line(title[start:end].lower())


def _name(name: dict[str, str]) -> str:
    return name.get("literal") or f"{name.get('given', '')} {name.get('family', '')}".strip()


def _with_parents(categories: Iterable[str]) -> Iterator[str]:
    for category in categories:
        parts = category.split(".")
        for length in range(1, len(parts) + 1):
            yield ".".join(parts[:length])


def _states(paper: Paper) -> Iterator[str]:
    """Yield the states that a paper's own values imply, as in `index.facets.fields.STATES`."""
    publisher = citation_to_csl(paper.citation).get("publisher")
    place = paper.arxiv_id or paper.doi or paper.url or paper.venue or publisher
    values = {
        "abstract": paper.abstract,
        "authors": paper.authors,
        "code": paper.code,
        "doi": paper.doi,
        "arxiv": paper.arxiv_id,
        "url": paper.links,
        "year": paper.year,
        "venue": paper.venue,
        "keywords": paper.keywords,
        "incomplete": not (paper.authors and paper.year and place),
    }
    yield from (name for name, value in values.items() if value)


# -- texts -----------------------------------------------------------------------------------------


def term(text: str) -> str:
    """Return a term as it is written for the cluster."""
    return text.replace(STOP_MARK, STOP_PREFIX)[:MAX_TERM_CHARS]


def _terms(text: str) -> str:
    return " ".join(filter(None, map(_stems_of, split_words(text))))


def _words(text: str, *, stops: bool = False) -> str:
    of_word = _names_of if stops else _words_of
    return " ".join(filter(None, map(of_word, split_words(text))))


@lru_cache(maxsize=100_000)  # the words of a large file recur
def _stems_of(word: str) -> str:
    return _places(word, stops=False, stemmed=True)


@lru_cache(maxsize=100_000)
def _words_of(word: str) -> str:
    return _places(word, stops=False, stemmed=False)


@lru_cache(maxsize=100_000)
def _names_of(word: str) -> str:
    return _places(word, stops=True, stemmed=False)


def _places(word: str, *, stops: bool, stemmed: bool) -> str:
    """Return the terms of a word, those at the same place joined by bars."""
    pieces, count = split_word(word, stops)
    here: list[list[str]] = [[] for _ in range(count)]
    for piece in pieces:
        here[min(piece.place, count - 1)].append(piece.stem if stemmed else piece.text)
    return " ".join(filter(None, (PLACE.join(dict.fromkeys(map(term, some))) for some in here)))
