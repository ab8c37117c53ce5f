"""The fields of a paper: one row for each, which every other module reads.

A row holds the name written in a query, the facet and how its values are read, ordered and
completed, the column and SQL behind it, and help. A new facet over a column that the database
already has is one more row. The module imports nothing of Carrel, so that any other may read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "label", "identifier", "range", "state", "search", "internal"]
"""How a query uses the values of a field:

- text: words are searched for by the engine,
- label: a value or a prefix selects the papers that have it,
- identifier: likewise, with a lookup through an index of the database,
- range: values between two bounds,
- state: one of `STATES`,
- search: the name of a saved search,
- internal: never written in a query.
"""

CountedFrom = Literal["", "column", "flags", "topics", "marks", "states", "sources"]
"""The source of the values that a facet counts:

- column: the paper's column, or an SQL expression over its row,
- flags: the SQL conditions of `STATES`,
- topics: titles and abstracts,
- marks: the values of the reader's marks,
- states: the kinds of the reader's marks,
- sources: the sources that hold a paper.
"""

Order = Literal["count", "number", "tree", "listed"]
"""The order of a facet's values: most papers first, highest first, as a tree, as in `STATES`."""

Completion = Literal["", "words", "values", "states", "searches"]
"""The source of completions: words of all papers, the field's values, states, saved searches."""

