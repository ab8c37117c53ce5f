"""`carrel related`: its table, its JSON and its input."""

import json

import pytest

from .command import Carrel

PAPERS = [
    {"id": "flow", "title": "Normalizing Flows", "abstract": "A normalizing flow has a likelihood.",
     "year": 2015},
    {"id": "energy", "title": "Energy-Based Models",
     "abstract": "A normalizing flow, a likelihood."},
    {"id": "picture", "title": "Pictures", "abstract": "The likelihood of pictures."},
    {"id": "german", "title": "Parsing German", "abstract": "A parser."},
    {"id": "bare", "title": "???"},
]  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Carrel:
    """The command over five papers, for tests that change nothing."""
    return stocked(Carrel(tmp_path_factory.mktemp("shelf")))


@pytest.fixture
def carrel(tmp_path_factory: pytest.TempPathFactory) -> Carrel:
    """The command over the same five papers, to be marked."""
    return stocked(Carrel(tmp_path_factory.mktemp("own")))


def stocked(carrel: Carrel) -> Carrel:
    lines = "".join(json.dumps(paper) + "\n" for paper in PAPERS)
    assert carrel("import", carrel.file("papers.jsonl", lines)).code == 0
    return carrel


def test_related_table_lists_terms_in_common(shelf: Carrel) -> None:
    run = shelf("related", "flow")
    assert run.code == 0
    first, shares, second, last = run.out.splitlines()
    assert "Energy-Based Models" in first
    assert shares == "    in common: normalizing flow, likelihood"
    assert "Pictures" in second
    assert last == "    in common: likelihood"
    assert run.err == ""


def test_related_json_has_score_and_shares(shelf: Carrel) -> None:
    energy, picture = shelf("related", "flow", "--json").json
    assert (energy["id"], picture["id"]) == ("energy", "picture")
    assert energy["shares"] == ["normalizing flow", "likelihood"]
    assert energy["score"] > picture["score"] > 0
    (shown,) = shelf("show", "energy", "--json").json
    assert {**shown, "score": energy["score"], "shares": energy["shares"]} == energy
    lines = shelf("related", "flow", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == [energy, picture]


def test_related_accepts_search_formats(shelf: Carrel) -> None:
    assert shelf("related", "flow", "--format", "ids").out.split() == ["energy", "picture"]
    assert "Energy-Based Models" in shelf("related", "flow", "--format", "bibtex").out
    run = shelf("related", "flow", "--format", "nope")
    assert run.code == 2
    assert "is not one of" in run.error


def test_related_limit_is_applied(shelf: Carrel) -> None:
    assert shelf("related", "flow", "--limit", "1", "--format", "ids").out.split() == ["energy"]
    assert shelf("related", "flow", "--limit", "0").out == ""


def test_related_accepts_ids_stdin_and_query(shelf: Carrel) -> None:
    def ids(*how: str, stdin: str = "") -> list[str]:
        return shelf("related", "--format", "ids", *how, stdin=stdin).out.split()

    assert ids("flow", "energy") == ["picture"]
    assert ids("-", stdin="flow  Normalizing Flows\nenergy\n") == ["picture"]
    assert ids("--query", "title:normalizing") == ["energy", "picture"]
    assert ids("energy", "--query", "title:normalizing") == ["picture"]


def test_related_query_on_marks_excludes_marked_papers(carrel: Carrel) -> None:
    assert carrel("bookmark", "flow").code == 0
    like = ("related", "--query", "is:bookmarked", "--format", "ids")
    assert carrel(*like).out.split() == ["energy", "picture"]
    assert carrel("mark", "read", "energy").code == 0
    assert carrel(*like).out.split() == ["picture"]
    assert carrel("tag", "+seen", "picture").code == 0
    run = carrel(*like)
    assert (run.code, run.out) == (0, "")
    assert carrel("related", "flow", "--format", "ids").out.split() == ["energy", "picture"]


def test_related_without_terms_finds_none(shelf: Carrel) -> None:
    run = shelf("related", "bare")
    assert (run.code, run.out) == (0, "")
    assert run.err == "no related papers: no terms in common\n"
    assert shelf("related", "bare", "--json").json == []


def test_related_query_without_matches_exits_0(shelf: Carrel) -> None:
    run = shelf("related", "--query", "zzzz", "--json")
    assert (run.code, run.json) == (0, [])
    assert run.err == "no papers match zzzz\n"


def test_related_errors_print_one_line(shelf: Carrel) -> None:
    run = shelf("related", "flo")
    assert run.code == 1
    assert "no paper has the id flo; did you mean flow?" in run.error
    run = shelf("related")
    assert run.code == 2
    assert "try IDs" in run.error


def test_help_shows_examples(shelf: Carrel) -> None:
    run = shelf("related", "--help")
    assert run.code == 0
    assert "carrel related --query is:bookmarked" in run.out
