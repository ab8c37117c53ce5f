"""`carrel duplicates` and `carrel tags`: their output, effects and undo."""

import json

import pytest

from .command import Carrel

TEXT = (
    "Retrieval augmented models are easily led astray by documents that hold noise. We present a "
    "module that rewrites what was retrieved before it is read."
)
TWINS = [
    {"id": "pre", "title": "Optimising Behaviour Models", "authors": ["Ada Lovelace"],
     "abstract": TEXT, "arxiv_id": "2301.00001"},
    {"id": "pub", "title": "Optimizing Behavior Models", "authors": ["Lovelace, A."],
     "abstract": TEXT, "doi": "10.1234/x5", "year": 2024},
    {"id": "oreo", "title": "Oreo: Context Put Together", "authors": ["Grace Hopper"]},
    {"id": "oreo-2", "title": "Oreo: Plugged Into Context", "authors": ["Grace Hopper"]},
]  # fmt: skip


@pytest.fixture
def twins(carrel: Carrel) -> Carrel:
    carrel("import", carrel.file("twins.jsonl", "\n".join(map(json.dumps, TWINS))))
    return carrel


def test_duplicates_lists_agreements_and_differences(twins: Carrel) -> None:
    run = twins("duplicates")
    assert run.code == 0
    assert run.out.splitlines()[:4] == [
        "pub  Optimizing Behavior Models",
        "pre  Optimising Behaviour Models",
        "  agrees: title, authors, abstract (100% overlap)",
        "  certain: same title except for spelling, same authors",
    ]
    assert "  needs review" in run.out
    assert run.err.startswith("2 pairs of likely duplicates")


def test_duplicates_json_has_ids_titles_rule(twins: Carrel) -> None:
    certain, review = twins("duplicates", "--json").json
    assert certain == {
        "ids": ["pub", "pre"],
        "titles": ["Optimizing Behavior Models", "Optimising Behaviour Models"],
        "agrees": ["title", "authors", "abstract (100% overlap)"],
        "differs": [],
        "certain": True,
        "rule": "same title except for spelling, same authors",
    }
    assert (review["certain"], review["rule"]) == (False, None)


def test_duplicates_merge_merges_certain_pairs_only(twins: Carrel) -> None:
    run = twins("duplicates", "--merge", "--json")
    assert [pair["ids"] for pair in run.json] == [["oreo", "oreo-2"]]
    assert "pre merged into pub: same title except for spelling, same authors" in run.err
    assert "merged 1 paper into “Optimizing Behavior Models” (undo: carrel undo)" in run.err
    (shown,) = twins("show", "pre", "--json").json
    assert (shown["id"], shown["arxiv_id"], shown["doi"]) == ("pub", "2301.00001", "10.1234/x5")
    assert "no pair is certain enough" in twins("duplicates", "--merge").err
    assert twins("undo").err == "undone: merged 1 paper into “Optimizing Behavior Models”\n"
    assert twins("show", "pre", "--json").json[0]["id"] == "pre"


def test_import_after_merge_adds_nothing(twins: Carrel) -> None:
    twins("duplicates", "--merge")
    assert twins("import", twins.file("twins.jsonl", "\n".join(map(json.dumps, TWINS)))).err == (
        "4 papers read: 0 added, 4 unchanged\n"
    )


def test_duplicates_different_is_remembered(twins: Carrel) -> None:
    assert twins("duplicates", "--different", "oreo", "oreo-2").err.startswith(
        "marked as different: “Oreo: Context Put Together” and “Oreo: Plugged Into Context” (undo"
    )
    assert len(twins("duplicates", "--json").json) == 1
    assert "already marked as different" in twins("duplicates", "--different", "oreo-2", "oreo").err
    twins("undo")
    assert len(twins("duplicates", "--json").json) == 2


def test_duplicates_none_exits_0(carrel: Carrel) -> None:
    run = carrel("duplicates")
    assert (run.code, run.out, run.err) == (0, "", "no likely duplicates\n")
    assert carrel("duplicates", "--json").json == []


def test_duplicates_data_error_exits_1_usage_error_exits_2(twins: Carrel) -> None:
    assert twins("duplicates", "--different", "oreo", "nope").code == 1
    same = twins("duplicates", "--different", "oreo", "oreo")
    assert (same.code, "oreo and oreo are the same paper" in same.error) == (2, True)
    assert twins("duplicates", "--different", "oreo").code == 2
    assert twins("duplicates", "--merge", "--different", "oreo", "pub").code == 2


# -- tags ------------------------------------------------------------------------------------------


def test_tags_rename_includes_nested_tags(twins: Carrel) -> None:
    twins("tag", "+nlp", "+nlp/rag", "pre", "pub")
    twins("saved", "add", "mine", "tag:nlp/rag")
    run = twins("tags", "rename", "nlp", "lang")
    assert run.err.splitlines() == [
        "renamed the tag nlp to lang: 2 papers (undo: carrel undo)",
        "saved searches still use it: mine; update them with carrel saved add",
    ]
    assert twins("tags", "--json").json == [
        {"name": "lang", "papers": 2}, {"name": "lang/rag", "papers": 2}
    ]  # fmt: skip
    assert twins("undo").err == "undone: renamed the tag nlp to lang: 2 papers\n"
    assert twins("tags").out == "nlp      2\nnlp/rag  2\n"


def test_tags_delete_includes_nested_tags(twins: Carrel) -> None:
    twins("tag", "+nlp", "+nlp/rag", "+todo", "pre")
    assert twins("tags", "delete", "nlp").err.startswith("deleted the tag nlp: 1 paper (")
    assert twins("tags").out == "todo  1\n"


def test_tags_unknown_exits_1_invalid_exits_2(twins: Carrel) -> None:
    assert twins("tags", "delete", "nope").code == 1
    gone = twins("tags", "rename", "nope", "x")
    assert (gone.code, gone.error) == (
        1, "carrel: no paper has the tag nope; carrel tags lists all tags"
    )  # fmt: skip
    twins("tag", "+nlp", "pre")
    assert twins("tags", "rename", "nlp", "!!").code == 2
