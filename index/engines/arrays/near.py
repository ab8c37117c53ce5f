"""Papers by the weighted scores of their stems."""

from collections.abc import Iterator, Mapping

import numpy as np

from index.engines.arrays.postings import Postings, Stems
from index.engines.base import Keys, Scores


def near(
    stems: Stems, weights: Mapping[str, float], order: Keys, most: int | None
) -> tuple[Keys, Scores]:
    """Return the papers in `order` by descending score; see `Engine.near`."""
    scores = np.zeros(int(order.max(initial=0)) + 1, np.float32)
    for _, found in _weighted(stems, weights, len(scores)):
        scores[found.keys] += found.scores
    return nearest(scores, order, most)


def nearest(scores: Scores, order: Keys, most: int | None) -> tuple[Keys, Scores]:
    """Return the papers in `order` by descending score, of those of all papers by key."""
    if most is not None:
        candidates = scores[order]
        least = np.partition(candidates, -most)[-most] if most < len(candidates) else 0.0
        order = order[(candidates >= least) & (candidates > 0)]
    keys = order[np.argsort(-scores[order], kind="stable")][:most]
    return keys, scores[keys]


def parts(stems: Stems, weights: Mapping[str, float], keys: Keys) -> list[dict[str, float]]:
    """Return what each stem adds to the score of each paper; see `Engine.parts`."""
    places = np.full(int(keys.max(initial=0)) + 1, -1)
    places[keys] = np.arange(len(keys))
    found: list[dict[str, float]] = [{} for _ in keys]
    for stem, postings in _weighted(stems, weights, len(places)):
        at = places[postings.keys]
        chosen = at >= 0
        added = postings.scores[chosen].tolist()
        for place, score in zip(at[chosen].tolist(), added, strict=True):
            found[place][stem] = score
    return found


def _weighted(
    stems: Stems, weights: Mapping[str, float], size: int
) -> Iterator[tuple[str, Postings]]:
    """Yield the stems with their weighted postings, for papers whose keys are below `size`."""
    for stem, weight in weights.items():
        found = stems.term(stem)
        keys, scores = found.keys, found.scores
        known = keys < size  # papers may have been added since
        if not known.all():
            keys, scores = keys[known], scores[known]
        yield stem, Postings(keys, scores * np.float32(weight))
