"""The screenshots: drawn by the program, offline, and shown in the READMEs."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from filelock import FileLock
from rich.cells import cell_len

from screenshots.svg import CELL_WIDTH, SHAPES, Picture, write_animation

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "screenshots"

WORDS = {
    "main": ["Papers", "Segment Anything", "#vision/segmentation", "undo: u"],
    "tagging": ["Tag 3 papers", "+toread", "3 selected"],
    "triage": ["Triage", "5 of 12", "Learning to Read Clay"],
    "page-60x20-light": ["Gardens of Forking Prompts", "Papers", "Paper"],
    "shelf-200x50-dark": ["tag:nlp -venue:OpenAI language model", "Filters", "Language"],
    "typing": ["language models", "search titles and abstracts"],
}
"""Texts in some of the pictures; drawing all of them would take too long."""


def draw(folder: Path, *names: str) -> None:
    subprocess.run(
        [sys.executable, str(SCREENSHOTS / "make.py"), str(folder), *names],
        check=True,
        capture_output=True,
        timeout=200,
        env={**os.environ, "HOME": str(folder)},
    )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "pictures"  # of all workers
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            folder.mkdir()
            draw(folder, *WORDS)
    return folder


def _lines(picture: Path) -> str:
    """Return the words of a picture, a line of the screen a line."""
    lines: dict[str, list[str]] = {}
    for element in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text"):
        lines.setdefault(element.get("y", ""), []).append("".join(element.itertext()))
    return "\n".join(" ".join(pieces) for pieces in lines.values()).replace("\xa0", " ")


@pytest.mark.parametrize("name", WORDS)
def test_screenshot_shows_expected_text(drawn: Path, name: str) -> None:
    text = _lines(drawn / f"{name}.svg")
    assert [words for words in WORDS[name] if words not in text] == []


@pytest.mark.parametrize("name", WORDS)
def test_screenshot_references_no_host(drawn: Path, name: str) -> None:
    svg = (drawn / f"{name}.svg").read_text(encoding="utf-8")
    assert "url(" not in svg
    assert "href" not in svg
    assert "monospace" in svg
    assert len(svg) < 120_000


@pytest.mark.parametrize("name", WORDS)
def test_screenshot_texts_are_in_their_cells(drawn: Path, name: str) -> None:
    for element in ElementTree.parse(drawn / f"{name}.svg").iter(
        "{http://www.w3.org/2000/svg}text"
    ):
        text = "".join(element.itertext())
        assert int(element.get("textLength", "")) == cell_len(text) * CELL_WIDTH
        assert int(element.get("x", "")) % CELL_WIDTH == 0
        assert not set(text) & set(SHAPES)


def test_screenshot_drawn_again_is_the_same(drawn: Path, tmp_path: Path) -> None:
    draw(tmp_path, "triage")
    assert (tmp_path / "triage.svg").read_bytes() == (drawn / "triage.svg").read_bytes()


def test_animation_shows_each_line_when_it_is_due() -> None:
    pictures = [Picture((f"<text>{at}</text>", "<text>same</text>"), "#000", 80) for at in "aba"]
    svg = write_animation([(picture, 1.0) for picture in pictures])
    assert svg.count("same") == 1
    assert svg.count("<text>a</text>") == 1
    assert "0.00%{visibility:visible}33.33%{visibility:hidden}66.67%{visibility:visible}" in svg
    assert "3s step-end infinite" in svg


def test_readmes_show_pictures_that_exist() -> None:
    pages = [ROOT / "README.md", ROOT / "tui/README.md"]
    readmes = [page.read_text(encoding="utf-8") for page in pages]
    link = re.compile(r"!\[[^\]]+\]\((?:\.\./)?screenshots/([\w-]+\.(?:svg|png))\)")
    front, manual = (link.findall(text) for text in readmes)
    assert len(front) == 3
    assert [x for x in front + manual if not (SCREENSHOTS / x).is_file()] == []
