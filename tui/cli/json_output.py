"""JSON on standard output, and the JSON objects of results."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from index import Paper
    from index.query import QueryNote
    from index.search.likely_model import LikelyWords
    from index.search.results import Hit, RelatedPaper, Results

json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def json_line(value: Mapping[str, object]) -> str:
    """Return an object as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)


def hit_object(paper: "Paper", hit: "Hit", words: "LikelyWords | None" = None) -> dict[str, object]:
    """Return the JSON object of a result: the paper with its score and match.

    `words` are those for and against the paper, if the likeliest come first.
    """
    from index.papers.json_record import as_json

    found = {**as_json(paper), "score": hit.score, "match": hit.match}
    if words is not None:
        found["likely"] = {"for": list(words.likely), "against": list(words.unlikely)}
    return found


def related_object(paper: "Paper", related: "RelatedPaper") -> dict[str, object]:
    """Return the JSON object of a related paper: the paper with its score and shared terms."""
    from index.papers.json_record import as_json

    return {**as_json(paper), "score": related.score, "shares": list(related.shared_terms)}


def _note_object(note: "QueryNote") -> dict[str, object]:
    """Return the JSON object of a note; `instead` is left out if no word was replaced."""
    values = note._asdict()
    return values if note.instead else {key: values[key] for key in values if key != "instead"}


def results_object(
    results: "Results",
    papers: Sequence["Paper"],
    words: "Callable[[Paper], LikelyWords] | None" = None,
) -> dict[str, object]:
    """Return the JSON object of a search: counts, notes on the query, and papers.

    `words` returns those for and against a paper, if the likeliest come first.
    """
    hits = {hit.key: hit for hit in results.hits}
    return {
        "query": results.query.text,
        "total": results.total,
        "full": results.full,
        "dismissed": results.dismissed,
        "took": round(results.took, 6),
        "notes": [_note_object(note) for note in results.notes],
        "hits": [
            hit_object(paper, hits[paper.key], words(paper) if words else None) for paper in papers
        ],
    }