Unit = Literal["", "year", "day", "number"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a paper.

    - `facet` is the title in the filter pane, "" for a field without a facet.
    - `column` is the column of the table `paper`, and the attribute of `Paper`; `is_list` if it
      holds a JSON array.
    - `value_sql` is the SQL of the values that a facet counts, and `compared_sql` of those that
      ranges and identifiers are compared with, if these are not the column itself.
    - `merged_column` holds the identifier of a paper that was merged into another.
    - `mark` is the kind of mark that holds the values.
    - `separator` joins the levels of a hierarchical value.
    - `exact` values are compared as written, others without regard to case and accents.
    - `stemmed` is whether words match all words with the same stem.
    - `long_values` may have long common prefixes, which the filter pane abbreviates.
    - `in_strip` is whether the one-line strip of filters shows the most frequent values.
    - `unit` and `examples` describe the bounds of a range.
    """

    name: str
    kind: Kind
    help: str
    facet: str = ""
    counted_from: CountedFrom = ""
    column: str = ""
    is_list: bool = False
    value_sql: str = ""
    compared_sql: str = ""
    merged_column: str = ""
    mark: str = ""
    separator: str = ""
    order: Order = "count"
    exact: bool = False
    stemmed: bool = True
    long_values: bool = False
    in_strip: bool = False
    completion: Completion = ""
    unit: Unit = ""
    examples: str = ""

    @property
    def counted(self) -> str:
        """The SQL of the values that a facet counts."""
        return self.value_sql or self.column

    @property
    def compared(self) -> str:
        """The SQL of the values that ranges and identifiers are compared with."""
        return self.compared_sql or self.column

    def tree_order(self, value: str) -> list[str]:
        """Return the sort key that places a hierarchical value after its parent."""
        return value.lower().split(self.separator)


# Most papers have no such values, and their rows are not parsed.
_PUBLISHER_SQL = (
    """CASE WHEN citation LIKE '%"publisher"%' THEN json_extract(citation, '$.publisher') END"""
)
_EDITORS_SQL = """CASE WHEN citation LIKE '%"editor"%' THEN (
    SELECT json_group_array(name) FROM (
        SELECT coalesce(json_extract(value, '$.literal'), json_extract(value, '$.family')) AS name
        FROM json_each(citation, '$.editor')
        UNION
        SELECT json_extract(value, '$.given') || ' ' || json_extract(value, '$.family')
        FROM json_each(citation, '$.editor')
    ) WHERE name IS NOT NULL
) END"""

# fmt: off
FIELDS: tuple[Field, ...] = (
    Field("is", "state", "papers in a state, such as read or bookmarked",
          facet="Status", counted_from="states", order="listed", exact=True,
          in_strip=True, completion="states"),
    Field("tag", "label", "papers with a tag or one below it",
          facet="Tags", counted_from="marks", mark="tag", separator="/", order="tree",
          in_strip=True, completion="values"),
    Field("source", "label", "papers imported from a source",
          facet="Source", counted_from="sources", long_values=True, completion="values"),
    Field("year", "range", "papers of a year or a range of years",
          facet="Year", counted_from="column", column="year", order="number", exact=True,
          in_strip=True, completion="values", unit="year",
          examples="year:2020, year:2020..2024 or year:>=2020"),
    Field("venue", "text", "words of the journal or conference, or its full name in quotes",
          facet="Venue", counted_from="column", column="venue", stemmed=False, long_values=True,
          in_strip=True, completion="values"),
    Field("author", "text", "words of an author's name, or the full name in quotes",
          facet="Author", counted_from="column", column="authors", is_list=True, stemmed=False,
          completion="values"),
    Field("category", "label", "papers in a category or one below it",
          facet="Category", counted_from="column", column="categories", is_list=True,
          separator=".", in_strip=True, completion="values"),
    Field("keyword", "text", "words of a keyword, or the full keyword in quotes",
          facet="Keyword", counted_from="column", column="keywords", is_list=True,
          completion="values"),
    Field("type", "label", "papers of a CSL type, such as book or article-journal",
          facet="Type", counted_from="column", column="type", completion="values"),
    Field("publisher", "label", "papers of a publisher, school or institution",
          counted_from="column", column="citation", value_sql=_PUBLISHER_SQL,
          separator=" ", completion="values"),
    Field("editor", "label", "papers edited by someone, by family or full name",
          counted_from="column", column="citation", value_sql=_EDITORS_SQL, is_list=True,
          separator=" ", completion="values"),
    Field("topic", "label", "papers whose title or abstract mentions a topic",
          facet="Topic", counted_from="topics", in_strip=True, completion="values"),
    Field("has", "state", "papers with some metadata, such as an abstract or code",
          facet="Has", counted_from="flags", order="listed", exact=True, completion="states"),
    Field("title", "text", "words of the title", column="title", completion="words"),
    Field("abstract", "text", "words of the abstract", column="abstract", completion="words"),
    Field("note", "label", "papers whose note contains a text", mark="note"),
    Field("id", "identifier", "the paper with an id",
          column="id", compared_sql="lower(id)", merged_column="id"),
    Field("doi", "identifier", "the paper with a DOI",
          column="doi", compared_sql="nullif(lower(doi), '')", merged_column="doi_key"),
    Field("arxiv", "identifier", "the paper with an arXiv id",
          column="arxiv_id", compared_sql="nullif(lower(arxiv_id), '')",
          merged_column="arxiv_key"),
    Field("date", "range", "papers published on a day, in a month, or in a range",
          # The year is cast because SQLite sorts numbers before text.
          column="date", compared_sql="coalesce(date, CAST(year AS TEXT))", unit="day",
          examples="date:2025-03, date:2025-03..2025-06 or date:7d"),
    Field("added", "range", "papers added to the library on a day or in a range",
          column="added", unit="day", examples="added:7d, added:2025-03 or added:>=2025-03-01"),
    Field("votes", "range", "papers with a number of votes",
          column="votes", unit="number", examples="votes:>50, votes:10..20 or votes:5"),
    Field("query", "search", "papers that match a saved search", completion="searches"),
)
"""All fields of the query language; those with a facet in the order of the filter pane."""

MONTH = Field("month", "internal", "the month of a date, for the histogram of years",
              counted_from="column", exact=True,
              value_sql="CASE WHEN length(date) > 6 THEN substr(date, 1, 7) END")


@dataclass(frozen=True, slots=True)
class StateValue:
    """One value of a state field.

    Its papers are those for which the condition `sql` is true, or that have a `mark` of a kind, or
    that are not in the state `inverse_of`. Otherwise the state depends on the user's session. A
    mark of the kind `unless` overrides `mark`.

    `facet_rank` is its rank in the facet, by default that in this table; `summary_rank` its rank
    in the summary of a library, 0 if it is not included. `of_visit` is whether its papers depend
    on the last visit rather than on their own values.
    """

    field: str
    name: str
    sql: str = ""
    mark: str = ""
    inverse_of: str = ""
    unless: str = ""
    facet_rank: int = 0
    summary_rank: int = 0
    of_visit: bool = False


INCOMPLETE = (
    "authors = '' OR year IS NULL OR (arxiv_id = '' AND doi = '' AND url = '' AND venue = '' "
    "AND json_extract(nullif(citation, ''), '$.publisher') IS NULL)"
)
"""The SQL condition of papers that cannot be cited: without authors, a year, or a place."""

COMPUTED_STATE = Field("state", "internal", "the state that values of a paper imply",
                       counted_from="column", exact=True,
                       value_sql=f"CASE WHEN {INCOMPLETE} THEN 'incomplete' END")

NEW = "key > (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'last_seen')"
"""The SQL condition of papers added since the last visit; see `index/visits.py`."""

STATES: tuple[StateValue, ...] = (
    StateValue("is", "bookmarked", mark="bookmark", facet_rank=4, summary_rank=1),
    StateValue("is", "read", mark="read", facet_rank=3, summary_rank=2),
    StateValue("is", "unread", inverse_of="read", facet_rank=1, summary_rank=3),
    StateValue("is", "later", mark="later", facet_rank=5, summary_rank=4),
    StateValue("is", "dismissed", mark="dismissed", unless="bookmark", facet_rank=6,
               summary_rank=5),
    StateValue("is", "tagged", mark="tag", facet_rank=7, summary_rank=6),
    StateValue("is", "untagged", inverse_of="tagged", facet_rank=8),
    StateValue("is", "noted", mark="note", facet_rank=9, summary_rank=7),
    StateValue("is", "selected", facet_rank=10),
    StateValue("is", "incomplete", INCOMPLETE, facet_rank=11),
    StateValue("is", "new", NEW, facet_rank=2, of_visit=True),
    StateValue("has", "abstract", "abstract != ''", summary_rank=1),
    StateValue("has", "authors", "authors != ''", summary_rank=2),
    StateValue("has", "code", "code", summary_rank=6),
    StateValue("has", "doi", "doi != ''", summary_rank=4),
    StateValue("has", "arxiv", "arxiv_id != ''", summary_rank=5),
    StateValue("has", "url", "url != '' OR urls != '' OR arxiv_id != '' OR doi != ''"),
    StateValue("has", "year", "year IS NOT NULL", summary_rank=3),
    StateValue("has", "venue", "venue != ''"),
    StateValue("has", "keywords", "keywords != ''"),
    StateValue("has", "note", mark="note"),
)
"""All values of `is:` and `has:`, in the order that messages and completions list them."""
# fmt: on


# -- derived from the tables -----------------------------------------------------------------------

FIELD_NAMES = tuple(field.name for field in FIELDS)
FIELD_BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
FACET_FIELDS = tuple(field for field in FIELDS if field.facet)

TEXT_FIELDS = tuple(field.name for field in FIELDS if field.kind == "text")
PLAIN_TEXT_FIELDS = tuple(
    field.name for field in FIELDS if field.kind == "text" and not field.counted_from
)
"""Text fields that contain prose: words without a field are searched for in these."""

VALUE_FIELDS = tuple(field.name for field in FIELDS if field.kind == "text" and field.counted_from)
"""Text fields whose values are names: a name in quotes matches that full name only."""

NAME_FIELDS = tuple(field.name for field in FIELDS if not field.stemmed)
"""Text fields whose words are neither stemmed nor stop words: An and Will are names."""

IDENTIFIER_FIELDS = tuple(field.name for field in FIELDS if field.kind == "identifier")
RANGE_FIELDS = tuple(field.name for field in FIELDS if field.kind == "range")
MARK_FIELDS = tuple(field.name for field in FIELDS if field.mark)
"""Fields whose values are marks of the reader."""

COLUMN_FIELDS = (
    *(field for field in FIELDS if field.counted_from in ("column", "flags")),
    MONTH,
    COMPUTED_STATE,
)
"""Fields whose values are counted from the rows of papers."""

COUNTED_LABELS = tuple(
    field.name
    for field in FIELDS
    if field.kind == "label" and field.counted_from in ("column", "topics")
)
"""Label fields that are looked up in counted columns."""

COUNTED_FIELDS = (*VALUE_FIELDS, *COUNTED_LABELS)
"""Fields whose results may change when columns are updated."""

STATE_BY_NAME: Mapping[tuple[str, str], StateValue] = {(row.field, row.name): row for row in STATES}
"""Each state by the name of its field and its own."""

STATE_NAMES: Mapping[str, tuple[str, ...]] = {
    field.name: tuple(row.name for row in STATES if row.field == field.name)
    for field in FIELDS
    if field.kind == "state"
}
"""The values of each state field."""

FACET_RANKS: Mapping[tuple[str, str], int] = {
    (row.field, row.name): row.facet_rank or at for at, row in enumerate(STATES, 1)
}
"""The rank of each state among the values of its facet."""

INVERSE_STATES = {row.name: row.inverse_of for row in STATES if row.inverse_of}
"""The values of `is` that are defined as the absence of another state."""


def summary_states(field: str) -> tuple[str, ...]:
    """Return the values of a state field in the summary of a library, in order."""
    rows = [row for row in STATES if row.field == field and row.summary_rank]
    return tuple(row.name for row in sorted(rows, key=lambda row: row.summary_rank))
