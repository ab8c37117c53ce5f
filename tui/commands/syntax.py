"""The query syntax in short, for the help texts and the README."""

from dataclasses import dataclass

from index.facets.fields import STATE_NAMES


@dataclass(frozen=True, slots=True)
class Syntax:
    """One line of the query syntax: a construct, its meaning, and a query that has it."""

    written: str
    means: str
    query: str = ""

    @property
    def example(self) -> str:
        """A query with the construct, which may be one itself."""
        return self.query or self.written


SYNTAX: tuple[Syntax, ...] = (
    Syntax("diffusion speech", "both words, in any form, case or accent"),
    Syntax('"in-context learning"', "the phrase"),
    Syntax(
        "a OR b, NOT a, -a, ( … )",
        "either, exclusion, grouping",
        "(speech OR audio) -diffusion",
    ),
    Syntax("trans*", "prefix match, implied for the word being typed"),
    Syntax("wo*d2vec neur?l", "any letters, one letter"),
    Syntax("tranformer~", "fuzzy match (up to two edits)"),
    Syntax(
        "title: abstract: author: venue: keyword:",
        "words in one field",
        "title:attention abstract:translation",
    ),
    Syntax(
        "type:book publisher:springer editor:ed",
        "kind of publication, publisher, editor",
        "type:book",
    ),
    Syntax("tag:nlp", "the tag nlp and tags below it, such as nlp/rag"),
    Syntax('author:"Ada Lovelace"', "exact names, in quotes; also for venue and keyword"),
    Syntax('topic:"language models"', "topics, as counted in the filters"),
    Syntax("source: category: note: id: doi: arxiv:", "other fields", "category:cs.CL"),
    Syntax(
        "year:2020 year:2020..2024 year:>=2020",
        "years and ranges; also votes:>50",
        "year:2020..2024",
    ),
    Syntax("date:2025-03.. date:7d added:7d", "dates, ranges, and the last seven days", "added:7d"),
    Syntax(f"is:{' '.join(STATE_NAMES['is'][:5])}", "states, such as is:read", "is:unread"),
    Syntax(f"is:{' '.join(STATE_NAMES['is'][5:])}", "more states", "is:incomplete"),
    Syntax(
        "has:code doi arxiv abstract authors note url venue year",
        "available data: has:code",
        "has:code -has:venue",
    ),
    Syntax("query:name", 'a saved search; query:"to read" if its name has spaces'),
)
