"""The table of fields: one row defines a field, and no other module repeats it."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index import Library, Paper
from index.facets import fields
from index.facets.fields import FACET_FIELDS, FIELD_NAMES, FIELDS, STATE_NAMES, STATES, Field
from index.marks.changes import Bookmark, Dismissed, Later, Note, Read, Tag
from index.papers.citation import build_citation
from index.papers.names import Name
from index.query import parse, toggle_value

ROOT = Path(__file__).resolve().parents[2]

EVERYTHING_KNOWN = Paper(
    title="Graph neural networks",
    abstract="Graph neural networks on graphs.",
    authors=("Ada Lovelace",),
    year=2024,
    date="2024-11-30",
    venue="ACL",
    url="https://github.com/ada/graphs",
    arxiv_id="2411.00001",
    doi="10.1000/182",
    keywords=("graphs",),
    categories=("cs.LG",),
    votes=12,
    type="book",
    citation=build_citation({"publisher": "MIT Press"}, {"editor": [Name("Ed", "Ian")]}),
)
LITTLE_KNOWN = Paper("Of graph neural networks")

TERMS = {
    "text": "graph",
    "label": "x1",
    "identifier": "x1",
    "range": "2020",
    "search": "x1",
}
"""A value for a term of each kind of field; states have their own."""


@pytest.fixture
def marked(library: Library) -> Library:
    """Two papers, one with every mark and all metadata."""
    library.add([EVERYTHING_KNOWN, LITTLE_KNOWN], "page")
    paper = library.search("author:Ada").hits[0].id
    for change in (
        Bookmark((paper,)),
        Read((paper,)),
        Tag((paper,), ("nlp/rag",)),
        Note((paper,), "Read again."),
        Later((paper,)),
    ):
        library.apply(change)
    library.saved.add("to read", "is:unread")
    library.catalogue.sync()
    return library


def name_of(field: Field) -> str:
    return field.name


class TestRows:
    @pytest.mark.parametrize("field", FIELDS, ids=name_of)
    def test_field_has_help_of_one_line(self, field: Field) -> None:
        assert field.help
        assert field.help == field.help.strip().rstrip(".")
        assert field.help[0].islower()

    @pytest.mark.parametrize("field", FIELDS, ids=name_of)
    def test_field_term_parses_without_notes(self, field: Field) -> None:
        for value in STATE_NAMES.get(field.name) or [TERMS[field.kind]]:
            query = parse(f"{field.name}:{value}")
            assert not query.notes
            assert [term.field for term in query.filters] == [field.name]

    @pytest.mark.parametrize("field", FIELDS, ids=name_of)
    def test_field_name_is_completed(self, library: Library, field: Field) -> None:
        offer = library.completions.complete(field.name)
        assert offer
        assert offer.text == f"{field.name}:"

    @pytest.mark.parametrize("field", FIELDS, ids=name_of)
    def test_field_value_is_completed_if_row_says_so(self, marked: Library, field: Field) -> None:
        beginning = "gra" if field.completion == "words" else ""
        offer = marked.completions.complete(f"{field.name}:{beginning}")
        assert bool(offer) == bool(field.completion)

    @pytest.mark.parametrize(
        "field", [field for field in FIELDS if field.kind == "range"], ids=name_of
    )
    def test_range_examples_parse_without_notes(self, field: Field) -> None:
        for example in field.examples.replace(" or ", ", ").split(", "):
            query = parse(example)
            assert not query.notes
            assert [term.field for term in query.filters] == [field.name]

    @pytest.mark.parametrize("field", FIELDS, ids=name_of)
    def test_field_with_title_is_counted(self, field: Field) -> None:
        assert field.counted_from or not field.facet

    @pytest.mark.parametrize(
        "query",
        ["type:book", "publisher:mit", 'publisher:"MIT Press"', "editor:ed", 'editor:"Ian Ed"'],
    )
    @pytest.mark.parametrize("counted", [True, False])
    def test_citation_is_found_by_its_values(
        self, marked: Library, query: str, counted: bool
    ) -> None:
        if not counted:  # read from the database
            marked.add([Paper("Of something else")], "page")
        assert [hit.id for hit in marked.search(query).hits] == ["2411.00001"]

    @pytest.mark.parametrize("field", FACET_FIELDS, ids=name_of)
    def test_facet_value_finds_counted_papers(self, marked: Library, field: Field) -> None:
        facet = next(facet for facet in marked.facets() if facet.field == field.name)
        assert facet.title == field.facet
        assert facet.counts
        for count in facet.counts:
            text = toggle_value("", field.name, count.value)
            assert marked.search(text, limit=0).total == count.count, text

    def test_facets_are_in_order_of_rows(self, library: Library) -> None:
        titles = [facet.title for facet in library.facets()]
        assert titles == [field.facet for field in FIELDS if field.facet]

    @pytest.mark.parametrize("row", STATES, ids=lambda row: f"{row.field}:{row.name}")
    def test_state_finds_its_papers(self, marked: Library, row: fields.StateValue) -> None:
        if row.name == "dismissed":  # which ends the bookmark
            marked.apply(Dismissed(tuple(hit.id for hit in marked.search("is:bookmarked").hits)))
        if row.name == "new":
            marked.visits.end()
            marked.add([Paper("A newer paper")], "page")
        found = marked.search(f"{row.field}:{row.name}", selected=frozenset({1}), limit=0)
        assert found.total == 1

    def test_has_finds_equal_papers_before_and_after_counting(self, library: Library) -> None:
        library.add([EVERYTHING_KNOWN, LITTLE_KNOWN], "page")
        queries = [f"has:{name}" for name in STATE_NAMES["has"]]
        before = [library.search(query, limit=0).all_keys().tolist() for query in queries]
        assert not library.catalogue.has_current()
        library.catalogue.sync()
        assert [library.search(query, limit=0).all_keys().tolist() for query in queries] == before

    def test_summary_counts_states_in_order_of_rank(self, marked: Library) -> None:
        stats = {name: value for name, value in marked.stats().items() if isinstance(value, int)}
        assert (
            list(stats)[2:15]
            == (
                "bookmarked read unread later dismissed tagged noted with_abstract with_authors "
                "with_year with_doi with_arxiv with_code"
            ).split()
        )
        assert stats.pop("dismissed") == 0
        assert set(list(stats.values())[2:14]) == {1}


NEW_ROWS = """
    Field("page", "label", "papers whose page is at an address",
          facet="Page", counted_from="column", column="url", completion="values"),
    Field("kept", "label", "papers whose list of authors is complete or shortened",
          facet="Kept", counted_from="column", exact=True, completion="values",
          value_sql="CASE WHEN et_al THEN 'shortened' ELSE 'complete' END"),
    Field("likes", "range", "papers with a number of votes",
          facet="Likes", counted_from="column", column="votes", order="number",
          unit="number", completion="values", examples="likes:5"),
)
\"\"\"All fields"""

