"""Hugging Face lists as JSON: API responses, and lists scraped from its pages."""

import io
import json
from pathlib import Path

import pytest

from index.formats import detect, huggingface
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper

DATA = Path(__file__).parents[1] / "data" / "json"


def papers(data: bytes, origin: Origin | None = None) -> list[Paper]:
    entries = list(huggingface.read(io.BytesIO(data), origin or Origin("list.json")))
    assert all(isinstance(entry, ParsedPaper) for entry in entries)
    return [entry.paper for entry in entries if isinstance(entry, ParsedPaper)]


def of_file(name: str) -> list[Paper]:
    return papers((DATA / name).read_bytes())


def test_daily_list_gives_all_fields() -> None:
    first, second = of_file("huggingface-daily.json")
    assert first.title == "Desks and Lamps: A Study of Reading"
    assert first.authors == ("Mira Okafor", "Jonas Lindqvist")
    assert (first.date, first.year) == ("2025-03-10", 2025)
    assert (first.arxiv_id, first.votes) == ("2503.04242", 41)
    assert first.url == "https://huggingface.co/papers/2503.04242"
    assert first.code == ("https://github.com/example/desks", "https://github.com/example/lamps")
    assert "https://lamps.example.org" in first.urls
    assert first.keywords == ("reading", "desk lamps")
    assert first.abstract.startswith("We study how people read at desks. Lamps help, by 12%")
    assert (second.votes, second.authors) == (0, ("Wei Zhang",))


def test_single_paper_is_read() -> None:
    (paper,) = of_file("huggingface-paper.json")
    assert (paper.arxiv_id, paper.votes, paper.date) == ("2503.04242", 41, "2025-03-10")


def test_scraped_list_is_read() -> None:
    first, second, third = of_file("huggingface-scraped.json")
    assert (first.arxiv_id, first.votes) == ("2503.04242", 1200)
    assert first.code == ("https://github.com/example/desks",)
    assert (first.authors, first.et_al) == (("Jonas Lindqvist", "miraok"), False)
    assert second.et_al
    assert (second.arxiv_id, third.arxiv_id) == ("2503.04243", "2503.04244")


def test_title_in_place_of_abstract_is_dropped() -> None:
    assert [paper.abstract for paper in of_file("huggingface-scraped.json")] == [
        "",
        "Shelves hold books, and this says how many.",
        "",
    ]


@pytest.mark.parametrize("name", ["huggingface-daily.json", "huggingface-scraped.json"])
@pytest.mark.parametrize(
    ("given", "date"),
    [("", "2025-03-11"), ("2025-03", "2025-03-11"), ("2024-01-01", "2024-01-01"), ("2024", "2024")],
)
def test_list_date_is_date_of_source(name: str, given: str, date: str) -> None:
    origin = Origin(name, given)
    papers((DATA / name).read_bytes(), origin)
    assert origin.date == date


def test_list_of_several_days_has_no_date() -> None:
    many = json.loads((DATA / "huggingface-daily.json").read_text())
    many[1]["paper"]["submittedOnDailyAt"] = "2025-03-12T00:00:00.000Z"
    origin = Origin("search.json")
    papers(json.dumps(many).encode(), origin)
    assert origin.date == ""


@pytest.mark.parametrize(
    "shape",
    [
        {"paper": [], "title": "T", "upvotes": 3},
        {"paper": {"id": 7, "title": "T", "authors": "A", "upvotes": "many"}},
        {"paper": {"id": "../..\x1b[2J", "title": "T", "authors": [None, {"name": 3}]}},
        {"paper_url": 7, "title": "T", "details": None, "stars": [], "authors": {"a": 1}},
        {"title": "T", "details": {"abstract": ["x"], "github_links": [1, "javascript:a"]}},
    ],
)
def test_values_of_wrong_type_count_as_missing(shape: dict[str, object]) -> None:
    (paper,) = papers(json.dumps([shape]).encode())
    assert paper.title == "T"
    assert paper.arxiv_id == paper.doi == ""
    assert all(url.isprintable() for url in paper.links)


def test_real_scraped_lists_are_read(shared: Path) -> None:
    for file in sorted((shared / "formats" / "hf-daily-json").glob("*.json")):
        data = file.read_bytes()
        form = detect(data[:65_536], file.name)
        assert form
        assert form.name == "huggingface"
        origin = Origin(file.name)
        read = papers(data, origin)
        expected = json.loads(data)
        assert [paper.title for paper in read] == [" ".join(t["title"].split()) for t in expected]
        assert all(paper.arxiv_id and paper.title != paper.abstract for paper in read)
        assert "https://github.com/huggingface" not in {url for p in read for url in p.urls}
        assert file.name.endswith(f"{origin.date}.json")
