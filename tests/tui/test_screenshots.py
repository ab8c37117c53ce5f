"""The screenshots: drawn by the program, offline, and shown in the READMEs."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "screenshots"

WORDS = {
    "main": ["Papers", "Segment Anything", "#vision/segmentation", "undo: u"],
    "search": ["tag:nlp -venue:OpenAI language model", "+tag:nlp", "clear: F", "Language"],
    "related": ["Related to Attention Is All You Need", "in common: ", "back: Esc"],
    "tagging": ["Tag 3 papers", "+toread", "#nlp/attention", "3 selected"],
    "export": ["Export ", "carrel-bookmarks.bib", "BibTeX", "Markdown", "Enter export"],
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    subprocess.run(
        [sys.executable, str(SCREENSHOTS / "make.py"), str(folder)],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "HOME": str(folder)},
    )
    return folder


def _text(picture: Path) -> str:
    """Return the words of a picture, a line of the screen a line."""
    lines: dict[str, list[str]] = {}
    for element in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text"):
        lines.setdefault(element.get("y", ""), []).append("".join(element.itertext()))
    return "\n".join("".join(pieces) for pieces in lines.values()).replace("\xa0", " ")


@pytest.mark.parametrize("name", WORDS)
def test_screenshot_shows_expected_text(drawn: Path, name: str) -> None:
    text = _text(drawn / f"{name}.svg")
    assert [words for words in WORDS[name] if words not in text] == []


@pytest.mark.parametrize("name", WORDS)
def test_screenshot_references_no_host(drawn: Path, name: str) -> None:
    svg = (drawn / f"{name}.svg").read_text(encoding="utf-8")
    assert "@font-face" not in svg
    assert "url(http" not in svg
    assert "monospace" in svg


def test_readmes_show_every_picture() -> None:
    pages = [ROOT / "README.md", ROOT / "tui/README.md"]
    readmes = "".join(page.read_text(encoding="utf-8") for page in pages)
    shown = re.findall(r"!\[[^\]]+\]\((?:\.\./)?screenshots/(\w+)\.svg\)", readmes)
    assert sorted(shown) == sorted(WORDS)
    assert [name for name in shown if not (SCREENSHOTS / f"{name}.svg").is_file()] == []
