"""Files made to do harm: each costs itself at most, and nothing in it acts on anything.

The corpus is tests/data/hostile. In a file with good papers about the bad ones, the first and the
last of it are called so, and both come in.
"""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given

from index import Library, Paper
from index.formats import WRITERS
from index.marks.changes import Bookmark, Note, Tag
from index.papers.identifiers import web_url
from tests.examples import examples
from tests.index.apart import imported
from tests.index.hostile import ACTING, texts

CORPUS = Path(__file__).resolve().parents[1] / "data" / "hostile"
FILES = sorted(path for path in CORPUS.iterdir() if not path.name.startswith("."))
FIRST, LAST = "The First Good Paper of This File", "The Last Good Paper of This File"


@pytest.fixture
def kept(library: Library) -> Library:
    """A library with a paper that the reader has marked."""
    library.add([Paper("Mine", "An abstract.", id="mine")], "before")
    library.apply(Bookmark(("mine",)))
    library.apply(Tag(("mine",), add=("nlp",)))
    library.apply(Note(("mine",), "my words"))
    return library


def written(paper: Paper) -> Iterator[str]:
    """Yield every text of a paper."""
    for field in fields(paper):
        value = getattr(paper, field.name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                yield item if isinstance(item, str) else item.name


def titles(path: Path) -> set[str]:
    """Return those of the good titles that a file holds."""
    data = path.read_bytes()
    return {
        title
        for title in (FIRST, LAST)
        if title.encode() in data or title.encode("utf-16-le") in data
    }


def in_library(library: Library) -> list[Paper]:
    return library.page(library.search("", limit=0))


class TestCorpus:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
    def test_a_bad_file_costs_its_bad_entries_alone(self, kept: Library, path: Path) -> None:
        mine = kept.papers(["mine"])
        report = kept.import_paths([path])
        (file,) = report.files
        assert file.read == file.imported + len(file.skipped) > 0
        assert all(skip.reason and not ACTING.search(skip.reason) for skip in file.skipped)
        found = in_library(kept)
        assert titles(path) <= {paper.title for paper in found}
        assert kept.papers(["mine"]) == mine
        for paper in found:
            assert not [text for text in written(paper) if ACTING.search(text)]
            assert [url for url in paper.links if web_url(url) != url] == []

    @pytest.mark.parametrize("name", WRITERS)
    def test_nothing_of_it_acts_in_an_export(self, library: Library, name: str) -> None:
        library.import_paths([CORPUS])
        file = "".join(library.export(library.ids(library.search("", limit=0).keys.tolist()), name))
        assert FIRST in file.replace("\n", " ") or "first" in file.lower()
        assert not ACTING.search(file.replace("\r\n", "\n"))
        assert "/etc/passwd" not in file.replace("file:///etc/passwd", "") or "root:" not in file

    def test_no_file_is_read_but_those_given(self, library: Library) -> None:
        library.import_paths([CORPUS])
        everything = "".join(text for paper in in_library(library) for text in written(paper))
        assert "root:x:0" not in everything


class TestTexts:
    @examples(50)
    @given(title=texts, other=texts)
    def test_whatever_a_text_holds_it_comes_in_without_what_acts(
        self, library: Library, tmp_path: Path, title: str, other: str
    ) -> None:
        shape = {"title": f"T {title}", "abstract": other, "authors": [other], "venue": other,
                 "url": other, "keywords": [title], "tags": [title], "note": other,
                 "id": title, "doi": other, "sources": [{"name": other}]}  # fmt: skip
        (tmp_path / "a.jsonl").write_text(json.dumps(shape) + "\n")
        library.import_paths([tmp_path / "a.jsonl"])
        for paper in in_library(library):
            assert not [text for text in written(paper) if ACTING.search(text)]


BROKEN = 200_000
MOST_MEMORY = 120
"""Megabytes in which so many are imported; the half of them are Python's own."""


class TestSize:
    def test_many_broken_entries_fill_no_memory(self, tmp_path: Path) -> None:
        with (tmp_path / "a.jsonl").open("w") as file:
            file.writelines(f'{{"title": {number}}}\n' for number in range(BROKEN))
            file.write(f'{{"title": "{LAST}"}}\n')
        numbers, most = imported(tmp_path / "library", tmp_path / "a.jsonl")
        assert numbers == {"read": BROKEN + 1, "added": 1, "skipped": BROKEN}
        assert most < MOST_MEMORY
