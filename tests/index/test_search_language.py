"""The query language over a small library: the papers that each construct matches."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from index import Library
from index.marks.changes import Bookmark, Note, Read, Tag
from index.papers.paper import build_paper

NOW = datetime.now(UTC)


def ago(days: int) -> str:
    return (NOW - timedelta(days)).isoformat(timespec="seconds")


MADE = [
    build_paper(
        id="kepes",
        title="Képes mondatok",
        abstract="Sentences with pictures, after Schrödinger.",
        authors=["Ervin Képes", "Jörg Müller"],
        year=2019,
        votes=5,
    ),
    build_paper(
        id="latex",
        title=r"The Schr\"odinger Bridge of K\'epes",
        abstract=r"A na\"{\i}ve proof by Erd\H{o}s; see \cite{x} for $\alpha$.",
        authors=[r"P\'al Erd\H{o}s"],
        date="2020-02-29",
        votes=50,
    ),
    build_paper(
        id="gpt4",
        title="GPT-4 Technical Report",
        abstract="We ask GPT-4 with 1.5B tokens of C4.",
        date="2023-03",
        venue="arXiv",
        arxiv_id="2303.08774",
        votes=51,
        url="https://github.com/openai/evals",
    ),
    build_paper(
        id="gpt35",
        title="Chatting with GPT-3.5",
        abstract="T5 and GPT-2 are smaller.",
        date="2023-01-15",
        categories=["cs.CL"],
        keywords=["chat bots"],
    ),
    build_paper(
        id="math",
        title="S^3c-Math: Spontaneous Step-level Correction",
        abstract="An F1 of 0.9 in C++ on 3D scenes.",
        date="2024-12-31",
        doi="10.1000/182",
        venue="ACL",
        categories=["cs.CL", "cs.AI"],
    ),
    build_paper(
        id="bert",
        title="Pre-training of Deep Bidirectional Transformers",
        year=2024,
        abstract="In-context learning is not needed.",
        venue="NAACL",
    ),
    build_paper(id="bare", title="A Bare Listing Entry"),
]
DAYS = (400, 30, 3, 8, 0, 100, 2)
PAPERS = [replace(paper, added=ago(days)) for paper, days in zip(MADE, DAYS, strict=True)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of these papers, some of them with marks."""
    home = tmp_path_factory.mktemp("language")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        with Library.open(home / "library") as library:
            stock(library)
            yield library


def stock(library: Library) -> None:
    """Add these papers and marks to a library."""
    library.add(PAPERS[:4], "old page")
    library.add(PAPERS[4:], "new page")
    library.apply(Bookmark(("kepes", "gpt4")))
    library.apply(Read(("kepes", "bert")))
    library.apply(Tag(("gpt4",), add=("nlp/rag",)))
    library.apply(Tag(("math",), add=("nlp",)))
    library.apply(Note(("bare",), "Ask Müller about this"))


def found(library: Library, text: str, *, typing: bool = False) -> set[str]:
    results = library.search(text, typing=typing)
    assert not results.notes, results.notes
    return {hit.id for hit in results.hits if hit.match == "all"}


def read_cases(cases: str) -> list[tuple[str, set[str]]]:
    """Return queries with the ids that they match, one for each line."""
    lines = [line.rsplit(" = ", 1) for line in cases.strip().splitlines()]
    return [(text.strip(), set(ids.split()) - {"none"}) for text, ids in lines]


ALL = "kepes latex gpt4 gpt35 math bert bare"


@pytest.mark.parametrize(("text", "ids"), read_cases(r"""
    Képes = kepes latex
    kepes = kepes latex
    KEPES = kepes latex
    K\'epes = kepes latex
    K\'{e}pes = kepes latex
    Schrödinger = kepes latex
    schrodinger = kepes latex
    Schr\"odinger = kepes latex
    Schr"odinger = kepes latex
    Schr\"{o}dinger = kepes latex
    "schrodinger bridge" = latex
    "Schrödinger bridge" = latex
    naive = latex
    naïve = latex
    Erdős = latex
    author:erdos = latex
    author:Erdős = latex
    author:Erd\H{o}s = latex
    author:"Pál Erdős" = latex
    author:muller = kepes
    author:Müller = kepes
    author:"jorg muller" = kepes
    tag:NLP = gpt4 math
    note:müller = bare
    note:MULLER = bare
"""))  # fmt: skip
def test_accents_and_latex_match_plain_letters(shelf: Library, text: str, ids: set[str]) -> None:
    assert found(shelf, text) == ids


@pytest.mark.parametrize(("text", "ids"), read_cases(r"""
    GPT-4 = gpt4
    GPT4 = gpt4
    gpt 4 = gpt4
    "GPT-4" = gpt4
    GPT-3.5 = gpt35
    GPT-3 = gpt35
    GPT-2 = gpt35
    GPT = gpt4 gpt35
    T5 = gpt35
    C4 = gpt4
    1.5B = gpt4
    S^3c-Math = math
    s3c-math = math
    S3cMath = math
    F1 = math
    C++ = math
    3D = math
    0.9 = math
    3d scenes = math
    pre-training = bert
    pretraining = bert
    "in-context learning" = bert
    "in context learning" = bert
    In-Context = bert
    step-level = math
"""))  # fmt: skip
def test_names_with_digits_and_signs_match(shelf: Library, text: str, ids: set[str]) -> None:
    assert found(shelf, text) == ids


