"""Acronyms read from texts, and the offers made for queries."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library, Paper
from index.search.acronyms import Definition, find_definitions


@pytest.mark.parametrize(
    ("text", "acronym", "long"),
    [
        ("We use graph neural networks (GNNs) here.", "GNN", "graph neural networks"),
        ("with Monte Carlo tree search (MCTS), we", "MCTS", "Monte Carlo tree search"),
        ("the problem of out-of-vocabulary words (OOV)", "OOV", "out-of-vocabulary words"),
        ("a magnetic resonance imaging (MRI) study", "MRI", "magnetic resonance imaging"),
    ],
)
def test_definitions_are_found_in_brackets(text: str, acronym: str, long: str) -> None:
    assert list(find_definitions(text)) == [Definition(acronym, long)]


@pytest.mark.parametrize(
    "text", ["in France (USA)", "models (see Figure)", "we (Smith)", "(GNN)", "a b (", "x (Abc)"]
)
def test_definitions_other_brackets_define_nothing(text: str) -> None:
    assert not list(find_definitions(text))


@given(st.text("abAB (-)\n", max_size=60))
def test_definitions_of_any_text_are_parts_of_it(text: str) -> None:
    for found in find_definitions(text):
        assert found.acronym in text
        assert found.long in text


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    library = Library.open(tmp_path / "library")
    defined = "Results on graph neural networks (GNNs) and once on state space models (SSM)."
    papers = [
        Paper("A study of GNN depth", defined, id="one"),
        Paper("Training GNN layers", "We train graph neural networks (GNN) on text.", id="two"),
        Paper("Graph neural networks for chemistry", "Molecules.", id="three"),
    ]
    library.add(papers, "page")
    return library


@pytest.mark.parametrize(
    ("query", "other", "offer"),
    [
        ("GNN", "graph neural networks", '(GNN OR "graph neural networks")'),
        ("gnn depth", "graph neural networks", '(gnn OR "graph neural networks") depth'),
        ("graph neural networks", "GNN", "(graph neural networks OR GNN)"),
        ('"graph neural network"', "GNN", '("graph neural network" OR GNN)'),
    ],
)
def test_other_form_is_offered_and_finds_more(
    shelf: Library, query: str, other: str, offer: str
) -> None:
    with shelf:
        results = shelf.search(query)
        (note,) = shelf.spelling.suggestions(results)
        assert note.message == f"also: {other}"
        assert query[: note.start] + note.offers[0] + query[note.end :] == offer
        assert shelf.search(offer).full >= results.full


@pytest.mark.parametrize(
    "query", ["SSM", "GNN graph neural networks", "depth", "author:GNN", "training layers"]
)
def test_form_defined_once_or_asked_for_is_not_offered(shelf: Library, query: str) -> None:
    with shelf:
        assert not shelf.spelling.suggestions(shelf.search(query))
