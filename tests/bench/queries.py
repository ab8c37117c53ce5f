"""The queries that are measured: a fixed mix of what readers search for."""

from collections.abc import Sequence

WORDS = (
    "diffusion", "watermark", "retrieval", "model", "transformer", "learning", "speech",
    "diffusion speech", "language model", "graph attention", "sparse attention", "image retrieval",
    "reinforcement learning policy", "neural machine translation", "robust speech recognition",
    "large language model reasoning", "federated learning privacy gradient",
    "question answering retrieval benchmark", "bayesian optimization kernel bound",
)  # fmt: skip
"""One to four words, rare and common."""

PHRASES = (
    '"language model"', '"in-context learning"', '"reinforcement learning" policy',
    '"machine translation" -neural',
)  # fmt: skip

BOOLEAN = (
    "diffusion OR watermark", "(speech OR audio) recognition", "language -model",
    "NOT learning", "title:retrieval", "title:attention abstract:sparse",
)  # fmt: skip

RANGES = (
    "year:2020.. translation", "year:2025 diffusion model", "date:2025-03.. graph",
    "year:..2019 parsing", "category:cs.CL language",
)  # fmt: skip

STATES = (
    "is:unread language model", "has:arxiv diffusion", "-has:doi graph", "has:abstract translation",
    "is:bookmarked model",
)  # fmt: skip

WHOLE = (*WORDS, *PHRASES, *BOOLEAN, *RANGES, *STATES)
"""Queries of whole words."""

PREFIXES = ("a", "s", "t", "re", "tr", "co", "mod", "lan", "tra", "dif", "int")
"""The most expensive prefixes: one to three letters."""

TYPED = (
    "diffusion models for speech",
    "retrieval-augmented generation",
    "language model is:unread",
)
"""Queries typed letter by letter, besides titles."""

BARE = WORDS
"""Queries that every engine treats alike, for comparison."""


def letters(texts: Sequence[str]) -> tuple[str, ...]:
    """Return every state of the search bar while texts are typed, one after another."""
    return tuple(text[:end] for text in texts for end in range(1, len(text) + 1))