@pytest.mark.parametrize(("text", "ids"), read_cases("""
    year:2023 = gpt4 gpt35
    year:=2023 = gpt4 gpt35
    year:2020..2023 = latex gpt4 gpt35
    year:2024.. = math bert
    year:..2019 = kepes
    year:>=2023 = gpt4 gpt35 math bert
    year:>2023 = math bert
    year:<=2020 = kepes latex
    year:<2020 = kepes
    year:202 = latex gpt4 gpt35 math bert
    -year:2023 = kepes latex math bert bare
    year:(2019 OR 2020) = kepes latex
    date:2023 = gpt4 gpt35
    date:2023-01 = gpt35
    date:2023-02.. = gpt4 math bert
    date:2020-02-29 = latex
    date:2020-02..2023-01 = latex gpt35
    date:..2020 = kepes latex
    date:>2023-01-15 = gpt4 math bert
    date:>=2023-01-15 = gpt4 gpt35 math bert
    date:<2020-02-29 = kepes
    date:7d = none
    added:1d = math
    added:7d = gpt4 math bare
    added:2w = gpt4 gpt35 math bare
    added:3m = latex gpt4 gpt35 math bare
    added:1y = latex gpt4 gpt35 math bert bare
    added:today = math
    votes:>50 = gpt4
    votes:>=50 = latex gpt4
    votes:50 = latex
    votes:5..50 = kepes latex
    votes:<50 = kepes
    votes:0 = none
"""))  # fmt: skip
def test_ranges_match_papers(shelf: Library, text: str, ids: set[str]) -> None:
    assert found(shelf, text) == ids


@pytest.mark.parametrize(("text", "ids"), read_cases(f"""
    is:bookmarked = kepes gpt4
    is:read = kepes bert
    is:unread = latex gpt4 gpt35 math bare
    is:tagged = gpt4 math
    is:untagged = kepes latex gpt35 bert bare
    is:noted = bare
    is:selected = none
    is:incomplete = {ALL}
    IS:READ = kepes bert
    is:(read OR noted) = kepes bert bare
    has:abstract = kepes latex gpt4 gpt35 math bert
    has:authors = kepes latex
    has:code = gpt4
    has:doi = math
    has:arxiv = gpt4
    has:url = gpt4 math
    has:year = kepes latex gpt4 gpt35 math bert
    has:venue = gpt4 math bert
    has:keywords = gpt35
    has:note = bare
    -has:abstract = bare
    NOT is:unread = kepes bert
    source:"new page" = math bert bare
    source:old = kepes latex gpt4 gpt35
    tag:nlp/rag = gpt4
    tag:(nlp OR none) = gpt4 math
    category:cs = gpt35 math
    category:cs.AI = math
    keyword:bots = gpt35
    venue:acl = math
    id:GPT4 = gpt4
    id:gpt* = gpt4 gpt35
    doi:10.1000/182 = math
    doi:https://doi.org/10.1000/182 = math
    arxiv:2303.08774v2 = gpt4
    arxiv:2303* = gpt4
    -tag:nlp -is:read = latex gpt35 bare
    ( ) = {ALL}
"""))  # fmt: skip
def test_states_and_labels_match_papers(shelf: Library, text: str, ids: set[str]) -> None:
    assert found(shelf, text) == ids


@pytest.mark.parametrize(("text", "ids"), read_cases("""
    transformrs~ = bert
    trnsformers~ = bert
    scnes~ = math
    author:erdis~ = latex
    transf* = bert
    gpt* = gpt4 gpt35
    title:gpt-4 = gpt4
    abstract:gpt-2 = gpt35
    title:gpt-2 = none
    gpt -title:technical = gpt35
    gpt NOT report = gpt35
    bridge OR bidirectional = latex bert
    (bridge OR bidirectional) proof = latex
    "deep bidirectional transformers" = bert
    "bidirectional deep" = none
    title:(gpt chatting) = gpt35
"""))  # fmt: skip
def test_fuzzy_prefix_field_and_operator_match_papers(
    shelf: Library, text: str, ids: set[str]
) -> None:
    assert found(shelf, text) == ids


@pytest.mark.parametrize(("text", "ids"), read_cases("""
    schr = kepes latex
    gpt-3. = gpt35
    s^3 = math
    author:ker = none
    author:ké = kepes
    author:"jörg mü = kepes
    "in-context lea = bert
    "sentences wi = kepes
    "training o = bert
    bridge-o = latex
    (bridge OR bidir = latex bert
    year:202 = latex gpt4 gpt35 math bert
    year:2023.. = gpt4 gpt35 math bert
    votes:> = kepes latex gpt4 gpt35 math bert bare
    is:un = latex gpt4 gpt35 math bare kepes bert
    tag:n = gpt4 math
    bridge -pro = none
"""))  # fmt: skip
def test_unfinished_query_means_completed_query(shelf: Library, text: str, ids: set[str]) -> None:
    assert found(shelf, text, typing=True) == ids


def test_fuzzy_match_ignores_case(shelf: Library) -> None:
    assert found(shelf, "TRNSFORMERS~") == {"bert"}
