"""Pages of titles and abstracts are read in spite of wrapping, truncation and damage."""

import io
import random
import re
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.listing import FORMAT, read, recognise
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.text.encodings import decode
from tests.examples import examples

SHARED = Path(__file__).parents[2].parent / "shared"
PAGES = SHARED / "pages"
REAL = {
    "000_d82726cc43cb75d7.txt": 252,
    "001_0aa625a66d655be1.txt": 88,
    "004_9d55c3b7fe4dbf6a.txt": 119,
}

needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason="the shared pages are not here")
needs_formats = pytest.mark.skipif(
    not (SHARED / "formats").is_dir(), reason="the shared formats are not here"
)

Pair = tuple[str, str]

LINES_HEAD = (
    "Get trending papers in your email inbox once a day!\n"
    "Get trending papers in your email inbox!\nSubscribe"
)
BLANKS_HEAD = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\n"
    "byAK and the research community\n\nMar 11\n\n"
)
FOOT = """Previous
Next
Trending Papers ranked by GitHub stars activity
Company
TOS
Privacy
About
Careers
Website
Models
Datasets
Spaces
Pricing
Docs
"""

PAIRS: list[Pair] = [
    (
        "p-Rake: Raking Leaves with Progressive Patience",
        "Raking remains hard for small gardens, where leaves fall faster than they are gathered. "
        "We present p-Rake, a method that rakes in the order of the wind. On three lawns it "
        "gathers twice as many leaves as the best known rake, at half of the effort.",
    ),
    (
        "Ladders learn to lean by gradient descent",
        "It is not known why ladders lean. In this work we show that leaning follows the gradient "
        "of the wall, and prove that no ladder does better. Code is at "
        "https://github.com/example/ladders",
    ),
    (
        "wav2leaf 2.0: What Do Trees Hear?",
        "Trees are often assumed to hear nothing. This paper measures what they hear, with a "
        "corpus of 1.2 million rustles, and finds that models of trees hear at least as much as "
        "we do. The corpus, the models and the trees are open to everyone.",
    ),
    (
        "Mind the Hedge!",
        "Hedges hide more than they show. We study hedges in the wild and propose to look behind "
        "them. Experiments on two benchmarks confirm that this is where everything is.",
    ),
]


def papers(data: bytes | str, date: str = "") -> tuple[list[Pair], list[Skipped], Origin]:
    origin = Origin("page.txt", date)
    found: list[Pair] = []
    skipped: list[Skipped] = []
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    for entry in read(stream, origin):
        if isinstance(entry, ParsedPaper):
            assert entry.paper.title
            found.append((entry.paper.title, entry.paper.abstract))
            assert entry.position == len(found)
        else:
            skipped.append(entry)
    return found, skipped, origin


def in_lines(pairs: Sequence[Pair], width: int = 0) -> str:
    return LINES_HEAD + "\n".join(wrapped(text, width) for pair in pairs for text in pair if text)


def in_blanks(pairs: Sequence[Pair], width: int = 0) -> str:
    return BLANKS_HEAD + "\n\n".join(
        wrapped(text, width) for pair in pairs for text in pair if text
    )


def wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_long_words=False) if width else text


def real(name: str) -> list[Pair]:
    return papers((PAGES / name).read_bytes())[0]


def recovered(want: Sequence[Pair], got: Sequence[Pair]) -> float:
    """Return the share of pairs that came back."""
    have = set(got)
    return sum(pair in have for pair in want) / len(want)


SHAPES: list[Callable[[Sequence[Pair], int], str]] = [in_lines, in_blanks]


@needs_pages
@pytest.mark.parametrize(("name", "count"), REAL.items())
def test_real_pages_give_every_paper_with_abstract(name: str, count: int) -> None:
    found, skipped, _ = papers((PAGES / name).read_bytes())
    assert (len(found), len(skipped)) == (count, 0)
    assert all(len(title) < 250 < len(abstract) for title, abstract in found)


@needs_pages
def test_real_titles_and_abstracts_are_complete() -> None:
    first, *_, last = real("000_d82726cc43cb75d7.txt")
    assert first[0] == (
        "Oreo: A Plug-in Context Reconstructor to Enhance Retrieval-Augmented Generation"
    )
    assert first[1].startswith("Despite the remarkable capabilities of Large Language Models")
    assert last[1].endswith("math question-answering tasks.")
    titles = {title for title, _ in real("001_0aa625a66d655be1.txt")}
    assert "Transformers learn in-context by gradient descent" in titles
    assert "p-MoD: Building Mixture-of-Depths MLLMs via Progressive Ratio Decay" in titles


