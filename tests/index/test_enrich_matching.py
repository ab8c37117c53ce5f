"""Whether a record describes a paper: the cases of `index.enrich.matching`."""

from dataclasses import replace

import pytest

from index.enrich.matching import abstract_overlap, judge
from index.papers.paper import Paper

TITLE = "Watermarks of Generated Text Survive Paraphrasing by Models"
ABSTRACT = (
    "We show that a watermark in generated text remains detectable after a second model has "
    "paraphrased it, and measure how many sentences the detector needs."
)
OTHER = (
    "Protein folding benefits from symmetric attention; our network predicts contacts of long "
    "chains within minutes on one accelerator."
)
HALF = ABSTRACT + " " + OTHER
PAPER = Paper(TITLE, ABSTRACT)
FULL = Paper(
    TITLE, ABSTRACT, authors=("Ada Lovelace", "Grace Hopper"), year=2025, arxiv_id="2501.01234"
)


def outcome(paper: Paper, *records: Paper) -> str:
    return judge(paper, [(record, "file") for record in records]).outcome


@pytest.mark.parametrize(
    ("paper", "record", "expected"),
    [
        pytest.param(PAPER, FULL, "certain", id="same-title-and-abstract"),
        pytest.param(
            PAPER,
            replace(FULL, title="WATERMARKS of generated text survive: paraphrasing by models!"),
            "certain",
            id="case-and-punctuation",
        ),
        pytest.param(
            replace(PAPER, title="Études de Schr\\\"odinger et d'autres modèles"),
            replace(FULL, title="Etudes de Schrödinger et d’autres modeles"),
            "certain",
            id="accents-and-latex",
        ),
        pytest.param(
            replace(PAPER, abstract=ABSTRACT[:90] + "…"), FULL, "certain", id="abstract-cut-off"
        ),
        pytest.param(PAPER, replace(FULL, abstract=HALF), "certain", id="overlap-of-a-half"),
        pytest.param(PAPER, replace(FULL, abstract=OTHER), "unknown", id="different-abstracts"),
        pytest.param(
            PAPER, replace(FULL, abstract=f"{HALF} {TITLE} one two three four five six seven eight "
                           "nine ten red green blue cyan north south east west"),
            "unsure", id="overlap-below-a-half",
        ),
        pytest.param(replace(PAPER, abstract=""), FULL, "certain", id="long-title-no-abstract"),
        pytest.param(PAPER, replace(FULL, abstract=""), "certain", id="record-without-abstract"),
        pytest.param(
            Paper("Attention Survives"), Paper("Attention Survives", year=2020), "unsure",
            id="short-title-no-abstract",
        ),
        pytest.param(
            Paper("Attention Survives", ABSTRACT), Paper("Attention survives", ABSTRACT), "certain",
            id="short-title-same-abstract",
        ),
        pytest.param(
            Paper("Editorial: Introduction to the Special Issue on Parsing"),
            Paper("Editorial: Introduction to the Special Issue on Parsing", year=2020),
            "unsure", id="title-that-names-a-kind",
        ),
        pytest.param(
            Paper(TITLE, year=2010), replace(FULL, abstract=""), "unknown", id="other-year"
        ),
        pytest.param(
            Paper(TITLE, authors=("Alan Turing",)), replace(FULL, abstract=""), "unknown",
            id="other-authors",
        ),
        pytest.param(
            Paper(TITLE, authors=("A. Lovelace",)), replace(FULL, abstract=""), "certain",
            id="author-in-common",
        ),
        pytest.param(
            PAPER, replace(FULL, title=TITLE.replace("Paraphrasing", "Parphrasing")), "unsure",
            id="misprint-in-the-title",
        ),
        pytest.param(
            PAPER, replace(FULL, title=TITLE.replace("Paraphrasing", "Parphrasing"), abstract=""),
            "unknown", id="misprint-and-no-abstract",
        ),
        pytest.param(
            PAPER, replace(FULL, title=TITLE + ": A Study in Twelve Languages", abstract=OTHER),
            "unknown", id="title-is-only-the-beginning",
        ),
        pytest.param(
            replace(PAPER, arxiv_id="2409.00001"), FULL, "unsure", id="other-arxiv-id"
        ),
        pytest.param(
            Paper("Marks", arxiv_id="2501.01234"), replace(FULL, title="Marks in Text"), "certain",
            id="same-arxiv-id",
        ),
        pytest.param(
            Paper("Watermarks of Text", doi="10.1000/x"), replace(FULL, doi="10.1000/X",
                  title="Watermarks of text"), "certain", id="same-doi",
        ),
        pytest.param(
            Paper("An Atlas of Clouds", OTHER, doi="10.1000/x"), replace(FULL, doi="10.1000/x"),
            "unknown", id="doi-of-another-title",
        ),
        pytest.param(
            Paper("C++ for Readers of Papers in Six Evenings"),
            Paper("C# for Readers of Papers in Six Evenings"), "unknown", id="signs-count",
        ),
    ],
)  # fmt: skip
def test_record_compared_with_a_paper_has_the_outcome(
    paper: Paper, record: Paper, expected: str
) -> None:
    assert outcome(paper, record) == expected


def test_two_papers_of_a_long_title_without_abstracts_are_unsure() -> None:
    one = Paper(TITLE, authors=("Ada Lovelace",), year=2020)
    other = Paper(TITLE, authors=("Alan Turing",), year=2020)
    verdict = judge(Paper(TITLE), [(one, "a"), (other, "b")])
    assert (verdict.outcome, verdict.reason) == ("unsure", "several papers have this title")
    assert {candidate.record for candidate in verdict.candidates} == {one, other}


def test_two_papers_of_equal_title_and_abstract_are_unsure() -> None:
    assert outcome(PAPER, FULL, replace(FULL, arxiv_id="2501.09999")) == "unsure"


def test_preprint_and_published_version_both_match() -> None:
    published = replace(FULL, arxiv_id="", doi="10.1000/x", venue="Journal of Marks")
    verdict = judge(PAPER, [(FULL, "arXiv"), (published, "Crossref")])
    assert verdict.outcome == "certain"
    assert len(verdict.matches) == 2


def test_repeated_record_is_one_match() -> None:
    assert len(judge(PAPER, [(FULL, "a"), (FULL, "b")]).matches) == 1


def test_certain_match_among_similar_papers_is_certain() -> None:
    neighbour = replace(FULL, title=TITLE + " of Speech", arxiv_id="2501.05678", abstract=HALF)
    assert outcome(PAPER, neighbour, FULL) == "certain"


def test_candidates_are_ranked_by_similarity() -> None:
    near = replace(FULL, title=TITLE.replace("by", "bye"))
    nearer = replace(FULL, title=TITLE.replace("by", "bye"), arxiv_id="2501.05678")
    far = replace(near, title=TITLE.replace("Models", "Modeles"), abstract=HALF)
    scores = [c.score for c in judge(PAPER, [(far, ""), (near, ""), (nearer, "")]).candidates]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_paper_without_records_is_unknown() -> None:
    assert judge(PAPER, []).outcome == "unknown"


def test_overlap_of_abstracts_without_text_is_none() -> None:
    assert abstract_overlap("", ABSTRACT) is None
    assert abstract_overlap(ABSTRACT, " … ") is None
