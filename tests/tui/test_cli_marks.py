"""Commands that change marks: bookmark, tag, mark, note, undo and redo."""

import json

import pytest

from .command import Carrel


def test_every_change_reports_and_can_be_undone(stocked: Carrel) -> None:
    carrel = stocked
    run = carrel("tag", "+nlp/rag", "-old", "robust", "--query", "parrots", "-")
    assert (run.code, run.out) == (0, "")
    assert run.err == "tagged +nlp/rag -old 2 papers (undo: carrel undo)\n"
    assert carrel("tag", "--query", "watermark", "+safe").code == 0
    assert carrel("bookmark", "-", stdin="robust\n\nparrots and more\n").code == 0
    assert carrel("mark", "read", "robust").err.startswith("marked read “Robust")
    assert carrel("mark", "read", "robust").err == "nothing to change\n"
    assert carrel("unbookmark", "parrots").code == 0

    assert carrel("tags", "--json").json == [
        {"name": "nlp/rag", "papers": 2},
        {"name": "safe", "papers": 2},
    ]
    assert carrel("search", "is:read").out.startswith("★#  robust")

    assert carrel("undo", "2").err.splitlines()[0].startswith("undone: unbookmarked “Stochastic")
    assert carrel.ids("is:bookmarked", "is:unread") == ["robust", "parrots"]
    assert carrel("redo", "9").err.splitlines()[-1] == "nothing more to redo"
    log = carrel("log", "--json").json
    assert [entry["words"] for entry in log][-1] == "tagged +nlp/rag -old 2 papers"
    assert {entry["state"] for entry in log} == {"done"}
    assert list(log[0]) == ["at", "state", "words", "papers"]

    assert carrel("undo", "99").err.splitlines()[-1] == "nothing more to undo"
    (line,) = carrel("log", "--limit", "1").out.splitlines()
    assert line.split("  ")[1] == "↶ undone"
    assert carrel.ids("is:tagged OR is:bookmarked OR is:read") == []
    assert carrel("undo").code == 0


def test_change_query_applies_to_full_matches_only(carrel: Carrel) -> None:
    lines = [{"title": f"Paper number{n} of many", "id": f"p{n}"} for n in range(120)]
    lines.append({"title": "A lonely paper", "id": "lonely"})
    path = carrel.file("many.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    assert carrel("import", path).code == 0
    assert "120 papers" in carrel("bookmark", "--query", "many paper").err
    assert set(carrel.ids("number7 lonely")) == {"p7", "lonely"}
    assert carrel("mark", "read", "--query", "number7 lonely").err == "nothing to change\n"
    half = carrel("bookmark", "--query", 'NOT "')
    assert half.code == 2
    assert "matches every paper" in half.error


def test_note_write_print_delete(stocked: Carrel) -> None:
    carrel = stocked
    assert carrel("note", "robust").out == ""
    assert carrel("note", "robust", "-", stdin="- first\n- \x1b[31msecond\n").code == 0
    assert carrel("note", "robust").out == "- first\n- second\n"
    assert carrel("note", "robust", "-graph idea").err.startswith("noted “Robust")
    assert carrel("show", "robust", "--json").json[0]["note"] == "-graph idea"
    assert carrel("note", "robust", "").err.startswith("note removed from")


def test_change_without_papers_is_usage_error(carrel: Carrel) -> None:
    run = carrel("bookmark")
    assert run.code == 2
    assert "no papers given" in run.error
    assert carrel("bookmark", "-").err == "nothing to change\n"


def test_change_unknown_id_changes_nothing(shelf: Carrel) -> None:
    for arguments in (
        ("bookmark", "robust", "nowhere"),
        ("tag", "+x", "nowhere"),
        ("note", "nowhere"),
    ):
        run = shelf(*arguments)
        assert run.code == 1
        assert "no paper has the id nowhere" in run.error
    assert shelf("log", "--json").json == []


def test_mark_dismissed_hides_papers_and_says_so(stocked: Carrel) -> None:
    carrel = stocked
    before = carrel.ids()
    assert carrel("mark", "dismissed", "robust").err.startswith("dismissed “Robust")
    assert carrel.ids() == [name for name in before if name != "robust"]
    assert "; 1 dismissed left out (is:dismissed)" in carrel("search").err
    assert carrel("search", "--json").json["dismissed"] == 1
    assert carrel.ids("is:dismissed") == ["robust"]
    assert carrel("show", "robust", "--json").json[0]["dismissed"] is True
    assert carrel("mark", "undismissed", "robust").code == 0
    assert carrel.ids() == before


def test_mark_later_keeps_the_queue_in_order(stocked: Carrel) -> None:
    carrel = stocked
    names = carrel.ids()[:3]
    carrel("mark", "later", *names)
    assert carrel.ids("is:later") == names
    carrel("mark", "later", names[2], "--place", "1")
    assert carrel.ids("is:later") == [names[2], *names[:2]]
    carrel("mark", "later", names[2], "--move", "1")
    assert carrel.ids("is:later") == [names[0], names[2], names[1]]
    assert [p["later"] for p in carrel("show", *names, "--json").json] == [1, 3, 2]
    carrel("mark", "notlater", names[0])
    assert carrel.ids("is:later") == [names[2], names[1]]
    carrel("undo", "2")
    assert carrel.ids("is:later") == [names[2], *names[:2]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("read", "robust", "--place", "1"), "apply to the queue"),
        (("later", "robust", "--place", "1", "--move", "1"), "cannot be combined"),
    ],
)
def test_mark_with_wrong_options_is_a_usage_error(
    stocked: Carrel, words: tuple[str, ...], message: str
) -> None:
    run = stocked("mark", *words)
    assert run.code == 2
    assert message in run.err
