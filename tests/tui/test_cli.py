"""The `carrel` command: its output, its files and its errors."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from tui.cli import main

from .command import LISTING, ROOT, Carrel, Run

# -- help ------------------------------------------------------------------------------------------


def _commands() -> Iterator[tuple[str, click.Command]]:
    def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        if isinstance(command, click.Group):
            for child in command.commands.values():
                yield from walk(f"{name} {child.name}", child)

    return walk("carrel", main.cli)


@pytest.mark.parametrize(
    ("name", "command"), list(_commands()), ids=[name for name, _ in _commands()]
)
def test_every_command_has_help_with_examples(name: str, command: click.Command) -> None:
    # A command keeps the help option that it is first asked for: ask as `carrel` does.
    own = dict(main.cli.context_settings)
    with command.make_context(name, ["--dry-run"], resilient_parsing=True, **own) as context:
        text = command.get_help(context)
    assert "Examples:\n" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert name == "carrel" or not command.get_short_help_str(64).endswith("...")


def test_command_list_is_complete() -> None:
    assert set(main.cli.commands) == set(
        "read triage import fetch search show related facets bookmark unbookmark tag mark note "
        "edit add remove enrich undo redo log export keep saved dump restore merge source tags "
        "duplicates stats doctor config corpus completion help serve".split()
    )


def test_help_lists_formats_and_syntax(carrel: Carrel) -> None:
    for verb in ("import", "export"):
        helped = " ".join(carrel(verb, "-h").out.split())
        assert "bibtex in out BibTeX .bib .bibtex" in helped
        assert "listing in Daily Papers page, plain text .txt" in helped
        assert "org out Org mode .org" in helped
    helped = carrel("search", "--help").out
    assert "year:2020..2024" in helped
    assert "relevance, newest, oldest" in helped
    assert not carrel.library.exists()


def test_version_is_printed(carrel: Carrel) -> None:
    run = carrel("--version")
    assert run.code == 0
    assert run.out.startswith("carrel 0.")


def test_help_every_summary_fits_one_line(carrel: Carrel) -> None:
    for verb in ("", "fetch", "saved", "source", "tags", "config"):
        helped = carrel(*verb.split(), "--help", COLUMNS="80").out
        assert "..." not in helped.split("Commands:")[1]


# -- usage errors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "not a terminal; try carrel search"),
        (("read", "x"), "cannot open the reader: not a terminal"),
        (("lookfor",), "No such command 'lookfor'"),
        (("import",), "Missing argument"),
        (("import", "x", "--format", "nonsense"), "'nonsense' is not one of bibtex, "),
        (("import", "x", "--date", "2025-02-30"), "try 2025, 2025-03 or 2025-03-11"),
        (("search", "x", "--lmit", "3"), "--limit"),
        (("search", "x", "--sort", "best"), "not one of relevance"),
        (("tag", "robust"), "try +NAME"),
        (("tag", "+", "robust"), "invalid tag"),
        (("export", "-o", "papers.xyz"), "cannot detect the format"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_usage_error_prints_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["carrel", "--library", "/nowhere/at/all", *arguments])
    with pytest.raises(SystemExit) as left:
        main.main()
    run = Run(2, *capsys.readouterr())
    assert left.value.code == 2
    assert run.error.startswith("carrel: ")
    assert message in run.error


# -- search and show -------------------------------------------------------------------------------


def test_search_table_on_stdout_count_on_stderr(shelf: Carrel) -> None:
    run = shelf("search", "watermark", "-image")
    assert run.code == 0
    (line,) = run.out.splitlines()
    assert line == "○  robust  2024  Robust Distortion-free Watermarks for Language Models"
    assert run.err.startswith("1 of 4 papers, ")
    # Letters of a word are never taken for options, though h is one.
    assert "parrots" not in shelf("search", "language", "-graph").out
    assert shelf("search", "language", "--", "-graph").out.split()[1] == "robust"
    assert shelf("search", "--limit", "1", "--offset", "1", "").err.endswith(
        "; 2 to 2 shown (more: --limit, --offset)\n"
    )


def test_search_json_has_stable_shape(shelf: Carrel) -> None:
    answer = shelf("search", "watermark -diffusion", "--json").json
    assert list(answer) == ["query", "total", "full", "dismissed", "took", "notes", "hits"]
    assert (answer["query"], answer["total"], answer["full"]) == ("watermark -diffusion", 1, 1)
    assert 0 < answer["took"] < 60
    assert answer["notes"] == []
    (paper,) = answer["hits"]
    assert [paper] == shelf("search", "watermark -diffusion", "--format", "json").json
    assert list(paper) == (
        "id title abstract authors year date venue url urls arxiv_id doi keywords categories votes "
        "sources bookmarked read tags note added type names citation known_as dismissed later "
        "score match".split()
    )
    assert paper["id"] == "robust"
    assert paper["sources"] == [{"name": "papers", "position": 2}]
    assert paper["score"] > 0
    assert paper["match"] == "all"
    assert paper["date"] is None

    lines = shelf("search", "tree watermark language", "--format", "jsonl").out.splitlines()
    assert {json.loads(line)["match"] for line in lines} == {"some"}
    assert shelf("search", "--format", "ids", "--sort", "title").out.split() == [
        "hostile", "robust", "parrots", "tree-ring",
    ]  # fmt: skip
    assert "@" in shelf("search", "parrots", "--format", "bibtex").out


def test_search_table_separates_partial_matches(shelf: Carrel) -> None:
    lines = shelf("search", "watermark fingerprints").out.splitlines()
    assert "tree-ring" in lines[0]
    assert lines[1] == "— 1 matches some words —"
    assert "robust" in lines[2]


def test_hostile_title_is_printed_harmlessly(shelf: Carrel) -> None:
    for arguments in (("search", "terminal"), ("show", "hostile"), ("show", "hostile", "--json")):
        out = shelf(*arguments).out
        assert "[/INST] [b]x[/b] red evil" in out
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_search_unknown_word_prints_replacement_or_suggestions(shelf: Carrel) -> None:
    run = shelf("search", "language watermrk", "--format", "ids")
    assert run.code == 0
    assert run.err == "in the query: no paper has watermrk; showing watermark\n"
    (note,) = shelf("search", "language watermrk", "--json").json["notes"]
    assert note["offers"] == ["watermark"]
    assert note["instead"] == '"watermrk"'
    answer = shelf("search", "language watermrk is:bookmrked", "--json").json
    assert answer["notes"] == [
        {
            "message": "no paper has watermrk; did you mean watermark?",
            "start": 9,
            "end": 17,
            "offers": ["watermark"],
        },
        {
            "message": "unknown value is:bookmrked; did you mean is:bookmarked?",
            "start": 21,
            "end": 30,
            "offers": ["bookmarked"],
        },
    ]
    assert shelf("search", "language", "--json").err == ""


def test_search_any_query_exits_0(shelf: Carrel) -> None:
    run = shelf("search", "%%% ((", "--json")
    assert (run.code, run.json["hits"]) == (0, [])
    assert run.err == "in the query: no letter or digit to search for in %%%\n"
    assert shelf("search", '"open title:', "yer:2020").code == 0
    assert len(shelf.ids("")) == len(shelf.ids()) == 4
    assert shelf("search", "id:\udcff").code == 0  # a byte that is not text


def test_show_prints_any_format(shelf: Carrel) -> None:
    assert shelf("show", "robust").out.startswith("Robust Distortion-free Watermarks")
    papers = shelf("show", "10.1145/1234567.89", "-", "--json", stdin="2307.15593 and more\n").json
    assert [paper["id"] for paper in papers] == ["parrots", "robust"]
    assert json.loads(shelf("show", "robust", "--format", "jsonl").out)["id"] == "robust"
    unknown = shelf("show", "robust", "robst")
    assert unknown.code == 1
    assert "no paper has the id robst" in unknown.error


def test_facets_counts_values(shelf: Carrel) -> None:
    facets = {facet["field"]: facet for facet in shelf("facets", "watermark", "--json").json}
    assert facets["year"] == {
        "title": "Year",
        "field": "year",
        "values": [{"value": "2024", "count": 1}, {"value": "2023", "count": 1}],
    }
    assert "Venue\n  NeurIPS  1\n" in shelf("facets").out


def test_facets_truncated_unless_all(carrel: Carrel) -> None:
    many = "".join(
        json.dumps({"title": f"On graph networks {n}", "authors": [f"Author {n}"]}) + "\n"
        for n in range(230)
    )
    assert carrel("import", carrel.file("many.jsonl", many)).code == 0
    facets = {facet["field"]: facet for facet in carrel("facets", "--json").json}
    assert (len(facets["author"]["values"]), facets["author"]["more"]) == (200, 30)
    assert facets["topic"]["values"] == [{"value": "graph networks", "count": 230}]
    every = {facet["field"]: facet for facet in carrel("facets", "--json", "--all").json}
    assert len(every["author"]["values"]) == 230
    assert "more" not in every["author"]
    assert "  … and 210 more (all with --all)" in carrel("facets").out
    assert "Author 229" in carrel("facets", "--all").out


def test_search_topic_matches_facet_count(carrel: Carrel) -> None:
    texts = [("Graph Networks", ""), ("Deep Graph Networks", ""), ("Other", "A graph-network.")]
    lines = "".join(json.dumps({"title": t, "abstract": a}) + "\n" for t, a in texts)
    assert carrel("import", carrel.file("papers.jsonl", lines)).code == 0
    assert carrel.ids('topic:"graph network"') == ["graph-networks", "deep-graph-networks"]
    assert "Topic\n  graph networks  2\n" in carrel("facets").out


# -- export ----------------------------------------------------------------------------------------


def test_export_citation_keys_and_unicode_options(carrel: Carrel) -> None:
    file = carrel.home / "one.bib"
    file.write_text("@misc{k, title={Képes things}, author={Ünal, A}, year=2001}")
    carrel("import", file)
    assert "@misc{k,\n  title = {K{\\'e}pes things}" in carrel("export", "things").out
    asked = carrel("export", "things", "--keys", "{Author}:{year}", "--unicode").out
    assert asked.startswith("@misc{Unal:2001,\n  title = {Képes things}")
    faulty = carrel("export", "things", "--keys", "{autor}")
    assert faulty.code == 2
    assert "did you mean {author}?" in faulty.err

    settings = Path(carrel("config", "path").out.strip())
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('citation_keys = "{author}{year}"\nunicode = true\n', encoding="utf-8")
    for command in ("export", "search"):
        shown = carrel(command, "things", "--format", "bibtex").out
        assert shown.startswith("@misc{unal2001,\n  title = {Képes")
    assert carrel("show", "k", "--format", "biblatex").out.startswith("@misc{unal2001,")
    assert "K{\\'e}pes" in carrel("export", "things", "--no-unicode").out


def test_search_for_the_likeliest_says_which_words_speak_for_and_against(stocked: Carrel) -> None:
    assert "likely" not in stocked("search", "watermark", "--json").json["hits"][0]
    stocked("bookmark", "robust")
    stocked("mark", "dismissed", "parrots")
    run = stocked("search", "--sort", "likely")
    assert "\n    for " in run.out
    found = stocked("search", "--sort", "likely", "--json").json["hits"]
    words = next(hit["likely"] for hit in found if hit["id"] == "robust")
    assert list(words) == ["for", "against"]
    assert words["for"]
    assert f"    for {', '.join(words['for'])}" in run.out
    lines = stocked("search", "--sort", "likely", "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["likely"] for line in lines] == [hit["likely"] for hit in found]


def test_export_format_by_extension_and_no_overwrite(stocked: Carrel) -> None:
    carrel, path = stocked, stocked.home / "out.bib"
    nothing = carrel("export", "-o", path)
    assert (nothing.code, nothing.out) == (0, "")
    assert nothing.err == "nothing to export: no papers match is:bookmarked\n"
    assert not path.exists()

    carrel("bookmark", "robust", "parrots")
    run = carrel("export", "-o", path)
    assert run.err == f"exported 2 papers to {path} as bibtex\n"
    written = path.read_text()
    assert written.count("\n@") + written.startswith("@") == 2
    assert carrel("export").out == written

    again = carrel("export", "robust", "-o", path)
    assert again.code == 1
    assert "--force" in again.error
    assert path.read_text() == written
    assert carrel("export", "watermark", "-image", "-o", path, "--force").code == 0
    assert path.read_text().count("@") == 1
    assert carrel("export", "-o", carrel.home / "x.unknown", "--format", "jsonl").code == 0
    lines = (carrel.home / "x.unknown").read_text().splitlines()
    assert {json.loads(line)["id"] for line in lines} == {"parrots", "robust"}
    assert all(json.loads(line)["bookmarked"] for line in lines)
    shared = carrel("export", "--no-marks", "--no-abstract", "--format", "jsonl").out
    assert not any(json.loads(line)["bookmarked"] for line in shared.splitlines())
    assert not any(json.loads(line)["abstract"] for line in shared.splitlines())


# -- maintenance -----------------------------------------------------------------------------------


def test_stats_and_doctor_print_state(stocked: Carrel) -> None:
    carrel = stocked
    assert "papers         4\n" in carrel("stats").out
    well = carrel("doctor", "--rebuild")
    assert well.code == 0
    assert all(line.startswith("ok  ") for line in well.out.splitlines())
    ill = carrel("doctor", CARREL_CONFIG=str(carrel.file("c.toml", 'theem = "nord"')))
    assert ill.code == 1
    assert "theem is not a setting; did you mean theme?" in ill.out


def test_config_show_is_documented(carrel: Carrel) -> None:
    path = Path(carrel("config", "path").out.strip())
    assert path == carrel.home / "config" / "carrel" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('sort = "newst"\n[keys]\nundo = "U"\n')
    shown = carrel("config")
    assert shown.code == 0
    assert 'theme = "carrel-dark"\n' in shown.out
    assert 'undo = ["U"]  # undo\n' in shown.out
    assert shown.err.startswith(f'{path}: sort = "newst": expected one of relevance')
    assert any(
        line.split() == ["undo", "U", "undo"] for line in carrel("config", "keys").out.splitlines()
    )


def test_completion_script_completes_commands(carrel: Carrel) -> None:
    assert "_CARREL_COMPLETE" in carrel("completion", "fish").out
    asked = {
        "_CARREL_COMPLETE": "fish_complete",
        "COMP_WORDS": "carrel search",
        "COMP_CWORD": "--s",
    }
    assert "--sort" in carrel(**asked).out


# -- errors of the library -------------------------------------------------------------------------


def _below_a_file(carrel: Carrel) -> Path:
    return carrel.file("plain", "text") / "library"


def _no_database(carrel: Carrel) -> Path:
    carrel.library.mkdir()
    return carrel.file("library/carrel.db", b"not a database at all, but a text " * 50).parent


def _newer(carrel: Carrel) -> Path:
    assert carrel("stats").code == 0
    with sqlite3.connect(carrel.library / "carrel.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    return carrel.library


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_below_a_file, "cannot write the library folder"),
        (_no_database, "file is not a database"),
        (_newer, "it has schema 999 of a newer Carrel"),
    ],
)
def test_unusable_library_prints_one_line(
    carrel: Carrel, make: Callable[[Carrel], Path], message: str
) -> None:
    folder = make(carrel)
    page = carrel.file("page.txt", LISTING)
    database = folder / "carrel.db"
    before = database.read_bytes() if database.exists() else b""
    run = carrel("--library", folder, "import", page)
    assert run.code == 1
    assert run.error.startswith("carrel: ")
    assert message in run.error
    assert (database.read_bytes() if database.exists() else b"") == before


def test_library_option_overrides_environment(stocked: Carrel) -> None:
    other = stocked.home / "new" / "library"
    run = stocked("--library", other, "search")
    assert run.out == ""
    assert "the library is empty; try carrel import PATH" in run.err
    assert (other / "carrel.db").exists()


# -- running ---------------------------------------------------------------------------------------


def test_closed_pipe_exits_0(shelf: Carrel) -> None:
    with subprocess.Popen(
        shelf.command("search", "--format", "text"), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=shelf.environment, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("fault", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "carrel: interrupted; completed work is saved\n"),
        (OSError(28, "No space left on device", "/x"), 1, "carrel: /x: No space left on device\n"),
        (sqlite3.OperationalError("odd"), 1, "carrel: cannot use the library: odd; "),
        (ValueError("a\nb\x1b[1m"), 1, "carrel: internal error at test_cli.py:"),
    ],
)
def test_any_error_prints_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: BaseException,
    code: int,
    message: str,
) -> None:
    def fail(context: click.Context) -> None:
        raise fault

    monkeypatch.setattr(main.cli, "invoke", fail)
    monkeypatch.setattr(sys, "argv", ["carrel", "stats"])
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == code
    err = capsys.readouterr().err
    assert err.startswith(message)
    assert err.count("\n") == 1
    assert "\x1b" not in err
