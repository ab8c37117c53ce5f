"""`carrel saved`: listing, saving, deleting and running searches; completion of names."""

import json

import pytest

from .command import Carrel

NEW = {"title": "Watermarks Once More", "abstract": "We watermark again."}


@pytest.fixture
def kept(stocked: Carrel) -> Carrel:
    """The command over four papers and two saved searches."""
    assert stocked("saved", "add", "to read", "is:unread", "-image").code == 0
    assert stocked("saved", "add", "marks", "query:to read", "watermark").code == 0
    assert stocked("saved", "add", "marks", 'query:"to read" watermark').code == 0
    return stocked


def test_saved_lists_searches_with_counts(kept: Carrel) -> None:
    run = kept("saved")
    assert (run.code, run.err) == (0, "")
    assert [line.split() for line in run.out.splitlines()] == [
        ["key", "name", "papers", "new", "query"],
        ["1", "to", "read", "3", "is:unread", "-image"],
        ["2", "marks", "1", 'query:"to', 'read"', "watermark"],
    ]


def test_saved_json_is_stable(kept: Carrel) -> None:
    for number in range(3, 11):
        kept("saved", "add", f"s{number}", "watermark")
    kept("import", kept.file("new.jsonl", json.dumps(NEW)))
    listed = kept("saved", "--json").json
    query = 'query:"to read" watermark'
    assert listed[1] == {"name": "marks", "query": query, "count": 2, "new": 1, "key": 2}
    assert [each["key"] for each in listed] == [*range(1, 10), None]


def test_saved_none_exits_0(stocked: Carrel) -> None:
    run = stocked("saved")
    assert (run.code, run.out) == (0, "")
    assert run.err == "no saved searches; try carrel saved add NAME QUERY\n"
    assert stocked("saved", "--json").json == []


def test_saved_add_reports_count_and_replaced_query(stocked: Carrel) -> None:
    run = stocked("saved", "add", "my marks", "watermark", "-image")
    assert (run.code, run.out) == (0, "")
    assert run.err == 'saved my marks: 1 paper (use in a query: query:"my marks")\n'
    run = stocked("saved", "add", "My Marks", "watermark")
    assert run.err == "replaced My Marks: 2 papers (was: watermark -image)\n"
    run = stocked("saved", "add", "odd", "is:red")
    assert run.code == 0
    assert "in the query: unknown value is:red" in run.err


def test_saved_run_prints_results_and_records_visit(kept: Carrel) -> None:
    kept("import", kept.file("new.jsonl", json.dumps(NEW)))
    for options in (("--format", "json"), ("--format", "ids", "--limit", "1", "--offset", "1"),
                    ("--sort", "title", "--format", "bibtex")):  # fmt: skip
        run = kept("saved", "run", "MARKS", *options)
        same = kept("search", "is:unread -image watermark", *options)
        assert (run.code, run.out) == (0, same.out)
    answer = kept("saved", "run", "MARKS", "--json").json
    assert list(answer) == ["query", "total", "full", "dismissed", "took", "notes", "hits"]
    assert [each["new"] for each in kept("saved", "--json").json] == [1, 0]
    run = kept("saved", "run", "1", "--format", "ids")
    assert len(run.out.split()) == 4
    assert run.err == "1 new since the last visit\n"
    assert kept("saved", "run", "1", "--format", "ids").err == ""


def test_saved_search_in_query_is_expanded(kept: Carrel) -> None:
    assert set(kept.ids('-query:"to read"')) == {"tree-ring"}
    assert kept.ids("query:marks") == ["robust"]
    run = kept("search", "query:mraks")
    assert (run.code, run.out) == (0, "")
    assert "in the query: unknown saved search mraks; did you mean marks?" in run.err


def test_saved_rm_reports_query(kept: Carrel) -> None:
    run = kept("saved", "rm", "To Read")
    assert (run.code, run.out, run.err) == (0, "", "deleted to read (was: is:unread -image)\n")
    assert [each["name"] for each in kept("saved", "--json").json] == ["marks"]


@pytest.mark.parametrize("verb", ["rm", "run"])
def test_saved_unknown_name_exits_1(kept: Carrel, verb: str) -> None:
    run = kept("saved", verb, "mraks")
    assert run.code == 1
    assert run.error == "carrel: unknown saved search 'mraks'; did you mean marks?"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "x"), "Missing argument 'QUERY...'"),
        (("add", "x", " "), "an empty query"),
        (("add", "", "y"), "it is empty"),
        (("add", "5", "y"), "use a longer name"),
        (("run",), "Missing argument 'NAME'"),
        (("run", "x", "--sort", "best"), "not one of relevance"),
        (("forget", "x"), "No such command 'forget'"),
    ],
)
def test_saved_usage_error_exits_2(
    carrel: Carrel, arguments: tuple[str, ...], message: str
) -> None:
    run = carrel("saved", *arguments)
    assert run.code == 2
    assert message in run.error


def test_saved_names_are_completed(kept: Carrel) -> None:
    def completed(*words: str) -> str:
        line = " ".join(["carrel", *words])
        wanted = {"_CARREL_COMPLETE": "bash_complete", "COMP_WORDS": line}
        return kept(COMP_CWORD=str(len(words)), **wanted).out

    assert completed("saved", "run", "M") == "plain,marks\n"
    assert completed("saved", "rm", "t") == "plain,to read\n"
    assert completed("saved", "r") == "plain,rm\nplain,run\n"


def test_completion_creates_no_library(carrel: Carrel) -> None:
    words = {"COMP_WORDS": "carrel saved run x", "COMP_CWORD": "3"}
    assert carrel(_CARREL_COMPLETE="bash_complete", **words).out.strip() == ""
    assert not carrel.library.exists()


def test_saved_hostile_text_is_printed_literally(stocked: Carrel) -> None:
    stocked("saved", "add", "[b]x[/b] \x1b[31mred\u202e", "watermark \x1b]0;t\x07 [/INST]")
    run = stocked("saved")
    assert "\x1b" not in run.out
    assert "[b]x[/b] red" in run.out
    assert "watermark [/INST]" in run.out
