"""Hostile files: only their invalid entries are lost, and their text has no effect.

The corpus is tests/data/hostile. In files with valid papers around invalid ones, the titles of the
first and the last say so, and both are imported.
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
from index.papers.citation import citation_to_csl
from index.papers.identifiers import web_url
from index.papers.paper import SourceRef
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
                yield item.name if isinstance(item, SourceRef) else str(item)
    yield json.dumps(citation_to_csl(paper.citation), ensure_ascii=False).replace("\\n", "")


def titles(path: Path) -> set[str]:
    """Return the titles of the valid papers in a file."""
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
    def test_hostile_file_loses_only_invalid_entries(self, kept: Library, path: Path) -> None:
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
    def test_hostile_text_has_no_effect_in_exports(self, library: Library, name: str) -> None:
        library.import_paths([CORPUS])
        file = "".join(
            library.export(library.ids(library.search("", limit=0).all_keys().tolist()), name)
        )
        assert FIRST in file.replace("\n", " ") or "first" in file.lower()
        assert not ACTING.search(file.replace("\r\n", "\n"))
        assert "/etc/passwd" not in file.replace("file:///etc/passwd", "") or "root:" not in file

    def test_import_reads_only_given_files(self, library: Library) -> None:
        library.import_paths([CORPUS])
        everything = "".join(text for paper in in_library(library) for text in written(paper))
        assert "root:x:0" not in everything


class TestTexts:
    @examples(50)
    @given(title=texts, other=texts)
    def test_import_any_text_removes_control_characters(
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
MAX_MEMORY_MB = 120
"""Memory limit of the import in MB, half of which Python itself needs."""


class TestSize:
    def test_many_broken_entries_use_little_memory(self, tmp_path: Path) -> None:
        with (tmp_path / "a.jsonl").open("w") as file:
            file.writelines(f'{{"title": {number}}}\n' for number in range(BROKEN))
            file.write(f'{{"title": "{LAST}"}}\n')
        numbers, most = imported(tmp_path / "library", tmp_path / "a.jsonl")
        assert numbers == {"read": BROKEN + 1, "added": 1, "skipped": BROKEN}
        assert most < MAX_MEMORY_MB
