"""The query syntax in a few lines, for the help page and the README."""

from dataclasses import dataclass

from index.facets.fields import STATE_NAMES


@dataclass(frozen=True, slots=True)
class Syntax:
    """One line of the query syntax: what is written and what it means."""

    written: str
    means: str


SYNTAX: tuple[Syntax, ...] = (
    Syntax("diffusion speech", "papers with both words, in any form, case or accent"),
    Syntax('"in-context learning"', "the phrase"),
    Syntax("a OR b, NOT a, -a, ( … )", "either, without, grouping"),
    Syntax("trans*", "words that begin so; the word being typed always counts as begun"),
    Syntax("tranformer~", "words a slip or two away"),
    Syntax("title: abstract: author: venue: keyword:", "words in one field"),
    Syntax("tag:nlp", "papers tagged nlp, or nlp/rag below it"),
    Syntax('author:"Ada Lovelace"', "whole names in quotes mean just these; venue, keyword too"),
    Syntax('topic:"language models"', "papers that speak of it, as the filters count them"),
    Syntax("source: category: note: id: doi: arxiv:", "where from, what about, which"),
    Syntax("year:2020 year:2020..2024 year:>=2020", "years; votes:>50 likewise"),
    Syntax("date:2025-03.. date:7d added:7d", "dates, and the last seven days"),
    Syntax(f"is:{' '.join(STATE_NAMES['is'])}", "states, each as is:read"),
    Syntax("has:code doi arxiv abstract authors note url venue year", "what is known, as has:code"),
    Syntax("query:name", 'what a saved search finds; query:"to read" if its name has spaces'),
)