@needs_pages
@pytest.mark.parametrize("name", REAL)
def test_real_pages_are_recognised_without_header(name: str) -> None:
    text = decode((PAGES / name).read_bytes())
    assert recognise(text[:65536])
    assert recognise("\n".join(f"{title}\n{abstract}" for title, abstract in real(name))[:65536])


@needs_pages
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", REAL)
def test_real_papers_match_between_captures(
    name: str, shape: Callable[[Sequence[Pair], int], str]
) -> None:
    pairs = real(name)
    assert papers(shape(pairs, 0))[:2] == (pairs, [])


@needs_pages
@pytest.mark.parametrize("width", [60, 72, 80, 100, 120])
@pytest.mark.parametrize("name", REAL)
def test_real_papers_are_read_from_wrapped_paragraphs(name: str, width: int) -> None:
    pairs = real(name)
    assert papers(in_blanks(pairs, width))[:2] == (pairs, [])


@needs_pages
@pytest.mark.parametrize("width", [60, 72, 80, 100, 120])
def test_real_papers_are_read_from_wrapped_lines(width: int) -> None:
    pairs = [pair for name in REAL for pair in real(name)]
    assert recovered(pairs, papers(in_lines(pairs, width))[0]) >= 0.985


@needs_pages
@pytest.mark.parametrize("name", REAL)
def test_broken_abstract_affects_no_other(name: str) -> None:
    pairs = real(name)
    chance = random.Random(name)
    for _ in range(5):
        at = chance.randrange(len(pairs))
        words = pairs[at][1].split(" ")
        cut = chance.randrange(1, len(words))
        lines = in_lines(pairs).split("\n")
        place = lines.index(pairs[at][1])
        lines[place : place + 1] = [" ".join(words[:cut]), " ".join(words[cut:])]
        assert recovered(pairs, papers("\n".join(lines))[0]) >= 1 - 1 / len(pairs)


@needs_pages
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", REAL)
def test_missing_titles_are_reported(
    name: str, shape: Callable[[Sequence[Pair], int], str]
) -> None:
    pairs = real(name)
    lost = {*random.Random(name).sample(range(len(pairs)), 6), 3, 4, 5}
    kept = [pair for at, pair in enumerate(pairs) if at not in lost]
    text = shape([("" if at in lost else t, a) for at, (t, a) in enumerate(pairs)], 0)
    found, skipped, _ = papers(text)
    assert found == kept
    lines = text.split("\n")
    assert [lines[each.line - 1] for each in skipped] == [pairs[at][1] for at in sorted(lost)]


@needs_pages
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", REAL)
def test_missing_abstracts_leave_titles(
    name: str, shape: Callable[[Sequence[Pair], int], str]
) -> None:
    pairs = real(name)
    lost = {*random.Random(name).sample(range(len(pairs)), 6), 7, 8}
    pairs = [(t, "" if at in lost else a) for at, (t, a) in enumerate(pairs)]
    assert papers(shape(pairs, 0))[:2] == (pairs, [])


@needs_pages
@pytest.mark.parametrize("name", REAL)
def test_truncated_page_keeps_earlier_papers(name: str) -> None:
    data, pairs, chance = (PAGES / name).read_bytes(), real(name), random.Random(name)
    for _ in range(5):
        found, skipped, _ = papers(data[: chance.randrange(500, len(data))])
        *whole, (title, abstract) = found
        assert not skipped
        assert whole == pairs[: len(whole)]
        assert pairs[len(whole)][0].startswith(title)
        assert pairs[len(whole)][1].startswith(abstract)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("width", [0, 72])
def test_line_ends_encodings_and_widths_change_nothing(
    shape: Callable[[Sequence[Pair], int], str], newline: str, encoding: str, width: int
) -> None:
    data = shape(PAIRS, width).replace("\n", newline).encode(encoding)
    assert papers(data)[:2] == (PAIRS, [])
    assert recognise(decode(data))


@pytest.mark.parametrize(
    "head",
    [
        "",
        "Subscribe",
        "Daily Papers\nby AK and the research community\nDaily\nWeekly\nMonthly\n",
        "new\nGet trending papers in your email inbox!\nSubscribe\nTrending Papers\nMar 11\n",
        "Hugging Face\nModels\nDatasets\nSpaces\nDaily Papers\nbyAK & the research community\n",
    ],
)
@pytest.mark.parametrize("foot", ["", "\n" + FOOT, "\n\n" + FOOT.replace("\n", "\n\n")])
def test_site_navigation_is_no_paper(head: str, foot: str) -> None:
    text = head + "\n".join(text for pair in PAIRS for text in pair) + foot
    assert papers(text)[:2] == (PAIRS, [])