USING_NEW_ROWS = """
from index import Library, Paper
from index.query import parse, toggle_value

papers = [
    Paper("One", url="https://acl.org/a", votes=5),
    Paper("Two", url="https://acl.org/a", votes=12, et_al=True),
    Paper("Three"),
]
with Library.open("library") as library:
    library.add(papers, "page")
    early = library.search("page:https://acl.org/a", wait=False).total
    facets = {facet.title: facet for facet in library.facets()}
    print(list(facets)[-3:], early)
    for title in list(facets)[-3:]:
        facet = facets[title]
        for count in facet.counts:
            text = toggle_value("", facet.field, count.value)
            print(text.strip(), count.count, library.search(text, limit=0).total, parse(text).notes)
    for text in ("pag", "page:ht", "kep", "kept:sh", "likes:1"):
        print(library.completions.complete(text).text)
    print(parse("likse:5").notes[0].message)
    print(parse("likes:x").notes[0].message)
"""


def test_facet_of_existing_column_needs_one_row(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "index", tmp_path / "index")
    table = tmp_path / "index" / "facets" / "fields.py"
    text = table.read_text()
    assert text.count('\n)\n"""All fields') == 1
    table.write_text(text.replace('\n)\n"""All fields', NEW_ROWS))
    done = subprocess.run(
        [sys.executable, "-P", "-c", USING_NEW_ROWS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "['Page', 'Kept', 'Likes'] 2",
        'page:"https://acl.org/a" 2 2 ()',
        "kept:complete 2 2 ()",
        "kept:shortened 1 1 ()",
        "likes:12 1 1 ()",
        "likes:5 1 1 ()",
        "page:",
        'page:"https://acl.org/a"',
        "kept:",
        "kept:shortened",
        "likes:12",
        "unknown field likse; did you mean likes:?",
        "invalid value likes:x; try likes:5",
    ]


MAX_LISTED = 4
"""Fields or states that a module may name together, for a purpose of its own."""


def test_fields_and_states_are_listed_in_one_module() -> None:
    known = [set(FIELD_NAMES), *map(set, STATE_NAMES.values())]
    listed = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("index", "tui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != Path(fields.__file__)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        if len(names := _texts(node)) > MAX_LISTED and any(names <= names_of for names_of in known)
    ]
    assert listed == []


def _texts(node: ast.Tuple | ast.List | ast.Set) -> set[str]:
    """Return the non-empty texts of a literal."""
    constants = [each.value for each in node.elts if isinstance(each, ast.Constant)]
    return {value for value in constants if isinstance(value, str) and value}
