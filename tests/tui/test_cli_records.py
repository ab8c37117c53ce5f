"""`carrel show --records`, `duplicates split`, `edit`, `add` and `remove`."""

import pytest

from tests.tui.command import Carrel

PREPRINT = (
    "@article{ewe19, title={Deep nets for cold lakes}, author={Ewe, Eva}, year=2019,"
    " eprint={1901.00001}, archiveprefix={arXiv}}\n"
)
PUBLISHED = (
    "@article{ewe20, title={Deep nets for cold lakes}, author={Ewe, E.}, year=2020,"
    " journal={J. Lakes}, doi={10.1000/lakes}}\n"
)


@pytest.fixture
def lakes(carrel: Carrel) -> Carrel:
    run = carrel("import", carrel.file("lakes.bib", PREPRINT + PUBLISHED))
    assert "lakes.bib:2: ewe20 merged into ewe19: same title, author in common" in run.err
    return carrel


def test_import_report_names_every_merge(carrel: Carrel) -> None:
    file = carrel.file("lakes.bib", PREPRINT + PUBLISHED)
    report = carrel("import", file, "--json").json
    merge = {"line": 2, "id": "ewe20", "into": "ewe19", "rule": "same title, author in common"}
    assert report["merges"] == [merge]
    assert report["files"][0]["merges"] == [merge]
    again = carrel("import", file, "--json")
    assert again.json["unchanged"] == 2
    assert [each["rule"] for each in again.json["merges"]] == ["same record", "same record"]
    assert "merged into" not in again.err


def test_import_report_suggests_how_to_undo_a_merge(carrel: Carrel) -> None:
    file = carrel.file("lakes.bib", PREPRINT + PUBLISHED)
    hint = "1 paper merged · carrel duplicates split ewe19 takes a record out again\n"
    assert hint not in carrel("import", file, "--dry-run").err
    assert hint in carrel("import", file).err
    assert carrel("duplicates", "split", "ewe19").code == 0


def test_import_reports_shared_doi_of_two_papers(carrel: Carrel) -> None:
    book = "@incollection{a, title={Rivers of it}, booktitle={Book}, doi={10.1000/b}}\n" \
           "@incollection{b, title={Lakes of us}, booktitle={Book}, doi={10.1000/b}}\n"  # fmt: skip
    run = carrel("import", carrel.file("book.bib", book), "--json")
    assert run.json["files"][0]["near"] == [
        {"line": 2, "id": "b", "into": "b", "other": "a",
         "reason": "same DOI, but different titles"}
    ]  # fmt: skip
    assert "book.bib:2: b and a stay two papers: same DOI, but different titles" in run.err
    assert "1 paper not merged · carrel show b a compares\n" in run.err
    assert carrel("show", "b", "a").code == 0


def test_show_records_numbers_what_each_source_says(lakes: Carrel) -> None:
    (shown,) = lakes("show", "ewe20", "--records", "--json").json
    assert shown["id"] == "ewe19"
    first, second = shown["records"]
    assert (first["number"], first["sources"], first["rule"]) == (
        1, [{"name": "lakes", "position": 1}], None,
    )  # fmt: skip
    assert (second["record"]["doi"], second["record"]["year"]) == ("10.1000/lakes", 2020)
    text = lakes("show", "ewe19", "--records").out
    assert "2  lakes #2 · same title, author in common" in text
    assert "doi        10.1000/lakes" in text


def test_split_makes_two_papers_and_is_undone(lakes: Carrel) -> None:
    run = lakes("duplicates", "split", "ewe19")
    assert run.err == "split “Deep nets for cold lakes” from ewe19 (undo: carrel undo)\n"
    assert lakes("show", "ewe20", "--json").json[0]["doi"] == "10.1000/lakes"
    assert lakes("duplicates").err == "no likely duplicates\n"
    lakes("undo")
    assert lakes("show", "ewe20", "--json").json[0]["id"] == "ewe19"


def test_split_of_one_record_is_refused(lakes: Carrel) -> None:
    lakes("duplicates", "split", "ewe19", "1")
    run = lakes("duplicates", "split", "ewe19")
    assert (run.code, "it has one record" in run.err) == (1, True)
    assert lakes("duplicates", "--merge", "split", "ewe19").code == 2


def test_edit_sets_fields_and_is_undone(lakes: Carrel) -> None:
    run = lakes("edit", "ewe19", "venue=Limnology", "pages=3-9")
    assert run.err.startswith("edited “Deep nets for cold lakes”: venue, citation")
    (paper,) = lakes("show", "ewe19", "--json").json
    assert (paper["venue"], paper["citation"]["page"]) == ("Limnology", "3-9")
    lakes("undo")
    assert lakes("show", "ewe19", "--json").json[0]["venue"] == "J. Lakes"


def test_edit_opens_bibtex_in_editor(lakes: Carrel) -> None:
    def edit(editor: str) -> str:
        return lakes("edit", "ewe19", EDITOR=editor, VISUAL="").err

    assert "edited “Shallow nets for cold lakes”: title" in edit(
        "sed -i 's/Deep nets/Shallow nets/'"
    )
    assert lakes("show", "ewe19", "--json").json[0]["doi"] == "10.1000/lakes"
    assert edit("true") == "nothing to change\n"
    assert "cannot read the edited text" in edit("sed -i 's/@/broken /'")


def test_add_prints_id_of_new_paper(carrel: Carrel) -> None:
    run = carrel("add", "title=A Desk for Reading", "authors=Ada Lovelace", "year=1843")
    assert run.out == "desk-reading\n"
    (paper,) = carrel("show", "desk-reading", "--json").json
    assert (paper["authors"], paper["sources"]) == (
        ["Ada Lovelace"], [{"name": "you", "position": 1}],
    )  # fmt: skip
    again = carrel("add", "title=A Desk for Reading", "authors=A. Lovelace", "venue=Desks")
    assert again.out == "desk-reading\n"
    assert carrel("show", "desk-reading", "--json").json[0]["venue"] == "Desks"
    assert carrel("add", "authors=Ada").code == 2


def test_add_opens_template_in_editor(carrel: Carrel) -> None:
    editor = "sed -i -e 's/{,/{ada,/' -e 's/title = {}/title = {A Desk}/'"
    assert carrel("add", EDITOR=editor, VISUAL="").out == "ada\n"
    assert carrel("show", "ada", "--json").json[0]["title"] == "A Desk"
    assert carrel("add", EDITOR="true", VISUAL="").err == "nothing to add\n"


def test_removed_paper_is_skipped_by_import(lakes: Carrel) -> None:
    assert lakes("remove", "ewe19").err.startswith("removed “Deep nets for cold lakes”")
    file = lakes.file("lakes.bib", PREPRINT + PUBLISHED)
    run = lakes("import", file, "--json")
    assert (run.code, run.json["skipped"]) == (1, 2)
    assert "lakes.bib:1: you removed this paper; use --removed to import it again" in run.err
    assert lakes("import", file, "--removed", "--json").json["added"] == 1
