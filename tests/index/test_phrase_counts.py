"""A phrase finds the papers that a plain scan of all texts finds: every word, each in its place.

`python -m tests.index.test_phrase_counts` compares all phrases of the saved pages instead of some.
"""

import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from index import Library, Paper
from index.importing.service import ImportRequest
from index.text.analysis import is_stop_word, stem
from index.text.folding import fold
from index.text.query_terms import halves
from tests.bench.corpus import PAGES
from tests.bench.measures import everything

SAMPLE = 300

_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"(?<=\w)[-‐‑](?=\w)")  # not a decimal point: 1.3B is not 13B
_CLITIC = re.compile(r"(?<=\w)['’][a-z]\b")


def words_of(text: str) -> list[str]:
    """Return the stems of a text, without the s of possessives."""
    return stems(_WORD.findall(_CLITIC.sub("", fold(text))))


def stems(words: Iterable[str]) -> list[str]:
    """Return the stems of words; stop words are marked, since `doing` has the stem `do`."""
    return [f"*{word}" if is_stop_word(word) else stem(word) for word in words]


def phrases_of(papers: Iterable[Paper]) -> list[str]:
    """Return all runs of two to four words, separated by one space in the texts."""
    found = set()
    for paper in papers:
        for text in (paper.title, paper.abstract):
            for run in re.findall(r"(?<!\S)[A-Za-z0-9]+(?: [A-Za-z0-9]+)+(?!\S)", text):
                words = run.split()
                for size in (2, 3, 4):
                    for at in range(len(words) - size + 1):
                        found.add(" ".join(words[at : at + size]).lower())
    return sorted(found)


class Scan:
    """Texts as stems joined by spaces, searched from start to end.

    Each is searched twice, with the parts of compounds apart and as one word.
    """

    def __init__(self, papers: Iterable[Paper]) -> None:
        papers = list(papers)
        folded = " ".join(fold(f"{paper.title} {paper.abstract}") for paper in papers)
        self.words = {*_WORD.findall(folded), *_WORD.findall(folded.replace("-", ""))}
        self.texts = {
            paper.id: tuple(
                f" {' '.join(words_of(written))} "
                for text in (paper.title, paper.abstract)
                for written in (text, _JOINT.sub("", text))
            )
            for paper in papers
        }

    def found(self, phrase: str) -> set[str]:
        """Return the papers with a phrase, or with two words as one, or one word as two."""
        runs = [f" {' '.join(run)} " for run in self.written(phrase)]
        return {
            paper
            for paper, texts in self.texts.items()
            if any(run in text for run in runs for text in texts)
        }

    def written(self, phrase: str) -> Iterator[list[str]]:
        """Yield the stems of a phrase, and of the other ways to write it with known words."""
        words = phrase.split()
        others = [words]
        for at, word in enumerate(words):
            if at and len(words[at - 1] + word) > 2 and words[at - 1] + word in self.words:
                others.append([*words[: at - 1], words[at - 1] + word, *words[at + 1 :]])
            for pair in halves(word):
                if self.words.issuperset(pair):
                    others.append([*words[:at], *pair, *words[at + 1 :]])
        return map(stems, others)


def differing(library: Library, phrases: Iterable[str], scan: Scan) -> Iterator[str]:
    """Yield each phrase for which search and scan differ, with the papers."""
    for phrase in phrases:
        results = library.search(f'"{phrase}"', limit=10_000)
        searched = {hit.id for hit in results.hits if hit.match == "all"}
        if searched != (scanned := scan.found(phrase)):
            yield f"{phrase}: {sorted(searched ^ scanned)}, {len(searched)} and {len(scanned)}"


@pytest.mark.skipif(not PAGES.is_dir(), reason="no ../shared/pages beside the checkout")
def test_phrase_counts_equal_those_of_a_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Library.open(tmp_path / "library") as library:
        library.import_files(ImportRequest(tuple(map(str, sorted(PAGES.glob("*.txt"))))))
        papers = everything(library)
        phrases = random.Random(18).sample(phrases_of(papers), SAMPLE)
        assert list(differing(library, phrases, Scan(papers))) == []


def main() -> int:
    """Compare all phrases; print those that differ."""
    with tempfile.TemporaryDirectory() as home, Library.open(Path(home)) as library:
        library.import_files(ImportRequest((str(PAGES),)))
        papers = everything(library)
        phrases = phrases_of(papers)
        lines = list(differing(library, phrases, Scan(papers)))
    print(*lines, f"{len(lines)} of {len(phrases):,} phrases differ", sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
