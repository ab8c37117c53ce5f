"""Papers to export, and what their tests share."""

from dataclasses import replace

from hypothesis import strategies as st

from index.papers.paper import Paper, SourceRef, build_paper
from index.text.cleaning import clean
from tests.examples import examples
from tests.index.hostile import texts as hostile

titled = hostile.filter(clean)
few = examples(20)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """A paper that bypassed the cleaning at import: every text in it is hostile."""
    some = st.lists(hostile, max_size=3).map(tuple)
    return Paper(
        title=draw(titled), abstract=draw(hostile), id=draw(hostile), authors=draw(some),
        et_al=draw(st.booleans()), year=draw(st.none() | st.integers(1000, 9999)),
        date=draw(st.none() | hostile), venue=draw(hostile), url=draw(hostile), urls=draw(some),
        arxiv_id=draw(hostile), doi=draw(hostile), keywords=draw(some), categories=draw(some),
        votes=draw(st.none() | st.integers()), tags=draw(some), note=draw(hostile),
        sources=(SourceRef(draw(hostile), 1),), added=draw(hostile),
    )  # fmt: skip


ATTENTION = build_paper(
    title="Attention Is All You Need",
    authors=["Ashish Vaswani", "Noam Shazeer"],
    et_al=True,
    year=2017,
    venue="NeurIPS",
    arxiv_id="1706.03762",
    url="https://arxiv.org/abs/1706.03762",
    categories=["cs.CL", "cs.LG"],
    keywords=["sequence models"],
    abstract="The dominant models are recurrent. We get 28.4 BLEU, 50% & more.",
)
MARKED = replace(
    ATTENTION, tags=("nlp/rag", "todo"), note="Read again.\nTwice.", bookmarked=True,
    sources=(SourceRef("page", 3),), added="2026-01-02T03:04:05+00:00",
)  # fmt: skip


def in_one_line(written: str) -> str:
    return " ".join(written.split())