def test_menu_words_among_papers_are_titles() -> None:
    pairs = [PAIRS[0], ("Models", PAIRS[1][1]), PAIRS[2]]
    assert papers(in_lines(pairs))[0] == pairs


@pytest.mark.parametrize(
    ("line", "given", "date"),
    [
        ("Mar 11", "", "--03-11"),
        ("Mar 11, 2025", "", "2025-03-11"),
        ("March 11, 2025", "", "2025-03-11"),
        ("Mar 11", "2025", "2025-03-11"),
        ("Mar 11", "2025-04", "2025-04"),
        ("Mar 11", "2025-04-02", "2025-04-02"),
        ("Mar 11, 2024", "2025", "2025"),
        ("Feb 30", "", ""),
        ("Feb 29", "2025", "2025"),
        ("Feb 29", "", "--02-29"),
    ],
)
def test_page_date_is_date_of_source(line: str, given: str, date: str) -> None:
    text = in_blanks(PAIRS).replace("Mar 11", line)
    found, _, origin = papers(text, given)
    assert (found, origin.date) == (PAIRS, date)


def test_unknown_fields_are_empty() -> None:
    stream = io.BytesIO(in_blanks(PAIRS).encode())
    for entry in read(stream, Origin("page.txt", "2025")):
        assert isinstance(entry, ParsedPaper)
        paper = entry.paper
        assert (paper.year, paper.date, paper.authors, paper.url) == (None, None, (), "")
    stream.seek(0)
    second = list(read(stream, Origin("page.txt")))[1]
    assert isinstance(second, ParsedPaper)
    assert second.paper.code == ("https://github.com/example/ladders",)


def test_entries_have_line_and_position() -> None:
    stream = io.BytesIO(in_blanks(PAIRS).encode())
    entries = [
        entry for entry in read(stream, Origin("page.txt")) if isinstance(entry, ParsedPaper)
    ]
    assert [entry.position for entry in entries] == [1, 2, 3, 4]
    assert [entry.line for entry in entries] == [11, 15, 19, 23]


def test_abstract_without_title_is_skipped_with_its_line() -> None:
    pairs = [PAIRS[0], ("", PAIRS[1][1]), ("", PAIRS[2][1]), PAIRS[3]]
    found, skipped, _ = papers(in_blanks(pairs))
    assert found == [PAIRS[0], PAIRS[3]]
    assert [each.line for each in skipped] == [15, 17]
    assert "no title" in skipped[0].reason


def test_titles_without_abstracts_are_papers() -> None:
    pairs = [PAIRS[0], (PAIRS[1][0], ""), (PAIRS[2][0], ""), PAIRS[3]]
    for shape in SHAPES:
        assert papers(shape(pairs, 0))[:2] == (pairs, [])


def test_hyphenated_word_is_joined() -> None:
    title, abstract = PAIRS[0][0], "We compare pre- and post-rain raking, state-of-the-art or not."
    text = in_blanks([(title, abstract), *PAIRS[1:]])
    text = text.replace("pre- and", "pre-\nand").replace("of-the-art", "of-the-\nart")
    assert papers(text)[0][0] == (title, abstract)


NOUNS = "garden ladder hedge orchard meadow lantern harbour kettle pigeon tunnel".split()
VERBS = "improves measures explains gathers follows predicts".split()
titles = st.lists(st.sampled_from(NOUNS), min_size=2, max_size=9).map(
    lambda words: f"On the {' '.join(words).title()}"
)
sentences = st.builds(
    lambda verb, words: (
        f"Here the {words[0]} {verb} what we know of the {' and the '.join(words)}."
    ),
    st.sampled_from(VERBS),
    st.lists(st.sampled_from(NOUNS), min_size=3, max_size=12),
)
abstracts = st.lists(sentences, min_size=4, max_size=10).map(
    lambda each: " ".join(["In this paper we study gardens.", *each])
)


