"""Ranking reaches its bars on judged collections in ../shared."""

from pathlib import Path

import pytest

from tests.bench import collections, ranking
from tests.bench.table import lines

judged = pytest.mark.skipif(
    not collections.FOLDER.is_dir(), reason="no ../shared/retrieval beside the checkout"
)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@judged
@pytest.mark.parametrize("name", ranking.BARS)
def test_search_ranking_reaches_bar(name: str, tmp_path: Path) -> None:
    ndcg, recall = ranking.measured(name, tmp_path, ())
    assert not ndcg.short, "\n".join(lines(name, [ndcg, recall], ()))


@judged
def test_related_ranking_is_at_least_that_of_full_text_search(tmp_path: Path) -> None:
    ndcg, recall, _ = ranking.measured("csfcube", tmp_path, ())
    assert not ndcg.short, "\n".join(lines("csfcube", [ndcg, recall], ()))


def test_ndcg_discounts_by_rank_and_normalizes() -> None:
    gains = {"a": 3, "b": 1, "c": 0}
    assert collections.ndcg(["a", "b", "c"], gains) == 1
    assert collections.ndcg(["c", "x"], gains) == 0
    assert 0.7 < collections.ndcg(["b", "a"], gains) < 0.9
    assert collections.ndcg(["x"] * 10 + ["a"], gains) == 0
    assert collections.recall(["x", "b"], gains) == 0.5
