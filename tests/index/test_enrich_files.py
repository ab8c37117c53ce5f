"""Papers are completed from files, and nothing else about the library changes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index import CarrelError, Library, Paper
from index.enrich.report import EnrichReport
from index.enrich.run import EnrichProgress, EnrichRequest
from index.papers.citation import build_citation
from index.papers.json_record import as_json, as_line, from_json

ABSTRACT = "We find marks in generated text that survive a second model and a careful editor."
BARE = Paper("Marks That Survive in Generated Text", ABSTRACT, id="marks")
OTHER = Paper("Clouds Over a Cold Lake in Winter", "Clouds reflect light; lakes absorb it.", id="o")
FULL = Paper(
    "Marks that survive in generated text",
    ABSTRACT,
    id="lovelace2025",
    authors=("Ada Lovelace", "Grace Hopper"),
    year=2025,
    date="2025-01-03",
    venue="ACL",
    arxiv_id="2501.01234",
    doi="10.1000/marks",
    keywords=("marks",),
    categories=("cs.CL",),
)
NOISE = [
    Paper(f"A Note on Number {number} and Its Friends", f"Of {number}.", authors=("N. N.",))
    for number in range(1_200)
]


def write(path: Path, papers: Sequence[Paper]) -> str:
    path.write_text("".join(as_line(as_json(paper)) for paper in papers), "utf-8")
    return str(path)


def enrich(library: Library, *paths: str, dry_run: bool = False) -> EnrichReport:
    keys = library.keys(hit.id for hit in library.search("", limit=2000).hits)
    request = EnrichRequest(tuple(keys), paths)
    return library.enrichment.run(request, dry_run=dry_run)


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add([BARE, OTHER], "page")
    return library


class TestFilling:
    def test_empty_fields_are_filled_from_a_file(self, shelf: Library, tmp_path: Path) -> None:
        report = enrich(shelf, write(tmp_path / "all.jsonl", [*NOISE, FULL]))
        (paper,) = shelf.papers(["marks"])
        for name in ("authors", "year", "date", "venue", "arxiv_id", "doi", "keywords"):
            assert getattr(paper, name) == getattr(FULL, name)
        assert (paper.id, paper.title) == ("marks", BARE.title)
        assert (report.completed, report.count("unknown")) == (1, 1)
        marks = report.papers[0]
        assert (marks.outcome, marks.by, marks.reason) == (
            "certain", ("all",), "same title and abstract",
        )  # fmt: skip
        assert marks.fields[:3] == ("authors", "year", "date")

    def test_nothing_is_added_to_the_library(self, shelf: Library, tmp_path: Path) -> None:
        enrich(shelf, write(tmp_path / "all.jsonl", [*NOISE, FULL]))
        assert shelf.count() == 2

    def test_known_values_are_not_overwritten(self, library: Library, tmp_path: Path) -> None:
        known = replace(BARE, authors=("Ada Lovelace",), year=2024, venue="EMNLP", votes=3,
                        keywords=("text",), urls=("https://a.org/x",))  # fmt: skip
        library.add([known], "page")
        report = enrich(library, write(tmp_path / "all.jsonl", [replace(FULL, votes=9)]))
        (paper,) = library.papers(["marks"])
        for name in ("authors", "year", "venue", "votes", "keywords", "urls"):
            assert getattr(paper, name) == getattr(known, name)
        assert paper.doi == FULL.doi
        assert [(c.field, c.known, c.found) for c in report.papers[0].conflicts] == [
            ("year", "2024", "2025")
        ]

    def test_cut_off_values_are_completed(self, library: Library, tmp_path: Path) -> None:
        cut = replace(BARE, abstract=ABSTRACT[:60] + "…", authors=("Ada Lovelace",), et_al=True)
        library.add([cut], "page")
        enrich(library, write(tmp_path / "all.jsonl", [FULL]))
        (paper,) = library.papers(["marks"])
        assert (paper.abstract, paper.authors, paper.et_al) == (ABSTRACT, FULL.authors, False)

    def test_order_of_the_list_stays(self, shelf: Library, tmp_path: Path) -> None:
        shelf.add([Paper("A later paper of another page", id="later")], "later page")
        before = [hit.id for hit in shelf.search("").hits]
        enrich(shelf, write(tmp_path / "all.jsonl", [FULL]))
        assert [hit.id for hit in shelf.search("").hits] == before

    def test_file_is_a_source_of_the_record(self, shelf: Library, tmp_path: Path) -> None:
        enrich(shelf, write(tmp_path / "all.jsonl", [FULL]))
        records = shelf.duplicates.records(shelf.keys(["marks"])[0])
        assert [ref.name for record in records for ref in record.sources] == ["page", "all"]

    def test_file_read_again_changes_nothing(self, shelf: Library, tmp_path: Path) -> None:
        path = write(tmp_path / "all.jsonl", [FULL])
        enrich(shelf, path)
        before = shelf.papers(["marks"])
        assert enrich(shelf, path).completed == 0
        assert shelf.papers(["marks"]) == before

    def test_dry_run_reports_and_changes_nothing(self, shelf: Library, tmp_path: Path) -> None:
        report = enrich(shelf, write(tmp_path / "all.jsonl", [FULL]), dry_run=True)
        assert report.completed == 1
        assert shelf.papers(["marks"])[0].authors == ()
        assert shelf.undo() is None

    def test_retraction_is_reported_and_stored(self, shelf: Library, tmp_path: Path) -> None:
        retracted = replace(FULL, citation=build_citation({"status": "retracted"}))
        report = enrich(shelf, write(tmp_path / "all.jsonl", [retracted]))
        assert report.papers[0].retracted
        assert shelf.papers(["marks"])[0].citation.get("status") == "retracted"

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("refs.bib", f"@inproceedings{{l25, title={{{BARE.title}}}, author={{Lovelace, Ada}}, "
                         f"booktitle={{ACL}}, year=2025, abstract={{{ABSTRACT}}}}}\n"),
            ("refs.ris", f"TY  - CPAPER\nTI  - {BARE.title}\nAU  - Lovelace, Ada\nPY  - 2025\n"
                         f"AB  - {ABSTRACT}\nER  - \n"),
            ("snapshot.json", json.dumps(
                {"id": "2501.01234", "submitter": "A", "title": BARE.title, "abstract": ABSTRACT,
                 "authors": "Ada Lovelace", "update_date": "2025-01-03", "versions": []}) + "\n"),
            ("list.json", json.dumps([as_json(FULL)])),
        ],
    )  # fmt: skip
    def test_every_format_completes_papers(
        self, shelf: Library, tmp_path: Path, name: str, text: str
    ) -> None:
        (tmp_path / name).write_text(text, "utf-8")
        enrich(shelf, str(tmp_path / name))
        (paper,) = shelf.papers(["marks"])
        assert (paper.authors[0], paper.year) == ("Ada Lovelace", 2025)


class TestUndo:
    def test_undo_takes_back_a_whole_enrichment(self, shelf: Library, tmp_path: Path) -> None:
        before = shelf.papers(["marks", "o"])
        full = [FULL, replace(OTHER, id="lake", authors=("Eva Ewe",), year=2001)]
        enrich(shelf, write(tmp_path / "all.jsonl", full))
        entry = shelf.undo()
        assert entry
        assert entry.words == "completed 2 papers"
        assert shelf.papers(["marks", "o"]) == before
        shelf.redo()
        assert [paper.year for paper in shelf.papers(["marks", "o"])] == [2025, 2001]


class TestOutcomes:
    def test_unsure_paper_is_completed_by_a_choice(self, shelf: Library, tmp_path: Path) -> None:
        rival = replace(FULL, arxiv_id="2501.09999", doi="", authors=("Alan Turing",), id="t")
        report = enrich(shelf, write(tmp_path / "all.jsonl", [FULL, rival]))
        marks = report.papers[0]
        assert (marks.outcome, marks.fields, len(marks.candidates)) == ("unsure", (), 2)
        key = shelf.keys(["marks"])[0]
        offered = shelf.enrichment.suggestions(key)
        number = [each.record.authors for each in offered].index(("Alan Turing",)) + 1
        assert shelf.enrichment.choose(key, number).fields
        assert shelf.papers(["marks"])[0].authors == ("Alan Turing",)
        assert shelf.enrichment.suggestions(key) == []
        shelf.undo()
        assert shelf.papers(["marks"])[0].authors == ()

    def test_choice_of_an_unknown_number_is_an_error(self, shelf: Library) -> None:
        with pytest.raises(CarrelError, match="no candidate 1: it has none; run carrel enrich"):
            shelf.enrichment.choose(shelf.keys(["marks"])[0], 1)

    def test_identifier_of_another_paper_is_not_filled(
        self, library: Library, tmp_path: Path
    ) -> None:
        library.add([BARE, Paper("Wholly other words", id="x", arxiv_id="2501.01234")], "page")
        report = enrich(library, write(tmp_path / "all.jsonl", [FULL]))
        (paper,) = library.papers(["marks"])
        assert (paper.arxiv_id, paper.doi, paper.authors) == ("", FULL.doi, FULL.authors)
        (taken,) = report.papers[0].taken
        assert (taken.field, taken.value, taken.other) == ("arxiv_id", "2501.01234", "x")

    def test_paper_is_found_by_its_identifier(self, library: Library, tmp_path: Path) -> None:
        library.add([replace(BARE, title="Marks in Generated Text", doi="10.1000/MARKS")], "page")
        assert enrich(library, write(tmp_path / "all.jsonl", [*NOISE, FULL])).completed == 1

    def test_paper_with_a_misprint_in_a_file_is_unsure(
        self, shelf: Library, tmp_path: Path
    ) -> None:
        near = replace(FULL, title="Marks that survive in generated texts")
        report = enrich(shelf, write(tmp_path / "all.jsonl", [*NOISE, near]))
        assert report.papers[0].outcome == "unsure"


class TestFiles:
    def test_unreadable_file_is_a_problem_and_others_are_read(
        self, shelf: Library, tmp_path: Path
    ) -> None:
        (tmp_path / "noise.dat").write_bytes(bytes(range(256)))
        report = enrich(
            shelf,
            str(tmp_path / "missing.bib"),
            str(tmp_path / "noise.dat"),
            write(tmp_path / "all.jsonl", [FULL]),
        )
        assert report.completed == 1
        assert len(report.problems) == 2

    def test_broken_lines_cost_no_other_record(self, shelf: Library, tmp_path: Path) -> None:
        path = tmp_path / "all.jsonl"
        write(path, [NOISE[0], FULL])
        first, last = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(first + b'{"title": "Marks \n\xff\x00{[\n' + last)
        assert enrich(shelf, str(path)).completed == 1

    def test_escaped_titles_are_found(self, library: Library, tmp_path: Path) -> None:
        library.add([replace(BARE, title="Études “sur” Schrödinger et les autres")], "page")
        full = as_json(replace(FULL, title='Études "sur" Schrödinger et les autres'))
        path = tmp_path / "all.jsonl"
        lines = [as_json(NOISE[0]), full]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        assert enrich(library, str(path)).completed == 1

    def test_stop_leaves_the_library_as_it_was(self, shelf: Library, tmp_path: Path) -> None:
        path = write(tmp_path / "all.jsonl", [*NOISE, FULL])

        def stop(at: EnrichProgress) -> None:
            raise KeyboardInterrupt

        request = EnrichRequest(tuple(shelf.keys(["marks"])), (path,))
        with pytest.raises(KeyboardInterrupt):
            shelf.enrichment.run(request, step=stop)
        assert shelf.papers(["marks"])[0].authors == ()
        assert enrich(shelf, path).completed == 1

    def test_records_that_no_paper_asks_for_are_not_parsed(
        self, shelf: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parsed: list[Mapping[str, object]] = []

        def parse(shape: Mapping[str, object]) -> Paper:
            parsed.append(shape)
            return from_json(shape)

        monkeypatch.setattr("index.formats.jsonl.from_json", parse)
        enrich(shelf, write(tmp_path / "all.jsonl", [*NOISE, FULL]))
        assert len(parsed) == 1