@examples(60)
@given(
    st.lists(st.tuples(titles, abstracts), min_size=3, max_size=8),
    st.sampled_from([(in_lines, 0), (in_blanks, 0), (in_blanks, 60), (in_blanks, 100)]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.booleans(),
)
def test_generated_page_round_trips(
    pairs: list[Pair],
    shape: tuple[Callable[[Sequence[Pair], int], str], int],
    newline: str,
    mark: bool,
    head: bool,
) -> None:
    text = shape[0](pairs, shape[1])
    if not head:
        text = text.removeprefix(LINES_HEAD).removeprefix(BLANKS_HEAD)
    data = text.replace("\n", newline).encode("utf-8-sig" if mark else "utf-8")
    assert papers(data)[:2] == (pairs, [])


@examples(150)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_without_exception(data: bytes) -> None:
    papers(data)
    recognise(decode(data))


@examples(150)
@given(st.lists(st.sampled_from([*LINES_HEAD.split("\n"), "Mar 11", "", "new", "\x1b]", "Next"]
                                + [text for pair in PAIRS for text in pair])))  # fmt: skip
def test_every_line_is_imported_skipped_or_navigation(lines: list[str]) -> None:
    found, skipped, _ = papers("\n".join(lines))
    count = sum(any(line in pair for pair in PAIRS) for line in lines)
    assert (count > 0) == (len(found) + len(skipped) > 0)


OTHERS = {
    "nothing": "",
    "BibTeX": "@article{a,\n  title = {On Models},\n  abstract = {We propose a method.}\n}\n",
    "JSON": '[\n  {"title": "On Models", "abstract": "We propose a method."}\n]\n',
    "JSON lines": '{"title": "On Models", "abstract": "We propose a method."}\n' * 3,
    "RIS": "TY  - JOUR\nTI  - On Models\nAB  - We propose a method.\nER  - \n",
    "nbib": "PMID- 123\nTI  - On Models\nAB  - We propose a method.\n",
    "XML": "<?xml version='1.0'?>\n<feed><title>Daily Papers</title></feed>\n",
    "HTML": "<!doctype html>\n<p>\nDaily Papers\n</p>\n",
    "CSV": "title,abstract\nOn Models,We propose a method.\nOn Methods,We propose a model.\n",
    "Python": '"""Daily papers."""\n\nimport re\n\n\ndef read(text):\n    return re.split(text)\n',
    "a mail": "From: a@example.org\nSubject: Our paper\n\nDear all,\n\nwe propose to meet.\n",
    "a README": "# Rake\n\nA rake.\n\n## Use\n\nWe propose our method:\n\n```\nrake\n```\n",
    "binary": "\0\1\2We propose a method.\0",
    "a licence": "The Rake Licence\n\n"
    + "\n\n".join(wrapped(f"Permission is granted to rake a {n}. " * 5, 72) for n in NOUNS),
    "a chapter": "Chapter One\n\n"
    + "\n\n".join(f"The {n} was quiet that day. We had our tea, as ever. " * 8 for n in NOUNS),
    "a capture in Markdown": "\n".join(
        f"### [{title}](https://huggingface.co/papers/2501.0000{n})\n\n{abstract}\n"
        for n, (title, abstract) in enumerate(PAIRS)
    ),
    "a capture with references": "Daily Papers\n"
    + "\n".join(f"[{title}][{n}]\n{abstract}" for n, (title, abstract) in enumerate(PAIRS, 31)),
}  # fmt: skip


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_other_texts_are_not_recognised(text: str) -> None:
    assert not recognise(text)


@needs_formats
def test_files_of_other_formats_are_not_recognised() -> None:
    files = [*(SHARED / "formats").glob("*/*"), *PAGES.glob("*.md")]
    taken = [file.name for file in files if recognise(decode(file.read_bytes()[:65536]))]
    assert files
    assert taken == []


def test_pages_without_header_are_recognised() -> None:
    for width in (0, 72):
        text = in_blanks(PAIRS, width).removeprefix(BLANKS_HEAD)
        assert recognise(text)
        assert recognise(re.sub(r"\n\n+", "\n", text))


def test_format_is_read_only() -> None:
    assert (FORMAT.name, FORMAT.endings, FORMAT.write) == ("listing", (".txt",), None)


def test_short_alternating_abstracts_are_complete() -> None:
    titles = ["On Desks", "Together at Last: Lamps", "Does It Read?", "The Chair"]
    short = "This sentence is an abstract, and the shortest that anybody would think of writing."
    text = "".join(f"{title}\n{short}\n\n" for title in titles)
    for more, cut in (("", []), ("Over\nThis one is cut", [("Over", "This one is cut")])):
        got, _, _ = papers(text + more)
        assert got == [*((title, short) for title in titles), *cut]
