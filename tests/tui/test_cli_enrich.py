"""`carrel enrich`: completing papers from files and services."""

import json
from pathlib import Path

import pytest

from index import Paper
from tests.enrich_services import Shelf, StandIns
from tests.services import Answer, FakeService

from .command import Carrel

ABSTRACT = "We find marks in generated text that survive a second model and a careful editor."
PAGE = json.dumps({"id": "marks", "title": "Marks That Survive in Generated Text",
                   "abstract": ABSTRACT}) + "\n"  # fmt: skip
BIB = f"""@inproceedings{{l25,
  title = {{Marks That Survive in Generated Text}}, author = {{Lovelace, Ada and Hopper, Grace}},
  booktitle = {{Proceedings of ACL}}, year = 2025, pages = {{1--9}}, abstract = {{{ABSTRACT}}}
}}
"""


@pytest.fixture
def listed(carrel: Carrel, tmp_path: Path) -> Path:
    """A library of a paper without authors, and a file that describes the paper."""
    (tmp_path / "page.jsonl").write_text(PAGE)
    (tmp_path / "refs.bib").write_text(BIB)
    carrel("import", str(tmp_path / "page.jsonl"))
    return tmp_path / "refs.bib"


def test_enrich_from_a_file_completes_the_export(carrel: Carrel, listed: Path) -> None:
    done = carrel("enrich", "is:incomplete", "--from", str(listed))
    assert done.code == 0
    assert "completed: authors, year, venue" in done.out
    assert "1 paper looked up: 1 completed" in done.err
    exported = carrel("export", "is:unread", "--format", "bibtex").out
    for line in (
        "@inproceedings{marks,",
        "author = {Lovelace, Ada and Hopper, Grace}",
        "booktitle = {Proceedings of ACL}",
        "year = {2025}",
        "pages = {1--9}",
    ):
        assert line in exported


def test_enrich_without_a_query_takes_the_incomplete_bookmarks(
    carrel: Carrel, listed: Path
) -> None:
    assert json.loads(carrel("enrich", "--from", str(listed), "--json").out)["asked"] == 0
    carrel("bookmark", "marks")
    assert json.loads(carrel("enrich", "--from", str(listed), "--json").out)["completed"] == 1
    assert json.loads(carrel("enrich", "--from", str(listed), "--json").out)["asked"] == 0


def test_enrich_json_has_the_documented_keys(carrel: Carrel, listed: Path) -> None:
    shape = json.loads(carrel("enrich", "is:incomplete", "--from", str(listed), "--json").out)
    counts = {name: shape[name] for name in ("asked", "completed", "unsure", "unknown", "failed")}
    assert counts == {"asked": 1, "completed": 1, "unsure": 0, "unknown": 0, "failed": 0}
    (paper,) = shape["papers"]
    assert paper["id"] == "marks"
    assert (paper["outcome"], paper["by"]) == ("certain", "refs")
    assert {"authors", "year", "venue"} <= set(paper["fields"])
    assert paper["candidates"] == []


def test_enrich_reads_ids_from_standard_input(carrel: Carrel, listed: Path) -> None:
    done = carrel("enrich", "-", "--from", str(listed), stdin="marks\n")
    assert "1 completed" in done.err


def test_enrich_dry_run_changes_nothing(carrel: Carrel, listed: Path) -> None:
    done = carrel("enrich", "is:incomplete", "--from", str(listed), "--dry-run")
    assert "dry run, nothing changed" in done.err
    assert json.loads(carrel("show", "marks", "--format", "jsonl").out)["authors"] == []


def test_enrich_is_undone_whole(carrel: Carrel, listed: Path) -> None:
    carrel("enrich", "is:incomplete", "--from", str(listed))
    assert "undone: completed 1 paper" in carrel("undo").err
    assert json.loads(carrel("show", "marks", "--format", "jsonl").out)["authors"] == []


def test_unsure_candidates_are_listed_and_chosen(carrel: Carrel, listed: Path) -> None:
    listed.write_text(BIB.replace("Generated Text}", "Generated Texts}"))
    done = carrel("enrich", "is:incomplete", "--from", str(listed))
    assert "unsure: similar title" in done.out
    assert "  1  Marks That Survive in Generated Texts · Ada Lovelace, Grace Hopper" in done.out
    assert "choose with carrel enrich --choose marks=N" in done.out
    chosen = carrel("enrich", "--choose", "marks=1")
    assert (chosen.code, "completed: authors" in chosen.out) == (0, True)
    again = carrel("enrich", "--choose", "marks=1")
    assert (again.code, "no candidate 1" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--choose", "marks"), 2, "is not ID=N"),
        (("is:incomplete", "--from", "missing.bib"), 1, "missing.bib: cannot read the file"),
    ],
)
def test_enrich_with_a_wrong_argument_is_an_error(
    carrel: Carrel, listed: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = carrel("enrich", *arguments)
    assert (done.code, message in done.err) == (code, True)


class TestServices:
    @pytest.fixture
    def known(self, carrel: Carrel, listed: Path, service: FakeService) -> StandIns:
        """Stand-ins that know the paper, with the configuration that leads to them."""
        full = Paper(
            "Marks That Survive in Generated Text",
            ABSTRACT,
            authors=("Ada Lovelace", "Grace Hopper"),
            year=2025,
            date="2025-01-03",
            arxiv_id="2501.01234",
        )
        known = StandIns(huggingface=Shelf([full]), arxiv=Shelf([full]))
        service.answers = known
        folder = carrel.home / "config" / "carrel"
        folder.mkdir(parents=True)
        names = ("huggingface", "arxiv", "crossref", "semantic_scholar", "openalex")
        lines = [f'{name}_url = "{service.url}"' for name in names]
        (folder / "config.toml").write_text("\n".join([*lines, "arxiv_pause = 0"]))
        return known

    def test_enrich_says_how_many_papers_go_where(self, carrel: Carrel, known: StandIns) -> None:
        done = carrel("enrich", "is:incomplete", "--service", "huggingface", "--service", "arxiv",
                      "--yes")  # fmt: skip
        assert done.code == 0
        assert done.err.splitlines() == [
            "Hugging Face: at most 1 paper",
            "1 paper looked up: 1 completed",
        ]
        assert known.counts == {"huggingface": 1, "arxiv": 1}
        assert "completed: authors, year, date, arXiv id" in done.out

    def test_enrich_without_confirmation_sends_nothing(
        self, carrel: Carrel, known: StandIns
    ) -> None:
        done = carrel("enrich", "is:incomplete")
        assert (done.code, known.counts) == (2, {})
        assert "confirm with --yes" in done.err

    def test_enrich_from_a_file_alone_sends_nothing(
        self, carrel: Carrel, known: StandIns, listed: Path
    ) -> None:
        assert carrel("enrich", "is:incomplete", "--from", str(listed)).code == 0
        assert known.counts == {}

    def test_failed_service_is_an_error_of_one_line(
        self, carrel: Carrel, known: StandIns, service: FakeService
    ) -> None:
        service.answers = lambda request: Answer("<html>Log in</html>")
        done = carrel("enrich", "is:incomplete", "--service", "hugging_face", "--yes", "--json")
        assert done.code == 1
        assert (done.json["failed"], done.json["unknown"]) == (1, 0)
        assert "Hugging Face sent a web page, not JSON; try again later" in done.err

    def test_unknown_service_is_a_usage_error(self, carrel: Carrel, known: StandIns) -> None:
        done = carrel("enrich", "--service", "dblp")
        assert (done.code, "'dblp' is not one of huggingface, arxiv" in done.err) == (2, True)


def test_import_of_papers_without_authors_says_how_to_complete_them(
    carrel: Carrel, listed: Path
) -> None:
    again = carrel("import", str(listed.parent / "page.jsonl"))
    assert "no authors" not in again.err
    page = listed.parent / "more.jsonl"
    page.write_text('{"title": "One of Two Titles"}\n{"title": "The Other of Two"}\n')
    assert carrel("import", "--dry-run", str(page)).err.count("no authors") == 0
    assert carrel("import", str(page)).err.splitlines() == [
        "2 papers have no authors · carrel enrich is:incomplete",
        "2 papers read: 2 added",
    ]
